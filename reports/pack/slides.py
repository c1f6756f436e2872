"""A pack for the board as three to six slides: verdict, figures, charts, what changed, who has to do what.

The same pack gives the same bytes. What does not fit on a slide is counted there, and stands in the workbook.
It refuses to say a gap as a number.
"""

from __future__ import annotations

from pptx.shapes.autoshape import Shape
from pptx.slide import Slide

from domain.reporting.figures import Figure, Gap
from domain.reporting.pack import Pack, PackSection
from domain.standards.formats import SectionKind
from reports.pack.deck import RED, SOFT, Deck, Place, Words, table, text
from reports.pack.slide_charts import bars_of, draw_chart, has_length
from reports.pack.sources import sources
from reports.pack.told import told
from reports.pack.words import (
    MOST_NAME,
    ROLES,
    bare,
    difference,
    instant,
    later_words,
    names,
    restricted_words,
    shown,
    standard_words,
)
from reports.words import clean, long_day, short_day

MOST_TILES, MOST_FIGURES, MOST_CHARTS, MOST_LINES = 6, 9, 2, 9
MOST_SOURCES, MOST_LEFT_OUT = 95, 75
"""Characters in two lines of a column of the last slide, where a text is `SMALL`."""
SMALL = 12
BODY = Place(1.4, 3.3, 31.0, 13.2)


def slides(pack: Pack) -> bytes:
    """The pack as the bytes of a .pptx file."""
    head = pack.head
    title = f"{clean(head.organization, 60)}: {clean(head.title, MOST_NAME)}"
    deck = Deck(f"{title}; cut-off {instant(head.cut_off, head.time_zone)}")
    tiles = _verdict(deck, pack)
    for section, figure in _charted(pack)[:MOST_CHARTS]:
        _chart(deck, pack, section, figure)
    _changed(deck, pack)
    if pack.needs:
        _needs(deck, pack)
    listed = _figures(deck, pack)
    for tile in tiles:
        tile.click_action.target_slide = listed
    return deck.finished(f"{title}, {head.id.day}", head.office, head.as_of)


