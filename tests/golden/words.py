"""The words that stand in tools, database, ledger and files for what something is, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from connectors.records.mapping import OWNED_ASKED, OWNED_ITEM
from connectors.tickets.ticket import Shape
from domain.compliance.sweep import FlipCause
from domain.delivery.delivery import IntentState
from domain.delivery.wanted import WantedKind
from domain.messages.inbox import MessageState
from domain.messages.outbox import EVENTS, OutgoingState
from domain.organization.actions import TABLE, Action, RefusalCause
from domain.organization.office import Access, Conflict, Mandate, OfficeKind, RelationKind, Role
from domain.organization.webhooks import SCHEMES
from domain.plans.facts import OPEN_ROOTS, documented
from domain.plans.project import ItemKind, Stage
from domain.questions.answers import REPLIES, STAGE_WORDS
from domain.questions.deciding import Choice
from domain.questions.missing_facts import BASIS
from domain.questions.question import NoticeKind, QuestionKind, QuestionState, RemarkKind
from domain.rollouts.rollout import RolloutState, Standing, WaveState
from domain.standards.standard import Election, Fate, Level, RuleKind
from domain.standards.verdict import Result
from store.inbox import Receipt

NAMED: Mapping[str, type[Enum]] = {
    "access to a tool": Access,
    "action": Action,
    "band and verdict": Result,
    "cause of a flip": FlipCause,
    "cause of a refusal": RefusalCause,
    "decision": Choice,
    "election": Election,
    "fate of a rule": Fate,
    "field in conflict": Conflict,
    "intent": IntentState,
    "item": ItemKind,
    "kind of notice": NoticeKind,
    "kind of office": OfficeKind,
    "kind of question": QuestionKind,
    "kind of relation": RelationKind,
    "kind of rule": RuleKind,
    "kind of thing in a tool": WantedKind,
    "level of a rule": Level,
    "mandate": Mandate,
    "message": MessageState,
    "outgoing event": OutgoingState,
    "question": QuestionState,
    "receipt": Receipt,
    "remark in a question": RemarkKind,
    "role": Role,
    "rollout": RolloutState,
    "stage": Stage,
    "standing of a project": Standing,
    "thing of a tool": Shape,
    "wave": WaveState,
}
"""What takes one of a fixed set of words."""


def words() -> object:
    """Every fixed set of words, and what people may write and is understood."""
    return {
        "one of": {name: sorted(each.value for each in kind) for name, kind in NAMED.items()},
        "understood as an answer": _said(REPLIES),
        "understood as a stage": _said(STAGE_WORDS),
        "fields of an item of ours": list(OWNED_ITEM),
        "fields of what is asked": list(OWNED_ASKED),
        "events": sorted(EVENTS),
        "schemes of webhooks": {name: SCHEMES[name] for name in sorted(SCHEMES)},
    }


def facts() -> object:
    """Every fact that a rule's expression may name, with its unit, and the values that it is asked for by."""
    return {
        "fixed": {path: unit for path, unit, _ in sorted(documented())},
        "open": sorted(OPEN_ROOTS),
        "asked for by": {path: list(BASIS[path]) for path in sorted(BASIS)},
    }


def actions() -> object:
    """Who may do what, as the table says: the flow, roles and sources of each action."""
    return {str(action): _row(row) for action, row in sorted(TABLE.items())}


def _row(row: object) -> dict[str, object]:
    return {name: _value(getattr(row, name)) for name in row.__slots__ if name != "what"}  # type: ignore[attr-defined]


def _value(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return [_value(each) for each in value] if isinstance(value, tuple) else value


def _said(meanings: Mapping[str, object]) -> dict[str, str]:
    return {text: str(meanings[text]) for text in _sorted(meanings)}


def _sorted(texts: Iterable[str]) -> list[str]:
    return sorted(texts)
