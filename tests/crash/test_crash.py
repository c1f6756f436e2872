"""`make crash` in short: a few points of each harness, and every negative control caught."""

from random import Random

import pytest

from tests import live
from tests.crash import disk
from tests.crash.distributions import distributed, distributed_blindly
from tests.crash.kills import Bench, blind, chain, each_call, lagging, longer_than_declared
from tests.crash.losses import (
    LOSSES,
    every_reply_lost,
    late_writes,
    lost_replies,
    resent,
    rewritten,
    second_run,
)
from tests.crash.merges import merged, merged_blindly
from tests.crash.real_distributions import ON_REDMINE, an_office
from tests.crash.rebases import rebase_killed, rebase_killed_early
from tests.crash.tally import Tally, table
from tests.crash.updates import killed, killed_early
from tests.crash.world import Outside
from tests.standins.described import specs
from tests.store.conftest import WHERE

CHANCE = 20270104


@pytest.fixture(scope="module")
def outside():
    outside = Outside()
    yield outside
    outside.close()


@pytest.fixture
def bench(outside, tmp_path):
    return Bench(outside, tmp_path)


def held(tally: Tally) -> None:
    assert tally.good, f"{table([tally])}\n{tally.wrong}"
    assert tally.points


def test_a_kill_at_any_call_loses_and_doubles_nothing(bench):
    held(each_call(bench, 6, [4, 9]))


def test_a_plan_that_is_killed_at_every_write_stands_in_the_end(bench):
    tally = chain(bench, 4)
    held(tally)
    assert tally.points == 2 * (4 + 1)


def test_who_creates_without_a_look_is_caught(bench):
    held(blind(bench, 4))


def test_a_search_that_lags_doubles_nothing_when_its_lag_is_declared(bench):
    held(lagging(bench, 4, 60.0, declared=60.0, calls=[7]))
    held(lagging(bench, 4, 60.0, declared=0.0, calls=[7]))


def test_duplicates_by_an_undeclared_lag_are_named_by_the_next_scan(bench):
    tally = longer_than_declared(bench, 4)
    held(tally)
    assert tally.notes == {"doubled": 4, "named by the next full scan": 4}


def test_a_lost_answer_is_reported_and_recovered(bench):
    held(every_reply_lost(bench, 4, ["cut"]))
    held(resent(bench, 3))


def test_what_was_on_its_way_is_waited_for(bench):
    held(late_writes(bench, 2))
    held(late_writes(bench, 2, in_flight=0.0))


def test_a_finished_plan_is_written_once(bench):
    tally = second_run(bench, 12)
    held(tally)
    assert tally.notes["second run"] == {"create": 0, "update": 0, "same": 12}
    held(rewritten(bench, 4))


def test_a_store_that_was_set_back_is_caught(bench):
    held(disk.set_back(bench, 3))


@pytest.mark.servers
def test_each_lost_answer_is_reported_as_waiting_or_was_a_read(bench):
    tally = lost_replies(bench, 2)
    held(tally)
    assert tally.points == tally.notes["reported as waiting"] + tally.notes["reads repeated"]
    assert tally.notes["reported as waiting"] >= 2 * len(LOSSES)


@pytest.mark.servers
def test_a_locked_store_stops_every_call(bench):
    held(disk.locked_store(bench, 3))


@pytest.mark.servers
def test_a_kill_at_a_write_to_disk_leaves_the_store_whole(bench):
    if reason := disk.lacking():
        pytest.skip(reason)
    held(disk.killed_while_writing(bench, 4, Random(CHANCE), 8))
    held(disk.broken_disk(bench, 4, Random(CHANCE), 4))


@pytest.mark.servers
def test_a_full_disk_stops_every_call(bench):
    if reason := disk.no_disk():
        pytest.skip(reason)
    held(disk.full_disk(bench, 4))
    held(disk.full_disk(bench, 4, disk.Unrecorded))


@pytest.mark.servers
def test_a_database_that_is_stopped_at_once_loses_nothing(bench):
    if not WHERE:
        pytest.skip("no PostgreSQL here: /usr/lib/postgresql/*/bin/initdb is not found")
    held(disk.stopped_database(bench, 4, Random(CHANCE), 2))


def test_histories_of_updates_lose_no_change_and_a_merge_that_does_not_ask_is_caught():
    held(merged(Random(CHANCE), 5))
    held(merged_blindly(Random(CHANCE), 30))


@pytest.mark.servers
@specs("openproject-v3.json")
def test_an_update_killed_at_a_call_loses_and_doubles_nothing_and_who_notes_first_is_caught(tmp_path):
    held(killed(tmp_path / "whole", range(6, 16, 5)))
    held(killed_early(tmp_path / "early", range(6, 8)))


@pytest.mark.servers
@specs("openproject-v3.json")
def test_a_re_base_killed_at_a_call_loses_and_doubles_nothing_and_who_notes_first_is_caught(tmp_path):
    held(rebase_killed(tmp_path / "whole", range(6, 25, 9)))
    held(rebase_killed_early(tmp_path / "early", range(6, 8)))


@pytest.mark.servers
@specs("openproject-v3.json")
def test_a_distribution_killed_at_a_call_stands_once_and_who_does_not_look_is_caught(tmp_path):
    held(distributed(tmp_path / "looking", 4, range(9, 14, 4)))
    held(distributed_blindly(tmp_path / "blind", 4, range(8, 10)))


redmine = live.redmine


@pytest.mark.servers
def test_a_distribution_into_the_real_redmine_stands_once_and_who_does_not_look_is_caught(redmine, tmp_path):
    more = {"opened": an_office(redmine), "where": ON_REDMINE}
    held(distributed(tmp_path / "looking", 3, range(9, 10), **more))
    held(distributed_blindly(tmp_path / "blind", 3, range(8, 9), **more))
