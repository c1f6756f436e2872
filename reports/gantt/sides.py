"""A local plan as it came, as the office has it, and merged, as a chart: three bars a task, questions marked.

Told apart without colors: dashed, pale and dark bars in this order from above. Names are foreign text: they
are cleaned, escaped, and cut off at the column's end. Refuses scripts and outside links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from markupsafe import Markup

from domain.language import Language, Message
from domain.plans.merge.beside import Days, Shown, SideRow
from domain.plans.work_calendar import WorkCalendar
from reports.charts import INK, PAPER, TEAL
from reports.gantt.drawing import PALE, day_lines, day_on_scale, free_days, text_at, today_line
from reports.gantt.layout import HEAD, NAMES, WIDTH, Scale
from reports.words import clean

ROWS, ROW, BAR, APART = 20, 32, 7, 9
DATES = 88
RED = "#a3201a"
TINT = "#fbeeec"
GRID = "#cfcabf"
STYLES: Mapping[Shown, str] = {
    Shown.BASE: f'fill="{PAPER}" stroke="{INK}" stroke-width=".9" stroke-dasharray="3 2"',
    Shown.OURS: f'fill="{PALE}" stroke="{INK}" stroke-width=".8"',
    Shown.MERGED: f'fill="{TEAL}" stroke="{INK}" stroke-width=".8"',
}
NAMES_OF: Mapping[Shown, Message] = {
    Shown.BASE: Message("as it came from the template", about="chart"),
    Shown.OURS: Message("the office's", about="chart"),
    Shown.MERGED: Message("merged", about="chart"),
}
ASKED = Message("the office is asked", about="chart")
_MARK = f'<path d="M{{}} {{}}l7 7l-7 7l-7 -7z" fill="{RED}"/>'
_SIGN = '<text x="{}" y="{}" text-anchor="middle" class="mark">!</text>'


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of one sheet, and how many sheets there are; `first` is the number of its first row."""

    number: int
    of: int
    first: int
    rows: Sequence[SideRow]

    @property
    def height(self) -> int:
        """The height of the picture."""
        return HEAD + ROW * len(self.rows) + 4


def pieces(rows: Sequence[SideRow]) -> tuple[Piece, ...]:
    """The rows on sheets."""
    count = -(-len(rows) // ROWS)
    return tuple(Piece(n + 1, count, n * ROWS + 1, rows[n * ROWS : (n + 1) * ROWS]) for n in range(count))


def scale_of(rows: Sequence[SideRow]) -> Scale | None:
    """From the first day to the last; None where no task has dates."""
    spans = [each for row in rows for each in row.days.values()]
    if not spans:
        return None
    return Scale(min(each.first for each in spans), max(each.last for each in spans))


def sides_picture(piece: Piece, scale: Scale, calendar: WorkCalendar, today: date, says: Language) -> Markup:
    """One sheet's picture, a title over each row for screen readers and pointers."""
    parts = [
        *(part for place, row in enumerate(piece.rows) for part in _ground(row, place)),
        *free_days(scale, piece.height, calendar),
        *day_lines(scale, piece.height, says),
        *(
            part
            for place, row in enumerate(piece.rows)
            for part in _names(row, piece.first + place, place, says)
        ),
        *today_line(scale, piece.height, today, says),
        *(_shape(scale, row, place, says) for place, row in enumerate(piece.rows)),
    ]
    return Markup(
        '<svg class="gantt" role="img" viewBox="0 0 {} {}" width="100%"><title>{}</title>{}</svg>'
    ).format(
        WIDTH,
        piece.height,
        says.say("Rows {first} to {last}", first=piece.first, last=piece.first + len(piece.rows) - 1),
        Markup("").join(parts),
    )


def legend(plans: Sequence[Shown], says: Language) -> list[tuple[str, Markup]]:
    """What each bar means."""
    found = [
        (
            says.message(NAMES_OF[shown]),
            Markup('<rect x="1" y="3" width="24" height="8" {}/>').format(Markup(STYLES[shown])),  # noqa: S704
        )
        for shown in plans
    ]
    return [*found, (says.message(ASKED), _mark(13, 0))]


def _top(place: int) -> int:
    return HEAD + ROW * place


def _ground(row: SideRow, place: int) -> Iterator[Markup]:
    if row.asked:
        yield Markup('<rect x="0" y="{}" width="{}" height="{}" fill="{}"/>').format(
            _top(place), WIDTH, ROW, TINT
        )


def _mark(x: float, y: float) -> Markup:
    return Markup(_MARK).format(x, y) + Markup(_SIGN).format(x, y + 11)  # noqa: S704 - our own


def _names(row: SideRow, number: int, place: int, says: Language) -> Iterator[Markup]:
    """The number, name and last dates; the name ends where the dates begin."""
    top, left = _top(place), 30 + min(row.depth, 8) * 10
    yield text_at(24, top + 19, str(number), "number")
    yield Markup(
        '<svg x="{}" y="{}" width="{}" height="{}"><text x="0" y="19" class="{}">{}</text></svg>'
    ).format(left, top, NAMES - DATES - left - 16 * row.asked, ROW, "summary" if row.summary else "name",
             clean(row.name, 90))  # fmt: skip
    if row.asked:
        yield _mark(NAMES - DATES - 8, top + 8)
    last = next((row.days[each] for each in reversed(Shown) if each in row.days), None)
    if last is not None:
        first, end = (day_on_scale(each, says) for each in (last.first, last.last))
        yield text_at(NAMES - DATES + 4, top + 19, first if first == end else f"{first} - {end}", "dates")
    yield Markup('<path d="M0 {}H{}" stroke="{}" stroke-width=".5"/>').format(top + ROW, WIDTH, GRID)


def _shape(scale: Scale, row: SideRow, place: int, says: Language) -> Markup:
    drawn = Markup("").join(
        _bar(scale, row, shown, days, _top(place) + 3 + APART * list(Shown).index(shown))
        for shown, days in row.days.items()
    )
    return Markup("<g><title>{}</title>{}</g>").format(_title(row, says), drawn)


def _bar(scale: Scale, row: SideRow, shown: Shown, days: Days, y: int) -> Markup:
    x = scale.day(days.first)
    end = scale.x(datetime.combine(days.last + timedelta(days=1), time()))
    style = Markup(STYLES[shown])  # noqa: S704 - our own
    if row.milestone:
        return Markup('<path d="M{} {}l4 4l-4 4l-4 -4z" {}/>').format(x, y, style)
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" {}/>').format(
        x, y, max(round(end - x, 1), 2), BAR, style
    )


def _title(row: SideRow, says: Language) -> str:
    """`Train: as it came from the template 1 March to 5 March; merged ...; the office is asked`."""
    told = []
    for shown in Shown:
        name = says.message(NAMES_OF[shown])
        days = row.days.get(shown)
        if days is not None:
            first, last = says.long_day(days.first), says.long_day(days.last)
            told.append(says.say("{plan}: {first} to {last}", plan=name, first=first, last=last))
    if row.asked:
        told.append(says.message(ASKED))
    return f"{clean(row.name, 240)}: {'; '.join(told)}" if told else clean(row.name, 240)
