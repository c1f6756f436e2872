"""Microsoft Project's XML as whole plans: what is read of calendars, links and people, and what is told as not carried."""

from datetime import date
from decimal import Decimal

import pytest

from connectors.errors import Refused
from connectors.plan_files import mspdi_reading
from domain.plans.link import Lag, LagMeasure
from domain.plans.task import Constraint, ConstraintKind, Duration, Money
from domain.plans.work_calendar import MORNING, OFFICE_HOURS, DayReason

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="http://schemas.microsoft.com/project">\n'
TIMES = "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime><WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"
WEEK = "".join(
    f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(1 < day < 7)}</DayWorking>{TIMES if 1 < day < 7 else ''}</WeekDay>"
    for day in range(1, 8)
)


def calendar(uid=1, name="Standard", base=-1, own=1, week=WEEK, more="") -> str:
    return f"<Calendar><UID>{uid}</UID><Name>{name}</Name><IsBaseCalendar>{own}</IsBaseCalendar><BaseCalendarUID>{base}</BaseCalendarUID><WeekDays>{week}</WeekDays>{more}</Calendar>"


def exception(kind=1, first="2027-01-01", last="2027-12-31", more="", hours="", name="x") -> str:
    working = f"<DayWorking>{int(bool(hours))}</DayWorking>{hours}"
    return f"<Exceptions><Exception><TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod><Name>{name}</Name><Type>{kind}</Type>{more}{working}</Exception></Exceptions>"


def task(uid, more="<Duration>PT8H0M0S</Duration>", level=1) -> str:
    return f"<Task><UID>{uid}</UID><Name>task {uid}</Name><OutlineLevel>{level}</OutlineLevel>{more}</Task>\n"


def link(uid, more="") -> str:
    return f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID>{more}</PredecessorLink>"


def file(tasks="", calendars=None, project="<CalendarUID>1</CalendarUID>", more="") -> bytes:
    days = f"<Calendars>{calendar() if calendars is None else calendars}</Calendars>"
    return f"{HEAD}{project}{days}\n<Tasks>\n{tasks or task(1)}</Tasks>{more}</Project>".encode()


def read(*parts, **named):
    return mspdi_reading.read(file(*parts, **named), "plan.xml")


def told(found) -> dict[str, int]:
    return {each.what: each.count for each in found.remarks}


def special_days(more: str) -> list[date]:
    return sorted(read(calendars=calendar(more=more)).plan.calendars[0].special)


@pytest.mark.parametrize(
    ("more", "days"),
    [
        (exception(1, "2027-03-01", "2027-03-04"), [1, 2, 3, 4]),
        (exception(1, "2027-03-01", "2027-03-09", "<Period>3</Period>"), [1, 4, 7]),
        (exception(6, "2027-03-01", "2027-03-20", "<DaysOfWeek>20</DaysOfWeek>"), [2, 4, 9, 11, 16, 18]),
        (exception(6, "2027-03-01", "2027-03-20", "<DaysOfWeek>20</DaysOfWeek><Period>2</Period>"), [2, 4, 16, 18]),
        (exception(2, "2027-01-01", "2028-12-31", "<Month>2</Month><MonthDay>17</MonthDay>"), [17, 17]),
        (exception(4, "2027-03-01", "2027-04-30", "<MonthDay>5</MonthDay>"), [5, 5]),
        (exception(3, "2027-01-01", "2027-12-31", "<Month>2</Month><MonthItem>4</MonthItem><MonthPosition>4</MonthPosition>"), [29]),
        (exception(5, "2027-03-01", "2027-03-31", "<MonthItem>3</MonthItem><MonthPosition>1</MonthPosition>"), [14]),
        (exception(1, "2027-03-01", "2027-03-31", "<EnteredByOccurrences>1</EnteredByOccurrences><Occurrences>2</Occurrences>"), [1, 2]),
    ],
)  # fmt: skip
def test_recurring_days_are_read_day_by_day(more, days) -> None:
    assert [day.day for day in special_days(more)] == days


def test_a_days_reason_is_said_by_its_name_or_its_hours() -> None:
    found = [
        read(calendars=calendar(more=exception(1, "2027-03-01", "2027-03-01", name=name, hours=hours))).plan
        for name, hours in (
            ("Inventory (blackout)", ""),
            ("Arife (half day)", TIMES),
            ("Bayram", ""),
            ("more", TIMES),
        )
    ]
    assert [(each.reason, each.name) for plan in found for each in plan.calendars[0].special.values()] == [
        (DayReason.BLACKOUT, "Inventory"),
        (DayReason.HALF_DAY, "Arife"),
        (DayReason.HOLIDAY, "Bayram"),
        (DayReason.OTHER_HOURS, "more"),
    ]


def test_a_calendar_takes_from_its_base_what_it_does_not_say() -> None:
    saturday = TIMES.replace(
        "<WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime>", ""
    )
    derived = calendar(
        2, "six", 1, 1, f"<WeekDay><DayType>7</DayType><DayWorking>1</DayWorking>{saturday}</WeekDay>"
    )
    base = calendar(more=exception(1, "2027-05-01", "2027-05-01"))
    six = read(
        task(1, "<CalendarUID>2</CalendarUID><Duration>PT8H0M0S</Duration>"), calendars=base + derived
    ).plan
    assert six.tasks[0].calendar == "six"
    assert six.calendars[1].week == (*([OFFICE_HOURS] * 5), MORNING, ())
    assert list(six.calendars[1].special) == [date(2027, 5, 1)]


