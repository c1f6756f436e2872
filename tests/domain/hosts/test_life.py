"""A process is judged by its own host's looking, or by that host's heartbeat, and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from domain.hosts.life import Heartbeat, Host, Hosts, Life, Process

HERE, REBOOTED, AWAY = Host("here", "2"), Host("here", "1"), Host("away", "9")
OLDER_HERE, OLDER_AWAY = Host("machine", ""), Host("away", "")
BEATS, STOPPED = Heartbeat(59.9, 60), Heartbeat(60.1, 60)


def hosts(heartbeats: Mapping[Host, Heartbeat], *living: Process) -> Hosts:
    def runs_here(process: Process) -> bool:
        assert process.host in (HERE, OLDER_HERE), "a process of another host was looked for here"
        return process in living

    return Hosts(HERE, "machine", heartbeats, runs_here)


@pytest.mark.parametrize("host", [HERE, OLDER_HERE])
@pytest.mark.parametrize("heartbeats", [{}, {HERE: STOPPED, OLDER_HERE: STOPPED}, {HERE: BEATS}])
def test_a_process_of_this_host_is_looked_at_whatever_its_heartbeat_says(host, heartbeats) -> None:
    lives, gone = Process(host, 11, 1.0), Process(host, 12, 1.0)
    seen = hosts(heartbeats, lives)
    assert (seen.life(lives), seen.life(gone)) == (Life.LIVES, Life.GONE)


@pytest.mark.parametrize("host", [REBOOTED, AWAY, OLDER_AWAY])
@pytest.mark.parametrize(
    ("heartbeat", "life"), [(BEATS, Life.LIVES), (STOPPED, Life.GONE), (None, Life.LIVES)]
)
def test_a_process_of_another_host_or_start_goes_by_the_heartbeat_alone(host, heartbeat, life) -> None:
    seen = hosts({host: heartbeat} if heartbeat else {})
    assert seen.life(Process(host, 11, 1.0)) is life
    assert seen.of(host) is life


def test_each_host_is_judged_by_the_silence_that_it_announced_itself() -> None:
    slow, quick = Host("slow", "1"), Host("quick", "1")
    seen = hosts({slow: Heartbeat(100, 600), quick: Heartbeat(100, 5)})
    assert (seen.of(slow), seen.of(quick)) == (Life.LIVES, Life.GONE)


def test_this_host_is_alive_and_no_other_to_itself_whatever_was_stored_of_it() -> None:
    seen = hosts({HERE: STOPPED, OLDER_HERE: BEATS, REBOOTED: STOPPED, AWAY: BEATS})
    assert seen.of(HERE) is Life.LIVES
    assert seen.others == {AWAY}


def test_judging_every_process_by_what_runs_here_is_a_fault_that_these_tests_find() -> None:
    class Planted(Hosts):
        def is_here(self, host: Host) -> bool:
            return bool(host)

    planted = Planted(HERE, "machine", {AWAY: BEATS}, lambda _: False)
    assert planted.life(Process(AWAY, 11, 1.0)) is Life.GONE, "a living run of another host would be closed"
    assert hosts({AWAY: BEATS}).life(Process(AWAY, 11, 1.0)) is Life.LIVES
