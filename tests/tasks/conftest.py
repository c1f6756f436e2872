"""A copy of the sample with a store of its own, and one period of the network without Prefect around it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from config.wiring import Application
from domain.organization.office import Office
from examples.harbor_group import player
from tasks import context
from tasks.advancing import Advanced, advance_all
from tasks.delivering import Delivered, deliver_office
from tasks.network import participating
from tasks.packing import fill_due_packs
from tasks.publishing import publish_version
from tasks.reading import OfficeRead, read_office
from tasks.reporting import WrittenPage, write_reports
from tasks.rolling import Approved, approve_rollout, simulate_rollout
from tasks.sweeping import Swept, sweep_network


def forget() -> None:
    """What a process keeps is gone, as when the next run begins."""
    context.KEPT.forget()


@dataclass
class Desk:
    """What an operator does, step by step, on a copy of the sample."""

    folder: Path

    @property
    def application(self) -> Application:
        return context.current_application()

    @property
    def offices(self) -> list[str]:
        return list(participating())

    def publish(self) -> None:
        for version in sorted(self.application.versions):
            publish_version.fn(version, "a test", self.approver(), dry_run=False)

    def read(self) -> list[OfficeRead]:
        return [read_office(office) for office in self.offices]

    def approve(self, digest: str = "", *, dry_run: bool = False) -> Approved:
        digest = digest or self.simulate()
        return approve_rollout.fn(digest, self.approver(), "a test", dry_run=dry_run)

    def simulate(self) -> str:
        plan = self.application.rollouts[0]
        return simulate_rollout.fn(f"{plan.standard}/{plan.version}").digest

    def approver(self) -> str:
        return self.leader().roles["approver"][0]

    def leader(self) -> Office:
        """The one strategic office of the sample."""
        (found,) = self.application.organization.strategic_offices()
        return found

    def deliver(self, *, dry_run: bool = False) -> list[Delivered]:
        return [deliver_office(office, dry_run=dry_run) for office in self.offices]

    def begin(self) -> None:
        self.publish()
        self.read()
        self.approve()

    def play(self, week: int) -> None:
        player.play(self.folder, week)
        forget()

    def period(self) -> Period:
        read = self.read()
        advanced = advance_all(dry_run=False)
        delivered = self.deliver()
        return Period(read, advanced, delivered, sweep_network("newest"), write_reports())

    def workbooks(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.folder / "workbooks").glob("*.xlsx"))}


@dataclass
class Period:
    """What one period came to."""

    read: list[OfficeRead]
    advanced: Advanced
    delivered: list[Delivered]
    swept: Swept
    pages: tuple[WrittenPage, ...]

    @property
    def writes(self) -> tuple[int, int, int]:
        return (
            sum(d.create for d in self.delivered),
            sum(d.update for d in self.delivered),
            sum(d.same for d in self.delivered),
        )


def at_desk(place: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))
    forget()
    return Desk(place / "organization")


def leave() -> None:
    context.current_application().store.close()
    forget()


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills, once in a session: whoever needs it meanwhile, in any worker, waits for it."""
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    place, part = root / name, root / f"{name}.part"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            shutil.rmtree(part, ignore_errors=True)
            make(part)
            part.rename(place)
    return place


def make_stages(place: Path) -> None:
    """The sample when its rollout was approved, in `0`, and two weeks later, in `live`."""
    player.copy_sample(place / "live" / "organization")
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = at_desk(place / "live", monkeypatch)
        desk.begin()
        context.current_application().store.close()
        shutil.copytree(place / "live", place / "0")
        forget()
        desk.period()
        for week in (1, 2):
            desk.play(week)
            desk.period()
        leave()


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The sample when its rollout was approved (0), and two weeks later (2); made once, then copied."""
    place = made_once(tmp_path_factory, "stages", make_stages)
    return {0: place / "0", 2: place / "live"}


def copy_of(stages: dict[int, Path], week: int, place: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    shutil.copytree(stages[week], place, dirs_exist_ok=True)
    return at_desk(place, monkeypatch)


@pytest.fixture
def begun(stages: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample with its rollout approved and no week played."""
    yield copy_of(stages, 0, tmp_path, monkeypatch)
    leave()


@pytest.fixture
def running(stages: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample after two weeks of its rollout."""
    yield copy_of(stages, 2, tmp_path, monkeypatch)
    leave()


def make_later(stages: dict[int, Path], weeks: Sequence[int], place: Path, *, packs: bool) -> None:
    """The sample after each of these weeks, under their numbers; `packs`: those of week 2 are filled before."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = copy_of(stages, 2, place / "live", monkeypatch)
        if packs:
            fill_due_packs(dry_run=False)
        for week in weeks:
            desk.play(week)
            desk.period()
            context.current_application().store.close()
            shutil.copytree(place / "live", place / str(week))
            forget()


@pytest.fixture(scope="session")
def later(stages: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The sample in its third week, without any pack; made once, then copied."""
    place = made_once(tmp_path_factory, "later", partial(make_later, stages, (3,), packs=False))
    return {3: place / "3"}


@pytest.fixture(scope="session")
def filled(stages: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The sample in its weeks 3 and 4, with the packs of its second; made once, then copied."""
    place = made_once(tmp_path_factory, "filled", partial(make_later, stages, (3, 4), packs=True))
    return {3: place / "3", 4: place / "4"}


@pytest.fixture
def month_end(filled: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample on the Monday after the last cut-off of January, with the packs of its second week."""
    yield copy_of(filled, 4, tmp_path, monkeypatch)
    leave()


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample as it is committed."""
    player.copy_sample(tmp_path / "organization")
    yield at_desk(tmp_path, monkeypatch)
    leave()


def make_as_read(place: Path) -> None:
    """The sample as it was read first, with its versions published and no rollout."""
    player.copy_sample(place / "organization")
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = at_desk(place, monkeypatch)
        desk.publish()
        desk.read()
        leave()


@pytest.fixture(scope="session")
def as_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as it was read first, with its versions published and no rollout; made once, then copied."""
    return made_once(tmp_path_factory, "as_read", make_as_read)


@pytest.fixture
def published(as_read: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The sample as it was read first, with its versions published."""
    shutil.copytree(as_read, tmp_path, dirs_exist_ok=True)
    yield at_desk(tmp_path, monkeypatch)
    leave()
