"""The pages of directives in a real browser: a screen and a phone, and nothing that axe finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.languages import LANGUAGES
from domain.directives.clocks import escalated
from domain.directives.following import acknowledged, attested, delivered, with_objections, withdrawn
from domain.directives.sheet import lines, sheet_of
from reports.directives_page import directive_html, directives_html
from reports.link_reader import LinkReader
from tests.domain.cases.sample import ORG
from tests.domain.directives.sample import FACT, later, made, objection, said, written
from tests.reports.looked_at import faults
from tests.reports.pack.test_pictures import axe, browser

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.servers
WIDTHS = (1280, 390, 320)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """One late, objected to and attested, in three languages; one superseded; and the list of both."""
    there = made(written("subtree=hq; role=head; role=standards_owner"))
    there = replace(there, documents=("https://files.example/storms/of-the-last-ten-years/every-one.html",))
    for each in there.addressees[:3]:
        there = delivered(there, each.office, each.role, later(0), said())
    there = acknowledged(there, "porto", "head", said(2))
    there = attested(there, "porto", "head", "see the report", said(3))
    there = with_objections(there, (objection(there, "dubai", later(2)),), later(2))
    there = escalated(there, ORG, NOW)
    over = withdrawn(made(written("office=oslo", FACT)), "another one takes its place", said(4), there)
    reader = LinkReader("Mara Lind", date(2027, 3, 31), "/person/x")
    found = {}
    for tag in ("en", "de", "fr"):
        says = LANGUAGES.of(tag)
        sheet = sheet_of(there, ORG, "mara", NOW, says)
        assert sheet is not None
        found[tag] = directive_html(sheet, reader, says)
    english = LANGUAGES.of("en")
    ended = sheet_of(over, ORG, "mara", NOW, english)
    assert ended is not None
    found["ended"] = directive_html(ended, reader, english)
    found["all"] = directives_html(lines((there, over), ORG, "mara", NOW, english), reader, english)
    return found


@pytest.mark.parametrize("name", ["en", "de", "fr", "ended", "all"])
def test_it_fits_a_screen_and_a_phone_and_axe_finds_nothing(
    name, pages, browser, axe, tmp_path: Path
) -> None:
    assert list(faults(pages[name], browser, axe, tmp_path, WIDTHS)) == []
