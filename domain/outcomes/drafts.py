"""The outcomes of drafting a version, of commenting on it, and of answering a comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class VersionDrafted:
    """A draft as it stands: whom it is put to until when at the latest, what it would do, and its flaws."""

    draft: str
    version: str
    state: str
    offices: int
    until: str
    relieved: int
    """Projects that would keep a rule which they do not keep under the version before."""
    burdened: int
    """Projects that would not keep a rule which they keep under the version before, or which is new."""
    flaws: int
    """How many things keep it from being put to the offices."""
    changed: bool
    dry_run: bool
    kind: Literal["version_drafted"] = "version_drafted"

    @property
    def sentence(self) -> str:
        """How it stands, and what it would do."""
        if not self.changed:
            told = f"{self.draft}, the draft of {self.version}, was and stays in state {self.state}."
            return foreseen(told) if self.dry_run else told
        told = f"{self.draft}, the draft of {self.version}, is in state {self.state}"
        if self.state == "consultation" and self.until:
            told += f": {counted(self.offices, 'office')} may comment until {self.until} at the latest"
        told += (
            f"; {counted(self.relieved, 'project')} would keep a rule that they do not keep now, "
            f"{self.burdened} the other way."
        )
        if self.flaws:
            told += (
                f" It cannot be put to the offices yet: {counted(self.flaws, 'thing')} to be mended, see "
                f"`interoffice drafts {self.draft}`."
            )
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class DraftCommented:
    """A comment on a draft, or its answer: which one, and how many wait for an answer."""

    draft: str
    version: str
    comment: int
    """Its number; 0 where the office has no comment."""
    waiting: int
    changed: bool
    dry_run: bool
    answered: bool = False
    kind: Literal["draft_commented"] = "draft_commented"

    @property
    def sentence(self) -> str:
        """What was said, and what waits for the owner."""
        what = f"comment {self.comment} on" if self.comment else "no comment on"
        done = "is answered" if self.answered else "is recorded"
        if not self.changed:
            done = "was recorded before; nothing changed"
        told = f"{what} {self.version} {done}; {counted(self.waiting, 'comment')} to be answered."
        told = told[0].upper() + told[1:]
        return foreseen(told) if self.dry_run else told
