"""Asking again about a deviation, and what approvers write in their tool: each counts once, and only theirs."""

from __future__ import annotations

from datetime import date

import pytest

from domain.decisions.request import Choice, RequestState
from domain.deviations.deviation import State
from domain.deviations.flaws import Flawed
from domain.outcomes.deviations import DeviationAsked
from domain.plans.project import COMMENT, Changed
from domain.questions.kind import Look
from domain.questions.question import NoticeKind, QuestionKind, QuestionState
from domain.questions.registry import settle
from domain.standards.verdict import Result
from reports.details import details_of
from reports.render import sweep_html
from tasks.entering import request_deviation
from tasks.given import Gathered
from tasks.network import load_network
from tasks.reporting import _sweep, write_reports
from tasks.requesting import Room
from tasks.sweeping import sweep_network
from tasks.tool_votes import take_votes
from tasks.wanting import wanted_in_tool
from tests.tasks.conftest import Desk
from tests.tasks.deviating import (
    ASKS,
    AT,
    HEAD,
    LAST,
    MONDAY,
    OTHER,
    RULE,
    VERSION,
    approve,
    ask,
    at,
    stored,
    verdict,
    with_people,
)


@pytest.fixture
def desk(published: Desk) -> Desk:
    with_people(published)
    return published


def again(id_: str, person: str = ASKS, **terms) -> DeviationAsked:
    written = "; ".join(f"{name}={value}" for name, value in {"deviation": id_, **terms}.items())
    return request_deviation.fn("", RULE, written, person, "the supplier says June now", dry_run=False)


def test_what_is_returned_is_submitted_again_and_its_editor_decides_nothing(desk: Desk) -> None:
    told = ask(gate="G3")
    assert approve(told.deviation, HEAD, choice=Choice.RETURN) == RequestState.RETURNED
    assert stored(desk, told.deviation).state is State.RETURNED
    with desk.application.store.read() as unit:
        (notice,) = [each for each in unit.notices.of("mersin") if each.kind is NoticeKind.DEVIATION]
        network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
        key = f"deviation/{told.deviation}"
        (card,) = [each for each in wanted_in_tool(unit, network, "mersin") if each.key == key]
    assert notice.text.startswith("It was returned with a question; answer it, and ask again: a test ")
    assert card.fields.standing == "waiting: it was returned with a question"
    again(told.deviation, last=LAST, gate="G3", document="https://docs.example/contract")
    there = stored(desk, told.deviation)
    assert (there.state, there.asked.editor, there.documents) == (
        State.UNDER_REVIEW, ASKS, ("https://docs.example/contract",),
    )  # fmt: skip
    assert approve(told.deviation) == RequestState.APPROVED
    with pytest.raises(LookupError, match="there is no deviation 'dev-0'"):
        again("dev-0", last=LAST)


def test_one_that_holds_is_extended_once_by_a_decision_and_keeps_the_end_that_was_granted(desk: Desk) -> None:
    told = ask(gate="G3")
    with pytest.raises(Flawed, match="waits for its decision; withdraw it, and ask anew"):
        again(told.deviation, last=date(2027, 5, 1))
    approve(told.deviation)
    at(MONDAY)
    for day, flaw in (
        (LAST, "lasts until 2027-03-18 already"),
        (date(2027, 9, 19), "more than 6 months later"),
    ):
        with pytest.raises(Flawed, match=flaw):
            again(told.deviation, last=day)
    again(told.deviation, last=date(2027, 5, 1))
    assert stored(desk, told.deviation).span.last == LAST, "asking extends nothing"
    assert verdict(desk) is Result.PERMITTED
    assert approve(told.deviation) == RequestState.APPROVED
    there = stored(desk, told.deviation)
    assert (there.span.last, there.original_last, len(there.extensions)) == (date(2027, 5, 1), LAST, 1)
    at(date(2027, 4, 30))
    assert verdict(desk) is Result.PERMITTED
    with pytest.raises(Flawed, match="was extended already; ask anew"):
        again(told.deviation, last=date(2027, 6, 1))
    at(date(2027, 5, 2))
    assert verdict(desk) is Result.FAIL
    with pytest.raises(Flawed, match="does not hold; ask anew for another one"):
        again(told.deviation, last=date(2027, 6, 1))


