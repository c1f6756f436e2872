"""Steps on large networks: others write meanwhile, the work grows with the projects, and a kill leaves no half."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from domain.questions import alike, twins
from store import Store
from store.unit import Unit
from tasks import advancing, context, sweeping
from tasks.network import load_network, load_office
from tasks.transactions import Transactions, short, within
from tasks.wanting import wanted_in_tool
from tests.tasks import killed
from tests.tasks.grown import LONG, Grown, begun, grown, opened
from tests.test_house import ROOT

pytestmark = pytest.mark.servers

LARGE = 2000


@contextmanager
def writing_beside(file: Path) -> Iterator[list[float]]:
    """How long another process's writer waits each time, written meanwhile every hundredth of a second."""
    code = f"""if True:
        import sys, time
        from store import Store
        store = Store("sqlite:///{file}", patience=600)
        print("ready", flush=True)
        while True:
            began = time.monotonic()
            with store.begin() as unit:
                unit.marks.set("beside", time.time())
                unit.commit()
            print(time.monotonic() - began, flush=True)
            time.sleep(0.01)
    """
    waits: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout.readline() == "ready\n"
        reader = threading.Thread(target=lambda: waits.extend(map(float, process.stdout)))
        reader.start()
        yield waits
        time.sleep(0.5)  # one that waits now is counted
        process.terminate()
        reader.join()


def sweep_beside_others(made: Grown, file: Path, transactions: Transactions) -> float:
    """A sweep, and the longest wait of another writer as a part of the time that it took."""
    context.KEPT.forget()
    with writing_beside(file) as waits:
        began = time.monotonic()
        sweeping.sweep(transactions, made.clock, made.rulebook, LONG.id)
        took = time.monotonic() - began
    assert len(waits) > 3
    return max(waits) / took


@pytest.fixture(scope="module")
def unswept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A large network that was not judged yet."""
    folder = tmp_path_factory.mktemp("unswept")
    made = grown(folder, LARGE)
    made.publish(LONG)
    made.close()
    return folder / "grown.db"


@pytest.fixture
def large(unswept: Path, tmp_path: Path) -> Iterator[Grown]:
    """A copy of it."""
    made = opened(Path(shutil.copy(unswept, tmp_path)))
    yield made
    made.close()


def test_while_a_large_sweep_runs_another_writer_waits_for_a_small_part_of_it(
    large: Grown, tmp_path: Path
) -> None:
    assert sweep_beside_others(large, tmp_path / "grown.db", short(large.store)) <= 1 / 20


def test_the_control_one_long_transaction_keeps_it_waiting(large: Grown, tmp_path: Path) -> None:
    with writing_beside(tmp_path / "grown.db") as waits:
        began = time.monotonic()
        with large.store.begin() as unit:
            sweeping.sweep(within(unit), large.clock, large.rulebook, LONG.id)
            unit.commit()
        took = time.monotonic() - began
    assert max(waits) / took > 1 / 20


def dry_day_beside_others(
    made: Grown, file: Path, begin: Callable[[], AbstractContextManager[Unit]]
) -> float:
    """A day of a rollout, taken dry: the longest wait of another writer as a part of the time that it took."""
    begun(made)
    with writing_beside(file) as waits:
        began = time.monotonic()
        with begin() as unit:
            foreseen = advancing._advance(within(unit), made.clock, (made.plan,), made.rulebook)
        took = time.monotonic() - began
    assert foreseen.moved
    assert len(waits) > 3
    return max(waits) / took


def test_nobody_waits_for_a_dry_run_of_a_day_of_a_large_network(large: Grown, tmp_path: Path) -> None:
    assert dry_day_beside_others(large, tmp_path / "grown.db", large.store.rehearse) <= 1 / 20


def test_the_control_a_dry_run_in_a_transaction_of_the_store_keeps_others_waiting(
    large: Grown, tmp_path: Path
) -> None:
    assert dry_day_beside_others(large, tmp_path / "grown.db", large.store.begin) > 1 / 20


class Counted:
    """What a step costs: rows and other steps of the database's machine in hundreds, and titles compared."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = self.compared = 0
        event.listen(store._engine, "connect", lambda plain, _: plain.set_progress_handler(self._step, 100))
        compare = twins.nearly_equal

        def counted(titles, least, **given):
            def one(first, second):
                self.compared += 1
                return alike.ratio(first, second)

            return compare(titles, least, one, **given)

        monkeypatch.setattr(twins, "nearly_equal", counted)

    def _step(self) -> int:
        self.steps += 1
        return 0


