"""Life cycles as rules: what is due at a gate applies from there on, and a project's class has to be known.

A project that passed a gate has passed those before it, so that nobody escapes what is due at a gate by
leaving it out. Refuses to choose a life cycle for a project whose class is not reported, or has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.language import Message
from domain.standards.checks.literals import written
from domain.standards.life_cycle import Deliverable, LifeCycle
from domain.standards.standard import NOWHERE, Example, Level, Rule, RuleKind, Version, Where
from domain.standards.tailoring import Effective

CLASS = "life-cycle.class"
"""The uid of the rule that a project's class has a life cycle; no file may use it."""
CLASS_TITLE = Message("The class of the project is one that has a life cycle")
CLASS_REMEDY = Message("Enter the class of the project, one of: {classes}")
CLASS_DAYS = 5
"""Business days in which the class is entered."""


def bound(
    rules: Iterable[Rule], fact: str, life_cycles: tuple[LifeCycle, ...], where: Where = NOWHERE
) -> tuple[Rule, ...]:
    """The rules of a version with its life cycles: what is due at a gate applies once it was reached.

    `fact` (`root.name`) says of which class a project is, and `where` where that stands in the version's
    file. Without life cycles the rules are as they were.
    """
    if not life_cycles:
        return tuple(rules)
    scopes = due_scopes(fact, life_cycles)
    found = (replace(rule, applies=scopes.get(rule.uid, rule.applies)) for rule in rules)
    return (*found, class_rule(fact, life_cycles, where))


def due_scopes(fact: str, life_cycles: Iterable[LifeCycle]) -> Mapping[str, str]:
    """The expression by which each rule that is due somewhere applies, by its uid."""
    parts: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    for cycle in life_cycles:
        for number, phase in enumerate(cycle.phases):
            for due in phase.deliverables:
                parts.setdefault(due.rule, []).append(_reached(fact, cycle, number))
                own[due.rule] = due.applies
    return {
        rule: " && ".join((_any(reached), *([f"({own[rule]})"] if own[rule] else [])))
        for rule, reached in parts.items()
    }


def _any(expressions: list[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"({' || '.join(f'({e})' for e in expressions)})"


def _reached(fact: str, cycle: LifeCycle, number: int) -> str:
    """True of a project of that life cycle that passed its gate of that number, or one after it."""
    gates = ", ".join(written(gate) for gate in cycle.gates[number:])
    return f"gates.exists(gate, gate in [{gates}] && gates[gate] <= now) && {_is_of(fact, cycle.classes)}"


def _is_of(fact: str, classes: Iterable[str]) -> str:
    return f"{fact} in [{', '.join(map(written, classes))}]"


def class_rule(fact: str, life_cycles: tuple[LifeCycle, ...], where: Where) -> Rule:
    """The rule that a project has one life cycle; where its class is not reported, it is asked for."""
    classes = tuple(each for cycle in life_cycles for each in cycle.classes)
    root, _, name = fact.partition(".")
    return Rule(
        uid=CLASS,
        title=CLASS_TITLE.text,
        kind=RuleKind.COMPUTED,
        level=Level.LOCKED,
        remedy=CLASS_REMEDY.text.format(classes=", ".join(classes)),
        passing=Example({root: {name: classes[0] if classes else ""}}),
        failing=Example({root: {name: ""}}),
        check=_is_of(fact, classes),
        days=CLASS_DAYS,
        where=where,
    )


def as_written(version: Version) -> tuple[Rule, ...]:
    """The rules as the version's file says them, with what is due at a gate in its own scope alone."""
    own = {due.rule: due.applies for due in all_due(version.life_cycles)}
    return tuple(
        replace(rule, applies=own.get(rule.uid, rule.applies)) for rule in version.rules if rule.uid != CLASS
    )


def ahead(rules: Iterable[Effective], life_cycles: tuple[LifeCycle, ...]) -> tuple[Effective, ...]:
    """What is due at gates, as it would hold if each were reached already: in its own scope alone."""
    own = {due.rule: due.applies for due in all_due(life_cycles)}
    return tuple(
        replace(each, rule=replace(each.rule, applies=own[each.rule.uid]))
        for each in rules
        if each.rule.uid in own
    )


def all_due(life_cycles: Iterable[LifeCycle]) -> Iterable[Deliverable]:
    """Everything that is due somewhere, in order."""
    return (due for cycle in life_cycles for phase in cycle.phases for due in phase.deliverables)
