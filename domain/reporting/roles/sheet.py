"""One page of one person as values: what stands on it, after the rights that hold now; in no language yet.

A project that may not be named is counted. Refuses a page that the person does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.compliance.sweep import FlipCause
from domain.organization.office import Person, Role
from domain.questions.registry import KINDS
from domain.reporting.life_cycles import CycleLine, summed
from domain.reporting.roles.basis import BasisProject, RoleBasis, ToDo
from domain.reporting.roles.lines import (
    Escalated,
    LineKind,
    NeedLine,
    escalations,
    groups_of,
    needs_of,
    whole_needs,
)
from domain.reporting.roles.readers import WHOLE, PageKind, RolePage, Sight, manager_of
from domain.reporting.sentence import Bucket
from domain.standards.verdict import OPEN_RESULTS, Result

MOST_TYPED = 5
"""Things that a project manager is asked for at a time."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One thing that a project manager has to do: what, by which rule, by when, and where it is typed.

    `rule` is the title of the rule that is not kept, empty for an answer that is waited for; `fields` are the
    tool's own names, `place` the tool's, and `ref` the project's place in it. `gate` is the gate at which the
    rule is due, empty where it holds now.
    """

    project: BasisProject
    what: str
    rule: str
    by: date | None
    fields: tuple[str, ...]
    place: str
    gate: str = ""

    @property
    def ref(self) -> str:
        """Where the project stands in its tool."""
        return self.project.ref


@dataclass(frozen=True, slots=True)
class OfficeBar:
    """An office of the page: its projects by group; `page` is the number of its page behind the report."""

    id: str
    counts: Mapping[Bucket, int]
    stale: bool
    page: int

    @property
    def total(self) -> int:
        """How many projects of the page it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Turned:
    """Projects whose band changed alike since the review before: from what to what, and why."""

    was: Result | None
    now: Result | None
    cause: FlipCause
    count: int
    rules: tuple[str, ...]
    """The titles of the rules that changed, the most frequent first."""
    named: tuple[BasisProject, ...]
    """Those of them that may be named and are still there."""


@dataclass(frozen=True, slots=True)
class RoleSheet:
    """What stands on one page of one person."""

    sight: Sight
    basis: RoleBasis
    projects: tuple[BasisProject, ...]
    """All that the page is about, by key, named or not."""
    named: frozenset[str]
    """The keys of those that may be named."""
    groups: Mapping[Bucket, int]
    offices: tuple[OfficeBar, ...]
    """Those with late projects first: the share of the worst group, then the next."""
    needs: tuple[NeedLine, ...]
    escalations: tuple[Escalated, ...]
    turned: tuple[Turned, ...]
    typed: tuple[Typed, ...]
    """At most five, for a project manager."""
    more_typed: int = 0

    @property
    def page(self) -> RolePage:
        """Which page it is."""
        return self.sight.page

    @property
    def hidden(self) -> int:
        """How many of its projects are counted and not named."""
        return len(self.projects) - len(self.named)

    @property
    def concerned(self) -> frozenset[str]:
        """The offices whose projects it is about."""
        return frozenset(each.office for each in self.projects)

    @property
    def elections(self) -> tuple[BasisProject, ...]:
        """The projects of which an election is waited for, the first day first."""
        asked = {q.project for q in self.basis.questions if KINDS[q.kind].elects}
        waiting = [each for each in self.projects if each.key in asked]
        return tuple(sorted(waiting, key=lambda each: (each.elect_by or date.max, each.key)))

    @property
    def owing(self) -> frozenset[str]:
        """The projects that have not reported, or of which a fact is asked for."""
        asked = {q.project for q in self.basis.questions if KINDS[q.kind].asks_for_fact}
        silent = (Bucket.NOT_REPORTED, Bucket.ASKED)
        return frozenset(each.key for each in self.projects if each.group in silent or each.key in asked)

    @property
    def life_cycles(self) -> tuple[CycleLine, ...]:
        """Where its projects stand in their life cycles."""
        return summed(each.place for each in self.projects)

    @property
    def strangers(self) -> Mapping[str, int]:
        """Who leads projects by the tool and is nobody in people.yaml, with how many of those named."""
        leads = Counter(
            each.lead
            for each in self.projects
            if each.lead and each.key in self.named and not manager_of(self.sight.organization, each)
        )
        return dict(sorted(leads.items(), key=lambda one: (-one[1], one[0])))

    @property
    def urgent(self) -> tuple[BasisProject, ...]:
        """The projects that have to do something, most urgent first."""
        wanted = (Bucket.LATE, Bucket.NOT_REPORTED, Bucket.MUST_ACT, Bucket.ASKED)
        found = [each for each in self.projects if each.group in wanted]
        return tuple(
            sorted(found, key=lambda e: (not e.late, wanted.index(e.group), e.due or date.max, e.key))
        )

    def people(self, role: Role, office: str, program: str = "") -> tuple[Person, ...]:
        """The people in a role who may be named to the reader; for a program's manager who elects for it."""
        organization = self.sight.organization
        of = organization.programs.get(program)
        if role is Role.PROGRAM_MANAGER and of is not None:
            person = organization.people.get(of.elector)
            seen = self.sight.knows(of.office, self.concerned) or self.page == RolePage(
                PageKind.PROGRAM, of.id
            )
            return (
                (person,) if person is not None and (seen or self.sight.knows(office, self.concerned)) else ()
            )
        if not self.sight.knows(office, self.concerned):
            return ()
        return tuple(
            organization.people[each]
            for each in organization.offices[office].roles.get(role, ())
            if each in organization.people
        )


