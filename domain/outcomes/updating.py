"""The outcomes of updating offices' plans: ids, days and counts only, as all that runs show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from domain.organization.actions import Permission
from domain.outcomes.distributing import added, kept
from domain.words import counted, foreseen, listed


class UpdateState(StrEnum):
    """What became of the update of one office's plan."""

    UPDATED = "updated"
    """The version is in the office's plan; what differs is asked."""
    UNCHANGED = "up_to_date"
    """There is nothing newer, and nothing was answered."""
    NOT_STARTED = "not_started"
    """The plan is not in the office's tool yet."""
    QUESTIONS = "answers_missing"
    """The version asks the office for more than it answered."""
    UNFINISHED = "unfinished"
    """The tool did not take all of it; the next run goes on."""
    UNREACHABLE = "unreachable"
    """The tool could not be read or written, or the template is not shared any more."""


@dataclass(frozen=True, slots=True)
class PlanUpdated:
    """What an update does or did to one office's plan; `changes` are counts by fate."""

    derivation: str
    office: str
    state: UpdateState
    before: int
    version: int
    """The versions of the template that the plan had and has."""
    changes: Mapping[str, int] = field(default_factory=dict)
    conflicts: int = 0
    """How many questions are open."""
    settled: int = 0
    """How many were answered, or whose default counted."""
    created: int = 0
    changed: int = 0
    by_hand: int = 0
    """Tasks that the template removed and that still stand in the tool: the office deletes them."""
    left: int = 0
    """What the tool did not take."""
    finish: int | None = None
    """By how many days the plan ends later, negative: earlier; None: its dates cannot be computed."""
    flaws: int = 0
    """Contradictions in the office's plan, for which its dates cannot be computed and stay."""
    cost: Mapping[str, str] = field(default_factory=dict)
    """By how much it costs more, by currency."""
    calls: int = 0
    problem: str = ""
    onto: str = ""
    """The template that the plan goes over to; empty where it stays with its own."""
    same: int = 0
    """Tasks of that one that the plan has already."""
    own: int = 0
    """Tasks that it does not have: the office's own from then on."""
    unsure: int = 0
    """Tasks of which the office is asked whether they are the same; they are not written before."""
    lost: Mapping[str, int] = field(default_factory=dict)
    """Foreseen: how many facts of each field the tool cannot hold, by the names of a certificate."""
    approximated: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlansUpdated:
    """The plans that came from one template, and its newest version; from `all` of them, then 0."""

    template: str
    version: int
    plans: tuple[PlanUpdated, ...]
    by: Permission
    dry_run: bool
    kind: Literal["plans_updated"] = "plans_updated"

    @property
    def sentence(self) -> str:
        """How many plans have which state, what was written, and what is asked."""
        states: dict[str, int] = {}
        for each in self.plans:
            states[str(each.state)] = states.get(str(each.state), 0) + 1
        which = f"{self.template}/{self.version}" if self.version else "all templates"
        if not self.plans:
            return f"{which}: no plan of an office comes from it; nothing to update."
        told = f"{which}: {counted(len(self.plans), 'plan')}: {listed(states)}; "
        if any(each.onto for each in self.plans):
            told += (
                f"{counted(self._sum('same'), 'task')} the same, {self._sum('own')} from now on the office's"
            )
            told += f" own, {self._sum('unsure')} unsure; "
            told += "".join(f"{each.problem}; " for each in self.plans if each.problem)
        written = f"{counted(self._sum('created'), 'task')} new, {self._sum('changed')} changed"
        asked = counted(self._sum("conflicts"), "conflict")
        if self.dry_run:
            calls = counted(self._sum("calls"), "call")
            return foreseen(
                f"{told}{self._kept}{written} with {calls} at least, {asked} would be open.", "into any tool"
            )
        by_hand = self._sum("by_hand")
        told += f"{written}, {asked} open"
        told += f", {counted(by_hand, 'task')} to delete by hand" if by_hand else ""
        left = self._sum("left")
        told += f", {left} not taken by a tool" if left else ""
        return f"{told}; permitted {self.by}."

    @property
    def _kept(self) -> str:
        """What the tools do not keep of these plans, said first; empty where none is foreseen."""
        plans = [each for each in self.plans if each.state is UpdateState.UPDATED]
        if not plans:
            return ""
        lost, other = added(each.lost for each in plans), added(each.approximated for each in plans)
        return f"{kept(lost, other, len(plans))}; "

    def _sum(self, name: str) -> int:
        return sum(int(getattr(each, name)) for each in self.plans)


@dataclass(frozen=True, slots=True)
class ConflictResolved:
    """Which conflict was decided for which side, by whose role, and what that wrote."""

    conflict: str
    choice: str
    by: Permission
    dry_run: bool
    new: bool = True
    changed: int = 0
    state: str = ""
    """What became of writing it; empty where nothing was written yet."""
    kind: Literal["conflict_resolved"] = "conflict_resolved"

    @property
    def sentence(self) -> str:
        """Whose value counts."""
        side = "the template's value" if self.choice == "theirs" else "the office's value"
        if self.dry_run:
            return foreseen(f"{self.conflict}: {side} would count; permitted {self.by}.", "into any tool")
        if not self.new:
            return f"{self.conflict}: {side} was chosen before; nothing changed."
        return (
            f"{self.conflict}: {side} counts, {counted(self.changed, 'task')} changed; permitted {self.by}."
        )


@dataclass(frozen=True, slots=True)
class UpdateUndone:
    """Which plan went back to which version, and what that writes."""

    plan: PlanUpdated
    by: Permission
    dry_run: bool
    kind: Literal["update_undone"] = "update_undone"

    @property
    def sentence(self) -> str:
        """What was taken back, and what stays as the office has it since."""
        plan = self.plan
        stays = counted(plan.conflicts, "place")
        told = f"{plan.derivation} from version {plan.before} back to {plan.version}: "
        told += f"{counted(plan.changed, 'task')} changed, {plan.by_hand} to delete by hand; {stays}"
        told += " where the office changed it since stay as they are"
        told += f"; {plan.state.replace('_', ' ')}" if plan.state is not UpdateState.UPDATED else ""
        told += f"; permitted {self.by}."
        return foreseen(told, "into any tool") if self.dry_run else told


@dataclass(frozen=True, slots=True)
class ImprovementsProposed:
    """How many lasting changes of how many plans go to the owner of a template, by kind."""

    template: str
    owner: str
    plans: int
    silent: int
    """Plans whose tool did not answer."""
    counts: Mapping[str, int]
    by: Permission
    dry_run: bool
    new: bool = True
    """Whether the owner is told: the same proposals are told once."""
    kind: Literal["improvements_proposed"] = "improvements_proposed"

    @property
    def sentence(self) -> str:
        """What is proposed, and whether it was told before."""
        total = counted(sum(self.counts.values()), "proposal")
        plans = counted(self.plans, "plan")
        told = f"{self.template}: {total} to {self.owner} of {plans}: {listed(self.counts)}"
        told += f"; {counted(self.silent, 'tool')} did not answer" if self.silent else ""
        told += "" if self.new or self.dry_run or not self.counts else "; the owner was told of them before"
        return foreseen(f"{told}.", "into any tool") if self.dry_run else f"{told}; permitted {self.by}."
