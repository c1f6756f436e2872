"""Same inputs, same bytes; every form is there; nothing that stands in an office's tool becomes anything but text."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import lxml.html
import pytest
from lxml import etree

from domain.language import Languages
from domain.reporting.figures import Gap
from domain.standards.formats import Audience
from reports.pack import paper
from reports.pack.document import document
from reports.pack.drawing import draw
from reports.pack.page import page
from reports.pack.rows import figures_csv, parts_csv
from reports.printed import printed_anchor
from tests.domain.reporting.packs import example_pack
from tests.reports.pack import hostile

ROOT = Path(__file__).resolve().parents[3]
AGAIN = """
import sys, hashlib, json
from domain.language import Languages
from reports.pack.drawing import draw
from tests.domain.reporting.packs import example_pack
ENGLISH_ONLY = Languages()
print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in draw(example_pack(), ENGLISH_ONLY).items()}))
"""
ENGLISH_ONLY = Languages()
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\ufffe\U000e0041]"
)
"""Control characters, and those that turn the direction of what follows."""


@pytest.fixture
def no_pdf(monkeypatch) -> None:
    """As where `make pdf` was never run: what makes PDFs takes a second each time."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)


def test_the_same_pack_gives_the_same_bytes_in_another_process() -> None:
    """Another process has other hashes of texts, and writes at another time: no form depends on either."""
    here = {name: sha256(data).hexdigest() for name, data in draw(example_pack(), ENGLISH_ONLY).items()}
    found = subprocess.run(
        [sys.executable, "-c", AGAIN],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "4711"},
    )
    assert json.loads(found.stdout) == here
    assert {"report.html", "report.xlsx", "figures.csv", "projects.csv", "pack.json", "board.pptx"} <= set(
        here
    )


@pytest.mark.usefixtures("no_pdf")
def test_another_value_gives_other_bytes_in_every_form() -> None:
    """The control: a form that left the values out would be the same bytes too."""
    pack = example_pack()
    changed = replace(pack, figures=(replace(pack.figures[0], value=777), *pack.figures[1:]))
    before, after = draw(pack, ENGLISH_ONLY), draw(changed, ENGLISH_ONLY)
    assert {name for name in before if before[name] == after[name]} == {"projects.csv"}


@pytest.mark.usefixtures("no_pdf")
def test_no_archive_holds_the_time_at_which_it_was_written() -> None:
    for name, data in draw(example_pack(), ENGLISH_ONLY).items():
        if name.endswith((".xlsx", ".pptx")):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
                core = archive.read("docProps/core.xml").decode()
                assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2027-03-09T06:00:00Z"}


@pytest.mark.usefixtures("no_pdf")
def test_only_a_pack_for_the_board_has_slides() -> None:
    pack = example_pack()
    assert "board.pptx" not in draw(
        replace(pack, head=replace(pack.head, audience=Audience.OFFICES)), ENGLISH_ONLY
    )


@pytest.mark.usefixtures("no_pdf")
def test_without_what_makes_pdfs_there_is_none_and_it_is_said_what_to_run() -> None:
    assert "report.pdf" not in draw(example_pack(), ENGLISH_ONLY)
    assert paper.lacking().endswith("run: make pdf")
    assert paper.main() == 1


# --- the page


def texts_of(html: bytes) -> str:
    return " ".join(" ".join(lxml.html.fromstring(html).itertext()).split())


def test_a_gap_is_words_and_never_zero() -> None:
    pack = example_pack()
    tree = lxml.html.fromstring(page(pack))
    tiles = {li.find_class("label")[0].text_content().split(" incomplete")[0].split(" restated")[0]: li for li in
             tree.xpath("//ul[@class='figures']/li")}  # fmt: skip
    assert tiles["Budget left"].find_class("value")[0].text == "not reported"
    turin = next(tr for tr in tree.xpath("//table[@class='bars']//tr") if "Ufficio Po" in tr.text_content())
    assert turin.find_class("of")[0].text == "office did not report"
    assert turin.xpath(".//svg") == [], "a gap has no bar"
    zero = next(tr for tr in tree.xpath("//table[@class='bars']//tr") if "Donaubüro" in tr.text_content())
    assert len(zero.xpath(".//svg")) == 1, "the control: a value, even 0, has one"


