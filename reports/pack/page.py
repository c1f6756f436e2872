"""A pack as one page (HTML): first what the board has to know, then where each figure comes from.

It prints on two pages, has no script, and asks the network for nothing. What does not fit into them is
counted here and stands in the workbook: the page stays small with any number of projects. It refuses to show
keys of facts and of projects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.language import ENGLISH, Language, Message
from domain.reporting.figures import Figure, Gap, Part, Value
from domain.reporting.pack import Pack, PackProject, PackSection
from domain.standards.formats import Audience, Cadence, SectionKind, Unit
from reports.pack.charts import Chart, bar_svg, chart
from reports.pack.sources import Sources, sources
from reports.pack.spoken_pack import SpokenPack, spoken_pack
from reports.pack.told import told
from reports.pack.words import (
    INCOMPLETE,
    MOST_NAME,
    RESTATED,
    added,
    bare,
    difference,
    instant,
    later_words,
    names,
    owner,
    projects_words,
    restricted_words,
    short_version,
    shown,
    standard_words,
    version_words,
)
from reports.render import filled
from reports.words import clean

MOST_PROJECTS, MOST_PARTS, MOST_OFFICES = 25, 15, 12
MOST = {"needs": 5, "left_out": 2, "here": 5}
"""Lines of a list; the rest stands in the workbook, as a list of more than `here` says beneath it."""
MOST_TILES = 6
"""Figures of a section on the first screen; every figure stands beneath, with its sources."""
FOR = {Audience.BOARD: Message("For the board"), Audience.OFFICES: Message("For the office")}
CADENCES = {
    Cadence.CUT_OFF: Message("at each cut-off", about="cadence"),
    Cadence.WEEKLY: Message("weekly", about="cadence"),
    Cadence.MONTHLY: Message("monthly", about="cadence"),
}
LONG = 9
"""Characters from which on a figure is written smaller."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure on the first screen: its place below, its value, and what stands under it."""

    place: str
    name: str
    shown: str
    known: bool
    unders: tuple[str, ...]
    restated: bool
    partial: bool
    """Whether something is left out of the value."""

    @property
    def small(self) -> bool:
        """Whether the value is too long for the large type."""
        return len(self.shown) > LONG or not self.known


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a figure comes from, as it is told below."""

    place: str
    figure: Figure
    name: str
    shown: str
    sources: Sources
    before: str
    late: str
    left_out: tuple[tuple[str, str, str], ...]
    """What is missing, who can say it, and by when."""
    versions: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str, str, str], ...]
    """Project, office, what it adds, and its facts."""
    more: int


@dataclass(frozen=True, slots=True)
class ProjectTable:
    """A section of projects: headers, rows, and how many more there are."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[PackProject, tuple[str, ...]], ...]
    more: int


def page(of: Pack, says: Language = ENGLISH) -> bytes:
    """The pack as one file (UTF-8) in that language; the same pack gives the same bytes."""
    pack = spoken_pack(of, says)
    head = pack.head
    called = names(pack)
    return filled(
        "pack.html.j2",
        says,
        pack=pack,
        head=head,
        tiles=_tiles(pack),
        charts=_charts(pack),
        tables=[_table(pack, each) for each in pack.sections if each.kind is SectionKind.PROJECTS],
        traces=[_trace(pack, figure) for figure in pack.figures],
        missing=[office for office in pack.offices if office.missing is not None],
        told=told(pack),
        place=lambda figure: place_of(pack, figure),
        office=lambda key: called.get(key, clean(key, MOST_NAME)),
        cut_off=instant(head.cut_off, head.time_zone, says),
        as_of=instant(head.as_of, head.time_zone, says),
        read_at=lambda at: instant(at, head.time_zone, says),
        previous=pack.previous_day,
        later=later_words(pack),
        standard=standard_words(pack),
        version_words=lambda version: version_words(pack, version),
        whom=says.message(FOR[head.audience]),
        cadence=says.message(CADENCES[head.cadence]),
        restricted=restricted_words(pack) if pack.restricted else "",
        restated=says.message(RESTATED),
        incomplete=says.message(INCOMPLETE),
        bar_svg=bar_svg,
        projects_words=lambda count: projects_words(count, says),
        shown_offices=sorted(pack.offices, key=lambda each: each.missing is None)[:MOST_OFFICES],
        most=MOST,
    )


