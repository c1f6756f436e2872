"""Stored messages become runs: each exactly one, whatever is away, broken, killed or doubled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from config.messages import KINDS
from config.wiring import House
from domain.message import APART, HINT, TRIES, MessageState, Posted, RunState
from domain.mirror import Kept
from gateway.dispatch import Dispatcher
from gateway.hooks import OfficeHooks
from tests.gateway.conftest import NOW, Shelf, message, run

SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self):
        return self.at


def dispatcher(house: House, shelf: Shelf, clock: Clock | None = None) -> Dispatcher:
    return Dispatcher(house.store, house.organization.sources, OfficeHooks(house), shelf, clock or Clock())


def store(house: House, *posted: Posted) -> None:
    with house.store.begin() as unit:
        for each in posted:
            unit.inbox.receive(each)
        unit.commit()


def asked(key: str, kind: str = "sweep.requested") -> Posted:
    return Posted("bearer", key, kind, NOW, message(kind))


def hint(number: int, issue: int = 7, at=NOW) -> Posted:
    body = json.dumps({"type": "issue.updated", "data": {"issue": {"id": issue}}, "n": number}).encode()
    return Posted("redmine", f"h-{number}", HINT, at, body)


def states(house: House) -> dict[str, MessageState]:
    with house.store.read() as unit:
        return {each.key: each.state for each in unit.inbox.newest(10_000)}


def test_each_business_message_has_one_run_that_is_given_its_id_and_nothing_else(house, shelf) -> None:
    posted = [asked(f"m-{n}", kind) for n, kind in enumerate(KINDS)]
    store(house, *posted)
    work = dispatcher(house, shelf)
    for _ in range(3):
        run(work.round())
    assert shelf.of("answer-message") == [{"message": each.id} for each in posted]
    assert shelf.asked == len(posted)
    assert shelf.told == [each.id for each in posted]
    assert set(states(house).values()) == {MessageState.STARTED}


def test_while_the_server_is_away_nothing_is_lost_and_afterwards_each_runs_once(house, shelf) -> None:
    store(house, *(asked(f"m-{n}") for n in range(20)))
    work, shelf.away = dispatcher(house, shelf), True
    for _ in range(5):
        assert run(work._attempted()) is True
        assert work.away
    assert set(states(house).values()) == {MessageState.WAITING}
    shelf.away = False
    run(work._attempted())
    assert work.away == ""
    assert len(shelf.of("answer-message")) == 20


def test_killed_between_the_start_and_its_note_it_starts_nothing_twice(house, shelf, monkeypatch) -> None:
    store(house, *(asked(f"m-{n}") for n in range(5)))

    class KilledError(Exception):
        pass

    def killed(*_given, **_more):
        raise KilledError

    for _ in range(3):
        dead = dispatcher(house, shelf)
        with monkeypatch.context() as patched:
            patched.setattr(Dispatcher, "_moved", killed)
            try:
                run(dead.round())
            except KilledError:
                continue
            raise AssertionError("it was not killed")
    run(dispatcher(house, shelf).round())
    assert len(shelf.of("answer-message")) == 5
    assert shelf.asked == 8  # three were asked for once more, by their keys


def test_the_control_runs_that_have_no_key_are_started_twice(house, shelf, monkeypatch) -> None:
    store(house, asked("m-1"))
    keys = iter(range(100))
    start = shelf.start
    shelf.start = lambda deployment, parameters, _key: start(deployment, parameters, str(next(keys)))
    monkeypatch.setattr(Dispatcher, "_moved", lambda *_given, **_more: None)
    work = dispatcher(house, shelf)
    run(work.round())
    run(work.round())
    assert len(shelf.of("answer-message")) == 2


def test_two_doors_beside_each_other_start_each_once(house, shelf) -> None:
    import asyncio

    store(house, *(asked(f"m-{n}") for n in range(50)), *(hint(n) for n in range(50)))
    clock = Clock()
    one, two = dispatcher(house, shelf, clock), dispatcher(house, shelf, clock)

    async def both():
        for _ in range(4):
            await asyncio.gather(one.round(), two.round(), one.round())
            clock.at += SECOND

    run(both())
    assert len(shelf.of("answer-message")) == 50
    assert len(shelf.of("sync-offices")) == 2
    assert set(states(house).values()) == {MessageState.STARTED, MessageState.NOTED}


def test_one_that_prefect_refuses_is_parked_and_the_others_go_on_and_it_can_be_resent(house, shelf) -> None:
    bad, good = asked("bad"), asked("good")
    store(house, bad, good)
    shelf.poison = frozenset({bad.id})
    work = dispatcher(house, shelf)
    run(work.round())
    assert states(house) == {"bad": MessageState.PARKED, "good": MessageState.STARTED}
    shelf.poison = frozenset()
    with house.store.begin() as unit:
        unit.inbox.again(bad.id)
        unit.inbox.again(good.id)
        unit.commit()
    run(work.round())
    assert [p["message"] for p in shelf.of("answer-message")] == [good.id, bad.id, good.id]


def test_a_thousand_hints_about_one_office_are_three_readings_at_most(house, shelf) -> None:
    with house.store.begin() as unit:
        unit.mirrors.keep("porto/tracker", [Kept("#7", "2027", "{}")], "c")
        unit.commit()
    clock = Clock()
    work = dispatcher(house, shelf, clock)
    for number in range(1000):
        store(house, hint(number, at=clock.at))
        if number % 20 == 19:  # twenty edits a second
            clock.at += SECOND
            run(work.round())
            for key in shelf.runs:  # a reading takes a few seconds
                following = {RunState.QUEUED: RunState.RUNNING, RunState.RUNNING: RunState.ENDED}
                state = shelf.states.get(key, RunState.QUEUED)
                shelf.states[key] = following.get(state, state) if number % 40 == 39 else state
    for _ in range(60):
        clock.at += SECOND
        shelf.states.update(dict.fromkeys(shelf.runs, RunState.ENDED))
        run(work.round())
    syncs = shelf.of("sync-offices")
    assert {each["office"] for each in syncs} == {"porto"}
    assert 1 <= len(syncs) <= 3
    with house.store.read() as unit:
        (pending,) = unit.inbox.hints()
        assert pending.seen == pending.wanted == 1000
        assert unit.inbox.counts()[MessageState.NOTED] == 1000


def test_a_thing_that_nobody_remembers_is_looked_for_in_every_office_of_its_tool(house, shelf) -> None:
    clock = Clock()
    work = dispatcher(house, shelf, clock)
    store(house, hint(1, issue=99))
    run(work.round())
    clock.at += 2 * SECOND
    run(work.round())
    assert sorted(each["office"] for each in shelf.of("sync-offices")) == ["oslo", "porto"]


def test_a_hint_that_names_nothing_of_ours_starts_nothing(house, shelf) -> None:
    news = replace(hint(1), body=b'{"type": "news.created", "data": {}}')
    strange = replace(hint(2), body=b'{"zen": "?"}')
    nobody = replace(hint(3), source="gone")
    store(house, news, strange, nobody)
    clock = Clock()
    work = dispatcher(house, shelf, clock)
    for _ in range(3):
        run(work.round())
        clock.at += APART
    assert states(house) == {
        "h-1": MessageState.IGNORED, "h-2": MessageState.PARKED, "h-3": MessageState.PARKED,
    }  # fmt: skip
    assert shelf.runs == {}


def test_a_reading_that_is_lost_is_tried_again_and_then_left_to_the_schedule(house, shelf) -> None:
    with house.store.begin() as unit:
        unit.mirrors.keep("porto/tracker", [Kept("#7", "2027", "{}")], "c")
        unit.commit()
    store(house, hint(1))
    clock = Clock()
    work = dispatcher(house, shelf, clock)
    for _ in range(300):
        run(work.round())
        shelf.states.update(dict.fromkeys(shelf.runs, RunState.LOST))
        clock.at += 10 * SECOND
    assert len(shelf.of("sync-offices")) == TRIES


def test_text_that_prefect_would_execute_stays_text(house, shelf) -> None:
    hostile = '{{ 7*7 }} {"__prefect_kind": "jinja", "template": "{{ 7*7 }}"} $ref'
    posted = Posted("bearer", "m", "sweep.requested", NOW, message(why=hostile))
    store(house, posted)
    run(dispatcher(house, shelf).round())
    assert shelf.of("answer-message") == [{"message": posted.id}]


def test_bodies_are_let_go_after_their_time_and_never_of_what_waits(house, shelf) -> None:
    clock = Clock()
    store(house, asked("old"), replace(asked("parked"), kind="sweep.requested"))
    work = dispatcher(house, shelf, clock)
    run(work.round())
    shelf.away = True
    store(house, asked("waiting"))
    clock.at += timedelta(days=91)
    work._tidy()
    with house.store.read() as unit:
        assert {each.key for each in unit.inbox.newest(9) if each.body} == {"waiting"}
