"""A pack as CSV (RFC 4180, UTF-8): a row for each figure, and one for each project's part of a figure.

Numbers have a point, dates are ISO 8601, and nothing is rounded. A text that a spreadsheet program would take
for a formula begins with an apostrophe. Refuses to write a gap as a number: its column is empty, its words
stand beside it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from domain.reporting.figures import Figure, Gap, Value
from domain.reporting.pack import Pack
from reports.pack.sources import sources
from reports.pack.words import GAPS, MOST_CELL, RISKY, names, owner, version_words
from reports.words import clean

FIGURES = (
    "figure", "unit", "value", "gap", "said last time", "with late data", "projects", "projects with a value",
    "restricted projects", "offices read", "offices not read", "facts", "computed from", "left out",
    "who can say it",
)  # fmt: skip
PARTS = (
    "figure", "unit", "number", "project", "office", "version", "where it stands", "value", "gap", "facts",
)  # fmt: skip


def figures_csv(pack: Pack) -> bytes:
    """A row for each figure: its value, what was said before, and the counts of its sources."""
    return _written(FIGURES, (_figure(pack, figure) for figure in pack.figures))


def parts_csv(pack: Pack) -> bytes:
    """A row for each project and figure: what the project adds to it, and the facts as they were read."""
    return _written(PARTS, _parts(pack))


def _figure(pack: Pack, figure: Figure) -> Sequence[str]:
    found, called = sources(pack, figure), names(pack)
    counts = (found.projects, found.given, found.restricted, found.offices, found.missing)
    return (
        _text(figure.name),
        _unit(pack, figure),
        *_value(figure.value),
        *(_once(each) for each in (figure.before, figure.restated)),
        *(map(str, counts) if figure.offices else [""] * len(counts)),
        _text("; ".join(title for title, _ in found.facts)),
        _text("; ".join(found.basis)),
        _text("; ".join(dict.fromkeys(clean(gap.words) for gap in found.left_out))),
        _text("; ".join(dict.fromkeys(filter(None, (owner(gap, called) for gap in found.left_out))))),
    )


def _parts(pack: Pack) -> Iterator[Sequence[str]]:
    called = names(pack)
    by_number = {project.number: project for project in pack.projects}
    for figure in pack.figures:
        lead = (_text(figure.name), _unit(pack, figure))
        for part in figure.parts:
            project = by_number.get(part.number)
            yield (
                *lead,
                str(part.number),
                _text(project.title if project else ""),
                _text(called.get(part.office, part.office)),
                _text(version_words(pack, part.version)),
                _text(project.ref if project else ""),
                *_value(part.value),
                _text(
                    "; ".join(f"{clean(fact.title or fact.fact)}: {clean(fact.value)}" for fact in part.facts)
                ),
            )


def _written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow(header)
    written.writerows(rows)
    return text.getvalue().encode()


def _unit(pack: Pack, figure: Figure) -> str:
    return _text(pack.head.currency) if figure.unit == "money" else str(figure.unit)


def _value(value: Value | Gap) -> tuple[str, str]:
    """The columns of a value and of a gap: one of them is empty."""
    return (
        ("", f"{GAPS[value.reason]}: {clean(value.words)}") if isinstance(value, Gap) else (_plain(value), "")
    )


def _once(value: Value | Gap | None) -> str:
    """A value or a gap in one column; empty for none."""
    if value is None:
        return ""
    return GAPS[value.reason] if isinstance(value, Gap) else _plain(value)


def _plain(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """The text on one line; it begins with an apostrophe where it would be taken for a formula."""
    harmless = clean(text, MOST_CELL)
    return f"'{harmless}" if RISKY.match(harmless) else harmless
