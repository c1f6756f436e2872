"""What a workbook lacks for its work with us: sheets, and columns of sheets that are there.

Made are sheets that the settings name and that are not there, columns of ours, and columns for what a version
demands. Refuses to make what stands there under a name that is nearly the same, and the office's own columns:
those are told. What the settings do not name yet is made under names that are told as lines for tools.yaml.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from connectors.preparation import Demands, Made, Making, Step, Told, Whose
from connectors.records.demands import place_of
from connectors.records.mapping import (
    ITEMS,
    KEY,
    MAKE,
    NAME,
    OURS,
    PROJECT,
    SheetSettings,
    WorkbookSettings,
    columns_of,
    offered,
)
from connectors.records.values import folded
from connectors.workbook.addition import structure_protected, with_sheets
from connectors.workbook.cells import value_of
from connectors.workbook.proposed import OWN_KEY, items_sheet, questions_sheet, settings_line
from connectors.workbook.sheet import Sheet, letters
from connectors.workbook.splice import NewCell
from connectors.workbook.table import header_row, heads_of
from connectors.workbook.xlsx import Book
from domain.language import Language
from domain.organization.office import Access

ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class MakeSheet(Making):
    """A new sheet with a row of headers."""

    sheet: str = ""
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddColumns(Making):
    """Headers in cells of a sheet's header row that are empty; by their addresses as row and column."""

    sheet: str = ""
    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)


def lacking(book: Book, settings: WorkbookSettings, access: Access, demands: Demands) -> tuple[Step, ...]:
    """What the workbook lacks for that access and these demands; what cannot be made there is told."""
    wants = _Wants(book, settings, access, demands)
    return tuple(wants.steps())


def made(book: Book, steps: Sequence[Making]) -> tuple[bytes, tuple[Made, ...]]:
    """The workbook's bytes with these steps made, and what became of each: what is there by now is left."""
    cells: dict[str, dict[tuple[int, int], NewCell]] = {}
    sheets: dict[str, tuple[str, ...]] = {}
    results = []
    for step in steps:
        problem = _taken(book, step)
        results.append(Made(step, problem))
        if problem:
            continue
        if isinstance(step, AddColumns):
            there = cells.setdefault(step.sheet, {})
            style = _style(book.sheet(step.sheet), step.cells)
            there |= {at: NewCell("text", header, style) for at, header in step.cells.items()}
        elif isinstance(step, MakeSheet):
            sheets[step.sheet] = step.headers
    changed = Book(book.changed(cells), book.name) if cells else book
    return with_sheets(changed, sheets), tuple(results)


def _taken(book: Book, step: Making) -> str:
    """Why a step cannot be made any more; empty where it can."""
    if isinstance(step, MakeSheet):
        there = any(folded(name) == folded(step.sheet) for name in (*book.parts, *book.other_sheets))
        return f"there is a sheet {step.sheet!r} by now" if there else ""
    if not isinstance(step, AddColumns):
        return "no workbook has such a step"
    if step.sheet not in book.parts:
        return f"the sheet {step.sheet!r} is gone; look again"
    cells = [book.sheet(step.sheet).cell(*at) for at in step.cells]
    filled = [cell.ref for cell in cells if cell is not None and value_of(book, cell) is not None]
    return f"{', '.join(filled)} is filled by now; look again" if filled else ""


def _style(sheet: Sheet, cells: Mapping[tuple[int, int], str]) -> int:
    """The style of the header to the left of the first new one."""
    row, column = min(cells)
    before = [at for at in sheet.rows[row].cells if at < column] if row in sheet.rows else []
    return sheet.rows[row].cells[max(before)].style if before else 0


