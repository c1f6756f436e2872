"""Packs unlike the example: nothing in them, one office, all gaps, losses and dates; every form is drawn of each."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import lxml.html
import openpyxl
import pytest

from config.languages import language
from domain.language import ENGLISH, Languages
from domain.organization.office import Role
from domain.reporting.figures import BridgeStep, Figure, Gap, GapReason, OfficeStep, Point, Tally
from domain.reporting.pack import Pack, PackSection
from domain.standards.formats import Audience, ChartKind, SectionKind, Total, Unit
from reports.pack.drawing import draw
from reports.pack.spoken_pack import spoken_pack
from reports.pack.steps import offices, total_cell
from reports.pack.workbook import workbook
from tests.domain.reporting.packs import example_pack
from tests.reports.pack.test_drawing import no_pdf, texts_of

__all__ = ["no_pdf"]
EXAMPLE = example_pack()
LOST = Gap(GapReason.OFFICE, "Nobody was read", "basel", Role.HEAD, projects=0)


def empty() -> Pack:
    """No office, no project, no figure; the first pack ever."""
    head = replace(
        EXAMPLE.head, previous=None, versions=(), rates="", ledger_head="", ledger_entry=0, currency=""
    )
    return Pack(head, "No office reports yet.", (), (), (), ())


def silent() -> Pack:
    """One office that was not read, so that every figure is a gap."""
    tally = Tally(LOST, None, 0, 0)
    figures = tuple(
        replace(each, value=LOST, lacking=(), parts=(), bridge=(), offices=(OfficeStep("basel", tally),), before=None,
                restated=None, moves=(), history=(Point(date(2027, 2, 5), LOST),))
        for each in EXAMPLE.figures
    )  # fmt: skip
    missing = replace(EXAMPLE.offices[0], read_at=None, projects=0, versions=(), missing=LOST)
    whole = replace(
        EXAMPLE, figures=figures, offices=(missing,), projects=(), restricted=0, changes=(), needs=()
    )
    head = replace(EXAMPLE.head, audience=Audience.OFFICES, is_network=False)
    return replace(whole, head=head, deleted=(), restatements=())


def losses() -> Pack:
    """Sums below zero, dates and versions in charts, and a bridge that goes down again."""

    def told(value):
        return Tally(value, value if isinstance(value, Decimal) else None, 1, 1)

    down = Figure(
        "result", "Result", Unit.MONEY, Total.SUM, Decimal("-20.00"), before=Decimal("5.00"),
        bridge=(BridgeStep("a/1", told(Decimal("30.00"))), BridgeStep("a/2", told(Decimal("-50.00")))),
        offices=(OfficeStep("basel", told(Decimal("30.00"))), OfficeStep("lyon", told(Decimal("-50.00")))),
        history=(Point(date(2027, 1, 5), Decimal("-3.00")), Point(date(2027, 2, 5), LOST)),
    )  # fmt: skip
    first = replace(
        down, id="first", name="First finish", unit=Unit.DATE, total=Total.MINIMUM, value=date(1899, 1, 2), before=None,
        bridge=(BridgeStep("a/1", told(date(1899, 1, 2))), BridgeStep("a/2", told(date(2027, 1, 2)))),
        offices=(OfficeStep("basel", told(date(1899, 1, 2))), OfficeStep("lyon", told(LOST))),
        history=(Point(date(2027, 1, 5), date(2026, 1, 1)),),
    )  # fmt: skip
    charts = tuple(
        PackSection(f"{kind} of {figure}", SectionKind.CHART, (figure,), kind)
        for figure in ("result", "first")
        for kind in ChartKind
    )
    return replace(EXAMPLE, figures=(down, first), sections=charts, changes=(), restatements=())


@pytest.mark.usefixtures("no_pdf")
@pytest.mark.parametrize("made", [empty, silent, losses])
def test_every_form_is_drawn_of_it(made) -> None:
    pack = made()
    files = draw(pack, Languages())
    assert ("board.pptx" in files) is (pack.head.audience is Audience.BOARD)
    tree = lxml.html.fromstring(files["report.html"])
    ids = [each.get("id") for each in tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    assert {a for a in tree.xpath("//a/@href") if a[1:] not in ids} == set()
    shown = texts_of(files["report.html"])
    assert "None" not in shown
    assert "()" not in shown
    with zipfile.ZipFile(io.BytesIO(files["report.xlsx"])) as book:
        assert book.testzip() is None


@pytest.mark.usefixtures("no_pdf")
def test_where_nobody_was_read_no_figure_is_a_number() -> None:
    tree = lxml.html.fromstring(draw(silent(), Languages())["report.html"])
    tiles = tree.xpath("//ul[@class='figures']//span[contains(@class, 'value')]/text()")
    assert tiles == ["office did not report"] * 5
    assert "1 office did not report" in texts_of(draw(silent(), Languages())["report.html"])


def test_a_total_that_its_cells_do_not_come_to_is_a_value_and_no_formula() -> None:
    pack = losses()
    figure = pack.figures[0]
    said = spoken_pack(pack, ENGLISH)
    assert type(total_cell(said, figure, offices(said))).__name__ == "Formula"
    other = replace(figure, value=Decimal("-21.00"))
    changed = replace(said, figures=(other, pack.figures[1]))
    assert type(total_cell(changed, other, offices(changed))).__name__ == "Number"


def test_a_bar_below_zero_ends_at_zero_and_the_bridge_comes_to_the_whole() -> None:
    tree = lxml.html.fromstring(draw(losses(), Languages())["report.html"])
    rows = tree.xpath("//table[@class='bars'][caption='versions of result']//tr")
    spans = [
        (float(r.get("x").strip("%")), float(r.get("width").strip("%")))
        for r in (row.xpath(".//rect[@stroke]")[0] for row in rows)
    ]
    up, down, whole = spans
    assert up[0] == pytest.approx(whole[0] + whole[1], abs=0.02), "where it begins is zero"
    assert down[0] + down[1] == pytest.approx(up[0] + up[1], abs=0.02), (
        "the second begins where the first ended"
    )
    assert down[0] == pytest.approx(whole[0], abs=0.02), "and ends where the whole ends"


@pytest.mark.parametrize("tag", ["de", "fr"])
def test_what_is_said_in_place_of_a_number_is_not_cut_off_in_the_workbook(tag: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(silent(), language(tag))))
    gaps = []
    for sheet in book:
        wide = {at: d.width for d in sheet.column_dimensions.values() for at in range(d.min, d.max + 1)}
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.font.italic]
        gaps += [(cell.value, wide[cell.column]) for cell in cells if isinstance(cell.value, str)]
    assert len(gaps) > 5
    assert [(said, width) for said, width in gaps if len(said) > width] == []
