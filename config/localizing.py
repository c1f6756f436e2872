"""Local plans by a file of answers or by what was answered before, with permission; and their outcomes.

Refuses to write into any tool, and to guess whose answers a file holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from config.answer_shapes import AnswersShape
from config.answers import answers_of, read_answers_file, report_lacks
from config.local_plans import Prepared, keep, offered, prepared
from config.permitting import permitted
from config.problems import Problems
from config.shapes import FileEntry
from config.wiring import Application
from domain.ids import TemplateVersionId
from domain.organization.actions import Action, Actor, Permission
from domain.outcomes.local_plans import PlanLocalized
from domain.plans.localization.derivation import DerivationId
from domain.plans.localization.lacks import NotLocalizable, unknowns
from domain.plans.templates.template import Size
from store.unit import Unit


class UnusableAnswers(ValueError):
    """A file of answers with errors; `problems` has each of them with its line."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def localized(
    application: Application, made: Prepared, actor: Actor, why: str, *, dry_run: bool
) -> PlanLocalized:
    """Store the plan, unless it is a dry run; the outcome. Raises NotPermitted."""
    by = permitted(
        application.organization, application.store, application.clock, actor, Action.LOCALIZE,
        leader=application.organization.offices[made.id.office], concerned=made.id.office,
        subject=str(made.id), why=why, dry_run=dry_run,
    )  # fmt: skip
    new = made.there is None or not _same(made)
    if not dry_run:
        new = keep(application, made, actor, by, why)
    return outcome_of(application, made, by, new=new, dry_run=dry_run)


def answers_file(path: Path) -> FileEntry[AnswersShape]:
    """The answers in a file. Raises LookupError where there is none, UnusableAnswers for its errors."""
    if not path.is_file():
        raise LookupError(
            f"answers: there is no file {path.name[:80]!r}; write one to fill in with"
            " `interoffice plan localize --template`"
        )
    problems = Problems()
    entry = read_answers_file(path, problems)
    if entry is None or problems.errors:
        raise UnusableAnswers(problems)
    return entry


def of_file(
    application: Application, unit: Unit, entry: FileEntry[AnswersShape], office: str, version: str
) -> Prepared:
    """The plan by a file's answers; `office` and `version` may be empty where the file says them.

    Raises LookupError, UnusableAnswers with the line of each error, ValueError as `prepared` does.
    """
    problems, said = Problems(), entry.value
    office, version = _told(entry, office, version, problems)
    if problems.errors:
        raise UnusableAnswers(problems)
    answers = answers_of(said, application.clock.now())
    found = DerivationId(office, template_of(version), said.number)
    template = offered(application, unit, office, version).release.template
    report_lacks(unknowns(template, answers), entry, problems)
    try:
        made = prepared(application, unit, found, version, answers)
    except NotLocalizable as wrong:
        report_lacks(wrong.lacks, entry, problems)
    if problems.errors:
        raise UnusableAnswers(problems)
    return made


def of_stored(
    application: Application, unit: Unit, found: DerivationId, version: str, size: Size | None = None
) -> Prepared:
    """The plan by what the office answered before; asked again is only what the version needs more.

    `size` is what a form states now. Raises LookupError where the office has answered nothing, NotLocalizable
    for what is not answered yet, and for a size that is counted otherwise than the template's.
    """
    there = unit.derivations.find(found)
    if there is None:
        raise LookupError(
            f"answers: {found.office} has answered nothing for {found.template} yet; it answers at its page,"
            " or by a file in the organization's folder"
        )
    if size is None:
        return prepared(application, unit, found, version, there.answers)
    answers = replace(there.answers, size=size)
    template = offered(application, unit, found.office, version).release.template
    if wrong := [each for each in unknowns(template, answers) if each.path[0] == "size"]:
        raise NotLocalizable(wrong)
    return prepared(application, unit, found, version, answers)


def _told(entry: FileEntry[AnswersShape], office: str, version: str, problems: Problems) -> tuple[str, str]:
    """The office and the version, by what was asked for and by the file; they may not differ."""
    said = entry.value
    for key, asked, there in (("office", office, said.office), ("template", version, said.template)):
        if not asked and not there:
            problems.add(entry.where(), f"it is not said which {key} it is for", f"add `{key}`")
        elif asked and there and asked != there and template_of(asked) != there:
            problems.add(entry.where(key), f"`{key}` is {there}, and {asked} was asked for", "correct one")
    return office or said.office or "", version or said.template or ""


def template_of(version: str) -> str:
    """The template that is asked for, of a version's id or its own."""
    found = TemplateVersionId.find(version.strip())
    return found.template if found is not None else version.strip()


def _same(made: Prepared) -> bool:
    there, release = made.there, made.offered.release
    return there is not None and (
        (there.version, there.answers, there.base, there.ground)
        == (release.version, made.answers, made.base, made.offered.ground)
    )


def outcome_of(
    application: Application, made: Prepared, by: Permission, *, new: bool, dry_run: bool
) -> PlanLocalized:
    """What was or would be made, in counts."""
    local, office = made.local, application.organization.offices[made.id.office]
    today = office.calendar.local_date(application.clock.now())
    return PlanLocalized(
        str(made.id), str(local.template), made.id.office,
        sum(not task.summary for task in local.plan.tasks), len(local.plan.links),
        local.start.date().isoformat(), local.finish.date().isoformat(),
        max((today - local.start.date()).days, 0),
        len(local.vacancies), dry_run, by, _counts([each.why for each in local.not_taken]),
        _counts([each.kind for each in local.remarks]), made.answers.estimate is not None, made.target(), new,
        len(local.away), (made.late - made.agreed).days if made.late and made.agreed else 0,
        sum(each.count for each in made.gates),
    )  # fmt: skip


def _counts(kinds: list[object]) -> Mapping[str, int]:
    return dict(sorted(Counter(map(str, kinds)).items()))
