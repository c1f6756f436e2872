"""What a connector is given from outside, in tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from connectors.protocol import Surroundings
from domain.plans.mirror import Mirror
from tests.contract.remembered import Remembered


def around(
    folder: Path,
    secret: Callable[[], str] = lambda: "not-a-secret",
    mirror: Mirror | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Surroundings:
    """The organization's folder, a credential, the machine's time, and a memory of its own."""
    return Surroundings(folder, secret, now, mirror if mirror is not None else Remembered())
