"""After an upgrade earlier reports are listed and readable, all of them or none yet; and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from config.older_reports import enter_older
from reports.entries import slug
from reports.made import BEHIND
from store import Store, errors, migrate
from tests.gateway.conftest import store_in
from tests.reports import sample
from tests.reports.filed import file_report, first_page
from tests.store.test_ledger import event

FEW = sample.sweep(members=tuple(sample.adoptions()[:3]))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with three entries in its ledger."""
    store = store_in(tmp_path)
    with store.begin() as unit:
        for number in range(3):
            unit.ledger.append(event(number))
        unit.commit()
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


def page(store: Store, number: int, **changes: object) -> tuple[str, bytes]:
    """A report's slug and page after that entry, as every Interoffice until now wrote it."""
    with store.read() as unit:
        head = unit.ledger.hash_of(number)
    given = {"ledger_head": head, "ledger_entry": number, "sweep": FEW, "before": None, **changes}
    made = sample.a_sweep_report(**given)
    content = first_page(made)
    return slug(made, content), content


def write(folder: Path, name: str, content: bytes) -> str:
    (folder / f"{name}.html").write_bytes(content)
    return name


def indexed(store: Store) -> list[str]:
    with store.read() as unit:
        return [entry.slug for entry in unit.reports.all() if entry.kind != BEHIND]


def test_reports_of_before_are_entered_once_and_as_their_rows_would_be_today(store, folder) -> None:
    kept = [file_report(folder, store, sample.a_rollout_report(ledger_head=head)) for head in hashes(store)]
    with store.read() as unit:
        today = tuple(entry for entry in unit.reports.all() if entry.kind != BEHIND)
    with store._engine.begin() as connection:
        command.downgrade(migrate.configured(connection), "0006")
    store.upgrade()
    assert indexed(store) == []
    assert enter_older(store, folder) == len(kept) == 3
    with store.read() as unit:
        assert unit.reports.all() == today
    assert enter_older(store, folder) == 0


def hashes(store: Store) -> list[str]:
    with store.read() as unit:
        return [entry.hash for entry in unit.ledger.entries()]


def test_nothing_else_in_the_folder_is_entered(store, folder, tmp_path) -> None:
    ours = write(folder, *page(store, 2))
    older = write(folder, *page(store, 1, ledger_entry=0))
    write(folder, "renamed", page(store, 3)[1])
    name, content = page(store, 3)
    write(folder, name, content.replace(b"</footer>", b"<!-- changed --></footer>"))
    for changes in ({"ledger_head": "ab" * 32}, {"ledger_head": hashes(store)[0], "ledger_entry": 2}):
        write(folder, *page(store, 3, **changes))
    write(folder, "notes", b"<p>not ours</p>")
    elsewhere, content = page(store, 3, before=sample.sweep())
    (folder / f"{elsewhere}.html").symlink_to(write_beside(tmp_path, content))
    (folder / "folder.html").mkdir()
    assert enter_older(store, folder) == 2
    assert indexed(store) == sorted([ours, older])


def write_beside(place: Path, content: bytes) -> Path:
    path = place / "outside.html"
    path.write_bytes(content)
    return path


def test_a_file_that_comes_later_is_not_entered(store, folder) -> None:
    first = write(folder, *page(store, 2))
    assert enter_older(store, folder) == 1
    write(folder, *page(store, 3))
    assert enter_older(store, folder) == 0
    assert indexed(store) == [first]


def test_what_was_interrupted_is_done_whole_at_the_next_start(store, folder) -> None:
    written = [write(folder, *page(store, number)) for number in (1, 2, 3)]
    second = sorted(written)[1]
    with store._engine.begin() as connection:
        connection.execute(text(
            "CREATE TRIGGER planted BEFORE INSERT ON reports"
            f" WHEN new.slug = '{second}' BEGIN SELECT RAISE(ABORT, 'planted'); END"
        ))  # fmt: skip
    with pytest.raises(errors.StoreError):
        enter_older(store, folder)
    assert indexed(store) == []
    with store._engine.begin() as connection:
        connection.execute(text("DROP TRIGGER planted"))
    assert enter_older(store, folder) == 3


def test_where_nothing_is_to_be_entered_no_writer_is_waited_for(store, folder) -> None:
    write(folder, *page(store, 3, ledger_head="ab" * 32))
    with store.begin():
        assert enter_older(store, folder) == 0
    ours = file_report(folder, store, sample.a_rollout_report(ledger_head=hashes(store)[0]))
    write(folder, *page(store, 2))
    with store.begin():
        assert enter_older(store, folder) == 0
    assert indexed(store) == [ours.slug]


def test_a_folder_that_is_not_there_has_none(store, tmp_path) -> None:
    assert enter_older(store, tmp_path / "none") == 0
