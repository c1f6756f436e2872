"""A store that an older Interoffice wrote: taken over whole, gone on with, refused to go back, and restored."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from store import Store, errors, migrate
from tasks import context
from tasks.advancing import advance_all
from tasks.rolling import simulated_manifest
from tasks.sweeping import sweep_network
from tests.tasks.conftest import Desk, at_desk, leave
from tests.tasks.older import REVISIONS, lay_out, rows
from tests.test_house import ROOT

NEWEST = ScriptDirectory(str(migrate.SCRIPTS)).get_current_head()
REVISIONS_SINCE = [f"{number:04}" for number in range(int(max(REVISIONS)) + 1, int(NEWEST) + 1)]
NOW = datetime(2027, 2, 1, 7, tzinfo=UTC)
ROLLOUT = "delivery-method-2"
OLDER_TIMES = """\
clocks:
  escalation: {head: 1, parent: 6, above: never, sponsor: never}
"""
"""What the older code had as constants: who upgrades and wants to keep them writes them."""
NO_INCARNATION = ""
"""What rows of an older Interoffice have for the start of a machine."""


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def older(revision: str, tmp_path: Path) -> Path:
    """The file of a store at that revision."""
    return lay_out(revision, tmp_path)


@pytest.fixture
def desk(older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Today's code on the older state."""
    assert older.is_file()
    yield at_desk(tmp_path, monkeypatch)
    leave()


def test_the_older_store_has_rows_in_every_table_that_its_code_knew(older, revision):
    found = rows(older)
    assert found.pop("alembic_version") == [(revision,)]
    assert [name for name, all_rows in found.items() if not all_rows] == []
    assert len(found) == {"0002": 19, "0003": 21}[revision]


def held(holder: str | None) -> tuple:
    """A lock's holder in columns, as it stood in a text."""
    if holder is None:
        return (None, None, None, None)
    host, pid, started = holder.split(" ")
    return (host, NO_INCARNATION, int(pid), float(started))


def placed(question: tuple, intents: list[tuple]) -> tuple:
    """A question's row with the day on which it was placed, where its delivery was done."""
    done = {row[0] for row in intents if row[4] == "done" or json.loads(row[-1]).get("delivered")}
    *columns, text = question
    if question[0] not in done:
        return question
    told = json.loads(text)
    return (*columns, json.dumps({**told, "placed": told["asked"]}, separators=(",", ":")))


