"""The table of actions: which role of which office may do what, and what may start without a named person.

Flows, gateway and command line ask `permit`, and nothing else decides it. Refuses to know how somebody was
identified: the actors say that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from domain.organization.office import Organization, Role
from domain.organization.webhooks import Source


class Action(StrEnum):
    """What can be done here. The names stand in the ledger."""

    PUBLISH = "publish"
    SIMULATE = "simulate"
    ASK_APPROVAL = "ask_approval"
    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    ROLL_BACK = "roll_back"
    LEAVE_OUT = "leave_out"
    BRING_BACK = "bring_back"
    START = "start"
    DISTRIBUTE = "distribute"
    CAPTURE = "capture"
    RELEASE = "release"
    RECALL = "recall"
    OPEN_DEPLOYMENT = "open_deployment"
    CHANGE_DEPLOYMENT = "change_deployment"
    ACCEPT_DEPLOYMENT = "accept_deployment"
    CLOSE_DEPLOYMENT = "close_deployment"
    SHARE = "share"
    ASK_OWNER = "ask_owner"
    ANSWER_PEER = "answer_peer"
    LOCALIZE = "localize"
    UPDATE_PLANS = "update_plans"
    RESOLVE_CONFLICT = "resolve_conflict"
    UNDO_UPDATE = "undo_update"
    RE_BASE = "re_base"
    PROPOSE = "propose"
    SYNC = "sync"
    ADVANCE = "advance"
    SWEEP = "sweep"
    REPORT = "report"
    CYCLE = "cycle"
    REAP = "reap"
    NOTIFY = "notify"
    DIGEST = "digest"
    ASK_DEVIATION = "ask_deviation"
    DECIDE = "decide"
    REVOKE_DEVIATION = "revoke_deviation"
    REVIEW_DEVIATIONS = "review_deviations"
    APPLY_RETENTION = "apply_retention"
    RAISE = "raise"
    OBJECT = "object"
    ANSWER_CASE = "answer_case"
    AGREE_CASE = "agree_case"
    DECIDE_CASE = "decide_case"
    ESCALATE = "escalate"
    DIRECT = "direct"
    WITHDRAW_DIRECTIVE = "withdraw_directive"
    ANSWER_DIRECTIVE = "answer_directive"
    ATTEST_DIRECTIVE = "attest_directive"
    DRAFT = "draft"
    COMMENT = "comment"
    ANSWER_COMMENT = "answer_comment"


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever can start runs here, and the person for whom they enter it; without one, also a schedule."""

    person: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who is known by their account in an office's own tool."""

    person: str


@dataclass(frozen=True, slots=True)
class Sender:
    """A webhook source with a message of that kind, and the person whom the message names, if any."""

    source: Source
    kind: str
    person: str = ""


Actor: TypeAlias = Operator | Account | Sender


class Sources(StrEnum):
    """Which webhook sources may do it by themselves: none, those that act for the strategic office, any."""

    NONE = "none"
    STRATEGIC = "strategic"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """Who may do one thing. No roles at all: no name is required."""

    what: str
    flow: str
    roles: tuple[Role, ...] = ()
    """The roles of the strategic office."""
    concerned: tuple[Role, ...] = ()
    """The roles of the office that it concerns."""
    unnamed: bool = False
    """Whether an operator, a schedule or an automation may do it without naming a person."""
    sources: Sources = Sources.NONE
    """Which sources may do it without naming a person."""
    by_configuration: bool = False
    """Whether what is entered for a person counts only where `operator_decisions_count` says so."""
    leading: str = "the strategic office"
    """Which office leads what it is about, for people."""


