"""The outcomes of opening, changing, answering and closing deployments, of sharing and asking; ids only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.organization.actions import Permission
from domain.words import counted, foreseen

ONE_OF = {"costs": "cost", "risks": "risk", "texts": "text"}
"""One of each kind that may be kept back."""


@dataclass(frozen=True, slots=True)
class DeploymentMoved:
    """What became of a deployment: how many offices it has, how many heads accepted, the next go-live."""

    deployment: str
    moved: str
    """`opened`, `changed`, `accepted`, `declined` or `closed`."""
    offices: int
    """Receiving offices."""
    accepted: int
    """Receiving offices whose heads accepted."""
    new: bool
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    office: str = ""
    """The office that accepted or declined."""
    next_go_live: str = ""
    """The next day on which an office goes live, as it is written; empty for none to come."""
    kind: Literal["deployment_moved"] = "deployment_moved"

    @property
    def sentence(self) -> str:
        """What is or would be so, and what stands."""
        about = f"{self.deployment}, by {self.office}," if self.office else self.deployment
        if not self.new:
            return f"{about} was {self.moved} like that before; nothing changed. {self._stands}"
        moved = f"{'would be' if self.dry_run else 'is'} {self.moved}"
        told = f"{about} {moved}; permitted {self.by}. {self._stands}"
        return foreseen(told) if self.dry_run else told

    @property
    def _stands(self) -> str:
        told = f"{counted(self.offices, 'receiving office')}, {self.accepted} accepted"
        return told + (f"; next go-live {self.next_go_live}." if self.next_go_live else ".")


@dataclass(frozen=True, slots=True)
class PlanShared:
    """A template that is shared: under what, which version is the newest, what is kept back, who has it."""

    template: str
    version: int
    under: str
    basis: str
    """`deployment` or `agreement`."""
    offices: int
    """Offices that have the template now."""
    new: bool
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    kept_back: Mapping[str, int] = field(default_factory=dict)
    """What is kept back of the newest version, by kind."""
    kind: Literal["plan_shared"] = "plan_shared"

    @property
    def sentence(self) -> str:
        """What is or would be shared, without what, and with how many."""
        back = ", ".join(counted(n, ONE_OF.get(kind, kind)) for kind, n in self.kept_back.items())
        back = f"kept back: {back}" if back else "nothing is kept back"
        who = f"{counted(self.offices, 'office')} {'has' if self.offices == 1 else 'have'} it"
        if not self.new:
            return f"{self.template} was shared under {self.under} like that before; nothing changed. {who}."
        would = "would be" if self.dry_run else "is"
        told = f"{self.template}/{self.version} {would} shared under the {self.basis} {self.under}; {back};"
        told += f" {who}; permitted {self.by}."
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class PeerQuestioned:
    """A question on a template that was asked or answered; its text is in our own record only."""

    question: str
    template: str
    moved: str
    """`asked` or `answered`."""
    new: bool
    dry_run: bool
    kind: Literal["peer_questioned"] = "peer_questioned"

    @property
    def sentence(self) -> str:
        """That it is or would be asked or answered, or was."""
        if not self.new:
            return f"{self.question} was {self.moved} before; nothing changed."
        told = f"{self.question} {'would be' if self.dry_run else 'is'} {self.moved}."
        return foreseen(told) if self.dry_run else told
