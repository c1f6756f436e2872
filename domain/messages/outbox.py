"""The events of the network for other systems, and when an event that was not accepted is sent again.

An event is made from an entry of the ledger and holds ids and counts only. It is sent until the receiver
accepts it, at least once, always under the same id. Refuses to know how it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from domain.canonical import canonical
from domain.deviations.deviation import State
from domain.directives.kinds import StepKind
from domain.ids import ProjectKey, Subject
from domain.ledger.chain import Entry
from domain.rollouts.rollout import RolloutState, Standing

EVENTS = (
    "project.adopted",
    "project.grandfathered",
    "project.questioned",
    "project.late",
    "project.escalated",
    "rollout.halted",
    "template.released",
    "template.recalled",
    "deviation.requested",
    "deviation.decided",
    "deviation.in_force",
    "deviation.ending_soon",
    "deviation.ended",
    "directive.issued",
    "directive.acknowledged",
    "directive.fulfilled",
    "directive.late",
    "directive.withdrawn",
    "directive.superseded",
)
"""The kinds of events, as receivers name them."""
DEVIATIONS: Mapping[str, str] = {
    State.PROPOSED: "deviation.requested",
    "recorded": "deviation.decided",
    State.APPROVED: "deviation.decided",
    State.REJECTED: "deviation.decided",
    State.ACTIVE: "deviation.in_force",
    State.EXPIRING: "deviation.ending_soon",
    State.EXPIRED: "deviation.ended",
    State.REVOKED: "deviation.ended",
    State.SUPERSEDED: "deviation.ended",
    State.ORPHANED: "deviation.ended",
    State.WITHDRAWN: "deviation.ended",
}
"""The event of a deviation by the state that its entry has."""
DIRECTIVES: Mapping[str, str] = {
    StepKind.ISSUED: "directive.issued",
    StepKind.ACKNOWLEDGED: "directive.acknowledged",
    StepKind.ATTESTED: "directive.fulfilled",
    StepKind.FULFILLED: "directive.fulfilled",
    "told": "directive.late",
    StepKind.WITHDRAWN: "directive.withdrawn",
    StepKind.SUPERSEDED: "directive.superseded",
}
"""The event of a directive by the step that its entry has."""
STANDINGS: Mapping[str, str] = {
    Standing.ADOPTED: "project.adopted",
    Standing.GRANDFATHERED: "project.grandfathered",
    Standing.QUESTIONED: "project.questioned",
}
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The pauses between tries: the example of the Standard Webhooks, ten tries in three days."""
JITTER = 0.1
"""The largest share by which a pause is lengthened at random, so that not everything is sent at once."""
LONGEST = PAUSES[-1]
"""The longest wait that a receiver may ask for."""
HOLD = 5
"""After more tries than these, in seven and a half hours, an event no longer holds up later ones."""
ITS_OWN = frozenset({400, 406, 409, 413, 414, 415, 422, 431, 451})
"""The refusals that are about one event; any other failure is about the receiver as a whole."""


class OutgoingState(StrEnum):
    """How far an event has come on its way to one receiver."""

    WAITING = "waiting"
    """It is sent when it is due, and before those after it."""
    ASIDE = "aside"
    """It was not accepted and is tried again; later events are sent meanwhile."""
    SENT = "sent"
    """The receiver accepted it."""
    DEAD = "dead"
    """It is not tried again, unless a person asks for it."""


