"""What a rollout needs, from whom: lateness waits for whoever was told last, and the times are the clocks'."""

from __future__ import annotations

from datetime import date

import pytest

from domain.organization.clocks import Clocks, Escalation
from domain.organization.office import OfficeKind
from domain.reporting.needs import needs
from domain.rollouts.rollout import RolloutState, Standing
from tests.domain.builders import MONDAY, TIMES, adoption, begun, noon, office, organization, rollout, wave

DEFAULT = organization(office("south"), office("porto", "south"))
EARLY = organization(office("south"), office("porto", "south"), clocks=Clocks(escalation=TIMES))
LATE = {"bound_on": MONDAY, "due": MONDAY}


def asked(there, *members, on=date(2027, 1, 18), of=("porto",), **changes):
    """Of whom what is asked, with what happens otherwise."""
    made = begun(*(each.project for each in members), waves=[wave(offices=of)], **changes)
    found = needs(
        organization=there,
        rollout=made,
        adoptions=members,
        questions=(),
        version=None,
        sweep=None,
        now=noon(on),
    )
    return [(each.office, str(each.role), each.otherwise) for each in found]


def late(told):
    return adoption(Standing.BINDING, escalated=told, **LATE)


@pytest.mark.parametrize(
    ("there", "told", "who"),
    [
        (EARLY, 0, ("porto", "head", "told to the parent office after 5 business days")),
        (EARLY, 1, ("porto", "head", "told to the parent office after 5 business days")),
        (EARLY, 2, ("south", "head", "the wave may halt")),
        (DEFAULT, 1, ("porto", "head", "told to the parent office after 3 business days")),
        (DEFAULT, 2, ("south", "head", "told to the office above after 3 business days")),
        (DEFAULT, 3, ("hq", "head", "told to the sponsor after 2 business days")),
        (DEFAULT, 4, ("hq", "sponsor", "the wave may halt")),
        (EARLY, 4, ("south", "head", "the wave may halt")),
    ],
)
def test_late_work_waits_for_whoever_was_told_last_and_says_who_is_next(there, told, who):
    assert asked(there, late(told)) == [who]


def test_levels_of_one_day_are_told_together():
    there = organization(
        office("south"), office("porto", "south"), clocks=Clocks(escalation=Escalation(sponsor=8))
    )
    assert asked(there, late(3)) == [("hq", "head", "told to the sponsor as well")]


def test_projects_that_reached_other_levels_are_other_lines():
    one, two = late(1), adoption(Standing.BINDING, "porto/2", escalated=2, **LATE)
    assert sorted(who for who, *_ in asked(DEFAULT, one, two)) == ["porto", "south"]


@pytest.mark.parametrize(("told", "who"), [(0, "porto"), (1, "porto"), (2, "south"), (3, "hq")])
def test_a_missing_answer_waits_for_whoever_was_told_last(told, who):
    silent = adoption(Standing.UNANSWERED, answer_by=MONDAY, missing=("a.fact",), escalated=told)
    assert [office for office, *_ in asked(DEFAULT, silent)] == [who]


def test_a_rollout_that_rests_waits_for_an_approver_of_the_office_that_leads_it():
    marine = office("marine", None, kind=OfficeKind.STRATEGIC)
    there = organization(marine, office("oslo", "marine"))
    paused = rollout("oslo/1", waves=[wave(offices=["oslo"])], state=RolloutState.PAUSED)
    found = needs(
        organization=there,
        rollout=paused,
        adoptions=(),
        questions=(),
        version=None,
        sweep=None,
        now=noon(MONDAY),
    )
    assert [(each.office, str(each.role)) for each in found] == [("marine", "approver")]
