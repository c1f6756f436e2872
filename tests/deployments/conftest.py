"""The holding of these tests, each with a store of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployments.holding import Holding, settled
from tests.tasks.conftest import forget, leave


@pytest.fixture(scope="session")
def settled_holding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("holding")
    with pytest.MonkeyPatch.context() as monkeypatch:
        settled(place, monkeypatch)
        leave()
    return place


@pytest.fixture
def holding(settled_holding: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Holding]:
    shutil.copytree(settled_holding, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(tmp_path / "organization"))
    forget()
    yield Holding(tmp_path / "organization")
    leave()
