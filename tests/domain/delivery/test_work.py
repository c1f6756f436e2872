"""What should stand in the offices' tools: computed anew each time, and never left open for nothing."""

from datetime import date

import pytest

from domain.delivery.wanted import ItemFields, WantedKind
from domain.delivery.work import Board, wanted_items, wanted_question, wanted_unreadable
from domain.ids import VersionId, WorkItemKey
from domain.plans.project import Unreadable
from domain.questions.question import Question, QuestionKind, QuestionState
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result, Verdict
from tests.domain.builders import MONDAY, adoption, begun, rule

TARGET = begun("porto/1").manifest.target
DUE = date(2027, 2, 8)
BOUND = adoption(Standing.BINDING, due=DUE)
RULES = {"sponsor": rule(role="sponsor"), "case": rule("case")}
FAILS, KEPT = Verdict("porto/1", "sponsor", Result.FAIL), Verdict("porto/1", "sponsor", Result.PASS)
CASE = Verdict("porto/1", "case", Result.PASS)
KEY = "adopt/method/2.0/porto/1/sponsor"


def items(at, *verdicts, before=None, today=MONDAY):
    found = wanted_items(Board(TARGET, RULES, before or {}, today), at, verdicts)
    return {w.key: w.fields for w in found}


def test_one_item_per_rule_that_a_bound_project_does_not_keep():
    assert items(BOUND, FAILS, CASE) == {
        KEY: ItemFields(title="mend sponsor", project="1", due=DUE, role="sponsor", standing="open")
    }


@pytest.mark.parametrize("result", [Result.FAIL, Result.UNKNOWN, Result.ERROR])
def test_what_fails_is_not_reported_or_broke_is_work(result):
    assert items(BOUND, Verdict("porto/1", "sponsor", result))


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.BINDING, Standing.FAILED}))
def test_nothing_is_asked_of_a_project_that_is_not_bound(standing):
    assert items(adoption(standing), FAILS) == {}


def test_an_item_put_there_before_tells_what_became_of_it():
    before = items(BOUND, FAILS)
    assert items(BOUND, KEPT, before=before)[KEY].standing == "met"
    permitted = Verdict("porto/1", "sponsor", Result.PERMITTED)
    assert items(BOUND, permitted, before=before)[KEY].standing == "permitted", "it is not met"
    assert items(BOUND, FAILS, before=before, today=date(2027, 2, 9))[KEY].standing == "late"
    for out in (Standing.ROLLED_BACK, Standing.SKIPPED, Standing.GRANDFATHERED):
        assert items(adoption(out), FAILS, before=before)[KEY].standing == "withdrawn"


def test_wanting_the_same_again_wants_the_same():
    before = items(BOUND, FAILS)
    assert items(BOUND, FAILS, before=before) == before


def test_work_that_comes_back_is_due_by_the_new_date():
    before = items(BOUND, FAILS)
    again = adoption(Standing.FAILED, due=date(2027, 4, 1))
    assert items(again, FAILS, before=before)[KEY].due == date(2027, 4, 1)


def test_an_item_of_which_nothing_is_judged_any_more_is_withdrawn():
    lacking = Verdict("porto/1", "tool.field.sponsor", Result.FAIL, "the tool has no field sponsor")
    before = items(BOUND, lacking)
    (key,) = before
    assert before[key].title == "Bring the tool in line: the tool has no field sponsor"
    moved = items(BOUND, Verdict("porto/1", "tool.kind", Result.FAIL), before=before)
    assert moved[key].standing == "withdrawn"


def test_another_projects_items_are_let_alone():
    before = {
        str(WorkItemKey(VersionId(TARGET.standard, TARGET.version), "porto/12", "sponsor")): ItemFields(
            standing="open", due=DUE
        )
    }
    assert items(BOUND, CASE, before=before) == {}


def test_nothing_is_concluded_where_nothing_was_judged():
    assert items(BOUND, before=items(BOUND, FAILS)) == {}


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (QuestionState.OPEN, "open"),
        (QuestionState.ANSWERED, "answered"),
        (QuestionState.UNANSWERED, "late"),
        (QuestionState.MOOT, "moot"),
    ],
)
def test_a_question_in_the_tool_tells_how_it_ended(state, standing):
    asked = Question(
        "ask/x", "porto", "porto/1", QuestionKind.FACT, "project.lead", "Who?", MONDAY, DUE, state
    )
    found = wanted_question(asked)
    assert (found.key, found.kind, found.values["standing"]) == ("ask/x", WantedKind.QUESTION, standing)


def test_a_cell_that_could_not_be_understood_is_shown_to_its_office():
    shown = wanted_unreadable("porto", Unreadable("Projects!C7", "soon", "is no date"), MONDAY)
    assert (shown.kind, shown.values["text"]) == (WantedKind.NOTICE, "Projects!C7: is no date")
    assert (shown.key, shown.values["standing"]) == ("unreadable/porto/Projects!C7", "open")
