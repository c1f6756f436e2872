"""Judging: every rule of a version, as it holds for a project, on that project's facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from domain.answers import NONE, Expressions
from domain.checks import BadCheck, Outcome, Scene, compile_check
from domain.facts import Facts
from domain.project import Attestation, Plan, ToolDescription
from domain.standard import Level, Rule, RuleKind, ToolDemand
from domain.tailoring import Effective
from domain.verdict import Result, Verdict

OUTSIDE = "outside the rule's scope"
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: the plan, its facts, the tool it lives in, and the office's own today."""

    plan: Plan
    facts: Facts
    tool: ToolDescription
    now: datetime
    today: date


def judge(
    subject: Subject, rules: Iterable[Effective], demands: Iterable[ToolDemand], scene: Scene | None = None
) -> tuple[Verdict, ...]:
    """The verdict of every rule, and of everything that the version says of tools.

    `scene` has the answers to the rules' expressions, where they were run elsewhere. Raises ValueError for an
    empty rule set: it says nothing about a project. A fact that no check can look at, or a check that may not
    be used, is an error of the rules that need it alone.
    """
    seen = scene or Scene(subject.facts, subject.now)
    scopes: dict[str, Outcome] = {}
    verdicts = [_verdict(subject, seen, rule, scopes) for rule in rules]
    if not verdicts:
        raise ValueError("the rule set is empty: it says nothing about a project")
    return (*verdicts, *_tool_verdicts(subject, tuple(demands)))


def expressions_of(rules: Iterable[Effective]) -> Expressions:
    """What has to be run for these rules; of a check that may not be used, nothing."""
    numbers: dict[str, int] = {}
    pairs: list[tuple[int, int]] = []
    steps = 0
    for effective in rules:
        pair = [NONE, NONE]
        for place, expression in enumerate((effective.rule.applies, effective.rule.check)):
            if effective.off or not expression:
                continue
            with suppress(BadCheck):
                program = compile_check(expression).with_limit(effective.limit)
                steps += program.steps * (program.text not in numbers)
                pair[place] = numbers.setdefault(program.text, len(numbers))
        pairs.append((pair[0], pair[1]))
    return Expressions(tuple(numbers), tuple(pairs), steps)


def _verdict(subject: Subject, scene: Scene, effective: Effective, scopes: dict[str, Outcome]) -> Verdict:
    rule, key = effective.rule, subject.plan.project.key
    if effective.off:
        why = (
            "no opinion" if rule.level is Level.SILENT and len(effective.steps) == 1 else effective.steps[-1]
        )
        return Verdict(key, rule.uid, Result.NOT_APPLICABLE, why)
    try:
        if rule.applies:
            program = compile_check(rule.applies).with_limit(effective.limit)
            scope = scopes.get(program.text) or scopes.setdefault(program.text, program.on(scene))
            if scope.result is Result.FAIL:
                return Verdict(key, rule.uid, Result.NOT_APPLICABLE, OUTSIDE, scope.facts)
            if scope.result is not Result.PASS:
                return Verdict(key, rule.uid, scope.result, scope.why, scope.facts, scope.missing)
        if rule.kind is RuleKind.ATTESTED:
            return attested(key, rule, subject.plan.project.attestations, subject.tool, subject.today)
        found = compile_check(rule.check).with_limit(effective.limit).on(scene)
    except BadCheck as refused:
        return Verdict(key, rule.uid, Result.ERROR, f"the check {refused}"[:LONGEST_WHY])
    why = found.why or ("" if found.result is Result.PASS else rule.title)
    return Verdict(key, rule.uid, found.result, why, found.facts, found.missing)


def attested(
    project: str, rule: Rule, attestations: Iterable[Attestation], tool: ToolDescription, today: date
) -> Verdict:
    """An attestation counts with a person, a date not in the future, a document, and while it is valid.

    Where the tool has no place for it the verdict is unknown; where the place is empty it fails.
    """
    field = f"attested.{rule.subject}"
    found = next((a for a in attestations if a.subject == rule.subject), None)
    if found is None and field not in tool.fields:
        return Verdict(project, rule.uid, Result.UNKNOWN, f"not reported: {field}", {}, (field,))
    if found is None:
        return Verdict(project, rule.uid, Result.FAIL, "nobody has attested it")
    parts = {
        "person": found.person,
        "on": found.on,
        "document": found.document,
        "valid_until": found.valid_until,
    }
    lacking = [name for name, value in parts.items() if not value]
    seen = {f"{field}.{name}": value for name, value in parts.items() if value}
    problem = ""
    if lacking:
        problem = f"the attestation lacks {', '.join(lacking)}"
    elif found.on is not None and found.on > today:
        problem = f"attested for {found.on}, which is still to come"
    elif found.valid_until is not None and found.valid_until < today:
        problem = f"it was valid until {found.valid_until}"
    return Verdict(project, rule.uid, Result.FAIL if problem else Result.PASS, problem, seen)


def _tool_verdicts(subject: Subject, demands: tuple[ToolDemand, ...]) -> Iterator[Verdict]:
    if not demands:
        return
    key, tool = subject.plan.project.key, subject.tool
    demand = next((d for d in demands if d.kind == tool.kind), None)
    if demand is None:
        wanted = ", ".join(d.kind for d in demands)
        yield Verdict(key, "tool.kind", Result.FAIL, f"kept in {tool.kind}; the version names {wanted}")
        return
    yield Verdict(key, "tool.kind", Result.PASS)
    if demand.least_version:
        yield _tool_version(key, demand, tool)
    for name in demand.fields:
        there = name in tool.fields
        yield Verdict(key, f"tool.field.{name}", *_present(there, f"the tool has no field {name}"))
    for name in demand.statuses:
        there = name in tool.statuses
        yield Verdict(key, f"tool.status.{name}", *_present(there, f"the tool has no status {name}"))


def _present(there: bool, otherwise: str) -> tuple[Result, str]:  # noqa: FBT001 - one yes or no
    return (Result.PASS, "") if there else (Result.FAIL, otherwise)


def _tool_version(project: str, demand: ToolDemand, tool: ToolDescription) -> Verdict:
    if not tool.version:
        return Verdict(
            project, "tool.version", Result.UNKNOWN, "not reported: tool.version", {}, ("tool.version",)
        )
    old = _older(tool.version, demand.least_version)
    why = f"{tool.kind} {tool.version}; the version asks for {demand.least_version} or later" if old else ""
    return Verdict(
        project, "tool.version", Result.FAIL if old else Result.PASS, why, {"tool.version": tool.version}
    )


def _older(version: str, least: str) -> bool:
    """Compare dotted versions number by number; a part that is no number counts as 0."""
    pairs = zip_longest(version.split("."), least.split("."), fillvalue="0")
    numbers = [(int(a) if a.isdigit() else 0, int(b) if b.isdigit() else 0) for a, b in pairs]
    return [a for a, _ in numbers] < [b for _, b in numbers]