def role_sheet(sight: Sight, basis: RoleBasis) -> RoleSheet:
    """What stands on that page, made from the basis by the rights of the person."""
    projects = tuple(each for each in basis.projects if sight.includes(each))
    named = frozenset(each.key for each in projects if sight.names(each))
    offices = tuple(_offices(basis, projects))
    organization = sight.organization
    needs = needs_of(basis, projects, organization)
    if sight.page.kind in WHOLE:
        led = [each.id for each in basis.offices if sight.leads(each.id)]
        needs = (*whole_needs(basis, led), *needs)
    elif sight.page.kind is PageKind.OFFICE:
        own = (each for each in whole_needs(basis, [sight.page.about]) if each.kind is LineKind.READ)
        needs = (*own, *_also_asked(sight, basis), *needs)
    typed, untold = _typed(basis, projects) if sight.page.kind is PageKind.PROJECTS else ((), 0)
    return RoleSheet(
        sight=sight,
        basis=basis,
        projects=projects,
        named=named,
        groups=groups_of(projects),
        offices=offices,
        needs=needs,
        escalations=escalations(basis, projects, organization) if sight.page.kind is PageKind.OFFICE else (),
        turned=tuple(_turned(sight, basis, projects)),
        typed=typed[:MOST_TYPED],
        more_typed=max(0, len(typed) - MOST_TYPED) + untold,
    )


def _also_asked(sight: Sight, basis: RoleBasis) -> Iterator[NeedLine]:
    """Elections for other offices' projects of which this head is asked: nobody manages the program."""
    found: dict[date, list[BasisProject]] = {}
    by_key = {each.key: each for each in basis.projects}
    for each in basis.questions:
        project = by_key[each.project]
        ours = each.office == sight.page.about and project.office != each.office
        if ours and not each.program and KINDS[each.kind].elects:
            found.setdefault(each.answer_by, []).append(project)
    for by, projects in sorted(found.items()):
        yield NeedLine(LineKind.ELECT, sight.page.about, Role.HEAD, by, tuple(projects))


def _offices(basis: RoleBasis, projects: Sequence[BasisProject]) -> Iterator[OfficeBar]:
    own: dict[str, list[BasisProject]] = {}
    for each in projects:
        own.setdefault(each.office, []).append(each)
    known = {each.id: each for each in basis.offices}
    bars = []
    for office, some in own.items():
        line = known.get(office)
        bars.append(
            OfficeBar(office, groups_of(some), line is not None and line.stale, line.number if line else 0)
        )
    yield from sorted(bars, key=_goodness)


def _goodness(bar: OfficeBar) -> tuple[tuple[float, ...], str]:
    return tuple(-bar.counts[group] / bar.total for group in reversed(Bucket)), bar.id


def _turned(sight: Sight, basis: RoleBasis, projects: Iterable[BasisProject]) -> Iterator[Turned]:
    by_key = {each.key: each for each in projects}
    here = {each.key for each in basis.projects}
    alike: dict[tuple[Result | None, Result | None, FlipCause], list[str]] = {}
    rules: dict[tuple[Result | None, Result | None, FlipCause], Counter[str]] = {}
    for each in basis.changes:
        left = each.now is None and each.project not in here
        of_whole = left and sight.page.kind in WHOLE and sight.leads(each.office)
        of_office = left and sight.page == RolePage(PageKind.OFFICE, each.office)
        if each.project in by_key or of_whole or of_office:
            key = (each.was, each.now, each.cause)
            alike.setdefault(key, []).append(each.project)
            seen = each.project in by_key and sight.names(by_key[each.project])
            rules.setdefault(key, Counter()).update(each.rules if seen else ())
    for key, found in sorted(alike.items(), key=lambda one: (-len(one[1]), str(one[0]))):
        ordered = sorted(rules[key].items(), key=lambda item: (-item[1], item[0]))
        named = (by_key[k] for k in found if k in by_key and sight.names(by_key[k]))
        yield Turned(*key, len(found), tuple(rule for rule, _ in ordered), tuple(named))


def _typed(basis: RoleBasis, projects: Sequence[BasisProject]) -> tuple[tuple[Typed, ...], int]:
    """What a project manager has to do, most urgent first, and how much more there is without a kept text.

    What is asked for is said once. What an approved deviation or leeway covers is nothing to do. What is
    missing at the next gate is due on its day.
    """
    by_key = {each.key: each for each in projects}
    found = []
    for q in basis.questions:
        if q.project in by_key and KINDS[q.kind].asks_for_fact:
            project = by_key[q.project]
            place = basis.tools.get(project.tool, project.tool)
            found.append(Typed(project, q.text, "", q.answer_by, q.fields, place))
    asked = {(each.project.key, each.fields) for each in found}
    untold = 0
    for project in projects:
        own = [each for each in project.todo if _is_to_do(project.key, each, asked)]
        found += [_of_rule(basis, project, each) for each in (*own, *project.coming)]
        untold += max(0, project.to_do - len(own))
    found.sort(key=lambda t: (t.by or date.max, bool(t.rule), t.project.key, t.rule or t.what))
    return tuple(found), untold


def _is_to_do(key: str, each: ToDo, asked: Collection[tuple[str, tuple[str, ...]]]) -> bool:
    is_asked = each.result is Result.UNKNOWN and (key, each.fields) in asked
    return each.result in OPEN_RESULTS and not is_asked


def _of_rule(basis: RoleBasis, project: BasisProject, each: ToDo) -> Typed:
    place = basis.tools.get(project.tool, project.tool)
    return Typed(project, each.what, each.rule, each.by, each.fields, place, each.gate)
