"""A plan goes into a tracker: what its people change meanwhile stays, and what it requires is said."""

from __future__ import annotations

import pytest

from connectors.errors import Refused
from connectors.http.client import Http
from connectors.openproject.connector import OpenProject
from tasks import context, distributing
from tasks.distributing import Distribution, foresee, put_part
from tests.contract.openproject_bench import KEY as KEY_FIELD
from tests.crash.distributions import office, there
from tests.standins.described import specs
from tests.tasks.conftest import forget
from tests.tasks.test_distributing import KEY, distribute

pytestmark = specs("openproject-v3.json")
TASKS = 6
REQUIRED = {
    "customField20": {
        "type": "Integer", "name": "Effort class", "required": True, "hasDefault": False, "writable": True,
    }
}  # fmt: skip


def test_a_required_field_stops_it_with_the_reason_and_once_it_is_mended_it_goes_on(tmp_path) -> None:
    with office(tmp_path, TASKS) as standin:
        standin.required = dict(REQUIRED)
        with pytest.raises(Refused, match="Effort class"):
            distribute()
        assert there(standin) == {}
        with context.current_application().store.read() as unit:
            assert all(each.kind == "task" for each in unit.held.of("gyor"))
        standin.required = {}
        forget()
        assert distribute().placed == TASKS
        assert {len(each) for each in there(standin).values()} == {1}


def test_what_people_change_and_delete_in_the_tracker_is_left_alone(tmp_path) -> None:
    with office(tmp_path, TASKS) as standin:
        distribute()
        mine = [each for each in standin.packages.values() if each.own.get(KEY_FIELD)]
        standin.change(mine[2], subject="In our own words", due="2027-12-24")
        del standin.packages[mine[-1].id]
        standin.pass_time(minutes=10)
        before = there(standin)
        again = distribute()
        assert (again.created, again.linked, again.placed) == (0, 0, TASKS)
        assert there(standin) == before


def test_each_part_is_written_over_one_reading(tmp_path, monkeypatch) -> None:
    readings, parts = [], []
    read, put = OpenProject.read, Distribution.put
    monkeypatch.setattr(OpenProject, "read", lambda tool: readings.append(1) or read(tool))
    monkeypatch.setattr(Distribution, "put", lambda *given: parts.append(1) or put(*given))
    monkeypatch.setattr(distributing, "PART", 4)
    with office(tmp_path, TASKS):
        assert distribute().placed == TASKS
    assert len(parts) > 2
    assert len(readings) == len(parts)


def test_each_part_says_how_far_the_whole_plan_is_and_a_run_that_goes_on_begins_where_it_was(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(distributing, "PART", 4)
    with office(tmp_path, TASKS):
        parts = [put_part.fn(KEY, "eva", "a part", ())]
        forget()  # a run that was killed, and another one
        parts += [put_part.fn(KEY, "eva", "the rest", ())]
        while parts[-1].more:
            parts.append(put_part.fn(KEY, "eva", "the rest", ()))
    links = sum(1 for each in parts if each.outcome.linked)
    assert links
    assert parts[-1].outcome.placed == TASKS
    steps = parts[0].steps
    assert TASKS < steps <= 2 * TASKS
    assert {each.steps for each in parts} == {steps}
    assert [each.steps_left for each in parts] == [
        steps - sum(each.steps_done for each in parts[: n + 1]) for n in range(len(parts))
    ]
    assert all(each.steps_done > 0 for each in parts)
    assert parts[-1].steps_left == 0


def test_calls_and_time_are_foretold_by_the_pace_at_which_the_tool_answered(tmp_path, monkeypatch) -> None:
    with office(tmp_path, TASKS):
        foreseen = foresee.fn(KEY, "eva", "to look")
        assert 0 < foreseen.about < foreseen.calls
        monkeypatch.setattr(Http, "pace", property(lambda _: 15.0))
        forget()
        slow = foresee.fn(KEY, "eva", "to look")
        assert (slow.calls, slow.about) == (foreseen.calls, 15.0 * foreseen.calls)
        assert f"{foreseen.calls} calls, about {round(slow.about / 60)} minutes;" in slow.sentence
        forget()
        assert distribute().calls == foreseen.calls