def place_of(pack: SpokenPack, figure: Figure) -> str:
    """The id of the place in the page where the figure's sources are told."""
    return f"f-{pack.figures.index(figure) + 1}"


def _tiles(pack: SpokenPack) -> list[tuple[str, list[Tile]]]:
    by = {figure.id: figure for figure in pack.figures}
    return [
        (
            clean(section.title, MOST_NAME),
            [_tile(pack, by[each]) for each in section.figures if each in by][:MOST_TILES],
        )
        for section in pack.sections
        if section.kind is SectionKind.FIGURES
    ]


def _tile(pack: SpokenPack, figure: Figure) -> Tile:
    head, says, day = pack.head, pack.says, pack.previous_day
    unders = [difference(figure.value, figure.before, figure.unit, head.currency, day, says)]
    if isinstance(figure.value, Gap):
        unders = [clean(figure.value.words, 80)]
    value = bare(figure.value, figure.unit, head.currency, says)
    known = not isinstance(figure.value, Gap)
    if figure.unit in (Unit.DAYS, Unit.WEEKS, Unit.HOURS):
        value = shown(figure.value, figure.unit, head.currency, says)
    return Tile(
        place_of(pack, figure), clean(figure.name, 60), value, known,
        tuple(filter(None, unders)), figure.restated is not None, known and not figure.is_whole,
    )  # fmt: skip


def _charts(pack: SpokenPack) -> list[Chart]:
    by = {figure.id: figure for figure in pack.figures}
    return [
        chart(pack, clean(section.title, MOST_NAME), by[figure], section.chart, f"c{n}-{m}")
        for n, section in enumerate(pack.sections, 1)
        for m, figure in enumerate(section.figures, 1)
        if section.chart is not None and figure in by
    ]


def _table(pack: SpokenPack, section: PackSection) -> ProjectTable:
    figures = [figure for figure in pack.figures if figure.id in section.figures and figure.parts]
    by = [{part.number: part for part in figure.parts} for figure in figures]
    rows = [
        (project, tuple(_adds(pack, f, own.get(project.number)) for f, own in zip(figures, by, strict=True)))
        for project in pack.projects[:MOST_PROJECTS]
    ]
    headers = tuple(clean(figure.name, MOST_NAME) for figure in figures)
    more = max(len(pack.projects) - MOST_PROJECTS, 0)
    return ProjectTable(clean(section.title, MOST_NAME), headers, tuple(rows), more)


def _trace(pack: SpokenPack, figure: Figure) -> Trace:
    head, called = pack.head, names(pack)

    def said(value: Value | Gap | None) -> str:
        return shown(value, figure.unit, head.currency, pack.says)

    found = sources(pack, figure)
    parts = _telling(figure.parts)
    titles = {project.number: clean(project.title, MOST_NAME) for project in pack.projects}
    return Trace(
        place=place_of(pack, figure),
        figure=figure,
        name=clean(figure.name, 60),
        shown=said(figure.value),
        sources=found,
        before=said(figure.before),
        late=said(figure.restated),
        left_out=tuple(
            dict.fromkeys(
                (
                    clean(gap.words, 90),
                    clean(owner(gap, called, pack.says), 60),
                    pack.day(gap.answer_by),
                )
                for gap in found.left_out
            )
        ),
        versions=tuple((short_version(step.version), said(step.tally.value)) for step in figure.bridge),
        parts=tuple(
            (
                titles.get(part.number, ""),
                called.get(part.office, clean(part.office, MOST_NAME)),
                _adds(pack, figure, part),
                "; ".join(f"{clean(fact.title, 60)}: {clean(fact.value, 60)}" for fact in part.facts),
            )
            for part in parts[:MOST_PARTS]
        ),
        more=max(len(parts) - MOST_PARTS, 0),
    )


def _telling(parts: Sequence[Part]) -> list[Part]:
    """The parts, first those that count: gaps, then what is not 0."""
    return sorted(parts, key=lambda part: (not isinstance(part.value, Gap), not part.value))


def _adds(pack: SpokenPack, figure: Figure, part: Part | None) -> str:
    return "" if part is None else added(part.value, figure, pack.head.currency, pack.says)
