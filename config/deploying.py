"""Opens, changes, answers and closes deployments, in the name of somebody who may; forms and pages ask this.

Each is one short transaction with its entry of the ledger and the notices that follow. Done again it changes
nothing. Refuses what its sponsor, or an office's head, did not decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from config.permitting import NotPermitted, permitted, record_refusal
from config.standing_in import present_now
from config.standing_templates import standing_templates
from config.wiring import Application
from domain.canonical import digest
from domain.deployments.changing import Unfit, above_all, changed, opened, steers, told_of_change
from domain.deployments.charged import NOTHING_STATED, Stated, avoided, central
from domain.deployments.deployment import Deployment, Reply
from domain.deployments.invited import Invited
from domain.deployments.notices import Told, of_close, of_opening, of_receivers, of_sponsor
from domain.language import Message
from domain.ledger.chain import Event
from domain.organization.actions import (
    Account,
    Action,
    Actor,
    Permission,
    Refusal,
    RefusalCause,
    Sender,
    who_may,
)
from domain.organization.office import Office
from domain.questions.question import Notice
from store.errors import Unknown
from store.unit import Unit

CLOSED = Message("the deployment {deployment} was closed on {day}; open another one")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a deployment, by which right, and whether anything changed."""

    deployment: Deployment
    by: Permission
    new: bool


def open_deployment(
    application: Application,
    wanted: tuple[str, str],
    invited: Sequence[Invited],
    actor: Actor,
    why: str,
    *,
    dry_run: bool,
) -> Done:
    """Open a deployment of a system by a template; its sponsor is who opens it. `wanted` are both names.

    Raises Unfit, NotPermitted, and LookupError for a template that is not there.
    """
    organization, at = application.organization, application.clock.now()
    system, template = wanted
    with application.store.read() as unit:
        pilot = _pilot(application, unit, template)
    found = opened(system, template, pilot, actor.person, invited, organization, at)
    by = _permit(application, actor, Action.OPEN_DEPLOYMENT, found, why, dry_run=dry_run)
    with application.store.read() as unit:
        there = unit.deployments.get(found.id)
    if there is not None:
        if _same(there, found):
            return Done(there, by, new=False)
        raise Unfit(
            f"system: there is a deployment {found.id} already; change it with change-deployment, or give"
            " this one another name, such as the system's with the year"
        )
    if not dry_run:
        with application.store.begin() as unit:
            unit.deployments.add(found)
            invitations = of_opening(found, organization, at)
            detail = {"template": template, "pilot": pilot, "offices": len(found.receivers)}
            _keep(unit, application, found, "opened", detail, actor, by, why, invitations)
    return Done(found, by, new=True)


def change_deployment(
    application: Application,
    deployment: str,
    invited: Sequence[Invited],
    actor: Actor,
    why: str,
    *,
    dry_run: bool,
    stated: Stated = NOTHING_STATED,
) -> Done:
    """Add, change or take out offices, and keep what the sponsor states for the savings.

    Raises Unfit, charged.NotStated, NotPermitted, store.errors.Unknown and Changed.
    """
    before = standing(application, deployment)
    by = _permit_sponsor(application, actor, Action.CHANGE_DEPLOYMENT, before, why, dry_run=dry_run)
    after = _after_change(application, _still_open(before), invited, stated, "")
    if after == before or dry_run:
        return Done(after, by, new=after != before)
    with application.store.begin() as unit:
        there = _locked(unit, before.id)
        who = unit.pseudonyms.of(actor.person) if actor.person else ""
        after = _after_change(application, there, invited, stated, who)
        unit.deployments.save(after)
        detail: dict[str, object] = {"offices": list(told_of_change(there, after))}
        detail |= {
            name: digest(text)
            for name, text in (("central", stated.central), ("avoided", stated.avoided))
            if text
        }
        _keep(
            unit, application, after, "changed", detail, actor, by, why, _of_change(application, there, after)
        )
    return Done(after, by, new=True)


