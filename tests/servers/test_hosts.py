"""Two `up`s of two hosts on one PostgreSQL: beside each other, and one after the other was killed.

What happened is counted from outside: in the tables of both databases and in the offices' workbooks.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import psutil
import psycopg
import pytest

from examples.harbor_group import player
from runtime.main_job import FIRST
from runtime.record import Record
from tests.servers.conftest import Up
from tests.servers.test_gateway import until
from tests.servers.test_serving import api
from tests.store import conftest as of_store
from tests.tasks.conftest import at_desk, leave

pytestmark = [pytest.mark.servers, pytest.mark.filterwarnings("ignore:.*extension is not supported")]
HEARTBEAT = 4.0
KEY = "interoffice key"
"""The heading of our keys in the sample's workbooks."""
PASSWORD = "a-password-of-prefects-database"
"""In the URL of Prefect's database; the cluster asks for none."""
WRITES = (
    "SELECT r.pid, r.host FROM runs r JOIN office_locks l ON l.pid = r.pid AND l.host = r.host"
    " WHERE r.flow = 'run-cycle' AND EXISTS"
    " (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'intents'::regclass)"
)
"""Finds the run that holds an office and is about to note what it sends."""
PLANNED = (
    "SELECT deployment_id, expected_start_time, count(*) FROM flow_run WHERE auto_scheduled GROUP BY 1, 2"
)
cluster = of_store.cluster


@dataclass
class Network:
    """An organization on a file system that two hosts share, and its two databases."""

    place: Path
    cluster: of_store.Cluster
    store: str
    prefect: str

    @property
    def environment(self) -> dict[str, str]:
        prefect = self.cluster.url(self.prefect).replace("interoffice@", f"interoffice:{PASSWORD}@")
        return {
            "INTEROFFICE_DATABASE_URL": self.cluster.url(self.store),
            "INTEROFFICE_PREFECT_DATABASE_URL": prefect,
            "INTEROFFICE_HEARTBEAT": f"{HEARTBEAT:.0f}",
        }

    def rows(self, database: str, question: str, *given: str) -> list[tuple]:
        with psycopg.connect(self.cluster.url(database), autocommit=True) as connection:
            return connection.execute(question, given or None).fetchall()

    def states(self, flow: str) -> list[list[str]]:
        """The types of the states that each run of a flow went through that somebody started, by run."""
        asked = (
            "SELECT r.id, s.type::text FROM flow_run r JOIN flow f ON f.id = r.flow_id"
            " JOIN flow_run_state s ON s.flow_run_id = r.id"
            " WHERE f.name = %s AND NOT r.auto_scheduled ORDER BY r.created, r.id, s.timestamp"
        )
        found: dict[str, list[str]] = {}
        for run, state in self.rows(self.prefect, asked, flow):
            found.setdefault(run, []).append(state)
        return list(found.values())

    def keys(self) -> Counter[tuple[str, str]]:
        """How often each key of ours stands in which office's workbook."""
        found: Counter[tuple[str, str]] = Counter()
        for path in sorted((self.place / "organization" / "workbooks").glob("*.xlsx")):
            with closing(openpyxl.load_workbook(path, read_only=True)) as book:
                for sheet in book.worksheets:
                    rows = list(sheet.iter_rows(values_only=True))
                    heads = [(n, row.index(KEY)) for n, row in enumerate(rows) if KEY in row]
                    for n, column in heads[:1]:
                        found.update(
                            (path.stem, str(row[column]))
                            for row in rows[n + 1 :]
                            if row[column:] and row[column]
                        )
        return found


@pytest.fixture(scope="module")
def network(cluster, tmp_path_factory) -> Network:
    """The sample as its rollout was approved, its first week played and not yet read."""
    place = tmp_path_factory.mktemp("hosts")
    made = Network(place, cluster, cluster.create(), cluster.create())
    player.copy_sample(place / "organization")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, text in made.environment.items():
            monkeypatch.setenv(name, text)
        desk = at_desk(place, monkeypatch)
        desk.begin()
        desk.application.store.close()
        desk.play(1)
        Record(desk.application).finish(FIRST)  # so that an `up` writes at once
        leave()
    return made