def _verdict(deck: Deck, pack: Pack) -> list[Shape]:
    """The verdict as title, beneath it the first figures, which are returned."""
    slide = deck.slide(clean(pack.verdict, 200))
    by = {figure.id: figure for figure in pack.figures}
    shown_there = [section.figures for section in pack.sections if section.kind is SectionKind.FIGURES]
    listed = dict.fromkeys(each for figures in shown_there for each in figures if each in by)
    chosen = [by[each] for each in listed] or list(pack.figures)
    tiles = [
        text(slide, Place(1.4 + n % 3 * 10.5, 3.9 + n // 3 * 5.9, 9.8, 5.2), _tile(pack, figure))
        for n, figure in enumerate(chosen[:MOST_TILES])
    ]
    missing = [clean(each.name, 40) for each in pack.offices if each.missing is not None]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        said = f"Not read, and never counted as zero: {', '.join(missing[:5])}{more}"
        text(slide, Place(1.4, 16.2, 31.0, 1.2), [[Words(said, 14, color=RED)]])
    return tiles


def _tile(pack: Pack, figure: Figure) -> list[list[Words]]:
    head = pack.head
    day = long_day(head.previous.day) if head.previous else ""
    value = bare(figure.value, figure.unit, head.currency)
    under = difference(figure.value, figure.before, figure.unit, head.currency, day)
    marks = ["restated"] if figure.restated is not None else []
    known = not isinstance(figure.value, Gap)
    if isinstance(figure.value, Gap):
        under = clean(figure.value.words, 80)
    elif not figure.is_whole:
        marks.append("incomplete")
    size = 44 if len(value) <= 8 else 30 if len(value) <= 20 else 20
    named = [Words(clean(figure.name, 60), 16, bold=True)]
    named += [Words(f"  {', '.join(marks)}", 14, bold=True, color=RED)] if marks else []
    return [[Words(value, size, italic=not known)], named, [Words(under, 14, color=SOFT)]]


def _figures(deck: Deck, pack: Pack) -> Slide:
    """Every figure with its sources and what is left out, as a table."""
    slide = deck.slide("Where each figure comes from")
    rows = []
    for figure in pack.figures[:MOST_FIGURES]:
        found = sources(pack, figure)
        facts = "; ".join(title for title, _ in found.facts)
        left_out = list(dict.fromkeys(clean(gap.words, 60) for gap in found.left_out))
        rows.append(
            (
                clean(figure.name, 48),
                shown(figure.value, figure.unit, pack.head.currency),
                clean(f"{found.words}. {facts}" if facts else found.words, MOST_SOURCES),
                clean("; ".join(left_out[:1]) + ("; and more" if len(left_out) > 1 else ""), MOST_LEFT_OUT),
            )
        )
    table(slide, BODY, ("Figure", "Value", "Comes from", "Left out"), rows, (6, 5, 11, 9), SMALL)
    said = [Words(f"{_more(len(pack.figures) - len(rows), 'figure')}{_basis(pack)}", 12, color=SOFT)]
    ledger = f"Ledger head {pack.head.ledger_head or 'none'} (entry {pack.head.ledger_entry})"
    text(slide, Place(1.4, 16.0, 31.0, 1.7), [said, [Words(ledger, 11, color=SOFT)]])
    return slide


def _basis(pack: Pack) -> str:
    """By which standard, and that there is more."""
    restricted = f"{restricted_words(pack)} " if pack.restricted else ""
    restricted = f"{later_words(pack)} {restricted}".lstrip()
    more = "Every project and fact stands in the workbook."
    return f"{standard_words(pack)}. {restricted}{more}"


def _charted(pack: Pack) -> list[tuple[PackSection, Figure]]:
    by = {figure.id: figure for figure in pack.figures}
    return [
        (section, by[each])
        for section in pack.sections
        if section.chart is not None
        for each in section.figures
        if each in by
    ]


def _chart(deck: Deck, pack: Pack, section: PackSection, figure: Figure) -> None:
    """A native chart; a table where what it shows has no length."""
    assert section.chart is not None  # noqa: S101 - chosen so
    slide = deck.slide(clean(section.title, MOST_NAME))
    named = f"{clean(figure.name, MOST_NAME)}: {shown(figure.value, figure.unit, pack.head.currency)}"
    text(slide, Place(1.4, 3.1, 31.0, 1.0), [[Words(named, 18, color=SOFT)]])
    bars = bars_of(pack, figure, section.chart)
    if has_length(figure):
        draw_chart(slide, Place(1.4, 4.3, 31.0, 11.8), pack, figure, bars)
    else:
        rows = list(zip(bars.labels, bars.shown, strict=True))
        table(slide, Place(1.4, 4.3, 20.0, 11.8), ("", clean(figure.name, 48)), rows, (3, 2))
    _beneath(slide, bars.more, "row")


def _changed(deck: Deck, pack: Pack) -> None:
    """What changed, and why."""
    previous = pack.head.previous
    slide = deck.slide(
        f"What changed since {long_day(previous.day)}, and why" if previous else "What changed"
    )
    if previous is None:
        said = "There is no pack before this one to compare with."
        text(slide, BODY, [[Words(said, 18, color=SOFT)]])
        return
    found = told(pack)
    if not found.lines:
        text(slide, BODY, [[Words("Nothing changed.", 18, color=SOFT)]])
        return
    rows = [
        (
            clean(f"{line.what} (restated)" if line.restated else line.what, 80),
            clean(f"{line.was} → {line.now}" if line.was else line.now, 60),
            clean(line.why, 170),
        )
        for line in found.lines[:MOST_LINES]
    ]
    table(slide, BODY, ("What", "Before and now", "Why"), rows, (9, 7, 15))
    _beneath(slide, found.all - len(rows), "change")


def _needs(deck: Deck, pack: Pack) -> None:
    """What somebody has to do, by when, and what happens otherwise."""
    slide = deck.slide("Who has to do what, by when")
    called = names(pack)
    rows = [
        (
            short_day(need.by) if need.by else "now",
            clean(f"{ROLES[need.role]}, {called.get(need.office, need.office)}", 60),
            clean(need.what, 120),
            clean(need.otherwise, 100),
        )
        for need in pack.needs[:MOST_LINES]
    ]
    table(slide, BODY, ("By", "Who", "What", "Otherwise"), rows, (3, 8, 12, 9))
    _beneath(slide, len(pack.needs) - len(rows), "line")


def _beneath(slide: Slide, more: int, noun: str) -> None:
    said = _more(more, noun)
    if said:
        line = [Words(f"{said}The workbook has them all.", 14, color=SOFT)]
        text(slide, Place(1.4, 16.6, 31.0, 1.0), [line])


def _more(more: int, noun: str) -> str:
    """`3 more figures are not shown. `, or nothing."""
    if more <= 0:
        return ""
    return f"1 more {noun} is not shown. " if more == 1 else f"{more:,} more {noun}s are not shown. "
