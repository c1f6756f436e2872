"""Whether an item of a tracker is done: closing says it, else its percent, and without one that it is open."""

import pytest

from domain.plans.project import ItemState
from tests.contract import memory


@pytest.mark.parametrize(
    ("closed", "percent", "state"),
    [
        (True, 40.0, ItemState.DONE),
        (True, None, ItemState.DONE),
        (False, 100.0, None),
        (False, 40.0, None),
        (False, None, ItemState.OPEN),
    ],
)
def test_closing_goes_before_a_percent_and_that_before_being_open(closed, percent, state) -> None:
    standin = memory.furnished()
    number = standin.add("P-1", "Umbau", closed=closed, percent=percent)
    reading = memory.connector(standin).read()
    (item,) = [each for plan in reading.plans for each in plan.items if each.ref == f"#{number}"]
    assert (item.state, item.percent) == (state, percent)
