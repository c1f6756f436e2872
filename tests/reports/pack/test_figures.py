"""Every number of a pack's page equals what its values say, written once more; and none bears no mark."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from lxml import etree
from pptx import Presentation

from domain.reporting.figures import Gap
from domain.reporting.pack import Pack
from reports.pack.page import page
from reports.pack.rows import figures_csv
from reports.pack.slides import slides
from reports.pack.workbook import workbook
from tests.domain.reporting.packs import example_pack
from tests.reports.figures import Read
from tests.reports.pack.slow_page import page_figures, said
from tests.reports.pack.test_unlike import empty, losses, silent

MANY = 15
"""Of the hundred of `make crash ARGS=figures`, the first."""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class PageRead(Read):
    """Reads pictures too."""

    def read(self, data: str) -> None:
        """The texts of a picture are apart from each other."""
        super().read(f"{data} " if self.stack and self.stack[-1][0] in ("text", "title") else data)


def differences(pack: Pack, html: bytes) -> Iterator[str]:
    """Where the page says another number than its values, one of them lacks it, or it bears no mark."""
    read, wanted = PageRead(html), page_figures(pack)
    for mark, places in read.figures.items():
        told = wanted.get(mark)
        if told is None:
            yield f"{mark}: the page says {places}, and nothing computes it again"
        for found in places if told is not None else ():
            again = set(found) if mark.startswith("line-") else found
            if again != (set(told) if mark.startswith("line-") else told):
                yield f"{mark}: the page says {found}, recomputed {told}"
    missing = [mark for mark, told in wanted.items() if told and mark not in read.figures]
    if missing:
        yield f"not on the page: {missing}"
    if read.loose:
        yield f"without a mark: {read.loose}"


def some(seed: int) -> Pack:
    """A pack by chance: any size, sometimes the first one, without needs, or with many."""
    dice = Random(seed)
    pack = example_pack(dice.randrange(3, 70), seed)
    if dice.random() < 0.3:
        figures = tuple(replace(f, before=None, restated=None, moves=(), history=()) for f in pack.figures)
        head = replace(pack.head, previous=None)
        return replace(pack, head=head, figures=figures, changes=(), restatements=(), deleted=())
    return replace(pack, needs=pack.needs * dice.randrange(5), changes=pack.changes * dice.randrange(3))


def test_on_packs_by_chance_every_number_of_the_page_is_what_the_values_say() -> None:
    for seed in range(MANY):
        pack = some(seed)
        assert list(differences(pack, page(pack))) == [], seed


@pytest.mark.parametrize("made", [empty, silent, losses])
def test_on_packs_unlike_each_other_too(made) -> None:
    pack = made()
    assert list(differences(pack, page(pack))) == []


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        (r'(data-figure="tile-f-1">)[\d,.]+', r"\g<1>777", "tile-f-1: the page says"),
        (r'(data-figure="worth-f-3">CHF )', r"\g<1>9", "worth-f-3: the page says"),
        (r'(data-figure="from-f-1">)\d+', r"\g<1>0", "from-f-1: the page says"),
        (r' data-figure="office-2"', "", "without a mark:"),
        (r"</h1>", '</h1><b data-figure="new">7</b>', "new: the page says"),
        (r' data-figure="told-1"', "", "not on the page: ['told-1']"),
    ],
)
def test_the_control_a_planted_fault_is_found(was: str, now: str, found: str) -> None:
    pack = example_pack(40)
    html, count = re.subn(was, now, page(pack).decode(), count=1)
    assert count == 1
    assert any(each.startswith(found) for each in differences(pack, html.encode()))


def wanted(pack: Pack) -> dict[str, object]:
    """Each figure's exact value by its name; None for a gap."""
    return {each.name: None if isinstance(each.value, Gap) else each.value for each in pack.figures}


def of_workbook(content: bytes) -> dict[str, str]:
    """The value of each figure in the first sheet, as a spreadsheet program holds it; empty for words."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ["".join(each.itertext()) for each in etree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found = {}
    for row in sheet.iter(f"{MAIN}row"):
        cells = {re.sub(r"\d", "", cell.get("r")): cell for cell in row}
        if {"A", "B"} <= cells.keys() and cells["A"].get("t") == "s":
            value = cells["B"].findtext(f"{MAIN}v") or ""
            found[shared[int(cells["A"].findtext(f"{MAIN}v"))]] = "" if cells["B"].get("t") == "s" else value
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_workbook_the_csv_and_the_slides_say_the_same_figures(seed: int) -> None:
    pack = some(seed)
    rows = list(csv.DictReader(io.StringIO(figures_csv(pack).decode())))
    sheet = of_workbook(workbook(pack))
    last = Presentation(io.BytesIO(slides(pack))).slides[-1]
    table = next(shape.table for shape in last.shapes if shape.has_table)
    shown = {row.cells[0].text: row.cells[1].text for row in table.rows}
    by = {each.name: each for each in pack.figures}
    for row in rows:
        value, unit = wanted(pack)[row["figure"]], by[row["figure"]].unit
        assert row["value"] == ("" if value is None else f"{value}")
        if value is None:
            assert sheet[row["figure"]] == ""
        elif isinstance(value, int | Decimal):
            assert float(sheet[row["figure"]]) == pytest.approx(float(value), rel=1e-14)
        assert re.findall(r"\d[\d,.]*(?: [A-Z][a-z]+ \d{4})?", shown[row["figure"]]) == said(value, unit)