def test_links_have_their_kind_and_their_lag_in_working_elapsed_time_or_percent() -> None:
    lags = (("<Type>3</Type><LinkLag>4800</LinkLag><LagFormat>7</LagFormat>", "SS", Lag(480)), ("<LinkLag>14400</LinkLag><LagFormat>8</LagFormat>", "FS", Lag(1440, LagMeasure.ELAPSED)), ("<Type>0</Type><LinkLag>-50</LinkLag><LagFormat>19</LagFormat>", "FF", Lag(-50, LagMeasure.PERCENT)), ("<Type>2</Type>", "SF", Lag()))  # fmt: skip
    for more, kind, lag in lags:
        (found,) = read(task(1) + task(2, link(1, more))).plan.links
        assert (found.type, found.lag) == (kind, lag)


def test_a_task_is_read_with_all_that_the_file_states_and_a_summary_with_its_own_alone() -> None:
    more = "<Summary>1</Summary><Duration>PT80H0M0S</Duration><Cost>900000</Cost><FixedCost>12345</FixedCost><PercentComplete>40</PercentComplete>"
    leaf = "<Duration>PT48H0M0S</Duration><DurationFormat>8</DurationFormat><ConstraintType>7</ConstraintType><ConstraintDate>2027-04-01T17:00:00</ConstraintDate><Cost>120050</Cost><Work>PT12H30M0S</Work><PercentComplete>25</PercentComplete>"
    people = "<Resources><Resource><UID>1</UID><Name>Zofia</Name><Type>1</Type></Resource><Resource><UID>2</UID><Name>tester</Name><Type>1</Type><IsGeneric>1</IsGeneric></Resource></Resources><Assignments><Assignment><TaskUID>2</TaskUID><ResourceUID>2</ResourceUID></Assignment><Assignment><TaskUID>2</TaskUID><ResourceUID>1</ResourceUID></Assignment></Assignments>"
    found = read(
        task(1, more) + task(2, leaf, 2),
        project="<CalendarUID>1</CalendarUID><CurrencyCode>PLN</CurrencyCode>",
        more=people,
    ).plan
    summary, work = found.tasks
    assert (summary.summary, summary.duration, summary.percent, summary.cost) == (
        True,
        None,
        None,
        Money(Decimal("123.45"), "PLN"),
    )
    assert (work.parent, work.duration, work.work, work.percent) == (
        "1",
        Duration(2880, elapsed=True),
        Duration(750),
        25,
    )
    assert work.constraint is not None
    assert work.constraint.kind is ConstraintKind.FINISH_NO_LATER_THAN
    assert (work.cost, work.role, work.assignee) == (Money(Decimal("1200.50"), "PLN"), "tester", "Zofia")


def test_what_no_element_says_is_absent() -> None:
    (found,) = read(task(1, "")).plan.tasks
    assert (found.duration, found.percent, found.start, found.cost, found.milestone) == (
        None,
        None,
        None,
        None,
        False,
    )
    assert [str(each) for each in read(task(1, "")).flaws] == [
        "1 has no duration; give one, or 0 for a milestone"
    ]


def test_what_is_not_carried_is_told_with_its_count_and_its_first_line() -> None:
    more = "<Duration>PT8H0M0S</Duration><Priority>900</Priority><Manual>1</Manual><HyperlinkAddress>https://example.com</HyperlinkAddress><ExtendedAttribute><FieldID>7</FieldID><Value>x</Value></ExtendedAttribute><TimephasedData><Type>1</Type></TimephasedData>"
    found = read(task(1, more) + task(2, more) + task(3, "<Active>0</Active>") + task(4, "<IsNull>1</IsNull>") + task(5, "<ExternalTask>1</ExternalTask>") + task(6, link(3) + link(9, "<CrossProject>1</CrossProject>") + "<Duration>PT0H0M0S</Duration>"))  # fmt: skip
    assert told(found) == {
        "priorities": 2,
        "manual scheduling (its dates are kept as stated ones)": 2,
        "links to pages and files": 2,
        "custom fields": 2,
        "values spread over time": 2,
        "inactive tasks": 1,
        "blank lines": 1,
        "tasks of other projects": 1,
        "links to tasks that are left out": 1,
        "links to other projects": 1,
    }
    assert next(each.where for each in found.remarks if each.what == "priorities") == "line 5"
    assert [task.uid for task in found.plan.tasks] == ["1", "2", "6"]


def test_a_file_without_a_calendar_gets_the_ordinary_one_and_says_so() -> None:
    found = mspdi_reading.read(f"{HEAD}<Tasks>{task(1)}</Tasks></Project>".encode(), "plan.xml")
    assert found.plan.calendars[0].week == (*([OFFICE_HOURS] * 5), (), ())
    assert any("the file has none" in each.what and not each.count for each in found.remarks)


