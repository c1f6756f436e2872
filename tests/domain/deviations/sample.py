"""A deviation to change in tests, and the organization that it is asked in."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

from domain.deviations.asking import Draft, Ground, drafted, submitted
from domain.deviations.deviation import Asked, Costs, Deviation, Scope
from domain.deviations.ending import granted, put_in_force
from domain.organization.calendar import Calendar
from domain.plans.facts import Facts
from domain.standards.standard import Level, MaterialRule
from tests.domain.builders import office, organization, program, rule, version

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
FIRST, LAST = date(2027, 1, 11), date(2027, 3, 12)
_PLAIN = rule("overrun", "cost.overrun_percent <= double(limit)", level=Level.CEILING, limit=10)
CEILING = MaterialRule(
    **{each.name: getattr(_PLAIN, each.name) for each in fields(_PLAIN)}, material=("cost.budget",)
)
VERSION = version(CEILING, rule("sponsor"))
ORG = organization(office("porto", calendar=Calendar("PT", "Europe/Lisbon")), programs={"cranes": program()})
FACTS: Facts = {
    "project": {
        "start": datetime(2027, 1, 1, tzinfo=UTC),
        "finish": datetime(2027, 12, 31, tzinfo=UTC),
        "stage": "execution",
        "program": "cranes",
    },
    "cost": {"budget": 100_000.0, "overrun_percent": 14.0},
    "plan": {},
    "tool": {"kind": "workbook"},
}
GROUND = Ground(ORG, VERSION, FACTS, "cranes", AT)
ASKED = Asked("porto", "carl", AT)
DRAFT = Draft(
    "method",
    "overrun",
    Scope("porto/1"),
    "steel is dearer than planned",
    FIRST,
    LAST,
    costs=Costs(1_000.0, 5),
)


def asked(**changes) -> Deviation:
    """One that was asked for, before it was submitted."""
    return drafted("dev-1", replace(DRAFT, **changes), ASKED, GROUND)


def active(at: datetime = AT, **changes) -> Deviation:
    """One that was granted and put in force at that time."""
    return put_in_force(granted(submitted(asked(**changes), at), at), at)


def later(days: float) -> datetime:
    return AT + timedelta(days=days)