OWNERS = (Role.STANDARDS_OWNER, Role.HEAD, Role.APPROVER)
LEADERS = (Role.APPROVER, Role.HEAD)
SPEAKERS = (Role.HEAD, Role.REPORTER, Role.STANDARDS_OWNER, Role.APPROVER, Role.SPONSOR)
"""Who may ask or say something for an office."""
TEMPLATE_OWNERS = (Role.HEAD, Role.STANDARDS_OWNER)
"""Of the office whose template it is: no strategic office is needed for templates."""
PLANNERS = (*TEMPLATE_OWNERS, Role.REPORTER)
"""Who may say what an office plans, or ask or propose about it."""
DIRECTORS = (Role.HEAD, Role.APPROVER, Role.SPONSOR)
ABOVE_ALL = "the office above all of them"
"""Of a deployment: it need not be a strategic one, and is the pilot itself where there is none."""
STEER = "steer-rollout"
TABLE: Mapping[Action, ActionRow] = {
    Action.PUBLISH: ActionRow("publish a version", "publish-standard", OWNERS, sources=Sources.STRATEGIC),
    Action.SIMULATE: ActionRow(
        "simulate a rollout", "simulate-standard", OWNERS, unnamed=True, sources=Sources.STRATEGIC
    ),
    Action.ASK_APPROVAL: ActionRow("ask for an approval", "roll-out-standard", unnamed=True),
    Action.APPROVE: ActionRow(
        "approve a rollout", "roll-out-standard", (Role.APPROVER,), by_configuration=True
    ),
    Action.PAUSE: ActionRow("pause a rollout", STEER, LEADERS, by_configuration=True),
    Action.RESUME: ActionRow("resume a rollout", STEER, LEADERS, by_configuration=True),
    Action.ROLL_BACK: ActionRow("roll back an office", STEER, LEADERS, (Role.HEAD,), by_configuration=True),
    Action.LEAVE_OUT: ActionRow("leave out a project", STEER, LEADERS, by_configuration=True),
    Action.BRING_BACK: ActionRow(
        "bring back an office or a project", STEER, LEADERS, (Role.HEAD,), by_configuration=True
    ),
    Action.START: ActionRow(
        "start a project", "start-project", LEADERS, (Role.HEAD, Role.REPORTER, Role.SPONSOR)
    ),
    Action.DISTRIBUTE: ActionRow("put a plan into an office's tool", "distribute-plan", (), (Role.HEAD,)),
    Action.CAPTURE: ActionRow(
        "capture a plan as a draft of a template",
        "capture-plan",
        (),
        PLANNERS,
        unnamed=True,
    ),
    Action.RELEASE: ActionRow(
        "release a version of a template", "release-template", (), TEMPLATE_OWNERS, by_configuration=True
    ),
    Action.RECALL: ActionRow(
        "recall a version of a template", "recall-template", (), TEMPLATE_OWNERS, by_configuration=True
    ),
    Action.OPEN_DEPLOYMENT: ActionRow(
        "open a deployment", "open-deployment", (Role.SPONSOR,), (Role.SPONSOR,), leading=ABOVE_ALL
    ),
    Action.CHANGE_DEPLOYMENT: ActionRow(
        "change a deployment", "change-deployment", (Role.SPONSOR,), (Role.SPONSOR,), leading=ABOVE_ALL
    ),
    Action.ACCEPT_DEPLOYMENT: ActionRow(
        "accept or decline a deployment for an office",
        "accept-deployment",
        (),
        (Role.HEAD,),
        by_configuration=True,
    ),
    Action.CLOSE_DEPLOYMENT: ActionRow(
        "close a deployment",
        "close-deployment",
        (Role.SPONSOR,),
        (Role.SPONSOR,),
        by_configuration=True,
        leading=ABOVE_ALL,
    ),
    Action.SHARE: ActionRow("share a template", "share-plan", (), TEMPLATE_OWNERS, by_configuration=True),
    Action.ASK_OWNER: ActionRow("ask the owner of a template", "ask-owner", (), PLANNERS),
    Action.ANSWER_PEER: ActionRow("answer what a peer asked on a template", "answer-peer", (), PLANNERS),
    Action.LOCALIZE: ActionRow(
        "make a template an office's plan", "localize-plan", (), (Role.HEAD,), by_configuration=True
    ),
    Action.ASK_DEVIATION: ActionRow("ask for a deviation", "request-deviation", (), SPEAKERS),
    Action.DECIDE: ActionRow("decide on a request", "decide", (Role.APPROVER,), by_configuration=True),
    Action.REVOKE_DEVIATION: ActionRow(
        "end a deviation", "revoke-deviation", LEADERS, (Role.HEAD, Role.REPORTER), by_configuration=True
    ),
    Action.REVIEW_DEVIATIONS: ActionRow("review the deviations", "review-deviations", unnamed=True),
    Action.RAISE: ActionRow("raise feedback", "raise-feedback", (), SPEAKERS),
    Action.OBJECT: ActionRow("object", "raise-objection", (), (Role.HEAD, Role.APPROVER, Role.SPONSOR)),
    Action.ANSWER_CASE: ActionRow("propose and answer in a case", "answer-feedback", (), PLANNERS),
    Action.AGREE_CASE: ActionRow(
        "agree, attest, dissent or withdraw in a case",
        "answer-feedback",
        (),
        (Role.HEAD, Role.APPROVER),
        by_configuration=True,
    ),
    Action.DECIDE_CASE: ActionRow(
        "decide a case above both offices",
        "answer-feedback",
        (),
        (Role.SPONSOR, Role.HEAD),
        by_configuration=True,
    ),
    Action.ESCALATE: ActionRow("look after the cases and directives", "escalate-feedback", unnamed=True),
    Action.DIRECT: ActionRow("issue a directive", "issue-directive", DIRECTORS),
    Action.WITHDRAW_DIRECTIVE: ActionRow("withdraw a directive", "withdraw-directive", DIRECTORS),
    Action.ANSWER_DIRECTIVE: ActionRow("acknowledge a directive", "answer-directive", (), SPEAKERS),
    Action.ATTEST_DIRECTIVE: ActionRow(
        "attest that a directive is carried out", "answer-directive", (), SPEAKERS, by_configuration=True
    ),
    Action.DRAFT: ActionRow("draft a version and put it to the offices", "draft-amendment", OWNERS),
    Action.COMMENT: ActionRow("comment on a draft of a version", "comment-draft", (), SPEAKERS),
    Action.ANSWER_COMMENT: ActionRow("answer a comment on a draft", "answer-comment", OWNERS),
    Action.UPDATE_PLANS: ActionRow(
        "update offices' plans from a template", "update-plans", (), TEMPLATE_OWNERS, unnamed=True
    ),
    Action.RESOLVE_CONFLICT: ActionRow(
        "decide a conflict of a plan", "resolve-conflict", (), (Role.HEAD,), by_configuration=True
    ),
    Action.UNDO_UPDATE: ActionRow(
        "take back an update of a plan", "undo-update", (), (Role.HEAD,), by_configuration=True
    ),
    Action.RE_BASE: ActionRow("re-base a plan", "re-base-plan", (), (Role.HEAD,), by_configuration=True),
    Action.PROPOSE: ActionRow(
        "propose what offices changed to the owner of a template",
        "propose-improvements",
        (),
        TEMPLATE_OWNERS,
        unnamed=True,
    ),
    Action.SYNC: ActionRow("read the offices' tools", "sync-offices", unnamed=True),
    Action.ADVANCE: ActionRow("take the rollouts forward", "advance-rollouts", unnamed=True),
    Action.SWEEP: ActionRow("judge the network", "sweep-compliance", unnamed=True, sources=Sources.ANY),
    Action.REPORT: ActionRow("write the reports", "report-network", unnamed=True, sources=Sources.ANY),
    Action.CYCLE: ActionRow("read, advance, judge and report", "run-cycle", unnamed=True),
    Action.REAP: ActionRow("close dead runs", "reap-runs", unnamed=True),
    Action.APPLY_RETENTION: ActionRow("remove what is kept no longer", "apply-retention", unnamed=True),
    Action.NOTIFY: ActionRow("tell people of a run that failed", "notify-failure", unnamed=True),
    Action.DIGEST: ActionRow("send people the digest of their morning", "send-digests", unnamed=True),
}
"""One row for everything that a run may do; `answer-message` does what the row of its message says."""


