"""What an update takes as the office's plan, what it asks once, and what it proposes to the owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.plans.localization.derivation import DerivationId
from domain.plans.merge.merging import merge
from domain.plans.merge.place import Side
from domain.plans.task import Duration, PlanTask
from domain.plans.updates.asked import Asking, ConflictState, conflicts_now, names_of, no_longer_asked
from domain.plans.updates.ours import as_merged_last
from domain.plans.updates.proposals import LocalPlanNow, ProposalKind, proposals
from domain.plans.updates.shown import MOST, shown_value
from tests.plans_to_place import local_plan

BASE = local_plan(12)
LEAF = next(task for task in BASE.tasks if not task.summary)
ASKING = Asking(DerivationId("porto", "erp"), 2, date(2027, 1, 4), date(2027, 1, 18))


def with_task(plan, uid: str, **values):
    return replace(plan, tasks=tuple(replace(t, **values) if t.uid == uid else t for t in plan.tasks))


def test_the_order_of_a_tool_is_no_change_of_the_office() -> None:
    turned = replace(BASE, tasks=tuple(reversed(BASE.tasks)), title="GY-1", calendar="x", calendars=())
    assert as_merged_last(turned, BASE) == replace(BASE, links=turned.links)


def test_the_office_s_own_task_stays_after_what_it_followed() -> None:
    own = PlanTask("gyor/GY-1/7", "Our own", LEAF.parent)
    tasks = [*BASE.tasks]
    tasks.insert(tasks.index(LEAF) + 1, own)
    found = as_merged_last(replace(BASE, tasks=tuple(tasks)), BASE)
    assert [task.uid for task in found.tasks] == [task.uid for task in tasks]


def conflicts(theirs_days: int = 9, ours_days: int = 8):
    theirs = with_task(BASE, LEAF.uid, duration=Duration(480 * theirs_days))
    ours = with_task(BASE, LEAF.uid, duration=Duration(480 * ours_days))
    return merge(BASE, theirs, ours).conflicts


def test_the_same_conflict_of_a_later_version_is_the_same_record_with_its_date() -> None:
    names = names_of(BASE)
    (first,) = conflicts_now(ASKING, conflicts(), (), names)
    later = Asking(ASKING.derivation, 3, date(2027, 2, 1), date(2027, 2, 15))
    (again,) = conflicts_now(later, conflicts(10), [first], names)
    assert (again.id, again.answer_by, again.version, again.theirs) == (first.id, first.answer_by, 3, "80 h")
    settled = again.settled(ConflictState.DECIDED, Side.OURS)
    (new,) = conflicts_now(later, conflicts(11), [settled], names)
    assert (new.id != first.id, new.answer_by) == (True, later.answer_by)


def test_what_is_not_asked_any_more_is_moot_and_what_was_settled_stays() -> None:
    (asked,) = conflicts_now(ASKING, conflicts(), (), names_of(BASE))
    assert no_longer_asked([asked], [asked]) == ()
    (moot,) = no_longer_asked([asked], [])
    assert moot.state is ConflictState.MOOT
    assert no_longer_asked([asked.settled(ConflictState.DECIDED, Side.OURS)], []) == ()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "-"),
        ((), "-"),
        (Duration(90), "1.5 h"),
        (datetime(2027, 3, 11, 8), "2027-03-11"),  # noqa: DTZ001 - a local clock
        (LEAF, LEAF.name),
        (("a", "b"), "a, b"),
        ("x" * 500, "x" * (MOST - 1) + "…"),
        (50.0, "50.0"),
    ],
)
def test_a_value_is_shown_as_people_read_it(value: object, told: str) -> None:
    assert shown_value(value) == told


def now(live, *, last=None, own=()) -> LocalPlanNow:
    return LocalPlanNow(BASE, last if last is not None else live, live, frozenset(own))


def test_the_same_change_of_several_offices_is_one_proposal_with_their_number() -> None:
    longer = [with_task(BASE, LEAF.uid, duration=Duration(480 * days)) for days in (7, 8, 12)]
    (found,) = proposals(map(now, longer))
    assert (found.kind, found.offices, found.said) == (ProposalKind.CHANGED, 3, "64 h")


def test_a_change_that_does_not_last_yet_is_no_proposal_but_how_long_a_finished_task_took_is() -> None:
    changed = with_task(BASE, LEAF.uid, duration=Duration(480 * 9))
    assert proposals([now(changed, last=BASE)]) == ()
    begun = datetime(2027, 3, 11, 8)  # noqa: DTZ001 - a local clock
    done = with_task(BASE, LEAF.uid, actual_start=begun, actual_finish=begun + timedelta(days=9))
    (found,) = proposals([now(done, last=BASE)])
    assert (found.kind, found.said) == (ProposalKind.TOOK, "10 d")


def test_a_deletion_and_an_own_task_are_proposed_in_whatever_case_it_is_written() -> None:
    links = tuple(x for x in BASE.links if LEAF.uid not in (x.predecessor, x.successor))
    gone = replace(BASE, tasks=tuple(t for t in BASE.tasks if t.uid != LEAF.uid), links=links)
    plans = []
    for office, name in (("a", "Ask the union"), ("b", "ASK the  Union")):
        uid = f"{office}/P/1"
        plans.append(now(replace(gone, tasks=(*gone.tasks, PlanTask(uid, name))), own=[uid]))
    found = {each.kind: each.offices for each in proposals(plans)}
    assert found == {ProposalKind.REMOVED: 2, ProposalKind.ADDED: 2}
