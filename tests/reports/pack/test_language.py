"""Every form of a pack is said in the language in which it was filled, and nothing of it stays in English."""

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import NullTranslations

import lxml.html
import pytest
from pptx import Presentation

from config.languages import LANGUAGES
from domain.language import Language, Languages
from domain.reporting.amounts import worded
from domain.reporting.pack import Pack
from domain.standards.formats import Audience, Unit
from reports.pack import drawing
from reports.pack.drawing import draw
from reports.pack.page import page
from tests.domain.reporting.packs import example_pack
from tests.reports.pack.hostile import rewritten
from tests.reports.pack.test_unlike import empty, losses, silent

OTHERS = ("de", "es", "fr", "pt")
LETTERS = re.compile(r"[a-z]{3,}")
FOREIGN = re.compile(r"Europe/Zurich|[0-9a-f]{40,}|^Sheet1$")
"""The time zone, the ledger's head, and what xlsxwriter calls the sheet of a workbook without one."""


class Marked(NullTranslations):
    """A language in which each of our own texts is in capitals, so that what bypasses it is found."""

    def gettext(self, message: str) -> str:
        return capitals(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return capitals(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - as gettext has it
        return capitals(message)


def capitals(text: str) -> str:
    return "".join(each if "{" in each else each.upper() for each in re.split(r"(\{\w+\})", text))


def capital_day(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}".upper()


MARKED = Language("de", Marked(), capital_day, capital_day, capital_day)


@pytest.fixture
def no_pdf(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)


def has_words(text: str) -> bool:
    return LETTERS.search(FOREIGN.sub("", text)) is not None


def of_page(content: bytes) -> Iterator[str]:
    tree = lxml.html.fromstring(content)
    for each in tree.xpath("//style"):
        each.getparent().remove(each)
    yield from (each.strip() for each in tree.xpath("//body//text()"))
    yield from tree.xpath("//@aria-label")
    yield from tree.xpath("//@data-label")


def of_csv(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode())):
        yield from row


def of_workbook(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if "xl/sharedStrings.xml" in book.namelist():
            yield from re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
        yield from re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
        for form in re.findall(r'formatCode="([^"]*)"', book.read("xl/styles.xml").decode()):
            yield from re.findall("&quot;(.*?)&quot;", form)


def of_slides(content: bytes) -> Iterator[str]:
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            yield shape.text_frame.text if shape.has_text_frame else ""
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
            if shape.has_chart:
                for plot in shape.chart.plots:
                    yield from map(str, plot.categories)
                    yield from (series.name for series in plot.series)


READERS = {"html": of_page, "csv": of_csv, "xlsx": of_workbook, "pptx": of_slides}


def small_letters(name: str, content: bytes) -> list[str]:
    """The texts with small letters that a reader of a form sees."""
    read = READERS.get(name.rpartition(".")[2])
    return [text for text in read(content) if has_words(text)] if read else []


def in_digits(pack: Pack) -> Pack:
    """The pack with digits for all that offices and standards wrote, and that was said when it was filled."""
    changed = rewritten(pack, "4711")
    head = replace(changed.head, office="4711", said_in="de")
    return replace(changed, head=head, figures=tuple(rewritten(each, "4711") for each in pack.figures))


@cache
def marked() -> dict[str, dict[str, bytes]]:
    """The forms of packs unlike each other, with nothing in them that somebody wrote."""
    made = {"example": example_pack(40), "empty": empty(), "silent": silent(), "losses": losses()}
    first = replace(made["example"].head, previous=None, known=made["example"].head.as_of)
    made["first"] = replace(made["example"], head=first, changes=(), deleted=(), restatements=())
    languages = Languages(lambda _: MARKED)
    return {name: dict(draw(in_digits(pack), languages)) for name, pack in made.items()}


@pytest.mark.usefixtures("no_pdf")
def test_every_word_of_every_form_is_said_through_the_language() -> None:
    found = {
        (name, form): small_letters(form, content)
        for name, files in marked().items()
        for form, content in files.items()
    }
    assert {where: words for where, words in found.items() if words} == {}


@pytest.mark.usefixtures("no_pdf")
@pytest.mark.parametrize("form", ["report.html", "report.xlsx", "figures.csv", "projects.csv", "board.pptx"])
def test_the_control_a_form_in_english_is_found(form: str) -> None:
    files = draw(in_digits(example_pack()), Languages())
    assert small_letters(form, files[form])


@pytest.mark.usefixtures("no_pdf")
def test_the_control_one_word_beside_the_language_is_found(monkeypatch) -> None:
    monkeypatch.setattr(
        drawing, "page", lambda pack, says: page(pack, says).replace(b"</h1>", b" planted</h1>")
    )
    files = drawing.draw(in_digits(example_pack()), Languages(lambda _: MARKED))
    assert small_letters("report.html", files["report.html"]) == ["planted"]


@pytest.mark.usefixtures("no_pdf")
@pytest.mark.parametrize("tag", OTHERS)
def test_every_form_is_drawn_in_each_language_and_sheets_have_names_that_programs_take(tag: str) -> None:
    pack = example_pack(40)
    files = draw(replace(pack, head=replace(pack.head, said_in=tag)), LANGUAGES)
    assert f'<html lang="{tag}"'.encode() in files["report.html"]
    with zipfile.ZipFile(io.BytesIO(files["report.xlsx"])) as book:
        names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    assert len(set(names)) == len(names) == 11
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert files["pack.json"] != draw(pack, LANGUAGES)["pack.json"], "it says in which language it was filled"


@pytest.mark.usefixtures("no_pdf")
def test_a_pack_of_before_has_no_language_and_comes_out_as_it_was() -> None:
    pack = example_pack()
    assert pack.head.language == "de"
    assert draw(pack, LANGUAGES) == draw(pack, Languages())
    assert b"said_in" not in draw(pack, LANGUAGES)["pack.json"]


@pytest.mark.parametrize(
    ("tag", "value", "unit", "said"),
    [
        ("de", Decimal("1234.5"), Unit.MONEY, "1.234,50 CHF"),
        ("de", Decimal("-3.5"), Unit.MONEY, "−3,50 CHF"),  # noqa: RUF001 - a real minus
        ("de", Decimal("33.333"), Unit.PERCENT, "33,3 %"),
        ("de", 1, Unit.WEEKS, "1 Woche"),
        ("de", Decimal("0.5"), Unit.WEEKS, "0,5 Wochen"),
        ("fr", 0, Unit.PROJECTS, "0 projet"),
        ("fr", Decimal("1.5"), Unit.WEEKS, "1,5 semaine"),
        ("fr", 2, Unit.PROJECTS, "2 projets"),
        ("es", 1, Unit.OFFICES, "1 oficina"),
        ("pt", date(2027, 3, 31), Unit.DATE, "31 de março de 2027"),
        ("pt-BR", Decimal("1E+40"), Unit.NUMBER, f"{10**40:,}".replace(",", ".")),
        ("de", Decimal("12345678901234567890.12"), Unit.MONEY, "12.345.678.901.234.567.890,12 CHF"),
    ],
)
def test_a_value_is_written_as_its_language_writes_it(tag, value, unit, said) -> None:
    assert worded(value, unit, "CHF", LANGUAGES.of(tag)) == said


@pytest.mark.usefixtures("no_pdf")
def test_an_offices_pack_has_no_slides_in_any_language() -> None:
    pack = example_pack()
    head = replace(pack.head, said_in="fr", audience=Audience.OFFICES)
    assert "board.pptx" not in draw(replace(pack, head=head), LANGUAGES)
