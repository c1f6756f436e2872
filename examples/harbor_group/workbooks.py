"""An office's workbook as its people would have made it: lists, an overview, a chart, colors, drop-downs.

The same input gives the same bytes. It refuses to make up values: what stands in it comes from begin.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from domain.plans.project import Scalar
from examples.harbor_group.begin import is_blank
from examples.harbor_group.columns import (
    MONEY,
    QUESTIONS_SHEET,
    REQUESTS_SHEET,
    item_columns,
    project_columns,
    question_columns,
    request_columns,
    sheet_names,
)
from examples.harbor_group.demands import State
from examples.harbor_group.desks import Desk
from examples.harbor_group.languages import KINDS, STAGES, STATUSES
from examples.harbor_group.plans import Row
from examples.harbor_group.projects import Seed

MADE = datetime(2027, 1, 3, 18, 0, tzinfo=UTC).replace(tzinfo=None)
OLD_REPORT = date(2026, 12, 24)
"""Reports before that day are shown in red."""
ROOM = 2000
"""Rows for which drop-downs and colors are prepared."""
WIDTHS = {"title": 46, "text": 60, "project": 12, "id": 10, "lead": 22, "sponsor": 22, "owner": 22}


@dataclass(frozen=True, slots=True)
class Entry:
    """One project: its values in the office's list, and its items."""

    seed: Seed
    state: State
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Formats:
    """The cell formats of one workbook, each made once."""

    book: Any
    desk: Desk
    made: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any:  # noqa: ANN401 - xlsxwriter ships no types
        """The format of that name."""
        if name not in self.made:
            self.made[name] = self.book.add_format(FORMATS[name])
        return self.made[name]

    def of(self, column: str, value: object) -> Any:  # noqa: ANN401 - xlsxwriter ships no types
        """The format of a value in that column."""
        if isinstance(value, date):
            return self.get("local date" if self.desk.language in ("de", "tr") else "date")
        if column in ("percent_complete", "percent"):
            return self.get("share" if self.desk.fraction else "number")
        return self.get("money" if column in MONEY else "text")


