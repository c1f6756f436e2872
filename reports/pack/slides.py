"""A pack for the board as three to six slides: verdict, figures, charts, what changed, who has to do what.

The same pack gives the same bytes. What does not fit on a slide is counted there, and stands in the workbook.
It refuses to say a gap as a number.
"""

from __future__ import annotations

from pptx.shapes.autoshape import Shape
from pptx.slide import Slide

from domain.language import ENGLISH, Language, Message
from domain.reporting.figures import Figure, Gap
from domain.reporting.pack import Pack, PackSection
from domain.standards.formats import SectionKind
from reports.pack.deck import RED, SOFT, Deck, Place, Words, table, text
from reports.pack.slide_charts import bars_of, draw_chart, has_length
from reports.pack.sources import sources
from reports.pack.spoken_pack import SpokenPack, spoken_pack
from reports.pack.told import told
from reports.pack.words import (
    INCOMPLETE,
    MOST_NAME,
    NOW,
    RESTATED,
    bare,
    difference,
    instant,
    later_words,
    ledger_words,
    names,
    restricted_words,
    role,
    shown,
    standard_words,
)
from reports.words import clean

MOST_TILES, MOST_FIGURES, MOST_CHARTS, MOST_LINES = 6, 9, 2, 9
MOST_SOURCES, MOST_LEFT_OUT = 95, 75
"""Characters in two lines of a column of the last slide, where a text is `SMALL`."""
SMALL = 12
MORE_FIGURES = Message("{amount} more figure is not shown.", "{amount} more figures are not shown.")
MORE_ROWS = Message("{amount} more row is not shown.", "{amount} more rows are not shown.")
MORE_CHANGES = Message("{amount} more change is not shown.", "{amount} more changes are not shown.")
MORE_LINES = Message("{amount} more line is not shown.", "{amount} more lines are not shown.")
BODY = Place(1.4, 3.3, 31.0, 13.2)


def slides(of: Pack, says: Language = ENGLISH) -> bytes:
    """The pack as the bytes of a .pptx file, in that language."""
    pack = spoken_pack(of, says)
    head = pack.head
    title = f"{clean(head.organization, 60)}: {clean(head.title, MOST_NAME)}"
    cut_off = instant(head.cut_off, head.time_zone, says)
    deck = Deck(says.say("{title}; cut-off {at}", title=title, at=cut_off), says)
    tiles = _verdict(deck, pack)
    charts = _charted(pack)[:MOST_CHARTS]
    for section, figure in charts:
        _chart(deck, pack, section, figure)
    if head.previous is not None or not (charts or pack.needs):
        _changed(deck, pack)
    if pack.needs:
        _needs(deck, pack)
    listed = _figures(deck, pack)
    for tile in tiles:
        tile.click_action.target_slide = listed
    return deck.finished(f"{title}, {head.id.day}", head.office, head.as_of)


def _verdict(deck: Deck, pack: SpokenPack) -> list[Shape]:
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
        named, more = ", ".join(missing[:5]), len(missing) - 5
        if more > 0:
            named = pack.says.say("{named} and {n} more", named=named, n=more)
        said = pack.says.say("Did not report, and never counted as zero: {offices}", offices=named)
        text(slide, Place(1.4, 16.2, 31.0, 1.2), [[Words(said, 14, color=RED)]])
    return tiles


def _tile(pack: SpokenPack, figure: Figure) -> list[list[Words]]:
    head, says = pack.head, pack.says
    value = bare(figure.value, figure.unit, head.currency, says)
    under = difference(figure.value, figure.before, figure.unit, head.currency, pack.previous_day, says)
    marks = [says.message(RESTATED)] if figure.restated is not None else []
    known = not isinstance(figure.value, Gap)
    if isinstance(figure.value, Gap):
        under = clean(figure.value.words, 80)
    elif not figure.is_whole:
        marks.append(says.message(INCOMPLETE))
    size = 44 if len(value) <= 8 else 30 if len(value) <= 20 else 20
    named = [Words(clean(figure.name, 60), 16, bold=True)]
    named += [Words(f"  {', '.join(marks)}", 14, bold=True, color=RED)] if marks else []
    return [[Words(value, size, italic=not known)], named, [Words(under, 14, color=SOFT)]]


