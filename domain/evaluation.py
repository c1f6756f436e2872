"""Running expressions: the only user of `cel`. Whatever the evaluator does is an answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import cel

from domain.exactness import FUNCTIONS
from domain.expression import BadCheck

logging.getLogger("cel").setLevel(logging.CRITICAL)  # what it would say of each failure stands in the answer

_CALLED = re.compile(r"Python function call failed: \w+: (.*)\. Check function", re.DOTALL)
_PLACE = re.compile(r"ERROR: <input>:\d+:\d+: (.*)")

Code: TypeAlias = cel.Program
Context: TypeAlias = cel.Context


@dataclass(frozen=True, slots=True)
class Absent:
    """The evaluator looked for what is not there."""

    name: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The evaluator gave no truth value, and why."""

    why: str


Answer: TypeAlias = bool | Absent | Broken


def context_of(variables: Mapping[str, object]) -> Context:
    """Facts by root, and `now`, ready for many expressions."""
    return cel.Context(variables=dict(variables), functions=dict(FUNCTIONS))


def compiled(text: str) -> Code:
    """The evaluator's code. Raises BadCheck for what it does not parse."""
    try:
        return cel.compile(text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as refused:
        place = _PLACE.search(str(refused))
        raise BadCheck(f"is not CEL: {place[1][:200] if place else first_line(refused)}") from refused


def evaluated(code: Code, context: Context) -> Answer:
    """What the code says of what stands in the context; whatever the evaluator does is an answer."""
    try:
        answer = code.execute(context)
    except KeyError as absent:
        return Absent(str(absent).strip("'\""))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as broken:  # noqa: BLE001 - a panic of the evaluator is no Exception
        called = _CALLED.search(str(broken))
        return Broken(called[1] if called else f"{type(broken).__name__}: {first_line(broken)}")
    return answer if isinstance(answer, bool) else Broken(f"gives {type(answer).__name__}, not true or false")


def first_line(problem: BaseException) -> str:
    """What went wrong, short."""
    return next((line for line in str(problem).splitlines() if line.strip()), "no reason given")[:200]
