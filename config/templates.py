"""Templates from files, and files of templates: it refuses what refers to nothing, with the line of each.

A file without a `version` is a draft. What is read here is written here in the same form, so that a template
that is exported and imported is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from config.documents import YamlDocument, read
from config.problems import Problems
from config.shapes import parse
from config.template_checks import check_template
from config.template_shapes import EvidenceShape, NoteShape, TaskShape, TemplateShape
from domain.plans.link import Lag, PlanLink
from domain.plans.task import Money
from domain.plans.templates.form import as_data, digest_of, in_order
from domain.plans.templates.template import (
    Condition,
    Document,
    Effort,
    Estimate,
    Evidence,
    Held,
    Note,
    Parameter,
    Pilot,
    Recall,
    Release,
    Size,
    Standing,
    Template,
    TemplateCalendar,
    TemplateTask,
)
from domain.standards.standard import Where

LINE = 110


@dataclass(frozen=True, slots=True)
class FiledTemplate:
    """A template as a file has it; of a released version also its release, and its recall if there is one."""

    template: Template
    where: Where
    release: Release | None = None
    recall: Recall | None = None


def read_template_file(path: Path, problems: Problems) -> FiledTemplate | None:
    """The template in a file anywhere, YAML or JSON; None with the reasons in `problems`."""
    document = read(path.parent, path.name, problems)
    return read_template(document, problems) if document is not None else None


def read_template(document: YamlDocument, problems: Problems) -> FiledTemplate | None:
    """The template in a document; None, with every reason in `problems`, where it cannot be used."""
    entry = parse(TemplateShape, document, problems)
    if entry is None:
        return None
    before = len(problems.errors)
    check_template(entry, problems)
    if len(problems.errors) > before:
        return None
    said = entry.value
    template = in_order(_template(said))
    if said.version is None:
        return FiledTemplate(template, entry.where())
    release = Release(
        template, said.version, digest_of(template), said.released or date.min,
        said.standing or Standing.UNSTATED, said.stated, said.changelog,
    )  # fmt: skip
    marked = said.recalled
    recall = Recall(said.id, said.version, marked.kind, marked.on, marked.text) if marked else None
    return FiledTemplate(template, entry.where(), release, recall)


def check_place(filed: FiledTemplate, document: YamlDocument, problems: Problems) -> None:
    """Check that a file of the organization's folder is a released version, and stands where it says."""
    release = filed.release
    if release is None:
        message = "a template of the organization's files is a released version, and this has no `version`"
        problems.add(
            document.where("id"), message, "add `version: 1` and `released`, or import it as a draft instead"
        )
        return
    place = f"templates/{filed.template.id}/{release.version}.yaml"
    if document.file != place:
        where = document.where("version")
        problems.add(where, "the file stands elsewhere than it says", f"move it to {place}")
    if release.released == date.min:
        problems.add(document.where("version"), "`released` is missing", "add `released: 2027-03-01`")


def _template(said: TemplateShape) -> Template:
    pilot = said.pilot
    return Template(
        said.id, dict(said.names), said.owner, said.language, said.calendar,
        tuple(TemplateCalendar(each.name, each.week) for each in said.calendars),
        tuple(_task(each) for each in said.tasks),
        tuple(PlanLink(e.predecessor, e.successor, e.type, e.lag or Lag()) for e in said.links),
        tuple(Parameter(each.id, dict(each.names), each.values) for each in said.parameters),
        _notes(said.risks),
        _notes(said.lessons),
        tuple(Document(each.uid, dict(each.names), each.link, each.task) for each in said.documents),
        Pilot(pilot.office, pilot.captured, pilot.source, pilot.standing) if pilot else None,
        Size(said.size.driver, said.size.amount) if said.size else None,
    )  # fmt: skip


def _notes(notes: Iterable[NoteShape]) -> tuple[Note, ...]:
    return tuple(Note(each.uid, dict(each.texts), each.task) for each in notes)


def _task(said: TaskShape) -> TemplateTask:
    evidence, estimate = said.evidence, said.estimate
    return TemplateTask(
        said.uid, dict(said.names), said.kind, said.parent, said.duration, said.calendar, said.need,
        Condition(said.condition.parameter, said.condition.values) if said.condition else None,
        tuple(Effort(each.role, each.work) for each in said.effort),
        Money(said.cost.amount, said.cost.currency) if said.cost else None,
        said.rules,
        Held(said.held.kind, said.held.after) if said.held else None,
        said.deadline,
        said.mark,
        said.open,
        said.once,
        _evidence(evidence) if evidence else None,
        Estimate(estimate.likely, estimate.safe, estimate.basis) if estimate else None,
    )  # fmt: skip


def _evidence(said: EvidenceShape) -> Evidence:
    cost = Money(said.cost.amount, said.cost.currency) if said.cost else None
    return Evidence(said.planned, said.actual, said.baselined, said.began, said.ended, said.work, cost)


def data_of(
    template: Template, release: Release | None = None, recall: Recall | None = None
) -> dict[str, object]:
    """What the file of a template holds; of a released version with its release and recall."""
    data = as_data(template)
    if release is not None:
        data |= {
            "version": release.version,
            "released": release.released.isoformat(),
            "standing": str(release.standing),
            "stated": release.stated,
            "changelog": list(release.changelog),
        }
    if recall is not None:
        data["recalled"] = {"kind": str(recall.kind), "on": recall.on.isoformat(), "text": recall.text}
    return data


def as_yaml(data: dict[str, object]) -> str:
    """The file as text; the same value gives the same bytes."""
    writer = YAML()
    writer.default_flow_style = False
    writer.width = LINE
    writer.allow_unicode = True
    out = StringIO()
    writer.dump(_quoted(data), out)
    return out.getvalue()


def as_json(data: dict[str, object]) -> str:
    """The file as JSON, which is YAML too."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _quoted(value: object) -> object:
    """Values as they are, texts in quotes, so that none is read as a number, a date or a comment."""
    if isinstance(value, dict):
        return {name: _quoted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_quoted(each) for each in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value
