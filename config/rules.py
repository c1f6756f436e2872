"""One rule of a version: what it must have by its kind and level; it refuses rules that nobody could keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from config.documents import YamlDocument
from config.problems import Problems
from config.proofs import ExamplesShape, facts_of_example, prove
from config.shapes import FileEntry, Number, Shape, Simple, Whole, Words, entries, raw_ids
from domain.organization.office import Role
from domain.plans.facts import is_documented
from domain.standards.due import CLASS
from domain.standards.standard import Level, MaterialRule, Rule, RuleKind, Where

Uid = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
Wrong: TypeAlias = Callable[[str, str, str], None]
"""Reports what is wrong with a key of the rule: the key, the message, and what to write instead."""


class RangeShape(Shape):
    """The bounds of a rule whose level is range."""

    least: Number = Field(examples=["5"])
    """The lowest limit that an office may choose."""
    most: Number = Field(examples=["20"])
    """The highest limit that an office may choose."""


class RuleShape(Shape):
    """One rule of a version."""

    uid: Uid = Field(examples=["plan.owners"])
    """The rule's name for ever, over all versions: findings, questions and tailorings use it."""
    title: Words = Field(examples=["Every open item has an owner"])
    """What the rule asks for, in one sentence."""
    kind: RuleKind = Field(examples=["computed"])
    """`computed`: by an expression over facts; `attested`: by a person's statement with date, document and
    end."""
    level: Level = Field(examples=["floor"])
    """How far an office may tailor the limit: not at all (`locked`), up from it (`floor`), down from it
    (`ceiling`), within `range`, or freely (`advisory`, `office_choice`, `silent`). A `silent` rule applies
    only where it was tailored."""
    check: Text = ""
    """The expression (CEL) that is true where a project keeps the rule. Computed rules need it, attested ones
    have none."""
    subject: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    """What is attested, by the name under which the tools' settings map it. Attested rules need it, computed
    ones have none."""
    applies: Text = ""
    """An expression (CEL) that is false where the rule does not apply. Without it the rule applies to every
    project."""
    limit: Simple | None = None
    """The number, text or true/false that the expressions know as `limit` and that tailorings change."""
    range: RangeShape | None = None
    """The bounds of the limit, where the level is `range`."""
    remedy: Words = Field(examples=["Give each open item an owner"])
    """What to do about a violation; it is the text of the work that the office gets."""
    role: Role = Role.REPORTER
    """The role of the office that has to act."""
    days: Whole = Field(20, ge=0, le=500)
    """Business days for the remedy."""
    material: list[str] = Field([], max_length=20)
    """The facts, as `root.name`, whose change ends a deviation from the rule: it has to be asked for anew."""
    examples: ExamplesShape = Field(examples=["{pass: {...}, fail: {...}}"])
    """Facts on which the rule passes and fails. Both are run whenever the file is loaded."""


def sound(entry: FileEntry[RuleShape], problems: Problems) -> None:
    """Report everything in which a rule contradicts its own kind, level or name."""
    rule = entry.value

    def wrong(key: str, message: str, instead: str) -> None:
        problems.add(entry.where(key), f"rule `{rule.uid}` {message}", instead, about=rule.uid)

    if rule.uid == "tool" or rule.uid.startswith("tool."):
        wrong("uid", "takes a name that verdicts about tools have", "let no uid begin with `tool.`")
    if rule.uid == CLASS:
        wrong("uid", "takes the name of the rule about a project's class", "give it another uid")
    _of_its_kind(rule, wrong)
    for name in rule.material:
        if not is_documented(name):
            wrong(
                "material",
                f"names {name[:60]!r}, which is no fact",
                "docs/facts.md names them: project.finish",
            )
    if rule.level is Level.RANGE:
        _bounded(rule, wrong)
    elif rule.range is not None:
        remedy = "write `level: range`, or remove the range"
        wrong("range", f"has a range and its level is {rule.level}", remedy)
    if rule.level in (Level.FLOOR, Level.CEILING) and rule.limit is not None and not _is_number(rule.limit):
        wrong("limit", f"is a {rule.level} and its limit is no number", "write a number, or another level")


def _of_its_kind(rule: RuleShape, wrong: Wrong) -> None:
    if rule.kind is RuleKind.COMPUTED:
        if not rule.check:
            wrong("check", "is computed and has no check", "add `check: <CEL expression>`")
        if rule.subject:
            wrong("subject", "is computed and has a subject", "remove it, or make the rule attested")
        return
    if not rule.subject:
        wrong("subject", "is attested and has no subject", "add `subject: business_case`")
    if rule.check:
        wrong("check", "is attested and has a check", "remove it, or make the rule computed")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bounded(rule: RuleShape, wrong: Wrong) -> None:
    bounds = rule.range
    if bounds is None:
        wrong("range", "has the level range and no bounds", "add `range: {least: 5, most: 20}`")
        return
    least, most = bounds.least, bounds.most
    if least > most:
        wrong("range", f"has a range from {least:g} down to {most:g}", "swap the bounds")
    elif not _is_number(rule.limit) or not least <= float(str(rule.limit)) <= most:
        wrong("limit", "has a limit outside its own range", f"choose a number from {least:g} to {most:g}")


def read_rules(document: YamlDocument, today: date, problems: Problems) -> tuple[Rule, ...]:
    """The rules of a version that can be used, each proved by its own examples, judged on `today`."""
    if "rules" in document.value and not raw_ids(document, "rules", "uid"):
        message = "the rule set is empty: it says nothing about a project"
        problems.add(document.where("rules"), message, "write one rule per `- uid:` entry")
    rules: dict[str, Rule] = {}
    for entry in entries(RuleShape, document, "rules", problems):
        rule = rule_of(entry.value, entry.where())
        if rule.uid in rules:
            message = f"two rules have the uid `{rule.uid}`, the first on line {rules[rule.uid].where.line}"
            remedy = "a uid is one rule's for ever: give the other a uid of its own"
            problems.add(entry.where("uid"), message, remedy, about=rule.uid)
        rules.setdefault(rule.uid, rule)
        sound(entry, problems)
        prove(rule, entry.value.examples, entry.where, today, problems)
    return tuple(rules.values())


def rule_of(rule: RuleShape, where: Where) -> Rule:
    """The rule as a value, with its place in the file."""
    made = Rule(
        uid=rule.uid,
        title=rule.title,
        kind=rule.kind,
        level=rule.level,
        remedy=rule.remedy,
        passing=facts_of_example(rule.examples.passing),
        failing=facts_of_example(rule.examples.failing),
        check=rule.check,
        subject=rule.subject,
        applies=rule.applies,
        limit=rule.limit,
        least=rule.range.least if rule.range else None,
        most=rule.range.most if rule.range else None,
        role=str(rule.role),
        days=rule.days,
        where=where,
    )
    if not rule.material:
        return made
    values = {each.name: getattr(made, each.name) for each in fields(made)}
    return MaterialRule(**values, material=tuple(rule.material))
