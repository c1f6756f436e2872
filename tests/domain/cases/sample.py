"""Three offices below a strategic one, and a case between two of them, to change in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.cases.asking import CaseDraft, case_id, draft_of, equal_to, stopped_before
from domain.cases.case import Case, Raised, Said
from domain.cases.kinds import OutcomeKind, Side
from domain.cases.moving import acknowledged, agreed, carried_out, joined, proposed, raised
from domain.organization.calendar import Calendar
from domain.organization.office import OfficeKind, Role
from tests.domain.builders import GULF, office, organization

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
HQ_ROLES = {Role.HEAD: ("mara",), Role.SPONSOR: ("olga",), Role.APPROVER: ("mara", "hugo")}
ORG = organization(
    office("board", None, kind=OfficeKind.SUBSIDIARY, roles={Role.HEAD: ("vera",), Role.SPONSOR: ("yan",)}),
    office("hq", "board", kind=OfficeKind.STRATEGIC, roles=HQ_ROLES),
    office("porto", calendar=Calendar("PT", "Europe/Lisbon"), roles={Role.HEAD: ("carl",)}),
    office("dubai", calendar=GULF, roles={Role.HEAD: ("amal",)}),
    office("oslo", calendar=Calendar("NO", "Europe/Oslo"), roles={Role.HEAD: ("liv",)}),
)
ABOUT, WHY = "rule delivery-method/2.0 plan-size", "the port authority asks for longer plans"
TERMS = "cause=regulatory"


def later(days: float) -> datetime:
    return AT + timedelta(days=days)


def draft(office_="porto", about=ABOUT, terms=TERMS, why=WHY, *, objection=False) -> CaseDraft:
    return draft_of(office_, about, terms, why, ORG, AT.date(), objection=objection)


def raise_one(what: CaseDraft, cases: tuple[Case, ...] = (), at: datetime = AT) -> Case:
    """The case that it becomes: a new one, or an equal one that it joins."""
    counterpart = what.counterpart or "hq"
    stops = what.objection and not stopped_before(what, cases)
    who = Raised(what.office, "carl", at, what.cause, what.reason, stops=stops)
    there = equal_to(what, counterpart, cases)
    if there is not None:
        return joined(there, who, Said(at, "carl"))
    checks = {Side.RAISER: what.check} if what.check else {}
    made = Case(
        case_id(what, counterpart, cases), what.about, (who,), counterpart, what.objection, what.deadline,
        what.sponsor, what.days, checks=checks,
    )  # fmt: skip
    return raised(made, Said(at, "carl"))


def on_trial(at: datetime = AT, outcome: OutcomeKind = OutcomeKind.EXPLANATION, **changes) -> Case:
    """One that was agreed and carried out at that time."""
    case = acknowledged(replace(raise_one(draft()), **changes), Said(at, "mara"))
    case = proposed(case, Side.COUNTERPART, outcome, "we explain it", Said(at, "mara"))
    case = agreed(case, Side.RAISER, Said(at, "carl"))
    return case if outcome is OutcomeKind.EXPLANATION else carried_out(case, Said(at, "mara"))
