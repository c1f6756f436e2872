"""A local plan has the gates of its project's life cycle, or it is said which differ."""

from __future__ import annotations

from datetime import date

import pytest

from domain.compliance.network import NO_TOOL
from domain.compliance.plan_gates import PlanGates, plan_gates
from domain.plans.facts import facts_of
from domain.plans.templates.template import TaskKind, TemplateTask
from domain.standards.position import Unplaced
from tests.domain.builders import noon, office, plan, version
from tests.domain.standards.test_life_cycles import MONDAY, VERSION

NOW, AT = noon(MONDAY), office()


def facts(kind: str = "device", **gates: date):
    return facts_of(plan(fields={"kind": kind} if kind else {}, gates=gates), AT, NO_TOOL, NOW)


def gate(uid: str, name: str, kind: TaskKind = TaskKind.GATE, **names: str) -> TemplateTask:
    return TemplateTask(uid, {"en": name, **names}, kind)


ALL = (
    gate("a", "D1: Inputs"),
    gate("b", "Outputs are there", TaskKind.MILESTONE, de="d2"),
    gate("c", "D3", TaskKind.MILESTONE),
)


def differs(*tasks: TemplateTask, **more) -> PlanGates | None:
    return plan_gates(tasks, more.get("of", VERSION), more.get("facts", facts()), NOW, AT.calendar)


def test_a_plan_with_each_gate_by_its_name_in_some_language_is_the_life_cycles() -> None:
    assert differs(*ALL) is None
    assert differs(*ALL, gate("x", "Go-live", TaskKind.MILESTONE)) is None, "a milestone is no gate"
    assert differs(gate("x", "G7"), of=version()) is None, "a version without life cycles asks for none"


@pytest.mark.parametrize(
    ("tasks", "lacking", "strange"),
    [
        (ALL[:1], ("D2", "D3"), ()),
        ((), ("D1", "D2", "D3"), ()),
        ((*ALL, gate("x", "G1: Build")), (), ("x",)),
        ((gate("x", "D10"), *ALL[1:]), ("D1",), ("x",)),
        ((TemplateTask("x", {"en": "D1"}), *ALL[1:]), ("D1",), ()),
    ],
)
def test_what_the_plan_lacks_and_what_is_none_of_it_is_named(tasks, lacking, strange) -> None:
    assert differs(*tasks) == PlanGates("method/2.0", "Design control", lacking, strange)


def test_a_gate_that_was_passed_or_left_out_is_not_asked_of_the_plan() -> None:
    passed = facts(D2=date(2026, 12, 1))
    assert differs(facts=passed) == PlanGates("method/2.0", "Design control", ("D3",))
    assert differs(ALL[2], facts=passed) is None
    planned = facts(D2=date(2028, 1, 3))
    assert differs(ALL[2], facts=planned) == PlanGates("method/2.0", "Design control", ("D1", "D2"))


def test_each_class_has_its_own_gates_and_none_is_guessed() -> None:
    assert differs(gate("g", "G1"), facts=facts("it")) is None
    assert differs(*ALL, facts=facts("it")) == PlanGates("method/2.0", "IT delivery", ("G1",), ("a",))
    for there in (facts(""), {}):
        assert differs(*ALL, facts=there) == PlanGates("method/2.0", unplaced=Unplaced.NOT_REPORTED)
    strange = PlanGates("method/2.0", unplaced=Unplaced.NO_LIFE_CYCLE)
    assert differs(*ALL, facts=facts("building")) == strange