def wrote(desk: Desk, account: str, text: str) -> bool:
    """Somebody writes a comment on the decision in the tool of the office that leads."""
    application = desk.application
    with application.store.begin() as unit:
        (question,) = (q for q in unit.questions.of("group") if q.kind is QuestionKind.DEVIATION)
        change = Changed(question.id, COMMENT, "", text, account, application.clock.now())
        room = Room(unit, application.clock, application.rulebook)
        found = take_votes(room, question, [change], {"mvd": HEAD, "hv": OTHER})
        unit.commit()
    return found


def test_what_approvers_write_in_their_tool_are_votes_and_what_others_write_is_none(desk: Desk) -> None:
    told = ask(gate="G3")
    assert not wrote(desk, "stranger", "approve")
    assert not wrote(desk, "mvd", "let us talk about it")
    assert wrote(desk, "mvd", "approve")
    assert not wrote(desk, "mvd", "approve"), "it is taken once"
    assert stored(desk, told.deviation).state is State.UNDER_REVIEW, "it takes two"
    assert not wrote(desk, "hv", "reject or approve: that is the question")
    assert wrote(desk, "hv", "Approve: until the yard delivers")
    assert stored(desk, told.deviation).state is State.SCHEDULED
    with desk.application.store.read() as unit:
        whys = {each.person: each.why for each in unit.decisions.votes(f"deviation/{told.deviation}")}
    assert whys == {HEAD: "", OTHER: "until the yard delivers"}, "the reason is kept with the vote"
    with desk.application.store.read() as unit:
        (question,) = unit.questions.of("group")
        assert (question.state, question.answer) == (QuestionState.ANSWERED, "approved")
    assert not wrote(desk, "mvd", "reject"), "what is decided stays decided"


def test_the_question_says_what_is_asked_and_a_stranger_is_told_that_it_does_not_count(desk: Desk) -> None:
    ask(gate="G3", citation="Ports Act")
    with desk.application.store.read() as unit:
        (question,) = unit.questions.of("group")
    assert question.text.startswith(
        "May it be so? mersin/MR-01 may depart from delivery-method 2.0, version-named"
    )
    assert "It is significant: the rule is locked and a gate is skipped." in question.text
    assert "Law demands it: Ports Act." in question.text
    change = Changed(question.id, COMMENT, "", "approve", "stranger", AT)
    after = settle(question, Look(AT.date(), changes=[change], deciders={"mvd": HEAD}))
    assert after.text.endswith(
        "What stranger wrote does not count: it is no approver's account (people.yaml)."
    )
    assert settle(after, Look(AT.date(), changes=[change], deciders={"mvd": HEAD})) == after
    late = settle(question, Look(date(2028, 1, 1)))
    assert (late.state, late.answer) == (QuestionState.UNANSWERED, None)


def test_a_report_shows_what_waits_is_in_force_interim_and_pending_apart_from_what_complies(
    desk: Desk,
) -> None:
    granted, by_law, waits = (
        ask(gate="G3"),
        ask(rule="sponsor-named", citation="Ports Act"),
        ask(rule="lead-named"),
    )
    approve(granted.deviation)
    at(date(2027, 1, 25))
    sweep_network(VERSION)
    write_reports()
    with desk.application.store.read() as unit:
        network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
        version = unit.versions.get("delivery-method", "2.0")
        _, report = _sweep(network, Gathered(unit, network), version)
    found = report.deviations
    assert [each.id for each in found.lines] == sorted(d.deviation for d in (granted, by_law, waits))
    assert (found.measures.waiting, found.measures.in_force, found.measures.interim, found.pending) == (
        2,
        1,
        1,
        2,
    )
    details = details_of(report, ("pass", "permitted", "fail"))
    page = details.pages["deviations"].decode()
    assert "2 wait, 1 in force, 1 in the interim, 2 pending with the strategic office" in page
    assert "waiting, in the interim as law demands it" in page
    first = sweep_html(report, details.name).decode()
    assert f'<a href="{details.name}/deviations.html">Deviations</a>' in first
