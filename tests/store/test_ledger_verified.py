"""`interoffice ledger verify` on real stores: what was cut off, emptied, replaced or put back is named, on both databases."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from cli import main
from domain.ledger.chain import Event
from reports.entries import entry_of, slug
from store import Store
from tests.reports import sample
from tests.reports.filed import first_page
from tests.store.test_ledger import AT, event, tampered
from tests.tasks.older import REVISIONS, lay_out

OLD_HEAD = b"</code> (entry "
"""What a report of today prints behind the head, and an older one did not."""


@dataclass
class Place:
    """A state folder with its store, whose ledger it verifies by the command."""

    state: Path
    url: str
    store: Store
    capsys: pytest.CaptureFixture[str]

    def verify(self, *more: str, action: str = "verify") -> tuple[int, str]:
        """The exit code, and what was said."""
        self.capsys.readouterr()
        code = main.main(["ledger", action, "--state", str(self.state), *more])
        return code, self.capsys.readouterr().err

    def append(self, count: int, kind: str = "adopted") -> str:
        """Appends entries in commits of their own; the head."""
        for number in range(count):
            with self.store.begin() as unit:
                unit.ledger.append(replace(event(number), kind=kind))
                unit.commit()
        with self.store.read() as unit:
            return unit.ledger.head()

    def report(self, *, older: bool = False, indexed: bool = False) -> str:
        """A report as it is written now, with its row or without; an older one prints no number. Its name."""
        with self.store.read() as unit:
            head, number = unit.ledger.head(), unit.ledger.newest()
        few = sample.sweep(members=tuple(sample.adoptions()[:3]))
        made = sample.a_sweep_report(
            ledger_head=head, ledger_entry=0 if older else number, sweep=few, before=None
        )
        content = first_page(made)
        assert (OLD_HEAD in content) != older
        name = slug(made, content)
        (self.state / "reports").mkdir(exist_ok=True)
        (self.state / "reports" / f"{name}.html").write_bytes(content)
        if indexed:
            with self.store.begin() as unit:
                unit.reports.add(entry_of(made, content))
                unit.commit()
        return name


def cut(store: Store, number: int) -> None:
    """Cuts the ledger off before that entry."""
    tampered(store, f"DELETE FROM ledger WHERE number >= {number}")  # noqa: S608 - a number


@pytest.fixture
def place(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Place]:
    state = tmp_path / "state"
    state.mkdir()
    monkeypatch.setenv("INTEROFFICE_DATABASE_URL", url)
    place = Place(state, url, Store(url, head=state / "ledger.head"), capsys)
    yield place
    place.store.close()


@pytest.fixture
def lived(place: Place) -> Place:
    """Ten entries, an older report after the third, one of today after the sixth."""
    place.append(3)
    place.report(older=True)
    place.append(3)
    place.report()
    place.append(4)
    return place


def test_a_whole_store_passes_and_says_what_it_was_compared_with(lived: Place) -> None:
    code, said = lived.verify()
    with lived.store.read() as unit:
        head = unit.ledger.head()
    assert code == 0
    assert f"the ledger holds: 10 entries; its head is {head}, and" in said
    assert "it was compared with ledger.head (entry 10), the heads on 2 reports\n" in said
    code, said = lived.verify("--head", head[:12], action="export")
    assert code == 0
    assert said.endswith("the heads on 2 reports, the one that was given\n")


@pytest.mark.parametrize("action", ["verify", "export"])
def test_a_cut_off_tail_is_named_with_each_anchor_that_names_what_is_gone(lived: Place, action: str) -> None:
    later = lived.report()
    tampered(lived.store, "DELETE FROM ledger WHERE number > 7")
    code, said = lived.verify(action=action)
    assert code == 1
    assert f"error: the ledger was shortened after entry 7: the report {later} names entry 10" in said
    assert (
        "error: the ledger was shortened after entry 7: ledger.head names entry 10, which is not in it"
        in said
    )
    assert said.count("error: ") == 2
    assert "-> find out who changed the database" in said


@pytest.mark.parametrize("number", range(1, 11))
def test_a_tail_of_any_length_is_named(lived: Place, number: int) -> None:
    cut(lived.store, number)
    code, said = lived.verify()
    assert code == 1
    assert (f"shortened after entry {number - 1}" if number > 1 else "the ledger was emptied") in said


def test_without_the_file_the_reports_name_what_was_cut_off(lived: Place) -> None:
    (lived.state / "ledger.head").unlink()
    code, said = lived.verify()
    assert code == 0
    assert "there is no ledger.head in" in said
    assert "it was deleted, or nothing was appended from here yet" in said
    tampered(lived.store, "DELETE FROM ledger WHERE number > 5")
    code, said = lived.verify()
    assert code == 1
    assert "the ledger was shortened after entry 5: the report sweep-" in said
    assert said.count("error: ") == 1
    tampered(lived.store, "DELETE FROM ledger WHERE number > 2")
    code, said = lived.verify()
    assert code == 1
    assert said.count("error: ") == 2, "the older report, which prints no number, names it too"
    assert "which is not in it" in said


def test_an_emptied_table_is_named(lived: Place) -> None:
    tampered(lived.store, "DELETE FROM ledger")
    code, said = lived.verify()
    assert code == 1
    assert "the ledger was emptied: ledger.head names entry 10, which is not in it" in said


def test_a_replaced_chain_that_holds_by_itself_is_named(lived: Place) -> None:
    tampered(lived.store, "DELETE FROM ledger WHERE number > 4")
    forger = Store(lived.url)
    with forger.begin() as unit:
        for number in range(20):
            unit.ledger.append(event(100 + number))
        unit.commit()
    with forger.read() as unit:
        assert unit.ledger.verify() is None, "it holds by itself"
    forger.close()
    code, said = lived.verify()
    assert code == 1
    assert "the ledger was changed after entry 3: ledger.head names another entry 10" in said
    assert "the ledger was changed after entry 3: the report sweep-" in said


def test_an_older_backup_that_was_restored_is_named_also_when_it_was_written_to_since(
    lived: Place, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lived.store.close()
    name = str(make_url(lived.url).database)
    if kind == "sqlite":
        restored = f"sqlite:///{shutil.copy(name, tmp_path / 'backup.db')}"
    else:
        cluster = request.getfixturevalue("cluster")
        cluster.execute(f"CREATE DATABASE {name}_backup TEMPLATE {name}")
        restored = cluster.url(f"{name}_backup")
    lived.append(4)
    lived.store.close()
    monkeypatch.setenv("INTEROFFICE_DATABASE_URL", restored)
    code, said = lived.verify()
    assert code == 1
    assert "the ledger was shortened after entry 10: ledger.head names entry 14, which is not in it" in said
    backup = replace(lived, store=Store(restored, head=lived.state / "ledger.head"))
    backup.append(9, kind="after the restore")
    backup.store.close()
    code, said = lived.verify()
    assert code == 1
    assert "the ledger was changed after entry 6: ledger.head names another entry 14" in said


def test_a_head_from_elsewhere_is_looked_for_in_the_chain(lived: Place) -> None:
    with lived.store.read() as unit:
        hashes = [entry.hash for entry in unit.ledger.entries()]
    assert lived.verify("--head", hashes[0])[0] == 0
    assert lived.verify("--head", hashes[-1][:12])[0] == 0
    code, said = lived.verify("--head", "ab" * 32)
    assert code == 1
    assert "shortened after entry 10: --head names the head abababababab, which is not in it" in said
    assert lived.verify("--head", "0" * 64)[0] == 1


def test_a_damaged_file_is_an_error_that_says_what_to_do(lived: Place) -> None:
    (lived.state / "ledger.head").write_text("10 abc\n", "utf-8")
    code, said = lived.verify()
    assert code == 1
    assert (
        "ledger.head cannot be read: it holds no number and hash of an entry -> find out who changed it"
        in said
    )


def test_a_broken_chain_is_named_as_before(lived: Place) -> None:
    tampered(lived.store, "UPDATE ledger SET content = replace(content, 'porto', 'lisbon') WHERE number = 5")
    code, said = lived.verify()
    assert code == 1
    assert "error: the ledger breaks at entry 5: its content was changed after it was written" in said


def test_what_a_rollout_s_report_prints_is_compared_alike_and_a_page_that_is_no_report_is_not(
    lived: Place,
) -> None:
    made = sample.a_rollout_report(ledger_head="ab" * 32, ledger_entry=4)
    (lived.state / "reports" / "rollout-x.html").write_bytes(first_page(made))
    (lived.state / "reports" / "note.html").write_text(
        "<p>Ledger head <code>" + "cd" * 32 + "</code>", "utf-8"
    )
    code, said = lived.verify()
    assert code == 1
    assert said.count("error: ") == 1
    assert "the ledger was changed after entry 3: the report rollout-x names another entry 4" in said


def test_a_report_in_the_folder_and_in_the_index_is_compared_once(lived: Place) -> None:
    later = lived.report(indexed=True)
    assert lived.verify()[0] == 0
    tampered(lived.store, "DELETE FROM ledger WHERE number > 7")
    code, said = lived.verify()
    assert code == 1
    assert said.count("error: ") == 2
    assert said.count(later) == 1


def test_the_page_is_believed_where_ledger_and_index_were_both_changed(lived: Place) -> None:
    later = lived.report(indexed=True)
    tampered(lived.store, "DELETE FROM ledger WHERE number > 7")
    (lived.state / "ledger.head").unlink()
    with lived.store.read() as unit:
        head = unit.ledger.head()
    with lived.store._engine.begin() as connection:
        connection.execute(text("UPDATE reports SET ledger_head = :head, ledger_entry = 7"), {"head": head})
    code, said = lived.verify()
    assert code == 1
    assert f"error: the ledger was shortened after entry 7: the report {later} names entry 10" in said
    (lived.state / "reports" / f"{later}.html").unlink()
    assert lived.verify()[0] == 0, "what is only in the database can be made to fit"


def test_the_index_names_what_was_cut_off_where_no_page_is_left(lived: Place) -> None:
    later = lived.report(indexed=True)
    shutil.rmtree(lived.state / "reports")
    (lived.state / "ledger.head").unlink()
    assert lived.verify()[0] == 0
    tampered(lived.store, "DELETE FROM ledger WHERE number > 7")
    code, said = lived.verify()
    assert code == 1
    assert (
        f"shortened after entry 7: the index, of the report {later}, names entry 10, which is not in" in said
    )


def test_many_reports_that_do_not_hold_are_said_in_a_few_lines(lived: Place) -> None:
    for _ in range(14):
        lived.append(1)
        lived.report()
    tampered(lived.store, "DELETE FROM ledger WHERE number > 8")
    said = lived.verify()[1]
    assert said.count("error: ") == 10
    assert "and 5 more like these" in said


@pytest.fixture
def worked(place: Place, tmp_path: Path) -> Place:
    """What an older Interoffice stored in four weeks, without any anchor: versions, a rollout, sweeps, questions."""
    (tmp_path / "older").mkdir()
    older = Store(f"sqlite:///{lay_out(REVISIONS[-1], tmp_path / 'older')}")
    older.upgrade()
    place.store = Store(place.url)  # nothing was opened by the one before
    with older.read() as of, place.store.begin() as unit:
        for version in of.versions.all():
            unit.versions.publish(version, AT)
            sweep = of.sweeps.latest(version.standard, version.version)
            while sweep is not None:
                unit.sweeps.add(sweep)
                sweep = of.sweeps.previous(sweep.standard, sweep.version, sweep.id)
        for rollout in of.rollouts.all():
            unit.rollouts.add(rollout, of.rollouts.members(rollout.id))
        for question in of.questions.of():
            unit.questions.add(question)
        for entry in of.ledger.entries():
            unit.ledger.append(entry.event)
        unit.commit()
    older.close()
    return place


def test_what_an_older_interoffice_stored_has_its_entries(worked: Place) -> None:
    code, said = worked.verify()
    assert code == 0, said
    assert "there is no ledger.head" in said


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_store_as_an_older_interoffice_left_it_passes(revision: str, tmp_path: Path) -> None:
    lay_out(revision, tmp_path)
    assert main.main(["ledger", "verify", "--state", str(tmp_path / "state")]) == 0


def test_an_empty_ledger_beside_a_store_that_was_worked_with_is_named_without_any_anchor(
    worked: Place,
) -> None:
    tampered(worked.store, "DELETE FROM ledger")
    code, said = worked.verify()
    assert code == 1
    for what in (
        "2 published versions of the store have no entry in it, such as delivery-method/1.0",
        "1 approved rollout of the store has no entry in it, such as delivery-method-2",
        "4 sweeps of the store have no entry in it",
    ):
        assert f"error: the ledger is empty: {what}" in said


def test_a_tail_that_held_what_the_store_still_holds_is_named_without_any_anchor(worked: Place) -> None:
    with worked.store.read() as unit:
        last = max(e.number for e in unit.ledger.entries() if e.event.kind == "sweep")
    cut(worked.store, last)
    code, said = worked.verify()
    assert code == 1
    assert "the ledger was shortened or changed: 1 sweep of the store has no entry in it, such as" in said


def test_a_version_that_was_published_under_another_content_is_named(worked: Place) -> None:
    with worked.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE versions SET digest = 'x' WHERE version = '2.0'")
    assert (
        "1 published version of the store has no entry in it, such as delivery-method/2.0"
        in worked.verify()[1]
    )


def test_an_event_that_was_sent_to_others_is_missed(worked: Place) -> None:
    with worked.store.begin() as unit:
        unit.outbox.take_in("board", lambda _: True, AT)
        unit.ledger.append(Event("adoption", "r: p/1", "system", AT, {"now": "adopted"}))
        unit.outbox.take_in("board", lambda _: True, AT)
        number = unit.ledger.newest()
        unit.commit()
    cut(worked.store, number)
    code, said = worked.verify()
    assert code == 1
    assert (
        f"shortened after entry {number - 1}: entry {number} was sent to a receiver, and is not in it" in said
    )


def test_a_database_that_is_gone_is_named_where_a_head_is_kept(
    tmp_path: Path, upgraded_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    shutil.copy(upgraded_file, state / "interoffice.db")
    store = Store(f"sqlite:///{state}/interoffice.db", head=state / "ledger.head")
    with store.begin() as unit:
        unit.ledger.append(event())
        unit.commit()
    store.close()
    assert main.main(["ledger", "verify", "--state", str(state)]) == 0
    (state / "interoffice.db").unlink()
    capsys.readouterr()
    assert main.main(["ledger", "verify", "--state", str(state)]) == 1
    assert (
        "interoffice.db, but ledger.head names an entry of its ledger -> restore" in capsys.readouterr().err
    )


def test_the_export_is_the_chain_line_by_line(lived: Place) -> None:
    assert main.main(["ledger", "export", "--state", str(lived.state)]) == 0
    first, *lines = [json.loads(line) for line in lived.capsys.readouterr().out.splitlines()]
    assert (first["entries"], first["head"]) == (10, lines[-1]["hash"])
    assert [line["number"] for line in lines] == list(range(1, 11))
    assert [line["before"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
