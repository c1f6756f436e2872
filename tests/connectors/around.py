"""What a connector is given from outside, in tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from connectors.base import Surroundings
from connectors.remembered import Remembered
from domain.mirror import Mirror


def around(
    folder: Path,
    secret: Callable[[], str] = lambda: "not-a-secret",
    mirror: Mirror | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Surroundings:
    """The organization's folder, a credential, the machine's time, and a memory of its own."""
    return Surroundings(folder, secret, now, mirror if mirror is not None else Remembered())
