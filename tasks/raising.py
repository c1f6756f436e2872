"""Raise feedback or object in the name of a person; the same, raised by several, is one case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from prefect import task

from config.permitting import permitted
from domain.cases.asking import CaseDraft, case_id, draft_of, equal_to, stopped_before
from domain.cases.case import Case, Raised, Said
from domain.cases.kinds import AboutKind, Side, Way
from domain.cases.moving import joined, raised, stops_the_clock
from domain.deployments.sharing import Visible, visible
from domain.deviations.flaws import quoted
from domain.ids import TemplateVersionId, VersionId
from domain.language import Message, Worded
from domain.organization.actions import Action, Sender
from domain.organization.office import Organization, RelationKind
from domain.outcomes.cases import CaseRaised
from domain.plans.project import Requested
from store.unit import Unit
from tasks.answering import actor_of, text_of
from tasks.case_steps import keep
from tasks.context import current_application
from tasks.objecting import issuer_of, owner_of_update, stop_what_is_objected
from tasks.requesting import Room
from tasks.versions import version_of

NO_RULE = Message("{version} has no rule {rule}: give the uid of one of its rules, as the reports name it")
NO_TEMPLATE = Message("no template {template} is released: give it as finance-system/1")
ITSELF = Message("{office} answers for it itself: name another office in the terms, counterpart=...")
APART = Message(
    "{office} takes part in no network: it puts to another office only what concerns a template, where both "
    "are in its deployment; for anything else make an agreement with a strategic office (agreements.yaml)"
)


class NotPut(Worded, LookupError):
    """What an office raises cannot be put to another one: why, and what to do, in any language."""


@task(name="raise-feedback")
def raise_case(
    office: str, about: str, terms: str, person: str, why: str, *, objection: bool, dry_run: bool
) -> CaseRaised:
    """Put a case to the office that answers for what it is about; raised by several it is one case.

    Person, reason and terms may refer to a message. Raises Flawed with all that is wrong with it,
    PermissionError for a person who may not, LookupError for what is not there.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    office = office.strip()
    with store.read() as unit:
        actor = actor_of(unit, organization.sources, person.strip(), {"office": office, "about": about})
        why = text_of(unit, organization.sources, why, "why")
        terms = text_of(unit, organization.sources, terms, "terms")
    now = clock.now()
    draft = draft_of(office, about, terms, why, organization, now.date(), objection=objection)
    permitted(
        organization, store, clock, actor, Action.OBJECT if objection else Action.RAISE,
        leader=organization.offices[office], concerned=office, why=why, dry_run=dry_run,
    )  # fmt: skip
    way = Way.MESSAGE if isinstance(actor, Sender) else Way.FORM
    with store.begin() as unit:
        placed = put(Room(unit, clock, application.rulebook), draft, Said(now, actor.person), way)
        if not dry_run:
            unit.commit()
    return CaseRaised(
        placed.case.id, placed.case.counterpart, objection, placed.joined,
        stops_the_clock(placed.case, office), placed.new, dry_run,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A case that was raised: whether it is new for that office, and whether it joined an equal one."""

    case: Case
    new: bool
    joined: bool


def put(room: Room, draft: CaseDraft, said: Said, way: Way, requested: Requested | None = None) -> Placed:
    """Store what is raised; the same, raised by several offices, is one case.

    `requested` is the office's own ticket or row by which it is, and which is told how it stands.
    What an objection stops stands from now on. Raises LookupError as `counterpart_of` does.
    """
    unit = room.unit
    counterpart = counterpart_of(unit, room.organization, draft, room)
    before = unit.cases.about(draft.about)
    stops = draft.objection and not stopped_before(draft, before)
    who = Raised(draft.office, said.person, said.at, draft.cause, draft.reason, way, draft.documents, stops)
    if requested is not None:
        who = replace(who, request=requested.id, is_row=requested.is_row)
    there = equal_to(draft, counterpart, before)
    if there is None:
        done = _raised(room, draft, counterpart, before, who, said)
    else:
        done = keep(room, there, joined(there, who, said))
    stop_what_is_objected(room, done)
    return Placed(done, there != done, there is not None and there != done)


def _raised(
    room: Room, draft: CaseDraft, counterpart: str, before: tuple[Case, ...], who: Raised, said: Said
) -> Case:
    made = Case(
        id=case_id(draft, counterpart, before),
        about=draft.about,
        raisers=(who,),
        counterpart=counterpart,
        objection=draft.objection,
        deadline=draft.deadline,
        sponsor=draft.sponsor,
        days=draft.days,
        checks={Side.RAISER: draft.check} if draft.check else {},
    )
    return keep(room, None, raised(made, said))


def counterpart_of(unit: Unit, organization: Organization, draft: CaseDraft, room: Room) -> str:
    """The office that a case is put to: the one that is named, else who answers for what it is about.

    Of a rule and a version that is the office that leads; of a template the one that owns it. Raises
    NotPut where that is nobody, or the office itself, or where the two may not interact, LookupError where no
    strategic office leads.
    """
    about, today = draft.about, room.now.date()
    if about.kind in (AboutKind.RULE, AboutKind.VERSION):
        version = version_of(unit, about.standard, about.version)
        if about.kind is AboutKind.RULE and all(each.uid != about.subject for each in version.rules):
            raise NotPut(
                NO_RULE, version=VersionId(about.standard, about.version), rule=quoted(about.subject, 80)
            )
    found = draft.counterpart
    if about.kind is AboutKind.DIRECTIVE:
        return issuer_of(unit, about.subject, draft.office)
    if about.kind is AboutKind.UPDATE:
        owner = owner_of_update(unit, about.subject, draft.office)
        found = found or owner
    if not found and about.kind is AboutKind.TEMPLATE:
        asked = TemplateVersionId.find(about.subject)
        release = unit.templates.version(asked) if asked else unit.templates.newest(about.subject)
        if release is None:
            raise NotPut(NO_TEMPLATE, template=quoted(about.subject, 60))
        found = release.template.owner
    found = found or organization.leader_of(draft.office, today).id
    if found == draft.office:
        raise NotPut(ITSELF, office=found)
    of_template = about.kind in (AboutKind.TEMPLATE, AboutKind.UPDATE)
    if not (of_template and _deploy_together(unit, organization, draft.office, found, room.now)):
        _in_a_network(organization, (draft.office, found), today)
    return found


def _deploy_together(unit: Unit, organization: Organization, office: str, other: str, now: datetime) -> bool:
    """Whether an open deployment, or an agreement about templates, brings the two together."""
    known = unit.deployments.all()
    sights = (visible(*each, known, organization, now) for each in ((office, other), (other, office)))
    return any(isinstance(each, Visible) for each in sights)


def _in_a_network(organization: Organization, offices: Iterable[str], today: date) -> None:
    """Raises NotPut where one of them is of a diverse subtree and takes part in no network."""
    for office in offices:
        diverse = organization.relation(office) is RelationKind.DIVERSE
        if diverse and not organization.takes_part(office, today):
            raise NotPut(APART, office=office)
