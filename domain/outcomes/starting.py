"""The outcome of starting a project; ids and counts only, as all that runs show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.organization.actions import Permission
from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class ProjectStarted:
    """The project, the version, whether it is new to us or people put it there, and its first items."""

    office: str
    project: str
    versions: str
    """The versions under which it is started, as standard/version, with commas between them."""
    new: bool
    by_hand: bool
    """Whether people made the project, as its tool lets us make none."""
    items: int
    """How many first items the version gives it."""
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    undated: int = 0
    """How many of the items have no due day, as the version says none."""
    put: int = 0
    there: int = 0
    held: int = 0
    waiting: int = 0
    kind: Literal["project_started"] = "project_started"

    @property
    def sentence(self) -> str:
        """What is or would be there, and who permitted it."""
        name, items = f"{self.office}/{self.project}", counted(self.items, "first item")
        if self.dry_run:
            would = f"{name} would be started under {self.versions} with {items}{self._undated}"
            if not self.new:
                would = f"{name} was started under {self.versions} before; {self.put} of {items} would be put"
            return foreseen(f"{would}; permitted {self.by}.", "into any tool")
        begun = f"{name} is started under {self.versions}"
        if self.by_hand:
            begun = f"{name} was made by hand and gets its first items under {self.versions}"
        if not self.new:
            begun = f"{name} was started under {self.versions} before"
        return f"{begun}: {self._items}{self._undated}; permitted {self.by}."

    @property
    def _items(self) -> str:
        told = f"{self.put} of {counted(self.items, 'first item')} put there, {self.there} were there"
        told += f", {self.held} not taken by the tool" if self.held else ""
        return told + (f", {self.waiting} waiting: run it again" if self.waiting else "")

    @property
    def _undated(self) -> str:
        return f", {self.undated} without a due day, as the version says none" if self.undated else ""
