"""Asking for a deviation: what a request must say, and whether it comes in advance.

It finds every flaw at once, each with what to do. Refuses to guess what is missing, and to weigh by what
whoever asks says of the weight.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite

from domain.canonical import digest
from domain.decisions.request import DecisionKind, Request, Shown, Stakes
from domain.deviations.deviation import (
    Asked,
    Basis,
    Category,
    Costs,
    Deviation,
    Scope,
    Span,
    State,
    Timing,
)
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.deviations.register import rule_digest
from domain.deviations.weighing import Policy
from domain.language import Message
from domain.organization.office import Office, Organization
from domain.plans.facts import Facts, is_documented
from domain.plans.project import Scalar
from domain.standards.standard import Adjustment, Rule, Version, material_facts
from domain.standards.tailoring import overstep

SHORTEST_REASON = 10
LONGEST_TEXT = 2_000
MOST_ENTRIES = 20
NO_OFFICE = Message("there is no office {given}")
AN_OFFICE = Message("give an id of offices.yaml")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody asks for, as it was written: nothing of it is checked yet."""

    standard: str
    rule: str
    scope: Scope
    reason: str
    first: date
    last: date
    category: Category = Category.WAIVED
    limit: Scalar | None = None
    measures: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    citation: str = ""
    costs: Costs = Costs()


@dataclass(frozen=True, slots=True)
class Ground:
    """What a request is checked and made with: the organization, the version and its rule, the facts.

    `facts` are those of the project, and `program` is its own; None for a class, and for a project that was
    not read.
    """

    organization: Organization
    version: Version
    facts: Facts | None
    program: str
    now: datetime
    policy: Policy = Policy()

    def rule(self, uid: str) -> Rule | None:
        """The rule of that uid in the version; None where it has none."""
        return next((each for each in self.version.rules if each.uid == uid), None)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def flaws(draft: Draft, asked: Asked, ground: Ground) -> Iterator[Flaw]:
    """Everything that is wrong with a request."""
    yield from _of_scope(draft.scope, asked, ground)
    yield from _of_rule(draft, ground)
    yield from _of_days(draft, asked, ground)
    yield from _of_texts(draft)
    yield from _of_costs(draft.costs)


def _of_scope(scope: Scope, asked: Asked, ground: Ground) -> Iterator[Flaw]:
    known = ground.organization
    if asked.office not in known.offices:
        yield Flaw("office", NO_OFFICE, AN_OFFICE, given=quoted(asked.office))
        return
    if scope.project and (scope.office or scope.program or scope.facts):
        yield Flaw(
            "project",
            Message("it is for one project or for a class, not for both"),
            Message("leave one of them out"),
        )
    if scope.project and ground.facts is None:
        yield Flaw(
            "project",
            Message("no project {given} was read"),
            Message("give it as office/id, as the reports name it"),
            given=quoted(scope.project, 80),
        )
    if not scope.project and not (scope.office or scope.program):
        yield Flaw(
            "project",
            Message("it says of no project or class"),
            Message("give a project, or an office or a program"),
        )
    yield from _of_class(scope, known)


def _of_class(scope: Scope, known: Organization) -> Iterator[Flaw]:
    if scope.office and scope.office not in known.offices:
        yield Flaw("scope", NO_OFFICE, AN_OFFICE, given=quoted(scope.office))
    if scope.program and scope.program not in known.programs:
        yield Flaw(
            "scope",
            Message("there is no program {given}"),
            Message("give an id of programs.yaml"),
            given=quoted(scope.program),
        )
    for name in scope.facts:
        if not is_documented(name):
            yield Flaw(
                "facts",
                Message("{given} is no fact"),
                Message("docs/facts.md names them, as project.stage"),
                given=quoted(name),
            )


def _of_rule(draft: Draft, ground: Ground) -> Iterator[Flaw]:
    rule, version = ground.rule(draft.rule), ground.version
    if rule is None:
        yield Flaw(
            "rule",
            Message("{version} has no rule {given}"),
            Message("give the uid of one of its rules"),
            version=version.id,
            given=quoted(draft.rule, 80),
        )
        return
    if draft.limit is None:
        whole = draft.scope.office or draft.scope.program
        if whole and not draft.scope.project and not draft.scope.facts:
            yield Flaw(
                "limit",
                Message("for a whole office or program a rule is given another limit, not waived"),
                Message("give a limit, or facts that narrow it to a class of projects"),
            )
        return
    yield from _of_limit(draft.limit, rule)


