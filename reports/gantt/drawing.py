"""A sheet of a Gantt chart as SVG, legible without colors; refuses scripts and outside links.

Critical tasks are dark, others pale; what is done is a line in the bar. Names are foreign
text: they are cleaned, escaped, and cut off at the column's end, in full in the title of the bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from markupsafe import Markup

from domain.language import ENGLISH, Language
from domain.plans.predecessor import LinkType
from domain.plans.work_calendar import WorkCalendar
from reports.charts import INK, PAPER, SOFT, TEAL
from reports.gantt.layout import HEAD, NAMES, ROW, WEEKS, WIDTH, Chart, Row, Scale, Sheet
from reports.words import clean, short_day

PALE, FREE, GRID = "#cfdedf", "#f0eee8", "#cfcabf"
BAR = 9
"""The height of a bar."""
APART = 34
"""How far the days above the rows are apart at least."""
DATES = 88
"""The width of the dates to the right of a name."""
SIGN = {"name": 6.0, "summary": 6.8}
"""The width of a sign of a name at 11 px, on average; what is wider all the same is cut off."""

VACANT = Markup(
    '<circle cx="{}" cy="{}" r="4" fill="#fff" stroke="#1c2126" stroke-width="1.3"'
    ' stroke-dasharray="2.4 1.4"/>'
)
DEFS = Markup(  # noqa: S704 - our own
    '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
    '<marker id="g-arrow" viewBox="0 0 6 6" refX="5.5" refY="3" markerWidth="6" markerHeight="6" '
    f'orient="auto"><path d="M0 0L6 3L0 6z" fill="{SOFT}"/></marker></defs></svg>'
)


@dataclass(frozen=True, slots=True)
class Look:
    """In which language a chart is read, and the vacant roles of tasks by uid."""

    says: Language = ENGLISH
    vacant: Mapping[str, Sequence[str]] = field(default_factory=dict)


def sheet_picture(
    chart: Chart, sheet: Sheet, calendar: WorkCalendar, today: date, look: Look = Look()
) -> Markup:
    """One sheet's picture, a title over each row for screen readers and pointers."""
    says = look.says
    parts = [
        *free_days(chart.scale, sheet.height, calendar),
        *day_lines(chart.scale, sheet.height, says),
        *(part for place, row in enumerate(sheet.rows) for part in _names(row, sheet.y(place), says)),
        *today_line(chart.scale, sheet.height, today, says),
        *_links(chart, sheet),
        *(_shape(chart.scale, row, sheet.y(place), look) for place, row in enumerate(sheet.rows)),
    ]
    return Markup(
        '<svg class="gantt" role="img" viewBox="0 0 {} {}" width="100%"><title>{}</title>{}</svg>'
    ).format(
        WIDTH,
        sheet.height,
        says.say("Rows {first} to {last}", first=sheet.rows[0].number, last=sheet.rows[-1].number),
        Markup("").join(parts),
    )


def _line(x: float, top: float, bottom: float, style: str) -> Markup:
    return Markup('<path d="M{} {}V{}" {}/>').format(x, top, bottom, Markup(style))  # noqa: S704 - our own


def text_at(x: float, y: float, text: str, kind: str) -> Markup:
    """A text of a class; it is escaped."""
    return Markup('<text x="{}" y="{}" class="{}">{}</text>').format(x, y, kind, text)


def free_days(scale: Scale, height: float, calendar: WorkCalendar) -> Iterator[Markup]:
    """A shade behind the days on which nobody works by the plan's calendar, where days are wide enough."""
    if not scale.wide:
        return
    for number in range(scale.days):
        on = scale.first + timedelta(days=number)
        if not calendar.hours(on):
            x, end = scale.day(on), scale.day(on + timedelta(days=1))
            yield Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
                x, HEAD, round(end - x, 1), height - HEAD, FREE
            )


def day_lines(scale: Scale, height: float, says: Language) -> Iterator[Markup]:
    """Lines for weeks, months or quarters; above them days or months, and once each month or year."""
    said: object = None
    free = 0.0
    weeks = scale.days <= WEEKS
    for on in scale.lines():
        x = scale.day(on)
        yield _line(x, HEAD - 12, height, f'stroke="{GRID}" stroke-width=".6"')
        if x >= free:
            yield text_at(x + 2, HEAD - 4, day_on_scale(on, says) if weeks else _month(on, says), "day")
            free = x + APART
        above = (on.year, on.month) if weeks else on.year
        if above != said:
            yield text_at(x + 2, 10, _long_month(on, says) if weeks else f"{on.year}", "month")
            said = above
    yield Markup('<path d="M0 {}H{}" stroke="{}" stroke-width="1"/>').format(HEAD, WIDTH, INK)


def day_on_scale(on: date, says: Language) -> str:
    """A day as it stands above and beside bars."""
    return short_day(on) if says.is_english else says.short_day(on)


def _month(on: date, says: Language) -> str:
    return f"{on:%b}" if says.is_english else f"{on:%m}"


def _long_month(on: date, says: Language) -> str:
    return f"{on:%B %Y}" if says.is_english else f"{on:%Y-%m}"


