"""Which runs of a shared Prefect server a host may close: its own by looking, others' by their heartbeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from prefect.states import Pending, Running

from config.settings import read_settings
from domain.hosts.life import Heartbeat, Host, Hosts
from runtime.owners import WORKER, Owners, Seen, worker_name
from store import Store

SOUTH, NORTH, GONE = Host("south", "1"), Host("north", "1"), Host("gone", "1")
BEATS, STOPPED = Heartbeat(1, 60), Heartbeat(61, 60)
BEGAN = datetime(2027, 1, 4, 7, tzinfo=UTC)


def run(host: Host | None, state=Running, at: datetime = BEGAN - timedelta(seconds=1)) -> SimpleNamespace:
    labels = {} if host is None else {WORKER: worker_name(host)}
    return SimpleNamespace(id=uuid4(), labels=labels, state=state(timestamp=at))


def seen(*others: Host) -> Seen:
    heartbeats = {GONE: STOPPED, **dict.fromkeys(others, BEATS)}
    hosts = Hosts(SOUTH, "machine", heartbeats, lambda _: False)
    return Seen(hosts, {worker_name(host): host for host in (SOUTH, NORTH, GONE)})


@pytest.fixture
def owners(tmp_path) -> Owners:
    settings = read_settings({"INTEROFFICE_HOST": "south", "INTEROFFICE_HEARTBEAT": "3"})
    return Owners(Store(f"sqlite:///{tmp_path / 'store.db'}"), settings)


@pytest.mark.parametrize("state", [Running, Pending])
@pytest.mark.parametrize("before", [BEGAN, None])
def test_another_host_s_run_goes_by_its_heartbeat_whatever_runs_here(owners, state, before) -> None:
    lives, dead = run(NORTH, state), run(GONE, state)
    assert owners.dead([lives, dead], [], seen(NORTH), before) == [dead]


def test_this_host_s_run_goes_by_its_process_here_where_nothing_ran_at_a_time(owners) -> None:
    living, dead, beginning = run(SOUTH), run(SOUTH), run(SOUTH, Pending, BEGAN + timedelta(seconds=1))
    runs = [living, dead, beginning]
    assert owners.dead(runs, [str(living.id)], seen(NORTH), BEGAN) == [dead]
    assert owners.dead(runs, [str(living.id)], seen(NORTH), None) == []
    assert owners.dead(runs, [], seen(), datetime.max.replace(tzinfo=UTC)) == runs


def test_a_run_of_no_known_host_is_closed_at_once_by_who_is_alone_and_else_only_when_it_stays_so(
    owners,
) -> None:
    unowned = run(None)
    assert owners.dead([unowned], [], seen(), BEGAN) == [unowned]
    assert owners.dead([unowned], [], seen(NORTH), BEGAN) == []
    owners._unowned[str(unowned.id)] -= 4
    assert owners.dead([unowned], [], seen(NORTH), None) == [unowned]
    assert owners.dead([], [], seen(NORTH), None) == []
    assert owners.dead([unowned], [], seen(NORTH), None) == [], "its time begins anew once it was away"
