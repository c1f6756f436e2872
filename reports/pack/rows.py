"""A pack as CSV (RFC 4180, UTF-8): a row for each figure, and one for each project's part of a figure.

Numbers have a point, dates are ISO 8601, and nothing is rounded. A text that a spreadsheet program would take
for a formula begins with an apostrophe. Refuses to write a gap as a number: its column is empty, its words
stand beside it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from domain.language import ENGLISH, Language, Message
from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.pack import Pack
from domain.standards.formats import Unit
from reports.pack.sources import sources
from reports.pack.spoken_pack import SpokenPack, spoken_pack
from reports.pack.words import gap_words, harmless, names, owner, version_words
from reports.words import clean

FIGURES: Sequence[Message] = (
    Message("figure", about="csv"), Message("unit", about="csv"), Message("value", about="csv"),
    Message("gap", about="csv"), Message("said last time", about="csv"),
    Message("with late data", about="csv"),
    Message("projects", about="csv"), Message("projects with a value", about="csv"),
    Message("restricted projects", about="csv"), Message("offices read", about="csv"),
    Message("offices not read", about="csv"), Message("facts", about="csv"),
    Message("computed from", about="csv"), Message("left out", about="csv"),
    Message("who can say it", about="csv"),
)  # fmt: skip
PARTS: Sequence[Message] = (
    FIGURES[0], FIGURES[1], Message("number", about="csv"), Message("project", about="csv"),
    Message("office", about="csv"), Message("version", about="csv"), Message("where it stands", about="csv"),
    FIGURES[2], FIGURES[3], FIGURES[11],
)  # fmt: skip
UNITS: Mapping[Unit, Message] = {
    Unit.PROJECTS: Message("projects", about="csv"),
    Unit.ITEMS: Message("items", about="csv"),
    Unit.OFFICES: Message("offices", about="csv"),
    Unit.DAYS: Message("days", about="csv"),
    Unit.WEEKS: Message("weeks", about="csv"),
    Unit.HOURS: Message("hours", about="csv"),
    Unit.DATE: Message("date", about="csv"),
    Unit.NUMBER: Message("number", about="csv"),
    Unit.PERCENT: Message("%", about="csv"),
    Unit.TEXT: Message("text", about="csv"),
}
"""Of all but money, which is in the pack's currency."""


def figures_csv(of: Pack, says: Language = ENGLISH) -> bytes:
    """A row for each figure: its value, what was said before, and the counts of its sources."""
    pack = spoken_pack(of, says)
    return _written(pack, FIGURES, (_figure(pack, figure) for figure in pack.figures))


def parts_csv(of: Pack, says: Language = ENGLISH) -> bytes:
    """A row for each project and figure: what the project adds to it, and the facts as they were read."""
    pack = spoken_pack(of, says)
    return _written(pack, PARTS, _parts(pack))


def _figure(pack: SpokenPack, figure: Figure) -> Sequence[str]:
    found, called = sources(pack, figure), names(pack)
    counts = (found.projects, found.given, found.restricted, found.offices, found.missing)
    return (
        harmless(figure.name),
        _unit(pack, figure),
        *_value(pack, figure.value),
        *(_once(pack, each) for each in (figure.before, figure.restated)),
        *(map(str, counts) if figure.offices else [""] * len(counts)),
        harmless("; ".join(title for title, _ in found.facts)),
        harmless("; ".join(found.basis)),
        harmless("; ".join(dict.fromkeys(clean(gap.words) for gap in found.left_out))),
        harmless(
            "; ".join(dict.fromkeys(filter(None, (owner(gap, called, pack.says) for gap in found.left_out))))
        ),
    )


def _parts(pack: SpokenPack) -> Iterator[Sequence[str]]:
    called = names(pack)
    by_number = {project.number: project for project in pack.projects}
    for figure in pack.figures:
        lead = (harmless(figure.name), _unit(pack, figure))
        for part in figure.parts:
            project = by_number.get(part.number)
            yield (
                *lead,
                str(part.number),
                harmless(project.title if project else ""),
                harmless(called.get(part.office, part.office)),
                harmless(version_words(pack, part.version)),
                harmless(project.ref if project else ""),
                *_value(pack, part.value),
                harmless(
                    "; ".join(f"{clean(fact.title or fact.fact)}: {clean(fact.value)}" for fact in part.facts)
                ),
            )


def _written(pack: SpokenPack, header: Sequence[Message], rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow([pack.says.message(each) for each in header])
    written.writerows(rows)
    return text.getvalue().encode()


def _unit(pack: SpokenPack, figure: Figure) -> str:
    return pack.says.message(UNITS[figure.unit]) if figure.unit in UNITS else harmless(pack.head.currency)


def _value(pack: SpokenPack, value: Value | Gap) -> tuple[str, str]:
    """The columns of a value and of a gap: one of them is empty."""
    if isinstance(value, Gap):
        return "", f"{gap_words(value, pack.says)}: {clean(value.words)}"
    return _plain(value), ""


def _once(pack: SpokenPack, value: Value | Gap | None) -> str:
    """A value or a gap in one column; empty for none."""
    if value is None:
        return ""
    return gap_words(value, pack.says) if isinstance(value, Gap) else _plain(value)


def _plain(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)