def _of_limit(limit: Scalar, rule: Rule) -> Iterator[Flaw]:
    if rule.limit is None:
        yield Flaw(
            "limit",
            Message("the rule {rule} has no limit"),
            Message("leave it out: the rule is waived then"),
            rule=rule.uid,
        )
    elif _kind(rule.limit) is not _kind(limit):
        yield Flaw(
            "limit",
            Message("{given} is another kind than {limit}"),
            Message("give a limit of that kind"),
            given=repr(limit),
            limit=repr(rule.limit),
        )
    elif isinstance(limit, float) and not isfinite(limit):
        yield Flaw("limit", Message("it is no number"), Message("give a number"))
    elif limit == rule.limit:
        yield Flaw(
            "limit",
            Message("{rule} has that limit already"),
            Message("give the limit that is needed"),
            rule=rule.uid,
        )


def _kind(value: Scalar) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def _of_days(draft: Draft, asked: Asked, ground: Ground) -> Iterator[Flaw]:
    if asked.office not in ground.organization.offices:
        return
    today = ground.organization.offices[asked.office].calendar.local_date(ground.now)
    longest = add_months(draft.first, ground.policy.months)
    if draft.last < draft.first:
        yield Flaw(
            "last",
            Message("it ends on {last}, before it begins"),
            Message("give the last day on which it holds"),
            last=draft.last,
        )
    elif draft.last < today:
        yield Flaw(
            "last",
            Message("it ended on {last}"),
            Message("what is past is not permitted afterwards; give a later day"),
            last=draft.last,
        )
    elif draft.last > longest:
        yield Flaw(
            "last",
            Message("it lasts until {last}, longer than {months} months"),
            Message("give {longest} or an earlier day; it can be extended once"),
            last=draft.last,
            months=ground.policy.months,
            longest=str(longest),
        )
    if draft.first > add_months(today, 12):
        what, instead = (
            Message("it begins on {first}, in more than a year"),
            Message("ask for it nearer to that day"),
        )
        yield Flaw("first", what, instead, first=draft.first)


def _of_texts(draft: Draft) -> Iterator[Flaw]:
    if len(draft.reason.strip()) < SHORTEST_REASON:
        yield Flaw(
            "reason",
            Message("it gives no reason"),
            Message("say why, in {least} characters or more"),
            least=SHORTEST_REASON,
        )
    for name, text in (("reason", draft.reason), ("citation", draft.citation)):
        if len(text) > LONGEST_TEXT:
            yield Flaw(
                name,
                Message("it has {n} characters"),
                Message("write {most} or fewer"),
                n=len(text),
                most=LONGEST_TEXT,
            )
    yield from _of_entries(draft)


def _of_entries(draft: Draft) -> Iterator[Flaw]:
    for name, entries in (("measures", draft.measures), ("documents", draft.documents)):
        if len(entries) > MOST_ENTRIES:
            yield Flaw(
                name,
                Message("there are {n} of them"),
                Message("give {most} or fewer"),
                n=len(entries),
                most=MOST_ENTRIES,
            )
        if any(not each.strip() or len(each) > LONGEST_TEXT for each in entries):
            yield Flaw(
                name,
                Message("one of them is empty or too long"),
                Message("write up to {most} characters"),
                most=LONGEST_TEXT,
            )
    if draft.category is Category.MITIGATED and not draft.measures:
        yield Flaw(
            "measures",
            Message("it is to be mitigated, and no measure is given"),
            Message("say what makes up for it"),
        )


def _of_costs(costs: Costs) -> Iterator[Flaw]:
    if costs.money is not None and not (isfinite(costs.money) and costs.money >= 0):
        yield Flaw(
            "cost",
            Message("{given} is no amount"),
            Message("give what it costs, 0 or more"),
            given=f"{costs.money:g}",
        )
    if costs.days is not None and not 0 <= costs.days <= 3_650:
        yield Flaw(
            "delay_days",
            Message("{given} is no number of days"),
            Message("give 0 or more"),
            given=str(costs.days),
        )