def costs(folder: Path, projects: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What each step of a network of so many projects costs."""
    folder.mkdir()
    made = grown(folder, projects, offices=projects // 100)
    counted, found = Counted(made.store, monkeypatch), {}

    @contextmanager
    def measured(name: str) -> Iterator[None]:
        counted.steps = counted.compared = 0
        yield
        found[name] = counted.steps
        if counted.compared:
            found[f"{name}: titles"] = counted.compared

    context.KEPT.forget()
    with measured("load and answers"), made.store.read() as unit:
        load_network(unit, made.rulebook, made.clock.now())
    begun(made)
    with measured("advance"):
        killed.run(made, "advance")
    with measured("wanted"), made.store.read() as unit:
        for office in made.offices:
            network = load_office(unit, made.rulebook, made.clock.now(), office)
            wanted_in_tool(unit, network, office)
    made.close()
    monkeypatch.undo()
    return found


def test_four_times_the_projects_cost_four_times_as_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = costs(tmp_path / "few", 1000, monkeypatch)
    many = costs(tmp_path / "many", 4000, monkeypatch)
    assert few.keys() == many.keys() >= {"advance", "wanted", "load and answers: titles"}
    grew = {name: many[name] / few[name] for name in few}
    assert max(grew.values()) <= 4 * 1.3, grew


PROJECTS = 60
TABLES = (
    "sweeps", "sweep_judgments", "simulations", "rollouts", "adoptions", "adoption_counts", "questions", "notices",
)  # fmt: skip


def seen(file: Path) -> dict[str, list[tuple]]:
    """What others see of the store: every row of these tables, and the ledger's events in any order."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as read:
        found = {name: sorted(read.execute(f"SELECT * FROM {name}"), key=repr) for name in TABLES}  # noqa: S608 - ours
        chain = [content for (content,) in read.execute("SELECT content FROM ledger")]
    return found | {"ledger": sorted(chain)}


def ran(step: str, *each: tuple[Path, int]) -> list[bool]:
    """Run the step on each store until it ends, or until its Nth commit ends the process; whether that was so."""
    asked = [f"{file}:{commit}" for file, commit in each]
    program = [sys.executable, "-m", "tests.tasks.killed", step, *asked]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line == "killed" for line in done.stdout.split()]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a rollout that begins."""
    folder = tmp_path_factory.mktemp("before")
    made = grown(folder, PROJECTS)
    begun(made)
    made.close()
    return folder / "grown.db"


def whole(file: Path) -> None:
    """The ledger holds, and whoever moved has the questions that it waits for."""
    made = opened(file)
    with made.store.read() as unit:
        assert unit.ledger.verify() is None
        asked = {question.id for question in unit.questions.of()}
        for adoption in unit.adoptions.of("grow-2"):
            assert {f"ask/grow-2/{adoption.project}/{fact}" for fact in adoption.missing} <= asked
    made.close()


@pytest.mark.parametrize(("step", "commits"), [("sweep", (1, 4, 8)), ("simulate", (1,)), ("advance", (2, 5))])
def test_a_kill_at_any_commit_leaves_no_half_and_the_next_run_completes_it(
    before: Path, tmp_path: Path, step: str, commits: tuple[int, ...]
) -> None:
    alone, *files = [Path(shutil.copy(before, tmp_path / f"{n}.db")) for n in (0, *commits)]
    assert ran(step, (alone, 0), *zip(files, commits, strict=True)) == [False, *([True] * len(files))]
    for file in files:
        whole(file)
        assert step == "advance" or seen(file) == seen(before), "nobody sees a part of it"
    assert not any(ran(step, *((file, 0) for file in files)))
    wanted = seen(alone)
    entries = len(wanted.pop("ledger"))
    for file in files:
        whole(file)
        found = seen(file)
        assert len(found.pop("ledger")) == entries
        assert found == wanted
