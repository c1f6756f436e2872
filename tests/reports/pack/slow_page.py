"""What stands at every mark of a pack's page (English), written once more from the pack's values, with loops.

Nothing of reports/ is called. The values themselves are recomputed from the kept plans in tests/tasks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from domain.reporting.figures import Figure, Gap
from domain.reporting.pack import Pack
from tests.reports.figures import tokens

PLACES = {"%": "0.1"}
COUNTED = ("count", "share")
MOST_TILES, MOST_BARS, MOST_POINTS, MOST_OFFICES, MOST_PROJECTS, MOST_PARTS = 6, 12, 13, 12, 25, 15
Tokens = list[str]


def long(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}"


def instant(at: datetime, zone: str) -> Tokens:
    local = at.astimezone(ZoneInfo(zone))
    return [long(local.date()), f"{local:%H}", f"{local:%M}"]


def said(value: object, unit: str) -> Tokens:
    """The number or day that people read of a value; none of a gap."""
    if value is None or isinstance(value, Gap):
        return []
    if isinstance(value, date):
        return [long(value)]
    if isinstance(value, str):
        return tokens(value)
    text = f"{abs(Decimal(value).quantize(Decimal(PLACES.get(unit, '0.01')), ROUND_HALF_EVEN)):,f}"
    if "." in text and (unit != "money" or text.endswith(".00")):
        text = text.rstrip("0").rstrip(".")
    return [text]


def adds(value: object, figure: Figure) -> Tokens:
    """What a project adds: of what is counted `yes` or `no`."""
    return [] if figure.total in COUNTED else said(value, figure.unit)


def size(value: object) -> Decimal:
    return Decimal(value.toordinal()) if isinstance(value, date) else Decimal(value)  # type: ignore[arg-type]


def under(pack: Pack, figure: Figure) -> Tokens:
    value, before = figure.value, figure.before
    if isinstance(value, Gap):
        return tokens(value.words[:80])
    day = [long(pack.head.previous.day)] if pack.head.previous else []
    if before is None:
        return []
    if value == before:
        return day
    if isinstance(before, Gap | date | str) or isinstance(value, date | str):
        return said(before, figure.unit) + day
    return said(abs(Decimal(value) - Decimal(before)), figure.unit) + day


def sources(figure: Figure) -> Tokens:
    if figure.basis:
        return []
    absent = [
        s for s in figure.offices if isinstance(s.tally.value, Gap) and s.tally.value.reason == "office"
    ]
    read = len(figure.offices) - len(absent)
    if not read:
        return [str(len(absent))] if absent else []
    totals = [
        sum(getattr(s.tally, name) for s in figure.offices) for name in ("of", "projects", "restricted")
    ]
    found = [f"{each:,}" for each in totals[: 3 if totals[2] else 2]]
    return [*found, str(read), f"{len(figure.offices):,}"]


def bars(figure: Figure, kind: str) -> list[Tokens]:
    if kind == "versions":
        return [said(each, figure.unit) for each in [*(s.tally.value for s in figure.bridge), figure.value]]
    values = [step.tally.value for step in figure.offices]
    known = sorted((each for each in values if not isinstance(each, Gap)), key=lambda each: -size(each))
    return [said(each, figure.unit) for each in [*known, *(v for v in values if isinstance(v, Gap))]][
        :MOST_BARS
    ]


def line(pack: Pack, figure: Figure) -> Tokens:
    points = [*((point.day, point.value) for point in figure.history), (pack.head.id.day, figure.value)]
    return [
        each
        for day, value in points[-MOST_POINTS:]
        for each in (f"{day.day} {day:%b}", *said(value, figure.unit))
    ]


def told(pack: Pack) -> list[Tokens]:
    units = {figure.id: figure for figure in pack.figures}
    moved = [said(f.before, f.unit) + said(f.value, f.unit) for f in pack.figures if f.moves]
    restated = [
        said(each.was, units[each.figure].unit) + said(each.now, units[each.figure].unit)
        for each in pack.restatements
    ]
    changed = [
        [
            token
            for value in (each.was, each.now)
            for token in (adds(value, units[each.figure]) if each.figure else [])
        ]
        for each in pack.changes
    ]
    deleted = [[]] if pack.deleted else []
    return [*moved[:3], *restated[:2], *changed[:3], *deleted]


def left_out(figure: Figure) -> list[Gap]:
    own = [figure.value] if isinstance(figure.value, Gap) else []
    alike: dict[object, Gap] = {}
    for each in [*own, *figure.lacking]:
        alike.setdefault((each.words, each.role, each.office, each.answer_by), each)
    return list(alike.values())


def of_figure(pack: Pack, figure: Figure, place: str) -> Iterator[tuple[str, Tokens]]:
    """The line of a figure under where each comes from, and its projects."""
    day = [long(pack.head.previous.day)] if pack.head.previous else []
    before = said(figure.before, figure.unit)
    if figure.restated is not None:
        yield f"before-{place}", day + before + said(figure.restated, figure.unit)
    elif figure.before is not None:
        yield f"before-{place}", day + before
    yield f"worth-{place}", said(figure.value, figure.unit)
    yield f"from-{place}", sources(figure)
    facts = Counter(fact.title for part in figure.parts for fact in part.facts)
    if facts:
        yield f"facts-{place}", [str(count) for count in facts.values()]
    for n, step in enumerate(figure.bridge, 1):
        yield f"version-{place}-{n}", said(step.tally.value, figure.unit)
    gaps = left_out(figure)
    for n, gap in enumerate(gaps[:2], 1):
        if gap.answer_by:
            yield f"by-{place}-{n}", [long(gap.answer_by)]
    if len(gaps) > 2:
        yield f"left-more-{place}", [str(len(gaps) - 2)]
    yield from of_parts(figure, place)


def of_parts(figure: Figure, place: str) -> Iterator[tuple[str, Tokens]]:
    """Its projects: first those without a value, then those that count."""
    if figure.parts:
        yield f"parts-{place}", [f"{len(figure.parts):,}"]
    if len(figure.parts) > MOST_PARTS:
        yield f"parts-more-{place}", [f"{len(figure.parts) - MOST_PARTS:,}"]
    gone = [p for p in figure.parts if isinstance(p.value, Gap)]
    some = [p for p in figure.parts if not isinstance(p.value, Gap) and p.value]
    none = [p for p in figure.parts if not isinstance(p.value, Gap) and not p.value]
    for n, part in enumerate([*gone, *some, *none][:MOST_PARTS], 1):
        yield f"part-{place}-{n}", adds(part.value, figure)


def of_sections(pack: Pack) -> Iterator[tuple[str, Tokens]]:
    by = {figure.id: (figure, f"f-{n}") for n, figure in enumerate(pack.figures, 1)}
    chart = 0
    for section in pack.sections:
        shown = [by[each] for each in section.figures if each in by]
        for figure, place in shown[:MOST_TILES] if section.kind == "figures" else ():
            yield f"tile-{place}", said(figure.value, figure.unit)
            if isinstance(figure.value, Gap) or figure.before is not None:
                yield f"under-{place}", under(pack, figure)
        for figure, _ in shown if section.chart is not None else ():
            chart += 1
            if section.chart == "history":
                yield f"line-{chart}", line(pack, figure)
            else:
                for n, each in enumerate(bars(figure, section.chart), 1):
                    yield f"bar-{chart}-{n}", each
        if section.kind == "projects" and pack.projects:
            yield from of_projects(pack, [figure for figure, _ in shown if figure.parts])


def of_projects(pack: Pack, figures: Sequence[Figure]) -> Iterator[tuple[str, Tokens]]:
    yield "projects", [f"{len(pack.projects):,}"]
    if len(pack.projects) > MOST_PROJECTS:
        yield "projects-first", [str(MOST_PROJECTS)]
        yield "projects-more", [f"{len(pack.projects) - MOST_PROJECTS:,}"]
    for row, project in enumerate(pack.projects[:MOST_PROJECTS], 1):
        for n, figure in enumerate(figures, 1):
            own = [part.value for part in figure.parts if part.number == project.number]
            yield f"of-project-{row}-{n}", adds(own[0], figure) if own else []


def of_offices(pack: Pack) -> Iterator[tuple[str, Tokens]]:
    missing = [each for each in pack.offices if each.missing is not None]
    if missing:
        yield "missing", [str(len(missing))]
    if len(missing) > 6:
        yield "missing-more", [str(len(missing) - 6)]
    there = [*missing, *(each for each in pack.offices if each.missing is None)]
    for n, office in enumerate(there[:MOST_OFFICES], 1):
        if office.missing is None and office.read_at is not None:
            yield f"read-{n}", instant(office.read_at, pack.head.time_zone)
        if office.missing is None:
            yield f"office-{n}", [str(office.projects)]
            if office.restricted:
                yield f"office-restricted-{n}", [str(office.restricted)]
    if len(there) > 5:
        yield "offices", [str(len(there))]


def page_figures(pack: Pack) -> dict[str, Tokens]:
    """The numbers and days at every mark of the page."""
    head, needs, changes = pack.head, pack.needs, told(pack)
    found = dict([*of_sections(pack), *of_offices(pack)])
    for n, figure in enumerate(pack.figures, 1):
        found |= dict(of_figure(pack, figure, f"f-{n}"))
    found["cut-off"], found["filled"] = (instant(at, head.time_zone) for at in (head.cut_off, head.as_of))
    if head.known is not None:
        found["later"] = instant(head.as_of, head.time_zone) + instant(head.known, head.time_zone)
    found["ledger-entry"] = [str(head.ledger_entry)] if head.ledger_entry else []
    for n, need in enumerate(needs[:5], 1):
        found[f"need-{n}"] = [f"{need.by.day} {need.by:%b}"] if need.by else []
    if len(needs) > 3:
        found["needs"] = [str(len(needs))]
    if pack.restricted:
        found["restricted"] = [f"{pack.restricted:,}"]
    if head.previous is not None:
        found["previous"] = [long(head.previous.day)]
        found |= {f"told-{n}": each for n, each in enumerate(changes, 1)}
        moved = sum(bool(figure.moves) for figure in pack.figures)
        count = moved + len(pack.restatements) + len(pack.changes) + bool(pack.deleted)
        if count > 3:
            found["told"] = [f"{count}"]
    return found
