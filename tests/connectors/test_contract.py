"""The contract of connectors, for each kind that the registry knows."""

from contextlib import contextmanager

import pytest

from connectors.base import Capability, Done
from connectors.errors import TryLater
from connectors.registry import KINDS
from domain.delivery import Step, decide
from domain.office import Access
from tests.connectors.contract import BENCHES, LATER, SCRIPTS, Bench


@pytest.fixture(params=sorted(KINDS))
def bench(request, tmp_path) -> Bench:
    return BENCHES[request.param](tmp_path)


@pytest.fixture
def tool(bench):
    return bench.connect(Access.WRITE)


def put(tool, *wanted, **more):
    return tool.put(wanted, tool.read().digest, **more)


def test_every_kind_has_a_bench_and_a_spec_of_its_name():
    assert set(BENCHES) == set(KINDS)
    for name, kind in KINDS.items():
        assert kind.connector.spec.kind == name
        assert kind.connector.spec.key_place
        for model in (kind.tool, kind.settings):
            assert model.model_config["extra"] == "forbid"
            assert model.model_config["frozen"] is True
            assert model.__doc__


def test_what_was_created_is_found_and_is_the_same_the_second_time(bench, tool):
    wanted = [bench.item("k/1"), bench.item("k/2"), bench.question("q/1")]
    assert tool.find(["k/1"]) == {"k/1": ()}
    first = put(tool, *wanted)
    assert [r.done for r in first.results] == [Done.CREATED] * 3
    found = tool.find(["k/1", "k/2", "q/1"])
    assert {key: len(places) for key, places in found.items()} == {"k/1": 1, "k/2": 1, "q/1": 1}
    for each in wanted:
        assert dict(found[each.key][0].values) == dict(tool.fit(each).values)
    before = bench.state()
    again = put(tool, *wanted)
    assert [r.done for r in again.results] == [Done.SAME] * 3
    assert bench.state() == before
    assert again.digest == first.digest == tool.read().digest
    assert not tool.changed(first.digest)


def test_the_law_of_delivery_sees_that_it_is_the_same(bench, tool):
    wanted = tool.fit(bench.item("k/1"))
    put(tool, wanted)
    placed = tool.find(["k/1"])["k/1"]
    assert decide(wanted, None, placed, None).step is Step.SAME


def test_an_update_writes_only_what_differs(bench, tool):
    put(tool, bench.item("k/1"), bench.item("k/2"))
    before = tool.find(["k/2"])
    result = put(tool, bench.item("k/1", due=LATER))
    assert (result.results[0].done, result.results[0].fields) == (Done.UPDATED, ("due",))
    assert tool.find(["k/1"])["k/1"][0].values["due"] == LATER
    assert tool.find(["k/2"]) == before


def test_only_our_fields_are_touched(bench, tool):
    before = bench.foreign()
    put(tool, bench.item("k/1"), bench.question("q/1"))
    put(tool, bench.item("k/1", due=LATER))
    assert bench.foreign() == before


def test_a_key_that_stands_twice_is_held_for_a_person(bench, tool):
    put(tool, bench.item("k/1"))
    bench.copy_row("k/1")
    assert len(tool.find(["k/1"])["k/1"]) == 2
    before = bench.state()
    result = put(tool, bench.item("k/1", due=LATER))
    assert result.results[0].done is Done.HELD
    assert bench.state() == before
    assert any("twice" in each.problem for each in tool.read().unreadable)
    assert decide(bench.item("k/1"), None, tool.find(["k/1"])["k/1"], None).step is Step.HOLD


def test_the_same_key_with_other_content_is_refused(bench, tool):
    result = put(tool, bench.item("k/1"), bench.item("k/1", title="another"))
    assert [r.done for r in result.results] == [Done.CREATED, Done.REFUSED]


@pytest.mark.parametrize(
    ("access", "items", "questions"),
    [
        (Access.OBSERVE, Done.REFUSED, Done.REFUSED),
        (Access.ASK, Done.REFUSED, Done.CREATED),
        (Access.WRITE, Done.CREATED, Done.CREATED),
    ],
)
def test_access_is_kept_by_the_connector_itself(bench, access, items, questions):
    tool = bench.connect(access)
    before = bench.state()
    result = put(tool, bench.item("k/1"), bench.question("q/1"))
    assert [r.done for r in result.results] == [items, questions]
    assert (bench.state() == before) == (access is Access.OBSERVE)
    assert bool(tool.find(["k/1"])["k/1"]) == (items is Done.CREATED)


def test_a_dry_run_says_the_same_and_writes_nothing(bench, tool):
    before = bench.state()
    dry = put(tool, bench.item("k/1"), bench.question("q/1"), dry_run=True)
    assert bench.state() == before
    assert dry.dry_run
    real = put(tool, bench.item("k/1"), bench.question("q/1"))
    assert dry.results == real.results


def test_what_changed_between_reading_and_writing_is_reported_and_left(bench, tool):
    digest = tool.read().digest
    bench.office_works()
    assert tool.changed(digest)
    before = bench.state()
    with pytest.raises(TryLater, match="changed since it was read"):
        tool.put([bench.item("k/1")], digest)
    assert bench.state() == before


def test_the_guard_stands_around_the_writing_and_can_stop_it(bench, tool):
    before = bench.state()
    seen = []

    @contextmanager
    def watching(keys):
        assert keys == ["k/1"]
        seen.append(bench.state() == before)
        yield
        seen.append(bench.state() == before)

    @contextmanager
    def stopping(keys):
        raise PermissionError("the token has passed")
        yield

    with pytest.raises(PermissionError):
        put(tool, bench.item("k/1"), guard=stopping)
    assert bench.state() == before
    put(tool, bench.item("k/1"), guard=watching)
    assert seen == [True, False]


def test_every_script_comes_back_as_it_went(bench, tool):
    put(tool, bench.item("k/Ж/日本", title=SCRIPTS))
    assert tool.find(["k/Ж/日本"])["k/Ж/日本"][0].values["title"] == SCRIPTS


def test_a_thing_of_another_office_is_refused(bench, tool):
    wanted = bench.item("k/1")
    stranger = type(wanted)(wanted.key, "elsewhere", wanted.kind, wanted.values)
    assert put(tool, stranger).results[0].done is Done.REFUSED


def test_a_connector_without_hooks_answers_none(tool):
    if Capability.HOOKS not in tool.spec.capabilities:
        assert tool.hook({}, b"{}") == ()
