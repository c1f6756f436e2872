"""F8 and F9: both sides change, and come together; conflicts go as the office's part says."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from domain.organization.office import Conflict
from tests.contract.convergence import FAULTS, Sides, a_day_without_hooks
from tests.crash.conflicts import FIELDS, Desk

FEW = settings(max_examples=15, stateful_step_count=25, derandomize=True, database=None)


def test_both_sides_are_equal_after_one_scan_and_nothing_echoes():
    run_state_machine_as_test(Sides, settings=FEW)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_connector_that_breaks_it_is_caught(fault):
    first = settings(FEW, report_multiple_bugs=False, phases=[Phase.generate])
    with pytest.raises(AssertionError, match=fault):
        run_state_machine_as_test(FAULTS[fault], settings=first)


@pytest.mark.parametrize("chance", [1, 2, 3])
def test_the_next_scan_repairs_a_day_of_lost_hooks(chance):
    differing, total = a_day_without_hooks(60, chance)
    assert differing == 0
    assert total > 40


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("policy", list(Conflict))
def test_a_conflict_goes_as_the_office_s_part_says(desk, policy, field):
    desk.policy(policy)
    told = desk.conflict(field)
    mine, theirs = FIELDS[field].ours, FIELDS[field].theirs
    assert told.stands == (mine if policy is Conflict.OURS else theirs)
    assert told.conflicts == 1, "the conflict was not reported"
    assert told.others_written, "what had no conflict was not written"
    assert told.foreign_kept, "what is the office's was touched"
    assert told.writes_after == 0, "a conflict is written again and again"