def _after_change(
    application: Application, there: Deployment, invited: Sequence[Invited], stated: Stated, by: str
) -> Deployment:
    """The deployment with the offices changed and with what was stated; `by` is who states it."""
    organization, at = application.organization, application.clock.now()
    after = changed(there, invited, organization, at) if invited else there
    if stated.central:
        after = replace(after, central=central(stated.central))
    if stated.avoided:
        said = avoided(stated.avoided, by)
        before = [(each.name, each.amount, each.currency) for each in there.avoided]
        if [(each.name, each.amount, each.currency) for each in said] != before:
            after = replace(after, avoided=said)
    return after


def reply(
    application: Application,
    deployment: str,
    office: str,
    actor: Actor,
    why: str,
    *,
    accepts: bool,
    dry_run: bool,
) -> Done:
    """Accept or decline for an office, as its head. The same again changes nothing.

    Raises LookupError for an office that is not in it, NotPermitted, store.errors.Unknown and Changed.
    """
    at, organization = application.clock.now(), application.organization
    before = standing(application, deployment)
    said = Reply(accepts, actor.person, at, entered=not isinstance(actor, Account))
    _still_open(before).replied(office, said)
    by = permitted(
        organization, application.store, application.clock, actor, Action.ACCEPT_DEPLOYMENT,
        leader=organization.offices[office], concerned=office, subject=before.id, why=why, dry_run=dry_run,
    )  # fmt: skip
    if _said(before, office) is accepts or dry_run:
        return Done(before, by, new=_said(before, office) is not accepts)
    with application.store.begin() as unit:
        after = _locked(unit, before.id).replied(office, said)
        unit.deployments.save(after)
        told = Told.ACCEPTED if accepts else Told.DECLINED
        notices = of_sponsor(told, after, office, organization, at)
        _keep(unit, application, after, str(told), {"office": office}, actor, by, why, notices)
    return Done(after, by, new=True)


def close_deployment(
    application: Application, deployment: str, actor: Actor, why: str, *, dry_run: bool
) -> Done:
    """Close it: what it opened ends, between peers too. One that is closed stays as it is.

    Raises NotPermitted and store.errors.Unknown.
    """
    at, organization = application.clock.now(), application.organization
    before = standing(application, deployment)
    by = _permit_sponsor(application, actor, Action.CLOSE_DEPLOYMENT, before, why, dry_run=dry_run)
    if before.closed is not None or dry_run:
        return Done(before, by, new=before.closed is None)
    with application.store.begin() as unit:
        there = _locked(unit, before.id)
        after = replace(there, closed=at)
        unit.deployments.save(after)
        notices = of_close(after, organization, at)
        _keep(unit, application, after, "closed", {}, actor, by, why, notices)
    return Done(after, by, new=True)


def standing(application: Application, deployment: str) -> Deployment:
    """The deployment of that id. Raises store.errors.Unknown saying which there are."""
    asked = deployment.strip()
    with application.store.read() as unit:
        found = unit.deployments.get(asked)
        if found is not None:
            return found
        known = ", ".join(each.id for each in unit.deployments.all().deployments)
    raise Unknown(
        f"there is no deployment {asked[:80]!r}; there are {known or 'none; open one with open-deployment'}"
    )


def leading(application: Application, deployment: Deployment) -> Office:
    """The office above all that take part; the pilot where there is none."""
    offices = (each for each in deployment.offices if each in application.organization.offices)
    found = above_all(application.organization, offices)
    return found or application.organization.offices[deployment.pilot]


def origin(actor: Actor, by: Permission) -> Mapping[str, object]:
    """The origin of a decision, for the ledger: whether an operator entered it, its source, and the role."""
    found: dict[str, object] = {"entered_by_operator": bool(actor.person) and not isinstance(actor, Account)}
    if isinstance(actor, Sender):
        found["source"] = actor.source.id
    if by.role is not None:
        found["role"] = str(by.role)
    return found | ({"of": by.office} if by.office else {})


