"""The pages of cases in a real browser: a screen and a phone, and nothing that axe finds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from config.languages import LANGUAGES
from domain.cases.sheet import lines, sheet_of
from domain.drafts.consultation import with_consultation
from reports.cases_page import case_html, cases_html
from reports.link_reader import LinkReader
from tests.domain.cases.sample import ORG
from tests.domain.drafts.test_consultation import READER as PERSON
from tests.domain.drafts.test_consultation import case, consulted
from tests.domain.drafts.test_moving import AT
from tests.reports.looked_at import faults
from tests.reports.pack.test_pictures import axe, browser
from tests.reports.test_directives_pictures import WIDTHS

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.servers
NOW = AT + timedelta(days=9)


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """The timeline of one whose draft was consulted on, and the list of all, in Portuguese."""
    says, there = LANGUAGES.of("pt"), case()
    reader = LinkReader("Mara Lind", date(2027, 3, 31), "/person/x")
    sheet = sheet_of(there, ORG, PERSON, NOW, says)
    assert sheet is not None
    whole = with_consultation(sheet, there, [consulted()], (ORG, PERSON), says)
    return {
        "one": case_html(whole, reader, says),
        "all": cases_html(lines([there], ORG, PERSON, NOW, says), reader, says),
    }


@pytest.mark.parametrize("name", ["one", "all"])
def test_it_fits_a_screen_and_a_phone_and_axe_finds_nothing(
    name, pages, browser, axe, tmp_path: Path
) -> None:
    assert list(faults(pages[name], browser, axe, tmp_path, WIDTHS)) == []
