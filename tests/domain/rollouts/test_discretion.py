"""Elections beyond the rule, and adopting at the next gate: by a manager, with a reason, for one project in five."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.organization.office import Person
from domain.plans.project import Answer
from domain.questions.elections import BEYOND_RULE
from domain.questions.kind import Look
from domain.questions.question import NoticeKind, QuestionState
from domain.questions.registry import settle
from domain.rollouts.adoption import step
from domain.rollouts.discretion import most_of
from domain.rollouts.notices import notices
from domain.rollouts.progress import first_adoption, progress
from domain.rollouts.rollout import Standing
from domain.standards.standard import Discretion, Election
from tests.domain.builders import (
    BEYOND,
    ELIGIBLE,
    LEEWAY,
    MEMBERS,
    MONDAY,
    NOT_ELIGIBLE,
    adoption,
    item,
    network,
    noon,
    office,
    organization,
    plan,
    program,
    rollout,
    seen,
    version,
)

DAY = timedelta(days=1)
BAND = replace(LEEWAY, discretion=Discretion())
NEW = version(previous="1.0", leeway=BAND)
KEYS = tuple(f"porto/{n}" for n in range(1, 6))
MANAGED = replace(program(), manager="ana")


def world(percent=75, keys=KEYS, programs=(MANAGED,), questions=(), at=MONDAY):
    people = {"ana": Person("ana", "Ana")}
    org = organization(office(), programs={each.id: each for each in programs}, people=people)
    plans = [
        plan(
            key,
            items=(item(key, work=10.0, percent=float(percent)),),
            program="cranes",
            percent_complete=percent,
        )
        for key in keys
    ]
    return network(*plans, org=org, questions=questions, at=noon(at))


def day(asked=(), stood=None, at=MONDAY, **changes):
    net = world(questions=asked, at=at, **changes)
    of = rollout(*KEYS, waves=None)
    members = MEMBERS[of.manifest.digest]
    of = replace(of, waves={1: "running"})
    return progress(of, stood or [first_adoption(each, of) for each in members], net, NEW)


def answered(question, text, on=MONDAY):
    placed = replace(question, placed=MONDAY)
    return settle(
        placed, Look(on, answer=Answer(question.id, text, "Ana"), given=on, plan=plan(question.project))
    )


def test_the_manager_is_asked_with_what_to_write_and_silence_adopts():
    done = day()
    (asked, *others) = done.asked
    assert (len(others), asked.about, asked.program) == (4, BEYOND_RULE, "cranes")
    assert "75" in asked.text
    assert "from 70 to 80 beyond the rule: its program manager may let it complete under 1.0" in asked.text
    assert (
        "finish or gate (adopt at its next gate) with the reason after a colon, or adopt (now)" in asked.text
    )
    assert asked.text.endswith("without an answer: adopt.")
    late = day(stood=done.adoptions, at=MONDAY + 40 * DAY)
    assert {each.standing for each in late.adoptions} == {Standing.BINDING}
    assert not any(each.beyond for each in late.adoptions)


@pytest.mark.parametrize(
    ("text", "answer", "reason"),
    [
        ("finish", None, ""),
        ("finish:", None, ""),
        ("finish: a", None, ""),
        ("finish: handover is in six weeks", "finish_old", "handover is in six weeks"),
        ("Gate:  the yard closes\n in May ", "at_gate", "the yard closes in May"),
        ("abschließen\nÜbergabe im Mai", "finish_old", "Übergabe im Mai"),
        ("adopt", "adopt", ""),
        ("perhaps: why not", None, ""),
    ],
)
def test_beyond_the_rule_an_election_takes_a_reason(text, answer, reason):
    found = answered(day().asked[0], text)
    assert (found.answer, found.reason) == (answer, reason)
    if answer is None:
        assert "with the reason after a colon" in found.text


def test_one_project_in_five_of_a_program_completes_beyond_the_rule_the_first_that_was_elected():
    first = day()
    asked = [
        answered(q, f"finish: reason {n}", MONDAY + (5 - n) * DAY if n < 3 else MONDAY)
        for n, q in enumerate(first.asked)
        if n in (1, 4)
    ]
    done = day(asked=asked, stood=first.adoptions, at=MONDAY + 4 * DAY)
    granted = [a for a in done.adoptions if a.beyond]
    assert [(a.project, a.standing) for a in granted] == [("porto/5", Standing.GRANDFATHERED)]
    assert "the program manager's reason: reason 4" in granted[0].why
    assert granted[0].until == LEEWAY.until
    refused = next(a for a in done.adoptions if a.project == "porto/2")
    later = day(asked=asked, stood=done.adoptions, at=MONDAY + 30 * DAY)
    bound = next(a for a in later.adoptions if a.project == "porto/2")
    assert (refused.beyond, bound.standing) == (False, Standing.BINDING)
    assert (
        "1 of the program's 5 projects do so already, and 1 may: ask for a deviation in advance" in bound.why
    )
    again = day(asked=asked, stood=later.adoptions, at=MONDAY + 30 * DAY)
    assert again.adoptions == later.adoptions


@pytest.mark.parametrize(("projects", "most"), [(0, 0), (1, 0), (4, 0), (5, 1), (9, 1), (10, 2), (15, 3)])
def test_a_share_never_rounds_up(projects, most):
    assert most_of(projects, 0.2) == most


def test_in_a_program_of_four_nobody_is_asked_beyond_the_rule_and_is_told_of_the_deviation():
    of = replace(rollout(*KEYS[:4]), waves={1: "running"})
    members = [first_adoption(each, of) for each in MEMBERS[of.manifest.digest]]
    done = progress(of, members, world(keys=KEYS[:4]), NEW)
    assert done.asked == ()
    later = progress(of, done.adoptions, world(keys=KEYS[:4], at=MONDAY + 30 * DAY), NEW)
    assert "0 may: ask for a deviation in advance" in later.adoptions[0].why


@pytest.mark.parametrize(
    ("percent", "programs", "why"),
    [
        (
            69.9,
            (MANAGED,),
            "is 69.9, not from 70 to 80: to complete under the old version it takes a deviation",
        ),
        (80.1, (MANAGED,), "is 80.1, not from 70 to 80"),
        (75, (program(),), "to complete under the old version it takes a deviation, in advance"),
        (75, (), "it takes a deviation, in advance"),
    ],
)
def test_outside_the_band_and_without_a_manager_it_takes_a_deviation(percent, programs, why):
    assert why in world(percent, programs=programs).leeway("porto/1", NEW).why
    assert day(percent=percent, programs=programs).asked == ()


def test_without_a_band_nothing_is_said_of_it():
    plain = version(previous="1.0", leeway=LEEWAY)
    assert "deviation" not in world().leeway("porto/1", plain).why


def test_who_was_granted_may_progress_beyond_the_band_and_lapses_below_it():
    stands = adoption(
        Standing.GRANDFATHERED, since=MONDAY, elected=Election.FINISH_OLD, beyond=True, until=LEEWAY.until
    )
    for percent, standing in ((88, Standing.GRANDFATHERED), (69, Standing.BINDING)):
        net = world(percent)
        leeway = net.leeway("porto/1", NEW, granted=stands.beyond)
        after = step(stands, seen(leeway=leeway, terms=BAND))
        assert (after.standing, after.beyond) == (standing, standing is Standing.GRANDFATHERED)
    by_rule = step(stands, seen(leeway=ELIGIBLE, terms=BAND))
    assert (by_rule.standing, by_rule.beyond) == (Standing.GRANDFATHERED, False), "it uses no room any more"
    assert step(stands, seen(leeway=NOT_ELIGIBLE, terms=BAND)).why == "leeway lapsed: 40 % < 90 %"


def test_who_leads_and_the_office_are_told_that_a_manager_elected_beyond_the_rule():
    before = adoption(Standing.TRIAL)
    after = replace(before, standing=Standing.GRANDFATHERED, beyond=True)
    told = notices(world().organization, rollout("porto/1"), [(before, after)], MONDAY)
    assert [(n.kind, n.office, n.role) for n in told] == [
        (NoticeKind.DISCRETION, "hq", "approver"),
        (NoticeKind.DISCRETION, "porto", "head"),
    ]
    assert notices(world().organization, rollout("porto/1"), [(after, after)], MONDAY) == ()


def at_gate(leeway=ELIGIBLE, **changes):
    tried = adoption(Standing.TRIAL, notified_on=MONDAY, elect_by=MONDAY + 7 * DAY)
    return step(tried, seen(leeway=leeway, election=Election.AT_GATE, **changes))


def test_who_adopts_at_the_next_gate_is_bound_when_it_passes_one_and_not_by_those_before():
    stands = at_gate()
    assert (stands.standing, stands.elected) == (Standing.GRANDFATHERED, Election.AT_GATE)
    assert "(elected: adopts at its next gate)" in stands.why
    passed = {"G1": MONDAY - 40 * DAY, "G2": MONDAY}
    later = MONDAY + 20 * DAY
    still = step(stands, seen(today=later, leeway=ELIGIBLE, election=Election.AT_GATE, gates=passed))
    assert still.standing is Standing.GRANDFATHERED
    planned = {**passed, "G3": later + DAY}
    for today, standing in ((later, Standing.GRANDFATHERED), (later + DAY, Standing.BINDING)):
        after = step(stands, seen(today=today, leeway=ELIGIBLE, election=Election.AT_GATE, gates=planned))
        assert after.standing is standing
    assert after.why == "passed G3: adopts at its next gate, as elected"


def test_no_gate_puts_it_off_beyond_the_end_of_the_leeway():
    ended = replace(NOT_ELIGIBLE, why="leeway ended on 2027-03-31")
    after = step(at_gate(), seen(today=date(2027, 4, 1), leeway=ended, election=Election.AT_GATE))
    assert after.standing is Standing.BINDING


def test_beyond_the_rule_a_gate_may_be_elected_too():
    after = at_gate(leeway=BEYOND, reason="the yard closes in May")
    assert (after.beyond, after.elected) == (True, Election.AT_GATE)
    assert "adopts at its next gate; the program manager's reason: the yard closes in May" in after.why


def test_the_default_may_be_the_next_gate():
    terms = replace(LEEWAY, default=Election.AT_GATE)
    tried = adoption(Standing.TRIAL, notified_on=MONDAY, elect_by=MONDAY)
    after = step(tried, seen(today=MONDAY + DAY, leeway=ELIGIBLE, terms=terms))
    assert (after.standing, after.elected) == (Standing.GRANDFATHERED, Election.AT_GATE)


def test_an_answer_is_kept_as_it_is_read_again():
    found = answered(day().asked[0], "finish: handover in May")
    assert found.state is QuestionState.ANSWERED
    assert settle(found, Look(MONDAY + DAY, answer=Answer(found.id, "finish: another"))) == found
