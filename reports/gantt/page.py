"""The page of a Gantt chart: the same schedule gives the same bytes; it loads nothing from outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from domain.language import ENGLISH, Language, Message
from domain.plans.merge.beside import Shown, SideRow, side_rows
from domain.plans.schedule.schedule import Schedule
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from reports.charts import INK, PAPER, SOFT, TEAL
from reports.gantt.drawing import DEFS, PALE, VACANT, Look, sheet_picture
from reports.gantt.layout import Chart, Sheet, chart
from reports.gantt.sides import legend, pieces, scale_of, sides_picture
from reports.words import clean

MOST_ROWS = 12
"""Rows of a vacancy, or of somebody absent, that are named."""
_FRAME = f'stroke="{INK}" stroke-width'
_DIAMOND = '<path d="M13 1l6 6l-6 6l-6 -6z"'
_ARROW = "v8m-3.5 -3.5l3.5 3.5l3.5 -3.5"
_SIGNS: Mapping[Message, str] = {
    Message(
        "critical task", about="chart"
    ): f'<rect x="1" y="3" width="24" height="9" fill="{TEAL}" {_FRAME}="1.2"/>',
    Message(
        "other task", about="chart"
    ): f'<rect x="1" y="3" width="24" height="9" fill="{PALE}" {_FRAME}=".7"/>',
    Message("done", about="chart"): f'<rect x="1" y="6" width="24" height="3" fill="{INK}"/>',
    Message("critical milestone", about="chart"): f'{_DIAMOND} fill="{INK}"/>',
    Message("milestone", about="chart"): f'{_DIAMOND} fill="{PAPER}" {_FRAME}="1"/>',
    Message("summary", about="chart"): f'<path d="M1 12V3H25V12L20 7H6z" fill="{INK}"/>',
    Message(
        "waits for", about="chart"
    ): f'<path d="M1 7H23" stroke="{SOFT}" stroke-width=".8" marker-end="url(#g-arrow)"/>',
    Message("deadline", about="chart"): f'<path d="M13 2{_ARROW}" fill="none" {_FRAME}="1.4"/>',
    Message("today", about="chart"): f'<path d="M13 0V14" {_FRAME}="1.4" stroke-dasharray="5 3"/>',
}
_VACANCY: tuple[Message, str] = (Message("vacancy", about="chart"), str(VACANT.format(13, 7)))


@dataclass(frozen=True, slots=True)
class VacantRole:
    """A role that nobody has, for a chart: who fills it by when, and the uids of its tasks."""

    role: str
    owner: str
    due: date
    tasks: Sequence[str]


@dataclass(frozen=True, slots=True)
class AbsentPerson:
    """Somebody who is away while their tasks run, for a chart: what is to be said, and the tasks' uids."""

    name: str
    told: str
    tasks: Sequence[str]


@cache
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return made.get_template("gantt.html.j2")


def gantt_page(
    found: Schedule,
    today: date,
    vacancies: Sequence[VacantRole] = (),
    says: Language = ENGLISH,
    absent: Sequence[AbsentPerson] = (),
) -> bytes:
    """A schedule as an HTML page in UTF-8, one sheet of A4 for every 32 rows, today's line where it falls.

    Tasks with vacant roles are marked, and the vacancies listed below, as is who is absent.
    """
    drawn = chart(found)
    vacant: dict[str, list[str]] = {}
    for each in vacancies:
        for uid in each.tasks:
            vacant.setdefault(uid, []).append(each.role)
    calendar = next(each for each in found.plan.calendars if each.name == found.plan.calendar)
    sheets = [
        {
            "number": sheet.number,
            "of": sheet.of,
            "picture": sheet_picture(drawn, sheet, calendar, today, Look(says, vacant)),
            "about": _about(found, today, sheet, says),
        }
        for sheet in drawn.sheets
    ]
    return _filled(
        found.plan.title,
        says,
        sheets,
        [
            (says.message(name), Markup(sign))  # noqa: S704 - our own
            for name, sign in (*_SIGNS.items(), *[_VACANCY] * bool(vacancies))
        ],
        vacancies=[_vacancy(each, drawn, says) for each in vacancies],
        absent=[
            (clean(each.name, 120), f"{clean(each.told, 400)} ({_rows(each.tasks, drawn, says)})")
            for each in absent
        ],
    )


