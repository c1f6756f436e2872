"""A pack's charts: rows with a bar each, and a line over time; told apart in greyscale by pattern.

Each picture has its patterns in itself, since what prints pages takes every picture alone. A gap is words and
no bar. Refuses texts in bars: the figure stands beside it, as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.sentence import Bucket
from domain.standards.formats import ChartKind, Total
from reports.charts import INK, PATTERNS, SOFT
from reports.pack.spoken_pack import SpokenPack
from reports.pack.words import MOST_NAME, TOGETHER, bare, names, short_version
from reports.words import clean

MOST_BARS = 12
MOST_POINTS = 13
WHOLE, PARTLY, SUM = Bucket.FOLLOWS, Bucket.OLD, Bucket.NOT_YET
"""Patterns: a value that holds everything, one that leaves something out, and the whole."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: from where to where, in percent of the width; `known` is false for a gap."""

    label: str
    shown: str
    start: float = 0.0
    width: float = 0.0
    kind: str = WHOLE
    known: bool = True

    @property
    def is_sum(self) -> bool:
        """Whether it is the whole of those above."""
        return self.kind == SUM


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of one figure; `more` rows stand in the workbook only."""

    title: str
    figure: Figure
    bars: tuple[Bar, ...] = ()
    more: int = 0
    aside: str = ""
    line: Markup | None = None
    narrow: Markup | None = None

    @property
    def is_partial(self) -> bool:
        """Whether something is left out of one of the bars."""
        return any(bar.kind == PARTLY for bar in self.bars)


def chart(pack: SpokenPack, title: str, figure: Figure, kind: ChartKind, key: str) -> Chart:
    """The chart of that kind; `key` makes its ids in the page its own."""
    if kind is ChartKind.HISTORY:
        return _history(pack, title, figure, key)
    if kind is ChartKind.VERSIONS:
        return _bridge(pack, title, figure)
    return _by_office(pack, title, figure)


def bar_svg(bar: Bar, key: str) -> Markup:
    """One bar with its pattern; what it shows stands beside it as text."""
    if not bar.known:
        return Markup()
    size, ground, over = PATTERNS[bar.kind]
    width = max(bar.width, 0.6)
    hatched = (
        f'<defs><pattern id="{key}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
        f'<rect width="{size}" height="{size}" fill="{ground}"/>{over}</pattern></defs>'
    )
    fill = f"url(#{key})" if over else ground
    drawn = (
        f"{hatched if over else ''}"
        f'<rect x="{bar.start:.2f}%" y="0.5" width="{width:.2f}%" height="13" fill="{fill}" '
        f'stroke="{INK}" stroke-width="0.8"/>'
    )
    return Markup('<svg class="length" width="100%" height="14" aria-hidden="true">{}</svg>').format(
        Markup(drawn)  # noqa: S704 - numbers and our own words
    )


def _by_office(pack: SpokenPack, title: str, figure: Figure) -> Chart:
    """A bar per office, greatest first; offices without a value after them."""
    called = names(pack)
    lacking = {gap.office for gap in figure.lacking}
    steps = [(called.get(s.office, s.office), s.tally.value, s.office in lacking) for s in figure.offices]
    known = sorted((s for s in steps if not isinstance(s[1], Gap)), key=lambda s: -_size(s[1]))
    gaps = [s for s in steps if isinstance(s[1], Gap)]
    least, most = _scale([value for _, value, _ in known if not isinstance(value, Gap)])
    bars = []
    for label, value, partly in known:
        start, width = _span(_foot(value, least), _size(value), least, most)
        kind = PARTLY if partly else WHOLE
        bars.append(Bar(label, _bare(pack, figure, value), start, width, kind))
    bars += [Bar(label, _bare(pack, figure, value), known=False) for label, value, _ in gaps]
    return Chart(
        title, figure, tuple(bars[:MOST_BARS]), max(len(bars) - MOST_BARS, 0), pack.says.say("greatest first")
    )


def _bridge(pack: SpokenPack, title: str, figure: Figure) -> Chart:
    """A bar per version, each where the one before ends if they add up; then the whole."""
    adds_up = figure.total in (Total.COUNT, Total.SUM)
    values = [step.tally.value for step in figure.bridge]
    sizes = [Decimal(0) if isinstance(value, Gap) else _size(value) for value in values]
    total = None if isinstance(figure.value, Gap) else _size(figure.value)
    ends = [sum(sizes[: n + 1], Decimal()) for n in range(len(sizes))] if adds_up else sizes
    least, most = _scale([*ends, *([total] if total is not None else [])])
    bars = []
    for n, step in enumerate(figure.bridge):
        value = step.tally.value
        begin = ends[n] - sizes[n] if adds_up else _foot(value, least)
        start, width = _span(begin, ends[n], least, most)
        known = not isinstance(value, Gap)
        bars.append(Bar(short_version(step.version), _bare(pack, figure, value), start, width, known=known))
    if total is not None:
        start, width = _span(_foot(figure.value, least), total, least, most)
        bars.append(Bar(pack.says.message(TOGETHER), _bare(pack, figure, figure.value), start, width, SUM))
    else:
        bars.append(Bar(pack.says.message(TOGETHER), _bare(pack, figure, figure.value), known=False))
    return Chart(title, figure, tuple(bars), aside=pack.says.say("by version"))


def _history(pack: SpokenPack, title: str, figure: Figure, key: str) -> Chart:
    """A line over the cut-offs, broken where there was no value."""
    points = [(point.day, point.value) for point in figure.history]
    points = [*points, (pack.head.id.day, figure.value)][-MOST_POINTS:]
    wide, narrow = (_line(pack, figure, points, width, f"{key}{width}") for width in (560, 340))
    return Chart(title, figure, line=wide, narrow=narrow, aside=pack.says.say("over time"))


HIGH, LEFT, RIGHT, TOP, BOTTOM = 168, 8, 8, 30, 30
"""The height of a line's picture and its margins."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A cut-off in a line: where it is in the picture (`y` is None for a gap), and what is written there."""

    x: float
    y: float | None
    day: str
    shown: str