@dataclass
class _Wants:
    """What is wanted of one workbook, part by part."""

    book: Book
    settings: WorkbookSettings
    access: Access
    demands: Demands
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    """Headers that are wanted of the sheets beyond those of their settings, by sheet and by our names."""

    def steps(self) -> Iterator[Step]:
        items, proposed = self.settings.items, self._free(items_sheet)
        if self.access.may_ask:
            yield from self._asking()
        if self.access.may_write:
            if items is None:
                how = f"{NAME}`{settings_line('items', proposed)}`"
                yield Told("the settings name no sheet for items", how, Whose.FILES)
            elif items.columns.key is None:
                yield Told("items have no column for our key", KEY, Whose.FILES)
                self.added[items.sheet] = {"key": OWN_KEY}
            if items is not None and items.columns.project is None:
                yield Told("items have no column for their project", PROJECT, Whose.FILES)
        yield from self._demanded()
        if items is not None and (self.access.may_write or items.sheet in self.added):
            yield from self._sheet(items, ours=OURS if self.access.may_write else ())
        elif items is None and self.access.may_write:
            yield from self._sheet(proposed, every=True)
        if self.settings.projects.sheet in self.added:
            yield from self._sheet(self.settings.projects)

    def _asking(self) -> Iterator[Step]:
        """The sheet on which we ask, and our column on the one where the office does."""
        asked = self.settings.questions or self._free(questions_sheet)
        if self.settings.questions is None:
            how = f"{MAKE}`{settings_line('questions', asked)}`"
            yield Told("the settings name no sheet for questions", how, Whose.FILES)
        yield from self._sheet(asked, every=True)
        if self.settings.deviations is not None:
            yield from self._sheet(self.settings.deviations, ours=OURS)

    def _free(self, sheet: Callable[[Language], SheetSettings]) -> SheetSettings:
        """The proposal in a language in which it stands there already, else in the office's own.

        It has another name where a sheet of its name holds something else.
        """
        for tag in self.demands.languages.tags:
            before = sheet(self.demands.languages.of(tag))
            there = self._name(before.sheet)
            if there is not None and self._headed(there, before):
                return before
        proposed = sheet(self.demands.language)
        name = self._name(proposed.sheet)
        if name is None:
            return proposed
        return proposed.model_copy(update={"sheet": f"Interoffice {proposed.sheet.casefold()}"})

    def _headed(self, name: str, part: SheetSettings) -> bool:
        """Whether a sheet has all of a part's headers."""
        _, heads = header_row(self.book, self.book.sheet(name), dict(columns_of(part)))
        return all(folded(column.header) in heads for _, column in columns_of(part))

    def _name(self, wanted: str) -> str | None:
        return next((name for name in self.book.parts if folded(name) == folded(wanted)), None)

    def _demanded(self) -> Iterator[Step]:
        """What the version asks for and the settings do not offer; its columns are wanted too."""
        there, version = offered(self.settings), self.demands.version
        named = self._named()
        for name in self.demands.fields:
            place = place_of(name)
            holder = self.settings.items if place.part == "items" else self.settings.projects
            if name in there:
                sheet, header = named.get(name, ("", ""))
                if header:
                    self.added.setdefault(sheet, {})[name] = header
                continue
            what = f"{version} asks for the field {name}, which the settings do not name"
            if holder is None:
                yield Told(f"{what}, as they name no sheet for items", ITEMS, Whose.FILES)
                continue
            how = f"add `{place.line}` to the settings of `{place.part}`, with the office's own header"
            yield Told(what, how, Whose.FILES)
            self.added.setdefault(holder.sheet, {})[name] = place.header
        known = self.settings.items.status_names if self.settings.items else ()
        for status in self.demands.statuses:
            if status not in known:
                how = f"add {json.dumps(status, ensure_ascii=False)} to `statuses` in the settings of `items`"
                what = f"{version} asks for the status {status!r}, which the settings do not name"
                yield Told(what, how, Whose.FILES)

    def _named(self) -> dict[str, tuple[str, str]]:
        """The sheets and headers of what the settings name, by the names that versions ask for."""
        found = {}
        parts: tuple[tuple[SheetSettings | None, str], ...] = (
            (self.settings.projects, ""),
            (self.settings.items, "item."),
        )
        for part, before in parts:
            if part is not None:
                for name, column in columns_of(part):
                    found[f"{before}{name.removeprefix('field.')}"] = (part.sheet, column.header)
        return found

    def _sheet(
        self, part: SheetSettings, *, every: bool = False, ours: Collection[str] = ()
    ) -> Iterator[Step]:
        """What a sheet lacks: itself, our columns (where `every` one is ours, all), those demanded."""
        mine = {name: column.header for name, column in columns_of(part) if every or name in ours}
        mine |= self.added.get(part.sheet, {})
        name = self._name(part.sheet)
        if name is None:
            yield self._new_sheet(part, mine)
            return
        sheet = self.book.sheet(name)
        row, heads = header_row(self.book, sheet, dict(columns_of(part)))
        absent = {ours: header for ours, header in mine.items() if folded(header) not in heads}
        if not absent:
            return
        empty = not any(heads_of(self.book, sheet, number) for number in sheet.rows)
        if not heads and not empty:
            found = ", ".join(repr(each) for each in mine.values())
            yield Told(
                f"{self.book.name}, sheet {name!r}: no row has any of the headers {found}",
                "write them into one row, or name another sheet",
                Whose.OFFICE,
            )
            return
        yield from self._columns(name, row, list(absent.values()))

    def _new_sheet(self, part: SheetSettings, mine: Mapping[str, str]) -> Step:
        near = get_close_matches(part.sheet, self.book.parts, 1, ALIKE)
        headers = tuple(dict.fromkeys([*(column.header for _, column in columns_of(part)), *mine.values()]))
        what = f"{self.book.name}: there is no sheet {part.sheet!r}"
        if near:
            return Told(f"{what}, but {near[0]!r}", "write the one that is meant as `sheet`", Whose.FILES)
        if part is self.settings.projects:
            return Told(what, "name the sheet with the office's projects", Whose.FILES)
        if reason := structure_protected(self.book) or _signed(self.book):
            return Told(what, reason, Whose.OFFICE)
        shown = ", ".join(headers)
        return MakeSheet(what, f"add the sheet {part.sheet!r} with the headers {shown}", part.sheet, headers)

    def _columns(self, name: str, row: int, absent: list[str]) -> Iterator[Step]:
        """The columns behind the last one that is used; told where the sheet does not take them."""
        sheet, place = self.book.sheet(name), f"{self.book.name}, sheet {name!r}"
        present = [" ".join(text.split()) for text in heads_of(self.book, sheet, row).values()]
        taken = []
        for header in absent:
            if near := get_close_matches(header, present, 1, ALIKE):
                how = f"write {near[0]!r} into the settings if it is meant, else give it another name there"
                yield Told(f"{place}: there is no header {header!r}, but {near[0]!r}", how, Whose.FILES)
            else:
                taken.append(header)
        if not taken:
            return
        shown = ", ".join(repr(header) for header in taken)
        what = f"{place}: no header {shown} in row {row}"
        reason = _signed(self.book) or (f"{place}: it is protected; take that off" if sheet.protected else "")
        if reason:
            yield Told(what, f"{reason} (Review, Unprotect Sheet), or write the headers there", Whose.OFFICE)
            return
        first = _first_free(self.book, sheet, row)
        cells = {(row, first + n): header for n, header in enumerate(taken)}
        where = f"{letters(first)}{row}"
        yield AddColumns(what, f"write {shown} into {name!r} from {where} on", name, cells)


def _first_free(book: Book, sheet: Sheet, header: int) -> int:
    """The column behind every cell with content, and every merged one, from the header row on."""
    used = [
        column
        for number, row in sheet.rows.items()
        if number >= header
        for column, cell in row.cells.items()
        if cell.formula or value_of(book, cell) is not None
    ]
    ends = [each.right for each in (*sheet.merged, *sheet.arrays) if each.bottom >= header]
    return max([0, *used, *ends]) + 1


def _signed(book: Book) -> str:
    return f"{book.name}: it is digitally signed; take the signature off" if book.signed else ""
