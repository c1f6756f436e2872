"""What is said at a request of the office's own: each state once, in its language, and nothing where it is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases.case import Case, Said
from domain.cases.kinds import CaseState, OutcomeKind, Side
from domain.cases.moving import acknowledged, agreed, not_carried_out, proposed, withdrawn
from domain.delivery.delivery import Intent, IntentState, Step, decide
from domain.delivery.remarks import wanted_of_case, wanted_remark
from domain.delivery.wanted import Wanted
from domain.deviations.deviation import Deviation, State, Way
from domain.deviations.ids import RemarkKey, RowKey
from tests.domain.cases.sample import AT, ORG, draft, raise_one
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


def raised_by(**changes) -> Case:
    """A case that was raised by a ticket of porto's."""
    case = raise_one(draft())
    return replace(case, raisers=(replace(case.raisers[0], request="12", **changes),))


def at_the_ticket(case: Case, office: str = "porto") -> Wanted:
    (found,) = wanted_of_case(case, ORG, office)
    return found


def test_each_state_of_a_case_is_said_once_at_the_ticket_that_raised_it() -> None:
    case = raised_by()
    mara, carl = Said(AT, "mara"), Said(AT, "carl")
    seen = acknowledged(case, mara)
    first = proposed(seen, Side.COUNTERPART, OutcomeKind.EXPLANATION, "it is meant so", mara)
    counter = proposed(first, Side.RAISER, OutcomeKind.AMENDMENT, "two plans", carl)
    both = proposed(counter, Side.COUNTERPART, OutcomeKind.TAILORING, "one plan", mara)
    there = agreed(both, Side.RAISER, carl)
    back = not_carried_out(there, mara)
    told = [at_the_ticket(each) for each in (case, seen, first, counter, both, there, back)]
    assert all(RemarkKey.find(each.key).about == case.id for each in told)
    assert told[3] == told[4], "another counter-proposal is the same state"
    assert len({each.key for each in told}) == 6
    assert told[0].fields.standing == f"{case.id} on the rule plan-size of delivery-method/2.0: raised."
    assert told[5].fields.standing.endswith(": agreed, to be carried out. a tailoring: one plan.")
    again = agreed(proposed(back, Side.COUNTERPART, OutcomeKind.TAILORING, "one", mara), Side.RAISER, carl)
    assert at_the_ticket(again).key != told[5].key, "agreed in another round"


def test_the_row_that_raised_a_case_has_one_cell_that_follows_its_state() -> None:
    case = raised_by(is_row=True)
    over = withdrawn(case, "porto", Said(AT, "carl"), "solved")
    first, then = at_the_ticket(case), at_the_ticket(over)
    assert first.key == then.key == str(RowKey("porto", "12"))
    assert (first.fields.standing, then.fields.standing) == ("raised", "withdrawn")
    assert (first.ended, then.ended) == (False, True)


def test_of_a_case_nothing_is_said_at_a_form_or_in_another_offices_tool() -> None:
    assert list(wanted_of_case(raise_one(draft()), ORG, "porto")) == []
    both = raise_one(draft("dubai"), (raised_by(),))
    assert [each.office for each in wanted_of_case(both, ORG, "porto")] == ["porto"]
    assert [list(wanted_of_case(both, ORG, name)) for name in ("dubai", "hq")] == [[], []]


def test_a_restricted_project_is_named_at_no_other_offices_ticket() -> None:
    case = raised_by()
    case = replace(case, about=replace(case.about, project="porto/P-1"))
    both = raise_one(draft("dubai"), (case,))
    both = replace(both, raisers=(both.raisers[0], replace(both.raisers[1], request="7")))
    said = Said(AT, "mara")
    there = agreed(
        proposed(both, Side.COUNTERPART, OutcomeKind.TAILORING, "P-1 is spared", said), Side.RAISER, said
    )
    assert there.state is CaseState.AGREED
    porto = replace(ORG.offices["porto"], restricted=frozenset({"P-1"}))
    hidden = replace(ORG, offices={**ORG.offices, "porto": porto})
    (mine,), (other,) = (list(wanted_of_case(there, hidden, name)) for name in ("porto", "dubai"))
    assert "P-1 is spared" in mine.fields.standing
    assert "P-1" not in other.fields.standing
