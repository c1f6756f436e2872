"""Steps judge without keeping others from writing, write in short transactions, and never on what has changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from connectors.errors import TryLater
from domain.ids import Subject
from domain.rollouts.rollout import Standing
from domain.standards.checks.answers import Ended
from domain.standards.checks.evaluation import InProcess
from store.unit import Unit
from tasks import advancing, context, rolling, sweeping
from tasks.transactions import ATTEMPTS, CHUNK, Moved, Transactions, short, until_it_holds, within
from tests.tasks.grown import Grown, begun, changed, grown, opened

PROJECTS = 240
FEW = 8
"""Rows that a transaction writes besides those of its projects."""


@pytest.fixture(scope="module")
def as_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a network of which nothing was judged."""
    folder = tmp_path_factory.mktemp("as_read")
    grown(folder, PROJECTS).close()
    return folder / "grown.db"


@pytest.fixture
def made(as_read: Path, tmp_path: Path) -> Iterator[Grown]:
    found = opened(Path(shutil.copy(as_read, tmp_path)))
    yield found
    found.close()


def sweep(made: Grown, transactions: Transactions | None = None):
    return sweeping.sweep(transactions or short(made.store), made.clock, made.rulebook, "newest")


def advance(made: Grown, transactions: Transactions | None = None):
    plans = (made.plan,)
    return advancing._advance(transactions or short(made.store), made.clock, plans, made.rulebook)


def simulate(made: Grown, transactions: Transactions | None = None):
    return rolling._simulated(transactions or short(made.store), made.clock, made.rulebook, made.plan)[0]


def after_reading(made: Grown, act: Callable[[], None], times: int = 1) -> Transactions:
    """Transactions of a step that another one overtakes, so often, after it has read."""
    plain, left = short(made.store), [times]

    @contextmanager
    def read() -> Iterator[Unit]:
        with plain.read() as unit:
            yield unit
        if left[0]:
            left[0] -= 1
            act()

    return replace(plain, read=read)


@contextmanager
def written(made: Grown) -> Iterator[list[int]]:
    """How many rows each transaction changed that changed any."""
    found: list[int] = []

    def ended(connection) -> None:
        if rows := connection.connection.total_changes:
            found.append(rows)

    event.listen(made.store._engine, "commit", ended)
    yield found
    event.remove(made.store._engine, "commit", ended)


def test_no_transaction_of_a_sweep_writes_more_than_a_chunk(made: Grown) -> None:
    with written(made) as rows:
        assert sweep(made).new
    assert max(rows) <= CHUNK + FEW
    assert sum(rows) > PROJECTS / 2


def test_the_control_a_sweep_in_one_transaction_writes_more(made: Grown) -> None:
    with written(made) as rows, made.store.begin() as unit:
        sweep(made, within(unit))
        unit.commit()
    assert max(rows) > CHUNK + FEW


def test_no_transaction_of_a_day_moves_more_than_a_chunk(made: Grown) -> None:
    begun(made)
    with written(made) as rows:
        assert advance(made).moved > CHUNK
    most_each = 4
    """An adoption, its entry in the ledger, and questions about it."""
    assert max(rows) <= most_each * CHUNK + FEW


def test_a_sweep_of_what_changed_meanwhile_is_judged_again(made: Grown) -> None:
    overtaken = after_reading(made, lambda: changed(made, "o1/P1"))
    found = sweep(made, overtaken)
    assert found.id == sweep(made).id, "it is the sweep of the network as it is now"


def test_a_network_that_never_rests_ends_the_sweep_with_what_to_do_and_leaves_nothing(made: Grown) -> None:
    restless = after_reading(made, lambda: changed(made, "o1/P1"), times=100)
    with pytest.raises(TryLater, match="run it again"):
        sweep(made, restless)
    with made.store.read() as unit:
        assert unit.sweeps.latest("method", "2.0") is None
        assert not [entry for entry in unit.ledger.entries() if entry.event.kind == "sweep"]


