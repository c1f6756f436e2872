"""The released templates of files and store as one, and the stored part as files for people to take over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.answers import data_of as answers_data
from config.folding import Part, fold
from config.templates import FiledTemplate, as_yaml, data_of
from domain.ids import TemplateVersionId
from domain.plans.templates.template import Recall, RecallKind, Release
from store.unit import Unit


@dataclass(frozen=True, slots=True)
class StandingTemplates:
    """Every released version with where it comes from, and the recalls that hold."""

    versions: Mapping[TemplateVersionId, Part[Release]]
    recalls: Mapping[TemplateVersionId, Recall]

    def newest(self, template: str) -> Release | None:
        """The newest version of a template; None where there is none."""
        numbers = [each.number for each in self.versions if each.template == template]
        return self.versions[TemplateVersionId(template, max(numbers))].value if numbers else None

    def find(self, text: str) -> Release | None:
        """The version that a text names, in the same way; None where it is not there."""
        asked = TemplateVersionId.find(text)
        if asked is None:
            return self.newest(text)
        return self.versions[asked].value if asked in self.versions else None

    def is_stopped(self, release: Release) -> bool:
        """Whether its owner recalled the version so that nobody takes it any more."""
        recall = self.recalls.get(TemplateVersionId(release.template.id, release.version))
        return recall is not None and recall.kind is RecallKind.STOP

    def version(self, text: str) -> Release:
        """The version that a text names: `finance-system/2`, or a template's id for its newest.

        Raises LookupError saying which there are.
        """
        found = self.find(text)
        if found is None:
            known = ", ".join(map(str, self.versions)) or "none; release a draft with release-template"
            raise LookupError(f"there is no released template {text[:80]!r}; there are {known}")
        return found


def standing_templates(filed: Iterable[FiledTemplate], unit: Unit) -> StandingTemplates:
    """The templates of the files and of the store, folded. Raises Contradiction where they differ."""
    files, recalls = {}, {}
    for each in filed:
        if each.release is not None:
            key = TemplateVersionId(each.template.id, each.release.version)
            files[key] = Part(each.release, where=each.where)
            if each.recall is not None:
                recalls[key] = each.recall
    stored = {}
    for key, at in unit.templates.versions().items():
        release = unit.templates.version(key)
        if release is not None:
            stored[key] = Part(release, at=at)
    return StandingTemplates(fold(files, stored), {**recalls, **unit.templates.recalled()})


def stored_files(unit: Unit) -> Mapping[str, str]:
    """The stored versions as files of an organization's folder: text by the file's name."""
    recalls = unit.templates.recalled()
    found = {}
    for key in unit.templates.versions():
        release = unit.templates.version(key)
        if release is not None:
            text = as_yaml(data_of(release.template, release, recalls.get(key)))
            found[f"templates/{key}.yaml"] = text
    return found


def stored_answers(unit: Unit) -> Mapping[str, str]:
    """What offices answered to templates, as files that `plan localize` reads: text by the file's name."""
    found = {}
    for key in unit.derivations.ids():
        derivation = unit.derivations.find(key)
        if derivation is not None:
            data = answers_data(derivation.answers, key.office, str(derivation.template), key.number)
            found[f"answers/{key}.yaml"] = as_yaml(data)
    return found
