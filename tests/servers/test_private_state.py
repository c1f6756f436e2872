"""A state folder while `up` works in it under a umask of 000: nothing in it can be read by anybody else."""

from __future__ import annotations

import json

import pytest

from runtime.folder import StateFolder
from tests.modes import wide

pytestmark = pytest.mark.servers


@pytest.fixture
def looked_at(begun_in) -> dict:
    """What was seen while the first weeks were played under a mask that keeps nothing from anybody."""
    return json.loads((begun_in / "looked.json").read_text("utf-8"))


def test_nothing_that_up_and_its_programs_and_runs_write_is_ever_wider_than_its_owner(
    looked_at, begun
) -> None:
    folder = StateFolder(begun)
    assert looked_at["looks"] > 100
    assert looked_at["wide"] == {}
    assert wide(folder.root) == {}
    written = {path.relative_to(folder.root).parts[0] for path in folder.root.rglob("*") if path.is_file()}
    assert {"prefect", "logs", "reports", "organization", "interoffice.db", "up.lock"} <= written


def test_every_process_of_it_makes_files_for_their_owner_alone(looked_at) -> None:
    """Server, worker, gateway, the fork server of runs, and the runs themselves."""
    assert set(looked_at["masks"]) == {"0077"}
    assert len(looked_at["masks"]["0077"]) >= 6