def _line(
    pack: SpokenPack, figure: Figure, points: Sequence[tuple[date, Value | Gap]], width: int, key: str
) -> Markup:
    """The line in a picture of that width; `key` is the id of its words."""
    spots = _spots(pack, figure, points, width)
    drawn = [f'<path d="M{LEFT} {HIGH - BOTTOM}H{width - RIGHT}" stroke="{SOFT}"/>']
    drawn += [
        f'<path d="M{a.x} {a.y}L{b.x} {b.y}" stroke="{INK}" stroke-width="2"/>'
        for a, b in pairwise(spots)
        if a.y is not None and b.y is not None
    ]
    every = max(1, -(-len(points) * 74 // width))
    for n, spot in enumerate(spots):
        drawn.append(_mark(spot))
        if (len(spots) - 1 - n) % every == 0:
            above = HIGH - BOTTOM - 14 if spot.y is None else spot.y - 9
            side = "start" if n == 0 else "end" if n == len(spots) - 1 else "middle"
            drawn.append(
                _text(
                    spot.x,
                    above,
                    pack.says.name("chart", "gap") if spot.y is None else spot.shown,
                    "600",
                    side,
                )
            )
            drawn.append(_text(spot.x, HIGH - 10, spot.day, "400", side))
    told = "; ".join(f"{spot.day}: {spot.shown}" for spot in spots)
    return Markup(
        '<svg class="course" role="img" aria-labelledby="{}" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<title id="{}">{}: {}</title>{}</svg>'
    ).format(
        key, width, HIGH, width, HIGH, key, clean(figure.name, MOST_NAME), told,
        Markup("".join(drawn)),  # noqa: S704 - numbers, and texts that were escaped
    )  # fmt: skip


def _spots(
    pack: SpokenPack, figure: Figure, points: Sequence[tuple[date, Value | Gap]], width: int
) -> list[Spot]:
    least, most = _scale([value for _, value in points if not isinstance(value, Gap)])
    step = (width - LEFT - RIGHT) / max(len(points) - 1, 1)
    room = HIGH - TOP - BOTTOM

    def height(value: Value | Gap) -> float | None:
        if isinstance(value, Gap):
            return None
        return round(HIGH - BOTTOM - float((_size(value) - least) / ((most - least) or 1)) * room, 1)

    return [
        Spot(round(LEFT + n * step, 1), height(value), pack.says.short_day(day), _bare(pack, figure, value))
        for n, (day, value) in enumerate(points)
    ]


def _mark(spot: Spot) -> str:
    """A dot; a cross at the foot for a gap."""
    if spot.y is not None:
        return f'<circle cx="{spot.x}" cy="{spot.y}" r="3.5" fill="{INK}"/>'
    cross = f"M{spot.x - 4:.1f} {HIGH - BOTTOM - 9}l8 8m0 -8l-8 8"
    return f'<path d="{cross}" stroke="{INK}" stroke-width="1.5"/>'


def _text(x: float, y: float, text: str, weight: str, side: str) -> str:
    inside = Markup("{}").format(text)
    return (
        f'<text x="{x:.1f}" y="{y}" text-anchor="{side}" font-size="11.5" font-weight="{weight}" '
        f'font-family="sans-serif" fill="{INK}">{inside}</text>'
    )


def _bare(pack: SpokenPack, figure: Figure, value: Value | Gap) -> str:
    return bare(value, figure.unit, pack.head.currency, pack.says)


def _size(value: Value | Gap) -> Decimal:
    """The value on a scale: days for dates; nothing for texts, which have no length."""
    if isinstance(value, date):
        return Decimal(value.toordinal())
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _foot(value: Value | Gap, least: Decimal) -> Decimal:
    """Where a bar begins: at 0 for numbers, at the axis for dates."""
    return least if isinstance(value, date) else Decimal(0)


def _scale(values: Sequence[Value]) -> tuple[Decimal, Decimal]:
    """The least and the greatest of the axis: from 0 for numbers, from a bit before the first for dates."""
    sizes = [_size(value) for value in values] or [Decimal(0)]
    if any(isinstance(value, date) for value in values):
        room = max((max(sizes) - min(sizes)) / 10, Decimal(7))
        return min(sizes) - room, max(sizes)
    return min(*sizes, Decimal(0)), max(*sizes, Decimal(0))


def _span(begin: Decimal, end: Decimal, least: Decimal, most: Decimal) -> tuple[float, float]:
    """Where a bar starts, and how wide it is, in percent of the axis."""
    whole = (most - least) or Decimal(1)
    low, high = sorted((begin, end))
    return float(100 * (low - least) / whole), float(100 * (high - low) / whole)
