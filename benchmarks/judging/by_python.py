"""Python: the same rules as functions over the facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from handed import Judge, read, serve
from rules import Held

Predicate = Callable[[Mapping[str, Any]], bool]


def prepare(asked: Mapping[str, Any]) -> Judge:
    """Each rule with its limit as two functions."""
    case = read(asked)
    names = {"now": case.now, "hours": lambda count: dt.timedelta(hours=count), "datetime": dt}

    def function(text: str) -> Predicate:
        return eval(f"lambda f: {text}", names)  # noqa: S307 - texts of rules.py

    def ready(held: Held) -> tuple[bool, Predicate | None, Predicate]:
        scope = held.rule.scope
        check = function(held.rule.check.python(held.limit))
        return held.off, function(scope.python(None)) if scope else None, check

    rules = {office: [ready(each) for each in held] for office, held in case.held.items()}
    work = [(rules[each.office], each.facts) for each in case.projects]
    return lambda every: [[verdict(*rule, facts) for rule in its] for its, facts in work[::every]]


def verdict(off: bool, scope: Predicate | None, check: Predicate, facts: Mapping[str, Any]) -> str:  # noqa: FBT001 - one yes or no
    """One rule on one project."""
    if off:
        return "not_applicable"
    try:
        if scope is not None and not scope(facts):
            return "not_applicable"
        return "pass" if check(facts) else "fail"
    except KeyError:
        return "unknown"
    except TypeError:
        return "error"


if __name__ == "__main__":
    serve(prepare)
