"""Checks: CEL expressions over facts, compiled once and bounded; the only user of `cel`.

A missing fact gives unknown and is named; anything that breaks gives error, never pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import cel

from domain.facts import OPEN_ROOTS, ROOTS, Facts, as_fact
from domain.project import Scalar
from domain.verdict import Result

LONGEST_EXPRESSION = 1000
DEEPEST_COMPREHENSION = 2
MOST_MAPS = 2
"""A map can double what it is given; many in a row would not fit into any machine."""
LARGEST_LIST = 20_000
KNOWN_NAMES = frozenset({*ROOTS, *OPEN_ROOTS, "limit", "now"})

_SKIPPED = re.compile(
    r"""//[^\n]*"""
    r"""|\b[bB]?[rR](\"{3}|'{3}|"|').*?\1"""
    r"""|(\"{3}|'{3}|"|')(?:\\.|(?!\2).)*\2""",
    re.DOTALL,
)
"""Comments, raw strings and strings."""
_SPACED = re.compile(r"\s*([.()\[\],])\s*")
_PRESENCE = re.compile(r"\bhas\s*\(\s*(\w+)\.(\w+)\s*\)")
_PATH = re.compile(rf"(?<![.\w])({'|'.join([*ROOTS, *OPEN_ROOTS])})\.(\w+)")
_INDEX = re.compile(rf"\b({'|'.join([*ROOTS, *OPEN_ROOTS])})\s*\[\s*[\"']([^\"']+)[\"']\s*\]")
_MACROS = "all|exists|exists_one|existsOne|map|filter"
_COMPREHENSION = re.compile(rf"\.(?:{_MACROS})\(|[()]")
_BOUND = re.compile(rf"\.(?:{_MACROS})\((\w+),")
_LIMIT = re.compile(r"(?<![.\w])limit\b")
_PLACE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


class BadCheck(ValueError):
    """An expression that cannot be used: its text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says: pass, fail, unknown (with the missing facts) or error; and the facts it read."""

    result: Result
    why: str = ""
    missing: tuple[str, ...] = ()
    facts: Mapping[str, object] | None = None


class Scene:
    """One project's facts, ready for many checks: one CEL context for all of them."""

    def __init__(self, facts: Facts, now: datetime) -> None:
        """Facts by root and name; `now` is aware. Raises BadCheck for a list beyond the bound."""
        self.facts = facts
        for root, names in facts.items():
            for name, value in names.items():
                if isinstance(value, list) and len(value) > LARGEST_LIST:
                    raise BadCheck(f"{root}.{name} has {len(value)} entries, {LARGEST_LIST} is the most")
        roots = {root: dict(facts.get(root, {})) for root in [*ROOTS, *OPEN_ROOTS]}
        self._context = cel.Context(variables={**roots, "now": now})

    def with_limit(self, limit: Scalar | None) -> cel.Context:
        """The context in which `limit` is the rule's own."""
        if limit is not None:
            self._context.add_variable("limit", as_fact(limit))
        return self._context

    def value(self, path: str) -> object | None:
        """The fact `root.name`, or None where it is missing."""
        root, _, name = path.partition(".")
        return self.facts.get(root, {}).get(name)


