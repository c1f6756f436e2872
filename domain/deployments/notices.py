"""Who is told what of a deployment and of a shared template, each once: heads, the sponsor, owners.

An office is told of what concerns itself. Refuses to name another receiving office to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum

from domain.deployments.deployment import Deployment, Receiver
from domain.deployments.peers import PeerQuestion
from domain.deployments.sharing import Deployments, Shared, shared_with
from domain.language import Message
from domain.organization.office import Organization, Role
from domain.plans.templates.template import Recall, RecallKind, Template
from domain.questions.question import Notice, NoticeKind


class Told(StrEnum):
    """What somebody is told of a deployment. The names stand in the keys of notices."""

    PILOT = "pilot"
    INVITED = "invited"
    CHANGED = "changed"
    OUT = "out"
    CLOSED = "closed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


TEXTS: Mapping[Told, Message] = {
    Told.PILOT: Message(
        "{system} is to go from your office to others, by template {template}. Nothing of your office is"
        " shown to them before you accept: on your own page, or with accept-deployment"
    ),
    Told.INVITED: Message(
        "Your office is to get {system}, with a go-live on {day}. Nothing of your office is shown to the"
        " others before you accept: on your own page, or with accept-deployment"
    ),
    Told.CHANGED: Message("The deployment of {system} was changed for your office: its go-live is on {day}"),
    Told.OUT: Message("Your office is in the deployment of {system} no longer; what it opened has ended"),
    Told.CLOSED: Message(
        "The deployment of {system} is closed; what it opened between its offices has ended"
    ),
    Told.ACCEPTED: Message("{office} takes part in the deployment of {system}"),
    Told.DECLINED: Message("{office} does not take part in the deployment of {system}"),
}
RECALLED: Mapping[RecallKind, Message] = {
    RecallKind.CORRECTION: Message(
        "Template {template} is corrected; go on, and take over what is said: {text}"
    ),
    RecallKind.STOP: Message("Template {template} is stopped; begin nothing more by it: {text}"),
}
SHARED = Message("Template {template} is shared with your office; it is localized on your own page")
NEW_VERSION = Message("There is a new version, {template}, of a template that your office has")
ASKED = Message("{office} asks about template {template}: {text}")
ANSWERED = Message("Your question about template {template} is answered. {question} {text}")


def of_receivers(
    told: Told,
    deployment: Deployment,
    receivers: Iterable[Receiver],
    organization: Organization,
    at: datetime,
) -> Iterator[Notice]:
    """The notices to the heads of these offices; what is the same on the same go-live is told once."""
    for each in receivers:
        if each.office not in organization.offices:
            continue
        says = organization.language_of(each.office)
        text = says.message(TEXTS[told], system=deployment.system, day=each.go_live)
        key = f"deployment/{deployment.id}/{told}/{each.office}/{each.go_live}"
        yield _notice(organization, key, NoticeKind.DEPLOYMENT, (each.office, Role.HEAD), text, at)


def of_opening(deployment: Deployment, organization: Organization, at: datetime) -> Iterator[Notice]:
    """What the heads of pilot and receivers are asked when it is opened."""
    pilot = deployment.pilot
    said, values = TEXTS[Told.PILOT], {"system": deployment.system, "template": deployment.template}
    text = organization.language_of(pilot).message(said, **values)
    key = f"deployment/{deployment.id}/{Told.PILOT}/{pilot}"
    yield _notice(organization, key, NoticeKind.DEPLOYMENT, (pilot, Role.HEAD), text, at)
    yield from of_receivers(Told.INVITED, deployment, deployment.receivers, organization, at)


def of_close(deployment: Deployment, organization: Organization, at: datetime) -> Iterator[Notice]:
    """What the heads of all of its offices are told when it is closed."""
    said = TEXTS[Told.CLOSED]
    for office in (each for each in deployment.offices if each in organization.offices):
        text = organization.language_of(office).message(said, system=deployment.system)
        key = f"deployment/{deployment.id}/{Told.CLOSED}/{office}"
        yield _notice(organization, key, NoticeKind.DEPLOYMENT, (office, Role.HEAD), text, at)


def of_sponsor(
    told: Told, deployment: Deployment, office: str, organization: Organization, at: datetime
) -> Iterator[Notice]:
    """What the sponsor is told of an office that accepted or declined."""
    place = sponsors_office(deployment, organization)
    if place:
        says = organization.language_of(place)
        name = organization.offices[office].name
        text = says.message(TEXTS[told], system=deployment.system, office=name)
        key = f"deployment/{deployment.id}/{told}/{office}/{at:%Y-%m-%dT%H:%M:%S}"
        yield _notice(organization, key, NoticeKind.DEPLOYMENT, (place, Role.SPONSOR), text, at)


def sponsors_office(deployment: Deployment, organization: Organization) -> str:
    """The first office of the file at which the sponsor has that role; empty where there is none."""
    return next(
        (
            office.id
            for office in organization.offices.values()
            if deployment.sponsor in office.roles.get(Role.SPONSOR, ())
        ),
        "",
    )


def takers(template: Template, known: Deployments, organization: Organization, at: datetime) -> Iterator[str]:
    """The offices with which a template is shared at that time, in the order of the file; not its owner."""
    for office in organization.offices:
        if office != template.owner and isinstance(
            shared_with(office, template, known, organization, at), Shared
        ):
            yield office


def of_takers(
    key: str, said: Message, template: Template, known: Deployments, organization: Organization, at: datetime,
    values: Mapping[str, object],
) -> Iterator[Notice]:  # fmt: skip
    """A notice to the head of each office that has the template; `key` is that of what happened to it."""
    for office in takers(template, known, organization, at):
        text = organization.language_of(office).message(said, **values)
        yield _notice(
            organization, f"template/{key}/{office}", NoticeKind.TEMPLATE, (office, Role.HEAD), text, at
        )


def of_recall(
    template: Template, recall: Recall, known: Deployments, organization: Organization, at: datetime
) -> Iterator[Notice]:
    """What every office that has a recalled template is told."""
    name = f"{recall.template}/{recall.version}"
    key = f"recalled/{name}/{recall.kind}/{recall.on}"
    said = RECALLED[recall.kind]
    yield from of_takers(
        key, said, template, known, organization, at, {"template": name, "text": recall.text}
    )


def of_release(
    template: Template, version: str, known: Deployments, organization: Organization, at: datetime
) -> Iterator[Notice]:
    """What every office that has a template is told of its next version."""
    yield from of_takers(
        f"released/{version}", NEW_VERSION, template, known, organization, at, {"template": version}
    )


def of_question(question: PeerQuestion, owner: str, organization: Organization) -> Notice:
    """What the owner of a template is told of a question."""
    says = organization.language_of(owner)
    name = organization.offices[question.office].name
    text = says.message(ASKED, office=name, template=question.template, text=question.text)
    to = (owner, Role.STANDARDS_OWNER)
    return _notice(organization, str(question.id), NoticeKind.TEMPLATE, to, text, question.at)


def of_answer(question: PeerQuestion, organization: Organization, at: datetime) -> Notice:
    """What the office that asked is told of the answer."""
    says = organization.language_of(question.office)
    text = says.message(
        ANSWERED,
        template=question.template,
        question=question.text,
        text=question.answer.text if question.answer else "",
    )
    to = (question.office, Role.HEAD)
    return _notice(organization, f"{question.id}/answered", NoticeKind.TEMPLATE, to, text, at)


def _notice(
    organization: Organization, key: str, kind: NoticeKind, to: tuple[str, Role], text: str, at: datetime
) -> Notice:
    office, role = to
    on: date = organization.offices[office].calendar.local_date(at)
    return Notice(key, kind, office, str(role), on, {}, text, organization.language_of(office).tag)
