"""The outcomes of simulating, approving and steering a rollout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.organization.actions import Action, Permission
from domain.questions.needed_facts import FactGap, said_of
from domain.rollouts.blackouts import WaveBlackout
from domain.rollouts.foreseen_deviations import WaveDeviations
from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class ForeseenProjects:
    """Projects as a simulation foresees them: all members, and those of each kind among them."""

    members: int
    follow: int
    flip: int
    eligible: int
    not_reported: int
    must_act: int
    asked: int = 0
    """Those that would be asked for a fact of their leeway."""
    discretion: int = 0
    """Those beyond the rule of leeway that their program manager may let complete, with a reason."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many work items a role of an office would get."""

    office: str
    role: str
    items: int


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulation in counts, with the digest that an approval must name."""

    rollout: str
    version: str
    digest: str
    counts: ForeseenProjects
    per_office: Mapping[str, ForeseenProjects]
    effort: tuple[Effort, ...]
    """Who must do what, by office and role."""
    gaps: tuple[FactGap, ...] = ()
    """The facts that the version needs and that nothing gives at some offices."""
    blackouts: tuple[WaveBlackout, ...] = ()
    """Where a wave meets a blackout of one of its offices."""
    deviations: WaveDeviations = WaveDeviations()
    """The deviations that the waves meet."""
    kind: Literal["simulated"] = "simulated"

    @property
    def sentence(self) -> str:
        """The counts of the whole network, and the digest."""
        counts = self.counts
        requires = f"{counts.must_act} {'requires' if counts.must_act == 1 else 'require'} action"
        beyond = (
            f"{counts.discretion} beyond the rule at a manager's discretion, " if counts.discretion else ""
        )
        said = (
            f"{counted(counts.members, 'project')}: {counts.follow} follow {self.version} already, "
            f"{counts.eligible} may complete under the version before, {beyond}"
            f"{counts.not_reported} not reported, "
            f"{counts.asked} to be asked for information, {requires}; "
            f"{counts.flip} of them follow the version before; digest {self.digest}."
        )
        return " ".join(filter(None, (said, said_of(self.gaps), self._blackouts(), self.deviations.sentence)))

    def _blackouts(self) -> str:
        """Where the waves meet blackouts; nothing where they meet none."""
        met = [
            f"wave {each.wave} {'starts in' if each.starts_in_it else 'meets'} {each.name} of {each.office} "
            f"({each.first} to {each.last})"
            for each in self.blackouts
        ]
        return f"Clocks stand still: {'; '.join(met)}." if met else ""


@dataclass(frozen=True, slots=True)
class Approved:
    """A rollout whose approval an operator entered: its members and waves, and whether it is new."""

    rollout: str
    members: int
    waves: int
    new: bool
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    missing: int = 0
    """How many more people have to approve before it begins."""
    kind: Literal["approved"] = "approved"

    @property
    def sentence(self) -> str:
        """What begins or would begin, or that it was approved before."""
        if self.missing:
            told = (
                f"One approval of rollout {self.rollout} is entered by an operator, permitted {self.by}; "
                f"it begins after {counted(self.missing, 'approval')} more, each of another person."
            )
            return foreseen(told) if self.dry_run else told
        if not self.new:
            return f"Rollout {self.rollout} was approved before with this digest; nothing changed."
        would = "would begin" if self.dry_run else "begins"
        told = (
            f"Rollout {self.rollout} {would}: {counted(self.members, 'project')} in "
            f"{counted(self.waves, 'wave')}; approval entered by an operator, permitted {self.by}."
        )
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """A rollout's approval that is asked for in an office's own tool, or by links to the approvers alone."""

    question: str
    office: str
    new: bool
    stands: bool
    """Whether the question stands in the tool by now."""
    dry_run: bool
    in_tool: bool = True
    """Whether it is asked in the tool; else by the approvers' own links alone."""
    kind: Literal["approval_asked"] = "approval_asked"

    @property
    def sentence(self) -> str:
        """Who is or would be asked, and what comes of it."""
        if self.dry_run:
            where = "in its tool" if self.in_tool else "by a link to their own address"
            return foreseen(f"the approvers of {self.office} would be asked {where}.")
        if not self.in_tool:
            return (
                f"The approvers of {self.office} are asked by a link that the next run sends them. "
                "advance-rollouts begins the rollout once it is approved."
            )
        where = "stands in its tool" if self.stands else "will stand in its tool when it answers again"
        again = "" if self.new else " again"
        return (
            f"The approvers of {self.office} are asked{again}; the question {where}. advance-rollouts begins "
            "the rollout once one of them approved there."
        )


@dataclass(frozen=True, slots=True)
class Steered:
    """The rollout's state after an action, and how many of its projects went out or came back."""

    rollout: str
    action: Action
    state: str
    projects: int
    waves: int
    moved: int
    changed: bool
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    kind: Literal["steered"] = "steered"

    @property
    def sentence(self) -> str:
        """The rollout's state after it, or in a dry run what it would be."""
        return foreseen(self._foreseen()) if self.dry_run else self._done()

    def _foreseen(self) -> str:
        """By which role it is permitted, and what it would change."""
        may = f"permitted {self.by}"
        if not self.changed:
            return f"{may}; rollout {self.rollout} is so already, nothing would change."
        whole = f"{counted(self.projects, 'project')} in {counted(self.waves, 'wave')}"
        return f"{may}; rollout {self.rollout} would be {self.state}, {whole}{self._moved()}."

    def _done(self) -> str:
        if not self.changed:
            return f"Rollout {self.rollout} was so already; it is {self.state}."
        return f"Rollout {self.rollout} is {self.state}{self._moved()}; permitted {self.by}, as entered."

    def _moved(self) -> str:
        way = "brought back" if self.action is Action.BRING_BACK else "taken out"
        return f"; {counted(self.moved, 'project')} {way}" if self.moved else ""
