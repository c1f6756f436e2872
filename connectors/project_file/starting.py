"""A new plan in the XML of Microsoft Project: the project itself, a standard week, and no task yet.

Our key stands in its subject. Refuses to write over a file that is there.
"""

from __future__ import annotations

import re
from datetime import date
from xml.sax.saxutils import escape

SUBJECT = re.compile(rb"<Subject>([^<]*)</Subject>")
WORKDAY = (
    "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>"
    "<WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"
)


def key_in(data: bytes) -> str:
    """Our key in a plan; empty where there is none."""
    found = SUBJECT.search(data)
    return found[1].decode("utf-8", "replace") if found else ""


def new_plan(key: str, project: str, start: date) -> bytes:
    """The bytes of a plan that begins on that day."""
    begin = f"{start.isoformat()}T08:00:00"
    days = "".join(
        f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(1 < day < 7)}</DayWorking>"
        f"{WORKDAY if 1 < day < 7 else ''}</WeekDay>"
        for day in range(1, 8)
    )
    top = (
        f"<Task><UID>0</UID><ID>0</ID><Name>{escape(project)}</Name><Type>1</Type><IsNull>0</IsNull>"
        "<OutlineNumber>0</OutlineNumber><OutlineLevel>0</OutlineLevel><Priority>500</Priority>"
        f"<Start>{begin}</Start><Finish>{begin}</Finish><Duration>PT0H0M0S</Duration>"
        "<DurationFormat>7</DurationFormat><Estimated>0</Estimated><Milestone>0</Milestone>"
        "<Summary>1</Summary><PercentComplete>0</PercentComplete></Task>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Project xmlns="http://schemas.microsoft.com/project"><SaveVersion>14</SaveVersion>'
        f"<Name>{escape(project)}</Name><Title>{escape(project)}</Title><Subject>{escape(key)}</Subject>"
        f"<ScheduleFromStart>1</ScheduleFromStart><StartDate>{begin}</StartDate><FinishDate>{begin}</FinishDate>"
        "<CalendarUID>1</CalendarUID><MinutesPerDay>480</MinutesPerDay><MinutesPerWeek>2400</MinutesPerWeek>"
        "<DaysPerMonth>20</DaysPerMonth><ExtendedAttributes/><Calendars><Calendar><UID>1</UID>"
        "<Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar><BaseCalendarUID>-1</BaseCalendarUID>"
        f"<WeekDays>{days}</WeekDays></Calendar></Calendars><Tasks>{top}</Tasks><Resources/><Assignments/></Project>\n"
    ).encode()