def test_every_row_is_there_and_the_same_after_the_upgrade(older):
    before = rows(older)
    store = Store(f"sqlite:///{older}")
    store.upgrade()
    store.close()
    after = rows(older)
    del before["alembic_version"]
    judged, told = before.pop("sweep_projects"), [json.loads(row[-1]) for row in before.pop("rollouts")]
    assert sorted({row[-1] for row in judged}) == sorted(row[-1] for row in after["judgments"])
    assert sum(len(digests) // 32 for _, digests in after["sweep_judgments"]) == len(judged)
    assert len(after["rollout_members"]) == sum(len(each["manifest"]["members"]) for each in told)
    before["readings"] = [(*reading, None, None) for reading in before["readings"]]
    before["runs"] = [(*run, NO_INCARNATION) for run in before["runs"]]
    before["office_locks"] = sorted((*lock[:2], lock[3], *held(lock[2])) for lock in before["office_locks"])
    before["questions"] = [placed(row, before["intents"]) for row in before["questions"]]
    assert any('"placed":' in row[-1] for row in before["questions"])
    assert {name: after[name] for name in before} == before
    history = sorted(row[2:] for row in after["plan_history"] if row[-1] is not None)
    assert [(project, digest) for project, _, digest in history] == sorted(
        (project, digest) for project, _, digest, *_ in before["plans"]
    )
    assert sum(len(json.loads(bands)) for _, bands in after["sweep_bands"]) == len(judged)
    moved = {"rollouts", "rollout_members", "judgments", "sweep_judgments", "sweep_bands", "plan_history"}
    assert all(after[name] == [] for name in after.keys() - before.keys() - moved - {"alembic_version"})
    assert after["alembic_version"] == [(NEWEST,)]


def test_today_s_code_reads_every_document(desk, older, revision):
    counts = {name: len(found) for name, found in rows(older).items()}
    with desk.application.store.read() as unit:
        for digest, _ in rows(older)["plan_contents"]:
            assert unit.plans.by_digest(digest) is not None
        assert len(unit.plans.current()) == counts["plans"]
        assert len(unit.readings.latest()) == counts["readings"]
        assert len(unit.versions.all()) == counts["versions"]
        assert [rollout.id for rollout in unit.rollouts.all()] == [ROLLOUT]
        assert len(unit.adoptions.of(ROLLOUT)) == counts["adoptions"]
        assert len(unit.adoptions.counts(ROLLOUT)) == counts["adoption_counts"]
        assert len(unit.questions.of()) == counts["questions"]
        assert sum(len(unit.notices.of(office)) for office in desk.offices) == counts["notices"]
        assert sum(len(unit.intents.of(office)) for office in desk.offices) == counts["intents"]
        assert unit.marks.get("week") == 4
        assert [(run.id, run.process.pid) for run in unit.runs.open()] == [("r-left", 4711)]
        assert len(unit.mirrors.things("group")) == counts.get("mirror", 0)
        assert bool(unit.mirrors.cursor("group")) == (revision == "0003")
        for digest, *_ in rows(older)["simulations"]:
            assert unit.simulations.get(digest)
        for _, sweep, *_ in rows(older)["sweeps"]:
            found = unit.sweeps.get(sweep)
            assert found is not None
            assert len(found.judged) == 11


def test_what_was_simulated_and_approved_keeps_its_digest_and_the_criteria_that_it_had(desk, older):
    with desk.application.store.read() as unit:
        [(digest, *_)] = rows(older)["simulations"]
        manifest, rollout = simulated_manifest(unit, digest), unit.rollouts.get(ROLLOUT)
        adoptions = unit.adoptions.of(ROLLOUT)
    assert rollout.manifest.digest == manifest.digest == digest
    assert rollout.manifest.waves == manifest.waves
    assert {(w.trial_days, w.trial_cycles, w.halt_failed, w.halt_failed_share) for w in manifest.waves} == {
        (5, None, 3, None)
    }
    assert {(w.halt_late_least, w.carry_days) for w in manifest.waves} == {(None, None)}
    assert {a.carried for a in adoptions} == {None}
    known = replace(manifest, waves=(replace(manifest.waves[0], carry_days=10), *manifest.waves[1:]))
    assert known.digest != digest, "another criterion is another plan"


def test_the_ledger_holds_up_to_the_head_that_the_older_code_left(desk, older):
    head = max(rows(older)["ledger"])[2]
    with desk.application.store.read() as unit:
        assert unit.ledger.head() == head
        assert unit.ledger.verify(head) is None


def levels(desk: Desk) -> dict[str, int]:
    with desk.application.store.read() as unit:
        return {each.project: each.escalated for each in unit.adoptions.of(ROLLOUT)}


def test_under_other_times_no_level_that_the_older_code_told_is_told_again(desk, older):
    """Its organization says no clocks: with the defaults there are levels above the parent office."""
    before, notices = levels(desk), {row[0] for row in rows(older)["notices"]}
    desk.period()
    after = levels(desk)
    more = {project for project, told in after.items() if told > before[project]}
    assert [(before[project], after[project]) for project in more] == [(2, 3)]
    assert [project for project, told in after.items() if told < before[project]] == []
    added = {row[0] for row in rows(older)["notices"]} - notices
    assert sorted(key.split("/")[0] for key in added) == ["escalated", "ledger"]
    desk.period()
    assert levels(desk) == after


def test_the_same_week_again_writes_nothing_and_judges_as_the_older_code_did(desk, older):
    """What today's code knows of a plan beyond the older one is new content, once; it is no new verdict."""
    with (desk.folder / "organization.yaml").open("a", encoding="utf-8") as file:
        file.write(OLDER_TIMES)
    intents = len(rows(older)["intents"])
    period = desk.period()
    assert [read.changed for read in period.read] == [6, 5], "an item has a state since"
    assert [read.changed for read in desk.read()] == [0, 0]
    assert period.writes[:2] == (0, 0)
    assert period.swept.bands == {"pass": 4, "fail": 6, "grandfathered": 1}
    assert len(rows(older)["intents"]) == intents


def test_the_published_versions_are_the_ones_that_the_organization_names(desk, older):
    before = rows(older)["versions"]
    desk.publish()
    assert rows(older)["versions"] == before


def test_the_rollout_goes_on_in_the_next_week(desk, older):
    head = max(rows(older)["ledger"])[2]
    clock = desk.folder / "clock.yaml"
    clock.write_text(clock.read_text("utf-8").replace("2027-02-01", "2027-02-08"), "utf-8")
    desk.application.store.close()
    context.KEPT.forget()
    period = desk.period()
    assert period.swept.new
    assert period.swept.judged == 11
    with desk.application.store.read() as unit:
        assert len(unit.adoptions.counts(ROLLOUT)) == 5
        assert unit.ledger.verify() is None
        hashes = [entry.hash for entry in unit.ledger.entries()]
    assert head in hashes[:-1], "what is new stands behind what was there"


def test_who_is_told_of_events_from_now_on_is_told_of_nothing_that_was(desk):
    with desk.application.store.begin() as unit:
        assert unit.outbox.take_in("data-platform", lambda _: True, NOW) == 0
        unit.commit()
    advance_all(dry_run=False)
    sweep_network("newest")


def test_the_way_back_is_the_older_code_and_the_backup(older, tmp_path, monkeypatch):
    """An older code is this one without the newest step: it is the step that it does not know."""
    before = rows(older)
    backup = tmp_path / "backup"
    program = [sys.executable, ROOT / "scripts" / "service" / "backup.py"]
    subprocess.run(
        [*program, older.parent, tmp_path / "organization", backup], check=True, capture_output=True
    )
    store = Store(f"sqlite:///{older}")
    store.upgrade()
    scripts = tmp_path / "migrations"
    shutil.copytree(
        migrate.SCRIPTS,
        scripts,
        ignore=shutil.ignore_patterns("__pycache__", *(f"r{each}_*" for each in REVISIONS_SINCE)),
    )
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    today = older.read_bytes()
    with pytest.raises(errors.TooNew, match=f"revision {NEWEST}, which this Interoffice does not know"):
        store.upgrade()
    store.close()
    assert older.read_bytes() == today, "what it refuses it does not touch"

    restored = tmp_path / "restored.db"
    shutil.copy(backup / "interoffice.db", restored)
    assert rows(restored) == before
    again = Store(f"sqlite:///{restored}")
    again.upgrade()
    with again.read() as unit:
        assert unit.ledger.verify(max(before["ledger"])[2]) is None
    again.close()
    assert rows(restored)["alembic_version"] == [("0003",)]
