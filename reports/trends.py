"""The trend of a sweep as inline SVG: how many projects passed and how many must act, sweep by sweep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from domain.language import Language
from domain.reporting.sentence import Bucket
from domain.reporting.trend import TrendPoint
from reports.charts import INK, Frame, axes, steps

LEAST = 2
"""Days that a trend needs."""
LETTER = 6.6
"""How wide a letter of a note is at most, on average."""


def trend_chart(trend: Sequence[TrendPoint], width: int, height: int, says: Language) -> Markup:
    """Passed and must act, day by day; empty for fewer than two days."""
    if len(trend) < LEAST:
        return Markup()
    first, last = trend[0], trend[-1]
    most = max(1, *(each.judged for each in trend))
    frame = Frame(width, height, first.on, last.on, most)
    passed = [(each.on, each.passed) for each in trend]
    floor = [(on, 0) for on, _ in reversed(passed)]
    must = [(each.on, each.must) for each in trend]
    drawn = (
        f'<path d="M{steps(frame, passed)}L{steps(frame, floor)}Z" fill="url(#f-{Bucket.FOLLOWS})" '
        f'stroke="{INK}" stroke-width=".8"/>'
        f'<path d="M{steps(frame, must)}" fill="none" stroke="{INK}" '
        f'stroke-width="2" stroke-dasharray="5 3"/>'
    )
    told = says.say(
        "From {first} to {last}: passing from {passed_then} to {passed}, action required from {must_then} "
        "to {must}.",
        first=says.short_day(first.on),
        last=says.short_day(last.on),
        passed_then=first.passed,
        passed=last.passed,
        must_then=first.must,
        must=last.must,
    )
    return Markup(
        '<svg class="course" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<title>{}</title><desc data-figure="trend">{}</desc>{}</svg>'
    ).format(
        width,
        height,
        width,
        height,
        says.say("Review by review"),
        told,
        axes(frame, says) + Markup(drawn) + _note(frame, must, says),  # noqa: S704 - numbers
    )


def _note(frame: Frame, line: Sequence[tuple[date, int]], says: Language) -> Markup:
    """The last count of a line in words, at its end and not on it.

    Above the highest point below which it stands, or under the lowest where the chart ends before.
    """
    on, last = line[-1]
    note, end = says.say("action required {n}", n=last), frame.x(on) - 4
    first = max((n for n, (day, _) in enumerate(line) if frame.x(day) <= end - len(note) * LETTER), default=0)
    heights = [frame.y(count) for _, count in line[first:]]
    above = min(heights) - 6
    y = round(above if above >= frame.top else max(heights) + 15, 1)
    return Markup(
        '<text class="note" x="{}" y="{}" text-anchor="end" data-figure="trend-must">{}</text>'
    ).format(end, y, note)


def sparkline(points: Sequence[int], label: str, figure: str) -> Markup:
    """A small line through these counts, oldest first, marked as that figure; empty for fewer than two."""
    if len(points) < LEAST:
        return Markup()
    most = max(*points, 1)
    step = 116 / (len(points) - 1)
    places = [(2 + step * n, 24 - 20 * count / most) for n, count in enumerate(points)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    x, y = places[-1]
    return Markup(
        '<svg class="spark" role="img" width="120" height="28" viewBox="0 0 120 28">'
        '<title data-figure="{}">{}</title>{}</svg>'
    ).format(
        figure,
        label,
        Markup(  # noqa: S704 - numbers
            f'<path d="M{path}" fill="none" stroke="{INK}" stroke-width="1.6"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{INK}"/>'
        ),
    )
