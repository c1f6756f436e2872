"""What the page of a deployment calls late: a go-live, and the next step of an office."""

from __future__ import annotations

from datetime import date

import pytest

from domain.deployments.deployment import Membership
from domain.deployments.progress import LocalStanding, OfficeStanding
from domain.deployments.sheet import OfficeLine
from domain.language import ENGLISH
from reports.deployments.page import Reading, ShownLine, shown_line
from tests.domain.builders import office, organization

TODAY = date(2027, 3, 29)


def shown(plan: LocalStanding, go_live: date) -> ShownLine:
    """One office as its page shows it, on TODAY."""
    there = organization(office("oslo"))
    line = OfficeLine("oslo", False, Membership.ACCEPTED, go_live, "oslo-call", plan)
    return shown_line(line, Reading(there, "/person/x", TODAY, ENGLISH, TODAY))


MAY, JUNE, MARCH, FEBRUARY = date(2027, 5, 10), date(2027, 6, 1), date(2027, 3, 1), date(2027, 2, 1)


@pytest.mark.parametrize(
    ("standing", "agreed", "planned", "late"),
    [
        (OfficeStanding.RUNNING, MAY, MAY, ""),
        (OfficeStanding.RUNNING, MAY, JUNE, "planned: 1 June"),
        (OfficeStanding.RUNNING, JUNE, MAY, ""),
        (OfficeStanding.RUNNING, MARCH, MARCH, "not live yet"),
        (OfficeStanding.NOT_STARTED, MARCH, None, "not live yet"),
        (OfficeStanding.NOT_STARTED, MARCH, MAY, "planned: 10 May"),
        (OfficeStanding.LIVE, MARCH, MARCH, ""),
    ],
)
def test_late_is_a_plan_that_goes_live_after_the_agreed_day_or_an_agreed_day_that_has_passed(
    standing: OfficeStanding, agreed: date, planned: date | None, late: str
) -> None:
    assert shown(LocalStanding(standing, go_live=planned, tasks=9), agreed).late == late


@pytest.mark.parametrize(
    ("on", "end", "step", "overdue"),
    [
        (MAY, None, "Train, 10 May", ""),
        (MARCH, None, "Train", "was to begin on 1 March"),
        (MARCH, MAY, "Train, 1 March", ""),
        (FEBRUARY, MARCH, "Train", "was to end on 1 March"),
        (None, None, "Train", ""),
    ],
)
def test_the_next_step_is_overdue_where_it_did_not_begin_or_end_in_time(
    on: date | None, end: date | None, step: str, overdue: str
) -> None:
    plan = LocalStanding(OfficeStanding.RUNNING, None, "Train", on, tasks=9, next_end=end)
    found = shown(plan, JUNE)
    assert (found.step, found.overdue) == (step, overdue)
