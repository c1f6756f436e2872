"""The sample, copied, and played to its end once for all tests of its story."""

from collections.abc import Iterator

import pytest

from examples.harbor_group import player
from tests.examples.governing import Governing, governed_at
from tests.examples.season import Season


@pytest.fixture(scope="session")
def season(tmp_path_factory):
    """The sample after its twelve weeks; `history[n]` is what week n brought."""
    folder = tmp_path_factory.mktemp("season") / "organization"
    player.copy_sample(folder)
    found = Season(folder)
    found.begin()
    for week in range(1, player.WEEKS + 1):
        found.week(week)
    return found


@pytest.fixture(scope="session")
def governed(tmp_path_factory) -> Iterator[Governing]:
    """The sample after its twelve weeks, with what its offices raised, objected to and answered."""
    place = tmp_path_factory.mktemp("governed")
    player.copy_sample(place / "organization")
    found = governed_at(place)
    yield found
    found.application.store.close()


@pytest.fixture
def copy(tmp_path):
    """A copy of the sample, at its beginning."""
    player.copy_sample(tmp_path / "organization")
    return tmp_path / "organization"
