"""What other programs make of a pack's files: LibreOffice, Chromium with axe-core, and what prints the PDF."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from reports.pack import paper
from reports.pack.page import page
from reports.pack.slides import slides
from reports.pack.workbook import workbook
from tests.archives import unpacked
from tests.chromium import chromium
from tests.domain.reporting.packs import example_pack
from tests.reports.pack import hostile
from tests.reports.test_browser import CONTRAST

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.servers
AXE = "axe-core@4.14.1"
PHONE = 844
RULES = "{resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
PACKS = {
    "the example": example_pack,
    "1,000 projects": lambda: example_pack(1000),
    "markup": lambda: hostile.with_texts(hostile.MARKUP),
    "long names": lambda: hostile.with_texts(hostile.LONG, projects=60),
    "12 figures, 40 offices": hostile.crowded,
    "right to left": lambda: hostile.with_texts(hostile.DIRECTION),
}


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@cache
def axe_core() -> str:
    """The script of axe-core, from its package; fetched once by a process."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here: apt-get install npm")
    with TemporaryDirectory() as place:
        folder = Path(place)
        done = subprocess.run(
            [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as packed:
            unpacked(packed, folder, "package/axe.min.js")
        return (folder / "package" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_core()


def violations(page: Page, within: str = "document") -> list[list[str]]:
    """What axe-core finds on a page that has its script: the rule and the element, each."""
    found = f"(await axe.run({within}, {RULES})).violations"
    return page.evaluate(f"async () => {found}.map(v => [v.id, v.nodes[0].html])")


def finds_a_picture_without_a_text(page: Page) -> bool:
    """The control: whether axe-core, as it runs on this page, finds one that is put there."""
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
    return "image-alt" in [rule for rule, _ in violations(page, "'img[src=\"data:,\"]'")]


@pytest.fixture(scope="module", params=PACKS)
def opened(request, browser, tmp_path_factory):
    """A pack's page, opened once; nothing may be asked for but the page itself."""
    path = tmp_path_factory.mktemp("page") / "pack.html"
    path.write_bytes(page(PACKS[request.param]()))
    seen = []
    with browser.new_context(bypass_csp=True) as context:
        made = context.new_page()
        made.on("request", lambda asked: seen.append(asked.url))
        made.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
        made.on("pageerror", lambda error: seen.append(str(error)))
        made.goto(path.as_uri())
        yield made
    assert {line for line in seen if not line.startswith("data:")} == {path.as_uri()}


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, PHONE), (320, 700)])
def test_nothing_is_wider_than_the_screen_and_a_phone_shows_it_in_six_screens(opened, width, height) -> None:
    opened.set_viewport_size({"width": width, "height": height})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.evaluate(CONTRAST) == []
    if width == 390:
        assert opened.evaluate("document.documentElement.scrollHeight") < 6 * PHONE


def test_it_prints_on_two_pages_in_the_browser(opened) -> None:
    opened.set_viewport_size({"width": 1280, "height": 800})
    printed = opened.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2


def test_axe_finds_nothing_on_a_screen_and_on_a_phone(opened, axe) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    opened.evaluate(axe)
    for width in (1280, 390):
        opened.set_viewport_size({"width": width, "height": 800})
        assert violations(opened) == [], width
        assert finds_a_picture_without_a_text(opened), f"the control at {width}"
        opened.evaluate("document.querySelector('h1 + img').remove()")


def test_the_patterns_of_the_bars_differ_without_color(browser) -> None:
    """A value that holds everything, one that leaves something out, and the whole: by their share of ink."""
    from decimal import Decimal

    from reports.pack.charts import PARTLY, SUM, WHOLE, Bar, bar_svg

    inks = []
    made = browser.new_page(viewport={"width": 200, "height": 60})
    for kind in (WHOLE, PARTLY, SUM):
        made.set_content(
            f"<body style='margin:0;filter:grayscale(1)'>{bar_svg(Bar('a', 'b', 0, 100, kind), 'k')}"
        )
        inks.append(_gray(made.screenshot(clip={"x": 4, "y": 3, "width": 160, "height": 8})))
    made.close()
    assert min(abs(a - b) for n, a in enumerate(inks) for b in inks[n + 1 :]) > Decimal(20)


