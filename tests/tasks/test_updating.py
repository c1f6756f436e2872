"""A template's new versions in an office's workbook: edits stay, changes arrive, conflicts are asked, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from domain.outcomes.updating import UpdateState
from domain.plans.templates.template import Need
from tasks import context
from tests.cli.test_prepare import FILES, book, change
from tests.tasks.conftest import forget, leave
from tests.tasks.updated import COLUMNS, Sheet, adding, begin, changing, lasting, release, update, without

MAPPED = (
    "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs, start: Kezdés, due: Határidő, "
    "parent: Szülő, after: Előd, duration: Tartam, work: {header: Munka, unit: hours}}"
)
AGREED = (
    "agreements:\n  - {id: all-gyor, giver: kozpont, taker: gyor, shares: [templates], since: 2027-01-01}\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Győr with the first version in its workbook."""
    folder = tmp_path / "organization"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    path = book(folder)
    made = openpyxl.load_workbook(path)
    made.create_sheet("Kérdések").append(["kulcs", "Kérdés", "Válasz"])
    for at, header in enumerate(COLUMNS.values(), 1):
        made["Feladatok"].cell(2, at, header)
    made["Feladatok"]["D3"] = None
    made.save(path)
    change(
        folder, "tools.yaml", "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs}", MAPPED
    )
    (folder / "agreements.yaml").write_text(AGREED, "utf-8")
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder))
    forget()
    release(1)
    share()
    begin("gyor", "GY-1", "eva")
    yield folder
    leave()


def share() -> None:
    from datetime import UTC, datetime

    from domain.deployments.sharing import Basis, Share

    with context.current_application().store.begin() as unit:
        unit.deployments.share(
            Share("finance-system", "kozpont", Basis.AGREEMENT, "all-gyor", datetime(2027, 1, 4, tzinfo=UTC))
        )
        unit.commit()


PLAN = "gyor/finance-system/1"


@pytest.fixture
def sheet(folder: Path) -> Sheet:
    return Sheet(folder / "gyor.xlsx")


def test_what_only_the_template_changed_arrives_and_what_only_the_office_changed_stays(sheet: Sheet) -> None:
    sheet.edit("d", title="Főpróba")
    sheet.add("X-1", "Our own", parent="p2")
    release(2, lasting("a", 4), adding("g", "Test the reports", 2, "p2", "d"))
    done = update(PLAN)
    print(done)
    rows = sheet.rows()
    assert rows["a"]["duration"] == "32h"
    assert rows["d"]["title"] == "Főpróba"
    assert (rows["g"]["title"], rows["g"]["parent"], rows["g"]["after"]) == ("Test the reports", "p2", "d")
    assert (done.state, done.created, done.conflicts) == (UpdateState.UPDATED, 1, 0)


def test_a_second_update_writes_nothing(sheet: Sheet) -> None:
    release(2, lasting("a", 4), adding("g", "Test the reports", 2, "p2", "d"), without("c"))
    update(PLAN)
    before = sheet.path.read_bytes()
    done = update(PLAN)
    assert (done.state, sheet.path.read_bytes()) == (UpdateState.UNCHANGED, before)
    release(3, changing("b", need=Need.OPTIONAL))
    done = update(PLAN)
    print(done)
    assert (done.created, done.changed, sheet.path.read_bytes()) == (0, 0, before)
