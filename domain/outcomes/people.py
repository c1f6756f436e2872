"""The outcome of telling people what is new and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.words import counted


@dataclass(frozen=True, slots=True)
class DigestsSent:
    """How many digests were sent or could not be, and how many notices there was nobody to send."""

    sent: int
    failed: int
    shown: int
    undelivered: int
    """Questions that have not reached their office for longer than agreed."""
    kind: Literal["digests_sent"] = "digests_sent"

    @property
    def sentence(self) -> str:
        """What was sent, and what to do about what was not."""
        said = [f"{counted(self.sent, 'digest')} {'was' if self.sent == 1 else 'were'} sent"]
        if self.failed:
            said.append(
                f"{counted(self.failed, 'address')} took none: correct it in people.yaml, or see that its "
                "server answers; the next run tries again"
            )
        if self.shown:
            said.append(
                f"{counted(self.shown, 'notice')} only in reports: nobody there has an address in people.yaml"
            )
        if self.undelivered:
            said.append(f"{counted(self.undelivered, 'question')} not in the office's tool: interoffice held")
        return f"{'; '.join(said)}."
