"""One rule tried: the facts that it reads, its verdict, and its cost; it publishes and stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from time import process_time_ns

from config.problems import meant
from config.proofs import subject_of
from domain.compliance.network import IN_PROCESS
from domain.plans.facts import OPEN_ROOTS, documented
from domain.standards.checks.answers import NONE, Answers, Ended, Evaluator, Expressions
from domain.standards.checks.check import Scene, compile_check
from domain.standards.checks.costs import Cost, costs_of
from domain.standards.checks.evaluation import code_of, context_of, evaluated
from domain.standards.checks.fact_types import type_of
from domain.standards.judging import Subject, prepared, verdicts_of
from domain.standards.standard import Rule, RuleKind, Version
from domain.standards.tailoring import Effective
from domain.standards.verdict import Verdict

PARTS = {
    "person": "who attests it",
    "on": "when it was attested; not in the future",
    "document": "where the evidence lies",
    "valid_until": "the last day on which it counts",
}
LONG_ENOUGH, MOST_TIMES = 20_000_000, 1000
"""Nanoseconds after which the cost is measured well enough, and the most runs to measure it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that the rule reads or asks for; `value` is None where it was not reported."""

    name: str
    value: object
    type: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The rule's verdict on one project or example; `wanted` is the result that an example must give.

    `microseconds` is the CPU time of its expressions just now; None where it has none, or one had to be
    ended.
    """

    on: str
    now: datetime
    facts: tuple[Fact, ...]
    verdict: Verdict
    microseconds: float | None
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule as it is in force where it was tried, the most that its expressions cost, and each trial."""

    version: Version
    effective: Effective
    costs: tuple[Cost, ...]
    trials: tuple[Trial, ...]


def on_examples(version: Version, rule: Rule) -> Tried:
    """The rule tried on its own examples. Raises BadCheck where an expression may not be used."""
    said = f"limit {rule.limit}" if rule.limit is not None else "holds"
    effective = Effective(rule, rule.limit, off=False, steps=(f"{version.id}: {said} ({rule.level})",))
    # An attestation's example has no facts from which the rule's scope could be judged.
    alone = replace(rule, applies="") if rule.kind is RuleKind.ATTESTED else rule
    trials = []
    for wanted, example in (("pass", rule.passing), ("fail", rule.failing)):
        subject = subject_of(rule, example, version.effective_from)
        found = tried(subject, replace(effective, rule=alone), f"the example `{wanted}`")
        trials.append(replace(found, wanted=wanted))
    return Tried(version, effective, tuple(costs_of(rule, rule.limit)), tuple(trials))


def tried(subject: Subject, effective: Effective, on: str, evaluator: Evaluator = IN_PROCESS) -> Trial:
    """One rule tried on a subject, which `on` names. Raises BadCheck where an expression may not be used."""
    scene, rules = Scene(subject.facts), prepared([effective])
    (answers,) = evaluator.answers(rules.expressions, [scene.roots], subject.now)
    (verdict,) = verdicts_of(subject, rules, (), (scene, answers))
    facts = (*_looked_at(effective.rule, scene, subject), *_attested(effective.rule, subject))
    return Trial(
        on, subject.now, facts, verdict, _microseconds(rules.expressions, answers, scene, subject.now)
    )


def _looked_at(rule: Rule, scene: Scene, subject: Subject) -> Iterator[Fact]:
    """The facts that a rule's expressions read or ask for, by name."""
    known = {name: (unit, meaning) for name, unit, meaning in documented()}
    checks = [compile_check(expression) for expression in (rule.applies, rule.check) if expression]
    for path in sorted({path for check in checks for path in check.paths}):
        root, _, name = path.partition(".")
        value, names = subject.facts.get(root, {}).get(name), scene.roots[root]
        unit, meaning = known.get(path) or ("", OPEN_ROOTS.get(root, ""))
        if value is None and root in OPEN_ROOTS and names:
            meaning = f"{meaning}; {meant(name, names)}"
        yield Fact(path, value, type_of(path), unit, meaning)
    for root in sorted({root for check in checks for root in check.whole}):
        yield Fact(root, sorted(scene.roots[root]), "names", "", OPEN_ROOTS[root])


def _attested(rule: Rule, subject: Subject) -> Iterator[Fact]:
    """The parts of the attestation that the rule asks for."""
    if rule.kind is RuleKind.ATTESTED:
        words = subject.plan.project.attestations
        found = next((word for word in words if word.subject == rule.subject), None)
        for part, meaning in PARTS.items():
            kind = "text" if part in ("person", "document") else "date"
            yield Fact(f"attested.{rule.subject}.{part}", getattr(found, part, None), kind, "", meaning)


def _microseconds(expressions: Expressions, answers: Answers, scene: Scene, now: datetime) -> float | None:
    """Mean CPU time of the expressions, run again here; None where none has an answer, or one was ended."""
    used = {number for pair in expressions.pairs for number in pair if number != NONE}
    asked = [number for number in used if answers[number] is not None]
    if not asked or any(isinstance(answers[number], Ended) for number in asked):
        return None
    codes = [code_of(expressions.texts[number]) for number in asked]
    context = context_of({**scene.roots, "now": now})
    began, times, spent = process_time_ns(), 0, 0
    while times < MOST_TIMES and spent < LONG_ENOUGH:
        for code in codes:
            evaluated(code, context)
        times, spent = times + 1, process_time_ns() - began
    return spent / times / 1000
