"""Read and stale are two things; late begins on the day after."""

from datetime import date, timedelta

import pytest

from domain.compliance.glossary import is_past, is_read, office_state
from domain.plans.project import Stage
from tests.domain.builders import MONDAY, noon, office, project

NOW = noon(MONDAY)
YESTERDAY, LONG_AGO = MONDAY - timedelta(days=1), MONDAY - timedelta(days=90)


def state(*reports, problem="", read=NOW, **changes):
    projects = [project(f"porto/{n}", last_report=day, **changes) for n, day in enumerate(reports)]
    return office_state(office(), projects, NOW, read_at=read, problem=problem)


@pytest.mark.parametrize(
    ("found", "read", "stale"),
    [
        (state(YESTERDAY, LONG_AGO), True, False),
        (state(LONG_AGO, None), True, True),
        (state(LONG_AGO, stage=Stage.CLOSED), True, False),
        (state(), True, False),
        (state(YESTERDAY, problem="locked"), False, True),
        (state(YESTERDAY, read=None), False, True),
    ],
)
def test_an_office_that_is_read_may_be_stale_and_one_that_is_not_read_is(found, read, stale) -> None:
    assert (is_read(found), found.stale) == (read, stale)


def test_the_day_itself_is_in_time() -> None:
    due = date(2027, 3, 31)
    assert [is_past(due, due + timedelta(days=n)) for n in (-1, 0, 1)] == [False, False, True]
    assert not is_past(None, due)