class Check:
    """A compiled expression; `reads` are the facts it needs, `asks` those whose presence it asks."""

    def __init__(self, expression: str) -> None:
        """Raises BadCheck when the expression does not parse, is too large, or names what does not exist."""
        self.expression = expression.strip()
        if not self.expression:
            raise BadCheck("the expression is empty")
        if len(self.expression) > LONGEST_EXPRESSION:
            raise BadCheck(
                f"the expression has {len(self.expression)} characters, {LONGEST_EXPRESSION} is the most"
            )
        bare = _bare(self.expression)
        if _depth(bare) > DEEPEST_COMPREHENSION:
            raise BadCheck(f"comprehensions are nested more than {DEEPEST_COMPREHENSION} deep")
        if bare.count(".map(") > MOST_MAPS:
            raise BadCheck(f"it has more than {MOST_MAPS} maps")
        self._program = _compiled(self.expression, frozenset(_BOUND.findall(bare)))
        asked = {f"{root}.{name}" for root, name in _PRESENCE.findall(bare)}
        plain = _PRESENCE.sub("true", bare)
        read = {f"{root}.{name}" for root, name in _PATH.findall(plain)}
        read |= {f"{root}.{name}" for root, name in _INDEX.findall(self.expression)}
        self.reads = tuple(sorted(read))
        self.asks = tuple(sorted(asked))
        self.uses_limit = _LIMIT.search(bare) is not None

    def on(self, scene: Scene, limit: Scalar | None = None) -> Outcome:
        """Judge one scene. Never raises for what an expression does: that is an error, or unknown."""
        seen = {path: scene.value(path) for path in (*self.reads, *self.asks)}
        seen = {path: _shown(value) for path, value in seen.items() if value is not None}
        if self.uses_limit and limit is None:
            return Outcome(Result.ERROR, "the check asks for a limit and the rule has none", facts=seen)
        try:
            answer = self._program.execute(scene.with_limit(limit))
        except KeyError as absent:
            return self._unknown(scene, str(absent), seen)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as broken:  # noqa: BLE001 - a panic of the evaluator is no Exception
            return Outcome(Result.ERROR, f"{type(broken).__name__}: {_first_line(broken)}", facts=seen)
        if not isinstance(answer, bool):
            return Outcome(Result.ERROR, f"gives {type(answer).__name__}, not true or false", facts=seen)
        return Outcome(Result.PASS if answer else Result.FAIL, facts=seen)

    def run(self, facts: Facts, limit: Scalar | None, now: datetime) -> Outcome:
        """Judge one set of facts alone; for many checks on one project make one Scene."""
        return self.on(Scene(facts, now), limit)

    def _unknown(self, scene: Scene, absent: str, seen: Mapping[str, object]) -> Outcome:
        missing = tuple(path for path in self.reads if scene.value(path) is None)
        named = missing or (absent.strip("'\""),)
        return Outcome(Result.UNKNOWN, f"not reported: {', '.join(named)}", named, seen)


def _shown(value: object) -> object:
    """A fact as a verdict keeps it: of a long list only how many entries it has."""
    return f"{len(value)} entries" if isinstance(value, list) else value


@lru_cache(maxsize=4096)
def compile_check(expression: str) -> Check:
    """The check of an expression, compiled once per process. Raises BadCheck."""
    return Check(expression)


def _bare(expression: str) -> str:
    """The expression without comments, texts and spaces, so that its form alone is looked at."""
    cut = _SKIPPED.sub(lambda found: " " if found.group().startswith("//") else "''", expression)
    return _SPACED.sub(r"\1", cut)


def _first_line(problem: BaseException) -> str:
    return next((line for line in str(problem).splitlines() if line.strip()), "no reason given")[:200]


def _compiled(expression: str, bound: frozenset[str]) -> cel.Program:
    try:
        program = cel.compile(expression)
    except ValueError as unparsable:
        place = _PLACE.search(str(unparsable))
        why = f"line {place[1]}, column {place[2]}: {place[3][:200]}" if place else _first_line(unparsable)
        raise BadCheck(f"is not CEL: {why}") from unparsable
    except BaseException as crash:
        if isinstance(crash, KeyboardInterrupt | SystemExit):
            raise
        raise BadCheck(f"cannot be parsed: {_first_line(crash)}") from crash
    strange = sorted(set(program.variables()) - KNOWN_NAMES - bound)
    if strange:
        raise BadCheck(f"names {', '.join(strange)[:200]}; known are {', '.join(sorted(KNOWN_NAMES))}")
    return program


def _depth(expression: str) -> int:
    """How deep comprehensions are nested: parentheses that a comprehension opened, counted."""
    opened: list[bool] = []
    deepest = 0
    for token in _COMPREHENSION.finditer(expression):
        if token.group() == ")":
            if opened:
                opened.pop()
        else:
            opened.append(token.group() != "(")
            deepest = max(deepest, sum(opened))
    return deepest
