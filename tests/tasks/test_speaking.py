"""Who speaks for an office in its tool: a known account with the role, and whoever stands in; nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.standing_in import set_absence
from domain.cases.case import Case
from domain.cases.kinds import CaseState
from domain.organization.absence import Absence
from domain.plans.project import Answer
from domain.questions.kind import Look
from domain.questions.question import Question, QuestionState
from domain.questions.registry import settle
from tasks import context, speaking
from tasks.looking_after import escalate_cases
from tests.tasks.conftest import Desk
from tests.tasks.deviating import HEAD, MONDAY, at
from tests.tasks.test_cases import desk, placed, raised, stored

__all__ = ["desk"]
SPONSOR, ACCOUNT = "hugo-vermeer", "Marijke v. D. (7)"


@pytest.fixture
def tracker(desk: Desk) -> Desk:
    """The strategic office works in a Redmine, in which three of its people have accounts."""
    there = context.current_application()
    organization = there.organization
    tool = replace(organization.tools["group-workbook"], kind="redmine")
    accounts = {HEAD: ACCOUNT, SPONSOR: "Hugo Vermeer (8)", "lotte-smit": "Lotte Smit (9)"}
    people = {
        key: replace(person, accounts={tool.id: accounts[key]}) if key in accounts else person
        for key, person in organization.people.items()
    }
    tools = {**organization.tools, tool.id: tool}
    context.KEPT.__dict__["application"] = replace(
        there, organization=replace(organization, tools=tools, people=people)
    )
    return desk


def asked(desk: Desk, case: Case) -> Question:
    with desk.application.store.read() as unit:
        found = unit.questions.get(case.question)
    assert found is not None
    return found


def said_there(desk: Desk, case: str, text: str, by: str) -> Case:
    """The case after somebody answered so in the strategic office's tool, and it was looked after."""
    placed(desk, case, said=text, by=by)
    escalate_cases.fn(dry_run=False)
    return stored(desk, case)


def refusals(desk: Desk) -> list[tuple[str, str]]:
    with desk.application.store.read() as unit:
        found = [each.event for each in unit.ledger.entries() if each.event.kind == "refusal"]
    return [(each.detail["action"], each.detail["cause"]) for each in found]


def test_an_unknown_account_answers_nothing_is_told_so_and_is_not_taken_again(tracker: Desk) -> None:
    case = said_there(tracker, raised().case, "acknowledge", "Rita Reader (4)")
    assert case.state is CaseState.RAISED
    question = asked(tracker, case)
    assert (question.state, question.answered_by) == (QuestionState.OPEN, "")
    assert "nobody who is known here has the account 'Rita Reader (4)'" in question.text
    again = Look(MONDAY, answer=Answer(question.id, "acknowledge", "Rita Reader (4)"))
    assert settle(question, again) == question, "the next reading finds the same there, and takes it not"
    by_head = settle(question, replace(again, answer=Answer(question.id, "acknowledge", ACCOUNT)))
    assert (by_head.state, by_head.answered_by) == (QuestionState.ANSWERED, ACCOUNT)
    assert "nobody who is known" not in by_head.text, "what is over is not said any more"
    assert refusals(tracker) == []


def test_who_has_no_role_for_it_is_refused_and_recorded_and_the_head_is_the_person_who_said_it(
    tracker: Desk,
) -> None:
    told = raised()
    there = said_there(tracker, told.case, "withdraw: never mind", "Lotte Smit (9)")
    assert there.state is CaseState.RAISED
    assert "Whoever wrote it may not speak for the office" in asked(tracker, there).text
    assert refusals(tracker) == [("agree_case", "no_role")]
    there = said_there(tracker, told.case, "nothing: the rule is right", ACCOUNT)
    assert there.state is CaseState.PROPOSAL
    assert (there.steps[-1].person, there.steps[-1].entered) == (HEAD, False)


def test_only_the_sponsor_decides_above_both_and_whoever_stands_in_may_as_well(tracker: Desk) -> None:
    told = raised(terms="cause=legal; deadline=2027-01-19; citation=Ports Act")
    at(MONDAY + timedelta(days=3))
    escalate_cases.fn(dry_run=False)
    there = said_there(tracker, told.case, "explanation: it is meant so", ACCOUNT)
    assert there.state is CaseState.ESCALATED, "the head does not decide where there is a sponsor"
    application = context.current_application()
    today = MONDAY + timedelta(days=3)
    away = Absence(SPONSOR, today, today + timedelta(days=3), "lotte-smit")
    set_absence(application.organization, application.store, application.clock, away, SPONSOR)
    there = said_there(tracker, told.case, "explanation: it is meant so", "Lotte Smit (9)")
    assert there.state is CaseState.TRIAL
    assert there.steps[-2].person == "lotte-smit"


def test_what_stands_in_a_workbook_is_the_offices_word_and_no_name_beside_it_is_believed(desk: Desk) -> None:
    there = said_there(desk, raised().case, "nothing: the rule is right", "somebody")
    assert (there.state, there.steps[-1].person) == (CaseState.PROPOSAL, "")


def test_the_control_a_tracker_that_were_read_as_a_workbook_would_take_anybodys_word(
    tracker: Desk, monkeypatch
) -> None:
    monkeypatch.setattr(speaking, "_tells_authors", lambda *_: False)
    there = said_there(tracker, raised().case, "nothing: the rule is right", "Rita Reader (4)")
    assert there.state is CaseState.PROPOSAL
