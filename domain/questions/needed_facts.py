"""The facts that a version's rules and leeway need, and for each office what gives them, if anything does.

Pure: what an office's tools give is passed in. Refuses to say that a fact is there because its column is: a
cell may be empty, and then it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.language import ENGLISH, Language
from domain.questions.missing_facts import BASIS
from domain.standards.checks.check import BadCheck, compile_check
from domain.standards.standard import Rule, Version

ITSELF = "the tool itself"
IS_DONE = ("item.percent", "item.status")
"""Either says whether an item is open."""
BY_ITEMS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "plan.items": (("item.id",),),
    "plan.milestones": (("item.kind",),),
    "plan.overdue": (("item.due",), IS_DONE),
    "plan.without_owner": (("item.owner",), IS_DONE),
    "plan.without_due": (("item.due",), IS_DONE),
    "plan.unknown": (("item.id",),),
    "plan.work_hours": (("item.work",),),
    "plan.percent_done_work": (("item.work",), IS_DONE),
    "plan.percent_complete": (("percent_complete",), ("item.work",), IS_DONE),
    "plan.longest_task_days": (("item.start",), ("item.due",)),
    "plan.titles": (("item.title",),),
    "project.program": (("program",),),
}
"""What facts are computed from besides BASIS: every group, of which any one does."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact at one office: the fields that give it, by our names and theirs, or those that are missing."""

    fact: str
    office: str
    used_by: tuple[str, ...]
    """The rules that need it; `leeway` for the version's leeway."""
    fields: tuple[str, ...]
    by: tuple[str, ...]
    lacks: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether something gives it."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class FactGap:
    """A fact that nothing gives at these offices."""

    fact: str
    offices: tuple[str, ...]


def needed(version: Version) -> Mapping[str, tuple[str, ...]]:
    """The facts that the version needs, by name, each with the rules that need it.

    A gate is needed by what is due there, else by its life cycle.
    """
    found: dict[str, list[str]] = {}
    for rule in version.rules:
        for fact in _of_rule(rule):
            found.setdefault(fact, []).append(rule.uid)
    for cycle in version.life_cycles:
        for phase in cycle.phases:
            used = [due.rule for due in phase.deliverables] or [cycle.uid]
            found.setdefault(f"gates.{phase.gate}", []).extend(used)
    for condition in version.leeway.conditions if version.leeway else ():
        found.setdefault(condition.fact, []).append("leeway")
    return {fact: tuple(dict.fromkeys(found[fact])) for fact in sorted(found)}


def _of_rule(rule: Rule) -> set[str]:
    """The facts that a rule looks at; none where its expressions may not be used."""
    facts = {f"attested.{rule.subject}"} if rule.subject else set()
    for expression in (rule.check, rule.applies):
        try:
            facts |= set(compile_check(expression).paths) if expression else set()
        except BadCheck:
            continue
    return facts


def fact_table(version: Version, offices: Mapping[str, Mapping[str, str]]) -> tuple[FactRow, ...]:
    """Every needed fact at every office, by fact and office.

    `offices` holds what each office's tools give: their names of our fields (`finish`, `gate.G1`).
    """
    return tuple(
        _row(fact, office, used_by, offices[office])
        for fact, used_by in needed(version).items()
        for office in sorted(offices)
    )


def gaps(rows: Iterable[FactRow]) -> tuple[FactGap, ...]:
    """The facts that nothing gives somewhere, with the offices."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if not row.is_given:
            found.setdefault(row.fact, []).append(row.office)
    return tuple(FactGap(fact, tuple(offices)) for fact, offices in found.items())


def said_of(found: tuple[FactGap, ...], language: Language = ENGLISH) -> str:
    """`Nothing gives field.risks (antwerp, durban), project.lead (durban) and 2 more facts.`; or nothing."""
    if not found:
        return ""
    told = ", ".join(f"{each.fact} ({', '.join(each.offices)})" for each in found[:MOST_NAMED])
    more = len(found) - MOST_NAMED
    if more <= 0:
        return language.say("Nothing gives {facts}.", facts=told)
    return language.count(
        more,
        "Nothing gives {facts} and {n} more fact.",
        "Nothing gives {facts} and {n} more facts.",
        facts=told,
    )


def _row(fact: str, office: str, used_by: tuple[str, ...], gives: Mapping[str, str]) -> FactRow:
    root, _, name = fact.partition(".")
    if root == "tool":
        return FactRow(fact, office, used_by, (), (ITSELF,))
    fields, lacks = [], []
    for group in _groups(fact, root, name, gives):
        there = next((each for each in group if each in gives), None)
        if there is None:
            lacks.append(" or ".join(group))
        else:
            fields.append(there)
    return FactRow(fact, office, used_by, tuple(fields), tuple(gives[each] for each in fields), tuple(lacks))


def _groups(fact: str, root: str, name: str, gives: Mapping[str, str]) -> Iterable[tuple[str, ...]]:
    """What gives a fact: every group, of which any one field does."""
    if root == "gates":
        return ((f"gate.{name}",),)
    if root == "attested":
        parts = tuple(each for each in gives if each.startswith(f"{fact}."))
        return ((*parts[:1], f"{fact}.person")[:1],)
    return BY_ITEMS.get(fact) or tuple((each,) for each in BASIS.get(fact, (fact,)))
