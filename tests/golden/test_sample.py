"""What the played sample really wrote is what the golden files hold."""

from __future__ import annotations

import pytest

from tests.golden.compare import difference
from tests.golden.files import read
from tests.golden.planted import assert_reported
from tests.golden.play import Played
from tests.golden.subjects import OF_PLAY


@pytest.mark.parametrize("name", sorted(OF_PLAY))
def test_what_the_played_sample_wrote_is_what_it_was(name: str, played: Played) -> None:
    assert not (told := difference(name, read(name), OF_PLAY[name](played))), told


@pytest.mark.parametrize("name", sorted(OF_PLAY))
def test_a_change_of_it_is_reported_with_what_to_do(name: str, played: Played) -> None:
    assert_reported(name, OF_PLAY[name](played))
