"""A mapping proposed for an office's existing workbook: which of its headers may hold which of our fields.

Every proposal comes with its confidence and its reason, and every header that stays unmapped is listed:
a person reads it before it is used. Refuses to guess silently, and to write anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

from pydantic import BaseModel

from connectors.errors import Refused
from connectors.files import saving
from connectors.records.columns import ProjectColumns, QuestionColumns, SheetItemColumns
from connectors.records.dates import Unclear, from_serial, from_text
from connectors.records.links import as_span
from connectors.records.mapping import DATES
from connectors.records.percents import sides
from connectors.records.values import NUMBERS, Value, folded
from connectors.workbook.cells import value_of
from connectors.workbook.meanings import is_sorted, meanings
from connectors.workbook.proposal import (
    Confidence,
    MappingProposal,
    OtherSheet,
    Proposal,
    SheetProposal,
    Unmapped,
)
from connectors.workbook.sheet import Sheet, letters
from connectors.workbook.table import SEARCHED_ROWS, above, heads_of
from connectors.workbook.units import MONEY_FIELDS, PERCENT_FIELDS, THOUSANDS, unit_of
from connectors.workbook.unnamed import header_by_shape
from connectors.workbook.vocabulary import is_total, synonyms
from connectors.workbook.words import Subject, WordProposal, propose_words
from connectors.workbook.xlsx import Book
from domain.plans.predecessor import LagUnit
from domain.plans.project import ItemKind, Stage

SAMPLE = 50
MOST_CELLS = 5000
"""So many cells of a column are looked at for the words in it."""
SHOWN = 3
ALIKE = 0.84
LIKE = " is like "
ENOUGH = 2
"""Fields by which a sheet is taken for one of ours."""
MIXED = "some are from 0 to 1 and some above: which unit is it, fraction or percent?"
UNITLESS = "declare its unit, fraction or percent"
TOLD_TWO_WAYS = "mil"
"""A thousand in Portuguese and Spanish, a million in English."""
UNIT_WORDS = frozenset("€ $ £ ¥ eur usd gbp jpy pln try brl sar ils cny chf h hrs [h] [d] [€] [%] in".split())
OUTLINE = frozenset({"level", "parent"})
"""Either tells the outline; one of them is enough."""
REQUIRED = {
    "projects": ("id", "title"),
    "items": ("id", "project", "title"),
    "questions": ("key", "text", "answer"),
}
WORDED: Mapping[str, Mapping[str, Subject]] = {
    "projects": {"stage": "stage"},
    "items": {"status": "status", "kind": "kind"},
}
"""The columns whose cells hold words of a fixed choice of ours."""
OUR_WORDS: Mapping[Subject, tuple[str, ...]] = {"stage": tuple(Stage), "status": (), "kind": tuple(ItemKind)}
MODELS: Mapping[str, type[BaseModel]] = {
    "projects": ProjectColumns,
    "items": SheetItemColumns,
    "questions": QuestionColumns,
}


def propose(path: Path) -> MappingProposal:
    """A proposal for the workbook; raises `Refused` when it cannot be read."""
    book = Book(saving.load(path), path.name)
    _no_table(book)
    looked = {name: _best_rows(book, name) for name in book.parts}
    scored = [(_score(book, name, part, looked[name]), part, name) for name in book.parts for part in MODELS]
    chosen: dict[str, SheetProposal] = {}
    for score, part, name in sorted(scored, key=lambda each: -each[0]):
        if score >= ENOUGH and part not in chosen and name not in {each.sheet for each in chosen.values()}:
            chosen[part] = _sheet(book, name, part, looked[name])
    chosen = {part: chosen[part] for part in MODELS if part in chosen}
    used = {each.sheet for each in chosen.values()}
    others = tuple(_other(book, name) for name in book.parts if name not in used)
    return MappingProposal(path.name, tuple(chosen.values()), others)


def _no_table(book: Book) -> None:
    """Raises `Refused` for a workbook in which no row can be one of headers: none has two different texts."""
    filled = False
    for name in book.parts:
        sheet = book.sheet(name)
        filled = filled or bool(sheet.rows)
        if header_by_shape(book, sheet) is not None:
            return
    if not filled:
        raise Refused(f"{book.name}: no cell of it is filled; give the workbook in which the office plans")
    raise Refused(
        f"{book.name}: there is no row of headers in the first {SEARCHED_ROWS} rows of any sheet; write a "
        "header over each column"
    )


def _known_heads(book: Book, name: str) -> dict[int, int]:
    """How many of its texts are names of fields, by row."""
    sheet = book.sheet(name)
    known = {text for fields in synonyms()[1].values() for names in fields.values() for text in names}
    rows = [row for row in sorted(sheet.rows) if row <= SEARCHED_ROWS]
    return {row: sum(_bare(text) in known for text in heads_of(book, sheet, row).values()) for row in rows}


def _best_rows(book: Book, name: str) -> int:
    """The row that looks most like headers: the one with the most names that we know.

    Where no row has any, or that row has a single text as a title has, its shape tells.
    """
    counts, sheet = _known_heads(book, name), book.sheet(name)
    best = max(counts, key=lambda row: (counts[row], -row), default=1)
    if counts.get(best) and len(heads_of(book, sheet, best)) > 1:
        return best
    return header_by_shape(book, sheet) or best


def _again(book: Book, name: str, header: int) -> tuple[int, ...]:
    """The rows below the headers that are headers too: in another language, or repeated."""
    counts = _known_heads(book, name)
    enough = max(ENOUGH + 1, counts.get(header, 0) / 2)
    return tuple(row for row, count in counts.items() if row > header and count >= enough)


def _bare(text: str) -> str:
    """A header without what follows in brackets (units, remarks)."""
    plain = folded(text)
    plain = plain if plain.startswith("(") else plain.partition("(")[0].strip(" *:")
    first, _, last = plain.rpartition(" ")
    return first if first and (last in UNIT_WORDS or last in THOUSANDS) else plain


def _score(book: Book, name: str, part: str, row: int) -> int:
    """How many of a part's fields the sheet's headers name; a known name of the sheet counts three."""
    heads = heads_of(book, book.sheet(name), row)
    found: dict[str, int] = {}
    for field, column, _, reason in _candidates(heads, part):
        if field not in found and column not in found.values() and LIKE not in reason:
            found[field] = column
    required = all(each in found for each in REQUIRED[part] if each != "key")
    named = folded(name) in synonyms()[0][part]
    return len(found) + 3 * named if required or named else 0


def _sheet(book: Book, name: str, part: str, row: int) -> SheetProposal:
    sheet = book.sheet(name)
    heads = {column: " ".join(text.split()) for column, text in heads_of(book, sheet, row).items()}
    headers = (row, *_again(book, name, row))
    columns: dict[str, Proposal] = {}
    places: dict[str, int] = {}
    guesses: dict[int, str] = {}
    for field, column, confidence, reason in _candidates(heads, part):
        if field in columns or column in places.values() or (field in OUTLINE and OUTLINE & columns.keys()):
            guesses.setdefault(column, field)
            continue
        values = list(_values(book, sheet, headers, column))
        twice = [folded(text) for text in heads.values()].count(folded(heads[column])) > 1
        under = next(iter(above(book, sheet, row, column)), "") if twice else ""
        sure, why, unit = _judged(field, heads[column], values, confidence, reason)
        ref, samples = f"{name}!{letters(column)}{row}", _samples(values, book)
        columns[field] = Proposal(field, heads[column], ref, sure, why, unit, under, samples)
        places[field] = column
    is_named = folded(name) in synonyms()[0][part]
    reason = (
        f"the sheet is called {name!r}"
        if is_named
        else f"{len(columns)} of its headers name fields of {part}"
    )
    ordered = tuple(columns[f] for f in MODELS[part].model_fields if f in columns)
    left = tuple(
        _unmapped(book, name, headers, column, heads[column], guesses.get(column, ""))
        for column in sorted(heads)
        if column not in places.values()
    )
    missing = tuple(each for each in REQUIRED[part] if each not in columns)
    certain: Confidence = "high" if is_named else "medium"
    words = _words(book, sheet, headers, part, places, heads)
    return SheetProposal(part, name, row, certain, reason, ordered, left, missing, words, headers[1:])


def _judged(
    field: str, header: str, values: list[Value], confidence: Confidence, reason: str
) -> tuple[Confidence, str, str]:
    """How sure a column is once its values are looked at, why, and its unit."""
    sure, why = _weighed(field, values, confidence, reason)
    unit = unit_of(field, header, values)
    if _is_mixed(field, values):
        return "low", f"{why}; {MIXED}", unit
    if field in PERCENT_FIELDS and not unit and any(v.kind == "number" and v.number for v in values):
        return ("low" if sure == "low" else "medium"), f"{why}; {UNITLESS}", unit
    if field == "duration" and not unit and any(v.kind == "number" and v.number for v in values):
        return "low", f"{why}; declare its unit: hours, days or weeks", unit
    if field in MONEY_FIELDS and TOLD_TWO_WAYS in folded(header).split("(")[-1].split():
        return "low", f"{why}; {TOLD_TWO_WAYS!r} may be a thousand or a million: declare the unit", unit
    return sure, why, unit


def _other(book: Book, name: str) -> OtherSheet:
    """A sheet that was taken for none of ours: its headers by shape, with what each may hold."""
    sheet = book.sheet(name)
    row = header_by_shape(book, sheet)
    if row is None:
        return OtherSheet(name, None, ())
    heads = {column: " ".join(text.split()) for column, text in heads_of(book, sheet, row).items()}
    guesses: dict[int, dict[str, None]] = {}
    for part in MODELS:
        for field, column, *_ in _candidates(heads, part):
            guesses.setdefault(column, {})[f"{field} of {part}"] = None
    said = {column: " or ".join(list(fields)[:SHOWN]) for column, fields in guesses.items()}
    found = (_unmapped(book, name, (row,), each, heads[each], said.get(each, "")) for each in sorted(heads))
    return OtherSheet(name, row, tuple(found))


def _unmapped(book: Book, name: str, rows: tuple[int, ...], column: int, header: str, guess: str) -> Unmapped:
    values = list(_values(book, book.sheet(name), rows, column))
    ref = f"{name}!{letters(column)}{rows[0]}"
    return Unmapped(header, ref, _look(values), guess, _samples(values, book))


def _samples(values: list[Value], book: Book) -> tuple[str, ...]:
    """Three different values of a column, as people read them."""
    found = dict.fromkeys(" ".join(_shown(each, book).split()) for each in values)
    return tuple(text for text in found if text)[:SHOWN]


def _shown(value: Value, book: Book) -> str:
    if value.kind == "date" and value.day is None:
        try:
            return from_serial(value.number, date1904=book.date1904).isoformat()
        except Unclear:
            return value.text
    if value.kind == "percent":
        return f"{value.number * 100:g} %"
    return value.day.isoformat() if value.kind == "date" and value.day else value.padded or value.text


def _words(
    book: Book,
    sheet: Sheet,
    rows: tuple[int, ...],
    part: str,
    places: Mapping[str, int],
    heads: Mapping[int, str],
) -> tuple[WordProposal, ...]:
    """What the words in a sheet's cells mean, for the columns that hold stages, statuses and kinds."""
    found = []
    for field, subject in WORDED.get(part, {}).items():
        if field in places:
            column = places[field]
            cells = [v.text for v in _values(book, sheet, rows, column, MOST_CELLS) if v.kind == "text"]
            found.append(propose_words(subject, heads[column], cells, OUR_WORDS[subject]))
    return tuple(each for each in found if each.known or each.unknown)


