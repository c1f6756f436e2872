"""On 200 random networks: what is asked of the store for one office gives what looking through everything gives."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from domain.compliance.network import Network
from domain.delivery.wanted import ItemFields, Wanted
from domain.delivery.work import Board, wanted_items, wanted_notice, wanted_question
from domain.questions.missing_facts import with_answers
from store import Store
from store.unit import Unit
from tasks import advancing, context, wanting
from tasks.network import load_network, load_office
from tasks.transactions import short
from tasks.versions import version_of
from tasks.wanting import wanted_in_tool
from tests.conftest import memory
from tests.tasks.grown import Grown, begun, filled, opened

pytestmark = pytest.mark.servers

NETWORKS = 200


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of today with nothing in it."""
    return empty_store(tmp_path_factory.mktemp("empty"))


def empty_store(folder: Path) -> Path:
    """The file of a store of today with nothing in it, in a folder."""
    file = folder / "grown.db"
    store = Store(f"sqlite:///{file}")
    store.upgrade()
    store.close()
    return file


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder where no commit waits for a disk, if there is one."""
    with TemporaryDirectory(dir=memory()) as folder:
        yield Path(folder)


def some(empty: Path, folder: Path, seed: int, offices: int = 0) -> Grown:
    """A small network some days after its rollout began; what it is made of is up to the seed.

    It has so many offices where a number is given.
    """
    dice = Random(seed)
    folder.mkdir()
    shutil.copy(empty, folder)
    offices = offices or dice.randrange(2, 5)
    made = opened(folder / empty.name, offices)
    with made.store.open():
        filled(made, offices * dice.randrange(1, 7), seed)
        begun(made)
        for days in (0, dice.randrange(40)):
            made.clock.at += timedelta(days=days)
            advancing._advance(short(made.store), made.clock, (made.plan,), made.rulebook)
    return made


def everything_looked_through(unit: Unit, whole: Network, office: str) -> tuple[Wanted, ...]:
    """What is wanted in an office's tool, found among all that there is of anybody."""
    before = {
        intent.wanted.key: intent.wanted.fields
        for intent in unit.intents.of(office)
        if isinstance(intent.wanted.fields, ItemFields)
    }
    today = whole.organization.offices[office].calendar.local_date(whole.now)
    found = [wanted_question(question) for question in unit.questions.of() if question.office == office]
    found += [wanted_notice(notice) for notice in unit.notices.undelivered() if notice.office == office]
    for rollout in unit.rollouts.all():
        version = version_of(unit, rollout.manifest.standard, rollout.manifest.version)
        board = Board(rollout.manifest.target, {rule.uid: rule for rule in version.rules}, before, today)
        for adoption in unit.adoptions.of(rollout.id):
            if adoption.office == office and adoption.project in whole.plans:
                judged = whole.judged(adoption.project, version)
                closed = whole.closed(adoption.project)
                found += wanted_items(board, adoption, judged.verdicts, judged.position, closed=closed)
    return tuple(sorted(found, key=lambda wanted: wanted.key))


def differences(made: Grown) -> Iterator[str]:
    with made.store.read() as unit:
        whole = load_network(unit, made.rulebook, made.clock.now())
        questions = unit.questions.of()
        for stored in unit.plans.current():
            key = stored.plan.project.key
            if key in whole.plans and whole.plans[key] != with_answers(stored.plan, questions):
                yield f"answers of {key}"
        for office in made.offices:
            alone = load_office(unit, made.rulebook, made.clock.now(), office)
            if wanted_in_tool(unit, alone, office) != everything_looked_through(unit, whole, office):
                yield f"wanted of {office}"


def test_answers_and_what_is_wanted_are_the_same(empty: Path, in_memory: Path) -> None:
    wanted = 0
    for seed in range(NETWORKS):
        made = some(empty, in_memory / str(seed), seed)
        assert list(differences(made)) == [], seed
        with made.store.read() as unit:
            wanted += sum(len(unit.notices.of(office)) for office in made.offices)
        made.store.close()
    context.KEPT.forget()
    assert wanted > NETWORKS, "there was something to find"


@pytest.mark.parametrize("fault", ["adoptions", "questions"])
def test_the_control_a_question_to_the_store_that_leaves_some_out_is_found(
    empty: Path, in_memory: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "adoptions":
        items = wanting.wanted_items
        monkeypatch.setattr(
            wanting,
            "wanted_items",
            lambda b, a, *v, **k: () if a.project.endswith("/P1") else items(b, a, *v, **k),
        )
    else:
        monkeypatch.setattr("domain.compliance.network._by_project", lambda _: {})
    found = [each for seed in range(8) for each in differences(some(empty, in_memory / str(seed), seed))]
    assert found