FORMATS: Mapping[str, Mapping[str, object]] = {
    "head": {"bold": True, "bg_color": "#1F4E78", "font_color": "white", "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "text": {"valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "local date": {"num_format": "dd.mm.yyyy", "align": "left"},
    "share": {"num_format": "0%"},
    "number": {"num_format": "0"},
    "money": {"num_format": "#,##0"},
    "late": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    "done": {"font_color": "#006100", "bg_color": "#C6EFCE"},
}


def write(desk: Desk, entries: Sequence[Entry], path: Path) -> None:
    """Make the workbook of one office at `path`."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": f"{desk.office} plan", "author": desk.names[3], "created": MADE})
    formats = Formats(book, desk)
    projects, items, overview = sheet_names(desk)
    named = (overview, projects, items, QUESTIONS_SHEET, REQUESTS_SHEET)
    sheets = {name: book.add_worksheet(name) for name in named}
    for sheet in sheets.values():
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if desk.language == "ar":
            sheet.right_to_left()
    _projects(sheets[projects], formats, entries)
    rows = _items(sheets[items], formats, entries)
    for name, columns in ((QUESTIONS_SHEET, question_columns(desk)), (REQUESTS_SHEET, request_columns(desk))):
        _empty(sheets[name], formats, columns)
    _overview(sheets[overview], formats, entries, rows)
    book.close()


def _head(sheet: Any, formats: Formats, columns: Mapping[str, str]) -> None:  # noqa: ANN401
    top = formats.desk.banner
    for place, (name, header) in enumerate(columns.items()):
        sheet.set_column(place, place, WIDTHS.get(name, 14), None, {"hidden": name == "key"})
        sheet.write_string(top, place, header, formats.get("head"))
    sheet.set_row(top, 45)
    if top:
        sheet.write_string(0, 0, f"{sheet.get_name()} 2027", formats.get("title"))


def in_sheet(desk: Desk, column: str, value: Scalar) -> Scalar:
    """A value of ours as that office writes it: its words and units."""
    words = desk.words
    if column == "stage":
        return words.headers(STAGES, words.stages)[str(value)]
    if column == "kind":
        return words.headers(KINDS, words.kinds)[str(value)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        if column in ("percent_complete", "percent"):
            return value / 100 if desk.fraction else value
        if column in MONEY:
            return value / 1000 if desk.thousands else value
        if column == "work":
            return value / 8 if desk.work_days else value
    return value


def _put(sheet: Any, formats: Formats, at: tuple[int, int], column: str, value: Scalar) -> None:  # noqa: ANN401
    style = formats.of(column, value)
    written = in_sheet(formats.desk, column, value)
    if isinstance(written, date):
        sheet.write_datetime(*at, datetime.combine(written, time()), style)
    elif isinstance(written, str):
        sheet.write_string(*at, written, style)
    else:
        sheet.write_number(*at, written, style)


def _projects(sheet: Any, formats: Formats, entries: Sequence[Entry]) -> None:  # noqa: ANN401
    desk = formats.desk
    columns = project_columns(desk)
    places = {name: place for place, name in enumerate(columns)}
    _head(sheet, formats, columns)
    first = desk.banner + 1
    for number, entry in enumerate(entries, first):
        for name, value in entry.state.items():
            _put(sheet, formats, (number, places[name]), name, value)
    last = first + len(entries) - 1
    sheet.freeze_panes(first, 2)
    sheet.autofilter(first - 1, 0, last, len(columns) - 1)
    stage, percent, report = places["stage"], places["percent_complete"], places["last_report"]
    sheet.data_validation(
        first, stage, last + 20, stage, {"validate": "list", "source": desk.words.stages.split("|")}
    )
    most = 1 if desk.fraction else 100
    allowed = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most}
    sheet.data_validation(first, percent, last + 20, percent, allowed)
    sheet.conditional_format(
        first,
        percent,
        last + 20,
        percent,
        {"type": "data_bar", "bar_color": "#9DC3E6", "data_bar_2010": True},
    )
    old = {
        "type": "date",
        "criteria": "less than",
        "value": datetime.combine(OLD_REPORT, time()),
        "format": formats.get("late"),
    }
    sheet.conditional_format(first, report, last + 20, report, old)


def _items(sheet: Any, formats: Formats, entries: Sequence[Entry]) -> list[Row]:  # noqa: ANN401
    desk = formats.desk
    columns = item_columns(desk)
    places = {name: place for place, name in enumerate(columns)}
    _head(sheet, formats, columns)
    rest, first = len(columns), desk.banner + 1
    sheet.write_string(desk.banner, rest, "Rest", formats.get("head"))
    written: list[Row] = []
    for entry in entries:
        for number, row in enumerate(entry.rows):
            at = len(written) + first
            no_owner, no_due = is_blank(entry.seed, number, row, len(entry.rows))
            values = cells_of(row, entry.seed.id)
            values = {
                n: v
                for n, v in values.items()
                if not ((n == "owner" and no_owner) or (n == "due" and no_due))
            }
            for name, value in values.items():
                _put(sheet, formats, (at, places[name]), name, value)
            _rest(sheet, desk, (at, rest), (places["work"], places["percent"]), row)
            written.append(row)
    sheet.freeze_panes(first, 3)
    sheet.autofilter(first - 1, 0, first + len(written) - 1, len(columns) - 1)
    status, percent = places["status"], places["percent"]
    sheet.data_validation(first, status, ROOM, status, {"validate": "list", "source": list(STATUSES)})
    done = {"type": "cell", "criteria": "==", "value": '"Done"', "format": formats.get("done")}
    sheet.conditional_format(first, status, ROOM, status, done)
    sheet.conditional_format(first, percent, ROOM, percent, {"type": "data_bar", "bar_color": "#A9D18E"})
    return written


def cells_of(row: Row, project: str) -> dict[str, Scalar]:
    """An item's values by our names."""
    values: dict[str, Scalar] = {
        "id": row.id,
        "project": project,
        "title": row.title,
        "kind": row.kind,
        "owner": row.owner,
        "start": row.start,
        "due": row.due,
        "percent": row.percent,
        "status": row.status,
    }
    return {**values, "work": row.work} if row.work else values


def _rest(sheet: Any, desk: Desk, at: tuple[int, int], of: tuple[int, int], row: Row) -> None:  # noqa: ANN401
    """A formula of the office's own: the work that is left, with its result."""
    whole = 1 if desk.fraction else 100
    work = row.work / 8 if desk.work_days else row.work
    left = round(work * (100 - row.percent) / 100, 2)
    cell = "{}{}".format
    letters = [chr(ord("A") + place) for place in of]
    line = at[0] + 1
    formula = f"=ROUND({cell(letters[0], line)}*(1-{cell(letters[1], line)}/{whole}),2)"
    sheet.write_formula(*at, formula, None, left)


def _empty(sheet: Any, formats: Formats, columns: Mapping[str, str]) -> None:  # noqa: ANN401
    _head(sheet, formats, columns)
    sheet.freeze_panes(formats.desk.banner + 1, 0)


def _overview(sheet: Any, formats: Formats, entries: Sequence[Entry], rows: Sequence[Row]) -> None:  # noqa: ANN401
    desk = formats.desk
    projects, items, _ = sheet_names(desk)
    named = desk.words.overview.split("|")
    top = desk.banner + 2
    work = sum(row.work for row in rows)
    left = sum(
        round((row.work / 8 if desk.work_days else row.work) * (100 - row.percent) / 100, 2) for row in rows
    )
    total = work / 8 if desk.work_days else work
    rest = chr(ord("A") + len(item_columns(desk)))
    hours = chr(ord("A") + list(item_columns(desk)).index("work"))
    money = chr(ord("A") + list(project_columns(desk)).index("budget"))
    budget = sum(float(str(entry.state["budget"])) for entry in entries)
    figures = (
        (f"=COUNTA('{projects}'!A{top}:A60)", len(entries), "number"),
        (f"=COUNTA('{items}'!A{top}:A{ROOM})", len(rows), "number"),
        (
            f"=1-SUM('{items}'!{rest}{top}:{rest}{ROOM})/SUM('{items}'!{hours}{top}:{hours}{ROOM})",
            1 - left / total,
            "share",
        ),
        (f"=SUM('{projects}'!{money}{top}:{money}60)", budget / 1000 if desk.thousands else budget, "money"),
    )
    sheet.set_column(0, 0, 28)
    sheet.write_string(0, 0, f"{desk.office} 2027", formats.get("title"))
    for number, (text, (formula, value, style)) in enumerate(zip(named, figures, strict=False), 2):
        sheet.write_string(number, 0, text)
        sheet.write_formula(number, 1, formula, formats.get(style), value)
    _stages(sheet, formats, entries, named[-1])


def _stages(sheet: Any, formats: Formats, entries: Sequence[Entry], heading: str) -> None:  # noqa: ANN401
    """Projects per stage: counted by formulas, drawn as a chart."""
    desk = formats.desk
    projects, _, overview = sheet_names(desk)
    first = 8
    sheet.write_string(first - 1, 0, heading, formats.get("head"))
    for number, (stage, word) in enumerate(zip(STAGES, desk.words.stages.split("|"), strict=True)):
        count = sum(entry.state["stage"] == stage for entry in entries)
        line = first + number
        sheet.write_string(line, 0, word)
        sheet.write_formula(
            line, 1, f"=COUNTIF('{projects}'!C{desk.banner + 2}:C60,A{line + 1})", None, count
        )
    chart = formats.book.add_chart({"type": "bar"})
    last = first + len(STAGES) - 1
    chart.add_series({"categories": [overview, first, 0, last, 0], "values": [overview, first, 1, last, 1]})
    chart.set_title({"name": heading})
    chart.set_legend({"none": True})
    sheet.insert_chart("D3", chart)
