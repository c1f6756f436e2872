"""The steps that are printed hold: an expression on facts of the greatest size takes no more CPU than they say."""

from __future__ import annotations

from time import process_time

import pytest

from domain.plans.facts import LONGEST_ENTRY, LONGEST_LIST, LONGEST_TEXT, MOST_FACTS, moment
from domain.standards.checks.check import BadCheck, CheckProgram, Scene, compile_check
from domain.standards.checks.costs import Cost
from domain.standards.checks.evaluation import Context, code_of, context_of, evaluated
from tests.test_standards_page import DAY

STEP, SLACK = 3 * 0.3e-6, 0.02
"""What a sweep gives for each step, and seconds that any measurement may be wrong by."""
ENTRIES = [f"{'é' * (LONGEST_ENTRY - 10)}{number:010}" for number in range(LONGEST_LIST)]
LARGEST = {
    "project": {"lead": "é" * LONGEST_TEXT, "sponsor": "é" * LONGEST_TEXT},
    "plan": {"titles": ENTRIES},
    "tool": {"fields": ENTRIES[:500], "statuses": ENTRIES[:500]},
    "gates": {f"G{number}": moment(DAY) for number in range(MOST_FACTS)},
    "field": {f"f{number}": "é" * 100 for number in range(MOST_FACTS)},
}


@pytest.fixture(scope="module")
def largest() -> Context:
    """The largest project there may be."""
    return context_of({**Scene(LARGEST).roots, "now": moment(DAY)})


@pytest.mark.parametrize(
    "expression",
    [
        "project.lead == project.sponsor",
        "project.lead.contains('Reis')",
        "project.lead.matches('^[A-Z][a-z]+ [A-Z][a-z]+$')",
        "size(project.lead) > 3 && project.lead + project.sponsor != ''",
        "plan.titles.exists(t, t == 'Kick-off')",
        "plan.titles.exists(t, t.contains('Kick-off'))",
        "plan.titles.all(t, size(t) > 80)",
        "plan.titles.exists(t, t.matches('Kick'))",
        "'Kick-off' in plan.titles",
        "plan.titles == plan.titles",
        "tool.fields.filter(f, size(f) > 3).size() > 2",
        "tool.fields.map(f, size(f)).exists(f, f == 1)",
        "gates.all(name, gates[name] <= now)",
        "field.exists(name, field[name] == 'x')",
    ],
)
def test_an_expression_takes_no_more_than_its_steps_say(largest: Context, expression: str) -> None:
    program = compile_check(expression).with_limit(None)
    best = min(_cpu(program, largest) for _ in range(3))
    assert best <= STEP * program.steps + SLACK, f"{best:.3f} s, {program.steps:,} steps"


@pytest.mark.parametrize("made", ["project.lead", "project.lead + project.lead", "f + f + f + f + f + f"])
def test_a_map_that_makes_large_texts_is_refused_for_each_copy_of_them_is_counted(made: str) -> None:
    with pytest.raises(BadCheck, match="may take"):
        compile_check(f"tool.fields.map(f, {made}).exists(f, f == 'x')")


def test_an_expression_that_costs_more_than_is_said_is_seen(largest: Context) -> None:
    program = compile_check("plan.titles.exists(t, t.matches('Kick'))").with_limit(None)
    program.steps = 1000
    try:
        assert _cpu(program, largest) > STEP * program.steps + SLACK
    finally:
        program.steps = program.check.steps


def _cpu(program: CheckProgram, largest: Context) -> float:
    code, began = code_of(program.text), process_time()
    assert isinstance(evaluated(code, largest), bool)
    return process_time() - began


def test_a_cost_is_printed_with_the_bound() -> None:
    assert str(Cost("plan.owners", "check", 1204)) == (
        "`check` of rule plan.owners, at most 1,204 of 1,000,000 steps"
    )
