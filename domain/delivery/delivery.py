"""The law of delivery: what to do about one thing that should stand in a tool; decides, never writes.

An intent is stored before the call and carries our key into the tool, so that after any crash a look
into the tool tells whether the call took place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.canonical import digest
from domain.organization.office import Conflict
from domain.plans.project import Placed, Scalar


class WantedKind(StrEnum):
    """What we put into tools; what access it needs depends on it."""

    ITEM = "item"
    QUESTION = "question"
    DECISION = "decision"
    """A question that only certain people decide, each known by the tool's own record."""
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that should stand in an office's tool: our key, and the values of the fields we own.

    Field names per kind: item `title, project, due, role, standing`, and for plans `start`, `work` in
    hours, `parent` (a key) and `after` (keys, `; ` between them, ` +2d` behind one that is waited for two
    working days longer); question, decision and notice `kind, project, text, asked, answer_by, standing`.
    """

    key: str
    office: str
    kind: WantedKind
    values: Mapping[str, Scalar]


class IntentState(StrEnum):
    """How far an intent has come."""

    STORED = "stored"
    SENT = "sent"
    DONE = "done"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Intent:
    """A stored wish to make the tool hold `wanted`; `digest` is the hash of its values."""

    wanted: Wanted
    digest: str
    state: IntentState
    at: datetime
    sent_at: datetime | None = None
    note: str = ""
    delivered: Mapping[str, Scalar] | None = None
    """What was delivered last, while something else is on its way; None where nothing was yet."""

    @property
    def base(self) -> Mapping[str, Scalar] | None:
        """The values that were delivered last; None where none were yet."""
        return self.wanted.values if self.state is IntentState.DONE else self.delivered

    def is_echoed_by(self, there: Mapping[str, Scalar]) -> bool:
        """Whether what stands there is our own write, by its content hash: nobody changed it since."""
        if self.base is None:
            return False
        written = self.digest if self.state is IntentState.DONE else digest(self.base)
        return digest({name: there.get(name, "") for name in self.base}) == written


class Step(StrEnum):
    """What a delivery does next."""

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    WAIT = "wait"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about one wanted thing, and why; `changes` are the fields to write.

    `conflicts` are the fields of ours that the office changed since they were delivered.
    """

    wanted: Wanted
    step: Step
    why: str = ""
    changes: Mapping[str, Scalar] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()


def decide(
    wanted: Wanted,
    intent: Intent | None,
    found: Sequence[Placed],
    now: datetime,
    read_lag: timedelta = timedelta(0),
    in_flight: timedelta = timedelta(0),
    conflict: Conflict = Conflict.OURS,
) -> Decision:
    """Create only what was looked for and is not there; adopt what is; hold what is there twice.

    Not seen, and sent before: wait out the tool's read lag, then create; what got no answer may be carried
    out as late as `in_flight` after it was sent, so that is waited out besides. Seen twice: a question for a
    person, never a guess. Delivered once and not there any more: the office removed it, so it is held,
    whatever was wanted of it since. Seen once: write only our fields that differ, else it is the same; an
    empty text and an empty cell do not differ. A field that the office changed after it was delivered is a
    conflict: it goes as `conflict` says, and the thing's other fields are written all the same.
    """
    if len(found) > 1:
        places = ", ".join(p.ref for p in found)
        return Decision(wanted, Step.HOLD, f"our key stands {len(found)} times: {places}")
    if found:
        there = found[0].values
        if intent is not None and intent.base == wanted.values and intent.is_echoed_by(there):
            return Decision(wanted, Step.SAME)
        changes = {name: value for name, value in wanted.values.items() if there.get(name, "") != value}
        conflicts = _changed_there(changes, intent, there)
        if conflict is not Conflict.OURS:
            changes = {name: value for name, value in changes.items() if name not in conflicts}
        if not changes:
            why = f"the office changed {', '.join(conflicts)}" if conflicts else ""
            return Decision(wanted, Step.SAME, why, conflicts=conflicts)
        why = f"differs in {', '.join(sorted(changes))}"
        return Decision(wanted, Step.UPDATE, why, changes, conflicts)
    wait = read_lag + in_flight if intent is not None and intent.state is IntentState.SENT else read_lag
    if intent is not None and intent.sent_at is not None and now < intent.sent_at + wait:
        return Decision(wanted, Step.WAIT, f"sent at {intent.sent_at:%Y-%m-%d %H:%M:%S}, not visible yet")
    if intent is not None and intent.base is not None:
        return Decision(wanted, Step.HOLD, "it was delivered and is gone: the office removed it")
    return Decision(wanted, Step.CREATE, changes=dict(wanted.values))


def _changed_there(
    changes: Mapping[str, Scalar], intent: Intent | None, there: Mapping[str, Scalar]
) -> tuple[str, ...]:
    """The differing fields in which the tool no longer holds what was delivered."""
    base = intent.base if intent else None
    if intent is None or base is None or intent.is_echoed_by(there):
        return ()
    return tuple(sorted(name for name in changes if name in base and there.get(name, "") != base[name]))