@pytest.fixture(scope="module")
def start(network, ups) -> Callable[[str, int], Up]:
    """Start the `up` of a host."""

    def started(host: str, port: int) -> Up:
        given = ("--organization", str(network.place / "organization"))
        (network.place / host).mkdir()
        environment = {**network.environment, "INTEROFFICE_HOST": host, "INTEROFFICE_GATEWAY_PORT": str(port)}
        return ups(network.place / host / "state", *given, **environment)

    return started


def stopped_at_work(network: Network, begun: str) -> tuple[psutil.Process, str]:
    """The process of a run and its host, stopped once `begun` finds them."""
    pid, host = until(lambda: network.rows(network.store, begun), 180, "a run at work")[0]
    process = psutil.Process(pid)
    process.suspend()
    return process, host


def end_at_once(up: Up) -> None:
    """As when the power goes."""
    for process in (psutil.Process(up.process.pid), *up.left()):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    up.process.wait()


@dataclass
class Seen:
    """What was seen while both hosts lived, and which of them was killed."""

    killed: str
    beside: list[list[str]]
    locks: list[tuple]


@pytest.fixture(scope="module")
def survivor(network, start) -> Iterator[tuple[Up, Seen]]:
    """The `up` that is left of two that began at once: the other was killed in the middle of a delivery."""
    with psycopg.connect(network.cluster.url(network.store)) as holding:
        holding.execute("LOCK TABLE intents IN EXCLUSIVE MODE")  # the first write of a delivery waits for it
        ups = {"north": start("north", 8461), "south": start("south", 8462)}
        carrier, killed = stopped_at_work(network, WRITES)
    stopped = time.monotonic()
    victim, left = ups.pop(killed), next(iter(ups.values()))
    for each in (victim, left):
        each.until_said("deployments:")
    reaping = api(victim, "/deployments/name/reap-runs/reap-runs").json()
    assert api(victim, f"/deployments/{reaping['id']}/resume_deployment", {}).is_success
    sweeping = api(left, "/deployments/name/sweep-compliance/sweep-compliance").json()["id"]
    given = {"parameters": {"why": "beside"}, "state": {"type": "SCHEDULED"}}
    assert api(left, f"/deployments/{sweeping}/create_flow_run", given).is_success
    until(lambda: [run[-1] for run in network.states("sweep-compliance")] == ["COMPLETED"], 120, "the sweep")
    until(lambda: len(network.rows(network.prefect, PLANNED)) >= 3, 60, "runs that are planned")
    time.sleep(max(0.0, stopped + 2 * HEARTBEAT - time.monotonic()))
    locks = network.rows(network.store, "SELECT host FROM office_locks WHERE host IS NOT NULL")
    seen = Seen(killed, network.states("run-cycle"), locks)
    assert carrier.status() == psutil.STATUS_STOPPED
    end_at_once(victim)
    left.until_said("serving until Ctrl-C")
    yield left, seen
    left.stop()


def test_a_run_of_a_living_host_is_left_alone_by_the_other(survivor) -> None:
    _, seen = survivor
    assert sorted(run[-1] for run in seen.beside) == ["RUNNING", "SCHEDULED"], "one waits for the other"
    assert "CRASHED" not in [state for run in seen.beside for state in run]
    assert {host for (host,) in seen.locks} == {seen.killed}


