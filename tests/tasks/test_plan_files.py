"""Plans as milestones in a calendar and as a page, as others read them; and schedules for plans that state little."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from lxml import etree

from connectors.errors import Refused
from domain.plans.certificate import certificate
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from tasks.plan_files import FORMS, mandated, scheduled, with_dates, written_plan
from tests.connectors.plan_files.plans import START, plan

GATE = PlanTask("G", "Gate; 1, “ready”\nline", milestone=True, duration=Duration(0), notes="a, b; c")
MADE = WholePlan(
    "Łódź, phase 1",
    "Standard",
    (WorkCalendar("Standard"),),
    (PlanTask("1", "work <b>", duration=Duration(480)), GATE),
    (),
    START,
)


def test_milestones_are_days_in_a_calendar_with_ids_that_stay() -> None:
    made = written_plan(MADE, "ics", "m.ics")
    (event,) = Calendar.from_ical(made.data).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 3, 1)
    assert "VALUE=DATE" in made.data.decode()
    assert event.decoded("dtstamp") == START.replace(tzinfo=UTC)
    assert str(event["summary"]) == GATE.name
    renamed = replace(MADE, tasks=(MADE.tasks[0], replace(GATE, name="Gate 2")))
    (other,) = Calendar.from_ical(written_plan(renamed, "ics", "m.ics").data).walk("VEVENT")
    assert str(other["uid"]) == str(event["uid"])
    assert all(len(line) <= 75 for line in made.data.split(b"\r\n"))


def test_what_a_calendar_does_not_hold_is_lost_by_its_certificate() -> None:
    fates = {each.field: each for each in written_plan(MADE, "ics", "m.ics").certificate.fields}
    assert (fates["task.milestone"].kept, fates["task.notes"].kept, fates["task.name"].lost) == (1, 1, 1)
    assert (fates["task.duration"].lost, fates["calendar.week"].lost) == (2, 1)


def test_a_page_shows_every_task_and_its_certificate_is_read_from_the_page() -> None:
    made = plan(13, 80, tools=True)
    page = written_plan(made, "html", "p.html")
    fates = {each.field: each for each in page.certificate.fields}
    assert (fates["task.name"].lost, fates["task.name"].kept) == (0, len(made.tasks))
    leaves = sum(not task.summary for task in made.tasks)
    assert fates["task.percent"].kept == leaves
    assert len(etree.HTML(page.data).findall(".//section")) == 3
    odd = replace(MADE, tasks=(replace(MADE.tasks[0], name="x" * 300), GATE))
    told = {each.field: each for each in written_plan(odd, "html", "p.html").certificate.fields}
    assert told["task.name"].approximated == 2


def test_a_page_says_the_day_on_which_the_plan_was_seen_and_its_own_status_date_first() -> None:
    seen = replace(MADE, status_date=None)
    day, first = date(2027, 3, 4), seen.start.date()
    assert "seen on 4 March 2027" in written_plan(seen, "html", "p.html", day).data.decode()
    own = replace(seen, status_date=datetime(2027, 3, 2, 17))  # noqa: DTZ001 - a local clock's time
    assert "seen on 2 March 2027" in written_plan(own, "html", "p.html", day).data.decode()
    assert f"seen on {first.day} " in written_plan(seen, "html", "p.html").data.decode()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_plan_gives_the_same_bytes(form) -> None:
    made = plan(8, tools=True)
    assert written_plan(made, form, "p").data == written_plan(made, form, "p").data


def test_dates_are_stated_only_where_a_task_states_none() -> None:
    own = datetime(2027, 5, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
    made = with_dates(replace(MADE, tasks=(replace(MADE.tasks[0], start=own), GATE)), scheduled(MADE))
    assert (made.tasks[0].start, made.tasks[0].finish) == (own, START.replace(hour=17))


@pytest.mark.parametrize(
    ("made", "form", "said"),
    [
        (replace(MADE, start=None), "html", "neither a start nor a finish; add one"),
        (replace(MADE, start=None), "ics", "the milestone .* has no date: the plan states neither"),
        (replace(MADE, tasks=MADE.tasks[:1]), "ics", "has no milestone, so its calendar would be empty"),
        (
            replace(MADE, tasks=(*MADE.tasks, GATE)),
            "json",
            "the uid G is there twice; give each task its own",
        ),
        (
            replace(MADE, tasks=(PlanTask("1", "t"),)),
            "html",
            "1 has no duration; give one, or 0 for a milestone",
        ),
        (
            replace(MADE, start=START.replace(year=9999, month=12, day=31)),
            "html",
            "its dates leave the calendar",
        ),
    ],
)
def test_a_plan_that_cannot_be_written_is_refused_with_what_to_do(made, form, said) -> None:
    with pytest.raises(Refused, match=said):
        written_plan(made, form, "p")


def test_a_plan_without_a_start_is_scheduled_to_its_finish() -> None:
    made = replace(MADE, start=None, finish=START.replace(day=5, hour=17))
    found = scheduled(made).schedule
    assert found is not None
    assert found.finish == made.finish
    assert found.dates["1"].start == START.replace(day=5)


def test_a_mandated_field_that_would_be_lost_is_named() -> None:
    found = certificate(MADE, replace(MADE, tasks=(replace(MADE.tasks[0], duration=None), GATE)))
    assert mandated({"task.duration"}, found) == "task.duration (1 of 2, first of 1)"
    assert mandated({"task.name"}, found) == ""


def test_a_workbook_without_a_schedule_says_why_its_dates_are_blank() -> None:
    made = written_plan(replace(MADE, start=None), "xlsx", "p.xlsx")
    assert made.note.startswith("the columns of scheduled dates are blank: the plan states neither a start")
    assert written_plan(MADE, "xlsx", "p.xlsx").note == ""
