"""What other systems may ask for by webhook: a row and a shape for each kind; it refuses unknown fields.

None of them can approve anything: a person decides. Whether a source may ask for an action is in the table of
domain/organization/actions.py. A new kind is one row of KINDS and one shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.ids import ProjectKey
from domain.organization.actions import Action

Reason = Annotated[
    str,
    StringConstraints(min_length=3, max_length=500, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
VersionId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[0-9A-Za-z][0-9A-Za-z.-]*$", max_length=80)
]
Draft = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*@[0-9a-f]{8,64}$", max_length=130)]
Released = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[1-9][0-9]{0,5}$", max_length=80)
]


@dataclass(frozen=True, slots=True)
class Asks:
    """What a message asks for, in the terms of the table of actions."""

    action: Action
    subject: str = ""
    """The id of the version or rollout that it is about."""
    concerned: str = ""
    """The id of the office that it concerns; any other text means none."""
    person: str = ""
    """The id of the person whom it names."""


class MessageShape(BaseModel):
    """The data of a message: declared fields only, and no value converted to another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    withheld: ClassVar[tuple[str, ...]] = ("why",)
    """Fields with texts and people: a run's parameters, which Prefect's page shows, only refer to them."""

    said_only: ClassVar[tuple[str, ...]] = ()
    """Fields that say for whom it is asked, and are no parameters of the flow."""

    why: Reason = Field(description="Why it is asked for; recorded with what comes of it.")

    @property
    def asks(self) -> Asks:
        """What it asks for."""
        raise NotImplementedError


class StandardPublished(MessageShape):
    """A version that stands in the organization's files leaves its draft and never changes again."""

    withheld = ("why", "person")

    version: VersionId = Field(description="The version, as standard/version.")
    person: Name | Literal[""] = Field(
        "", description="The id of the person who decided, recorded as entered; empty: the source itself did."
    )

    @property
    def asks(self) -> Asks:
        """To publish the version."""
        return Asks(Action.PUBLISH, self.version, person=self.person)


class RolloutRequested(MessageShape):
    """The planned rollout of a version is simulated on the whole network, for a person to approve."""

    version: VersionId = Field(description="The version, as standard/version.")

    @property
    def asks(self) -> Asks:
        """To simulate the rollout of the version."""
        return Asks(Action.SIMULATE, self.version)


class SteeringRequested(MessageShape):
    """A rollout is paused or resumed, or somebody leaves it or comes back, in the name of a person."""

    withheld = ("why", "person")

    rollout: Name = Field(description="The id of the rollout.")
    action: Literal["pause", "resume", "roll_back", "leave_out", "bring_back"] = Field(
        description="What to do."
    )
    person: Name = Field(description="The id of the person who decided; recorded as entered by an operator.")
    subject: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=120)] = Field(
        "",
        description="For roll_back an office, for leave_out a project as office/id, for bring_back either.",
    )

    @property
    def asks(self) -> Asks:
        """To steer the rollout."""
        return Asks(Action(self.action), self.rollout, self.subject, self.person)


class SweepRequested(MessageShape):
    """Every project of the network is judged."""

    version: VersionId | Literal["newest"] = Field("newest", description="The version to judge by.")

    @property
    def asks(self) -> Asks:
        """To judge the network."""
        return Asks(Action.SWEEP, self.version)


class ReportRequested(MessageShape):
    """The pages that people read are written anew."""

    @property
    def asks(self) -> Asks:
        """To write the reports."""
        return Asks(Action.REPORT)


class DeviationRequested(MessageShape):
    """An office asks for a deviation from a rule, in the name of a person of it."""

    withheld = ("why", "person", "terms")

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9./_ -]*$", max_length=160)] = Field(
        description="The uid of the rule; before it, if need be, the version as standard/version."
    )
    terms: Annotated[
        str, StringConstraints(min_length=3, max_length=4000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")
    ] = Field(description="The last day and what else there is: `last=2027-03-18; limit=15; cost=5000`.")
    person: Name = Field(description="The id of the person who asks; recorded as entered.")
    project: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=120)] = Field(
        "", description="The project as office/id; empty for a class."
    )

    @property
    def asks(self) -> Asks:
        """To ask for a deviation, for the project's office."""
        key = ProjectKey.find(self.project)
        return Asks(Action.ASK_DEVIATION, concerned=key.office if key else "", person=self.person)


