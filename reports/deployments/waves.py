"""What offices needed beside the pilot, wave by wave, as a picture; refuses scripts and outside links.

A line for each measure with a mark of its own shape, so it is legible without colors. The pilot is the line
at 100 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from domain.language import Language
from domain.plans.savings.office import Measure
from reports.charts import INK, SOFT, TEAL
from reports.deployments.saved import MEASURES

WIDTH, HEIGHT = 680, 230
LEFT, RIGHT, TOP, BOTTOM = 52, 120, 16, 34
GRID = "#dedad0"
STYLES: Mapping[Measure, tuple[str, str]] = {
    Measure.EFFORT: (TEAL, ""),
    Measure.DURATION: (INK, ' stroke-dasharray="6 3"'),
    Measure.COST: (SOFT, ' stroke-dasharray="2 3"'),
}
Waves = Mapping[Measure, Mapping[int, float]]
"""The mean ratio to the pilot by wave, of each measure."""


def waves_picture(found: Waves, says: Language) -> Markup:
    """The chart; empty where no measure has two waves."""
    lines = {measure: waves for measure, waves in found.items() if len(waves) >= 2}
    if not lines:
        return Markup()
    numbers = sorted({wave for waves in lines.values() for wave in waves})
    most = max(1.0, *(ratio for waves in lines.values() for ratio in waves.values())) * 1.08
    parts = [*_axes(numbers, most, says), *_pilot(most, says)]
    free: list[float] = []
    for measure, waves in lines.items():
        parts += _line(measure, waves, numbers, most, says, free)
    return Markup(
        '<svg class="waves" role="img" viewBox="0 0 {} {}" width="100%"><title>{}</title><desc>{}</desc>{}'
        "</svg>"
    ).format(
        WIDTH, HEIGHT, says.say("What the offices needed beside the pilot, wave by wave"),
        _told(lines, says), Markup("").join(parts),
    )  # fmt: skip


def _x(wave: int, numbers: Sequence[int]) -> float:
    at = numbers.index(wave) / max(len(numbers) - 1, 1)
    return round(LEFT + 14 + at * (WIDTH - LEFT - RIGHT - 28), 1)


def _y(ratio: float, most: float) -> float:
    return round(HEIGHT - BOTTOM - ratio / most * (HEIGHT - TOP - BOTTOM), 1)


def _axes(numbers: Sequence[int], most: float, says: Language) -> Iterator[Markup]:
    """Lines at round percentages, and the waves below."""
    step = next(each for each in (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, most) if most / each <= 6)
    for n in range(int(most / step) + 1):
        y = _y(n * step, most)
        yield Markup('<path d="M{} {}H{}" stroke="{}"/>').format(LEFT, y, WIDTH - RIGHT, GRID)
        yield Markup('<text class="tick" x="{}" y="{}" text-anchor="end">{} %</text>').format(
            LEFT - 6, y + 4, round(n * step * 100)
        )
    for wave in numbers:
        yield Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            _x(wave, numbers), HEIGHT - 14, says.say("wave {n}", n=wave)
        )


def _pilot(most: float, says: Language) -> Iterator[Markup]:
    y = _y(1.0, most)
    yield Markup('<path d="M{} {}H{}" stroke="{}" stroke-width="1.4"/>').format(LEFT, y, WIDTH - RIGHT, INK)
    yield Markup('<text class="note" x="{}" y="{}">{}</text>').format(
        LEFT + 3, y - 5, says.say("pilot: 100 %")
    )


def _line(
    measure: Measure, waves: Mapping[int, float], numbers: Sequence[int], most: float, says: Language,
    free: list[float],
) -> Iterator[Markup]:  # fmt: skip
    """One measure: a line, a mark at each wave, and its name at the end, below the names before."""
    color, dashes = STYLES[measure]
    points = [(_x(wave, numbers), _y(ratio, most)) for wave, ratio in waves.items()]
    path = "L".join(f"{x} {y}" for x, y in points)
    yield Markup('<path d="M{}" fill="none" stroke="{}" stroke-width="2"{}/>').format(
        path,
        color,
        Markup(dashes),  # noqa: S704 - our own
    )
    yield from (_mark(measure, x, y, color) for x, y in points)
    x, y = points[-1]
    while any(abs(y - other) < 13 for other in free):
        y += 13
    free.append(y)
    yield Markup('<text class="note" x="{}" y="{}">{} {} %</text>').format(
        x + 9, y + 4, says.message(MEASURES[measure]), round(list(waves.values())[-1] * 100)
    )


MARKS: Mapping[Measure, str] = {
    Measure.EFFORT: '<circle cx="{}" cy="{}" r="4" fill="{}"/>',
    Measure.DURATION: '<path d="M{} {}m0 -5l5 5l-5 5l-5 -5z" fill="#fff" stroke="{}" stroke-width="1.6"/>',
    Measure.COST: '<path d="M{} {}m-4 -4h8v8h-8z" fill="#fff" stroke="{}" stroke-width="1.6"/>',
}


def _mark(measure: Measure, x: float, y: float, color: str) -> Markup:
    return Markup(MARKS[measure]).format(x, y, color)  # noqa: S704 - our own


def _told(lines: Waves, says: Language) -> str:
    """The same as text, for whoever does not see the picture."""
    told = []
    for measure, waves in lines.items():
        steps = ", ".join(
            says.say("wave {n}: {share} %", n=wave, share=round(ratio * 100)) for wave, ratio in waves.items()
        )
        told.append(f"{says.message(MEASURES[measure])}: {steps}")
    return "; ".join(told)
