"""Charts as inline SVG from domain values, legible in black and white; refuses scripts and outside links.

Every color has a hatching, every length its count. The only `url()` in them is that of a pattern in the same
document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from domain.language import Language
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sentence import Bucket
from domain.standards.verdict import Result

INK, SOFT, PAPER, TEAL = "#1c2126", "#5a6169", "#ffffff", "#1d4a5a"
PALE = ' opacity=".45" stroke-dasharray="3 2"'
BESIDE = 25
"""So near an edge the label of today stands beside its line."""
LEAST_LABEL = 0.055
"""The smallest share of a bar into which its count is written."""
STYLES: Mapping[str, str] = {
    Result.PASS: Bucket.FOLLOWS,
    Result.GRANDFATHERED: Bucket.OLD,
    Result.PERMITTED: Bucket.DEVIATES,
    Result.NOT_APPLICABLE: Bucket.OUT,
    Result.UNKNOWN: Bucket.NOT_REPORTED,
    Result.FAIL: Bucket.MUST_ACT,
    Result.ERROR: Bucket.LATE,
}
"""Bands are drawn like the buckets that mean the same."""
PATTERNS: Mapping[str, tuple[int, str, str]] = {
    Bucket.FOLLOWS: (8, TEAL, ""),
    Bucket.OLD: (
        6,
        "#b5cdd0",
        f'<path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" stroke="{TEAL}" stroke-width="1.3"/>',
    ),
    Bucket.DEVIATES: (5, "#dbe7e7", f'<circle cx="2.5" cy="2.5" r="1" fill="{TEAL}"/>'),
    Bucket.OUT: (4, "#f4f2ec", '<path d="M0 2H4" stroke="#b9b4a8" stroke-width=".8"/>'),
    Bucket.NOT_YET: (8, "#e6e2d8", ""),
    Bucket.ASKED: (6, "#f8e7c6", '<circle cx="3" cy="3" r="1" fill="#a8690b"/>'),
    Bucket.MUST_ACT: (7, "#f2c274", '<path d="M3.5 0V7" stroke="#a8690b" stroke-width="1.2"/>'),
    Bucket.NOT_REPORTED: (
        6,
        PAPER,
        '<path d="M-1 -1L7 7M-1 5L1 7M5 -1L7 1" stroke="#5a6169" stroke-width=".9"/>',
    ),
    Bucket.LATE: (8, "#f6c9c3", '<path d="M0 0L8 8M8 0L0 8" stroke="#a3201a" stroke-width="1.3"/>'),
}
"""Per bucket: the pattern's size, its background color, and what is drawn on it."""
TEXTS: Mapping[str, str] = {Bucket.FOLLOWS: "light"}
"""How counts are written on the dark pattern."""


def patterns() -> Markup:
    """The patterns that every chart of the page uses, once per page."""
    drawn = "".join(
        f'<pattern id="f-{group}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
        f'<rect width="{size}" height="{size}" fill="{ground}"/>{over}</pattern>'
        for group, (size, ground, over) in PATTERNS.items()
    )
    return Markup(f'<svg class="defs" width="0" height="0" aria-hidden="true"><defs>{drawn}</defs></svg>')  # noqa: S704


def swatch(group: str) -> Markup:
    """A small square in the pattern of a bucket or band."""
    style = STYLES.get(group, group)
    return Markup(  # noqa: S704 - made from our own words
        '<svg class="swatch" width="14" height="14" aria-hidden="true">'
        f'<rect x=".5" y=".5" width="13" height="13" fill="url(#f-{style})" stroke="{INK}" '
        'stroke-width=".7"/></svg>'
    )