class RefusalCause(StrEnum):
    """Why somebody may not. The names stand in the ledger."""

    KIND = "kind"
    NOBODY = "nobody_named"
    UNKNOWN = "unknown_person"
    NOT_COUNTED = "not_counted"
    NO_ROLE = "no_role"
    OFFICE = "office_of_source"


@dataclass(frozen=True, slots=True)
class Permission:
    """It is permitted: by which role of which office; both are empty where no role is required."""

    role: Role | None = None
    office: str = ""

    def __str__(self) -> str:
        """`as approver of group`."""
        if self.role is not None:
            return f"as {_word(self.role)} of {self.office}"
        return f"for {self.office}" if self.office else "without a role"


@dataclass(frozen=True, slots=True)
class Refusal:
    """It is refused: to whom, why, and what to do. Its text names roles and offices, never a person."""

    action: Action
    actor: Actor
    person: str
    """The id of the person who is named, if they belong to the organization; else empty."""
    cause: RefusalCause
    why: str
    instead: str

    def __str__(self) -> str:
        """Both as one sentence."""
        return f"{self.why}: {self.instead}"


def permit(
    organization: Organization, actor: Actor, action: Action, leader: str, concerned: str = ""
) -> Permission | Refusal:
    """Whether this actor may do it, by which role of which office; or why not, and who may.

    `leader` is the id of the strategic office that leads what it is about, `concerned` that of the office
    that it concerns; any other text means no office.
    """
    found = _decided(organization, actor, action, leader, concerned)
    if isinstance(found, Permission):
        return found
    person = actor.person if actor.person in organization.people else ""
    return Refusal(action, actor, person, *found)