Told = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")]


class FeedbackRaised(MessageShape):
    """An office says what does not work for it, in the name of a person of it."""

    withheld = ("why", "person", "terms")

    about: Annotated[str, StringConstraints(pattern=r"^[a-z]+ [^\x00-\x1f\x7f]+$", max_length=240)] = Field(
        description="What it is about, as `rule delivery-method/2.0 plan-size`."
    )
    office: Name = Field(description="The id of the office that raises it.")
    terms: Told = Field(
        description="The cause and what else there is: `cause=regulatory; citation=...`.", min_length=1
    )
    person: Name = Field(description="The id of the person who raises it; recorded as entered.")

    @property
    def asks(self) -> Asks:
        """To raise feedback, for the office."""
        return Asks(Action.RAISE, concerned=self.office, person=self.person)


class ObjectionRaised(MessageShape):
    """An office refuses what it was asked for, in the name of a person of it."""

    withheld = ("why", "person", "terms")

    about: Annotated[str, StringConstraints(pattern=r"^[a-z]+ [^\x00-\x1f\x7f]+$", max_length=240)] = Field(
        description="What is refused, as `version delivery-method/2.0`."
    )
    office: Name = Field(description="The id of the office that objects.")
    person: Name = Field(description="The id of the person who objects; recorded as entered.")
    terms: Told = Field("", description="What else there is: `cause=capacity`.")

    @property
    def asks(self) -> Asks:
        """To object, for the office."""
        return Asks(Action.OBJECT, concerned=self.office, person=self.person)


class DraftCommented(MessageShape):
    """An office comments on a draft of a version, in the name of a person of it; the comment is `why`."""

    withheld = ("why", "person")

    draft: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9./-]*$", max_length=120)] = Field(
        description="The id of the draft, or its version as standard/version."
    )
    office: Name = Field(description="The id of the office that comments.")
    person: Name = Field(description="The id of the person who comments; recorded as entered.")

    @property
    def asks(self) -> Asks:
        """To comment, for the office."""
        return Asks(Action.COMMENT, concerned=self.office, person=self.person)


class DirectiveIssued(MessageShape):
    """A strategic office instructs offices once, until a day, in the name of a person of it."""

    withheld = ("why", "person", "text", "addressees", "terms")
    said_only = ("office",)

    office: Name = Field(description="The id of the strategic office that issues it.")
    text: Told = Field(description="What is to be done.", min_length=1)
    addressees: Told = Field(description="Whom: `subtree=ports; except=oslo; role=head`.", min_length=1)
    terms: Told = Field(
        description="The last day and what shows that it is done: `due=2027-03-31; evidence=attested: ...`;"
        " no `issuer`, which is `office`.",
        min_length=1,
    )
    person: Name = Field(description="The id of the person who issues it; recorded as entered.")

    @property
    def asks(self) -> Asks:
        """To issue the directive, for the strategic office."""
        return Asks(Action.DIRECT, concerned=self.office, person=self.person)


class TemplateReleasedShape(MessageShape):
    """A draft of a template becomes its next version, in the name of a person of the owning office."""

    withheld = ("why", "person")
    said_only = ("office",)

    draft: Draft = Field(description="The draft, as template@digest.")
    office: Name = Field(description="The id of the office that owns the template.")
    person: Name = Field(description="The id of the person who decided; recorded as entered by an operator.")
    standing: Literal["unstated", "not_live", "live", "support_ended"] = Field(
        "unstated", description="How far the pilot is, where the plan does not tell it."
    )

    @property
    def asks(self) -> Asks:
        """To release the draft, for the owning office."""
        return Asks(Action.RELEASE, self.draft, self.office, self.person)


