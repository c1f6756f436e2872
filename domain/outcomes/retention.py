"""The outcome of applying an organization's retention, in counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class RemovedOfKind:
    """How many of a kind were removed, of which days (ISO, empty for none), and how many are held.

    `days` is for how long it is kept; None is for good. `names` is the digest of what they are called.
    """

    what: str
    days: int | None
    count: int = 0
    oldest: str = ""
    newest: str = ""
    held: int = 0
    names: str = ""


@dataclass(frozen=True, slots=True)
class RetentionApplied:
    """What was removed, kind by kind."""

    removed: tuple[RemovedOfKind, ...]
    dry_run: bool
    kind: Literal["retention_applied"] = "retention_applied"

    @property
    def sentence(self) -> str:
        """How many of each kind are or would be removed, and how many are held."""
        parts = [f"{each.count} of {each.what}" for each in self.removed if each.count]
        held = sum(each.held for each in self.removed)
        told = f"Removed: {', '.join(parts)}" if parts else "Nothing is kept for longer than it is to be"
        told += f"; {counted(held, 'thing')} held." if held else "."
        return foreseen(told) if self.dry_run else told
