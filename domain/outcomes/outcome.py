"""Every outcome that a flow can have, and those of flows that run others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from domain.outcomes.advancing import RolloutsAdvanced
from domain.outcomes.cases import CaseAnswered, CaseRaised, CasesEscalated
from domain.outcomes.deployments import DeploymentMoved, PeerQuestioned, PlanShared
from domain.outcomes.deviations import DeviationAsked, DeviationEnded, DeviationsReviewed, VoteTaken
from domain.outcomes.directives import DirectiveAnswered, DirectiveEnded, DirectiveIssued
from domain.outcomes.distributing import PlanDistributed
from domain.outcomes.drafts import DraftCommented, VersionDrafted
from domain.outcomes.failures import FailureNotified
from domain.outcomes.local_plans import PlanLocalized
from domain.outcomes.network import OfficesRead, Reported, Swept
from domain.outcomes.people import DigestsSent
from domain.outcomes.retention import RetentionApplied
from domain.outcomes.rollouts import ApprovalAsked, Approved, Simulated, Steered
from domain.outcomes.standards import Published
from domain.outcomes.starting import ProjectStarted
from domain.outcomes.templates import PlanCaptured, TemplateRecalled, TemplateReleased
from domain.outcomes.updating import ConflictResolved, ImprovementsProposed, PlansUpdated, UpdateUndone
from domain.words import counted, foreseen


@dataclass(frozen=True, slots=True)
class Reaped:
    """How many runs were looked at, closed because their process is gone, and left because it runs."""

    open: int = 0
    closed: int = 0
    alive: int = 0
    kind: Literal["reaped"] = "reaped"

    @property
    def sentence(self) -> str:
        """How many runs were closed, and how many are alive."""
        return f"{counted(self.closed, 'dead run')} closed, {self.alive} alive."


@dataclass(frozen=True, slots=True)
class Cycled:
    """A cycle of the network: the outcome of each of its steps."""

    read: OfficesRead
    advanced: RolloutsAdvanced
    swept: Swept | None
    """None while no version is published."""
    reported: Reported
    kind: Literal["cycled"] = "cycled"

    @property
    def sentence(self) -> str:
        """The sentence of the reports, to which all other steps lead."""
        told = self.reported.sentence
        return foreseen(told, "into any tool") if self.advanced.dry_run else told


FlowOutcome: TypeAlias = (
    OfficesRead | RolloutsAdvanced | Swept | Reported | Cycled | Reaped | DigestsSent
    | FailureNotified | Simulated | Approved | ApprovalAsked | Steered | Published | ProjectStarted
    | PlanCaptured | TemplateReleased | TemplateRecalled | DeploymentMoved | PlanShared | PeerQuestioned
    | PlanLocalized | PlanDistributed | PlansUpdated | ConflictResolved | UpdateUndone
    | ImprovementsProposed | DeviationAsked | DeviationsReviewed | DeviationEnded | VoteTaken
    | CaseRaised | CaseAnswered | CasesEscalated | VersionDrafted | DraftCommented
    | DirectiveIssued | DirectiveAnswered | DirectiveEnded | RetentionApplied
)  # fmt: skip
"""The outcomes of all flows but the one that answers a message with another flow."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The kind of another system's message, and the outcome of the flow that it asked for."""

    asked: str
    outcome: FlowOutcome
    kind: Literal["answered"] = "answered"

    @property
    def sentence(self) -> str:
        """The sentence of the flow, after the message's kind."""
        return f"{self.asked}: {self.outcome.sentence}"


Outcome: TypeAlias = FlowOutcome | Answered


def as_fields(outcome: Outcome) -> Mapping[str, object]:
    """The outcome for other programs: its fields by name and its kind, values as JSON knows them."""
    return asdict(outcome)