@dataclass(frozen=True, slots=True)
class UpdateChart:
    """A local plan before and after its update: the plans, what is asked, and what stands above the chart.

    `asked` are the questions as texts, `back` the path of the page that leads here.
    """

    title: str
    about: str
    plans: Mapping[Shown, WholePlan]
    asked_of: Collection[str] = ()
    """The uids of the tasks that questions are about."""
    asked: Sequence[str] = ()
    back: str = ""
    rows: Sequence[SideRow] = ()
    """The rows of an earlier update, of which the plans are not kept; then `plans` is empty."""
    choices: Sequence[tuple[str, str]] = ()
    """The updates that can be looked at, each with its link; that of the one that is shown is empty."""


def update_page(chart_: UpdateChart, calendar: WorkCalendar, today: date, says: Language) -> bytes:
    """The plans of an update as an HTML page in UTF-8, three bars for each task, open questions below."""
    rows = tuple(chart_.rows) or side_rows(chart_.plans, chart_.asked_of)
    drawn = {shown for row in rows for shown in row.there}
    scale = scale_of(rows)
    sheets = [
        {
            "number": piece.number,
            "of": piece.of,
            "picture": sides_picture(piece, scale, calendar, today, says),
            "about": " · ".join(
                (chart_.about, says.say("sheet {number} of {of}", number=piece.number, of=piece.of))
            ),
        }
        for piece in pieces(rows)
        if scale is not None
    ]
    return _filled(
        chart_.title, says, sheets, legend([each for each in Shown if each in drawn], says),
        asked=chart_.asked, back=chart_.back, choices=chart_.choices,
    )  # fmt: skip


def _filled(
    title: str,
    says: Language,
    sheets: Sequence[Mapping[str, object]],
    signs: Sequence[tuple[str, Markup]],
    *,
    vacancies: Sequence[tuple[str, str]] = (),
    absent: Sequence[tuple[str, str]] = (),
    asked: Sequence[str] = (),
    back: str = "",
    choices: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The page of these sheets, with what stands below the last one."""
    return (
        _template()
        .render(
            title=clean(title),
            tag=says.tag,
            chart_label=says.say("Chart of the plan"),
            vacancies_label=says.say("Vacancies"),
            vacancies=vacancies,
            absent_label=says.say("Away while their tasks run"),
            absent=absent,
            asked_label=says.say("What the office is asked"),
            asked=[clean(each, 600) for each in asked],
            nothing=says.say("No task of the plan has dates."),
            back=back,
            back_label=says.say("Back"),
            choices=choices,
            choices_label=says.say("Updates of the plan"),
            sheets=sheets,
            defs=DEFS,
            legend=signs,
        )
        .encode()
    )


def _about(found: Schedule, today: date, sheet: Sheet, says: Language) -> str:
    """`1 March 2027 to 27 May 2027 · seen on 3 March 2027 · sheet 1 of 3`."""
    first, last = (says.long_day(each.date()) for each in (found.start, found.finish))
    return " · ".join(
        (
            says.say("{first} to {last}", first=first, last=last),
            says.say("seen on {day}", day=says.long_day(today)),
            says.say("sheet {number} of {of}", number=sheet.number, of=sheet.of),
        )
    )


def _vacancy(each: VacantRole, drawn: Chart, says: Language) -> tuple[str, str]:
    """The role, and who fills it by when, with the numbers of its rows."""
    day = says.long_day(each.due)
    if each.owner:
        told = says.say("to be filled by {person} until {day}", person=clean(each.owner, 80), day=day)
    else:
        told = says.say("to be filled until {day}; the office has no head", day=day)
    return clean(each.role, 120), f"{told} ({_rows(each.tasks, drawn, says)})"


def _rows(uids: Sequence[str], drawn: Chart, says: Language) -> str:
    """The numbers of the rows of tasks: `rows 4, 7, 9`."""
    rows = [str(drawn.places[uid].number) for uid in uids if uid in drawn.places]
    shown = ", ".join(rows[:MOST_ROWS]) + ", …" * (len(rows) > MOST_ROWS)
    return f"{says.count(len(rows), 'row', 'rows')} {shown}"
