"""The sample, played once for all golden tests, and what each subject collects from it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.golden.play import Played, play
from tests.golden.subjects import SUBJECTS


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    with pytest.MonkeyPatch.context() as environment:
        return play(tmp_path_factory.mktemp("golden"), environment)


@pytest.fixture(scope="session")
def collected(played: Played) -> Mapping[str, object]:
    """Everything that there is now, by subject."""
    return {name: collect(played) for name, collect in SUBJECTS.items()}
