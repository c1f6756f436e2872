"""A distribution into the real Redmine that is killed: an office with a project of its own there for each point."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scripts.servers import fill
from tasks import context
from tests.contract import redmine_bench
from tests.crash.distributions import Opened
from tests.crash.real import there
from tests.plans_to_place import derivation, local_plan
from tests.tasks.test_starting_in_trackers import organization

ON_REDMINE = ", the real Redmine"


def an_office(entry: Mapping[str, Any]) -> Opened:
    """An office that plans in a project of its own in the running Redmine, with a local plan.

    The project is made anew each time under one identifier, as our keys have it in them.
    """
    project = f"crash-{secrets.token_hex(6)}"

    @contextmanager
    def opened(folder: Path, tasks: int) -> Iterator[Callable[[], dict[str, list[Any]]]]:
        fill.redmine_project(entry, project, "A plan that is interrupted", redmine_bench.FACTS)
        use = redmine_bench.settings(project).model_dump(exclude_unset=True, mode="json")
        del use["projects"]["attested"], use["projects"]["fields"], use["projects"]["gates"]
        key = entry["users"]["interoffice"]["key"]
        try:
            with (
                pytest.MonkeyPatch.context() as patched,
                organization(folder, patched, "redmine", entry["url"], use, key),
            ):
                redmine_bench.issue(entry, project, "The office's own")
                with context.current_application().store.begin() as unit:
                    unit.derivations.keep(derivation(local_plan(tasks, plain=True), "gyor", project))
                    unit.commit()
                yield lambda: there(entry, project)
        finally:
            fill.remove_redmine_project(entry, project)

    return opened
