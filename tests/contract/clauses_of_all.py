"""What every connector promises, whatever its tool: a file, tickets on a server, memory."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.errors import Refused, ToolError, TryLater
from connectors.protocol import Capability, Done, Keeping, Proof
from connectors.registry import KINDS
from connectors.tickets.drafting import owned
from connectors.tickets.tracker import Tracker
from domain.delivery.delivery import Intent, IntentState, Step, decide
from domain.delivery.wanted import WantedKind
from domain.organization.office import Access
from domain.plans.predecessor import predecessors_of
from tests.connectors.deciding import decided
from tests.contract.bench import Bench, found, put
from tests.contract.clauses import clause

LATER = date(2027, 3, 31)
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SCRIPTS = "Ünïcödé ñ Ж ﷺ שלום 日本語 🚢 e\u0301 <&>\"' a\tb\nc _x0041_ =1+1"
AWKWARD = "adopt/méthode d'été/2.0/P-1/" + "x" * 60 + '/Ж 日本 "a" <b> & 50 % +c #1'


def dones(written):
    return [result.done for result in written.results]


# What it says of itself.


@clause()
def its_spec_says_all_that_must_be_known(bench: Bench) -> None:
    spec = bench.tool().spec
    assert spec.kind
    assert spec.key_place
    assert isinstance(spec.proof, Proof)
    assert spec.capabilities <= frozenset(Capability)
    assert spec.page is None or spec.page > 0
    assert spec.batch is None or spec.batch > 0
    assert spec.read_lag >= timedelta()
    assert spec.webhook or Capability.HOOKS not in spec.capabilities
    assert bool(spec.limits) or not isinstance(bench.tool(), Tracker)
    for call, page in spec.exempt.items():
        assert call.split()[0] in ("GET", "POST", "PUT", "PATCH", "DELETE")
        assert page.startswith("https://"), f"{call} is exempt without a page that documents it"


@clause()
def its_settings_are_frozen_and_refuse_what_they_do_not_know(bench: Bench) -> None:
    kind = bench.kind or KINDS[bench.tool().spec.kind]
    for model in (kind.tool, kind.settings):
        assert model.model_config.get("extra") == "forbid"
        assert model.model_config.get("frozen") is True
        assert model.__doc__


@clause()
def it_keeps_its_office_and_access(bench: Bench) -> None:
    for access in Access:
        tool = bench.tool(access)
        assert (tool.access, tool.office) == (access, bench.item("k/1").office)


@clause()
def a_check_of_what_fits_is_healthy_and_writes_nothing(bench: Bench) -> None:
    before = bench.state()
    health = bench.tool().check()
    assert (health.readable, health.writable) == (True, True), health.remarks
    assert bench.state() == before


@clause("unfit")
def a_check_never_raises_and_names_what_to_mend(bench: Bench) -> None:
    tool = bench.unfit()
    try:
        health = tool.check()
    except Exception as problem:  # noqa: BLE001 - whatever it raises is the fault
        pytest.fail(f"the check raised {problem!r}")
    assert not health.writable
    assert health.remarks
    assert all(len(remark.split()) > 3 for remark in health.remarks)


@clause()
def what_it_holds_is_told_of_every_field_of_ours(bench: Bench) -> None:
    tool = bench.tool()
    asked = set(bench.question("q/1").values)
    for kind, least in ((WantedKind.ITEM, set(bench.item("k/1").values)), (WantedKind.QUESTION, asked)):
        told = [hold.field for hold in tool.holds(kind)]
        assert len(told) == len(set(told))
        assert least <= set(told)
        if kind is WantedKind.ITEM:
            assert set(owned(kind)) <= set(told)
        assert all(h.how for h in tool.holds(kind) if h.keeping is not Keeping.KEPT), "no word on how or why"


@clause()
def what_it_holds_is_true_field_by_field(bench: Bench) -> None:
    tool = bench.tool()
    plan = {"start": date(2027, 1, 4), "work": 16.0, "parent": "k/0", "after": predecessors_of("k/before")}
    put(bench, tool, bench.item("k/0"), bench.item("k/before", due=date(2026, 12, 18)))
    for wanted in (bench.item("k/1", **plan), bench.question("q/1")):
        fit = tool.fit(wanted)
        assert dones(put(bench, tool, wanted)) == [Done.CREATED]
        there = found(tool, wanted.key).values
        for hold in tool.holds(wanted.kind):
            if hold.field not in wanted.values:
                continue
            if hold.keeping is Keeping.LOST:
                assert hold.field not in fit.values, (
                    f"{hold.field} is said to be lost and wanted all the same"
                )
                continue
            assert there.get(hold.field, "") == fit.values[hold.field], hold.field
            if hold.keeping is Keeping.KEPT:
                assert there.get(hold.field, "") == wanted.values[hold.field], hold.field


@clause()
def what_fits_fits_again_and_is_still_the_same_thing(bench: Bench) -> None:
    tool = bench.tool()
    for wanted in (bench.item("k/1", title=SCRIPTS), bench.question("q/1", text=SCRIPTS)):
        fit = tool.fit(wanted)
        assert tool.fit(fit) == fit
        assert (fit.key, fit.office, fit.kind) == (wanted.key, wanted.office, wanted.kind)


# Reading.


@clause()
def the_office_s_projects_and_items_are_read(bench: Bench) -> None:
    reading = bench.tool().read()
    assert reading.office == bench.item("k/1").office
    assert reading.unreadable == ()
    assert bench.item("k/1").values["project"] in {
        plan.project.key.partition("/")[2] for plan in reading.plans
    }
    items = [item for plan in reading.plans for item in plan.items]
    assert items
    assert all(item.ref and item.title for item in items)
    assert date(2027, 1, 29) in {item.due for item in items}, "the day of its items is another one"
    assert all(plan.project.ref for plan in reading.plans)
    assert not any(item.ours for item in items)


@clause()
def a_second_reading_of_the_same_is_the_same(bench: Bench) -> None:
    tool = bench.tool()
    first = tool.read()
    second = tool.read()
    assert second.digest == first.digest
    assert second == first
    assert not tool.changed(first.digest)


@clause()
def what_the_office_changed_is_seen(bench: Bench) -> None:
    tool = bench.tool()
    reading = tool.read()
    bench.office_works()
    bench.settle()
    assert tool.changed(reading.digest)
    assert tool.read().digest != reading.digest


@clause()
def what_is_ours_is_told_as_ours(bench: Bench) -> None:
    tool = bench.tool()
    before = tool.read()
    put(bench, tool, bench.item("k/1"), bench.question("q/1"))
    reading = tool.read()
    assert {each.key for each in reading.placed} == {"k/1", "q/1"}
    assert all(each.ref for each in reading.placed)
    items = [item for plan in reading.plans for item in plan.items]
    assert [item.ours for item in items if item.ours] == ["k/1"]
    theirs = [item.ref for plan in before.plans for item in plan.items]
    assert len([item for item in items if not item.ours]) == len(theirs)


@clause()
def a_key_that_is_not_there_is_found_nowhere(bench: Bench) -> None:
    tool = bench.tool()
    try:
        assert dict(tool.find(["k/nowhere", "k/none"])) == {"k/nowhere": (), "k/none": ()}
        assert dict(tool.find([])) == {}
    except LookupError as problem:
        pytest.fail(f"a look for what is not there raised {problem!r}")


# Writing.


@clause()
def what_was_created_is_found_and_the_second_put_writes_nothing(bench: Bench) -> None:
    tool = bench.tool()
    wanted = [bench.item("k/1"), bench.item("k/2"), bench.question("q/1")]
    assert dones(put(bench, tool, *wanted)) == [Done.CREATED] * 3
    places = tool.find(["k/1", "k/2", "q/1"])
    assert {key: len(each) for key, each in places.items()} == {"k/1": 1, "k/2": 1, "q/1": 1}
    for each in wanted:
        there = places[each.key][0].values
        assert {name: there.get(name, "") for name in tool.fit(each).values} == dict(tool.fit(each).values)
    before = bench.state()
    again = put(bench, tool, *wanted)
    assert dones(again) == [Done.SAME] * 3
    assert again.calls == ()
    assert bench.state() == before


@clause()
def the_law_of_delivery_sees_that_it_is_the_same(bench: Bench) -> None:
    tool = bench.tool()
    for wanted in map(tool.fit, (bench.item("k/1"), bench.question("q/1"))):
        put(bench, tool, wanted)
        placed = tool.find([wanted.key])[wanted.key]
        assert decide(wanted, None, placed, NOW).step is Step.SAME


@clause()
def the_digest_of_a_write_is_that_of_the_next_reading(bench: Bench) -> None:
    tool = bench.tool()
    if tool.spec.read_lag:
        return  # it does not show its own writes yet, so nobody can know
    written = put(bench, tool, bench.item("k/1"))
    assert written.digest == tool.read().digest
    assert not tool.changed(written.digest)


@clause()
def an_update_writes_only_what_differs(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"), bench.item("k/2"))
    before = tool.find(["k/2"])
    result = put(bench, tool, bench.item("k/1", due=LATER), bench.item("k/2"))
    assert [(r.done, r.fields) for r in result.results] == [(Done.UPDATED, ("due",)), (Done.SAME, ())]
    assert found(tool, "k/1").values["due"] == LATER
    assert tool.find(["k/2"]) == before


def is_approximated(tool, field: str) -> bool:
    """Whether a tool says of itself that it holds that field of items only nearly."""
    (hold,) = [hold for hold in tool.holds(WantedKind.ITEM) if hold.field == field]
    return hold.keeping is Keeping.APPROXIMATED


def moved_or_told_why_not(bench: Bench, tool, place, wanted) -> None:
    """It stands where it is wanted; or that is refused, with what a person has to do, and it is where it was."""

    def there():
        values = found(tool, wanted.key).values
        return {name: values.get(name, "") for name in place}

    was = there()
    assert was != place
    result = put(bench, tool, wanted).results[0]
    if result.done is Done.REFUSED:
        assert "by hand" in result.why, result.why
        assert there() == was
        assert all(name == "project" or is_approximated(tool, name) for name in place)
    else:
        assert (result.done, there()) == (Done.UPDATED, place), result.why
    before = bench.state()
    again = put(bench, tool, wanted)
    assert dones(again) == [Done.REFUSED if result.done is Done.REFUSED else Done.SAME]
    assert again.calls == ()
    assert bench.state() == before


@clause()
def what_is_wanted_in_another_project_goes_there_or_it_is_told_what_to_do(bench: Bench) -> None:
    tool = bench.wide()
    put(bench, tool, bench.item("k/1"))
    wanted = bench.item("k/1", project=bench.elsewhere)
    moved_or_told_why_not(bench, tool, {"project": wanted.values["project"]}, wanted)


@clause()
def only_our_fields_are_touched(bench: Bench) -> None:
    before = bench.foreign()
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"), bench.question("q/1"))
    put(bench, tool, bench.item("k/1", due=LATER))
    assert bench.foreign() == before


@clause("annotate", "annotation")
def the_office_s_own_words_in_a_thing_of_ours_stay(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    bench.annotate("k/1", "Rückfrage an M. Lopes")
    changed = bench.item("k/1", due=LATER, title="Gate-Prüfung verschoben", standing="late")
    assert dones(put(bench, tool, changed)) == [Done.UPDATED]
    assert bench.annotation("k/1") == "Rückfrage an M. Lopes"
    assert found(tool, "k/1").values["standing"] == "late"


@clause()
def a_key_that_stands_twice_is_held_for_a_person(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    bench.copy_row("k/1")
    bench.settle()
    assert len(tool.find(["k/1"])["k/1"]) == 2
    before = bench.state()
    result = put(bench, tool, bench.item("k/1", due=LATER)).results[0]
    assert result.done is Done.HELD
    assert result.why
    assert bench.state() == before
    assert any("twice" in each.problem for each in tool.read().unreadable)
    assert decide(bench.item("k/1"), None, tool.find(["k/1"])["k/1"], NOW).step is Step.HOLD


@clause("remove")
def what_the_office_removed_is_gone_and_held(bench: Bench) -> None:
    tool = bench.tool()
    wanted = tool.fit(bench.item("k/1"))
    put(bench, tool, wanted)
    bench.remove("k/1")
    bench.settle()
    assert tool.find(["k/1"]) == {"k/1": ()}
    intent = Intent(wanted, wanted.digest, IntentState.DONE, NOW - timedelta(days=1))
    assert decide(wanted, intent, tool.find(["k/1"])["k/1"], NOW).step is Step.HOLD


@clause()
def the_same_key_with_other_content_is_refused(bench: Bench) -> None:
    result = put(bench, bench.tool(), bench.item("k/1"), bench.item("k/1", title="another"))
    assert dones(result) == [Done.CREATED, Done.REFUSED]


@clause()
def there_is_an_answer_for_each_in_their_order(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/2"))
    keys = ["k/3", "k/1", "k/2", "k/0"]
    written = put(bench, tool, *(bench.item(key) for key in keys))
    assert [result.key for result in written.results] == keys
    assert dones(written) == [Done.CREATED, Done.CREATED, Done.SAME, Done.CREATED]
    assert written.count(Done.CREATED) == 3


@clause()
def what_cannot_be_put_is_refused_alone(bench: Bench) -> None:
    tool = bench.tool()
    wrong = bench.item("k/2", due="the Tuesday after next")
    try:
        written = put(bench, tool, bench.item("k/1"), wrong, bench.item("k/3"))
    except ToolError as problem:
        pytest.fail(f"one wrong thing ended all: {problem}")
    assert dones(written) == [Done.CREATED, Done.REFUSED, Done.CREATED]
    assert written.results[1].why
    assert {key: len(each) for key, each in tool.find(["k/1", "k/2", "k/3"]).items()} == {
        "k/1": 1,
        "k/2": 0,
        "k/3": 1,
    }


@clause()
def a_thing_of_another_office_is_refused(bench: Bench) -> None:
    before = bench.state()
    stranger = replace(bench.item("k/1"), office="elsewhere")
    assert dones(put(bench, bench.tool(), stranger)) == [Done.REFUSED]
    assert bench.state() == before


@clause()
def who_may_observe_writes_nothing(bench: Bench) -> None:
    before = bench.state()
    written = put(bench, bench.tool(Access.OBSERVE), bench.item("k/1"), bench.question("q/1"))
    assert dones(written) == [Done.REFUSED, Done.REFUSED]
    assert bench.state() == before


@clause()
def who_may_ask_puts_questions_and_no_items(bench: Bench) -> None:
    tool = bench.tool(Access.ASK)
    assert dones(put(bench, tool, bench.item("k/1"), bench.question("q/1"))) == [Done.REFUSED, Done.CREATED]
    assert {key: len(each) for key, each in tool.find(["k/1", "q/1"]).items()} == {"k/1": 0, "q/1": 1}


@clause()
def every_script_comes_back_as_it_fits(bench: Bench) -> None:
    tool = bench.tool()
    for wanted in (bench.item("k/1", title=SCRIPTS), bench.question("q/1", text=SCRIPTS)):
        fit = tool.fit(wanted)
        field = "title" if wanted.kind is WantedKind.ITEM else "text"
        for word in ("Ünïcödé", "ﷺ", "שלום", "日本語", "🚢", "<&>\"'", "_x0041_", "=1+1"):
            assert word in fit.values[field]
        put(bench, tool, wanted)
        assert found(tool, wanted.key).values[field] == fit.values[field]


@clause()
def a_key_comes_back_sign_by_sign(bench: Bench) -> None:
    tool = bench.tool()
    other = AWKWARD + "2"
    assert dones(put(bench, tool, bench.item(AWKWARD), bench.item(other))) == [Done.CREATED] * 2
    places = tool.find([AWKWARD, other])
    assert {key: [place.key for place in each] for key, each in places.items()} == {
        AWKWARD: [AWKWARD],
        other: [other],
    }
    assert dones(put(bench, tool, bench.item(AWKWARD))) == [Done.SAME]


@clause()
def days_stay_the_days_they_are(bench: Bench) -> None:
    tool = bench.tool()
    days = [date(2024, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31), date(2027, 1, 1)]
    wanted = [bench.item(f"k/{n}", due=day) for n, day in enumerate(days)]
    put(bench, tool, *wanted)
    assert [found(tool, each.key).values["due"] for each in wanted] == days


# Dry runs and the guard.


@clause()
def a_dry_run_writes_nothing(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    before = bench.state()
    written = put(bench, tool, bench.item("k/1", due=LATER), bench.item("k/2"), bench.question("q/1"), dry_run=True)  # fmt: skip
    assert bench.state() == before
    assert written.dry_run


@clause()
def a_dry_run_foresees_what_becomes_of_each(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    wanted = (bench.item("k/1", due=LATER), bench.item("k/2"), bench.question("q/1"), bench.item("k/2"))
    dry, real = put(bench, tool, *wanted, dry_run=True), put(bench, tool, *wanted)

    def told(written):
        return [(each.key, each.done, each.why, each.fields) for each in written.results]

    assert told(dry) == told(real)


@clause()
def a_dry_run_lists_the_calls_that_are_then_made(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    wanted = (bench.item("k/1", due=LATER), bench.item("k/2"), bench.question("q/1"))
    dry, real = put(bench, tool, *wanted, dry_run=True), put(bench, tool, *wanted)
    assert dry.calls
    assert dry.calls == real.calls
    assert dry.seconds == real.seconds


@clause()
def nothing_is_written_outside_the_guard(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    inside: list[str] = []
    last = [bench.state()]

    @contextmanager
    def watching(keys):
        assert bench.state() == last[0], "something was written outside the guard"
        assert keys
        inside.extend(keys)
        yield
        last[0] = bench.state()

    wanted = (bench.item("k/1", due=LATER), bench.item("k/2"), bench.item("k/3"), bench.question("q/1"))
    put(bench, tool, *wanted, guard=watching)
    assert bench.state() == last[0], "something was written after the guard"
    assert set(inside) == {"k/1", "k/2", "k/3", "q/1"}, "the guard was told other keys than were written"


@clause()
def a_guard_that_refuses_stops_the_write(bench: Bench) -> None:
    tool = bench.tool()
    before = bench.state()

    @contextmanager
    def stopping(_keys):
        raise PermissionError("the token has passed")
        yield

    with pytest.raises(PermissionError):
        put(bench, tool, bench.item("k/1"), bench.item("k/2"), guard=stopping)
    assert bench.state() == before


@clause("file")
def a_file_that_changed_since_it_was_read_is_left_alone(bench: Bench) -> None:
    tool = bench.tool()
    reading = tool.read()
    bench.office_works()
    before = bench.state()
    with pytest.raises(TryLater, match="changed since it was read"):
        tool.put(decided(bench.item("k/1")), reading.digest)
    assert bench.state() == before


# Questions and answers.


@clause("answer")
def an_answer_comes_with_who_gave_it(bench: Bench) -> None:
    tool = bench.tool(Access.ASK)
    put(bench, tool, bench.question("q/1"), bench.question("q/2"))
    assert tool.read().answers == ()
    bench.answer("q/1", "Dr. Ç. Şahin")
    bench.settle()
    (answer,) = tool.read().answers
    assert (answer.question, answer.text, answer.by) == ("q/1", "Dr. Ç. Şahin", bench.answerer)
    assert answer.ref


@clause("answer")
def an_answered_question_is_still_the_same(bench: Bench) -> None:
    tool = bench.tool(Access.ASK)
    put(bench, tool, bench.question("q/1"))
    bench.answer("q/1", "ja")
    assert dones(put(bench, tool, bench.question("q/1"))) == [Done.SAME]
    assert dones(put(bench, tool, bench.question("q/1", standing="answered"))) == [Done.UPDATED]
    assert [answer.text for answer in tool.read().answers] == ["ja"], "an update of ours took the answer away"


# Hooks.


@clause()
def a_hook_s_body_is_references_nothing_or_refused(bench: Bench) -> None:
    tool = bench.tool()
    for body in (
        b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"tickets": 7}', b"<html>", b'{"issue": {"id": {}}}', b"[" * 500,
        b'{"type": "issue.updated", "data": {"issue": {"id": 1e400}}}',
        b'{"action": "work_package:updated", "work_package": {"id": -1e400}}',
        b'{"eventType": "workitem.updated", "resource": {"workItemId": 1e400}}',
    ):  # fmt: skip
        try:
            told = tool.hook({"content-type": "application/json"}, body)
        except Refused:
            continue  # it is no body of this tool's
        except Exception as problem:  # noqa: BLE001 - whatever it raises is the fault
            pytest.fail(f"a hook's body {body[:20]!r} raised {problem!r}")
        assert isinstance(told, tuple)
        assert all(isinstance(each, str) for each in told)
        if Capability.HOOKS not in tool.spec.capabilities:
            assert told == ()