def _candidates(heads: Mapping[int, str], part: str) -> Iterator[tuple[str, int, Confidence, str]]:
    """Fields with the columns that may hold them, the surest first."""
    fields = synonyms()[1][part]
    for whole in (True, False):
        for column, text in heads.items():
            name = folded(text) if whole else _bare(text)
            if not whole and is_sorted(text):
                continue  # what follows in brackets says which of several it is
            owners = [field for field, names in fields.items() if name in names]
            for field in owners:
                shared = [other for other in owners if other != field]
                if shared:
                    yield field, column, "low", f"{text!r} may also be {', '.join(shared)}"
                else:
                    yield field, column, "high", f"{text!r} is a name of {field}"
    said = [
        (directly, column, field, text)
        for column, text in heads.items()
        for field, directly in meanings(text, part)
        if field in fields
    ]
    for _, column, field, text in sorted(said, key=lambda each: each[:2]):
        yield field, column, "low", f"the words of {text!r} mean {field}"
    for _, field, column, text, name in _alike(heads, part):
        yield field, column, "low", f"{text!r}{LIKE}{name!r}"


def _alike(heads: Mapping[int, str], part: str) -> list[tuple[float, str, int, str, str]]:
    """The headers that are nearly names of fields, the nearest first: ratio, field, column, header, name."""
    found = []
    for column, text in heads.items():
        matcher = SequenceMatcher(None, "", _bare(text))
        for field, names in synonyms()[1][part].items():
            for name in (each for each in names if len(each) > 4):
                matcher.set_seq1(name)
                if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                    found.append((matcher.ratio(), field, column, text, name))
    return sorted((each for each in found if each[0] >= ALIKE), key=lambda each: -each[0])