BAD = {
    "a link to nobody": (task(1, link(9)), r"line 5: the task 1 follows the task '9', which is not there; remove the link"),
    "a duration below 0": (task(1, "<Duration>-PT8H0M0S</Duration>"), r"line 5: Duration is '-PT8H0M0S', a duration below 0; give 0 or more"),
    "a duration that is none": (task(1, "<Duration>lang</Duration>"), r"line 5: Duration is 'lang', no duration; correct it"),
    "a date of the year 0": (task(1, "<Deadline>0000-01-01T00:00:00</Deadline>"), r"line 5: Deadline is '0000-01-01T00:00:00', which is no time"),
    "a unique id twice": (task(1) + task(1), r"the uid 1 is there twice; give each task its own"),
    "tasks in a circle": (task(1, link(2) + "<Duration>PT8H0M0S</Duration>") + task(2, link(1) + "<Duration>PT8H0M0S</Duration>"), r"wait for each other"),
    "tasks in a circle, one without a duration": (task(1, link(2)) + task(2, link(1) + "<Duration>PT8H0M0S</Duration>"), r"the tasks [12] -> [12] -> [12] wait for each other"),
    "a task that waits for its summary's follower": (task(1, "<Summary>1</Summary>" + link(3)) + task(2, level=2) + task(3, link(2)), r"wait for each other"),
    "an outline that is too deep": ("".join(task(at, "<Summary>1</Summary>", at) for at in range(1, 260)), r"more than 200 summaries deep; move it up"),
    "a level below 0": (task(1, "", -3), r"line 5: a task stands -3 deep in the outline; give 1 to 1000"),
    "a constraint without a date": (task(1, "<ConstraintType>4</ConstraintType>"), r"line 5: a task has the constraint 4 and no ConstraintDate; give one"),
    "a percentage of a thousand": (task(1, "<PercentComplete>1000</PercentComplete>"), r"line 5: it is 1000 % complete; give 0 to 100"),
    "a cost that is no number": (task(1, "<Cost>NaN</Cost>"), r"line 5: Cost is 'NaN', which is no number; correct it"),
    "a lag without end": (task(1) + task(2, link(1, "<LinkLag>99999999999999</LinkLag>")), r"line 6: its lag is longer than 950 years"),
    "a calendar that is not there": (task(1, "<CalendarUID>7</CalendarUID>"), r"line 5: the task 1 names a calendar that is not there; choose one"),
    "no unique id": ("<Task><Name>who</Name></Task>", r"line 5: the task 'who' has no unique id \(UID\); save the file anew"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_understood_is_refused_with_its_line_and_what_to_do(name) -> None:
    tasks, said = BAD[name]
    with pytest.raises(Refused, match=said):
        read(tasks)


@pytest.mark.parametrize(
    ("calendars", "said"),
    [
        (calendar(week=WEEK.replace("13:00:00", "11:00:00")), r"hours of weekday 1 overlap or leave the day; correct it"),
        (calendar(week=""), r"nobody works on any weekday of the calendar Standard; give it hours; correct it"),
        (calendar(week=WEEK.replace("08:00:00", "25:00:00")), r"FromTime is '25:00:00', which is no hour of a day"),
        (calendar(more=exception(1, "2027-03-05", "2027-03-01")), r"no period of time, or an upside-down one"),
        (calendar(more=exception(1, "1900-01-01", "2100-01-01")), r"more than forty years; shorten its period"),
        (calendar(more=exception(9)), r"recurs in a way that is not known \(9\); enter its days singly"),
        (calendar() + calendar(2), r"the calendar Standard is there twice; keep one"),
    ],
)  # fmt: skip
def test_a_calendar_that_contradicts_itself_is_refused_with_what_to_do(calendars, said) -> None:
    with pytest.raises(Refused, match=said):
        read(calendars=calendars)


def test_constraints_have_the_names_of_the_schedule() -> None:
    found = [
        read(task(1, f"<Duration>PT1H0M0S</Duration><ConstraintType>{number}</ConstraintType><ConstraintDate>2027-03-01T08:00:00</ConstraintDate>")).plan.tasks[0].constraint
        for number in range(8)
    ]  # fmt: skip
    assert found[0] is None
    assert found[1] == Constraint(ConstraintKind.AS_LATE_AS_POSSIBLE)
    assert len({each.kind for each in found if each}) == 7


def test_what_is_said_of_the_project_itself_and_has_no_place_is_told() -> None:
    own = "<Task><UID>0</UID><OutlineLevel>0</OutlineLevel><Notes>secret</Notes></Task>"
    project = "<Manager>A. Braun</Manager><CalendarUID>1</CalendarUID><CurrencyCode>zł</CurrencyCode>"
    found = read(own + task(1, "<Duration>PT8H0M0S</Duration><Cost>500</Cost>"), project=project)
    assert told(found) == {
        "who made and manages the project, and its keywords": 1,
        "custom fields, notes and baselines of the project itself": 1,
        "costs without a currency (CurrencyCode of the project)": 1,
    }
    assert found.plan.tasks[0].cost is None
