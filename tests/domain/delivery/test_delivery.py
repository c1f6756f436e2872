"""What to do about one thing that should stand in a tool."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery.delivery import Intent, IntentState, Step, decide
from domain.delivery.wanted import ItemFields, Wanted
from domain.organization.office import Conflict
from domain.plans.project import Placed
from tests.connectors.deciding import but
from tests.domain.builders import MONDAY, noon

NOW = noon(MONDAY)
WANTED = Wanted("adopt/1", "porto", ItemFields(title="Name a sponsor", due=MONDAY, project=""))
DELIVERED = MONDAY - timedelta(days=7)
LAG = timedelta(minutes=2)


def placed(ref="Items!A7", **changes):
    return Placed(WANTED.key, ref, {**WANTED.values, **changes})


def intent(state=IntentState.SENT, ago=timedelta(0)):
    sent = None if state is IntentState.STORED else NOW - ago
    return Intent(WANTED, WANTED.digest, state, NOW - ago, sent)


def test_what_was_looked_for_and_is_not_there_is_created():
    found = decide(WANTED, None, [], NOW)
    assert (found.step, found.changes) == (Step.CREATE, WANTED.values)


def test_what_stands_there_as_wanted_is_the_same():
    assert decide(WANTED, intent(IntentState.DONE), [placed()], NOW).step is Step.SAME


def test_only_our_fields_that_differ_are_written():
    found = decide(WANTED, intent(IntentState.DONE), [placed(due=None, status="their own")], NOW)
    assert (found.step, found.changes) == (Step.UPDATE, {"due": MONDAY})


def test_an_empty_cell_is_an_empty_text():
    bare = Placed(WANTED.key, "Items!A7", {k: v for k, v in WANTED.values.items() if v != ""})
    assert decide(WANTED, None, [bare], NOW).step is Step.SAME


def test_sent_but_not_visible_waits_out_the_read_lag_and_then_creates():
    assert decide(WANTED, intent(ago=timedelta(minutes=1)), [], NOW, LAG).step is Step.WAIT
    assert decide(WANTED, intent(ago=LAG), [], NOW, LAG).step is Step.CREATE


def test_our_own_write_is_recognized_by_its_content_and_by_nothing_else():
    bare = {name: value for name, value in WANTED.values.items() if value != ""}
    later = but(WANTED, due=MONDAY + timedelta(days=7))
    for before in (intent(IntentState.DONE), replace(intent(), delivered=WANTED.fields)):
        ours = decide(later, before, [Placed(WANTED.key, "Items!A7", bare | {"status": "their own"})], NOW)
        assert (ours.step, ours.conflicts) == (Step.UPDATE, ())
        theirs = decide(later, before, [placed(due=None)], NOW)
        assert (theirs.step, theirs.conflicts) == (Step.UPDATE, ("due",))
    never = decide(later, intent(IntentState.SENT), [placed(due=None)], NOW)
    assert never.conflicts == (), "it was never delivered, so there is nothing that the office changed"


@pytest.mark.parametrize("policy", list(Conflict))
def test_an_edit_between_reading_and_writing_is_decided_on_like_one_before_the_reading(policy):
    later = but(WANTED, due=MONDAY + timedelta(days=7), title="Name two")
    seen = decide(later, intent(IntentState.DONE), [placed()], NOW, conflict=policy)
    assert (seen.step, set(seen.changes), seen.conflicts) == (Step.UPDATE, {"due", "title"}, ())
    edited = placed(due=MONDAY + timedelta(days=1))
    assert seen.again([edited]) == decide(later, intent(IntentState.DONE), [edited], NOW, conflict=policy)
    left = seen.again([edited]).carried_out(edited.values).values["due"]
    assert left == (later.values["due"] if policy is Conflict.OURS else MONDAY + timedelta(days=1))


def test_what_was_to_be_changed_and_is_gone_is_held_and_what_was_to_be_made_is_made():
    update = decide(WANTED, intent(IntentState.DONE), [placed(due=None)], NOW)
    assert (update.again([]).step, update.again([]).changes) == (Step.HOLD, {})
    create = decide(WANTED, None, [], NOW)
    assert create.again([]) == create
    assert create.again([placed(due=None)]).step is Step.UPDATE


def test_what_a_thing_cannot_hold_is_not_written():
    there = replace(placed(due=None, title="x"), unheld=frozenset({"due"}))
    assert decide(WANTED, None, [there], NOW).changes == {"title": WANTED.values["title"]}


def test_what_got_no_answer_is_waited_for_as_long_as_it_may_be_on_its_way():
    flight = timedelta(minutes=1)
    assert decide(WANTED, intent(ago=LAG), [], NOW, LAG, flight).step is Step.WAIT
    assert decide(WANTED, intent(ago=LAG + flight), [], NOW, LAG, flight).step is Step.CREATE
    assert decide(WANTED, intent(IntentState.STORED), [], NOW, LAG, flight).step is Step.CREATE
    answered = intent(IntentState.DONE, ago=LAG)
    assert decide(WANTED, answered, [], NOW, LAG, flight).step is Step.HOLD


def test_stored_and_never_sent_is_created_without_waiting():
    assert decide(WANTED, intent(IntentState.STORED), [], NOW, LAG).step is Step.CREATE


@pytest.mark.parametrize("state", [None, *IntentState])
@pytest.mark.parametrize("there", [{}, {"due": None}])
def test_what_is_found_after_a_crash_is_adopted_and_never_created_again(state, there):
    before = None if state is None else intent(state)
    assert decide(WANTED, before, [placed(**there)], NOW, LAG).step in (Step.SAME, Step.UPDATE)


def test_a_deletion_by_the_office_is_respected():
    found = decide(WANTED, intent(IntentState.DONE, timedelta(days=30)), [], NOW, LAG)
    assert (found.step, found.why) == (Step.HOLD, "it was delivered and is gone: the office removed it")


def test_a_deletion_is_not_taken_for_granted_within_the_read_lag():
    assert decide(WANTED, intent(IntentState.DONE), [], NOW, LAG).step is Step.WAIT


@pytest.mark.parametrize("state", [None, *IntentState])
def test_a_key_found_twice_is_held_and_both_places_are_named(state):
    before = None if state is None else intent(state)
    found = decide(WANTED, before, [placed("Items!A7"), placed("Items!A9")], NOW)
    assert found.step is Step.HOLD
    assert "Items!A7, Items!A9" in found.why


@given(
    st.sampled_from([None, *IntentState]),
    st.lists(st.sampled_from([placed(), placed(due=None)]), max_size=3),
    st.integers(0, 300),
)
def test_nothing_is_created_beside_what_is_there(state, found, seconds):
    before = None if state is None else intent(state, timedelta(seconds=seconds))
    decision = decide(WANTED, before, found, NOW, LAG)
    assert decision.step is not Step.CREATE or not found


@given(st.dictionaries(st.sampled_from(sorted(WANTED.values)), st.sampled_from([None, "x", MONDAY])))
def test_carried_out_twice_a_delivery_changes_nothing(there):
    first = decide(WANTED, None, [placed(**there)], NOW)
    after = placed(**{**there, **first.changes})
    assert decide(WANTED, intent(IntentState.DONE), [after], NOW).step is Step.SAME


@pytest.mark.parametrize("state", [IntentState.STORED, IntentState.SENT, IntentState.HELD])
def test_what_the_office_removed_is_not_made_again_because_something_else_is_wanted_of_it(state):
    before = replace(intent(state, timedelta(days=1)), delivered=replace(WANTED.fields, due=DELIVERED))
    assert decide(WANTED, before, [], NOW, LAG).step is Step.HOLD
    assert decide(WANTED, replace(before, delivered=None), [], NOW, LAG).step is Step.CREATE


@pytest.mark.parametrize("state", [IntentState.STORED, IntentState.SENT, IntentState.HELD])
@pytest.mark.parametrize("policy", [Conflict.THEIRS, Conflict.HOLD])
def test_what_the_office_changed_stays_though_a_write_was_interrupted(state, policy):
    before = replace(intent(state), delivered=replace(WANTED.fields, due=DELIVERED))
    found = decide(WANTED, before, [placed(due=MONDAY + timedelta(days=7))], NOW, LAG, conflict=policy)
    assert (found.step, found.changes, found.conflicts) == (Step.SAME, {}, ("due",))
    unwritten = decide(WANTED, before, [placed(due=DELIVERED)], NOW, LAG, conflict=policy)
    assert (unwritten.step, unwritten.changes, unwritten.conflicts) == (Step.UPDATE, {"due": MONDAY}, ())
