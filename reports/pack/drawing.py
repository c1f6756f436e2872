"""A pack as files by name: page, workbook, CSV, JSON, slides for the board; a PDF where that can be made."""

from __future__ import annotations

from collections.abc import Mapping

from domain.language import Languages
from domain.reporting.pack import Pack
from domain.standards.formats import Audience
from reports.pack.document import document
from reports.pack.page import page
from reports.pack.paper import NoPdf, pdf
from reports.pack.rows import figures_csv, parts_csv
from reports.pack.workbook import workbook


def draw(pack: Pack, languages: Languages) -> Mapping[str, bytes]:
    """The files of a pack by name, in the language of its own words.

    The same pack gives the same bytes, of the PDF with the same fonts.

    `report.html`, `report.xlsx`, `figures.csv`, `projects.csv`, `pack.json`; for the board `board.pptx`; and
    `report.pdf` where WeasyPrint and Pango are installed, of which `reports.pack.paper.lacking` tells.
    """
    says = languages.of(pack.head.said_in)
    html = page(pack, says)
    files = {
        "report.html": html,
        "report.xlsx": workbook(pack, says),
        "figures.csv": figures_csv(pack, says),
        "projects.csv": parts_csv(pack, says),
        "pack.json": document(pack),
    }
    if pack.head.audience is Audience.BOARD:
        from reports.pack.slides import slides  # noqa: PLC0415 - slow, and only packs for the board have slides

        files["board.pptx"] = slides(pack, says)
    try:
        files["report.pdf"] = pdf(html)
    except NoPdf:
        return files  # whoever lists the files says what is missing, and what to do
    return files
