"""Cut-offs by rhythm and cadence, and which content of a plan belongs to which."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from domain.organization.calendar import Calendar, Rhythm
from domain.plans.project import Plan, Project, Stage
from domain.reporting.asking import answer_by
from domain.reporting.cut_offs import Content, coming, content_of, has_reported, period
from domain.standards.formats import Cadence
from tests.domain.builders import office

RIYADH = Calendar("SA", "Asia/Riyadh", frozenset({4, 5}))
THURSDAY = office("dammam", calendar=RIYADH, rhythm=Rhythm(3, time(16)))
NOW = datetime(2027, 3, 1, 6, tzinfo=UTC)
DAYS = {"before": datetime(2027, 2, 25, 9, tzinfo=UTC), "after": datetime(2027, 2, 28, 9, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("cadence", "weeks", "before", "day", "following"),
    [
        (Cadence.CUT_OFF, 1, date(2027, 2, 18), date(2027, 2, 25), date(2027, 3, 4)),
        (Cadence.CUT_OFF, 2, date(2027, 2, 4), date(2027, 2, 18), date(2027, 3, 4)),
        (Cadence.WEEKLY, 2, date(2027, 2, 18), date(2027, 2, 25), date(2027, 3, 4)),
        (Cadence.MONTHLY, 1, date(2027, 1, 28), date(2027, 2, 25), date(2027, 3, 25)),
    ],
)
def test_the_period_that_is_over_and_the_coming_one(cadence, weeks, before, day, following) -> None:
    own = office("dammam", calendar=RIYADH, rhythm=Rhythm(3, time(16), weeks))
    over, ahead = period(own, cadence, NOW), coming(own, cadence, NOW)
    assert (over.before_day, over.day, ahead.day) == (before, day, following)
    assert (over.cut_off.hour, ahead.before) == (13, over.cut_off), "16:00 in Riyadh"
    assert period(own, cadence, over.cut_off) == over


def content(at: str, reported: date | None, *, gone: bool = False) -> Content:
    project = Project("dammam/1", "dammam", "الميناء", last_report=reported)
    return Content("dammam/1", DAYS[at], f"{at} {reported}", None if gone else Plan(project))


WEEK = period(THURSDAY, Cadence.CUT_OFF, NOW)


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ([("before", None)], 0),
        ([("before", None), ("before", date(2027, 2, 18))], 1),
        ([("before", date(2027, 2, 18)), ("after", date(2027, 2, 25))], 1),
        ([("before", date(2027, 2, 25)), ("after", date(2027, 2, 25))], 0),
        ([("before", date(2027, 2, 18)), ("after", date(2027, 2, 28))], 0),
        ([("before", date(2027, 2, 18)), ("after", None)], 0),
        ([("after", date(2027, 2, 24))], 0),
        ([("after", None)], None),
        ([], None),
    ],
)
def test_what_belongs_to_a_period_was_read_by_its_end_or_bears_a_newer_report_of_it(history, found) -> None:
    contents = [content(*each) for each in history]
    assert content_of(contents, WEEK, NOW) == (None if found is None else contents[found])
    assert content_of(contents, WEEK, DAYS["before"]) == (
        next((c for c in reversed(contents) if c.at == DAYS["before"]), None)
    ), "what was not read yet is not known yet"


def test_a_project_that_was_gone_at_the_cut_off_said_nothing_and_one_that_went_later_did() -> None:
    there = content("before", date(2027, 2, 25))
    assert content_of([there, content("before", None, gone=True)], WEEK, NOW) is None
    assert content_of([there, content("after", None, gone=True)], WEEK, NOW) == there


def test_an_office_whose_open_projects_bear_only_old_reports_did_not_report() -> None:
    def project(reported: date | None, stage: Stage = Stage.EXECUTION) -> Project:
        return Project("dammam/1", "dammam", "x", stage=stage, last_report=reported)

    old, new = date(2027, 2, 18), date(2027, 2, 19)
    assert not has_reported([project(old), project(None), project(new, Stage.CLOSED)], WEEK)
    assert has_reported([project(old), project(new)], WEEK)
    assert has_reported([project(None)], WEEK), "nothing is known against it"
    assert has_reported([], WEEK)


@pytest.mark.parametrize(
    ("today", "by"),
    [
        (date(2027, 2, 28), date(2027, 3, 3)),
        (date(2027, 3, 2), date(2027, 3, 3)),
        (date(2027, 3, 3), None),
        (date(2027, 3, 4), None),
    ],
)
def test_questions_are_to_be_answered_on_the_business_day_before_the_cut_off(today, by) -> None:
    ahead = coming(THURSDAY, Cadence.CUT_OFF, NOW)
    assert ahead.day == date(2027, 3, 4)
    assert answer_by(THURSDAY, ahead, today) == by


def test_questions_for_a_monthly_report_wait_until_its_time_has_come() -> None:
    ahead = coming(THURSDAY, Cadence.MONTHLY, NOW)
    assert ahead.day == date(2027, 3, 25)
    assert answer_by(THURSDAY, ahead, date(2027, 3, 2)) is None
    assert answer_by(THURSDAY, ahead, date(2027, 3, 18)) == date(2027, 3, 24)
