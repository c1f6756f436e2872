"""What is decided about things of which nothing is known yet: they are to be there, whatever stands there now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from domain.delivery.delivery import Decision, Intent, IntentState, decide
from domain.delivery.wanted import Wanted
from domain.organization.office import Conflict
from domain.plans.predecessor import predecessors_of
from domain.plans.project import Placed

LONG_AGO = datetime(2027, 1, 4, tzinfo=UTC)


def decided(*wanted: Wanted) -> tuple[Decision, ...]:
    """A decision for each; what is found under its key when it is carried out is decided on again there."""
    return tuple(decide(each, None, (), LONG_AGO) for each in wanted)


def delivered_before(
    wanted: Wanted, before: Wanted, found: Sequence[Placed], conflict: Conflict = Conflict.OURS
) -> Decision:
    """What is decided about a thing that was delivered with other values, and is found like that."""
    intent = Intent(before, before.digest, IntentState.DONE, LONG_AGO, LONG_AGO)
    return decide(wanted, intent, found, LONG_AGO, conflict=conflict)


def but(wanted: Wanted, **values: Any) -> Wanted:
    """The thing with other values; what it follows may be given as text: `key; key +2d`."""
    return wanted.holding({**wanted.values, **linked(values)})


def linked(values: dict[str, Any]) -> dict[str, Any]:
    """The values with what is followed as values, where it was given as text."""
    after = values.get("after")
    return {**values, "after": predecessors_of(after)} if isinstance(after, str) else values