def test_what_a_dead_host_left_open_is_closed_once_and_its_work_is_done_by_the_other(
    survivor, network
) -> None:
    left, seen = survivor
    cycles = network.states("run-cycle")
    (killed,) = [run for run in cycles if run[-1] == "CRASHED"]
    assert [run.count("CRASHED") for run in cycles if run is not killed] == [0] * (len(cycles) - 1)
    assert killed.count("CRASHED") == 1
    done = [run for run in cycles if run[-1] == "COMPLETED"]
    assert len(done) == len(cycles) - 1 >= 1
    swept = [run[-1] for run in network.states("sweep-compliance")]
    assert swept == ["COMPLETED"] * (1 + len(done)), "one beside, one within each cycle"
    assert "nothing was heard of another host: " in left.said
    assert " died (code " not in left.said, "two that begin at once do not disturb each other"
    assert network.rows(network.store, "SELECT id FROM runs WHERE host = %s", seen.killed) == []
    assert network.rows(network.store, "SELECT office FROM office_locks WHERE host IS NOT NULL") == []
    taken = "SELECT name, active_slots FROM concurrency_limit_v2 WHERE active_slots > 0"
    assert network.rows(network.prefect, taken) == []


def test_nothing_is_lost_or_doubled_in_the_offices_workbooks(survivor, network) -> None:
    assert survivor
    told = (
        "SELECT office, key FROM intents WHERE key NOT LIKE 'asked-row/%'"  # a cell of the office's own row
    )
    intents = network.rows(network.store, told)
    assert len(intents) >= 5
    found = network.keys()
    lost, doubled = set(intents) - set(found), {key for key, times in found.items() if times > 1}
    assert (lost, doubled, set(found) - set(intents)) == (set(), set(), set())


def test_what_two_servers_plan_and_register_is_there_once(survivor, network) -> None:
    assert survivor
    until(lambda: len(network.rows(network.prefect, PLANNED)) >= 3, 60, "runs that are planned")
    planned = network.rows(network.prefect, PLANNED)
    assert {times for *_, times in planned} == {1}
    for table in ("automation", "deployment", "work_pool"):
        names = network.rows(network.prefect, f"SELECT name, count(*) FROM {table} GROUP BY 1")  # noqa: S608 - ours
        assert names, table
        assert {times for _, times in names} == {1}, table


def test_the_password_of_prefect_s_database_is_in_no_log_argument_or_environment_but_the_server_s(
    survivor, network
) -> None:
    left, _ = survivor
    logs = [path.read_text("utf-8", "replace") for path in left.folder.logs.glob("*.log")]
    assert logs
    assert not [text for text in (*logs, left.said) if PASSWORD in text]
    server = left.program("server").pid
    for process in (psutil.Process(left.process.pid), *left.left()):
        assert not any(PASSWORD in each for each in process.cmdline())
        holds = any(PASSWORD in text for text in process.environ().values())
        assert holds == (process.pid in (server, left.process.pid)), process
    asked = "SELECT count(*) FROM flow_run WHERE parameters::text LIKE '%{0}%' OR empirical_policy::text LIKE '%{0}%'"
    assert network.rows(network.prefect, asked.format(PASSWORD)) == [(0,)]


def test_a_host_that_waits_for_no_heartbeat_closes_what_lives_and_that_is_seen(survivor, network) -> None:
    """The control; the last test of this file, as it leaves a run closed whose process goes on."""
    left, _ = survivor
    reporting = api(left, "/deployments/name/report-network/report-network").json()["id"]
    given = {"parameters": {"why": "a test"}, "state": {"type": "SCHEDULED"}}
    assert api(left, f"/deployments/{reporting}/create_flow_run", given).is_success
    carrier, _ = stopped_at_work(network, "SELECT pid, host FROM runs WHERE flow = 'report-network'")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
    west = {
        "INTEROFFICE_HOST": "west",
        "INTEROFFICE_STATE": str(network.place / "west"),
        "INTEROFFICE_ORGANIZATION": str(network.place / "organization"),
        "PREFECT_HOME": str(network.place / "west" / "prefect"),
        "PREFECT_API_AUTH_STRING": (left.folder.root / "prefect.auth").read_text("ascii"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.servers.hasty", str(left.folder.notes()["api"])],
        env={**kept, **network.environment, **west}, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["honest"] == []
    assert told["hasty"], "the planted fault was not caught"
    assert carrier.status() == psutil.STATUS_STOPPED
    assert network.states("report-network")[-1][-1] == "CRASHED"
    carrier.kill()