def _gray(png: bytes) -> float:
    """The mean lightness of a picture, 0 to 255."""
    from PIL import Image, ImageStat

    return ImageStat.Stat(Image.open(io.BytesIO(png)).convert("L")).mean[0]


# --- LibreOffice


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """A folder with a profile of LibreOffice of its own: it makes one at its first start, which takes long."""
    if shutil.which("soffice") is None:
        pytest.skip("no LibreOffice here: apt-get install libreoffice-calc libreoffice-impress")
    return tmp_path_factory.mktemp("office")


def converted(office: Path, files: Mapping[str, bytes], to: str) -> dict[str, Path]:
    """The files in another form, by one start of LibreOffice, by their names."""
    for name, content in files.items():
        (office / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{office / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(office / "out")]
    sources = [str(office / name) for name in files]
    done = subprocess.run([*command, *sources], capture_output=True, text=True, timeout=180, check=False)
    made = {name: office / "out" / f"{Path(name).stem}.{to.partition(':')[0]}" for name in files}
    assert all(each.is_file() for each in made.values()), done.stderr
    return made


def test_libreoffice_comes_to_the_same_totals(office) -> None:
    """Our values beside the formulas are taken away before, so that what is read is what it computes."""
    openpyxl = pytest.importorskip("openpyxl")
    pack = example_pack(40)
    blank = without_values(workbook(pack))
    again = converted(office, {"report.xlsx": blank}, "xlsx:Calc MS Excel 2007 XML")
    book = openpyxl.load_workbook(again["report.xlsx"], data_only=True)
    rows = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
    assert rows["Projects behind plan"] == pack.figure("behind").value
    assert rows["Share behind plan"] == float(pack.figure("share").value)
    assert rows["Spent so far"] == float(pack.figure("spent").value)
    assert rows["Last finish"].date() == pack.figure("latest").value
    assert rows["Budget left"] == "not reported"
    last = next(row for row in book["Offices"].iter_rows(values_only=True) if row[0] == "Together")
    assert float(pack.figure("spent").value) == pytest.approx(last[-2])
    texts = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert [each for each in texts if each.startswith(("#", "Err:"))] == []


def without_values(book: bytes) -> bytes:
    """The workbook without the values that formulas have."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as read,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in read.namelist():
            data = read.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            target.writestr(name, data)
    return written.getvalue()


def test_libreoffice_shows_three_to_six_slides_with_their_titles(office) -> None:
    pptx = pytest.importorskip("pptx")
    decks = {f"{kind}.pptx": slides(PACKS[kind]()) for kind in ("the example", "long names")}
    printed = converted(office, decks, "pdf")
    for name, content in decks.items():
        deck = pptx.Presentation(io.BytesIO(content))
        titles = [each.shapes.title.text_frame.text for each in deck.slides]
        assert 3 <= len(titles) <= 6, name
        assert all(titles), name
        assert sum(shape.has_chart for each in deck.slides for shape in each.shapes) == 2, name
        assert len(re.findall(rb"/Type\s*/Page\b", printed[name].read_bytes())) == len(titles), name


# --- PDF


def test_the_pdf_has_two_pages_its_texts_and_the_packs_own_time(tmp_path) -> None:
    if paper.lacking():
        pytest.skip(paper.lacking())
    content = page(example_pack())
    made = paper.pdf(content)
    assert made == paper.pdf(content)
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here: apt-get install poppler-utils")
    (tmp_path / "report.pdf").write_bytes(made)
    told = subprocess.run(
        ["pdfinfo", "report.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"Pages:\s+2\n", told)
    assert re.search(r"Tagged:\s+yes\n", told)
    assert "Tue Mar  9 06:00:00 2027 UTC" in told
    text = subprocess.run(
        ["pdftotext", "report.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    ).stdout.decode()
    for words in (
        "3 of 14 projects are behind plan",
        "CHF 5,022,463.55",
        "Rhône Aménagement",
        "not reported",
    ):
        assert words in " ".join(text.split())


@pytest.mark.parametrize("text", [hostile.MARKUP, hostile.DIRECTION, hostile.LONG])
def test_a_pdf_of_hostile_texts_is_made_and_stays_small(text) -> None:
    if paper.lacking():
        pytest.skip(paper.lacking())
    assert len(paper.pdf(page(hostile.with_texts(text)))) < 500_000
