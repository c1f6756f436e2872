"""Checks: CEL expressions over facts, compiled once, bounded and exact.

A missing fact gives unknown and is named; anything that breaks gives error, never pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from domain.plans.facts import MOST_FACTS, OPEN_ROOTS, ROOTS, Facts
from domain.plans.project import Scalar
from domain.standards.checks.answers import Absent, Answer, Broken, Ended, Given
from domain.standards.checks.bounding import Bounding
from domain.standards.checks.evaluation import code_of, context_of, evaluated
from domain.standards.checks.expression import BadCheck
from domain.standards.checks.grammar import parse
from domain.standards.checks.literals import written
from domain.standards.checks.sizes import Shape, TypeKind, of_fact
from domain.standards.checks.usable import problem_of
from domain.standards.verdict import Result

__all__ = ["BadCheck", "Check", "Outcome", "Scene", "compile_check"]

LONGEST_EXPRESSION = 1000
ALL_ROOTS = (*ROOTS, *OPEN_ROOTS)


NO_LIMIT = "the check asks for a limit and the rule has none"
UNASKED = "the evaluator was not asked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says: pass, fail, unknown (with the missing facts) or error; and the facts it read."""

    result: Result
    why: str = ""
    missing: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


class Scene:
    """One project's facts, ready for many checks."""

    def __init__(self, facts: Facts) -> None:
        """Facts by root and name."""
        self.shown: dict[str, object] = {}
        """The facts that are there, by path, as verdicts keep them: for a list, how many entries it has."""
        self.problems: dict[str, str] = {}
        """Why facts cannot be used, by path: they are too large, or of another type."""
        self.roots: dict[str, dict[str, object]] = {root: {} for root in ALL_ROOTS}
        for root, names in facts.items():
            if root in OPEN_ROOTS and len(names) > MOST_FACTS:
                self.problems[f"{root}."] = f"{root} has {len(names):,} names, {MOST_FACTS} is the most"
            for name, value in names.items():
                if value is not None:
                    self._take(root, name, value)
        self._seen: dict[tuple[str, ...], dict[str, object]] = {}

    def _take(self, root: str, name: str, value: object) -> None:
        path, shape = _fact(root, name)
        self.shown[path] = f"{len(value)} entries" if isinstance(value, list) else value
        if problem := problem_of(path, shape, value):
            self.problems[path] = problem
        else:
            whole = shape.kind is TypeKind.DOUBLE and type(value) is int
            self.roots[root][name] = float(value) if whole else value  # type: ignore[arg-type]

    def seen(self, paths: tuple[str, ...]) -> Mapping[str, object]:
        """Those of the facts that are there; one mapping for all checks that read the same."""
        found = self._seen.get(paths)
        if found is None:
            shown = self.shown
            found = self._seen[paths] = {path: shown[path] for path in paths if path in shown}
        return found


@lru_cache(maxsize=4096)
def _fact(root: str, name: str) -> tuple[str, Shape]:
    """The path of a fact, and its shape."""
    return f"{root}.{name}", of_fact(root, name)


class Check:
    """An expression that may be used; `reads` are the facts it needs, `asks` those it tests for presence."""

    def __init__(self, expression: str, others: frozenset[str] = frozenset()) -> None:
        """Raises BadCheck when it does not parse, costs too much, or names what does not exist.

        `others` are roots that it may name besides those of facts.
        """
        self.expression = expression.strip()
        if not self.expression:
            raise BadCheck("the expression is empty")
        if len(self.expression) > LONGEST_EXPRESSION:
            raise BadCheck(
                f"the expression has {len(self.expression)} characters, {LONGEST_EXPRESSION} is the most"
            )
        self.tree = parse(self.expression)
        bounding = Bounding(None, others)
        found = bounding.of(self.tree)
        self.text = "" if bounding.uses_limit else found.text
        """The exact expression, where it does not depend on a limit."""
        if self.text:
            code_of(self.text)
        for pattern in bounding.patterns:
            if isinstance(evaluated(code_of(f"''.matches({written(pattern)})"), context_of({})), Broken):
                raise BadCheck(
                    f"has a pattern that is no regular expression, or too large: {written(pattern)[:80]}"
                )
        self.kind = found.shape.kind
        """The type of its result."""
        self.steps = found.steps
        """What it may cost at most, without a limit's own length; see `domain.standards.checks.bounding`."""
        self.reads = tuple(sorted(bounding.reads))
        self.asks = tuple(sorted(bounding.asks - bounding.reads))
        self.paths = (*self.reads, *self.asks)
        self.whole = frozenset(bounding.whole)
        self.uses_limit = bounding.uses_limit

    def with_limit(self, limit: Scalar | None) -> CheckProgram:
        """The check with the rule's own limit. Raises BadCheck where that costs too much."""
        return program_of(self.expression, limit if self.uses_limit else None)

    def run(self, facts: Facts, limit: Scalar | None, now: datetime) -> Outcome:
        """Judge one set of facts alone, here and now."""
        return self.with_limit(limit).on(Scene(facts), now)


class CheckProgram:
    """A check with the limit that is in force: the exact `text` that the evaluator runs."""

    def __init__(self, check: Check, limit: Scalar | None) -> None:
        """Raises BadCheck where the limit makes the check cost too much."""
        self.check, self.limit = check, limit
        self.paths, self.steps = check.paths, check.steps
        self.lacks_limit = check.uses_limit and limit is None
        self.text = check.text
        if not self.text:
            bounded = Bounding(limit).of(check.tree)
            self.text, self.steps = bounded.text, bounded.steps
            code_of(self.text)

    def on(self, scene: Scene, now: datetime) -> Outcome:
        """Judge one scene; `now` is aware. What an expression raises is not raised here: it gives error."""
        return self.outcome(scene, evaluated(code_of(self.text), context_of({**scene.roots, "now": now})))

    def outcome(self, scene: Scene, answer: Answer | None) -> Outcome:
        """The outcome of an answer: a missing fact gives unknown and is named, whatever fails gives error."""
        seen = scene.seen(self.paths)
        if self.lacks_limit:
            return Outcome(Result.ERROR, NO_LIMIT, (), seen)
        if scene.problems and (problem := self._problem(scene.problems)):
            return Outcome(Result.ERROR, problem, (), seen)
        if answer is True:
            return Outcome(Result.PASS, "", (), seen)
        if answer is False:
            return Outcome(Result.FAIL, "", (), seen)
        if isinstance(answer, Absent):
            shown = scene.shown
            missing = tuple(path for path in self.check.reads if path not in shown) or (answer.name,)
            return Outcome(Result.UNKNOWN, f"not reported: {', '.join(missing)}", missing, seen)
        if isinstance(answer, Given):
            why = f"gives {type(answer.value).__name__}, not true or false"
            return Outcome(Result.ERROR, why, (), seen)
        return Outcome(Result.ERROR, answer.why if isinstance(answer, Broken | Ended) else UNASKED, (), seen)

    def _problem(self, problems: Mapping[str, str]) -> str:
        """Why a fact that the check reads cannot be used; empty where all can."""
        whole = self.check.whole
        return next(
            (why for path, why in problems.items() if path in self.paths or path.split(".")[0] in whole), ""
        )


@lru_cache(maxsize=4096)
def compile_check(expression: str) -> Check:
    """The check of an expression, made once per process. Raises BadCheck."""
    return Check(expression)


@lru_cache(maxsize=16_384, typed=True)
def program_of(expression: str, limit: Scalar | None) -> CheckProgram:
    """The code of an expression and a limit, compiled once per process. Raises BadCheck."""
    return CheckProgram(compile_check(expression), limit)
