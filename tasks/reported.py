"""What the offices reported at their cut-offs, as the store holds it; it writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.compliance.network import Network
from domain.language import Language
from domain.organization.office import Office, Role
from domain.plans.facts import facts_of
from domain.plans.project import ToolDescription
from domain.questions.missing_facts import with_answers
from domain.questions.question import Question, QuestionState
from domain.questions.registry import kind_of
from domain.questions.twins import not_counted
from domain.reporting.cut_offs import Content, Period, content_of, has_reported
from domain.reporting.figures import Gap, GapReason
from domain.reporting.own_version import OwnVersions
from domain.reporting.pack import Pack
from domain.reporting.reported import Asked, OfficeReport, Reported
from store.plans import OfficeReading
from store.unit import Unit

WAITING = (QuestionState.OPEN, QuestionState.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at: the network as it is, by which versions projects report, and as known since when.

    `late` counts what came after the cut-off, too; then the projects report by `versions` of the pack that is
    filled again.
    """

    network: Network
    own: OwnVersions
    as_of: datetime
    late: bool = False
    versions: Mapping[str, str] | None = None

    def version(self, project: str) -> str:
        """By which version the project reports."""
        return (self.versions or {}).get(project) or self.own.of(project)


def again(seen: Seen, before: Pack) -> Seen:
    """How the pack before is filled again, with what came late."""
    versions = {project.key: project.version for project in before.projects}
    return Seen(seen.network, seen.own, seen.as_of, late=True, versions=versions)


def office_report(unit: Unit, seen: Seen, office: Office, period: Period) -> OfficeReport:
    """What one office reported in the period."""
    reading, questions = _read_by(unit, seen, office, period), unit.questions.of(office.id)
    gone = {key: office.calendar.local_date(at) for key, at in unit.plans.gone(office.id).items()}
    read_at = reading.ok_at if reading is not None else None
    projects = tuple(_projects(unit, seen, office, period, reading, questions))
    missing = _missing(office, period, reading, projects, seen.network.organization.own_language)
    return OfficeReport(
        office=office,
        period=period,
        read_at=read_at,
        projects=() if missing is not None else projects,
        missing=missing,
        asked=_asked(questions),
        gone=gone,
    )


def _read_by(unit: Unit, seen: Seen, office: Office, period: Period) -> OfficeReading | None:
    """How the office was read last by the time that counts.

    Only the last reading is kept: of an earlier one it is known when it brought something new.
    """
    reading = unit.readings.of(office.id)
    if reading is None or reading.ok_at is None or reading.ok_at <= seen.as_of:
        return reading
    times = [each.at for each in unit.plans.history(office.id, period.cut_off) if each.at <= seen.as_of]
    return replace(reading, ok_at=max(times, default=None), problem="")


def _projects(
    unit: Unit,
    seen: Seen,
    office: Office,
    period: Period,
    reading: OfficeReading | None,
    questions: Sequence[Question],
) -> Iterator[Reported]:
    history: dict[str, list[Content]] = {}
    for each in unit.plans.history(office.id, period.cut_off):
        history.setdefault(each.project, []).append(Content(each.project, each.at, each.digest, each.plan))
    left_out = not_counted(seen.network.twins, seen.network.questions)
    tool = reading.tool if reading is not None and reading.tool is not None else ToolDescription("unknown")
    answers = [each for each in questions if seen.late or _in_time(each, period.day)]
    for project in sorted(history.keys() - left_out):
        content = content_of(history[project], period, seen.as_of)
        if content is None or content.plan is None:
            continue
        plan = with_answers(content.plan, answers)
        facts = facts_of(plan, office, tool, period.cut_off)
        hidden = project in seen.network.organization.restricted
        yield Reported(plan.project, seen.version(project), content.digest, facts, hidden)


def _in_time(question: Question, day: date) -> bool:
    return question.answered is None or question.answered <= day


def _asked(questions: Sequence[Question]) -> Mapping[tuple[str, str], Asked]:
    """The questions for facts that wait, by project and fact."""
    return {
        (each.project, each.about): Asked(each.id, each.answer_by)
        for each in questions
        if kind_of(each).asks_for_fact and each.state in WAITING
    }


def _missing(
    office: Office,
    period: Period,
    reading: OfficeReading | None,
    projects: Sequence[Reported],
    says: Language,
) -> Gap | None:
    """The gap of an office that was not read in the period, or gave no report for it; None where it did."""
    if reading is None or reading.ok_at is None:
        return _gap(office, says.say("{office} was never read", office=office.name))
    fails = bool(reading.problem) and reading.ok_at <= period.cut_off
    if fails or reading.ok_at <= period.before:
        since = office.calendar.local_date(reading.ok_at)
        day = says.near_day(since, period.day)
        return _gap(office, says.say("{office} was not read since {day}", office=office.name, day=day))
    if not has_reported((each.project for each in projects), period):
        day = says.near_day(period.before_day, period.day)
        return _gap(office, says.say("{office} gave no report since {day}", office=office.name, day=day))
    return None


def _gap(office: Office, words: str) -> Gap:
    return Gap(GapReason.OFFICE, words, office.id, Role.HEAD, projects=0)
