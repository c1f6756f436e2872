"""The outcome of telling people that a run failed or is late."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from domain.words import counted


class Trouble(StrEnum):
    """What happened to a run. The words stand in the parameters of automations."""

    FAILED = "failed"
    CRASHED = "crashed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class FailureNotified:
    """To how many addresses it was sent now, of how many that there are."""

    flow: str
    trouble: Trouble
    sent: int
    addresses: int
    inner: bool = False
    """Whether the run is a part of another one, which is reported itself."""
    kind: Literal["failure_notified"] = "failure_notified"

    @property
    def sentence(self) -> str:
        """What was sent, or why nothing was."""
        what = f"{self.flow} {'is late' if self.trouble is Trouble.LATE else self.trouble}"
        if self.inner:
            return f"{what}: it is a part of another run, about which a message is sent; nothing was sent."
        if not self.addresses:
            return (
                f"{what}: nothing was sent, as there is no address. Set INTEROFFICE_ALERTS, or give the head"
                " of a strategic office an address in people.yaml."
            )
        if not self.sent:
            return f"{what}: a message about it was sent before; nothing was sent again."
        return f"{what}: a message was sent to {self.sent} of {counted(self.addresses, 'address')}."
