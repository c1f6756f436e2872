"""Shares templates, and takes what peers ask on them and what owners answer; forms and pages ask this.

Each is one short transaction with its entry of the ledger and its notices. Done again it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from config.deploying import origin
from config.permitting import permitted
from config.standing_templates import standing_templates
from config.wiring import Application
from domain.canonical import digest
from domain.deployments.changing import Unfit
from domain.deployments.deployment import Deployment
from domain.deployments.notices import SHARED, of_answer, of_question, of_takers
from domain.deployments.peers import PeerAnswer, PeerQuestion, answered, peer_question
from domain.deployments.redacting import redacted
from domain.deployments.sharing import (
    TEMPLATES,
    Basis,
    Deployments,
    Redaction,
    Share,
    Shared,
    shared_with,
)
from domain.language import Message, Worded
from domain.ledger.chain import Event
from domain.organization.actions import Account, Action, Actor, Operator, Permission
from domain.organization.office import Agreement, Office
from domain.plans.project import Ask, Unreadable
from domain.plans.templates.names import Names, names
from domain.plans.templates.template import Release
from domain.questions.question import Notice
from store.errors import Unknown
from store.unit import Unit

CLOSED = Message("under: the deployment {deployment} is closed; open another one with open-deployment")
SHOWN = 80
"""Characters of a question that is not taken."""
OWNS = Message("office: {office} owns {template}; name an office that the template is shared with")


@dataclass(frozen=True, slots=True)
class Given:
    """A share: of which version, by which right, what is kept back in counts, and whether that is new."""

    share: Share
    version: int
    by: Permission
    kept_back: Mapping[Redaction, int]
    offices: int
    """How many offices have the template by all that it is shared under."""
    new: bool


def share_template(
    application: Application,
    template: str,
    under: str,
    redactions: Iterable[Redaction],
    actor: Actor,
    why: str,
    *,
    dry_run: bool,
) -> Given:
    """Share a released template under a deployment or an agreement, without what is kept back.

    Raises LookupError for a template without a version, NotPermitted, Unfit for what it is not shared under.
    """
    at, organization = application.clock.now(), application.organization
    with application.store.read() as unit:
        release = standing_templates(application.templates, unit).version(template)
        known = unit.deployments.all()
    owner, under = owning(application, release), under.strip()
    basis = _basis(application, release, under, known, owner)
    share = Share(
        release.template.id, owner.id, basis, under, at,
        frozenset(redactions), actor.person, entered=not isinstance(actor, Account),
    )  # fmt: skip
    by = permitted(
        organization, application.store, application.clock, actor, Action.SHARE, leader=owner,
        concerned=owner.id, subject=share.template, why=why, dry_run=dry_run,
    )  # fmt: skip
    with application.store.begin() as unit:
        new = unit.deployments.share(share)
        after = unit.deployments.all()
        told = tuple(of_takers(
                f"shared/{share.template}/{share.under}", SHARED, release.template, after, organization, at,
                {"template": share.template},
        ))  # fmt: skip
        if new and not dry_run:
            detail = {"under": share.under, "basis": str(share.basis), "kept_back": sorted(share.redacted)}
            _keep(unit, application, "share", share.template, detail, actor, by, why, told)
    return Given(share, release.version, by, redacted(release.template, share.redacted)[1], len(told), new)


def ask_owner(
    application: Application, template: str, office: str, text: str, actor: Actor, *, dry_run: bool
) -> tuple[PeerQuestion, bool]:
    """Ask the owner of a template that is shared with an office; the question, and whether it is new.

    Raises LookupError for an office that is not there and for a template that is not shared with it,
    NotPermitted, domain.deployments.peers.Unfit.
    """
    at, organization = application.clock.now(), application.organization
    if office not in organization.offices:
        raise LookupError(f"there is no office {office[:60]!r}; give an id of offices.yaml")
    with application.store.read() as unit:
        release = shared_release(application, unit, template, office)
    owner = owning(application, release)
    if office == owner.id:
        raise Unfit(OWNS, office=office, template=release.template.id)
    permitted(
        organization, application.store, application.clock, actor, Action.ASK_OWNER, leader=owner,
        concerned=office, subject=release.template.id, why=text, dry_run=dry_run,
    )  # fmt: skip
    question = peer_question(
        release.template, release.version, office, actor.person, text, at, people_named(application)
    )
    with application.store.begin() as unit:
        new = unit.deployments.ask(question)
        if new and not dry_run:
            notice = of_question(question, owner.id, organization)
            _keep(unit, application, "peer_question", str(question.id), {"moved": "asked", "office": office},
                  actor, Permission(), text, (notice,))  # fmt: skip
    return question, new


def asked_in_tool(
    application: Application, office: str, asks: Iterable[Ask]
) -> tuple[tuple[str, ...], tuple[Unreadable, ...]]:
    """Take what an office asks the owners of templates in its own tool; the new questions, and what is odd.

    Whoever writes there speaks for the office, as with answers; it is recorded as asked in the tool. What
    cannot be taken comes back with its place and what to write.
    """
    at, new, odd = application.clock.now(), list[str](), list[Unreadable]()
    for each in asks:
        try:
            with application.store.read() as unit:
                release = shared_release(application, unit, each.template, office)
            owner = owning(application, release)
            if office == owner.id:
                raise Unfit(OWNS, office=office, template=release.template.id)
            question = peer_question(
                release.template, release.version, office, "", each.text, at, people_named(application)
            )
        except (LookupError, Worded) as why:
            odd.append(Unreadable(each.ref, each.text[:SHOWN], str(why)))
            continue
        with application.store.begin() as unit:
            if unit.deployments.ask(question):
                notice = of_question(question, owner.id, application.organization)
                detail = {"moved": "asked", "office": office, "in_tool": True}
                _keep(unit, application, "peer_question", str(question.id), detail, Operator(), Permission(),
                      question.text, (notice,))  # fmt: skip
                new.append(str(question.id))
    return tuple(new), tuple(odd)


def answer_peer(
    application: Application, question: str, text: str, actor: Actor, *, dry_run: bool
) -> tuple[PeerQuestion, bool]:
    """Answer what a peer asked, for the owner of the template; the question, and whether that is new.

    Raises store.errors.Unknown, NotPermitted, domain.deployments.peers.Unfit.
    """
    at, organization = application.clock.now(), application.organization
    with application.store.read() as unit:
        there = unit.deployments.asked(question.strip())
        release = standing_templates(application.templates, unit).newest(there.template) if there else None
    if there is None or release is None:
        raise Unknown(f"there is no question {question[:80]!r}; give its id, as the notice about it says")
    owner = owning(application, release)
    by = permitted(
        organization, application.store, application.clock, actor, Action.ANSWER_PEER, leader=owner,
        concerned=owner.id, subject=there.template, why=text, dry_run=dry_run,
    )  # fmt: skip
    entered = not isinstance(actor, Account)
    after = answered(there, PeerAnswer(text, actor.person, at, entered), people_named(application))
    if after == there or dry_run:
        return after, after != there
    with application.store.begin() as unit:
        unit.deployments.answer(after)
        detail = {"moved": "answered", "office": there.office}
        notice = of_answer(after, organization, at)
        _keep(unit, application, "peer_question", str(there.id), detail, actor, by, text, (notice,))
    return after, True


def shared_release(application: Application, unit: Unit, template: str, office: str) -> Release:
    """The version of a template that an office asks for, while it is shared with it.

    Raises LookupError alike for one that is not there and for one that is not shared with the office.
    """
    at, known = application.clock.now(), unit.deployments.all()
    with suppress(LookupError):
        found = standing_templates(application.templates, unit).version(template)
        shared = shared_with(office, found.template, known, application.organization, at)
        if isinstance(shared, Shared):
            return found
    raise LookupError(
        f"no template {template[:80]!r} is shared with {office}: its owner shares it with share-plan, under a"
        " deployment or an agreement, and the office's head accepts the deployment"
    )


def owning(application: Application, release: Release) -> Office:
    """The office that owns a template. Raises LookupError where it is none of the organization."""
    found = application.organization.offices.get(release.template.owner)
    if found is None:
        raise LookupError(
            f"{release.template.id} is owned by {release.template.owner}, which is no office of offices.yaml;"
            " release a version of another owner"
        )
    return found


def people_named(application: Application) -> Names:
    """The names that no text of a template may hold."""
    return names(each.name for each in application.organization.people.values())


def _basis(
    application: Application, release: Release, under: str, known: Deployments, owner: Office
) -> Basis:
    """What it is shared under. Raises Unfit where that is nothing that opens it."""
    deployment, template = known.get(under), release.template
    agreements = [each for each in application.organization.agreements if each.id == under]
    if deployment is not None and not agreements:
        _of_deployment(application, deployment, template.id)
        return Basis.DEPLOYMENT
    if agreements and deployment is None:
        _of_agreement(application, agreements[0], owner)
        return Basis.AGREEMENT
    if deployment is not None:
        raise Unfit(
            f"under: {under} is a deployment and an agreement; rename the agreement in agreements.yaml"
        )
    there = [each.id for each in known.open(application.clock.now()) if each.template == template.id]
    there += [each.id for each in application.organization.agreements if each.giver == owner.id]
    raise Unfit(
        f"under: there is no deployment or agreement {under[:80]!r}; there are {', '.join(there) or 'none'}"
    )


def _of_deployment(application: Application, deployment: Deployment, template: str) -> None:
    if deployment.template != template:
        raise Unfit(
            f"under: the deployment {deployment.id} goes by template {deployment.template}; share that one"
        )
    if not deployment.is_open(application.clock.now()):
        raise Unfit(CLOSED, deployment=deployment.id)


def _of_agreement(application: Application, agreement: Agreement, owner: Office) -> None:
    today = owner.calendar.local_date(application.clock.now())
    if agreement.giver != owner.id:
        raise Unfit(
            f"under: {agreement.id} is what {agreement.giver} gives, and {owner.id} owns the template; name"
            f" one of {owner.id}"
        )
    if TEMPLATES not in agreement.shares:
        raise Unfit(
            f"under: {agreement.id} shares no templates; add `templates` to its `shares` (agreements.yaml)"
        )
    if not agreement.in_force(today):
        raise Unfit(f"under: {agreement.id} is not in force on {today}; renew it in agreements.yaml")


def _keep(
    unit: Unit,
    application: Application,
    kind: str,
    subject: str,
    detail: Mapping[str, object],
    actor: Actor,
    by: Permission,
    why: str,
    notices: Iterable[Notice],
) -> None:
    who = unit.pseudonyms.of(actor.person) if actor.person else "system"
    said = {**detail, **origin(actor, by), **({"reason": digest(why)} if why else {})}
    unit.ledger.append(Event(kind, subject, who, application.clock.now(), said))
    for notice in notices:
        unit.notices.add(notice)
    unit.commit()
