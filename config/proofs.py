"""Each rule is proved when it is loaded: its passing and its failing example are executed.

Refuses checks that do not compile or that ask for facts that are not documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from pydantic import Field

from config.documents import At
from config.problems import Problems, meant
from config.shapes import Shape
from domain.plans.facts import OPEN_ROOTS, ROOTS, documented, is_documented, moment
from domain.plans.project import Attestation, Plan, Project, ToolDescription
from domain.standards.checks.check import BadCheck, compile_check
from domain.standards.judging import Subject, attested
from domain.standards.standard import Example, Rule, RuleKind, Where
from domain.standards.verdict import Result

ATTESTED = "attested"
TODAY = "today"
PARTS = ("person", "on", "document", "valid_until")


class ExamplesShape(Shape):
    """One example on which a rule must pass, and one on which it must fail: facts by root and name."""

    passing: dict[str, object] = Field(alias="pass", examples=["{plan: {overdue: 0}}"])
    """Facts on which the rule must pass: `root: {name: value}`; of an attested rule `attested: {person, on,
    document, valid_until}`. `today` is the example's day, without it the version's first."""
    failing: dict[str, object] = Field(alias="fail", examples=["{plan: {overdue: 3}}"])
    """Facts on which the rule must fail, written as for `pass`."""


def facts_of_example(said: Mapping[str, object]) -> Example:
    """Facts as rules see them: dates as UTC midnights, absent facts left out, `today` as a root."""
    facts: dict[str, Mapping[str, object]] = {}
    for root, names in said.items():
        if isinstance(names, Mapping):
            plain = root == ATTESTED
            known = {str(n): v if plain else _seen(v) for n, v in names.items() if v is not None}
            facts[root] = known
        elif root == TODAY:
            facts[TODAY] = {"date": names}
    return Example(facts)


def _seen(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return moment(value)
    return [_seen(each) for each in value] if isinstance(value, list) else value


def prove(
    rule: Rule, said: ExamplesShape, place: Callable[..., Where], today: date, problems: Problems
) -> None:
    """Run both examples of a rule; `place` gives the line of a key of it; `today` is the examples' day."""
    before = len(problems.errors)
    for key, expression in (("check", rule.check), ("applies", rule.applies)):
        if expression:
            _compiles(rule, expression, place(key), problems)
    for key, facts in (("pass", said.passing), ("fail", said.failing)):
        _well_formed(rule, facts, key, place, problems)
    if len(problems.errors) > before or (rule.kind is RuleKind.COMPUTED and not rule.check):
        return
    for key, example, wanted in (("pass", rule.passing, Result.PASS), ("fail", rule.failing, Result.FAIL)):
        result, why = outcome(rule, example, today)
        if result is not wanted:
            why = f": {why}" if why else ""
            message = f"the example `{key}` of rule `{rule.uid}` gives {result}{why}"
            instead = "correct the check or the example"
            problems.add(place("examples", key), message, instead, about=rule.uid)


def subject_of(rule: Rule, example: Example, today: date) -> Subject:
    """An example as a subject: a project with its facts, or its attestation, on its day or `today`."""
    on = example.facts.get(TODAY, {}).get("date", today)
    day = on if isinstance(on, date) else today
    parts: Any = dict(example.facts.get(ATTESTED, {}))
    word = (Attestation(rule.subject, **parts),) if parts else ()
    plan = Plan(Project("example", "example", "example", attestations=word))
    facts = {root: names for root, names in example.facts.items() if root not in (TODAY, ATTESTED)}
    tool = ToolDescription("example", fields=frozenset({f"attested.{rule.subject}"}))
    return Subject(plan, facts, tool, moment(day), day)