def test_every_figure_leads_to_its_sources_and_no_link_leads_nowhere_or_out() -> None:
    tree = lxml.html.fromstring(page(example_pack()))
    ids = [each.get("id") for each in tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    links = [a.get("href") for a in tree.xpath("//a")]
    assert {href for href in links if not (href.startswith("#") and href[1:] in ids)} == set()
    tiles = [a.get("href") for a in tree.xpath("//ul[@class='figures']//a")]
    assert len(tiles) == len(set(tiles)) == 5
    told = tree.get_element_by_id(tiles[0][1:]).text_content()
    assert "12 of 12 projects; 3 of 4 offices" in told
    assert "open items that were due before today (12)" in told


def test_the_page_shows_no_keys_of_facts_questions_or_projects() -> None:
    pack = example_pack()
    shown = texts_of(page(pack))
    hidden = {fact for figure in pack.figures for fact in figure.facts}
    hidden |= {gap.question for gap in pack.gaps() if gap.question} | {each.key for each in pack.projects}
    assert len(hidden) >= 15
    needs = {need.what for need in pack.needs}
    assert {key for key in hidden if key in shown and not any(key in need for need in needs)} == set()


def test_restatements_are_marked_and_what_changed_says_why() -> None:
    shown = texts_of(page(example_pack()))
    assert "Projects behind plan restated" in shown
    assert "Spent so far restated what the pack of 5 February 2027 would say now" in shown
    assert "+1: 1 project was reported late; +2: 2 projects changed; −1: 1 project is no longer" in shown  # noqa: RUF001
    assert "deleted Quai Sud" in shown


@pytest.mark.usefixtures("no_pdf")
def test_a_restricted_project_is_counted_and_not_named() -> None:
    for name, data in draw(example_pack(), ENGLISH_ONLY).items():
        if name.endswith((".html", ".csv")):
            assert "a restricted project" in data.decode() or name.endswith(".csv")
    assert "2 projects restricted: counted in every figure, and not named." in texts_of(page(example_pack()))


def test_the_ledgers_head_is_printed_as_every_report_prints_it(tmp_path) -> None:
    written = tmp_path / "report.html"
    written.write_bytes(page(example_pack()))
    anchor = printed_anchor(written)
    head = example_pack().head
    assert anchor is not None
    assert (anchor.hash, anchor.number) == (head.ledger_head, head.ledger_entry)


# --- CSV and JSON


def test_the_csv_has_a_row_for_each_figure_with_the_counts_of_its_sources() -> None:
    pack = example_pack()
    rows = list(csv.DictReader(io.StringIO(figures_csv(pack).decode(), newline="")))
    assert [row["figure"] for row in rows] == [figure.name for figure in pack.figures]
    spent = rows[2]
    assert Decimal(spent["value"]) == pack.figures[2].value
    assert (spent["projects"], spent["projects with a value"], spent["offices not read"]) == ("12", "11", "1")
    assert (rows[4]["value"], rows[4]["gap"].partition(":")[0]) == ("", "not reported")


def test_the_parts_in_the_csv_come_to_the_figures() -> None:
    pack = example_pack(200)
    rows = list(csv.DictReader(io.StringIO(parts_csv(pack).decode(), newline="")))
    for figure in (pack.figures[0], pack.figures[2]):
        own = [Decimal(row["value"]) for row in rows if row["figure"] == figure.name and row["value"]]
        assert sum(own) == figure.value


def test_the_json_holds_every_value_exactly() -> None:
    pack = example_pack()
    said = json.loads(document(pack))
    assert said["form"] == "interoffice.pack/1"
    figures = {figure["id"]: figure for figure in said["pack"]["figures"]}
    assert Decimal(figures["spent"]["value"]) == pack.figure("spent").value
    assert figures["headroom"]["value"]["gap"]["reason"] == "fact"
    assert said["pack"]["head"]["id"] == str(pack.head.id)


# --- hostile texts


@pytest.mark.usefixtures("no_pdf")
@pytest.mark.parametrize(
    "text", [hostile.MARKUP, hostile.FORMULA, hostile.CONTROL, hostile.DIRECTION, hostile.LONG]
)
def test_whatever_an_office_writes_stays_a_text(text) -> None:
    files = draw(hostile.with_texts(text), ENGLISH_ONLY)
    tree = lxml.html.fromstring(files["report.html"])
    assert tree.xpath("//script|//img|//iframe|//object|//embed|//form|//base") == []
    assert [
        a for each in tree.iter() if isinstance(each.tag, str) for a in each.attrib if a.startswith("on")
    ] == []
    html = files["report.html"].decode()
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\ufffe]", html
    )
    assert len(html) < 200_000
    for name in ("report.xlsx", "board.pptx"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            for member in archive.namelist():
                if member.endswith((".xml", ".rels")):
                    root = etree.fromstring(archive.read(member))
                    targets = {each.get("TargetMode") for each in root.iter() if "TargetMode" in each.attrib}
                    assert "External" not in targets, (name, member)
                    assert not UNSEEN.search(" ".join(root.itertext())), (name, member)


def cells_of(workbook: bytes) -> list[tuple[str, str]]:
    """Formulas of a workbook, by sheet."""
    found = []
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for member in archive.namelist():
            if member.startswith("xl/worksheets/sheet"):
                root = etree.fromstring(archive.read(member))
                found += [(member, each.text or "") for each in root.iter("{*}f")]
    return found


@pytest.mark.usefixtures("no_pdf")
def test_no_text_becomes_a_formula() -> None:
    files = draw(hostile.with_texts(*hostile.FORMULAS), ENGLISH_ONLY)
    ours = [formula for _, formula in cells_of(files["report.xlsx"])]
    assert ours, "our own totals are formulas"
    assert [each for each in ours if not re.match(r"(SUBTOTAL|SUM|MIN|MAX|ROUND)\(", each)] == []
    with zipfile.ZipFile(io.BytesIO(files["board.pptx"])) as archive:
        embedded = [archive.read(name) for name in archive.namelist() if name.endswith(".xlsx")]
    assert len(embedded) == 2
    assert [cells_of(each) for each in embedded] == [[], []]
    for name in ("figures.csv", "projects.csv"):
        for row in csv.reader(io.StringIO(files[name].decode(), newline="")):
            risky = [cell for cell in row if re.match(r"\s*[=+\-@\uff1d]", cell)]
            assert [cell for cell in risky if not re.fullmatch(r"-?[\d.]+", cell)] == []


def test_a_page_of_1000_projects_is_small_and_says_where_the_rest_is() -> None:
    html = page(hostile.with_texts("Brücke über den Fluß", projects=1000))
    assert len(html) < 1_000_000
    assert "975 projects more in the workbook" in texts_of(html)
    assert isinstance(example_pack(1000).figures[4].value, Gap)
