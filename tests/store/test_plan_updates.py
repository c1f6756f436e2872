"""How plans stand between updates, and what these asked, comes back as it was stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.plans.link import Lag
from domain.plans.localization.derivation import DerivationId
from domain.plans.merge.change import Why
from domain.plans.merge.place import FIELDS, PLAN_FIELDS, Place, Side, Subject, of_link, of_order, of_task
from domain.plans.predecessor import LinkType
from domain.plans.task import Constraint, ConstraintKind, Duration, Money, PlanTask
from domain.plans.updates.asked import ConflictState, PlanConflict, PlanConflictId
from domain.plans.updates.standing import Before, Begun, Footing, PlanStanding
from domain.plans.work_calendar import WorkCalendar
from store import Store
from store.errors import Changed, Unstorable
from store.place_values import read, written
from tests.plans_to_place import local_plan

AT = datetime(2027, 3, 11, 8)  # noqa: DTZ001 - a local clock
FULL = PlanTask(
    "t", "Übergabe", "p", duration=Duration(480), constraint=Constraint(ConstraintKind.MUST_START_ON, AT), deadline=AT,
    actual_start=AT, percent=50.0, remaining=Duration(60, elapsed=True), calendar="c", cost=Money(Decimal(7), "EUR"), role="r",
    others=("a", "b"), work=Duration(30),
)  # fmt: skip
VALUES = {
    **{of_task("t", name): getattr(FULL, name) for name in FIELDS},
    of_task("t"): FULL,
    of_task("gone"): None,
    of_link("a", "b"): ((LinkType.START_TO_START, Lag(-30)),),
    of_link("a", "c"): (),
    of_order(None): ("a", "b"),
    Place(Subject.CALENDAR, ("c",)): WorkCalendar("c"),
    Place(Subject.CALENDAR, ("d",)): None,
    **{Place(Subject.PLAN, (), name): None for name in PLAN_FIELDS if name in ("start", "finish")},
    Place(Subject.PLAN, (), "title"): "Plan",
}
PLAN = DerivationId("porto", "erp")
CONFLICT = PlanConflict(
    PlanConflictId(str(PLAN), "0123456789ab"), PLAN, 2, (of_task("t", "duration"),), Why.BOTH_CHANGED, Side.OURS,
    "Train", "8 h", "9 h", date(2027, 1, 4), date(2027, 1, 18),
)  # fmt: skip


def test_a_value_at_any_place_comes_back_with_its_type() -> None:
    assert read(written(VALUES)) == VALUES
    assert {type(value) for value in read(written(VALUES)).values()} == set(map(type, VALUES.values()))


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(Unstorable):
        written({of_task("t", "duration"): "8 h"})


def test_a_standing_comes_back_and_the_same_again_is_no_change(store: Store) -> None:
    plan = local_plan(12)
    footing = Footing(2, plan, replace(plan, title="New"), plan, frozenset({"x"}), VALUES)
    for made in (
        PlanStanding(PLAN, footing),
        PlanStanding(
            PLAN, footing, Before(replace(footing, version=1), plan), passed=3, begun=Begun(3, plan)
        ),
    ):
        with store.begin() as unit:
            assert unit.plan_updates.keep(made)
            assert not unit.plan_updates.keep(made)
            unit.commit()
        with store.read() as unit:
            assert unit.plan_updates.standing(PLAN) == made
            assert unit.plan_updates.standing(DerivationId("lodz", "erp")) is None


def test_a_conflict_is_open_until_it_is_settled_and_then_stays(store: Store) -> None:
    with store.begin() as unit:
        assert unit.plan_updates.save(CONFLICT)
        assert not unit.plan_updates.save(CONFLICT)
        assert unit.plan_updates.open() == (CONFLICT.id,)
        settled = CONFLICT.settled(ConflictState.DECIDED, Side.THEIRS)
        assert unit.plan_updates.save(settled)
        assert unit.plan_updates.open() == ()
        assert unit.plan_updates.conflicts(PLAN) == (settled,)
        with pytest.raises(Changed, match="is settled"):
            unit.plan_updates.save(CONFLICT)


@pytest.mark.parametrize(
    "text", ["", "conflict/", "conflict/porto/erp", "conflict/porto/erp/1/", "other/porto/erp/1/0"]
)
def test_a_text_that_is_no_conflict_is_none(text: str) -> None:
    assert PlanConflictId.find(text) is None
    assert PlanConflictId.read(str(CONFLICT.id)) == CONFLICT.id
