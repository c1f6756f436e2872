"""The stored deviations as files for people to take over: granted tailorings, and every deviation's record.

A granted tailoring is a file of `tailorings/`. A deviation has an end and a decision, which no file has: its
file in `deviations/` is a record that nothing reads back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from config.templates import as_yaml
from domain.deviations.deviation import Deviation
from domain.deviations.force import in_force, state_at
from store.unit import Unit

FIRST_PRECEDENCE = 100
"""Granted tailorings are applied after those of the files."""


def deviation_files(unit: Unit, at: datetime) -> Mapping[str, str]:
    """The stored deviations as they stand at `at`: text by the file's name."""
    listed, found = unit.deviations.all(), {}
    for each in listed:
        found[f"deviations/{each.id}.yaml"] = as_yaml(_record(each, at))
    granted = sorted(
        (d for d in listed if d.tailors and in_force(d, at)), key=lambda d: (d.decided or at, d.id)
    )
    for number, each in enumerate(granted):
        found[f"tailorings/{each.id}.yaml"] = as_yaml(_tailoring(each, FIRST_PRECEDENCE + number))
    return found


def _tailoring(each: Deviation, precedence: int) -> dict[str, object]:
    scope = {"office": each.scope.office} if each.scope.office else {"program": each.scope.program}
    reason = f"granted until {each.span.last}: {each.reason}"
    return {
        "id": each.id,
        "standard": each.standard,
        "version": each.version,
        "precedence": precedence,
        **scope,
        "adjustments": [{"rule": each.rule, "reason": reason, "limit": each.limit}],
    }


def _record(each: Deviation, at: datetime) -> dict[str, object]:
    scope = each.scope
    values: dict[str, object] = {
        "id": each.id,
        "state": str(state_at(each, at)),
        "standard": each.standard,
        "version": each.version,
        "rule": each.rule,
        "project": scope.project,
        "office": scope.office,
        "program": scope.program,
        "facts": {name: str(value) for name, value in scope.facts.items()},
        "first": each.span.first.isoformat(),
        "last": each.span.last.isoformat(),
        "time_zone": each.span.zone,
        "limit": each.limit,
        "category": str(each.category),
        "reason": each.reason,
        "measures": list(each.measures),
        "documents": list(each.documents),
        "citation": each.citation,
        "asked_by": each.asked.person,
        "asked_for": each.asked.office,
        "asked_on": each.asked.at.date().isoformat(),
        "timing": str(each.timing),
        "significance": str(each.weighed.significance),
        "granted_on": each.decided.date().isoformat() if each.decided else "",
        "ended": str(each.ending.cause) if each.ending else "",
    }
    return {name: value for name, value in values.items() if value not in ("", [], {}, None)}
