"""Two hundred hostile expressions: each is refused when it is loaded, or done within what it may take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest

from domain.standards.checks.answers import NONE, Ended, Expressions
from domain.standards.checks.check import BadCheck, CheckProgram, Scene, compile_check
from domain.standards.checks.evaluation import code_of, context_of, evaluated
from tasks.evaluator import ProcessEvaluator

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
LARGEST = {
    "project": {
        "sponsor": "ü" * 32_767,
        "lead": "(a+)+$" * 5_000,
        "percent_reported": 1.7e308,
        "slip_days": 2**53,
    },
    "plan": {"titles": [f"{number:05}" + "ä" * 995 for number in range(20_000)], "items": 20_000},
    "tool": {"fields": ["f" * 1000] * 500, "statuses": ["s" * 1000] * 500, "kind": "workbook"},
    "field": {**{f"f{number}": "x" * 32_767 for number in range(499)}, "most": 2**63 - 1},
    "gates": {f"G{number}": NOW for number in range(500)},
}
LISTS = ("plan.titles", "tool.fields", "field", "gates", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]")
MACROS = ("all", "exists", "exists_one", "filter", "map")
PATTERNS = (
    "a", "(a+)+$", "(a|aa)+$", "(x{100}){100}", r"\\w{50}", r"\\p{L}{100}", "(?i)ä{200}", ".*.*.*.*.*=x", "[^a]{1000}",
    r"(\\w{1,50}){1,50}", "((((((a*)*)*)*)*)*)*", "a{1000}{1000}", r"\\b(\\w+)\\b.*\\b\\w+\\b",
)  # fmt: skip


def hostile() -> Iterator[str]:
    """Loops in loops, long texts, patterns, large numbers, what is nested deep, and names of something else."""
    for (outer, inner), over in product(product(MACROS, MACROS), LISTS[:3]):
        yield _held(outer, over, "a", _held(inner, "plan.titles", "b", "a != b"))
        yield _held(outer, over, "a", _held(inner, "[1, 2, 3, 4, 5, 6, 7, 8, 9]", "b", "a != 'x'"))
    for over, pattern in product(LISTS[:2], PATTERNS):
        yield f"{over}.all(t, !t.matches('{pattern}'))"
        yield f"!project.sponsor.matches('{pattern}')"
    for depth in (2, 6, 12, 39, 60, 400):
        yield (
            "[0, 1].all(x, " * 0
            + "".join(f"[0, 1, 2].all(v{n}, " for n in range(depth))
            + "true"
            + ")" * depth
        )
        yield "(" * depth + "true" + ")" * depth
        yield "!" * depth + "true"
        yield "true" + " && true" * depth
        yield "size(" * depth + "'a'" + ")" * depth + " > 0"
        yield "[" * depth + "]" * depth + " == []"
    for size in (10, 900):
        yield f"'{'a' * size}'.contains('{'a' * (size // 2)}b')"
        yield f"plan.titles.all(t, '{'a' * size}'.contains(t))"
        yield f"[{', '.join('1' * 18 for _ in range(size // 20))}].map(x, [x, x, x]).map(y, [y, y, y]).size() > 0"
    for number in ("9223372036854775807", "-9223372036854775808", "1e308", "5e-324", "0", "9" * 400):
        yield f"{number} * {number} > 0"
        yield f"-({number}) < 0"
        yield f"double({number}) / 0.0 > 0.0"
        yield f"field.most + {number} > 0"
    grown = "field.f1"
    for _ in range(4):
        grown = f"({grown} + {grown})"
    yield f"size({grown}) > 0"
    yield f"plan.titles.all(t, size({grown} + t) > 0)"
    yield from (
        "plan == plan",
        "field == field",
        "plan.titles == plan.titles",
        "[plan.titles, plan.titles] == [[], []]",
    )
    yield from (
        "while(true)",
        "limit.all(x, x)",
        "now.map(x, x)",
        "plan.titles.map(t, plan.titles)",
        "x.y.z.w",
    )


def _held(macro: str, over: str, name: str, body: str) -> str:
    """A loop as a truth value."""
    loop = f"{over}.{macro}({name}, {body})"
    return f"size({loop}) >= 0" if macro in ("filter", "map") else loop


def accepted() -> tuple[list[CheckProgram], int]:
    """Those that may be used, and how many are refused."""
    found, refused = [], 0
    for expression in hostile():
        try:
            found.append(compile_check(expression).with_limit(None))
        except BadCheck:
            refused += 1
    return found, refused


@pytest.mark.servers
def test_each_is_refused_when_it_is_loaded_or_done_within_what_it_may_take() -> None:
    programs, refused = accepted()
    assert len(set(hostile())) >= 200
    assert min(refused, len(programs)) > 100
    evaluator = ProcessEvaluator()
    texts = tuple(dict.fromkeys(each.text for each in programs))
    steps = max(each.steps for each in programs)
    roots = Scene(LARGEST).roots
    try:
        for text in texts:
            alone = Expressions((text,), ((NONE, 0),), steps)
            ((answer,),) = evaluator.answers(
                alone, [roots if "plan.titles" in text else {**roots, "plan": {}}], NOW
            )
            assert answer is not None
            assert not isinstance(answer, Ended), text
    finally:
        evaluator.end()


GROWING = [
    "plan.titles.exists(t, t.contains('Risk') || t.contains('risk'))",
    "plan.titles.all(t, size(t) > 3)",
    "plan.titles.exists_one(t, t == 'x')",
    "'x' in plan.titles",
    "plan.titles.all(t, !t.startsWith('x') && t != project.sponsor)",
    "size(plan.titles) > 3",
]


@pytest.mark.parametrize("expression", GROWING)
def test_what_is_accepted_grows_with_the_entries_and_no_faster(expression: str) -> None:
    code = code_of(compile_check(expression).with_limit(None).text)
    took = {}
    for many in (1_000, 16_000):
        facts = {
            "plan": {"titles": [f"Task {number} of the plan" for number in range(many)]},
            "project": {"sponsor": "A"},
        }
        context = context_of(facts)
        took[many] = min(_seconds(code, context) for _ in range(7))
    assert took[16_000] <= 16 * 1.2**4 * took[1_000]


def test_the_control_a_filter_that_keeps_all_grows_faster() -> None:
    code = code_of("plan.titles.filter(t, true).size() > 3")
    small, large = (
        min(
            _seconds(code, context_of({"plan": {"titles": [f"Task {n}" for n in range(many)]}}))
            for _ in range(3)
        )
        for many in (500, 2_000)
    )
    assert large > 4 * 1.2**2 * small


def _seconds(code: object, context: object) -> float:
    began = time.process_time()
    evaluated(code, context)  # type: ignore[arg-type]
    return time.process_time() - began
