"""The law of delivery: what to do about one thing that should stand in a tool; decides, never writes.

An intent is stored before the call and carries our key into the tool, so that after any crash reading the
tool shows whether the call was carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.delivery.wanted import Fields, Wanted, WantedKind, values_of
from domain.organization.office import Conflict
from domain.plans.project import FieldValue, Placed, Values


class IntentState(StrEnum):
    """How far an intent has come."""

    STORED = "stored"
    SENT = "sent"
    DONE = "done"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Intent:
    """A stored intent to make the tool hold `wanted`; `digest` is the hash of its values."""

    wanted: Wanted
    digest: str
    state: IntentState
    at: datetime
    sent_at: datetime | None = None
    note: str = ""
    delivered: Fields | None = None
    """The fields delivered last, while others are being delivered; None where none were yet."""

    @property
    def base(self) -> Fields | None:
        """The fields delivered last; None where none were yet."""
        return self.wanted.fields if self.state is IntentState.DONE else self.delivered


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

    `conflicts` are the fields of ours that the office changed since they were delivered; those of them that
    are not to be written stay as the office has them.
    """

    wanted: Wanted
    step: Step
    why: str = ""
    changes: Values = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    base: Fields | None = None
    """The fields delivered last; None where none were yet."""
    policy: Conflict = Conflict.OURS
    """Whose value stays in a field that the office changed."""

    @property
    def key(self) -> str:
        """The key of the wanted thing."""
        return self.wanted.key

    @property
    def left(self) -> frozenset[str]:
        """The fields that stay as the office has them."""
        return frozenset(self.conflicts) - frozenset(self.changes)

    def of(self, wanted: Wanted) -> Decision:
        """The same decision about the thing as it fits its tool."""
        return replace(self, wanted=wanted)

    def again(self, found: Sequence[Placed]) -> Decision:
        """The decision made again on what stands there now; for connectors, which read right before writing.

        What was to be changed and is not there any more is held, and never created again.
        """
        if found:
            return _on_what_stands(self.wanted, found, self.base, self.policy)
        if self.step is Step.CREATE:
            return replace(self, changes=dict(self.wanted.values))
        return replace(self, step=Step.HOLD, why=GONE, changes={}, conflicts=())

    def carried_out(self, there: Values) -> Wanted:
        """The thing as it is when this decision is carried out over the values `there`.

        A field that stays as the office has it is left out where its value is not of the field's type.
        """
        asked = self.wanted.values
        left = {n: there[n] for n in self.left if n in there and type(there[n]) is type(asked[n])}
        return self.wanted.holding({**{n: v for n, v in asked.items() if n not in self.left}, **left})


GONE = "it was delivered and is gone: the office removed it"


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
    whatever was wanted of it since; what was said at a request of the office's own is not missed there. Seen
    once: write only our fields that differ, else it is the same; an empty text and an empty cell do not
    differ. A field that the office changed after it was delivered is a
    conflict: `conflict` says whose value stays, and the thing's other fields are written all the same.
    """
    base = intent.base if intent is not None else None
    if found:
        return _on_what_stands(wanted, found, base, conflict)
    decision = Decision(wanted, Step.CREATE, base=base, policy=conflict)
    wait = read_lag + in_flight if intent is not None and intent.state is IntentState.SENT else read_lag
    if intent is not None and intent.sent_at is not None and now < intent.sent_at + wait:
        why = f"sent at {intent.sent_at:%Y-%m-%d %H:%M:%S}, not visible yet"
        return replace(decision, step=Step.WAIT, why=why)
    if base is not None and wanted.kind is WantedKind.REMARK:
        return replace(decision, step=Step.SAME)
    if base is not None:
        return replace(decision, step=Step.HOLD, why=GONE)
    return replace(decision, changes=dict(wanted.values))


def _on_what_stands(
    wanted: Wanted, found: Sequence[Placed], base: Fields | None, policy: Conflict
) -> Decision:
    """What to do about a thing that is there: field by field, with what was delivered last as the base."""
    decision = Decision(wanted, Step.HOLD, base=base, policy=policy)
    if len(found) > 1:
        places = ", ".join(place.ref for place in found)
        return replace(decision, why=f"our key stands {len(found)} times: {places}")
    (place,) = found
    there, delivered = place.values, values_of(base) if base is not None else {}
    changes = {
        name: value
        for name, value in wanted.values.items()
        if name not in place.unheld and not _alike(there.get(name, ""), value)
    }
    conflicts = tuple(
        sorted(n for n in changes if n in delivered and not _alike(there.get(n, ""), delivered[n]))
    )
    if policy is not Conflict.OURS:
        changes = {name: value for name, value in changes.items() if name not in conflicts}
    if not changes:
        why = f"the office changed {', '.join(conflicts)}" if conflicts else ""
        return replace(decision, step=Step.SAME, why=why, conflicts=conflicts)
    why = f"differs in {', '.join(sorted(changes))}"
    return replace(decision, step=Step.UPDATE, why=why, changes=changes, conflicts=conflicts)


def _alike(one: FieldValue | None, other: FieldValue | None) -> bool:
    """Whether two values are equal; an empty text, no links and an empty cell are equal too."""
    return one == other or (one in BLANK and other in BLANK)


BLANK = (None, "", ())
