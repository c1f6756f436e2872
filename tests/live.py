"""The real Redmine and the real Trac for a test: their addresses and keys, projects of its own, a Trac of its own.

`make test-servers` starts them first; where they do not run, a test that asks for one is skipped and says why.
A module takes a fixture by naming it: `redmine = live.redmine`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from scripts.servers import fill, place, processes
from scripts.servers import redmine as redmine_server
from scripts.servers import trac as trac_server
from tests import leavings


def standing(server: ModuleType) -> dict:
    """The entry of a running server; skips the test where it does not run."""
    entry = place.notes().get(server.NAME)
    if entry is None or not server.running(entry):
        pytest.skip(f"no {server.NAME} runs here; `make servers` starts it (Debian's packages, root or sudo)")
    return entry


@pytest.fixture(scope="session")
def redmine() -> Mapping:
    """The running Redmine: url, users with keys, the numbers of fields, trackers and statuses."""
    entry = standing(redmine_server)
    leavings.cleared_redmine(entry, datetime.now(UTC))
    return entry


@pytest.fixture
def new_project(redmine: Mapping) -> Iterator[Callable[..., str]]:
    """Make a project of Redmine that is the test's alone, and is gone after it; its identifier."""
    made: list[str] = []

    def make(name: str = "A test's own", facts: Mapping[str, fill.Fact] | None = None, **more: object) -> str:
        identifier = f"test-{secrets.token_hex(6)}"
        fill.redmine_project(redmine, identifier, name, facts, **more)
        made.append(identifier)
        return identifier

    yield make
    for identifier in made:
        fill.remove_redmine_project(redmine, identifier)


@pytest.fixture(scope="session")
def trac() -> Mapping:
    """The running Trac: url, rpc (where calls are sent), users with passwords."""
    entry = standing(trac_server)
    leavings.cleared_trac(entry, datetime.now(UTC))
    return entry


@pytest.fixture
def own_trac(tmp_path: Path) -> Iterator[Mapping]:
    """A Trac without any ticket that is the test's alone, and ends with it."""
    if not trac_server.TEMPLATE.exists():
        pytest.skip("there is no Trac here to copy; `make servers` makes one")
    entry = trac_server.new_trac(tmp_path / "trac")
    yield entry
    processes.end(entry)