class ReceiverAnswer(StrEnum):
    """The result of a try."""

    TAKEN = "taken"
    REFUSED = "refused"
    """The receiver refused this one event."""
    GONE = "gone"
    """The receiver wants no more events."""
    AWAY = "away"
    """The receiver cannot accept anything now, or gave no answer."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the network. `id` never changes, and is another one in every other ledger."""

    id: str
    kind: str
    at: datetime
    data: Mapping[str, object]

    @property
    def body(self) -> bytes:
        """The body to send: the same bytes each time (RFC 8785)."""
        at = self.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return canonical({"type": self.kind, "timestamp": at, "data": self.data})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event on its way to one receiver; `number` is its entry in the ledger."""

    receiver: str
    number: int
    state: OutgoingState
    tries: int
    due: datetime
    """When it is tried next; for a sent or dead one, since when it is so."""
    note: str = ""
    """The result of the last try, for people."""


def happening(entry: Entry, organization: str) -> Happening | None:
    """The event that an entry of the ledger gives to other systems; None where it gives none."""
    event = entry.event
    made = {
        "adoption": _moved, "rollout": _halted, "release": _released, "recall": _recalled,
        "deviation": _deviated, "directive": _directed,
    }.get(event.kind)  # fmt: skip
    found = made(entry) if made else None
    if found is None:
        return None
    kind, data = found
    data = {**data, "ledger": entry.number, "version": event.version}
    return Happening(f"{organization}-{entry.number}-{entry.hash[:12]}", kind, event.at, data)


def _moved(entry: Entry) -> tuple[str, dict[str, object]] | None:
    """The event of a project that moved, or whose lateness was escalated to another level."""
    detail = entry.event.detail
    subject = Subject.read(entry.event.subject)
    was, now = str(detail.get("was", "")), str(detail.get("now", ""))
    told = detail.get("escalated")
    levels = told if isinstance(told, int) else 0
    kind = STANDINGS.get(now, "") if was != now else ""
    if levels:  # an entry is only made when a level was added, or when nothing is late any more
        kind = "project.late" if levels == 1 else "project.escalated"
    data = {
        "rollout": subject.of, "project": subject.about, "office": ProjectKey.read(subject.about).office,
        "was": was, "now": now, "levels_told": levels,
    }  # fmt: skip
    return (kind, data) if kind else None


def _halted(entry: Entry) -> tuple[str, dict[str, object]] | None:
    """The event of a rollout that halted by itself."""
    if entry.event.detail.get("state") != RolloutState.HALTED:
        return None
    return "rollout.halted", {"rollout": entry.event.subject, "waves": entry.event.detail.get("waves", {})}


def _released(entry: Entry) -> tuple[str, dict[str, object]]:
    """The event of a template that got a version."""
    detail = entry.event.detail
    told = {name: detail.get(name) for name in ("digest", "standing", "stated")}
    return "template.released", {"template": entry.event.subject, **told}


def _recalled(entry: Entry) -> tuple[str, dict[str, object]]:
    """The event of a version of a template that was recalled."""
    return "template.recalled", {"template": entry.event.subject, "recall": entry.event.detail.get("recall")}


def _deviated(entry: Entry) -> tuple[str, dict[str, object]] | None:
    """The event of a deviation that was asked for, decided, began, ends soon or ended."""
    detail = entry.event.detail
    state = str(detail.get("state", ""))
    if state not in DEVIATIONS:
        return None
    told = {name: detail[name] for name in ("office", "project", "rule", "last", "cause") if name in detail}
    return DEVIATIONS[state], {"deviation": entry.event.subject, "state": state, **told}


def _directed(entry: Entry) -> tuple[str, dict[str, object]] | None:
    """The event of a directive that was issued, acknowledged, fulfilled, late, or taken back."""
    detail = entry.event.detail
    step = str(detail.get("step", ""))
    if step not in DIRECTIVES:
        return None
    names = ("issuer", "office", "role", "addressees", "due", "evidence", "clock", "level", "told", "by")
    told = {name: detail[name] for name in names if name in detail}
    return DIRECTIVES[step], {"directive": entry.event.subject, **told}


def meaning(status: int) -> ReceiverAnswer:
    """The meaning of a receiver's status, as in the Standard Webhooks: only 2xx is success.

    Every failure is tried again, refusals too, because the receiver may be corrected; 410 is not.
    """
    if 200 <= status < 300:
        return ReceiverAnswer.TAKEN
    if status == 410:
        return ReceiverAnswer.GONE
    return ReceiverAnswer.REFUSED if status in ITS_OWN else ReceiverAnswer.AWAY


def tried(
    outgoing: Outgoing,
    answer: ReceiverAnswer,
    note: str,
    now: datetime,
    chance: float,
    later: datetime | None = None,
) -> Outgoing:
    """The event after a try. `chance` is between 0 and 1, `later` the time that the receiver asked for."""
    tries = outgoing.tries + 1
    done = replace(outgoing, tries=tries, note=note, due=now)
    if answer is ReceiverAnswer.TAKEN:
        return replace(done, state=OutgoingState.SENT)
    if answer is ReceiverAnswer.GONE or tries > len(PAUSES):
        return replace(done, state=OutgoingState.DEAD)
    due = now + PAUSES[tries - 1] * (1 + JITTER * chance)
    if later is not None:
        due = max(due, min(later, now + LONGEST))
    aside = answer is ReceiverAnswer.REFUSED or tries > HOLD or outgoing.state is OutgoingState.ASIDE
    return replace(done, due=due, state=OutgoingState.ASIDE if aside else OutgoingState.WAITING)
