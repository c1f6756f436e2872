"""What each repository promises, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.canonical import digest
from domain.compliance.sweep import Judged, OfficeState, Sweep
from domain.delivery.delivery import Intent, IntentState
from domain.delivery.wanted import ItemFields, Wanted
from domain.hosts.life import Host, Process
from domain.plans.left_out import LeftOut, LeftOutKind
from domain.plans.not_read import NotRead
from domain.plans.project import Item, Plan, Project, ToolDescription, Unreadable
from domain.questions.question import Notice, NoticeKind, Question, QuestionKind, QuestionState
from domain.rollouts.rollout import (
    Adoption,
    Manifest,
    Member,
    Rollout,
    RolloutState,
    Standing,
    WavePlan,
    WaveState,
)
from domain.standards.standard import Example, Level, Rule, RuleKind, Version
from domain.standards.verdict import Result, Verdict
from store import Store, Unit, errors
from store.plans import OfficeReading

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
LATER = AT + timedelta(days=7)
DAY = AT.date()


def plan(key: str, title: str = "Quay", items: int = 1) -> Plan:
    office = key.partition("/")[0]
    return Plan(Project(key, office, title), tuple(Item(f"{key}/{n}", key, "Dig") for n in range(items)))


def process(number: int, started: float = 1.5) -> Process:
    return Process(Host("here", "1"), number, started)


FIRST, SECOND = process(1), process(2)


def intent(key: str = "k1", title: str = "Adopt", **changes: object) -> Intent:
    wanted = Wanted(key, "porto", ItemFields(title=title, due=DAY))
    return replace(Intent(wanted, wanted.digest, IntentState.STORED, AT), **changes)


MANIFEST = Manifest(
    "delivery-method", "2.0", "d0", DAY, (WavePlan(1, "First", ("porto",), DAY),), (Member("porto/1", "porto", 1),)
)  # fmt: skip
ROLLOUT = Rollout(
    "dm-2.0", MANIFEST.summary, RolloutState.RUNNING, "p-1", True, "why", DAY, {1: WaveState.RUNNING}
)
ADOPTION = Adoption("porto/1", "porto", 1, Standing.NOTIFIED, DAY, missing=("project.sponsor",))
QUESTION = Question("q1", "porto", "porto/1", QuestionKind.FACT, "project.sponsor", "Who?", DAY, DAY)
NOTICE = Notice("n1", NoticeKind.LATE, "porto", "head", DAY, {"items": 3}, "Late")
RULE = Rule(
    "plan.owners", "Owners", RuleKind.COMPUTED, Level.FLOOR, "Name them",
    Example({"plan": {"without_owner": 0}}), Example({"plan": {"without_owner": 2}}), check="plan.without_owner == 0",
)  # fmt: skip
VERSION = Version("delivery-method", "2.0", "Delivery", "coe", DAY, (RULE,), digest="d0")


def sweep(sweep_id: str, at: datetime, band: Result = Result.PASS, version: str = "2.0") -> Sweep:
    verdict = Verdict("porto/1", "plan.owners", band, "because", {"plan.without_owner": 0, "now": at})
    judged = tuple(
        Judged(f"porto/{n}", "porto", version, band, (verdict,), f"plan{n}", "facts") for n in (2, 1, 3)
    )
    states = (OfficeState("porto", at, stale=False), OfficeState("oslo", None, stale=True, problem="gone"))
    return Sweep(sweep_id, at, "delivery-method", version, judged, states)


def together(store: Store, act: Callable[[Unit, int], object], times: int = 4) -> list:
    """What several threads got that each did the same in a unit of their own."""

    def run(number: int) -> object:
        with store.begin() as unit:
            got = act(unit, number)
            unit.commit()
            return got

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_a_reading_that_failed_keeps_what_the_last_good_one_brought(store: Store) -> None:
    tool = ToolDescription("workbook", "16", frozenset({"owner"}), frozenset({"open"}))
    cell = Unreadable("Plan!B7", "94 %%", "not a number")
    rows = LeftOut(LeftOutKind.TOTALS_ROW, 2, ("Plan!A9", "Plan!A17"))
    with store.begin() as unit:
        unit.readings.add("porto", AT, "d1", unreadable=[cell], tool=tool, left_out=[rows])
        unit.readings.add("oslo", AT, "", problem="locked")
        unit.readings.add("porto", LATER, "", problem="damaged", failure=NotRead.REFUSED)
        unit.commit()
    with store.read() as unit:
        assert unit.readings.latest() == {
            "oslo": OfficeReading("oslo", AT, None, "", "locked"),
            "porto": OfficeReading(
                "porto", LATER, AT, "d1", "damaged", (cell,), tool, (rows,), NotRead.REFUSED
            ),
        }
    with store.begin() as unit:
        unit.readings.add("porto", LATER, "d2")
        assert unit.readings.latest()["porto"] == OfficeReading("porto", LATER, LATER, "d2")


def test_an_older_reading_does_not_replace_a_newer_one(store: Store) -> None:
    with store.begin() as unit:
        unit.readings.add("porto", LATER, "new")
        unit.readings.add("porto", AT, "old")
        assert unit.readings.latest()["porto"].digest == "new"


def test_plans_are_told_apart_by_their_content(store: Store) -> None:
    first = [plan("porto/1"), plan("porto/2"), plan("porto/3")]
    second = [plan("porto/1"), plan("porto/2", "Crane"), plan("porto/4")]
    with store.begin() as unit:
        assert unit.plans.put("porto", first, AT) == (3, 0, 0, 0)
        assert unit.plans.put("oslo", [plan("oslo/1")], AT) == (1, 0, 0, 0)
        assert unit.plans.put("porto", first, LATER) == (0, 0, 3, 0)
        unit.commit()
    with store.begin() as unit:
        assert unit.plans.put("porto", second, LATER) == (1, 1, 1, 1)
        unit.commit()
    with store.read() as unit:
        porto = unit.plans.current("porto")
        assert [stored.plan for stored in porto] == second
        assert [stored.read_at for stored in porto] == [AT, LATER, LATER]
        assert [stored.digest for stored in porto] == [digest(each) for each in second]
        assert unit.plans.current()[0].plan.project.key == "oslo/1"
        assert len(unit.plans.current()) == 4


def test_a_project_that_left_its_tool_is_gone_and_not_forgotten(store: Store) -> None:
    old = plan("porto/1")
    with store.begin() as unit:
        unit.plans.put("porto", [old], AT)
        assert unit.plans.put("porto", [], LATER) == (0, 0, 0, 1)
        assert unit.plans.put("porto", [], LATER) == (0, 0, 0, 0)
        assert unit.plans.current() == ()
        assert unit.plans.gone() == {"porto/1": LATER}
        assert unit.plans.by_digest(digest(old)) == old
        assert unit.plans.put("porto", [old], LATER) == (1, 0, 0, 0)
        assert unit.plans.gone() == {}


def test_a_changed_plan_stays_readable_by_its_digest(store: Store) -> None:
    old = plan("porto/1")
    with store.begin() as unit:
        unit.plans.put("porto", [old], AT)
        unit.plans.put("porto", [plan("porto/1", "Crane")], LATER)
        assert unit.plans.by_digest(digest(old)) == old
        with pytest.raises(errors.Unknown):
            unit.plans.by_digest("none")


def test_a_project_given_twice_or_of_another_office_is_refused(store: Store) -> None:
    with store.begin() as unit:
        with pytest.raises(errors.Unstorable, match="porto/1 is given twice"):
            unit.plans.put("porto", [plan("porto/1"), plan("porto/1")], AT)
        with pytest.raises(errors.Unstorable, match="oslo/1 is of office oslo, not of porto"):
            unit.plans.put("porto", [plan("oslo/1")], AT)


def test_projects_come_in_the_same_order_on_every_database(store: Store) -> None:
    with store.begin() as unit:
        unit.plans.put("o", [plan(f"o/{name}") for name in ("b", "a", "B", "é", "_", "a-2", "a 1")], AT)
        keys = [stored.plan.project.key for stored in unit.plans.current()]
        assert keys == sorted(keys)


def test_two_deliveries_of_one_reading_agree(store: Store) -> None:
    plans = [plan(f"porto/{n}") for n in range(5)]
    together(store, lambda unit, _: unit.plans.put("porto", plans, AT))
    with store.read() as unit:
        assert [stored.plan for stored in unit.plans.current()] == plans


def test_a_version_is_published_once_and_never_changes(store: Store) -> None:
    with store.begin() as unit:
        assert unit.versions.publish(VERSION, AT) is True
        assert unit.versions.publish(VERSION, LATER) is False
        with pytest.raises(errors.Changed, match=r"delivery-method/2\.0 is published"):
            unit.versions.publish(replace(VERSION, title="Other", digest="d1"), LATER)
        assert unit.versions.get("delivery-method", "2.0") == VERSION
        assert unit.versions.get("delivery-method", "1.0") is None
        newer = replace(VERSION, version="2.1")
        assert unit.versions.publish(newer, LATER) is True
        assert unit.versions.all() == (VERSION, newer)


def test_a_simulation_is_kept_once(store: Store) -> None:
    found = {"as_of": DAY, "flips": [{"project": "porto/1", "now": "fail"}], "share": 0.5}
    with store.begin() as unit:
        assert unit.simulations.add("s1", found, AT) is True
        assert unit.simulations.add("s1", found, LATER) is False
        assert unit.simulations.get("s1") == found
        assert unit.simulations.get("s2") is None


def test_a_rollout_keeps_the_manifest_that_was_approved(store: Store) -> None:
    paused = replace(ROLLOUT, state=RolloutState.PAUSED, note="holiday")
    changed = replace(MANIFEST, version_digest="d1")
    other = replace(ROLLOUT, manifest=changed.summary)
    with store.begin() as unit:
        with pytest.raises(errors.Unknown):
            unit.rollouts.save(ROLLOUT)
        assert unit.rollouts.add(ROLLOUT, MANIFEST.members) is True
        assert unit.rollouts.save(ROLLOUT) is False
        assert unit.rollouts.save(paused) is True
        assert unit.rollouts.add(ROLLOUT, MANIFEST.members) is False
        assert unit.rollouts.get(ROLLOUT.id) == paused
        assert unit.rollouts.members(ROLLOUT.id) == MANIFEST.members
        with pytest.raises(errors.Changed, match="another manifest"):
            unit.rollouts.add(other, changed.members)
        with pytest.raises(errors.Changed, match="another manifest"):
            unit.rollouts.save(other)
        assert unit.rollouts.members(ROLLOUT.id) == MANIFEST.members
        assert unit.rollouts.all() == (paused,)
        assert unit.rollouts.get("none") is None


def test_an_adoption_is_written_only_when_it_changed(store: Store) -> None:
    adopted = replace(ADOPTION, standing=Standing.ADOPTED, since=LATER.date())
    with store.begin() as unit:
        unit.rollouts.add(ROLLOUT, MANIFEST.members)
        assert unit.adoptions.save(ROLLOUT.id, ADOPTION) is True
        assert unit.adoptions.save(ROLLOUT.id, ADOPTION) is False
        assert unit.adoptions.save(ROLLOUT.id, adopted) is True
        other = replace(ADOPTION, project="oslo/1", office="oslo")
        unit.adoptions.save(ROLLOUT.id, other)
        assert unit.adoptions.of(ROLLOUT.id) == (other, adopted)
        assert unit.adoptions.of(ROLLOUT.id, "oslo") == (other,)
        assert unit.adoptions.of(ROLLOUT.id, "none") == ()
        assert unit.adoptions.of("none") == ()


def test_an_adoption_of_a_rollout_that_is_not_there_is_refused(store: Store) -> None:
    with store.begin() as unit, pytest.raises(errors.Conflict):
        unit.adoptions.save("none", ADOPTION)


def test_the_counts_of_a_day_replace_the_days_earlier_ones(store: Store) -> None:
    with store.begin() as unit:
        unit.rollouts.add(ROLLOUT, MANIFEST.members)
        unit.adoptions.add_count(ROLLOUT.id, LATER.date(), {Standing.ADOPTED: 2})
        unit.adoptions.add_count(ROLLOUT.id, DAY, {Standing.ADOPTED: 0, Standing.NOTIFIED: 3})
        unit.adoptions.add_count(ROLLOUT.id, LATER.date(), {Standing.ADOPTED: 3})
        assert unit.adoptions.counts(ROLLOUT.id) == (
            (DAY, {Standing.ADOPTED: 0, Standing.NOTIFIED: 3}),
            (LATER.date(), {Standing.ADOPTED: 3}),
        )


def test_a_question_is_asked_once_and_its_answer_is_kept(store: Store) -> None:
    answered = replace(QUESTION, state=QuestionState.ANSWERED, answer=date(2027, 2, 1), answered=DAY)
    elsewhere = replace(QUESTION, id="q0", office="oslo")
    with store.begin() as unit:
        with pytest.raises(errors.Unknown):
            unit.questions.save(QUESTION)
        assert unit.questions.add(QUESTION) is True
        assert unit.questions.add(elsewhere) is True
        assert unit.questions.save(answered) is True
        assert unit.questions.save(answered) is False
        assert unit.questions.add(QUESTION) is False
        assert unit.questions.get("q1") == answered
        assert unit.questions.get("none") is None
        assert unit.questions.of() == (elsewhere, answered)
        assert unit.questions.of("porto") == (answered,)
        assert unit.questions.of(state=QuestionState.OPEN) == (elsewhere,)
        assert unit.questions.of("porto", QuestionState.OPEN) == ()


def test_a_notice_is_told_once(store: Store) -> None:
    second = replace(NOTICE, key="n2", on=LATER.date())
    with store.begin() as unit:
        assert unit.notices.add(second) is True
        assert unit.notices.add(NOTICE) is True
        assert unit.notices.add(replace(NOTICE, text="again")) is False
        assert unit.notices.undelivered() == (NOTICE, second)
        assert unit.notices.delivered("n1", AT) is True
        assert unit.notices.delivered("n1", LATER) is False
        with pytest.raises(errors.Unknown):
            unit.notices.delivered("none", AT)
        assert unit.notices.add(NOTICE) is False
        assert unit.notices.undelivered() == (second,)
        assert unit.notices.of(NOTICE.office) == (NOTICE, second)
        assert unit.notices.of("none") == ()


def test_of_threads_that_add_one_notice_exactly_one_is_first(store: Store) -> None:
    assert sorted(together(store, lambda unit, _: unit.notices.add(NOTICE))) == [False, False, False, True]


def test_an_intent_moves_on_and_keeps_its_content(store: Store) -> None:
    sent = intent(state=IntentState.SENT, sent_at=LATER)
    with store.begin() as unit:
        assert unit.intents.save(intent()) is True
        assert unit.intents.save(intent()) is False
        assert unit.intents.save(sent) is True
        assert unit.intents.get("k1") == sent
        assert unit.intents.get("none") is None
        unit.intents.save(intent("k0"))
        assert [each.wanted.key for each in unit.intents.of("porto")] == ["k0", "k1"]
        assert unit.intents.of("oslo") == ()


def test_the_same_key_with_other_content_is_refused_unless_it_is_renewed_by_name(store: Store) -> None:
    other = intent(title="Adopt 2.1")
    with store.begin() as unit:
        with pytest.raises(errors.Unknown):
            unit.intents.renew(other)
        unit.intents.save(intent())
        with pytest.raises(errors.Changed, match="other content"):
            unit.intents.save(other)
        with pytest.raises(errors.Changed, match="other content"):
            unit.intents.save(replace(other, digest=intent().digest))
        assert unit.intents.renew(other) is True
        assert unit.intents.renew(other) is False
        assert unit.intents.get("k1") == other
        with pytest.raises(errors.Changed, match="another office"):
            unit.intents.renew(replace(other, wanted=replace(other.wanted, office="oslo")))


def test_tallies_add_up_since_a_mark(store: Store) -> None:
    with store.begin() as unit:
        assert (unit.tallies.mark(), unit.tallies.since(0)) == (0, (0, 0, 0))
        unit.tallies.add("porto", 5, 1, 2, AT)
        mark = unit.tallies.mark()
        assert unit.tallies.since(mark) == (0, 0, 0)
        unit.tallies.add("porto", 0, 0, 8, LATER)
        unit.tallies.add("oslo", 1, 2, 3, LATER)
        assert unit.tallies.since(mark) == (1, 2, 11)
        assert unit.tallies.since(0).create == 6


def test_marks_keep_small_values(store: Store) -> None:
    with store.begin() as unit:
        for value in (1, 2.5, "x", None, True, [1, "a"], {"at": AT, "day": DAY}):
            unit.marks.set("m", value)
            assert unit.marks.get("m") == value
        assert unit.marks.get("none") is None


def test_a_sweep_comes_out_as_it_was_judged(store: Store) -> None:
    judged = sweep("s1", AT)
    with store.begin() as unit:
        assert unit.sweeps.add(judged) is True
        assert unit.sweeps.add(judged) is False
        unit.commit()
    with store.read() as unit:
        assert unit.sweeps.get("s1") == judged
        assert unit.sweeps.latest("delivery-method", "2.0") == judged
        assert unit.sweeps.latest("delivery-method", "1.0") is None
        assert unit.sweeps.get("none") is None


def test_sweeps_are_found_by_time_and_by_order(store: Store) -> None:
    first, second, third = sweep("z", AT), sweep("a", LATER), sweep("m", LATER, Result.FAIL)
    with store.begin() as unit:
        for each in (first, second, third, sweep("other", LATER, version="1.0")):
            unit.sweeps.add(each)
        of = ("delivery-method", "2.0")
        assert unit.sweeps.latest(*of) == third
        assert unit.sweeps.previous(*of, before="m") == second
        assert unit.sweeps.previous(*of, before="a") == first
        assert unit.sweeps.previous(*of, before="z") is None
        with pytest.raises(errors.Unknown):
            unit.sweeps.previous(*of, before="none")
        assert unit.sweeps.at(*of, LATER - timedelta(seconds=1)) == first
        assert unit.sweeps.at(*of, LATER) == third
        assert unit.sweeps.at(*of, AT - timedelta(seconds=1)) is None


def test_who_was_taken_over_is_fenced_off(store: Store) -> None:
    with store.begin() as unit:
        with pytest.raises(errors.Fenced):
            unit.locks.check("porto", 1)
        first = unit.locks.claim("porto", FIRST, AT)
        unit.locks.check("porto", first)
        unit.commit()
    with store.begin() as unit:
        second = unit.locks.claim("porto", SECOND, LATER)
        assert second > first
        assert unit.locks.claim("oslo", FIRST, AT) == 1
        unit.commit()
    with store.begin() as unit:
        with pytest.raises(errors.Fenced, match="claimed again"):
            unit.locks.check("porto", first)
        unit.locks.check("porto", second)
        assert unit.locks.release("porto", first) is False
        holder = unit.locks.holder("porto")
        assert holder is not None
        assert (holder.process, holder.token, holder.at) == (SECOND, second, LATER)
        unit.commit()
    with store.read() as unit:
        unit.locks.check("porto", second)


def test_a_lock_given_back_is_free_and_its_tokens_go_on(store: Store) -> None:
    with store.begin() as unit:
        token = unit.locks.claim("porto", FIRST, AT)
        assert unit.locks.release("porto", token) is True
        assert unit.locks.release("porto", token) is False
        assert unit.locks.holder("porto") is None
        assert unit.locks.holder("oslo") is None
        with pytest.raises(errors.Fenced, match="given back"):
            unit.locks.check("porto", token)
        assert unit.locks.claim("porto", SECOND, LATER) > token


def test_threads_that_claim_get_each_a_token_of_their_own_and_the_last_one_holds(store: Store) -> None:
    tokens = together(store, lambda unit, n: unit.locks.claim("porto", process(n), AT))
    assert sorted(tokens) == [1, 2, 3, 4]
    with store.read() as unit:
        holder = unit.locks.holder("porto")
        assert holder is not None
        assert holder.process == process(tokens.index(4))


def test_nobody_claims_an_office_between_a_check_and_its_commit(store: Store, url: str) -> None:
    hasty = Store(url, patience=0.3)
    with store.begin() as unit:
        token = unit.locks.claim("porto", FIRST, AT)
        unit.commit()
    with store.begin() as unit:
        unit.locks.check("porto", token)
        with pytest.raises(errors.Busy), hasty.begin() as other:
            other.locks.claim("porto", SECOND, AT)
    hasty.close()


def test_runs_that_did_not_end_are_open(store: Store) -> None:
    twelve, thirteen = process(12, 1798700400.123456), process(13, 2.5)
    with store.begin() as unit:
        unit.runs.register("r2", "sweep", twelve, LATER)
        unit.runs.register("r1", "sync", FIRST, AT)
        unit.runs.register("r1", "sync", thirteen, AT)
        assert [(run.id, run.process) for run in unit.runs.open()] == [("r1", thirteen), ("r2", twelve)]
        assert unit.runs.process("r1") == thirteen
        assert unit.runs.finish("r1", FIRST) is False, "another process has it"
        assert unit.runs.finish("r1", thirteen) is True
        assert unit.runs.finish("r1", thirteen) is False
        assert unit.runs.process("r1") is None
        assert [run.id for run in unit.runs.open()] == ["r2"]


def test_of_several_that_take_a_dead_run_over_one_has_it(store: Store) -> None:
    dead = process(99)
    with store.begin() as unit:
        unit.runs.register("r1", "sync", dead, AT)
        unit.commit()
    assert sorted(together(store, lambda unit, n: unit.runs.take("r1", "sync", dead, process(n), AT))) == [
        False, False, False, True,
    ]  # fmt: skip
    assert sorted(together(store, lambda unit, n: unit.runs.take("r2", "sync", None, process(n), AT))) == [
        False, False, False, True,
    ]  # fmt: skip


def test_a_host_is_silent_by_the_database_s_clock_since_it_was_last_heard_of(store: Store) -> None:
    near, far = Host("near", "1"), Host("far", "1")
    with store.begin() as unit:
        unit.hosts.beat(near, 60)
        unit.hosts.notice(far, 5)
        unit.commit()
    with store.begin() as unit:
        unit.hosts.notice(near, 5)
        unit._session.execute(text("UPDATE hosts SET heard = heard - 100"))
        found = unit.hosts.heartbeats()
        assert set(found) == {near, far}
        assert all(100 <= each.silent < 160 for each in found.values())
        assert (found[near].allowed, found[far].allowed) == (60, 5)
        unit.hosts.beat(far, 5)
        assert unit.hosts.heartbeats()[far].silent < 60
        unit.hosts.serve(process(7))
        assert unit.hosts.serving(near) is None, "another host's"
        unit.hosts.serve(Process(near, 7, 1.5))
        unit.hosts.beat(near, 60)
        assert unit.hosts.serving(near) == Process(near, 7, 1.5)
        unit.hosts.forget(near)
        assert near in unit.hosts.heartbeats()
        unit._session.execute(text("UPDATE hosts SET heard = heard - 31 * 86400"))
        unit.hosts.forget(near)
        assert set(unit.hosts.heartbeats()) == {far}
