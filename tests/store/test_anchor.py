"""The file of the ledger's head: in the chain at all times, only forward, and no commit fails for it."""

import logging
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.ledger.anchors import Anchor
from store import HeadFile, Store
from tests.store.test_ledger import event, filled, tampered
from tests.test_house import ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.head"


@pytest.fixture
def kept(url: str, file: Path) -> Iterator[Store]:
    """A store with a file for the ledger's head."""
    store = Store(url, head=file)
    yield store
    store.close()


def good(store: Store, file: Path) -> bool:
    """Whether the ledger holds with what the file names, read as the command reads them."""
    anchor = HeadFile(file).kept()
    with store.read() as unit:
        return unit.claims.examine([anchor] if anchor else []).good


def test_a_commit_that_appended_names_its_newest_entry_in_the_file(kept: Store, file: Path) -> None:
    assert HeadFile(file).kept() is None
    head = filled(kept, 3)
    assert HeadFile(file).kept() == Anchor("ledger.head", head, 3)
    assert file.read_text("ascii") == f"               3 {head}\n"
    assert good(kept, file)


def test_it_is_for_its_owner_only_whatever_the_umask(kept: Store, file: Path) -> None:
    before = os.umask(0)
    try:
        filled(kept, 1)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_commit_that_appended_nothing_and_a_unit_that_was_lost_leave_it_alone(
    kept: Store, file: Path
) -> None:
    with kept.begin() as unit:
        unit.marks.set("week", 1)
        unit.commit()
    with kept.begin() as unit:
        unit.ledger.append(event())
    assert not file.exists()


def test_a_store_without_such_a_file_writes_none(store: Store, file: Path) -> None:
    filled(store, 1)
    assert not file.exists()


def test_it_only_goes_forward(kept: Store, file: Path) -> None:
    with kept.begin() as unit:
        first, second = unit.ledger.append(event(1)), unit.ledger.append(event(2))
        unit.commit()
    HeadFile(file).advance(first)
    assert HeadFile(file).kept() == Anchor("ledger.head", second.hash, 2)


APPENDING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from domain.ledger.chain import Event
from store import Store
store = Store(sys.argv[1], head=Path(sys.argv[2]))
for number in range(40):
    with store.begin() as unit:
        unit.ledger.append(Event("adopted", f"r{number}", "system", datetime.now(UTC), {"n": number}))
        unit.commit()
store.close()
"""


@pytest.mark.servers  # many seconds
def test_processes_that_append_at_once_leave_the_newest_entry_in_it(
    kept: Store, url: str, file: Path
) -> None:
    """Meanwhile whoever looks finds a ledger that holds with it, each time."""
    command = [sys.executable, "-c", APPENDING, url, str(file)]
    writers = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    looked = 0
    while any(writer.poll() is None for writer in writers):
        assert good(kept, file)
        looked += 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert looked > 3
    with kept.read() as unit:
        assert HeadFile(file).kept() == Anchor("ledger.head", unit.ledger.head(), 80)


def test_the_control_an_anchor_taken_after_the_store_was_read_may_be_ahead_of_it(
    kept: Store, file: Path
) -> None:
    filled(kept, 2)
    with kept.read() as unit:
        assert unit.ledger.newest() == 2
        meanwhile = threading.Thread(target=filled, args=(kept, 1))
        meanwhile.start()
        meanwhile.join()
        anchor = HeadFile(file).kept()
        assert anchor is not None
        assert not unit.claims.examine([anchor]).good


KILLED = """
import os, signal, sys
from pathlib import Path
from store import HeadFile, Store
from datetime import UTC, datetime
from domain.ledger.chain import Event
HeadFile.advance = lambda self, newest: os.kill(os.getpid(), signal.SIGKILL)
store = Store(sys.argv[1], head=Path(sys.argv[2]))
with store.begin() as unit:
    unit.ledger.append(Event("adopted", "r9", "system", datetime.now(UTC), {}))
    unit.commit()
"""


@pytest.mark.servers  # many seconds
def test_a_kill_between_the_commit_and_the_file_leaves_it_behind_and_the_ledger_holds(
    kept: Store, url: str, file: Path
) -> None:
    for before in (0, 2):
        if before:
            filled(kept, 1)
        killed = subprocess.run([sys.executable, "-c", KILLED, url, str(file)], cwd=ROOT, check=False)
        assert killed.returncode == -signal.SIGKILL
        with kept.read() as unit:
            assert unit.ledger.newest() == before + 1
        assert good(kept, file)
    filled(kept, 1)
    found = HeadFile(file).kept()
    assert found is not None
    assert found.number == 4, "the next commit names its own entry"
    assert good(kept, file)


def unwritable(file: Path, how: str) -> str:
    """Make the file one that cannot be written; what is said of it."""
    match how:
        case "a full disk":
            return "No space left on device"
        case "a folder":
            file.mkdir()
            return "Is a directory"
        case "a link":
            (file.parent / "elsewhere").touch()
            file.symlink_to(file.parent / "elsewhere")
            return "Too many levels of symbolic links"
        case _:
            file.write_text("something else\n", "utf-8")
            return "it holds no number and hash of an entry"


@pytest.mark.parametrize("how", ["a full disk", "a folder", "a link", "a damaged file"])
def test_a_file_that_cannot_be_written_costs_no_commit_and_is_said_once(
    url: str, file: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = unwritable(file, how)
    store = Store(url, head=Path("/dev/full") if how == "a full disk" else file)
    with caplog.at_level(logging.WARNING, "interoffice.store"):
        for number in range(3):
            with store.begin() as unit:
                unit.ledger.append(event(number))
                unit.commit()
    with store.read() as unit:
        assert unit.ledger.newest() == 3
        assert unit.claims.examine().good
    store.close()
    assert len(caplog.messages) == 1
    assert said in caplog.messages[0]


def test_a_file_that_names_an_entry_that_is_gone_stays_and_is_said(
    kept: Store, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """However far the shortened ledger grows past it: what the file names is the evidence."""
    filled(kept, 6)
    before = file.read_bytes()
    tampered(kept, "DELETE FROM ledger WHERE number > 3")
    filled(kept, 9)
    assert file.read_bytes() == before
    assert not good(kept, file)
    (said,) = caplog.messages
    assert "names entry 6, which is not in the ledger of this database" in said
    assert "-> look with `interoffice ledger verify`" in said


def test_a_file_that_was_made_and_not_written_before_the_power_went_is_none(kept: Store, file: Path) -> None:
    for content in (b"", b"\0" * 82):
        file.write_bytes(content)
        assert HeadFile(file).kept() is None
    filled(kept, 1)
    assert good(kept, file)
    found = HeadFile(file).kept()
    assert found is not None
    assert found.number == 1
