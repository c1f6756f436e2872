"""The folder of an organization made of its organization.xlsx, or every cell of that which is wrong.

The files are written to a place apart and checked there as `interoffice check` does; what is wrong is told by
its cell. Refuses to write anything while a cell is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.problems import Problems
from config.skeleton import FIRST_OFFICE, LONGEST_ID, TEMPLATE, office_id, place_of, staged
from config.skeleton_columns import OFFICES, PEOPLE, PROGRAMS, TOOLS, OfficeSheet, SheetColumn
from config.skeleton_entries import (
    PlanSaid,
    ToolSaid,
    plan_entries,
    quoted,
    tracker_entries,
    workbook_entries,
)
from config.skeleton_sheets import Row, Sheets
from connectors.errors import ToolError
from connectors.registry import KINDS
from connectors.workbook.headers import propose
from domain.organization.office import OfficeKind

FILES = {OFFICES.name: "offices.yaml", PEOPLE.name: "people.yaml", PROGRAMS.name: "programs.yaml"}
OPEN = "# CHANGE"


class WrongCells(Exception):
    """Cells are wrong; `lines` has one for each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass
class Text:
    """A file that is being written, with the cell of each of its lines."""

    name: str
    lines: list[str] = field(default_factory=list)
    refs: dict[int, str] = field(default_factory=dict)

    def add(self, line: str, ref: str = "") -> None:
        """One more line, which says what that cell does."""
        self.lines.append(line)
        if ref:
            self.refs[len(self.lines)] = ref


def write_from(
    folder: Path, source: Path, sheets: Sheets, load_at: Callable[[Path], object]
) -> tuple[Path, ...]:
    """Write the folder; its files. `load_at` reads an organization as `check` does.

    Raises WrongCells, NotEmpty, and OSError.
    """
    _twice(sheets)
    texts = [_listed(sheets, each) for each in (OFFICES, PEOPLE, PROGRAMS)]
    texts += [_tools(sheets, folder, source), _relations(sheets)]
    top = _top(sheets)

    def fill(new: Path) -> None:
        for path in new.rglob("*.yaml"):
            path.write_text(path.read_text("utf-8").replace(FIRST_OFFICE, top), "utf-8")
        for text in texts:
            (new / text.name).write_text("\n".join(text.lines) + "\n", "utf-8")
        if sheets.whole:
            _check(load_at(new), texts, sheets)
        if sheets.wrong:
            raise WrongCells(sheets.in_order())

    return staged(folder, fill)


def _check(found: object, texts: Iterable[Text], sheets: Sheets) -> None:
    """Tell what is wrong with the files by the cells that it comes from; open places are left open."""
    if not isinstance(found, Problems):
        return
    by_name = {text.name: text for text in texts}
    for problem in found:
        text, line = by_name.get(problem.where.file), problem.where.line
        if text is not None and OPEN in text.lines[line - 1]:
            continue
        ref = text.refs.get(line, "") if text else ""
        sheets.tell(ref or f"as {problem.where}", problem.message, problem.instead or "correct it")


def _twice(sheets: Sheets) -> None:
    """Tell of ids that stand twice, and take their second rows out."""
    for name, rows in sheets.rows.items():
        if name == TOOLS.name:
            continue
        seen: dict[str, Row] = {}
        for row in list(rows):
            text = row.text("id")
            if text and text in seen:
                sheets.tell(
                    row.place("id"), f"the id `{text}` stands at {seen[text].place('id')} too", "give another"
                )
                rows.remove(row)
            seen.setdefault(text, row)


def _top(sheets: Sheets) -> str:
    rows = sheets.rows[OFFICES.name]
    if not rows and not sheets.wrong:
        sheets.tell(OFFICES.name, "no office stands there", "write a row for each")
    strategic = (row for row in rows if row.text("kind") == OfficeKind.STRATEGIC and not row.text("parent"))
    return next((row.text("id") for row in strategic if row.text("id")), "") or next(
        (row.text("id") for row in rows if row.text("id")), FIRST_OFFICE
    )


def _head(name: str, key: str) -> list[str]:
    """The comments over a file's list, as in the skeleton."""
    return (TEMPLATE / name).read_text("utf-8").partition(f"\n{key}:")[0].splitlines()


def _listed(sheets: Sheets, sheet: OfficeSheet) -> Text:
    key = sheet.name.lower()
    text = Text(FILES[sheet.name], _head(FILES[sheet.name], key))
    rows = sheets.rows[sheet.name]
    text.add(f"{key}:" if rows else f"{key}: []")
    for row in rows:
        first = True
        for line, ref in _entry(row, sheet):
            text.add(f"  {'- ' if first else '  '}{line}", ref)
            first = False
    return text


