"""What the played sample really wrote is what the golden files hold; what others are told of it is ids and counts."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing

import pytest

from config.organization import Loaded
from config.wiring import examine
from domain.messages.outbox import EVENTS, Happening, happening
from store import Store
from tests.golden.compare import difference
from tests.golden.files import read
from tests.golden.planted import assert_reported
from tests.golden.play import Played
from tests.golden.subjects import OF_PLAY

pytestmark = pytest.mark.servers  # many seconds: nine weeks of the sample

VALUE = re.compile(r"[A-Za-z0-9._/-]{1,60}")
TOLD = {"ledger", "version", "rollout", "project", "office", "was", "now", "levels_told", "waves"}


@pytest.fixture(scope="module")
def told(played: Played) -> tuple[list[Happening], set[str]]:
    """Every event, and what none of them may tell: titles of projects and tasks, and whatever tells a person."""
    found = examine(played.folder / "organization")
    assert isinstance(found, Loaded)
    with closing(Store(f"sqlite:///{played.database}")) as store, store.read() as unit:
        entries = [happening(each, found.organization.id) for each in unit.ledger.entries()]
        plans = [stored.plan for stored in unit.plans.current()]
    names = {plan.project.title for plan in plans}
    names |= {item.title for plan in plans for item in plan.items}
    for person in found.organization.people.values():
        names |= {person.id, person.name, *person.name.split(), person.address}
    return [each for each in entries if each is not None], {each for each in names if len(each) > 3}


def hidden_in(events: list[Happening], forbidden: set[str]) -> set[str]:
    body = b"\n".join(each.body for each in events).decode()
    return {each for each in forbidden if each in body}


@pytest.mark.parametrize("name", sorted(OF_PLAY))
def test_what_the_played_sample_wrote_is_what_it_was(name: str, played: Played) -> None:
    assert not (told := difference(name, read(name), OF_PLAY[name](played))), told


@pytest.mark.parametrize("name", sorted(OF_PLAY))
def test_a_change_of_it_is_reported_with_what_to_do(name: str, played: Played) -> None:
    assert_reported(name, OF_PLAY[name](played))


def test_what_others_are_told_of_the_sample_holds_no_title_text_or_person(told) -> None:
    events, forbidden = told
    kinds = Counter(each.kind for each in events)
    assert len(events) > 20
    assert set(kinds) <= set(EVENTS)
    assert {"project.adopted", "project.questioned", "project.grandfathered"} <= set(kinds)
    assert len(forbidden) > 100
    assert hidden_in(events, forbidden) == set()
    for each in events:
        assert set(each.data) <= TOLD
        texts = [value for value in each.data.values() if isinstance(value, str)]
        assert all(VALUE.fullmatch(text) for text in texts), texts
    assert len({each.id for each in events}) == len(events)


def test_the_control_an_event_with_a_title_in_it_is_found(told) -> None:
    (event, *_), forbidden = told
    title = max(forbidden, key=len)
    planted = Happening(event.id, event.kind, event.at, {**event.data, "project": title})
    assert hidden_in([planted], forbidden) >= {title}
