"""A case from raising to its end: whose turn it is, what closes it and what opens it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.cases.asking import LONGEST_DAYS
from domain.cases.case import Said
from domain.cases.checking import check_of, of_expression, of_facts, of_results
from domain.cases.escalating import (
    arbiter_of,
    as_placed,
    clock_of,
    due_on,
    escalated,
    levels_of,
    objection_due,
)
from domain.cases.kinds import CaseState, Color, NoSuchMove, OutcomeKind, Side
from domain.cases.moving import (
    acknowledged,
    agreed,
    analyzed,
    carried_out,
    check_stated,
    consulted_on,
    decided,
    dissenting,
    not_carried_out,
    objects,
    proposed,
    stops_the_clock,
    withdrawn,
)
from domain.cases.settling import attested, reopened, settled
from domain.cases.telling import otherwise
from domain.delivery.work import wanted_case
from domain.deviations.flaws import Flawed
from domain.language import ENGLISH
from domain.standards.checks.evaluation import InProcess
from domain.standards.verdict import Result
from tests.domain.cases.sample import AT, ORG, TERMS, draft, later, on_trial, raise_one

PORTO = ORG.offices["porto"].calendar
GREEN, RED = dict.fromkeys(Side, Color.GREEN), {Side.RAISER: Color.RED, Side.COUNTERPART: Color.GREEN}
PLAN, COST = check_of("rule plan-size", "method", "porto/1"), check_of("fact cost.overrun_percent <= 10")
COMPUTED = {Side.RAISER: PLAN, Side.COUNTERPART: COST}


def test_the_turn_passes_with_each_proposal_and_who_has_none_is_refused() -> None:
    case = raise_one(draft())
    assert (case.state, case.turn.side) == (CaseState.RAISED, Side.COUNTERPART)
    case = acknowledged(case, Said(AT, "mara"))
    with pytest.raises(NoSuchMove, match=r"hq has the turn in the case case-[0-9a-f]{12}, not porto"):
        proposed(case, Side.RAISER, OutcomeKind.TAILORING, "ours", Said(AT, "carl"))
    case = analyzed(case, Side.COUNTERPART, "which law says so?", Said(AT, "mara"))
    case = proposed(case, Side.RAISER, OutcomeKind.TAILORING, "80 tasks", Said(AT, "carl"))
    assert (case.state, case.turn.side) == (CaseState.PROPOSAL, Side.COUNTERPART)
    case = proposed(case, Side.COUNTERPART, OutcomeKind.AMENDMENT, "80 for all", Said(AT, "mara"))
    assert (case.state, case.turn.side) == (CaseState.COUNTER_PROPOSAL, Side.RAISER)
    case = agreed(case, Side.RAISER, Said(AT, "carl"))
    assert (case.state, case.turn.side) == (CaseState.AGREED, Side.COUNTERPART), "who amends the rule"
    with pytest.raises(NoSuchMove, match="its checks are fixed"):
        check_stated(case, Side.RAISER, PLAN, Said(AT, "carl"))
    with pytest.raises(NoSuchMove, match="nothing is carried out"):
        attested(case, Side.RAISER, True, None, Said(AT, "carl"))
    lost = not_carried_out(case, Said(AT), "declined")
    assert (lost.state, lost.agreement, lost.turn.side) == (CaseState.JOINT_ANALYSIS, None, Side.COUNTERPART)
    assert carried_out(case, Said(AT)).turn.side is Side.RAISER, "who attests first"


def test_it_closes_when_both_were_green_for_the_agreed_days_and_reopens_when_one_turns_red() -> None:
    case = on_trial(checks=COMPUTED, days=3)
    assert settled(case, RED, PORTO, AT) == replace(case, colors=RED)
    case = settled(case, GREEN, PORTO, AT)
    assert (case.state, case.turn) == (CaseState.EFFECTIVE, None)
    assert settled(case, GREEN, PORTO, later(2)).state is CaseState.EFFECTIVE
    closed = settled(case, GREEN, PORTO, later(3))
    assert closed.state is CaseState.CLOSED
    unknown = {**GREEN, Side.RAISER: Color.UNKNOWN}
    assert settled(closed, unknown, PORTO, later(4)).state is CaseState.CLOSED, "not known is not red"
    again = settled(closed, RED, PORTO, later(4))
    assert (again.state, again.reopened, again.turn.side) == (CaseState.JOINT_ANALYSIS, 1, Side.COUNTERPART)
    broken = settled(settled(case, unknown, PORTO, later(1)), GREEN, PORTO, later(3))
    assert broken.state is CaseState.EFFECTIVE, "the days begin anew when one was not known between"


def test_a_word_counts_until_its_day_and_is_asked_for_again() -> None:
    case = on_trial(days=1)
    assert case.turn.side is Side.RAISER
    assert settled(case, GREEN, PORTO, AT).state is CaseState.TRIAL, "nobody has said that it works"
    until = AT.date() + timedelta(days=30)
    case = settled(attested(case, Side.RAISER, True, until, Said(AT, "carl")), {}, PORTO, AT)
    assert case.turn.side is Side.COUNTERPART
    case = settled(attested(case, Side.COUNTERPART, True, None, Said(AT, "mara")), {}, PORTO, AT)
    closed = settled(case, {}, PORTO, later(2))
    assert closed.state is CaseState.CLOSED
    assert settled(closed, {}, PORTO, later(30)).state is CaseState.CLOSED
    again = settled(closed, {}, PORTO, later(31))
    assert (again.state, again.turn.side, again.reopened) == (CaseState.TRIAL, Side.RAISER, 1)


@pytest.mark.parametrize("kept", [(), (Side.COUNTERPART,), tuple(Side)])
def test_what_does_not_work_is_looked_into_and_both_attest_anew_what_is_agreed_then(
    kept: tuple[Side, ...],
) -> None:
    case = on_trial(days=9)
    for side in kept:
        case = attested(case, side, True, None, Said(AT, "x"))
    case = settled(case, {}, PORTO, AT)
    assert case.state is (CaseState.EFFECTIVE if len(kept) == 2 else CaseState.TRIAL)
    failed = settled(attested(case, Side.RAISER, False, None, Said(AT, "carl")), {}, PORTO, AT)
    assert (failed.state, failed.turn.side, failed.agreement) == (
        CaseState.JOINT_ANALYSIS,
        Side.COUNTERPART,
        None,
    )
    case = proposed(failed, Side.COUNTERPART, OutcomeKind.EXPLANATION, "as in Act 7", Said(AT, "mara"))
    case = settled(agreed(case, Side.RAISER, Said(AT, "carl")), {}, PORTO, AT)
    assert (case.state, case.turn.side) == (CaseState.TRIAL, Side.RAISER), (
        "asked, though it said that it fails"
    )
    case = settled(attested(case, Side.RAISER, True, None, Said(AT, "carl")), {}, PORTO, AT)
    assert (case.state, case.turn.side) == (CaseState.TRIAL, Side.COUNTERPART), "whatever it said before"


def test_a_clock_runs_from_delivery_for_whose_turn_it_is_and_stands_for_the_other() -> None:
    case = raise_one(draft())
    assert not clock_of(case, Side.COUNTERPART, ORG).running, "nothing was delivered"
    assert escalated(case, ORG, later(90)) == case
    case = case.delivered(AT)
    assert due_on(case, ORG) == date(2027, 1, 11), "five business days to acknowledge it"
    asked = analyzed(case, Side.COUNTERPART, "since when?", Said(later(3), "mara")).delivered(later(3))
    ran = clock_of(asked, Side.COUNTERPART, ORG)
    assert ran.worked(later(3)) == ran.worked(later(60))
    assert clock_of(asked, Side.RAISER, ORG).running


def test_a_card_says_from_the_first_the_day_that_counts_once_the_question_stands_there() -> None:
    case = replace(raise_one(draft()), question="asked")
    first = {office: wanted_case(case, ORG, office, AT) for office in case.offices}
    stands = as_placed(case, AT.date(), ORG)
    assert due_on(case, ORG) is None
    assert {each.fields.answer_by for each in first.values()} == {due_on(stands, ORG)} != {None}
    assert {office: wanted_case(stands, ORG, office, AT) for office in case.offices} == first
    assert wanted_case(case, ORG, "porto", later(1)).fields.answer_by is None, (
        "its tool took nothing yesterday"
    )
    late = as_placed(case, AT.date() + timedelta(days=1), ORG)
    assert wanted_case(late, ORG, "porto", later(1)).fields.answer_by > due_on(stands, ORG)


def test_while_offices_are_consulted_on_an_amendment_no_clock_of_the_two_sides_runs() -> None:
    proposal = proposed(
        raise_one(draft()), Side.COUNTERPART, OutcomeKind.AMENDMENT, "80 tasks", Said(AT, "mara")
    )
    case = agreed(proposal, Side.RAISER, Said(AT, "jan")).delivered(AT)
    asked = consulted_on(case, later(3), goes_on=True)
    assert (asked.state, asked.turn) == (CaseState.AGREED, None)
    assert "consulted on the amendment" in otherwise(asked, ORG, ENGLISH)
    assert escalated(asked, ORG, later(90)) == asked
    assert consulted_on(asked, later(4), goes_on=True) == asked
    back = consulted_on(asked, later(30), goes_on=False).delivered(later(30))
    assert (back.turn.side, back.round) == (Side.COUNTERPART, case.round), "its days before count on"
    used = clock_of(back, Side.COUNTERPART, ORG).worked(later(30))
    assert used == clock_of(case, Side.COUNTERPART, ORG).worked(later(3))
    assert consulted_on(proposal, AT, goes_on=True) == proposal, "nothing is agreed"


def test_silence_goes_up_the_tree_each_level_once_and_the_sponsor_above_both_decides() -> None:
    case, told = raise_one(draft()).delivered(AT), []
    for day in range(60):
        case = escalated(escalated(case, ORG, later(day)), ORG, later(day))
        told.append(len(case.told))
    assert [(each.number, each.office, each.role) for each in case.told] == [
        (1, "hq", "head"),
        (2, "hq", "sponsor"),
    ]
    assert told == sorted(told)
    assert (case.state, case.turn) == (CaseState.ESCALATED, None)
    assert arbiter_of(case, ORG).office == "hq"
    done = decided(case, "hq", OutcomeKind.NOTHING, "the law asks for no such thing", Said(later(61), "olga"))
    assert (done.state, done.agreement.office) == (CaseState.TRIAL, "hq")


def test_peers_end_at_the_office_above_both_or_at_the_named_sponsor_and_dissent_is_kept() -> None:
    peers = raise_one(draft(terms=f"{TERMS}; counterpart=oslo"))
    assert (arbiter_of(peers, ORG).office, arbiter_of(peers, ORG).role) == ("hq", "sponsor")
    assert [each.office for each in levels_of(peers, Side.COUNTERPART, ORG)] == ["oslo", "hq", "hq"]
    named = raise_one(draft(terms=f"{TERMS}; counterpart=oslo; sponsor=board"))
    assert arbiter_of(named, ORG).office == "board"
    case = proposed(named, Side.COUNTERPART, OutcomeKind.NOTHING, "as it is", Said(AT, "liv"))
    case = proposed(case, Side.RAISER, OutcomeKind.TAILORING, "80", Said(AT, "carl")).delivered(AT)
    case = escalated(case, ORG, later(90))
    done = decided(case, "board", OutcomeKind.NOTHING, "as it is", Said(later(90), "yan"))
    assert [each.side for each in done.agreement.dissent] == [Side.RAISER]
    assert (
        dissenting(done, Side.RAISER, "it is against the law").agreement.dissent[0].text.startswith("it is")
    )
    with pytest.raises(NoSuchMove, match="nobody above the two sides decided"):
        dissenting(on_trial(), Side.RAISER, "no")


def test_a_day_that_law_sets_comes_before_any_clock() -> None:
    case = raise_one(draft(terms=f"{TERMS}; deadline=2027-01-05; citation=Ports Act"))
    assert due_on(case, ORG) == date(2027, 1, 5), "delivered or not"
    assert escalated(case, ORG, later(1)).state is CaseState.RAISED
    assert escalated(case, ORG, later(2)).state is CaseState.ESCALATED


def test_an_objection_stops_that_offices_clock_once_and_is_decided_after_fifteen_business_days() -> None:
    about = "version delivery-method/2.0"
    case = raise_one(draft(about=about, terms="", objection=True))
    assert stops_the_clock(case, "porto")
    assert objects(case, "porto")
    assert not stops_the_clock(case, "oslo")
    both = raise_one(draft("oslo", about, "", objection=True), (case,))
    assert both.id == case.id
    assert stops_the_clock(both, "oslo"), "each office's own clock"
    assert objection_due(case, ORG) == date(2027, 1, 25)
    assert escalated(case, ORG, later(21)).state is CaseState.RAISED
    over = escalated(case, ORG, later(22))
    assert over.state is CaseState.ESCALATED
    ended = withdrawn(case, "porto", Said(AT, "carl"), "we can")
    assert (ended.state, objects(ended, "porto")) == (CaseState.WITHDRAWN, False)
    second = raise_one(draft(about=about, terms="", objection=True), (ended,))
    assert second.id != ended.id
    assert not stops_the_clock(second, "porto"), "it was stopped before"
    assert objects(second, "porto")


def test_an_objection_that_is_opened_again_stops_no_clock_a_second_time() -> None:
    case = raise_one(draft(about="version delivery-method/2.0", terms="", objection=True))
    case = proposed(case, Side.COUNTERPART, OutcomeKind.TEMPLATE, "it is changed", Said(later(1), "mara"))
    there = agreed(case, Side.RAISER, Said(later(2), "carl"))
    assert not stops_the_clock(there, "porto")
    again = not_carried_out(there, Said(later(3), "mara"), "the board says no")
    tried = replace(carried_out(there, Said(later(3), "mara")), state=CaseState.CLOSED)
    red = reopened(replace(tried, colors={Side.RAISER: Color.RED}), Side.RAISER, Said(later(4)))
    for each in (again, red):
        assert (each.state, objects(each, "porto")) == (CaseState.JOINT_ANALYSIS, True)
        assert not stops_the_clock(each, "porto"), "it stood until it was agreed"
        both = raise_one(draft("oslo", "version delivery-method/2.0", "", objection=True), (each,), later(5))
        assert stops_the_clock(both, "oslo"), "whose clock never stood"


def test_an_office_that_withdraws_and_objects_again_is_not_stopped_again() -> None:
    about = "version delivery-method/2.0"
    case = raise_one(draft(about=about, terms="", objection=True))
    both = raise_one(draft("oslo", about, "", objection=True), (case,))
    one = withdrawn(both, "porto", Said(AT, "carl"), "we find the time")
    again = raise_one(draft(about=about, terms="", objection=True), (one,))
    assert (again.id, again.offices) == (case.id, ("oslo", "porto", "hq"))
    assert not stops_the_clock(again, "porto")
    assert stops_the_clock(again, "oslo")


def test_equal_cases_are_one_and_each_office_that_raised_it_may_leave() -> None:
    case = raise_one(draft())
    both = raise_one(draft("dubai"), (case,))
    assert both.offices == ("porto", "dubai", "hq")
    assert raise_one(draft("dubai"), (both,)) == both, "twice by one office is once"
    assert raise_one(draft(about="rule delivery-method/2.0 sponsor"), (both,)).id != case.id
    left = withdrawn(both, "porto", Said(AT, "carl"), "solved")
    assert (left.state, left.raiser) == (CaseState.RAISED, "dubai")
    assert withdrawn(left, "dubai", Said(AT, "amal"), "solved").state is CaseState.WITHDRAWN
    with pytest.raises(NoSuchMove, match="oslo did not raise"):
        withdrawn(left, "oslo", Said(AT, "liv"), "why not")


WRONG = [
    ({"about": "something"}, "about: 'something' does not say"),
    ({"about": "rule plan-size"}, "about: 'plan-size' names no version"),
    ({"about": "version 2.0"}, "about: '2.0' names no version"),
    ({"about": f"tool {'x' * 300}"}, "about: it has more than 200 characters: 300"),
    ({"about": "report monthly", "objection": True}, "about: nobody objects to that: report"),
    ({"terms": ""}, "cause: it says no cause"),
    ({"terms": "cause=boredom"}, "cause: 'boredom' is no cause"),
    ({"terms": f"{TERMS}; deadline=soon"}, "deadline: 'soon' is no date"),
    ({"terms": f"{TERMS}; deadline=2027-03-01"}, "citation: a day is set by a law"),
    ({"terms": f"{TERMS}; deadline=2026-03-01; citation=x"}, "deadline: 2026-03-01 is over"),
    ({"terms": f"{TERMS}; counterpart=nowhere"}, "counterpart: there is no office 'nowhere'"),
    ({"terms": f"{TERMS}; counterpart=porto"}, "counterpart: it is the office that raises it"),
    ({"terms": f"{TERMS}; sponsor=olga"}, "sponsor: there is no office 'olga'"),
    ({"terms": f"{TERMS}; days=0"}, "days: '0' is no number of business days"),
    ({"terms": f"{TERMS}; days={LONGEST_DAYS + 1}"}, "days: '251' is no number"),
    ({"terms": f"{TERMS}; cause=legal"}, "cause: it is given twice"),
    ({"terms": f"{TERMS}; colour=red"}, "terms: 'colour' is no term"),
    ({"terms": f"{TERMS}; sponsor"}, "terms: 'sponsor' says nothing"),
    ({"terms": f"{TERMS}; check=we are happy"}, "check: it does not say what is to hold"),
    ({"terms": f"{TERMS}; check=fact plan.colour <= 3"}, "check: 'plan.colour' is no fact"),
    ({"terms": f"{TERMS}; check=fact plan.percent_complete about 3"}, "check: 'about 3' is no limit"),
    ({"terms": f"{TERMS}; check=cel 1 +"}, "check: "),
    ({"why": "no"}, "why: it gives no reason"),
    ({"why": "x" * 2_001}, "why: it has more than 2000 characters: 2001"),
    ({"office_": "atlantis"}, "office: there is no office 'atlantis'"),
    ({"terms": TERMS + "; document=a" * 21}, "document: there are too many of them: 21"),
]
OBJECTED = [
    ({"about": "report monthly"}, "about: nobody objects to that: report"),
    ({"about": "template finance-system"}, "about: nobody objects to that: template"),
    ({"about": "tool redmine"}, "about: nobody objects to that: tool"),
    ({"about": "version 2.0"}, "about: '2.0' names no version"),
    ({"terms": "cause=boredom"}, "cause: 'boredom' is no cause"),
    ({"terms": "deadline=soon"}, "deadline: 'soon' is no date"),
    ({"terms": "check=we are happy"}, "check: it does not say what is to hold"),
    ({"terms": "counterpart=porto"}, "counterpart: it is the office that raises it"),
    ({"terms": "sponsor=olga"}, "sponsor: there is no office 'olga'"),
    ({"terms": "days=0"}, "days: '0' is no number of business days"),
    ({"why": "no"}, "why: it gives no reason"),
    ({"office_": "atlantis"}, "office: there is no office 'atlantis'"),
]


@pytest.mark.parametrize(("changes", "place"), WRONG)
def test_what_cannot_be_raised_is_named_with_its_place_and_what_to_do(changes, place) -> None:
    with pytest.raises(Flawed) as found:
        draft(**changes)
    assert place in str(found.value)
    assert all(each.instead for each in found.value.flaws)


@pytest.mark.parametrize(("changes", "place"), OBJECTED)
def test_what_is_wrong_with_an_objection_is_named_with_its_place_and_what_to_do(changes, place) -> None:
    with pytest.raises(Flawed) as found:
        draft(**{"about": "version delivery-method/2.0", "terms": "", **changes}, objection=True)
    assert place in str(found.value)
    assert all(each.instead for each in found.value.flaws)


def test_checks_say_green_only_of_what_is_known() -> None:
    assert of_results([Result.PASS, Result.PERMITTED]) is Color.GREEN
    assert of_results([Result.PASS, Result.UNKNOWN, Result.FAIL]) is Color.RED
    assert of_results([Result.PASS, Result.ERROR]) is Color.UNKNOWN
    assert of_results([]) is Color.UNKNOWN, "of no project nothing is known"
    low, high, none = ({"cost": cost} for cost in ({"overrun_percent": 4.0}, {"overrun_percent": 14}, {}))
    assert [of_facts(COST, [each]) for each in (low, high, none)] == [Color.GREEN, Color.RED, Color.UNKNOWN]
    assert of_facts(COST, [low, high]) is Color.RED
    text = check_of("fact project.stage == closing")
    assert of_facts(text, [{"project": {"stage": "closing"}}]) is Color.GREEN
    assert of_facts(text, [{"project": {"stage": 3}}]) is Color.UNKNOWN
    written = check_of("cel: cost.overrun_percent < 10.0")
    found = [of_expression(written, [each], InProcess(), AT) for each in (low, high, none)]
    assert found == [Color.GREEN, Color.RED, Color.UNKNOWN]