def _figures(deck: Deck, pack: SpokenPack) -> Slide:
    """Every figure with its sources and what is left out, as a table."""
    says = pack.says
    slide = deck.slide(says.say("Where each figure comes from"))
    rows = []
    for figure in pack.figures[:MOST_FIGURES]:
        found = sources(pack, figure)
        facts = "; ".join(title for title, _ in found.facts)
        left_out = list(dict.fromkeys(clean(gap.words, 60) for gap in found.left_out))
        left = "; ".join(left_out[:1])
        if len(left_out) > 1:
            left = says.say("{first}; and more", first=left)
        words = found.words(says)
        rows.append(
            (
                clean(figure.name, 48),
                shown(figure.value, figure.unit, pack.head.currency, says),
                clean(f"{words}. {facts}" if facts else words, MOST_SOURCES),
                clean(left, MOST_LEFT_OUT),
            )
        )
    headers = (
        says.name("column", "Figure"), says.name("column", "Value"), says.name("column", "Comes from"),
        says.name("column", "Left out"),
    )  # fmt: skip
    table(slide, BODY, headers, rows, (6, 5, 11, 9), SMALL)
    more = _more(len(pack.figures) - len(rows), MORE_FIGURES, says)
    said = [Words(f"{more}{_basis(pack)}", 12, color=SOFT)]
    text(slide, Place(1.4, 16.0, 31.0, 1.7), [said, [Words(ledger_words(pack), 11, color=SOFT)]])
    return slide


def _basis(pack: SpokenPack) -> str:
    """By which standard, and that there is more."""
    restricted = f"{restricted_words(pack)} " if pack.restricted else ""
    restricted = f"{later_words(pack)} {restricted}".lstrip()
    more = pack.says.say("Every project and fact stands in the workbook.")
    return f"{standard_words(pack)}. {restricted}{more}"


def _charted(pack: SpokenPack) -> list[tuple[PackSection, Figure]]:
    by = {figure.id: figure for figure in pack.figures}
    return [
        (section, by[each])
        for section in pack.sections
        if section.chart is not None
        for each in section.figures
        if each in by
    ]


def _chart(deck: Deck, pack: SpokenPack, section: PackSection, figure: Figure) -> None:
    """A native chart; a table where what it shows has no length."""
    assert section.chart is not None  # noqa: S101 - chosen so
    slide = deck.slide(clean(section.title, MOST_NAME))
    named = (
        f"{clean(figure.name, MOST_NAME)}: {shown(figure.value, figure.unit, pack.head.currency, pack.says)}"
    )
    text(slide, Place(1.4, 3.1, 31.0, 1.0), [[Words(named, 18, color=SOFT)]])
    bars = bars_of(pack, figure, section.chart)
    if has_length(figure):
        draw_chart(slide, Place(1.4, 4.3, 31.0, 11.8), pack, figure, bars)
    else:
        rows = list(zip(bars.labels, bars.shown, strict=True))
        table(slide, Place(1.4, 4.3, 20.0, 11.8), ("", clean(figure.name, 48)), rows, (3, 2))
    _beneath(slide, bars.more, MORE_ROWS, pack.says)


def _changed(deck: Deck, pack: SpokenPack) -> None:
    """What changed, and why."""
    says, previous = pack.says, pack.head.previous
    if previous is None:
        slide = deck.slide(says.say("What changed"))
        said = says.say("There is no pack before this one to compare with.")
        text(slide, BODY, [[Words(said, 18, color=SOFT)]])
        return
    slide = deck.slide(says.say("What changed since {day}, and why", day=pack.previous_day))
    found = told(pack)
    if not found.lines:
        text(slide, BODY, [[Words(says.say("Nothing changed."), 18, color=SOFT)]])
        return
    rows = [
        (
            clean(f"{line.what} ({says.message(RESTATED)})" if line.restated else line.what, 80),
            clean(f"{line.was} → {line.now}" if line.was else line.now, 60),
            clean(line.why, 170),
        )
        for line in found.lines[:MOST_LINES]
    ]
    headers = (
        says.name("column", "What"), says.name("column", "Before and now"), says.name("column", "Why"),
    )  # fmt: skip
    table(slide, BODY, headers, rows, (9, 7, 15))
    _beneath(slide, found.all - len(rows), MORE_CHANGES, says)


def _needs(deck: Deck, pack: SpokenPack) -> None:
    """What somebody has to do, by when, and what happens otherwise."""
    says = pack.says
    slide = deck.slide(says.say("Who has to do what, by when"))
    called = names(pack)
    rows = [
        (
            says.short_day(need.by) if need.by else says.message(NOW),
            clean(f"{role(need.role, says)}, {called.get(need.office, need.office)}", 60),
            clean(need.what, 120),
            clean(need.otherwise, 100),
        )
        for need in pack.needs[:MOST_LINES]
    ]
    headers = (
        says.name("column", "By"), says.name("column", "Who"), says.name("column", "What"),
        says.name("column", "Otherwise"),
    )  # fmt: skip
    table(slide, BODY, headers, rows, (4, 8, 11, 9))
    _beneath(slide, len(pack.needs) - len(rows), MORE_LINES, says)


def _beneath(slide: Slide, more: int, message: Message, says: Language) -> None:
    said = _more(more, message, says)
    if said:
        line = [Words(f"{said}{says.say('The workbook has them all.')}", 14, color=SOFT)]
        text(slide, Place(1.4, 16.6, 31.0, 1.0), [line])


def _more(more: int, message: Message, says: Language) -> str:
    """`3 more figures are not shown. `, or nothing."""
    return f"{says.message(message, n=more, amount=says.whole(more))} " if more > 0 else ""