def test_a_simulation_of_what_changed_meanwhile_is_judged_again(made: Grown) -> None:
    def gone() -> None:
        with made.store.begin() as unit:
            rest = [each.plan for each in unit.plans.current("o1") if each.plan.project.key != "o1/P1"]
            unit.plans.put("o1", rest, made.clock.now())
            unit.commit()

    members = simulate(made, after_reading(made, gone)).manifest.members
    assert "o1/P1" not in {member.project for member in members}


def overtaken(made: Grown) -> None:
    """A day that is judged while a person takes a project out."""
    begun(made)

    def taken_out() -> None:
        with made.store.begin() as unit:
            (there,) = unit.adoptions.of("grow-2", projects=["o1/P1"])
            unit.adoptions.save("grow-2", replace(there, standing=Standing.SKIPPED, why="left out"))
            unit.commit()

    advance(made, after_reading(made, taken_out))


def test_a_project_that_was_taken_out_while_the_day_was_judged_stays_out(made: Grown) -> None:
    overtaken(made)
    with made.store.read() as unit:
        (there,) = unit.adoptions.of("grow-2", projects=["o1/P1"])
        entries = [
            entry for entry in unit.ledger.entries() if entry.event.subject == str(Subject("grow-2", "o1/P1"))
        ]
    assert (there.standing, entries) == (Standing.SKIPPED, [])


def test_the_control_without_judging_again_that_day_ends_with_an_error(made: Grown, monkeypatch) -> None:
    monkeypatch.setattr(advancing, "Moved", KeyError)
    with pytest.raises(KeyError):
        overtaken(made)


def test_a_dry_run_stores_nothing(made: Grown) -> None:
    begun(made)
    with made.store.read() as unit:
        head = unit.ledger.head()
    with made.store.rehearse() as unit:
        foreseen = advance(made, within(unit))
    with made.store.read() as unit:
        assert unit.ledger.head() == head
    taken = advance(made)
    assert (foreseen.moved, foreseen.asked, foreseen.noticed) == (taken.moved, taken.asked, taken.noticed)


def test_a_notice_counts_the_projects_of_every_chunk(made: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(made)
    advance(made)
    made.clock.at += timedelta(days=14)
    told = {}
    for chunk in (CHUNK, 7):
        with made.store.begin() as unit:
            monkeypatch.setattr(advancing, "CHUNK", chunk)
            advance(made, within(unit))
            told[chunk] = {
                n.key: (n.counts, n.text) for office in made.offices for n in unit.notices.of(office)
            }
    assert told[7] == told[CHUNK]
    assert any(counts.get("projects", 0) > 7 for counts, _ in told[7].values())


def test_what_is_tried_again_is_tried_so_often_and_no_more() -> None:
    tried = []

    def attempt() -> int:
        tried.append(1)
        if len(tried) < ATTEMPTS:
            raise Moved
        return len(tried)

    assert until_it_holds(attempt) == ATTEMPTS
    with pytest.raises(TryLater):
        until_it_holds(lambda: (_ for _ in ()).throw(Moved))


class Ending:
    """An evaluator that has to end every check of how late a project is, which only the newer version has."""

    def answers(self, expressions, projects, now):
        late = [n for n, text in enumerate(expressions.texts) if "slip_days" in text]
        found = [list(each) for each in InProcess().answers(expressions, projects, now)]
        for answers in found:
            for number in late:
                answers[number] = Ended("the check was ended: it took too much CPU")
        return found


@pytest.mark.parametrize("step", [sweep, simulate])
def test_a_check_that_was_ended_while_the_network_changed_is_recorded_once_and_with_its_version(
    made: Grown, step
) -> None:
    context.KEPT.__dict__["evaluator"] = Ending()
    step(made, after_reading(made, lambda: changed(made, "o1/P1")))
    with made.store.read() as unit:
        found = [entry.event for entry in unit.ledger.entries() if entry.event.kind == "incident"]
    assert {(event.subject, event.version) for event in found} == {("slip", "method/2.0")}
    assert len(found) == len({event.detail["project"] for event in found}) > 1
