"""Stored messages become runs: each exactly one, whatever is away, broken, killed or doubled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from config.messages import KINDS
from config.wiring import Application
from domain.messages.inbox import APART, HINT, TRIES, MessageState, Posted, RunState
from domain.organization.office import Access, Partition
from domain.organization.retention import Retention
from domain.plans.mirror import Kept
from gateway.inbound.dispatch import Dispatcher
from gateway.inbound.events import Events
from gateway.inbound.hooks import OfficeHooks
from gateway.prefect import Away, Deferred, Poison
from tests.gateway.conftest import NOW, Shelf, application_of, message, run

SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self):
        return self.at


def dispatcher(application: Application, shelf: Shelf, clock: Clock | None = None) -> Dispatcher:
    return Dispatcher(
        application.store, application.organization.sources, OfficeHooks(application), shelf, clock or Clock()
    )


def store(application: Application, *posted: Posted) -> None:
    with application.store.begin() as unit:
        for each in posted:
            unit.inbox.receive(each)
        unit.commit()


def asked(key: str, kind: str = "sweep.requested") -> Posted:
    return Posted("bearer", key, kind, NOW, message(kind))


def hint(number: int, issue: int = 7, at=NOW) -> Posted:
    body = json.dumps({"type": "issue.updated", "data": {"issue": {"id": issue}}, "n": number}).encode()
    return Posted("redmine", f"h-{number}", HINT, at, body)


def states(application: Application) -> dict[str, MessageState]:
    with application.store.read() as unit:
        return {each.key: each.state for each in unit.inbox.newest(10_000)}


def test_each_business_message_has_one_run_that_is_given_its_id_and_nothing_else(application, shelf) -> None:
    posted = [asked(f"m-{n}", kind) for n, kind in enumerate(KINDS)]
    store(application, *posted)
    work = dispatcher(application, shelf)
    for _ in range(3):
        run(work.round())
    assert shelf.of("answer-message") == [{"message": each.id} for each in posted]
    assert shelf.asked == len(posted)
    assert shelf.told == [each.id for each in posted]
    assert set(states(application).values()) == {MessageState.STARTED}


def test_while_the_server_is_away_nothing_is_lost_and_afterwards_each_runs_once(application, shelf) -> None:
    store(application, *(asked(f"m-{n}") for n in range(20)))
    work, shelf.away = dispatcher(application, shelf), True
    for _ in range(5):
        assert run(work._attempted()) is True
        assert work.away
    assert set(states(application).values()) == {MessageState.WAITING}
    shelf.away = False
    run(work._attempted())
    assert work.away == ""
    assert len(shelf.of("answer-message")) == 20


def test_killed_between_the_start_and_its_note_it_starts_nothing_twice(
    application, shelf, monkeypatch
) -> None:
    store(application, *(asked(f"m-{n}") for n in range(5)))

    class KilledError(Exception):
        pass

    def killed(*_given, **_more):
        raise KilledError

    for _ in range(3):
        dead = dispatcher(application, shelf)
        with monkeypatch.context() as patched:
            patched.setattr(Dispatcher, "_moved", killed)
            try:
                run(dead.round())
            except KilledError:
                continue
            raise AssertionError("it was not killed")
    run(dispatcher(application, shelf).round())
    assert len(shelf.of("answer-message")) == 5
    assert shelf.asked == 8  # three were asked for once more, by their keys


def test_the_control_runs_that_have_no_key_are_started_twice(application, shelf, monkeypatch) -> None:
    store(application, asked("m-1"))
    keys = iter(range(100))
    start = shelf.start
    shelf.start = lambda deployment, parameters, _key: start(deployment, parameters, str(next(keys)))
    monkeypatch.setattr(Dispatcher, "_moved", lambda *_given, **_more: None)
    work = dispatcher(application, shelf)
    run(work.round())
    run(work.round())
    assert len(shelf.of("answer-message")) == 2


def test_two_doors_beside_each_other_start_each_once(application, shelf) -> None:
    import asyncio

    store(application, *(asked(f"m-{n}") for n in range(50)), *(hint(n) for n in range(50)))
    clock = Clock()
    one, two = dispatcher(application, shelf, clock), dispatcher(application, shelf, clock)

    async def both():
        for _ in range(4):
            await asyncio.gather(one.round(), two.round(), one.round())
            clock.at += SECOND

    run(both())
    assert len(shelf.of("answer-message")) == 50
    assert len(shelf.of("sync-offices")) == 2
    assert set(states(application).values()) == {MessageState.STARTED, MessageState.NOTED}


def test_one_that_prefect_refuses_is_parked_and_the_others_go_on_and_it_can_be_resent(
    application, shelf
) -> None:
    bad, good = asked("bad"), asked("good")
    store(application, bad, good)
    shelf.poison = frozenset({bad.id})
    work = dispatcher(application, shelf)
    run(work.round())
    assert states(application) == {"bad": MessageState.PARKED, "good": MessageState.STARTED}
    shelf.poison = frozenset()
    with application.store.begin() as unit:
        unit.inbox.again(bad.id)
        unit.inbox.again(good.id)
        unit.commit()
    run(work.round())
    assert [p["message"] for p in shelf.of("answer-message")] == [good.id, bad.id, good.id]


@pytest.mark.servers
def test_a_thousand_hints_about_one_office_are_three_readings_at_most(application, shelf) -> None:
    with application.store.begin() as unit:
        unit.mirrors.keep("porto/tracker", [Kept("#7", "2027", "{}")], "c")
        unit.commit()
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    for second in range(50):  # twenty edits in each
        store(application, *(hint(number, at=clock.at) for number in range(20 * second, 20 * second + 20)))
        clock.at += SECOND
        run(work.round())
        for key in shelf.runs:  # a reading takes a few seconds
            following = {RunState.QUEUED: RunState.RUNNING, RunState.RUNNING: RunState.ENDED}
            state = shelf.states.get(key, RunState.QUEUED)
            shelf.states[key] = following.get(state, state) if second % 2 else state
    for _ in range(60):
        clock.at += SECOND
        shelf.states.update(dict.fromkeys(shelf.runs, RunState.ENDED))
        run(work.round())
    syncs = shelf.of("sync-offices")
    assert {each["office"] for each in syncs} == {"porto"}
    assert 1 <= len(syncs) <= 3
    with application.store.read() as unit:
        (pending,) = unit.inbox.hints()
        assert pending.seen == pending.wanted == 1000
        assert unit.inbox.counts()[MessageState.NOTED] == 1000


def test_a_thing_that_nobody_remembers_is_looked_for_in_every_office_of_its_tool(application, shelf) -> None:
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    store(application, hint(1, issue=99))
    run(work.round())
    clock.at += 2 * SECOND
    run(work.round())
    assert sorted(each["office"] for each in shelf.of("sync-offices")) == ["oslo", "porto"]


def test_a_hint_that_names_nothing_of_ours_starts_nothing(application, shelf) -> None:
    news = replace(hint(1), body=b'{"type": "news.created", "data": {}}')
    strange = replace(hint(2), body=b'{"zen": "?"}')
    nobody = replace(hint(3), source="gone")
    store(application, news, strange, nobody)
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    for _ in range(3):
        run(work.round())
        clock.at += APART
    assert states(application) == {
        "h-1": MessageState.IGNORED, "h-2": MessageState.PARKED, "h-3": MessageState.PARKED,
    }  # fmt: skip
    assert shelf.runs == {}


def test_a_reading_that_is_lost_is_tried_again_and_then_left_to_the_schedule(application, shelf) -> None:
    with application.store.begin() as unit:
        unit.mirrors.keep("porto/tracker", [Kept("#7", "2027", "{}")], "c")
        unit.commit()
    store(application, hint(1))
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    for _ in range(300):
        run(work.round())
        shelf.states.update(dict.fromkeys(shelf.runs, RunState.LOST))
        clock.at += 10 * SECOND
    assert len(shelf.of("sync-offices")) == TRIES


def test_text_that_prefect_would_execute_stays_text(application, shelf) -> None:
    hostile = '{{ 7*7 }} {"__prefect_kind": "jinja", "template": "{{ 7*7 }}"} $ref'
    posted = Posted("bearer", "m", "sweep.requested", NOW, message(why=hostile))
    store(application, posted)
    run(dispatcher(application, shelf).round())
    assert shelf.of("answer-message") == [{"message": posted.id}]


def test_bodies_are_let_go_after_their_time_and_never_of_what_waits(application, shelf) -> None:
    clock = Clock()
    store(application, asked("old"), replace(asked("parked"), kind="sweep.requested"))
    work = dispatcher(application, shelf, clock)
    run(work.round())
    shelf.away = True
    store(application, asked("waiting"))
    clock.at += timedelta(days=91)
    work._tidy()
    with application.store.read() as unit:
        assert {each.key for each in unit.inbox.newest(9) if each.body} == {"waiting"}
        (removed,) = [each.event for each in unit.ledger.entries() if each.event.kind == "retention"]
    assert (removed.subject, removed.detail["count"], removed.detail["kept_days"]) == ("messages", 2, 90)


def test_bodies_are_kept_for_as_long_as_the_organization_says(application, shelf) -> None:
    clock = Clock()
    store(application, asked("old"))
    work = replace(dispatcher(application, shelf, clock), retention=Retention(messages=120))
    run(work.round())
    for days, kept in ((91, True), (30, False)):
        clock.at += timedelta(days=days)
        work._tidy()
        with application.store.read() as unit:
            assert bool(unit.inbox.newest(1)[0].body) is kept


def test_hints_are_noted_and_offices_read_though_no_message_can_be_started(application, shelf) -> None:
    store(application, *(asked(f"m-{n}") for n in range(150)), hint(1))
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    hindered = Deferred("Prefect's server knows no answer-message: run `interoffice setup`")
    with application.store.read() as unit:
        shelf.wrong = {each.id: hindered for each in unit.inbox.waiting(999)}
    for _ in range(3):
        run(work._attempted())
        clock.at += 2 * SECOND
    assert states(application)["h-1"] is MessageState.NOTED
    assert sorted(each["office"] for each in shelf.of("sync-offices")) == ["oslo", "porto"]
    assert str(hindered) in work.away
    shelf.wrong = {}
    for _ in range(4):
        clock.at += APART
        run(work._attempted())
    assert len(shelf.of("answer-message")) == 150
    assert set(states(application).values()) == {MessageState.STARTED, MessageState.NOTED}


def test_a_message_behind_many_that_cannot_be_started_has_its_run_and_they_are_asked_for_ever_less(
    application, shelf
) -> None:
    stuck, fine = [asked(f"m-{n}") for n in range(150)], asked("fine")
    store(application, *stuck, fine)
    shelf.wrong = {each.id: Deferred("it answers 500") for each in stuck}
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    for _ in range(2):
        assert run(work._attempted()) is True
    assert shelf.of("answer-message") == [{"message": fine.id}]
    assert work.away.startswith("it answers 500; 149 more")
    for _ in range(60):
        clock.at += SECOND
        run(work._attempted())
    assert shelf.asked < 151 + 150 * 8
    shelf.wrong = {}
    clock.at += APART
    for _ in range(2):
        run(work._attempted())
    assert len(shelf.of("answer-message")) == 151
    assert work.away == ""


def test_a_server_that_is_really_away_is_asked_once_in_a_round(application, shelf) -> None:
    many = [asked(f"m-{n}") for n in range(50)]
    store(application, *many)
    shelf.wrong = {each.id: Away("it times out") for each in many}
    work = dispatcher(application, shelf)
    run(work._attempted())
    assert shelf.asked == 1
    assert work.away == "it times out"


def test_a_message_that_fails_as_nothing_should_is_parked_without_its_words_and_can_be_resent(
    application, shelf, caplog
) -> None:
    bad, good = asked("bad"), asked("good")
    store(application, bad, good)
    shelf.wrong = {bad.id: KeyError("a secret of the body")}
    work = dispatcher(application, shelf)
    run(work._attempted())
    assert states(application) == {"bad": MessageState.PARKED, "good": MessageState.STARTED}
    with application.store.begin() as unit:
        assert "KeyError at conftest.py" in unit.inbox.get(bad.id).note
        assert "secret" not in unit.inbox.get(bad.id).note
        unit.inbox.again(bad.id)
        unit.commit()
    assert any("KeyError" in getattr(record, "why", "") for record in caplog.records)
    assert "secret" not in "".join(str(vars(record)) for record in caplog.records)
    shelf.wrong = {}
    run(work._attempted())
    assert states(application)["bad"] is MessageState.STARTED


class Torn:
    """Hooks that fail for some bodies as no connector should."""

    def __init__(self, application: Application) -> None:
        self.real = OfficeHooks(application)

    def mentioned(self, tool: str, body: bytes):
        if b'"n": 2}' in body:
            raise ZeroDivisionError("a secret of the body")
        return self.real.mentioned(tool, body)


def test_a_hint_that_fails_as_nothing_should_is_parked_and_the_others_are_noted(application, shelf) -> None:
    endless = replace(hint(9), body=b'{"type": "issue.updated", "data": {"issue": {"id": 1e400}}}')
    store(application, hint(1), hint(2), hint(3), endless)
    work = dispatcher(application, shelf)
    work.hooks = Torn(application)
    run(work._attempted())
    told = states(application)
    assert {key for key, state in told.items() if state is MessageState.PARKED} == {"h-2", "h-9"}
    assert {key for key, state in told.items() if state is MessageState.NOTED} == {"h-1", "h-3"}
    with application.store.read() as unit:
        assert "ZeroDivisionError" in unit.inbox.get(hint(2).id).note
        assert "secret" not in unit.inbox.get(hint(2).id).note


@pytest.mark.parametrize("problem", [ZeroDivisionError("?"), Deferred("it answers 500")])
def test_an_office_whose_reading_cannot_be_started_stays_pending_and_the_other_one_is_read(
    application, shelf, problem
) -> None:
    store(application, hint(1, issue=99))
    shelf.wrong = {"oslo": problem}
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    for _ in range(3):
        assert run(work._attempted()) is True
        clock.at += 2 * SECOND
    assert [each["office"] for each in shelf.of("sync-offices")] == ["porto"]
    assert work.away
    with application.store.read() as unit:
        assert {each.office for each in unit.inbox.hints() if each.wanted > each.seen} == {"oslo", "porto"}
    shelf.wrong = {}
    clock.at += APART
    run(work._attempted())
    assert sorted(each["office"] for each in shelf.of("sync-offices")) == ["oslo", "porto"]
    assert work.away == ""


def test_a_run_that_the_server_will_not_tell_of_is_lost_and_the_office_is_read_anew(
    application, shelf
) -> None:
    store(application, hint(1))
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    for _ in range(2):
        run(work._attempted())
        clock.at += 2 * SECOND
    before = len(shelf.runs)
    shelf.wrong = {"state": Poison("it refuses it with 422")}
    run(work._attempted())
    shelf.wrong = {}
    clock.at += 2 * APART
    run(work._attempted())
    assert len(shelf.runs) == 2 * before


def test_a_round_that_fails_as_nothing_should_is_told_and_waited_out_and_the_next_one_works(
    application, shelf, monkeypatch, caplog
) -> None:
    store(application, asked("m"))
    work = dispatcher(application, shelf)
    with monkeypatch.context() as patched:
        patched.setattr(Dispatcher, "_page", lambda _self: {}["a secret"])
        assert run(work._attempted()) is True
    assert "KeyError" in work.away
    assert "secret" not in work.away + caplog.text
    assert "KeyError" in caplog.records[-1].why
    run(work._attempted())
    assert (work.away, states(application)) == ("", {"m": MessageState.STARTED})


def test_each_message_is_told_once_when_it_changes_its_state_however_long_it_waits(
    application, shelf
) -> None:
    stuck, fine, refused = asked("stuck"), asked("fine"), asked("refused")
    store(application, stuck, fine, refused, hint(1))
    shelf.wrong, shelf.poison = {stuck.id: Deferred("it answers 500")}, frozenset({refused.id})
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    for _ in range(5):
        run(work._attempted())
        clock.at += APART
    told = [each for some in shelf.tellings for each in some]
    assert sorted(told) == sorted([fine.id, refused.id, hint(1).id])
    shelf.wrong = {}
    run(work._attempted())
    assert [each for some in shelf.tellings for each in some].count(stuck.id) == 1


def test_killed_after_the_telling_the_event_is_told_again_by_its_id(application, shelf, monkeypatch) -> None:
    posted = asked("m")
    store(application, posted)
    dead = dispatcher(application, shelf)
    with monkeypatch.context() as patched:
        patched.setattr(Events, "_note", lambda *_given: 1 / 0)
        run(dead._attempted())
    run(dispatcher(application, shelf)._attempted())
    assert shelf.tellings == [[posted.id], [posted.id]]
    assert len(shelf.of("answer-message")) == 1


def test_killed_before_an_event_is_told_it_is_told_by_the_next_process_even_after_months(
    application, shelf
) -> None:
    posted = [asked("m"), hint(1)]
    store(application, *posted)
    shelf.wrong = {"tell": Deferred("it answers 503 (events)")}
    run(dispatcher(application, shelf)._attempted())
    assert (set(states(application).values()), shelf.told) == ({MessageState.STARTED, MessageState.NOTED}, [])
    shelf.wrong, clock = {}, Clock()
    clock.at += timedelta(days=91)
    run(dispatcher(application, shelf, clock)._attempted())
    assert shelf.tellings == [[each.id for each in posted]]
    run(dispatcher(application, shelf, clock)._attempted())
    assert len(shelf.tellings) == 1


@pytest.mark.parametrize("problem", [Deferred("it answers 403 (events)"), Away("?"), ZeroDivisionError("?")])
def test_what_cannot_be_told_holds_up_nothing_and_is_told_later(application, shelf, problem) -> None:
    posted = [asked(f"m-{n}") for n in range(3)]
    store(application, *posted, hint(1))
    shelf.wrong = {"tell": problem}
    clock = Clock()
    work = dispatcher(application, shelf, clock)
    run(work._attempted())
    assert set(states(application).values()) == {MessageState.STARTED, MessageState.NOTED}
    assert work.away
    shelf.wrong = {}
    clock.at += APART
    run(work._attempted())
    run(work._attempted())
    assert sorted(shelf.told) == sorted(each.id for each in (*posted, hint(1)))
    assert sum(map(len, shelf.tellings)) == 4


def test_an_event_that_is_refused_for_what_it_is_holds_back_no_other(application, shelf) -> None:
    hints = [hint(n) for n in range(5)]
    store(application, *hints)
    shelf.wrong = {f"event {hints[2].id}": Poison("it refuses it with 422 (events)")}
    work = dispatcher(application, shelf)
    run(work._attempted())
    assert shelf.told == [each.id for each in hints if each != hints[2]]
    assert set(states(application).values()) == {MessageState.NOTED}
    assert work.away == ""


def test_an_office_whose_connector_cannot_be_made_is_read_for_what_the_others_found(tmp_path, shelf) -> None:
    application = application_of(tmp_path)
    parts = (
        *application.organization.partitions[:1],
        Partition("oslo", "tracker", Access.OBSERVE, {"wrong": 1}),
    )
    torn = replace(application, organization=replace(application.organization, partitions=parts))
    store(torn, hint(1))
    clock = Clock()
    work = dispatcher(torn, shelf, clock)
    run(work._attempted())
    assert states(torn) == {"h-1": MessageState.NOTED}
    with torn.store.read() as unit:
        assert [each.office for each in unit.inbox.hints()] == ["oslo", "porto"]
    application.store.close()


def test_a_resend_while_its_start_is_under_way_is_not_undone(application, shelf) -> None:
    posted = asked("m")
    store(application, posted)
    work, start = dispatcher(application, shelf), shelf.start

    async def slow(deployment, parameters, key):
        if key == posted.id:
            with application.store.begin() as unit:
                unit.inbox.again(posted.id)
                unit.commit()
        return await start(deployment, parameters, key)

    shelf.start = slow
    run(work._attempted())
    assert states(application) == {"m": MessageState.WAITING}
    run(work._attempted())
    assert list(shelf.runs) == [posted.id, f"{posted.id}/1"]


def test_bodies_are_not_loaded_for_what_is_started_and_parsed_outside_the_writing(application, shelf) -> None:
    store(application, asked("m"), hint(1))
    seen: list[bytes] = []

    class Looking(OfficeHooks):
        def mentioned(self, tool, body):
            seen.append(body)
            store(application, asked("meanwhile"))  # would wait in vain for a transaction that is open
            return super().mentioned(tool, body)

    work = dispatcher(application, shelf)
    work.hooks = Looking(application)
    assert [each.body for each in work._page()] == [b""]
    run(work.round())
    assert seen == [hint(1).body]
    assert states(application) == {
        "m": MessageState.STARTED, "h-1": MessageState.NOTED, "meanwhile": MessageState.STARTED,
    }  # fmt: skip
