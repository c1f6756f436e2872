"""The limit: compiled CEL with each limit as a literal, on contexts that are ready; nothing but executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cel
from handed import Judge, read, serve
from rules import Held

Ready = tuple[bool, "cel.Program | None", cel.Program]


def prepare(asked: Mapping[str, Any]) -> Judge:
    """One program for each expression and limit, one context for each project."""
    case = read(asked)
    programs: dict[str, cel.Program] = {}

    def program(text: str) -> cel.Program:
        return programs.setdefault(text, cel.compile(text))

    def ready(held: Held) -> Ready:
        scope = held.rule.scope
        return held.off, program(scope.cel()) if scope else None, program(held.rule.check.cel(held.limit))

    rules = {office: [ready(each) for each in held] for office, held in case.held.items()}
    work = [
        (rules[each.office], cel.Context(variables={**each.facts, "now": case.now})) for each in case.projects
    ]
    return lambda every: [[verdict(*rule, context) for rule in its] for its, context in work[::every]]


def verdict(off: bool, scope: cel.Program | None, check: cel.Program, context: cel.Context) -> str:  # noqa: FBT001 - one yes or no
    """One rule on one project."""
    if off:
        return "not_applicable"
    try:
        if scope is not None and not scope.execute(context):
            return "not_applicable"
        return "pass" if check.execute(context) else "fail"
    except KeyError:
        return "unknown"
    except (TypeError, RuntimeError, ValueError):
        return "error"


if __name__ == "__main__":
    serve(prepare)
