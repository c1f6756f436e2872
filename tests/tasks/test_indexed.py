"""Reports are entered into the index when they are written: once each, after their file, and also after a crash."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text

from gateway.pages.reports import Filed
from reports.made import BEHIND
from reports.older import older_entry
from store import errors, migrate
from tasks.reporting import write_reports
from tests.tasks.conftest import Desk, forget
from tests.tasks.older import rows


def files(desk: Desk) -> dict[str, tuple[int, int]]:
    """Every file of the folder, with what changes when it is written again."""
    found = {path.name: path.stat() for path in (desk.application.settings.state / "reports").iterdir()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def first_pages(desk: Desk) -> list[str]:
    """The files that are reports; the others hold the pages behind them."""
    return sorted(name for name in files(desk) if name.endswith(".html"))


def listed(desk: Desk) -> list[str]:
    """What the gateway lists."""
    filed = Filed(desk.application.settings.state / "reports", desk.application.store)
    return [f"{entry.slug}.html" for entry in filed.all()]


def stored(desk: Desk) -> dict[str, list[tuple]]:
    return rows(desk.application.settings.state / "interoffice.db")


def test_every_page_that_was_written_has_its_row_and_the_row_says_what_the_page_says(running: Desk) -> None:
    pages = running.period().pages
    assert len(pages) >= 2
    assert listed(running) == first_pages(running)
    with running.application.store.read() as unit:
        behind = {f"{entry.slug}.zip" for entry in unit.reports.all() if entry.kind == BEHIND}
    assert behind == set(files(running)) - set(first_pages(running))
    with running.application.store.read() as unit:
        for page in pages:
            entry = unit.reports.get(page.url.rpartition("/")[2])
            assert entry is not None
            assert entry.sentence == page.sentence
            assert unit.ledger.hash_of(entry.ledger_entry) == entry.ledger_head
            path = running.application.settings.state / "reports" / f"{entry.slug}.html"
            assert older_entry(path) == entry


def test_a_second_run_with_the_same_bytes_writes_nothing_and_waits_for_no_writer(running: Desk) -> None:
    running.period()
    before = files(running), stored(running)
    assert before[1]["reports"]
    with running.application.store.begin():
        assert not any(page.written for page in write_reports())
    assert (files(running), stored(running)) == before


def test_a_run_that_ended_between_file_and_row_is_made_good_by_the_next_one(running: Desk) -> None:
    with running.application.store._engine.begin() as connection:
        connection.execute(text(
            "CREATE TRIGGER planted BEFORE INSERT ON reports BEGIN SELECT RAISE(ABORT, 'planted'); END"
        ))  # fmt: skip
    known = listed(running)
    running.play(3)
    running.read()
    with pytest.raises(errors.StoreError):
        write_reports()
    there = files(running)
    assert len(there) > len(known), "the files are written before the rows"
    assert listed(running) == known
    with running.application.store._engine.begin() as connection:
        connection.execute(text("DROP TRIGGER planted"))
    assert not any(page.written for page in write_reports())
    assert files(running) == there
    assert listed(running) == first_pages(running)


def test_a_page_that_was_deleted_is_written_again_and_listed_again(running: Desk) -> None:
    page = running.period().pages[0]
    path = running.application.settings.state / "reports" / f"{page.url.rpartition('/')[2]}.html"
    path.unlink()
    assert path.name not in listed(running)
    assert [again.written for again in write_reports()].count(True) == 1
    assert path.name in listed(running)


def test_a_state_folder_of_the_version_before_has_its_reports_listed_at_the_next_start(running: Desk) -> None:
    running.period()
    before = listed(running)
    with running.application.store.read() as unit:
        entries = tuple(entry for entry in unit.reports.all() if entry.kind != BEHIND)
    with running.application.store._engine.begin() as connection:
        command.downgrade(migrate.configured(connection), "0006")
    assert "reports" not in stored(running)
    by_hand = running.application.settings.state / "reports" / "notes.html"
    by_hand.write_text("<p>notes</p>")
    running.application.store.close()
    forget()
    assert listed(running) == before
    with running.application.store.read() as unit:
        found = tuple(entry for entry in unit.reports.all() if entry.kind != BEHIND)
        assert found == entries
