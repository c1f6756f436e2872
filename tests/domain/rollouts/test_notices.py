"""Who is notified of what, once, and without names."""

from dataclasses import replace
from datetime import date

from domain.organization.clocks import Clocks, Escalation
from domain.organization.office import OfficeKind
from domain.questions.question import NoticeKind
from domain.rollouts.notices import notices
from domain.rollouts.rollout import RolloutState, Standing
from tests.domain.builders import MONDAY, TIMES, WORLD, adoption, begun, office, organization, wave

ORG = organization(office("south"), office("porto", "south"), clocks=Clocks(escalation=TIMES))
ROLLOUT = begun("porto/1", waves=[wave()])


def told(*moves, rollout=ROLLOUT, today=MONDAY):
    found = notices(ORG, rollout, moves, today)
    return {(n.kind, n.office, n.role): n.counts.get("projects") for n in found}


def move(before, after, key="porto/1", was=None, **changes):
    return adoption(before, key, **(was or {})), adoption(after, key, **changes)


def test_moves_of_one_office_are_one_notice_with_their_count():
    moves = [move(Standing.TRIAL, Standing.BINDING, f"porto/{n}") for n in range(3)]
    assert told(*moves) == {(NoticeKind.DUE, "porto", "reporter"): 3}


def test_nobody_is_told_where_nothing_moved():
    assert told(move(Standing.BINDING, Standing.BINDING)) == {}


def test_a_question_is_told_to_the_reporter():
    assert told(move(Standing.NOTIFIED, Standing.QUESTIONED)) == {
        (NoticeKind.QUESTION, "porto", "reporter"): 1
    }


def test_leeway_lapses_with_notice_also_after_a_question_about_it():
    lapsed = {(NoticeKind.LAPSED, "porto", "reporter"): 1}
    assert told(move(Standing.GRANDFATHERED, Standing.BINDING)) == lapsed
    assert told(move(Standing.UNANSWERED, Standing.BINDING, was={"until": date(2027, 3, 31)})) == lapsed


def test_lateness_is_told_to_the_head_and_then_to_the_parents_head():
    late = move(Standing.BINDING, Standing.BINDING, escalated=1)
    later = move(Standing.BINDING, Standing.BINDING, was={"escalated": 1}, escalated=2)
    assert told(late) == {(NoticeKind.LATE, "porto", "head"): 1}
    assert told(later) == {(NoticeKind.ESCALATED, "south", "head"): 1}


def test_both_levels_are_told_when_both_were_reached_since():
    both = move(Standing.BINDING, Standing.BINDING, escalated=2)
    assert set(told(both)) == {(NoticeKind.LATE, "porto", "head"), (NoticeKind.ESCALATED, "south", "head")}


def test_a_halt_is_told_to_the_strategic_office_and_the_same_halt_once():
    halted = replace(ROLLOUT, state=RolloutState.HALTED, note="wave 1: 2 of 5 late")
    keys = {notices(ORG, halted, [], day)[0].key for day in (MONDAY, date(2027, 1, 5))}
    assert told(rollout=halted) == {(NoticeKind.HALTED, "hq", "approver"): None}
    assert len(keys) == 1


def test_a_notice_names_no_project():
    found = notices(ORG, ROLLOUT, [move(Standing.TRIAL, Standing.BINDING)], MONDAY)
    assert not any("porto/1" in f"{n.key} {n.text} {n.counts}" for n in found)


def late_text(there, at="porto"):
    """The text of the notice to the head of an office that is late."""
    moves = [move(Standing.BINDING, Standing.BINDING, f"{at}/1", escalated=1)]
    (found,) = notices(there, begun(f"{at}/1", waves=[wave(offices=[at])]), moves, MONDAY)
    return found.text


def test_the_text_says_who_is_told_next_and_when_by_the_organizations_clocks():
    below = (office("south"), office("porto", "south"))
    assert late_text(ORG) == "1 project is past its date; one week more and the parent office is told"
    default = "1 project is past its date; 3 business days more and the parent office is told"
    assert late_text(organization(*below)) == default
    days = Clocks(escalation=Escalation(head=2, parent=3))
    assert late_text(organization(*below, clocks=days)).endswith(
        "; 1 business day more and the parent office is told"
    )


def test_a_week_is_that_of_the_office():
    six = replace(WORLD, weekend=frozenset({6}))
    there = organization(office("porto", calendar=six), clocks=Clocks(escalation=TIMES))
    assert late_text(there).endswith("; 5 business days more and the parent office is told")
    whole = Clocks(escalation=replace(TIMES, parent=7))
    assert late_text(organization(office("porto", calendar=six), clocks=whole)).endswith(
        "; one week more and the parent office is told"
    )


def test_where_no_office_is_above_the_sponsor_follows_and_where_nobody_does_no_time_is_said():
    assert late_text(organization(), "hq").endswith("; 8 business days more and the sponsor is told")
    assert late_text(organization(clocks=Clocks(escalation=TIMES)), "hq") == "1 project is past its date"


def test_further_levels_are_told_in_their_turn_and_the_sponsor_by_that_role():
    there = organization(office("south"), office("porto", "south"))
    levels = [
        move(Standing.BINDING, Standing.BINDING, was={"escalated": n}, escalated=n + 1) for n in range(2, 4)
    ]
    found = [[(n.kind, n.office, n.role) for n in notices(there, ROLLOUT, [each], MONDAY)] for each in levels]
    assert found == [[(NoticeKind.ESCALATED, "hq", "head")], [(NoticeKind.ESCALATED, "hq", "sponsor")]]


def test_a_halt_is_told_to_the_strategic_office_that_leads_the_rollout():
    marine = office("marine", None, kind=OfficeKind.STRATEGIC)
    there = organization(marine, office("oslo", "marine"))
    halted = replace(begun("oslo/1", waves=[wave(offices=["oslo"])]), state=RolloutState.HALTED)
    assert [(n.office, n.role) for n in notices(there, halted, [], MONDAY)] == [("marine", "approver")]
