"""What is said at a request of the office's own: each state once, in its language, and nothing where it is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.delivery.delivery import Intent, IntentState, Step, decide
from domain.delivery.remarks import wanted_remark
from domain.deviations.deviation import Deviation, State, Way
from domain.deviations.ids import RemarkKey, RowKey
from tests.domain.deviations import sample

NOW = sample.later(1)
TICKET = replace(sample.asked().asked, way=Way.TICKET, place="#12", request="12")


def asked(way: Way = Way.TICKET, **more) -> Deviation:
    return replace(sample.asked(), asked=replace(TICKET, way=way), **more)


def test_each_state_is_another_comment_and_the_same_state_the_same() -> None:
    waiting = asked(state=State.UNDER_REVIEW)
    again = wanted_remark(waiting, NOW)
    assert again == wanted_remark(waiting, NOW + timedelta(hours=1))
    others = [
        wanted_remark(replace(waiting, state=state), NOW)
        for state in (State.SCHEDULED, State.REJECTED, State.REVOKED)
    ]
    keys = [each.key for each in (again, *others)]
    assert len(set(keys)) == 4
    assert all(RemarkKey.find(each) for each in keys)
    asked_back = [
        wanted_remark(replace(waiting, state=State.RETURNED), NOW, question=q) for q in ("Why?", "When?")
    ]
    assert len({each.key for each in asked_back}) == 2, "each question is told"
    assert "The question: Why?" in asked_back[0].fields.standing


def test_a_row_has_one_cell_that_follows_the_state() -> None:
    first, then = (
        wanted_remark(asked(Way.ROW, state=state), NOW) for state in (State.UNDER_REVIEW, State.SCHEDULED)
    )
    assert first.key == then.key == str(RowKey(TICKET.office, "12"))
    assert (first.fields.standing, then.fields.standing) == ("waiting", "approved")
    intent = Intent(first, first.digest, IntentState.DONE, NOW, NOW)
    assert decide(then, intent, (), NOW).step is Step.SAME, "a row that the office removed holds nothing up"


@pytest.mark.parametrize("changes", [{"request": ""}, {"way": Way.FORM}])
def test_nothing_is_said_where_the_request_is_not_known(changes) -> None:
    there = asked()
    assert wanted_remark(replace(there, asked=replace(there.asked, **changes)), NOW) is None
