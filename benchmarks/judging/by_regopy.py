"""regopy: for each office one policy with its limits, compiled once; one query for each project's facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regopy
from handed import Facts, Judge, read, serve
from rules import WORDS, Held


def prepare(asked: Mapping[str, Any]) -> Judge:
    """The policies, built; a project's facts become an input once a round, its times as seconds."""
    case = read(asked)
    policies = {office: built(held) for office, held in case.held.items()}
    now = case.now.timestamp()

    def project(of: Facts) -> Sequence[str]:
        interpreter, bundle = policies[of.office]
        interpreter.set_input_term(json.dumps({**of.facts, "now": now}, default=lambda at: at.timestamp()))
        found = json.loads(str(interpreter.query_bundle(bundle)))["expressions"][0]
        return [found[each.rule.uid] for each in case.held[of.office]]

    return lambda every: [project(each) for each in case.projects[::every]]


def built(held: Sequence[Held]) -> tuple[regopy.Interpreter, regopy.Bundle]:
    """One office's policy."""
    interpreter = regopy.Interpreter()
    interpreter.add_module("rules", "package rules\n\n" + "\n".join(policy(each) for each in held))
    return interpreter, interpreter.build("data.rules", ["rules"])


def policy(held: Held) -> str:
    """One rule: whatever of it is true first."""
    if held.off:
        return f'{held.rule.uid} := "not_applicable"'
    said = " else ".join(f':= "{result}" if {{ {body} }}' for result, body in cases(held))
    return f'{held.rule.uid} {said} else := "unknown"'


def cases(held: Held) -> Iterator[tuple[str, str]]:
    """The results with what each asks; what is missing is none of them, so that it is unknown."""
    rule, scope = held.rule, held.rule.scope
    inside = [scope.rego(None)] if scope else []
    there = [check for check in [rule.check.there()] if check]
    if WORDS in rule.check.facts:
        path = f"input.{WORDS}"
        yield "error", "; ".join([*inside, *there, f"_ = {path}", f"not is_number({path})"])
    yield "pass", "; ".join([*inside, rule.check.rego(held.limit)])
    yield "fail", "; ".join([*inside, *there]) or "true"
    if scope:
        yield "not_applicable", "; ".join(filter(None, [scope.there(), f"not {scope.rego(None)}"]))


if __name__ == "__main__":
    serve(prepare)
