"""The outcome of publishing a version of a standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.organization.actions import Permission
from domain.questions.needed_facts import FactGap, said_of
from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class Published:
    """The version, its rules and its digest, whether it was new, and whether it was only tried."""

    version: str
    rules: int
    digest: str
    new: bool
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    gaps: tuple[FactGap, ...] = ()
    """The facts that it needs and that nothing gives at some offices."""
    not_consulted: bool = False
    """Whether nobody was consulted on it, as its file sets the period to 0."""
    kind: Literal["published"] = "published"

    @property
    def sentence(self) -> str:
        """What is or would be published, or that it was."""
        if not self.new:
            return f"{self.version} was published before with this content; nothing changed."
        would = "would be published" if self.dry_run else "is published"
        rules = counted(self.rules, "rule")
        said = f"{self.version} {would} with {rules}, digest {self.digest[:12]}; permitted {self.by}."
        said += (
            " Nobody was consulted on it: its file sets the period to 0 days." if self.not_consulted else ""
        )
        told = f"{said} {said_of(self.gaps)}".rstrip()
        return foreseen(told) if self.dry_run else told