_Why: TypeAlias = tuple[RefusalCause, str, str]
"""Why not, in a word and in words, and what to do."""


def _decided(
    organization: Organization, actor: Actor, action: Action, leader: str, concerned: str
) -> Permission | _Why:
    row = TABLE[action]
    if isinstance(actor, Sender) and actor.kind not in actor.source.may:
        return RefusalCause.KIND, f"this source may not send {actor.kind}", "name it in webhooks.yaml, `may`"
    if not actor.person or not (row.roles or row.concerned):
        return _without_a_person(actor, action, leader)
    who = f"it takes {who_may(action)}"
    if actor.person not in organization.people:
        return RefusalCause.UNKNOWN, "nobody has the id that was given, see people.yaml", who
    if row.by_configuration and not isinstance(actor, Account) and not organization.operator_decisions_count:
        why = "a decision that an operator or another system enters does not count in this organization"
        return (
            RefusalCause.NOT_COUNTED,
            why,
            "organization.yaml, operator_decisions_count: true, lets it count",
        )
    held = tuple(_held(organization, row, actor.person, (leader, concerned)))
    if not held:
        return RefusalCause.NO_ROLE, f"whoever is named may not {row.what}", who
    acting = [each for each in held if not isinstance(actor, Sender) or each.office in actor.source.offices]
    return acting[0] if acting else _not_for(held[0].office)


def _without_a_person(actor: Actor, action: Action, leader: str) -> Permission | _Why:
    row = TABLE[action]
    if isinstance(actor, Operator) and row.unnamed:
        return Permission()
    if isinstance(actor, Sender) and row.sources is Sources.ANY:
        return Permission()
    if isinstance(actor, Sender) and row.sources is Sources.STRATEGIC:
        return Permission(office=leader) if leader in actor.source.offices else _not_for(leader)
    return RefusalCause.NOBODY, f"nobody is named who decided to {row.what}", f"it takes {who_may(action)}"


def _held(
    organization: Organization, row: ActionRow, person: str, asked: tuple[str, str]
) -> Iterator[Permission]:
    """Every role of the row that the person has, of which office; those of the office that leads first."""
    leader, concerned = asked
    for office, roles in ((leader, row.roles), (concerned, row.concerned)):
        for role in roles:
            if office in organization.offices and person in organization.offices[office].roles.get(role, ()):
                yield Permission(role, office)


def _not_for(office: str) -> _Why:
    return (
        RefusalCause.OFFICE,
        f"this source does not act for {office}",
        "name it in webhooks.yaml, `offices`",
    )


def who_may(action: Action) -> str:
    """Who may do it, for people: `the approver or head of the strategic office`."""
    row = TABLE[action]
    groups = [f"the {_listed(row.roles)} of {row.leading}"] if row.roles else []
    if row.concerned:
        groups.append(f"the {_listed(row.concerned)} of the office concerned")
    if row.unnamed:
        groups.append("whoever can start runs here")
    return ", or ".join(groups)


def _word(role: Role) -> str:
    return role.replace("_", " ")


def _listed(roles: tuple[Role, ...]) -> str:
    *others, last = map(_word, roles)
    return f"{', '.join(others)} or {last}" if others else last