def _names(row: Row, y: float, says: Language) -> Iterator[Markup]:
    """The row's number, name and dates; the name is shortened, and ends where the dates begin."""
    kind = "summary" if row.task.summary else "name"
    left = 30 + min(row.depth, 8) * 10
    most = int((NAMES - DATES - left) / SIGN[kind])
    first, last = (day_on_scale(each.date(), says) for each in (row.dates.start, row.dates.finish))
    dates = first if row.dates.start.date() == row.dates.finish.date() else f"{first} - {last}"
    yield text_at(24, y + 4, str(row.number), "number")
    yield Markup(
        '<svg x="{}" y="{}" width="{}" height="{}"><text x="0" y="13" class="{}">{}</text></svg>'
    ).format(left, y - ROW / 2, NAMES - DATES - left, ROW, kind, clean(row.task.name, most))
    yield text_at(NAMES - DATES + 4, y + 4, dates, "dates")
    yield Markup('<path d="M0 {}H{}" stroke="{}" stroke-width=".5"/>').format(y + ROW / 2, WIDTH, GRID)


def today_line(scale: Scale, height: float, today: date, says: Language) -> Iterator[Markup]:
    """A line through today, where that is on the chart."""
    if scale.first <= today <= scale.last:
        x = scale.x(datetime.combine(today, datetime.min.time().replace(hour=12)))
        yield _line(x, 14, height, f'stroke="{INK}" stroke-width="1.4" stroke-dasharray="5 3"')
        yield text_at(x + 3, 23, says.say("today"), "today")


def _title(row: Row, look: Look) -> str:
    """`Design: 1 March 2027 to 4 March 2027, critical, 50 % done, vacant: Trainer`."""
    dates, says = row.dates, look.says
    first, last = (says.long_day(each.date()) for each in (dates.start, dates.finish))
    parts = [says.say("{task}: {first} to {last}", task=clean(row.task.name, 240), first=first, last=last)]
    parts += [says.say("critical")] * dates.critical
    if row.task.percent is not None:
        parts.append(says.say("{percent} % done", percent=f"{row.task.percent:g}"))
    if roles := look.vacant.get(row.task.uid):
        parts.append(says.say("vacant: {roles}", roles=clean(", ".join(roles), 240)))
    return ", ".join(parts)


def _shape(scale: Scale, row: Row, y: float, look: Look) -> Markup:
    """A bracket for a summary, a diamond for a milestone, else a bar with what is done; a deadline's mark."""
    x, end = scale.x(row.dates.start), scale.x(row.dates.finish)
    fill, done_in = (TEAL, PAPER) if row.dates.critical else (PALE, INK)
    if row.task.summary:
        drawn = Markup('<path d="M{0} {1}V{2}H{3}V{1}L{4} {5}H{6}z" fill="{7}"/>').format(
            x,
            round(y + 6, 1),
            round(y - 4, 1),
            end,
            round(max(end - 5, x), 1),
            y,
            round(min(x + 5, end), 1),
            INK,
        )
    elif row.dates.start == row.dates.finish:
        solid = INK if row.dates.critical else PAPER
        drawn = Markup('<path d="M{0} {1}l6 6l-6 6l-6 -6z" fill="{2}" stroke="{3}"/>').format(
            x, y - 6, solid, INK
        )
    else:
        wide = max(round(end - x, 1), 1.5)
        drawn = Markup(
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="{}"/>'
        ).format(x, y - BAR / 2, wide, BAR, fill, INK, 1.2 if row.dates.critical else 0.7)
        if row.task.percent:
            done = round(wide * min(row.task.percent, 100) / 100, 1)
            drawn += Markup('<rect x="{}" y="{}" width="{}" height="3" fill="{}"/>').format(
                x, y - 1.5, done, done_in
            )
    if row.task.deadline is not None:
        at = scale.x(row.task.deadline)
        drawn += Markup('<path d="M{} {}{}" fill="none" stroke="{}" stroke-width="1.4"/>').format(
            at, y - 8, "v7m-3.5 -3.5l3.5 3.5l3.5 -3.5", INK
        )
    if row.task.uid in look.vacant:
        drawn += VACANT.format(WIDTH - 8, y)
    return Markup("<g><title>{}</title>{}</g>").format(_title(row, look), drawn)


def _links(chart: Chart, sheet: Sheet) -> Iterator[Markup]:
    """An arrow from each task to those that wait for it; from another sheet, the number of its row."""
    places = {row.task.uid: place for place, row in enumerate(sheet.rows)}
    for place, row in enumerate(sheet.rows):
        others = []
        for link in chart.links.get(row.task.uid, ()):
            other = chart.places[link.predecessor]
            if link.predecessor in places:
                yield _arrow(
                    chart.scale, other, sheet.y(places[link.predecessor]), row, sheet.y(place), link.type
                )
            else:
                others.append(other.number)
        if others:
            listed = ",".join(map(str, sorted(others)[:3])) + ",…" * (len(others) > 3)
            yield text_at(chart.scale.x(row.dates.start) - 8, sheet.y(place) + 3, f"{listed} →", "from")


def _arrow(scale: Scale, other: Row, top: float, row: Row, y: float, kind: LinkType) -> Markup:
    """Out of the end of one bar that the link names, down or up, into the end of the other."""
    leaves_finish = kind in (LinkType.FINISH_TO_START, LinkType.FINISH_TO_FINISH)
    enters_start = kind in (LinkType.FINISH_TO_START, LinkType.START_TO_START)
    x = scale.x(other.dates.finish if leaves_finish else other.dates.start)
    end = scale.x(row.dates.start if enters_start else row.dates.finish)
    out = round(x + (4 if leaves_finish else -4), 1)
    last = round(end + (-7 if enters_start else 7), 1)
    between = round(y + (-ROW / 2 if y > top else ROW / 2), 1)
    return Markup(
        '<path d="M{} {}H{}V{}H{}V{}H{}" fill="none" stroke="{}" stroke-width=".8" '
        'marker-end="url(#g-arrow)"/>'
    ).format(x, top, out, between, last, y, end, SOFT)
