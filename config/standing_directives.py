"""The stored directives as files for people to read: what was instructed, and how each addressee stands.

Nothing reads them back: a directive is issued and followed here, not in a file.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.templates import as_yaml
from domain.directives.directive import Addressee, Directive, DirectiveStep, state_of
from store.unit import Unit


def directive_files(unit: Unit) -> Mapping[str, str]:
    """Every stored directive: text by the file's name."""
    return {f"record/directives/{each.id}.yaml": as_yaml(_record(each)) for each in unit.directives.all()}


def _record(directive: Directive) -> dict[str, object]:
    ending, whom = directive.ending, directive.addressed
    return _given(
        {
            "id": directive.id,
            "issued_by": directive.issuer,
            "person": directive.person,
            "entered_by_operator": directive.entered,
            "at": directive.at.isoformat(),
            "text": directive.text,
            "addressed_to": _given(
                {
                    "offices": list(whom.offices),
                    "subtrees": list(whom.subtrees),
                    "roles": list(whom.roles),
                    "except": list(whom.excepted),
                }
            ),
            "due": directive.due.isoformat(),
            "acknowledge_days": directive.acknowledge,
            "evidence": {"kind": str(directive.evidence.kind), "text": directive.evidence.text},
            "documents": list(directive.documents),
            "reason": directive.why,
            "ended": str(ending.kind) if ending else "",
            "ended_at": ending.at.isoformat() if ending else "",
            "superseded_by": ending.by if ending else "",
            "why": ending.why if ending else "",
            "addressees": [_addressee(directive, each) for each in directive.addressees],
            "steps": [_step(each) for each in directive.steps],
        }
    )


def _addressee(directive: Directive, addressee: Addressee) -> dict[str, object]:
    word = addressee.attested
    return _given(
        {
            "office": addressee.office,
            "role": addressee.role,
            "state": str(state_of(directive, addressee)),
            "business_days": addressee.days,
            "delivered": addressee.delivered.isoformat() if addressee.delivered else "",
            "acknowledged": addressee.acknowledged.isoformat() if addressee.acknowledged else "",
            "attested_by": word.person if word else "",
            "attested": word.text if word else "",
            "fact": str(addressee.color) if addressee.color else "",
            "fulfilled": addressee.fulfilled.isoformat() if addressee.fulfilled else "",
            "objection": addressee.objection,
            "left_because": str(addressee.cause) if addressee.cause else "",
            "told": [
                {"clock": str(e.clock), "office": e.office, "role": e.role, "level": e.number}
                for e in addressee.told
            ],
        }
    )


def _step(step: DirectiveStep) -> dict[str, object]:
    return _given(
        {
            "at": step.at.isoformat(),
            "what": str(step.kind),
            "office": step.office,
            "role": step.role,
            "person": step.person,
            "text": step.text,
            "entered_by_operator": step.entered,
        }
    )


def _given(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in ("", [], {}, None, False)}