def outcome(rule: Rule, example: Example, today: date) -> tuple[Result, str]:
    """The result of a rule on an example, and why."""
    subject = subject_of(rule, example, today)
    if rule.kind is RuleKind.ATTESTED:
        word = subject.plan.project.attestations
        verdict = attested("example", rule, word, subject.tool, subject.today)
        return verdict.result, verdict.why
    facts, now = subject.facts, subject.now
    try:
        if rule.applies:
            scope = compile_check(rule.applies).run(facts, rule.limit, now)
            if scope.result is Result.FAIL:
                return Result.NOT_APPLICABLE, "it lies outside the rule's own scope"
            if scope.result is not Result.PASS:
                return scope.result, scope.why
        found = compile_check(rule.check).run(facts, rule.limit, now)
    except (ValueError, TypeError, OverflowError, RuntimeError) as broken:
        return Result.ERROR, str(broken)[:200]
    return found.result, found.why


def asked_of_facts(paths: Iterable[str], where: Where, problems: Problems) -> None:
    """Refuse facts that are not documented, naming the closest."""
    names = [path for path, _, _ in documented()]
    for path in paths:
        if not is_documented(path):
            problems.add(where, f"there is no fact `{path[:60]}`", meant(path, names))


def is_numeric(path: str) -> bool:
    """Whether a documented fact is a number (the office's own fields may be)."""
    return _is_of(path, {int, float})


def is_text(path: str) -> bool:
    """Whether a documented fact is a text (the office's own fields may be)."""
    return _is_of(path, {str})


def _is_of(path: str, wanted: set[type]) -> bool:
    root, _, name = path.partition(".")
    if root in OPEN_ROOTS:
        return root == "field"
    kinds = get_args(get_type_hints(ROOTS[root]).get(name, str)) if root in ROOTS else ()
    return bool(wanted & set(kinds))


def _compiles(rule: Rule, expression: str, where: Where, problems: Problems) -> None:
    try:
        check = compile_check(expression)
    except BadCheck as bad:
        problems.add(where, f"the check of rule `{rule.uid}` {bad}", bad.remedy, about=rule.uid)
        return
    asked_of_facts((*check.reads, *check.asks), where, problems)
    if check.uses_limit and rule.limit is None:
        message = f"rule `{rule.uid}` asks for `limit` and has none"
        problems.add(where, message, "add `limit: ...` to the rule", about=rule.uid)
    try:
        check.with_limit(rule.limit)
    except BadCheck as bad:
        message = f"with its limit the check of rule `{rule.uid}` {bad}"
        problems.add(where, message, "choose a shorter limit, or another expression", about=rule.uid)


def _well_formed(
    rule: Rule, facts: Mapping[str, object], key: str, place: Callable[..., Where], problems: Problems
) -> None:
    roots = (ATTESTED, TODAY) if rule.kind is RuleKind.ATTESTED else (*ROOTS, *OPEN_ROOTS, TODAY)
    for root, names in facts.items():
        where = place("examples", key, root)
        if root not in roots:
            problems.add(where, f"an example knows no `{root[:40]}`", meant(root, roots))
        elif root == TODAY:
            if not isinstance(names, date) or isinstance(names, datetime):
                problems.add(where, "`today` is no date", "write it as 2027-01-04")
        elif not isinstance(names, Mapping):
            problems.add(where, f"`{root}` holds no facts by name", f"write `{root}: {{name: value}}`")
        elif root == ATTESTED:
            _attestation(names, (key, root), place, problems)
        else:
            asked_of_facts((f"{root}.{name}" for name in names), where, problems)


def _attestation(
    names: Mapping[str, object], at: At, place: Callable[..., Where], problems: Problems
) -> None:
    for name, value in names.items():
        where = place("examples", *at, name)
        if name not in PARTS:
            problems.add(where, f"an attestation has no `{name[:40]}`", meant(name, PARTS))
        elif value is not None and name in ("on", "valid_until") and type(value) is not date:
            problems.add(where, f"`{name}` is no date", "write it as 2027-01-04")
        elif value is not None and name in ("person", "document") and not isinstance(value, str):
            problems.add(where, f"`{name}` is no text", "put it in quotes")
