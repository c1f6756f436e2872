"""The stored cases as files for people to read: what was raised, how it stands, and every step of it.

Nothing reads them back: a case is settled between offices, not in a file.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.templates import as_yaml
from domain.cases.case import AcceptanceCheck, Case, Step
from store.unit import Unit


def case_files(unit: Unit) -> Mapping[str, str]:
    """Every stored case: text by the file's name."""
    return {f"record/cases/{each.id}.yaml": as_yaml(_record(each)) for each in unit.cases.all()}


def _record(case: Case) -> dict[str, object]:
    agreement = case.agreement
    values: dict[str, object] = {
        "id": case.id,
        "state": str(case.state),
        "objection": case.objection,
        "about": {"kind": str(case.about.kind), "subject": case.about.subject, "project": case.about.project},
        "standard": case.about.standard,
        "version": case.about.version,
        "raised_by": [
            {"office": e.office, "person": e.person, "cause": str(e.cause), "reason": e.reason}
            for e in case.raisers
        ],
        "put_to": case.counterpart,
        "sponsor": case.sponsor,
        "deadline": case.deadline.on.isoformat() if case.deadline else "",
        "citation": case.deadline.citation if case.deadline else "",
        "agreed_days": case.days,
        "checks": {str(side): _check(check) for side, check in case.checks.items()},
        "colors": {str(side): str(color) for side, color in case.colors.items()},
        "outcome": str(agreement.proposal.outcome) if agreement else "",
        "decided_by": agreement.office if agreement else "",
        "carried_out_by": agreement.reference if agreement else "",
        "dissent": [{"side": str(e.side), "text": e.text} for e in agreement.dissent] if agreement else [],
        "reopened": case.reopened,
        "told": [{"office": e.office, "role": e.role, "level": e.number} for e in case.told],
        "steps": [_step(each) for each in case.steps],
    }
    return {name: value for name, value in values.items() if value not in ("", [], {}, None)}


def _check(check: AcceptanceCheck) -> dict[str, object]:
    values: dict[str, object] = {
        "kind": str(check.kind),
        "text": check.text,
        "until": check.until.isoformat() if check.until else "",
    }
    return {name: value for name, value in values.items() if value != ""}


def _step(step: Step) -> dict[str, object]:
    values: dict[str, object] = {
        "at": step.at.isoformat(),
        "what": str(step.kind),
        "outcome": str(step.outcome) if step.outcome else "",
        "side": str(step.side) if step.side else "",
        "person": step.person,
        "text": step.text,
        "entered_by_operator": step.entered,
    }
    return {name: value for name, value in values.items() if value not in ("", False)}
