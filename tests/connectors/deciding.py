"""What is decided about things of which nothing is known yet: they are to be there, whatever stands there now."""

from datetime import UTC, datetime

from domain.delivery.delivery import Decision, Wanted, decide

LONG_AGO = datetime(2027, 1, 4, tzinfo=UTC)


def decided(*wanted: Wanted) -> tuple[Decision, ...]:
    """A decision for each; what is found under its key when it is carried out is decided on again there."""
    return tuple(decide(each, None, (), LONG_AGO) for each in wanted)
