"""Before a version is published the reports say what was read, and what the files' versions would say of it."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from cli import main
from domain.reporting.reading_report import ColumnRead, columns_read
from tasks.reporting import write_reports
from tests.tasks.conftest import Desk, at_desk, leave

HEADERS = ["Kod", "Nazwa projektu", "Kierownik projektu", "Etap", "Data rozpoczęcia", "Data zakończenia"]
ROWS = [
    ["S-1", "Blok operacyjny", "Ewa Lis", "Krok B7", date(2026, 2, 2), date(2027, 5, 31)],
    ["S-2", "Apteka", None, "Krok B7", date(2026, 3, 2), "wkrótce"],
    ["S-3", "Izba przyjęć", "Jan Wróbel", "Krok C1", date(2026, 4, 6), None],
    ["Razem", None, None, None, None, None],
]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An office with a Polish workbook, as `init` sets it up, before anything is published."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Projekty"
    for row in (["Portfel szpitala"], [], HEADERS, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "szpital.xlsx")
    made = ["init", str(tmp_path / "organization"), str(tmp_path / "szpital.xlsx"), "--no-questions"]
    assert main.main(made) == 0
    found = at_desk(tmp_path, monkeypatch)
    yield found
    leave()


def pages(desk: Desk) -> dict[str, str]:
    """What is written now, without the marks that keep foreign text in its direction, by what it is about."""
    folder = desk.application.settings.state / "reports"
    return {
        page.about: re.sub("</?bdi>", "", (folder / f"{Path(page.url).name}.html").read_text("utf-8"))
        for page in write_reports()
    }


def test_what_was_read_is_a_page_before_anything_is_published(desk) -> None:
    assert pages(desk) == {}, "nothing was read yet"
    desk.read()
    found = pages(desk)
    assert list(found) == ["reading", "preview-our-method-1-0"]
    page = found["reading"]
    assert "3 projects and 0 items of 1 office were read" in page
    for field, header, filled in (("title", "Nazwa projektu", 3), ("lead", "Kierownik projektu", 2)):
        row = rf"<code>{field}</code></th><td[^>]*>{header}</td><td[^>]*>{filled} of 3</td>"
        assert re.search(row, page), field
    assert "1 totals row: Projekty!A7" in page
    assert "the stage &#39;Krok B7&#39; of 2 projects means is not said" in page
    assert "wkrótce" in page
    assert "attested.business_case" in page, "what the version in the files needs and nothing gives"


def test_a_preview_judges_by_a_version_of_the_files_and_stores_no_sweep(desk) -> None:
    desk.read()
    page = pages(desk)["preview-our-method-1-0"]
    assert "is not published. It binds nobody" in page
    (behind,) = (desk.application.settings.state / "reports").glob("preview-*-pages.zip")
    with zipfile.ZipFile(behind) as archive:
        each = "".join(archive.read(name).decode() for name in archive.namelist())
    assert all(
        f"<h1><bdi>{title}</bdi></h1>" in each for title in ("Blok operacyjny", "Apteka", "Izba przyjęć")
    )
    with desk.application.store.read() as unit:
        assert unit.sweeps.latest("our-method", "1.0") is None
        assert {entry.kind for entry in unit.reports.all()} == {"reading", "preview", "pages"}


def test_the_same_reading_is_one_page_whenever_it_is_reported(desk) -> None:
    desk.read()
    first = write_reports()[0]
    again = write_reports()[0]
    assert (first.written, again.written) == (True, False)
    assert first.url == again.url


def test_a_published_version_ends_the_previews(desk) -> None:
    desk.read()
    desk.publish()
    assert pages(desk) == {}, "nothing was swept yet, and a preview would be taken for a report"


def test_a_column_that_gave_nothing_is_seen(desk) -> None:
    desk.read()
    with desk.application.store.read() as unit:
        plans = [stored.plan for stored in unit.plans.current()]
    given = {"stage": "Etap", "finish": "Data zakończenia", "gate.G1": "Bramka", "item.due": "Termin"}
    stage, finish, gate, due = columns_read(given, plans)
    assert stage == ColumnRead("stage", "Etap", 0, 3)
    assert stage.empty
    assert (finish.filled, finish.empty) == (1, False)
    assert (gate.filled, gate.empty) == (0, True)
    assert (due.filled, due.of, due.empty) == (0, 0, False)
