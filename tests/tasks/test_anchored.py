"""What flows leave behind is anchored: the file of the ledger's head and every report they wrote."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import main
from domain.ledger.anchors import Anchor
from store import HEAD_FILE, HeadFile
from tests.store.test_ledger import tampered
from tests.tasks.conftest import Desk, copy_of, leave


@pytest.fixture(scope="module")
def reported(stages: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample after one more period, to be copied."""
    place = tmp_path_factory.mktemp("reported")
    with pytest.MonkeyPatch.context() as monkeypatch:
        copy_of(stages, 2, place, monkeypatch).period()
        leave()
    return place


@pytest.fixture
def desk(reported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    yield copy_of({3: reported}, 3, tmp_path, monkeypatch)
    leave()


def verified(desk: Desk) -> int:
    return main.main(["ledger", "verify", "--state", str(desk.application.settings.state)])


def test_a_period_leaves_its_newest_entry_in_the_file_and_the_head_on_its_reports(desk: Desk, capsys) -> None:
    state = desk.application.settings.state
    with desk.application.store.read() as unit:
        head, number = unit.ledger.head(), unit.ledger.newest()
    assert HeadFile(state / HEAD_FILE).kept() == Anchor("ledger.head", head, number)
    assert stat.S_IMODE((state / HEAD_FILE).stat().st_mode) == 0o600
    reports = len(list((state / "reports").glob("*.html")))
    assert reports >= 2
    capsys.readouterr()
    assert verified(desk) == 0
    assert f"ledger.head (entry {number}), the heads on {reports} reports" in capsys.readouterr().err


def test_a_ledger_that_was_cut_off_after_a_period_is_named_by_its_reports_and_by_the_file(
    desk: Desk, capsys
) -> None:
    with desk.application.store.read() as unit:
        number = unit.ledger.newest()
    tampered(desk.application.store, "DELETE FROM ledger WHERE number > 5")
    assert verified(desk) == 1
    said = capsys.readouterr().err
    assert f"shortened after entry 5: ledger.head names entry {number}, which is not in it" in said
    assert "shortened after entry 5: the report rollout-delivery-method-2-0-" in said
    (desk.application.settings.state / HEAD_FILE).unlink()
    for report in (desk.application.settings.state / "reports").glob("*.html"):
        report.unlink()
    assert verified(desk) == 1
    assert "of the store have no entry in it" in capsys.readouterr().err, "the store names it by itself"