def drafted(id_: str, draft: Draft, asked: Asked, ground: Ground) -> Deviation:
    """The deviation that is asked for, not submitted yet. Raises Flawed with all that is wrong with it."""
    found = tuple(flaws(draft, asked, ground))
    rule = ground.rule(draft.rule)
    if found or rule is None:
        raise Flawed(found)
    zone = ground.organization.offices[asked.office].calendar.time_zone
    return Deviation(
        id=id_,
        standard=draft.standard,
        version=ground.version.version,
        rule=rule.uid,
        scope=draft.scope,
        span=Span(draft.first, draft.last, zone),
        reason=draft.reason.strip(),
        asked=asked,
        basis=Basis(rule_digest(rule), material(rule, ground.facts or {}), ground.program),
        category=draft.category,
        limit=draft.limit,
        measures=draft.measures,
        documents=draft.documents,
        citation=draft.citation.strip(),
        costs=draft.costs,
        tailors=_tailors(draft, rule),
    )


def _tailors(draft: Draft, rule: Rule) -> bool:
    """Whether the rule's level permits that limit for a whole office or program: then it is a tailoring."""
    whole = draft.scope.is_class and not draft.scope.facts
    adjustment = Adjustment(rule.uid, draft.reason, draft.limit)
    return whole and draft.limit is not None and not overstep(rule, adjustment)


def material(rule: Rule, facts: Facts) -> dict[str, object]:
    """The values of the facts that are material for the rule, by `root.name`; absent ones are not there."""
    found = {}
    for path in material_facts(rule):
        root, _, name = path.partition(".")
        if name in facts.get(root, {}):
            found[path] = facts[root][name]
    return found


def deviation_id(*parts: object) -> str:
    """The id of what is asked for: the same for the same content, so that asking it again changes nothing."""
    return f"dev-{digest(list(parts))[:12]}"


def timing(office: Office, span: Span, asked: datetime, failing: datetime | None) -> Timing:
    """Whether it is asked for in advance: by the declared first day, and before the rule was first not kept.

    `failing` is when a verdict that binds the project first said so; None where none did.
    """
    late = office.calendar.local_date(asked) > span.first or (failing is not None and failing < asked)
    return Timing.WAIVER if late else Timing.IN_ADVANCE


def submitted(deviation: Deviation, now: datetime) -> Deviation:
    """The deviation as submitted now. Raises NoSuchMove where it is decided or over."""
    again = deviation.state is State.RETURNED
    moved = deviation.moved(State.UNDER_REVIEW if again else State.PROPOSED)
    return replace(moved, submitted=moved.submitted or now)


def shown(deviation: Deviation, facts: Facts | None, rule: Rule) -> Shown:
    """What whoever decides is shown, in digests: material facts, all that the request says, the rule."""
    of = deviation
    text = [
        of.rule, of.scope, of.span, of.reason, of.category, of.limit, of.measures, of.documents, of.citation,
        of.costs, of.weighed, of.wanted_last,
    ]  # fmt: skip
    there = deviation.basis.facts if facts is None else material(rule, facts)
    return Shown(digest(there), digest(text), rule_digest(rule))


def request_of(deviation: Deviation, office: str, seen: Shown) -> Request:
    """The request for the decision on a deviation, to the office that decides; a draft until submitted."""
    weighed = deviation.weighed
    return Request(
        id=deviation.request,
        kind=DecisionKind.DEVIATION,
        subject=deviation.id,
        office=office,
        shown=seen,
        requester=deviation.asked.person,
        editor=deviation.asked.editor,
        asking=deviation.asked.office,
        stakes=Stakes(weighed.significance, weighed.budget, bool(deviation.costs.gate)),
        until=deviation.span.ends,
        in_time=deviation.timing is Timing.IN_ADVANCE,
        citation=deviation.citation,
        project=deviation.scope.project,
        why=deviation.reason,
    )