def _pilot(application: Application, unit: Unit, template: str) -> str:
    """The office from whose plan a template is, else its owner. Raises LookupError."""
    newest = standing_templates(application.templates, unit).newest(template)
    found = newest.template if newest is not None else unit.templates.draft(template).template
    return found.pilot.office if found.pilot is not None else found.owner


def _permit(
    application: Application, actor: Actor, action: Action, deployment: Deployment, why: str, *, dry_run: bool
) -> Permission:
    return permitted(
        application.organization, application.store, application.clock, actor, action,
        leader=leading(application, deployment), concerned=deployment.pilot, subject=deployment.id, why=why,
        dry_run=dry_run,
    )  # fmt: skip


def _permit_sponsor(
    application: Application, actor: Actor, action: Action, deployment: Deployment, why: str, *, dry_run: bool
) -> Permission:
    """The same, for its own sponsor alone while there is one."""
    by = _permit(application, actor, action, deployment, why, dry_run=dry_run)
    leader = leading(application, deployment)
    with application.store.read() as unit:
        present = present_now(unit, application.organization, application.clock)
    if not steers(deployment, actor.person, present, (leader.id, deployment.pilot)):
        refusal = Refusal(
            action, actor, actor.person, RefusalCause.NO_ROLE,
            "another sponsor has opened this deployment", f"it takes its own sponsor, {who_may(action)}",
        )  # fmt: skip
        if not dry_run:
            record_refusal(leader, application.store, application.clock, refusal, deployment.id, why)
        raise NotPermitted(refusal)
    return by


def _still_open(deployment: Deployment) -> Deployment:
    if deployment.closed is not None:
        raise Unfit(CLOSED, deployment=deployment.id, day=deployment.closed.date())
    return deployment


def _locked(unit: Unit, deployment: str) -> Deployment:
    found = unit.deployments.locked(deployment)
    if found is None:
        raise Unknown(f"the deployment {deployment} is not there any more")
    return _still_open(found)


def _said(deployment: Deployment, office: str) -> bool | None:
    """What the office's head said; None for nothing."""
    receiver = deployment.receiver(office)
    said = deployment.pilot_reply if office == deployment.pilot else receiver.reply if receiver else None
    return None if said is None else said.accepts


def _same(there: Deployment, asked: Deployment) -> bool:
    """Whether it was opened like that before, whatever the heads said since."""
    receivers = tuple(replace(each, reply=None) for each in there.receivers)
    return asked == replace(
        there, receivers=receivers, opened=asked.opened, title=asked.title, pilot_reply=None
    )


def _of_change(application: Application, before: Deployment, after: Deployment) -> Iterable[Notice]:
    organization, at = application.organization, application.clock.now()
    concerned = set(told_of_change(before, after))
    new = [r for r in after.receivers if r.office in concerned and before.receiver(r.office) is None]
    other = [r for r in after.receivers if r.office in concerned and before.receiver(r.office) is not None]
    gone = [r for r in before.receivers if r.office in concerned and after.receiver(r.office) is None]
    for told, receivers in ((Told.INVITED, new), (Told.CHANGED, other), (Told.OUT, gone)):
        yield from of_receivers(told, after, receivers, organization, at)


def _keep(
    unit: Unit,
    application: Application,
    deployment: Deployment,
    moved: str,
    detail: Mapping[str, object],
    actor: Actor,
    by: Permission,
    why: str,
    notices: Iterable[Notice],
) -> None:
    """Append it to the ledger, keep the notices, and end the unit."""
    who = unit.pseudonyms.of(actor.person) if actor.person else "system"
    said = {"moved": moved, **detail, **origin(actor, by), **({"reason": digest(why)} if why else {})}
    unit.ledger.append(Event("deployment", deployment.id, who, application.clock.now(), said))
    for notice in notices:
        unit.notices.add(notice)
    unit.commit()
