"""Running expressions: the only user of `cel`. Whatever an expression does is an answer, never an exception.

An expression comes here as text that was bounded and made exact (`bounding`). Many on many projects may be
run elsewhere, by an `Evaluator`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

import cel

from domain.standards.checks.answers import NONE, Absent, Answer, Answers, Broken, Expressions, Given, Roots
from domain.standards.checks.exactness import FUNCTIONS
from domain.standards.checks.expression import BadCheck

logging.getLogger("cel").setLevel(logging.CRITICAL)  # what it would log of each failure is in the answer

_CALLED = re.compile(r"Python function call failed: \w+: (.*)\. Check function", re.DOTALL)
_PLACE = re.compile(r"ERROR: <input>:\d+:\d+: (.*)")

Code: TypeAlias = cel.Program
Context: TypeAlias = cel.Context


class InProcess:
    """Runs expressions in this process: for expressions and facts that can be trusted."""

    @staticmethod
    def answers(expressions: Expressions, projects: Sequence[Roots], now: datetime) -> Sequence[Answers]:
        """As `Evaluator.answers`."""
        codes = [code_of(text) for text in expressions.texts]
        return [run(codes, expressions.pairs, roots, now) for roots in projects]


def run(codes: Sequence[Code], pairs: Sequence[tuple[int, int]], roots: Roots, now: datetime) -> Answers:
    """The answers for one project: each scope is run once, a check only where its rule applies."""
    context = context_of({**roots, "now": now})
    found: list[Answer | None] = [None] * len(codes)
    for applies, check in pairs:
        if applies != NONE:
            scope = found[applies]
            if scope is None:
                scope = found[applies] = evaluated(codes[applies], context)
            if scope is not True:
                continue
        if check != NONE and found[check] is None:
            found[check] = evaluated(codes[check], context)
    return found


def context_of(variables: Mapping[str, object]) -> Context:
    """Facts by root, and `now`, ready for many expressions."""
    return cel.Context(variables=dict(variables), functions=dict(FUNCTIONS))


@lru_cache(maxsize=16_384)
def code_of(text: str) -> Code:
    """The evaluator's code, compiled once per process. Raises BadCheck for what it does not parse."""
    try:
        return cel.compile(text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as refused:
        place = _PLACE.search(str(refused))
        raise BadCheck(f"is not CEL: {place[1][:200] if place else first_line(refused)}") from refused


def evaluated(code: Code, context: Context) -> Answer:
    """The answer of the code in that context."""
    try:
        answer = code.execute(context)
        if answer is True or answer is False:
            return answer
        if isinstance(answer, int | float | datetime):
            return Given(answer)
    except KeyError as absent:
        return Absent(str(absent).strip("'\""))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as broken:  # noqa: BLE001 - a panic of the evaluator is no Exception
        called = _CALLED.search(str(broken))
        return Broken(called[1] if called else f"{type(broken).__name__}: {first_line(broken)}")
    return Broken(f"gives {type(answer).__name__}, not true or false")


def first_line(problem: BaseException) -> str:
    """The first line of an error's text, shortened."""
    return next((line for line in str(problem).splitlines() if line.strip()), "no reason given")[:200]
