"""The page of a Gantt chart: the same schedule gives the same bytes; it loads nothing from outside."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from domain.plans.schedule.schedule import Schedule
from reports.charts import INK, PAPER, SOFT, TEAL
from reports.gantt.drawing import DEFS, PALE, sheet_picture
from reports.gantt.layout import chart
from reports.words import clean, long_day

_FRAME = f'stroke="{INK}" stroke-width'
_DIAMOND = '<path d="M13 1l6 6l-6 6l-6 -6z"'
_ARROW = "v8m-3.5 -3.5l3.5 3.5l3.5 -3.5"
_SIGNS = {
    "critical task": f'<rect x="1" y="3" width="24" height="9" fill="{TEAL}" {_FRAME}="1.2"/>',
    "other task": f'<rect x="1" y="3" width="24" height="9" fill="{PALE}" {_FRAME}=".7"/>',
    "done": f'<rect x="1" y="6" width="24" height="3" fill="{INK}"/>',
    "critical milestone": f'{_DIAMOND} fill="{INK}"/>',
    "milestone": f'{_DIAMOND} fill="{PAPER}" {_FRAME}="1"/>',
    "summary": f'<path d="M1 12V3H25V12L20 7H6z" fill="{INK}"/>',
    "waits for": f'<path d="M1 7H23" stroke="{SOFT}" stroke-width=".8" marker-end="url(#g-arrow)"/>',
    "deadline": f'<path d="M13 2{_ARROW}" fill="none" {_FRAME}="1.4"/>',
    "today": f'<path d="M13 0V14" {_FRAME}="1.4" stroke-dasharray="5 3"/>',
}


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


def gantt_page(found: Schedule, today: date) -> bytes:
    """A schedule as an HTML page in UTF-8, one sheet of A4 for every 32 rows, today's line where it falls."""
    drawn = chart(found)
    calendar = next(each for each in found.plan.calendars if each.name == found.plan.calendar)
    sheets = [
        {"number": sheet.number, "of": sheet.of, "picture": sheet_picture(drawn, sheet, calendar, today)}
        for sheet in drawn.sheets
    ]
    return (
        _template()
        .render(
            title=clean(found.plan.title),
            span=f"{long_day(found.start)} to {long_day(found.finish)}",
            today=long_day(today),
            sheets=sheets,
            defs=DEFS,
            legend=[(name, Markup(sign)) for name, sign in _SIGNS.items()],  # noqa: S704 - our own
        )
        .encode()
    )
