"""What needs whom, by when, and what happens otherwise, of the projects of one page; pure counts and dates.

Refuses to say it in words: the page does, in the language of its reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.organization.ladder import EscalationLevel, ladder
from domain.organization.office import Organization, Role
from domain.questions.question import QuestionKind
from domain.reporting.roles.basis import BasisProject, BasisQuestion, RoleBasis
from domain.reporting.sentence import Bucket
from domain.rollouts.adoption import BOUND
from domain.rollouts.rollout import RolloutState, Standing

AHEAD = timedelta(days=14)
"""How far ahead what is due is said."""


class LineKind(StrEnum):
    """What a line asks for."""

    RESUME = "resume"
    ELECT = "elect"
    DECIDE = "decide"
    ANSWER = "answer"
    SILENT = "silent"
    LATE = "late"
    DUE = "due"
    LEEWAY = "leeway"
    READ = "read"


@dataclass(frozen=True, slots=True)
class NeedLine:
    """What a role of an office, or a program's manager, is to do; `by` None means at once.

    `then` is who is told next of what is late, and on which day; None where nobody is.
    """

    kind: LineKind
    office: str
    role: Role
    by: date | None
    projects: tuple[BasisProject, ...] = ()
    program: str = ""
    then: tuple[date, EscalationLevel] | None = None
    overdue: bool = False

    @property
    def count(self) -> int:
        """How many projects it is about."""
        return len(self.projects)


@dataclass(frozen=True, slots=True)
class Escalated:
    """Projects that will be escalated on a day, unless they are put right before: to whom."""

    on: date
    level: EscalationLevel
    projects: tuple[BasisProject, ...]


def needs_of(
    basis: RoleBasis, projects: Sequence[BasisProject], organization: Organization
) -> tuple[NeedLine, ...]:
    """What the projects of a page need, most urgent first."""
    by_key = {each.key: each for each in projects}
    asked = [each for each in basis.questions if each.project in by_key]
    found = [
        *_asked(asked, by_key),
        *_late(basis, projects, organization),
        *_due(basis, projects, organization),
    ]
    ahead = basis.as_of + AHEAD
    wanted = [each for each in found if each.by is None or each.by <= ahead]
    return tuple(
        sorted(wanted, key=lambda n: (not n.overdue, n.by or basis.as_of, n.office, n.kind, n.program))
    )


def whole_needs(basis: RoleBasis, offices: Iterable[str]) -> Iterator[NeedLine]:
    """What is needed besides the projects: a rollout that rests, and offices that are stale."""
    state = basis.rollout.state if basis.rollout is not None else None
    if state in (RolloutState.PAUSED, RolloutState.HALTED):
        yield NeedLine(LineKind.RESUME, basis.leader, Role.APPROVER, None)
    wanted = frozenset(offices)
    for each in basis.offices:
        if each.stale and each.id in wanted:
            yield NeedLine(LineKind.READ, each.id, Role.REPORTER, None)


KINDS: Mapping[QuestionKind, tuple[LineKind, Role]] = {
    QuestionKind.ELECTION: (LineKind.ELECT, Role.HEAD),
    QuestionKind.FACT: (LineKind.ANSWER, Role.REPORTER),
}


def _asked(asked: Iterable[BasisQuestion], by_key: Mapping[str, BasisProject]) -> Iterator[NeedLine]:
    """The questions that wait, by who is asked, kind and day."""
    groups: dict[tuple[str, str, LineKind, Role, date], dict[str, BasisProject]] = {}
    for each in asked:
        kind, role = KINDS.get(each.kind, (LineKind.DECIDE, Role.REPORTER))
        role = Role.PROGRAM_MANAGER if each.program else role
        key = (each.office, each.program, kind, role, each.answer_by)
        groups.setdefault(key, {})[each.project] = by_key[each.project]
    for (office, program, kind, role, by), about in groups.items():
        yield NeedLine(kind, office, role, by, tuple(about.values()), program)


def _levels(basis: RoleBasis, organization: Organization, office: str) -> tuple[EscalationLevel, ...]:
    """Who is told of what is late at an office, level by level; nobody where it is not known any more."""
    if office not in organization.offices or basis.leader not in organization.offices:
        return ()
    return ladder(organization, office, organization.clocks.escalation, basis.leader)


def _late(
    basis: RoleBasis, projects: Iterable[BasisProject], organization: Organization
) -> Iterator[NeedLine]:
    """What is late, and questions that nobody answered: they wait for whoever was told last."""
    groups: dict[tuple[str, LineKind, int], list[BasisProject]] = {}
    for each in projects:
        silent = each.standing is Standing.UNANSWERED
        if silent or (each.late and each.standing in BOUND):
            kind = LineKind.SILENT if silent else LineKind.LATE
            groups.setdefault((each.office, kind, each.escalated), []).append(each)
    for (office, kind, told), some in sorted(groups.items()):
        levels = _levels(basis, organization, office)
        if not levels:
            continue
        owner = levels[min(max(told, 1), len(levels)) - 1]
        by = min((p.waited for p in some if p.waited is not None), default=None)
        then = _next(organization, office, levels, some)
        yield NeedLine(kind, owner.office, owner.role, by, tuple(some), then=then, overdue=True)


def _next(
    organization: Organization, office: str, levels: Sequence[EscalationLevel], some: Iterable[BasisProject]
) -> tuple[date, EscalationLevel] | None:
    """The first level that will be told next, and on which day."""
    calendar = organization.offices[office].calendar
    found = [
        (calendar.add_business_days(each.waited, level.after), level)
        for each in some
        if each.waited is not None
        for level in levels[each.escalated : each.escalated + 1]
    ]
    return min(found, key=lambda one: one[0], default=None)


def _due(
    basis: RoleBasis, projects: Iterable[BasisProject], organization: Organization
) -> Iterator[NeedLine]:
    """What has to follow the version soon, and leeways that end."""
    groups: dict[tuple[str, LineKind, Role, date, str], list[BasisProject]] = {}
    for each in projects:
        if each.standing in BOUND and each.due is not None and not each.late:
            key = (each.office, LineKind.DUE, Role.REPORTER, each.due, "")
            groups.setdefault(key, []).append(each)
        if each.standing is Standing.GRANDFATHERED and each.until is not None:
            program = organization.programs.get(each.program)
            elects = program.id if program is not None and program.elector else ""
            role = Role.PROGRAM_MANAGER if elects else Role.HEAD
            groups.setdefault((each.office, LineKind.LEEWAY, role, each.until, elects), []).append(each)
    for (office, kind, role, by, program_id), some in sorted(groups.items()):
        yield NeedLine(kind, office, role, by, tuple(some), program_id, overdue=by < basis.as_of)


def escalations(
    basis: RoleBasis, projects: Iterable[BasisProject], organization: Organization
) -> tuple[Escalated, ...]:
    """What will be escalated to whom on which day, if nothing is done until then; next day first.

    Of each project the next level alone: what is late, and what is due or asked for within the days ahead.
    """
    found: dict[tuple[date, EscalationLevel], list[BasisProject]] = {}
    for each in projects:
        waited = each.waited
        levels = _levels(basis, organization, each.office)
        if waited is None or waited > basis.as_of + AHEAD or len(levels) <= each.escalated:
            continue
        level = levels[each.escalated]
        on = organization.offices[each.office].calendar.add_business_days(waited, level.after)
        found.setdefault((on, level), []).append(each)
    return tuple(
        Escalated(on, level, tuple(some))
        for (on, level), some in sorted(found.items(), key=lambda one: (one[0][0], one[0][1].after))
    )


def groups_of(projects: Iterable[BasisProject]) -> Mapping[Bucket, int]:
    """How many projects are in each group, best first; every group is there."""
    counts = Counter(each.group for each in projects)
    return {group: counts[group] for group in Bucket}