def bar(counts: Mapping[str, int], label: str, *, stale: bool = False, figure: str = "") -> Markup:
    """One stacked bar of full width; a screen reader reads `label`; a stale office's bar is pale."""
    total = sum(counts.values())
    at, drawn = 0, []
    mark = f' data-figure="{figure}-%s"' if figure else "%.0s"
    for group, count in counts.items():
        if count == 0:
            continue
        style = STYLES.get(group, group)
        x, width = 100 * at / total, 100 * count / total
        drawn.append(
            f'<rect x="{x:.2f}%" y="0" width="{width:.2f}%" height="100%" fill="url(#f-{style})" '
            f'stroke="{INK}" stroke-width=".8"{PALE if stale else ""}/>'
        )
        if count / total >= LEAST_LABEL:
            kind = "dark" if stale else TEXTS.get(style, "dark")
            drawn.append(f'<text class="{kind}" x="{x + width / 2:.2f}%" y="15"{mark % group}>{count}</text>')
        at += count
    return Markup('<svg class="bar" role="img" width="100%" height="20"><title{}>{}</title>{}</svg>').format(
        Markup(mark % "all"),  # noqa: S704 - our own name
        label,
        Markup("".join(drawn)),  # noqa: S704 - numbers and our own words
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The coordinates of days and counts in a chart of that size."""

    width: int
    height: int
    first: date
    last: date
    most: int
    left: int = 30
    right: int = 14
    top: int = 14
    bottom: int = 24

    def x(self, on: date) -> float:
        """The horizontal coordinate of a day."""
        share = (on - self.first).days / max((self.last - self.first).days, 1)
        return round(self.left + min(max(share, 0.0), 1.0) * (self.width - self.left - self.right), 1)

    def y(self, count: float) -> float:
        """The vertical coordinate of a count."""
        return round(
            self.height - self.bottom - count / self.most * (self.height - self.top - self.bottom), 1
        )


def course(report: RolloutReport, width: int, height: int, says: Language) -> Markup:
    """How many projects were settled day by day, beside the wave plan and the forecast."""
    points = report.course
    today, total = report.heading.as_of, max(len(report.rows), 1)
    first = min([points[0].on, *(wave.plan.start for wave in report.waves)])
    ends = [today, *(on for on, _ in report.plan)]
    ahead = report.forecast.on
    if ahead is not None and ahead > today:
        ends.append(min(ahead, today + 2 * max(today - first, timedelta(days=28))))
    frame = Frame(width, height, first, max(*ends, first + timedelta(days=7)), total)
    drawn = [axes(frame, says), _areas(frame, report, says), _plan(frame, report, says)]
    drawn.append(_forecast(frame, report, says))
    newest = points[-1]
    told = says.say(
        "On {day} {adopted} of {all} follow and {otherwise} finish otherwise; the wave plan asks for "
        "{planned} settled.",
        day=says.short_day(today),
        adopted=newest.adopted,
        all=len(report.rows),
        otherwise=newest.otherwise,
        planned=report.planned,
    )
    return Markup(
        '<svg class="course" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<title>{}</title><desc data-figure="course">{}</desc>{}</svg>'
    ).format(
        width, height, width, height, says.say("Adoption against the wave plan"), told, Markup("").join(drawn)
    )


def axes(frame: Frame, says: Language) -> Markup:
    """Count lines at round numbers, months along the bottom."""
    step = next((s for s in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500) if frame.most / s <= 5), 1000)
    drawn = [
        f'<path d="M{frame.left} {frame.y(n)}H{frame.width - frame.right}" stroke="#dedad0"/>'
        f'<text class="tick" x="{frame.left - 6}" y="{frame.y(n) + 4}" text-anchor="end">{n}</text>'
        for n in range(0, frame.most + 1, step)
    ]
    weeks = max((frame.last - frame.first).days // 7, 1)
    every = 7 * max(1, -(-weeks // max(frame.width // 75, 2)))
    days = [frame.first + timedelta(days=n) for n in range(0, (frame.last - frame.first).days + 1, every)]
    for on in days:
        x, anchor = frame.x(on), "start" if on == frame.first else "middle"
        if anchor == "middle" and x > frame.width - 22:
            continue
        drawn.append(
            f'<path d="M{x} {frame.y(0)}v4" stroke="{SOFT}"/>'
            f'<text class="tick" x="{x}" y="{frame.height - 6}" text-anchor="{anchor}">'
            f"{says.short_day(on)}</text>"
        )
    return Markup("".join(drawn))  # noqa: S704 - numbers and dates


def steps(frame: Frame, points: Sequence[tuple[date, int]]) -> str:
    """A line through the points."""
    return "L".join(f"{frame.x(on)} {frame.y(count)}" for on, count in points)


def _areas(frame: Frame, report: RolloutReport, says: Language) -> Markup:
    """The area of the projects that follow, and above it that of those settled otherwise."""
    adopted = [(point.on, point.adopted) for point in report.course]
    settled = [(point.on, point.adopted + point.otherwise) for point in report.course]
    drawn = []
    for top, base, group in ((adopted, None, Bucket.FOLLOWS), (settled, adopted, Bucket.OLD)):
        floor = base or [(on, 0) for on, _ in top]
        shape = f"M{steps(frame, top)}L{steps(frame, floor[::-1])}Z"
        drawn.append(f'<path d="{shape}" fill="url(#f-{group})" stroke="{INK}" stroke-width=".8"/>')
    on, newest = settled[-1]
    x = frame.x(on)
    shift, anchor = (0, "middle")
    if x < frame.left + BESIDE:
        shift, anchor = (4, "start")
    elif x > frame.width - BESIDE:
        shift, anchor = (-4, "end")
    drawn.append(
        f'<path d="M{x} {frame.y(0)}V{frame.top}" stroke="{INK}" stroke-width=".8" stroke-dasharray="1 3"/>'
        f'<text class="note" x="{x + shift}" y="{frame.top - 3}" text-anchor="{anchor}">'
        f"{escape(says.say('today'))}</text>"
    )
    if newest:
        drawn.append(f'<circle cx="{x}" cy="{frame.y(newest)}" r="3.2" fill="{INK}"/>')
    return Markup("".join(drawn))  # noqa: S704 - numbers and dates


def _plan(frame: Frame, report: RolloutReport, says: Language) -> Markup:
    """The wave plan as a step line, each step labeled with its wave."""
    path, last = f"M{frame.x(frame.first)} {frame.y(0)}", 0
    for on, count in report.plan:
        path += f"H{frame.x(on)}V{frame.y(count)}"
        last = count
    path += f"H{frame.width - frame.right}"
    y = frame.y(last) - 5 if frame.y(last) - 5 > frame.top else frame.y(last) + 14
    return Markup(  # noqa: S704 - numbers
        f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.8" stroke-dasharray="6 3"/>'
        f'<text class="note" x="{frame.width - frame.right}" y="{y}" text-anchor="end">'
        f"{escape(says.say('wave plan'))}</text>"
    )


def _forecast(frame: Frame, report: RolloutReport, says: Language) -> Markup:
    """The trend from today's count to the day of the forecast; empty without a forecast after today."""
    on, newest = report.forecast.on, report.course[-1]
    if on is None or on <= report.heading.as_of:
        return Markup()
    goal = report.forecast.goal
    share = min((frame.last - newest.on).days / (on - newest.on).days, 1.0)
    end = newest.adopted + share * (goal - newest.adopted)
    x, y = frame.x(min(on, frame.last)), frame.y(end)
    dot = f'<circle cx="{x}" cy="{y}" r="3.6" fill="{PAPER}" stroke="{TEAL}" stroke-width="1.8"/>'
    return Markup(  # noqa: S704 - numbers and dates
        f'<path d="M{frame.x(newest.on)} {frame.y(newest.adopted)}L{x} {y}" stroke="{TEAL}" '
        f'stroke-width="1.8" stroke-dasharray="2 4" stroke-linecap="round"/>'
        + (dot if on <= frame.last else "")
        + f'<text class="note" x="{x - 2}" y="{y - 9}" text-anchor="end" data-figure="forecast-note">'
        f"80 %: {escape(says.short_day(on))}</text>"
    )
