"""F1 on a real Redmine: killed before and after each of the calls that create a plan of twenty tasks."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any

from config.wiring import Application, StoredMirror, SystemClock
from connectors.protocol import Connector
from domain.plans.mirror import Mirror
from scripts.servers import fill, place
from scripts.servers import redmine as server
from tests.contract import redmine_bench
from tests.crash.application import (
    OFFICE,
    Job,
    Machine,
    Trap,
    Trapped,
    fresh,
    in_a_process,
    plan,
    states,
    template,
)
from tests.crash.kills import LANDED, ROUNDS, sides
from tests.crash.tally import Tally
from tests.crash.world import BEGIN


def entry() -> Mapping[str, Any] | None:
    """The notes of the running Redmine; None where none runs."""
    noted = place.notes().get(server.NAME)
    return noted if noted is not None and server.running(noted) else None


@dataclass(frozen=True)
class Ahead:
    """The machine's time, so much later: what would have to be waited for has passed."""

    by: timedelta

    def now(self) -> datetime:
        """The time."""
        return SystemClock().now() + self.by


@dataclass
class RedmineJob(Job):
    """A delivery into a project of the real Redmine."""

    project: str = ""
    entry: Mapping[str, Any] = field(default_factory=dict)

    def application(self) -> tuple[Application, Machine]:
        application, machine = super().application()
        return replace(application, machine=Ahead(self.start - BEGIN)), machine

    def tool(self, application: Application, machine: Machine, mirror: Mirror | None = None) -> Connector:
        mirror = mirror or StoredMirror(application.store, f"{OFFICE}/redmine")
        settings = redmine_bench.settings(self.project)
        tool = redmine_bench.connector(self.entry, settings, mirror=mirror)
        tool.http.__class__ = Trapped
        tool.http.trap, tool.http.machine = self.trap, machine
        return tool


def there(entry: Mapping[str, Any], project: str) -> dict[str, list[Any]]:
    """What bears our keys in a project: its title, its parent's key, and the keys that it follows, with days."""
    issues = redmine_bench.issues(entry, project)
    keys = {issue["id"]: redmine_bench.key_of(issue) for issue in issues}
    found: dict[str, list[Any]] = {}
    for issue in issues:
        after = sorted(
            (keys.get(each["issue_id"], ""), each.get("delay") or 0)
            for each in issue.get("relations", ())
            if each["relation_type"] == "precedes" and each["issue_to_id"] == issue["id"]
        )
        parent = keys.get((issue.get("parent") or {}).get("id"), "")
        if key := keys[issue["id"]]:
            found.setdefault(key, []).append([issue["subject"], parent, after])
    return found


def on_redmine(entry: Mapping[str, Any], folder: Path, tasks: int, creates: list[int]) -> Tally:
    """Killed at these of its creating calls, before and after; each point in a project of its own."""
    tally = Tally(f"F1 kill -9 at a create, {tasks} tasks, the real Redmine")
    empty = template(folder)
    whole: dict[str, list[Any]] = {}
    traps = [Trap(), *(replace(trap, writes=True) for trap in sides(creates))]
    for number, trap in enumerate(traps):
        project = f"crash-{secrets.token_hex(6)}"
        fill.redmine_project(entry, project, "A plan that is interrupted", redmine_bench.FACTS)
        wanted = plan(tasks, project)
        url = fresh(empty, folder / "redmine.db")
        job = RedmineJob("", url, wanted, trap=trap, project=project, entry=entry)
        ended = in_a_process(job.act)
        if number:
            tally.expect(ended.signal == SIGKILL, f"{trap}: it was not killed but {ended}")
        for later in range(1, ROUNDS):
            done = in_a_process(replace(job, trap=Trap(), start=BEGIN + later * LANDED).act)
            tally.expect(not done.error, f"{trap}: {done}")
            if not (done.done.get("waiting") or done.done.get("problem")):
                break
        found = there(entry, project)
        whole = whole or found
        if number:
            tally.count(wanted, found, states(job.database), whole)
        else:
            tally.expect(len(whole) == tasks, f"undisturbed: {ended} and {len(whole)} issues")
        fill.remove_redmine_project(entry, project)
    tally.recovered = tally.points if tally.good else 0
    return tally
