"""One office's projects from several tools: one project each, with a source for every fact.

The tools' order in the organization's files decides: a fact comes from the first tool that has it. Refuses to
guess that two ids are one project: what looks like one is a question (domain/questions/twins.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from domain.canonical import digest
from domain.plans.left_out import together
from domain.plans.project import Attestation, Item, Plan, Project, Reading, Scalar, Unreadable

NO_FACTS = frozenset({"key", "office", "ref", "sources", "gates", "attestations", "fields"})


def joined(readings: Sequence[tuple[str, Reading]]) -> Reading:
    """The readings of an office's tools, by the tools' ids, as one; that of a single tool is unchanged.

    What is ours, the answers and the description of the tool are from the first, in which we write and ask.
    """
    first = readings[0][1]
    if len(readings) == 1:
        return first
    told: dict[str, list[tuple[str, Plan]]] = {}
    for tool, reading in readings:
        for plan in reading.plans:
            told.setdefault(plan.project.key, []).append((tool, plan))
    doubled: list[Unreadable] = []
    plans = tuple(
        Plan(
            _project(plans),
            _items([(tool, plan.items) for tool, plan in plans], doubled),
            _items([(tool, plan.summaries) for tool, plan in plans], doubled),
        )
        for plans in told.values()
    )
    offered = frozenset().union(*(reading.tool.fields for _, reading in readings))
    return replace(
        first,
        digest=digest([[tool, reading.digest] for tool, reading in readings]),
        plans=plans,
        tool=replace(first.tool, fields=offered),
        unreadable=(*(each for _, reading in readings for each in reading.unreadable), *doubled),
        left_out=together([reading.left_out for _, reading in readings]),
    )


def _project(plans: Sequence[tuple[str, Plan]]) -> Project:
    """The project of several plans: each fact from the first plan that has it, and the source of each."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    gates: dict[str, date] = {}
    own: dict[str, Scalar] = {}
    words: dict[str, Attestation] = {}
    for tool, plan in plans:
        project = plan.project
        for each in fields(Project):
            value = getattr(project, each.name)
            if each.name in NO_FACTS or value in (None, "") or each.name in values:
                continue
            values[each.name], sources[each.name] = value, tool
        for gate, day in project.gates.items():
            if gates.setdefault(gate, day) == day:
                sources.setdefault(f"gate.{gate}", tool)
        for name, scalar in project.fields.items():
            if own.setdefault(name, scalar) == scalar:
                sources.setdefault(f"field.{name}", tool)
        for attested in project.attestations:
            if words.setdefault(attested.subject, attested) == attested:
                sources.setdefault(f"attested.{attested.subject}", tool)
    return replace(
        plans[0][1].project,
        **values,
        gates=gates,
        fields=own,
        attestations=tuple(words.values()),
        sources=sources,
    )


def _items(told: Sequence[tuple[str, Sequence[Item]]], doubled: list[Unreadable]) -> tuple[Item, ...]:
    """The items of all plans; one that two tools hold under one id is taken from the first and reported."""
    found: dict[str, Item] = {}
    for tool, items in told:
        for item in items:
            if item.key in found:
                problem = f"the item {item.key} is told by another tool too; the one of {tool} is left out"
                doubled.append(Unreadable(item.ref, item.key, problem))
            else:
                found[item.key] = item
    return tuple(found.values())


def told_apart(first: Project, second: Project) -> bool:
    """Whether two projects come from different tools."""
    return bool(first.sources and second.sources) and not (
        set(first.sources.values()) & set(second.sources.values())
    )
