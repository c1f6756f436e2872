"""The sample, played once for all golden tests that look at what it left behind."""

from __future__ import annotations

import pytest

from tests.golden.play import Played, play


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    with pytest.MonkeyPatch.context() as environment:
        return play(tmp_path_factory.mktemp("golden"), environment)