def _values(
    book: Book, sheet: Sheet, header: tuple[int, ...], column: int, most: int = SAMPLE
) -> Iterator[Value]:
    """The first values below a header, without totals; `header` are its rows, also those that repeat it."""
    below = (
        row
        for row in sorted(sheet.rows)
        if row > header[0] and row not in header and not _begins_as_total(book, sheet, row)
    )
    for _, row in zip(range(most), below, strict=False):
        value = value_of(book, sheet.cell(row, column))
        if value is not None:
            yield value


def _begins_as_total(book: Book, sheet: Sheet, row: int) -> bool:
    """Whether the first thing that stands in a row is a word for a total."""
    for column in sorted(sheet.rows[row].cells):
        value = value_of(book, sheet.cell(row, column))
        if value is not None:
            return value.kind == "text" and is_total(value.text)
    return False


def _weighed(field: str, values: list[Value], confidence: Confidence, reason: str) -> tuple[Confidence, str]:
    """The confidence after checking the values: dates where dates belong, numbers where numbers do."""
    if not values:
        return ("medium" if confidence == "high" else "low"), f"{reason}; no values stand below it yet"
    if field in DATES:
        fits, what = sum(_is_date(value) for value in values), "dates"
    elif field in PERCENT_FIELDS | MONEY_FIELDS | {"work"}:
        fits, what = sum(_is_number(value) for value in values), "numbers"
    elif field == "duration":
        fits, what = sum(_is_length(value) for value in values), "durations"
    else:
        return confidence, reason
    told = f"{reason}; {fits} of {len(values)} values below it are {what}"
    if fits * 2 < len(values):
        return "low", told
    return ("high" if confidence == "high" else "medium"), told


def _is_date(value: Value) -> bool:
    if value.kind in NUMBERS:
        return value.kind in ("date", "duration")
    try:
        from_text(value.text)
    except Unclear:
        return False
    return True


def _is_number(value: Value) -> bool:
    return value.kind in ("number", "percent") or value.text.strip().endswith("%")


def _is_length(value: Value) -> bool:
    try:
        as_span(value, LagUnit.WORKING_DAYS)
    except Unclear:
        return False
    return True


def _look(values: list[Value]) -> str:
    """What a column's values look like."""
    if not values:
        return "no values"
    numbers = [value for value in values if value.kind in NUMBERS]
    if all(_is_date(value) for value in values):
        return "dates"
    if len(numbers) < len(values):
        return "texts"
    if all(value.kind == "percent" or 0 <= value.number <= 1 for value in numbers):
        return "shares of 1"
    return "numbers"


def _is_mixed(field: str, values: list[Value]) -> bool:
    """Whether a column of percentages has shares of 1 beside numbers above 1."""
    small, large = sides(values) if field in PERCENT_FIELDS else ([], [])
    return any(each < 1 for each in small) and bool(large)
