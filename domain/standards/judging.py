"""Judging: every rule of a version, as it holds for a project, on that project's facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest

from domain.plans.facts import Facts
from domain.plans.project import Attestation, Plan, Scalar, ToolDescription
from domain.standards.checks.answers import NONE, Answers, Expressions
from domain.standards.checks.check import BadCheck, CheckProgram, Outcome, Scene, compile_check
from domain.standards.checks.evaluation import InProcess
from domain.standards.reasons import LONGEST_WHY, reason
from domain.standards.standard import Level, Rule, ToolDemand
from domain.standards.tailoring import Effective
from domain.standards.verdict import Result, Verdict

OUTSIDE = "outside the rule's scope"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: the plan, its facts, the tool that holds it, and the office's own date of today."""

    plan: Plan
    facts: Facts
    tool: ToolDescription
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule as it holds somewhere, ready to be judged on many projects.

    `applies` and `check` are its programs with the numbers of their texts; `settled` is the result and why,
    where no project's facts matter: it is off, or its check may not be used. `limit` is the one in force,
    where the check uses one, and `source` where it, or the rule, comes from.
    """

    rule: Rule
    applies: tuple[CheckProgram, int] | None = None
    check: tuple[CheckProgram, int] | None = None
    settled: tuple[Result, str] | None = None
    limit: Scalar | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules as they hold somewhere, and the expressions to run for them."""

    rules: tuple[Prepared, ...]
    expressions: Expressions


def prepared(rules: Iterable[Effective]) -> RuleSet:
    """The rules with their programs; each text is once among the expressions to run."""
    numbers: dict[str, int] = {}
    found = tuple(_prepared(each, numbers) for each in rules)
    pairs = tuple((r.applies[1] if r.applies else NONE, r.check[1] if r.check else NONE) for r in found)
    programs = {program.text: program for r in found for program, _ in filter(None, (r.applies, r.check))}
    return RuleSet(found, Expressions(tuple(numbers), pairs, sum(p.steps for p in programs.values())))


def _prepared(effective: Effective, numbers: dict[str, int]) -> Prepared:
    rule, source = effective.rule, effective.steps[-1]
    if effective.off:
        silent = rule.level is Level.SILENT and len(effective.steps) == 1
        why = "no opinion" if silent else source
        return Prepared(rule, settled=(Result.NOT_APPLICABLE, why))
    try:
        programs = [
            compile_check(expression).with_limit(effective.limit) if expression else None
            for expression in (rule.applies, rule.check)
        ]
    except BadCheck as refused:
        return Prepared(rule, settled=(Result.ERROR, f"the check {refused}"[:LONGEST_WHY]), source=source)
    applies, check = ((p, numbers.setdefault(p.text, len(numbers))) if p else None for p in programs)
    limit = effective.limit if check is not None and check[0].check.uses_limit else None
    return Prepared(rule, applies, check, limit=limit, source=source)


def judge(subject: Subject, rules: Iterable[Effective], demands: Iterable[ToolDemand]) -> tuple[Verdict, ...]:
    """The verdict of every rule, and of everything that the version says of tools; run in this process."""
    ready = prepared(rules)
    scene = Scene(subject.facts)
    (answers,) = InProcess().answers(ready.expressions, [scene.roots], subject.now)
    return verdicts_of(subject, ready, demands, (scene, answers))


def verdicts_of(
    subject: Subject, rules: RuleSet, demands: Iterable[ToolDemand], found: tuple[Scene, Answers]
) -> tuple[Verdict, ...]:
    """The verdicts, from the answers to the rules' expressions.

    Raises ValueError for an empty rule set: it says nothing about a project. A fact that no check can use, or
    a check that may not be used, gives an error for the rules that need it only.
    """
    if not rules.rules:
        raise ValueError("the rule set is empty: it says nothing about a project")
    scene, answers = found
    key, scopes = subject.plan.project.key, dict[int, Outcome]()
    clean, verdicts = not scene.problems, list[Verdict]()
    for each in rules.rules:
        rule = each.rule
        if each.settled is not None:
            verdicts.append(Verdict(key, rule.uid, *each.settled, source=each.source))
            continue
        if each.applies is not None:
            program, number = each.applies
            scope = scopes.get(number) or scopes.setdefault(number, program.outcome(scene, answers[number]))
            if scope.result is not Result.PASS:
                verdicts.append(_outside(key, each, scope))
                continue
        if each.check is None:
            project = subject.plan.project
            found_so = attested(key, rule, project.attestations, subject.tool, subject.today)
            verdicts.append(
                found_so if found_so.result is Result.PASS else replace(found_so, source=each.source)
            )
            continue
        program, number = each.check
        answer = answers[number]
        if clean and answer is True and not program.lacks_limit:  # most verdicts: the short path
            verdicts.append(Verdict(key, rule.uid, Result.PASS, "", scene.seen(program.paths)))
            continue
        outcome = program.outcome(scene, answer)
        verdicts.append(_judged(key, each, program, outcome))
    return (*verdicts, *_tool_verdicts(subject, tuple(demands)))


def _judged(project: str, each: Prepared, program: CheckProgram, outcome: Outcome) -> Verdict:
    """The verdict of a computed rule: of one that is not kept with its limit, and where that is from."""
    uid, result, why = each.rule.uid, outcome.result, outcome.why
    if result is Result.PASS:
        return Verdict(project, uid, result, why, outcome.facts, outcome.missing)
    if result is Result.FAIL:
        why = reason(outcome.facts, program.paths, each.limit, program.check.expression)
    return Verdict(project, uid, result, why, outcome.facts, outcome.missing, each.limit, each.source)


def _outside(project: str, each: Prepared, scope: Outcome) -> Verdict:
    """The verdict of a rule that does not apply, or of which it is not known whether it applies."""
    uid = each.rule.uid
    if scope.result is Result.FAIL:
        return Verdict(project, uid, Result.NOT_APPLICABLE, OUTSIDE, scope.facts)
    return Verdict(project, uid, scope.result, scope.why, scope.facts, scope.missing, each.limit, each.source)


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