class LocalizationRequested(MessageShape):
    """A template that is shared with an office becomes its plan, by what the office has answered before."""

    withheld = ("why", "person")

    office: Name = Field(description="The id of the office that takes the plan.")
    released: Released = Field(description="The version, as template/number.")
    person: Name = Field(description="The id of the office's head; recorded as entered by an operator.")

    @property
    def asks(self) -> Asks:
        """To localize the version, for the office."""
        return Asks(Action.LOCALIZE, self.released, self.office, self.person)


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message: its shape, the flow that it starts, and the parameters that are always the same."""

    shape: type[MessageShape]
    flow: str
    """The flow's entrypoint: module and function."""
    example: Mapping[str, Any]
    always: Mapping[str, Any] = field(default_factory=dict)


KINDS: Mapping[str, MessageKind] = {
    "standard.published": MessageKind(
        StandardPublished,
        "flows.publish.publish_standard",
        {"version": "delivery-method/2.0", "person": "ana-reis", "why": "the standards board released it"},
        {"dry_run": False},
    ),
    "rollout.requested": MessageKind(
        RolloutRequested,
        "flows.simulate.simulate_standard",
        {"version": "delivery-method/2.0", "why": "planned for the second quarter"},
    ),
    "steering.requested": MessageKind(
        SteeringRequested,
        "flows.steer.steer_rollout",
        {"rollout": "delivery-method-2", "action": "pause", "person": "ana-reis", "why": "audit week"},
        {"dry_run": False},
    ),
    "deviation.requested": MessageKind(
        DeviationRequested,
        "flows.request_deviation.request_deviation",
        {
            "project": "porto/P-1",
            "rule": "plan-size",
            "terms": "last=2027-03-18; limit=5",
            "person": "ana-reis",
            "why": "the supplier plans the rest",
        },
        {"dry_run": False},
    ),
    "feedback.raised": MessageKind(
        FeedbackRaised,
        "flows.raise_feedback.raise_feedback",
        {
            "about": "rule delivery-method/2.0 plan-size",
            "office": "porto",
            "terms": "cause=regulatory; check=rule plan-size",
            "person": "ana-reis",
            "why": "the port authority asks for longer plans",
        },
        {"dry_run": False},
    ),
    "objection.raised": MessageKind(
        ObjectionRaised,
        "flows.raise_objection.raise_objection",
        {
            "about": "version delivery-method/2.0",
            "office": "porto",
            "person": "ana-reis",
            "why": "the yard hands over in six weeks",
        },
        {"dry_run": False},
    ),
    "draft.commented": MessageKind(
        DraftCommented,
        "flows.comment_draft.comment_draft",
        {
            "draft": "delivery-method/2.1",
            "office": "porto",
            "person": "ana-reis",
            "why": "20 overdue items are too many for a yard with twelve people",
        },
        {"dry_run": False},
    ),
    "directive.issued": MessageKind(
        DirectiveIssued,
        "flows.issue_directive.issue_directive",
        {
            "office": "hq",
            "text": "Have every crane inspected before the storm season",
            "addressees": "subtree=porto",
            "terms": "due=2027-03-31; evidence=attested: every crane was inspected",
            "person": "ana-reis",
            "why": "two of them failed last year",
        },
        {"dry_run": False},
    ),
    "template.released": MessageKind(
        TemplateReleasedShape,
        "flows.release_template.release_template",
        {
            "draft": "finance-system@0123456789ab",
            "office": "porto",
            "person": "ana-reis",
            "standing": "live",
            "why": "the first close went well",
        },
        {"dry_run": False},
    ),
    "plan.localization_requested": MessageKind(
        LocalizationRequested,
        "flows.localize_plan.localize_plan",
        {"office": "oslo", "released": "finance-system/1", "person": "liv-dahl", "why": "our turn in May"},
        {"dry_run": False},
    ),
    "sweep.requested": MessageKind(
        SweepRequested,
        "flows.sweep.sweep_compliance",
        {"version": "newest", "why": "the portfolio board meets tomorrow"},
    ),
    "report.requested": MessageKind(
        ReportRequested, "flows.report.report_network", {"why": "the portfolio board meets tomorrow"}
    ),
}
"""Every kind of message by its name."""