def _entry(row: Row, sheet: OfficeSheet) -> Iterator[tuple[str, str]]:
    """The lines of an entry with the cell of each; what has to be there and is empty is left empty."""
    below: dict[str, list[tuple[str, str]]] = {}
    for column in sheet.columns:
        if column.header not in row.cells and not column.needed:
            continue
        line = f"{column.header}: {_value(row, column)}".rstrip(), row.place(column.header)
        if column.below:
            below.setdefault(column.below, []).append(line)
        else:
            yield line
    for key, lines in below.items():
        yield f"{key}:", lines[0][1]
        yield from ((f"  {line}", ref) for line, ref in lines)


def _value(row: Row, column: SheetColumn) -> str:
    if column.header not in row.cells:
        return ""
    told = row.cells[column.header]
    if column.several:
        return f"[{', '.join(map(quoted, _several(told.text)))}]"
    plain = told.number and column.header in ("every_weeks", "answer_days")
    return told.text if plain else quoted(told.text)


def _several(text: str) -> list[str]:
    return [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]


def _relations(sheets: Sheets) -> Text:
    text = Text("relations.yaml", _head("relations.yaml", "relations"))
    text.add("relations:")
    roots = [row for row in sheets.rows[OFFICES.name] if not row.text("parent") and row.text("id")]
    for row in roots:
        text.add(f"  - {{root: {quoted(row.text('id'))}, kind: network}}", row.place("id"))
    if not roots:
        text.lines[-1] = "relations: []"
    return text


def _tools(sheets: Sheets, folder: Path, source: Path) -> Text:
    """tools.yaml; a workbook is looked at, and its headers are mapped."""
    text = Text("tools.yaml", _head("tools.yaml", "tools"))
    found = [(row, said) for row in sheets.rows[TOOLS.name] if (said := _tool(row, sheets, folder, source))]
    seen: dict[str, Row] = {}
    for row, said in found:
        if said.id in seen:
            where = seen[said.id].place("id")
            sheets.tell(row.place("id"), f"the tool `{said.id}` stands at {where} too", "give another id")
        seen.setdefault(said.id, row)
    for key in ("tools", "partitions"):
        text.add(f"{key}:" if found else f"{key}: []")
        for row, said in found:
            for n, line in enumerate(said.tool if key == "tools" else said.partition):
                named = line.strip().partition(":")[0]
                headers = {
                    "id": "id",
                    "tool": "id",
                    "kind": "kind",
                    "credentials": "credentials",
                    "office": "office",
                }
                column = headers.get(named, "file" if row.text("file") else "url") if n < 4 else "within"
                text.add(f"  {'- ' if n == 0 else '  '}{line}", row.place(column))
    return text


def _tool(row: Row, sheets: Sheets, folder: Path, source: Path) -> ToolSaid | None:
    kind, office, file = row.text("kind"), row.text("office"), row.text("file")
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        sheets.tell(
            row.place("kind"),
            f"`{kind}` is no kind of tool" if kind else "it is empty",
            f"write one of {known}",
        )
        return None
    if not office:
        sheets.tell(row.place("office"), "it is empty", "write the id of the office that plans there")
        return None
    suffix = {"workbook": "workbook", "project-file": "plan"}.get(kind, kind)
    tool = row.text("id") or office_id(f"{office}-{suffix}")[:LONGEST_ID]
    if kind not in ("workbook", "project-file"):
        if not row.text("url"):
            sheets.tell(row.place("url"), "it is empty", "write the server's address")
            return None
        return _server(row, office, tool)
    if not file:
        sheets.tell(row.place("file"), "it is empty", "write the file's path")
        return None
    path = source.parent / file
    if not path.is_file():
        sheets.tell(
            row.place("file"), f"there is no file `{file[:80]}`", "write its path, from this file or whole"
        )
        return None
    try:
        place = place_of(path, folder)
        if kind == "workbook":
            return workbook_entries(office, tool, place, propose(path), copied=False)
    except ToolError as error:
        sheets.tell(row.place("file"), error.text, "correct the path, or the file")
        return None
    return plan_entries(office, tool, place, PlanSaid(office_id(path.stem)), copied=False)


def _server(row: Row, office: str, tool: str) -> ToolSaid:
    kind, within, key = row.text("kind"), _several(row.text("within")), row.text("key")
    own = {"url": row.text("url")} | ({"user": row.text("user")} if row.text("user") else {})
    open_ = f"within:  {OPEN}: the office's projects there, as in [terminal]"
    named = f"within: [{', '.join(map(quoted, within))}]"
    settings = [] if kind == "trac" else ["projects:", f"  {named if within else open_}"]
    if key:
        settings += ["items:", f"  columns: {{key: {json.dumps(key, ensure_ascii=False)}}}"]
    elif kind == "redmine":
        settings += [
            "items:",
            "  columns:",
            f"    key:  {OPEN}: the custom field of issues that holds our key",
        ]
    return tracker_entries(office, tool, kind, row.text("credentials"), own, settings)
