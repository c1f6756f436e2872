"""A project of an office as a whole plan, from what was stored when it was read last."""

from datetime import UTC, date, datetime

import pytest

from domain.organization.calendar import Calendar
from domain.organization.office import Mandate, Office, OfficeKind
from domain.plans.gaps import GapKind
from domain.plans.item_plan import ItemPlan, Span
from domain.plans.predecessor import Predecessor
from domain.plans.project import Item, Plan, Project
from domain.plans.task import Duration
from store import Store
from tasks.whole_plans import whole_plan_of

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
EMIRATES = Calendar("AE", "Asia/Dubai", frozenset({5, 6}), frozenset({date(2027, 1, 6)}))
OFFICE = Office("dubai", "Dubai", OfficeKind.PROJECT, Mandate.SUPPORTIVE, EMIRATES, "AED")
FIRST = Item("dubai/D-1/1", "dubai/D-1", "Survey", plan=ItemPlan(duration=Span(2)))
SECOND = Item(
    "dubai/D-1/2", "dubai/D-1", "Install", start=date(2027, 1, 5), due=date(2027, 1, 7),
    plan=ItemPlan(after=(Predecessor("dubai/D-1/1", 1), Predecessor("adopt/x"))),
)  # fmt: skip
PLAN = Plan(Project("dubai/D-1", "dubai", "Crane"), (FIRST, SECOND))


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    store.upgrade()
    yield store
    store.close()


def kept(store: Store, *plans: Plan, at: datetime = AT) -> None:
    with store.begin() as unit:
        unit.plans.put("dubai", plans, at)
        unit.readings.add("dubai", at, "d")
        unit.commit()


@pytest.mark.parametrize("named", ["D-1", "dubai/D-1"])
def test_a_project_is_a_whole_plan_by_the_office_s_calendar(store, named):
    kept(store, PLAN)
    with store.read() as unit:
        found = whole_plan_of(unit, OFFICE, named)
    first, second = found.built.plan.tasks
    assert first.duration == Duration(960)
    assert second.duration == Duration(960), "the sixth is a holiday there"
    (link,) = found.built.plan.links
    assert (link.predecessor, link.lag.amount) == ("dubai/D-1/1", 480)
    assert [(gap.kind, gap.about) for gap in found.built.gaps] == [
        (GapKind.DURATION_FROM_DATES, ""),
        (GapKind.LINK_MISSING, "adopt/x"),
    ]
    assert found.read_at == AT


def test_a_project_that_is_not_there_says_what_to_do(store):
    def why(named: str) -> str:
        with store.read() as unit, pytest.raises(LookupError) as told:
            whole_plan_of(unit, OFFICE, named)
        return str(told.value)

    assert "dubai was never read: read it with `interoffice run sync-offices office=dubai" in why("D-1")
    kept(store, PLAN)
    assert why("D-2") == "dubai had no project dubai/D-2 when it was last read: write it as OFFICE/PROJECT"
    kept(store, at=replace_day(AT))
    assert "dubai/D-1 is no longer in its tool since 2027-01-05" in why("D-1")


def replace_day(at: datetime) -> datetime:
    return at.replace(day=5)
