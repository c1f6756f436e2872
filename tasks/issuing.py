"""Issue a directive, or take one back, in the name of a person of the strategic office."""

from __future__ import annotations

from datetime import date
from functools import partial

from prefect import task

from config.permitting import permitted
from domain.cases.case import Said
from domain.directives.addressing import left_out
from domain.directives.asking import DirectiveDraft, directive_id, draft_of
from domain.directives.directive import Directive
from domain.directives.following import issued, released, withdrawn
from domain.directives.telling import asked_role
from domain.organization.actions import Action, Sender
from domain.organization.office import Office, Organization
from domain.outcomes.directives import DirectiveEnded, DirectiveIssued
from store.unit import Unit
from tasks.answering import actor_of, text_of
from tasks.context import current_application
from tasks.directive_steps import keep
from tasks.requesting import Room


@task(name="issue-directive")
def issue(text: str, addressees: str, terms: str, person: str, why: str, *, dry_run: bool) -> DirectiveIssued:
    """Issue a directive of the strategic office that leads its addressees; the same again changes nothing.

    All that is said may refer to a message, whose office is then the one that issues it. Raises Flawed with
    all that is wrong with it, PermissionError for a person who may not.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    now, issuer = clock.now(), ""
    with store.read() as unit:
        actor = actor_of(unit, organization.sources, person.strip(), {})
        full = partial(text_of, unit, organization.sources)
        text, addressees = full(text, "text"), full(addressees, "addressees")
        terms, why = full(terms, "terms"), full(why, "why")
        if isinstance(actor, Sender):
            issuer = full(person, "office")
    draft = draft_of(text, addressees, terms, why, organization, now.date(), issuer)
    permitted(
        organization, store, clock, actor, Action.DIRECT, leader=organization.offices[draft.issuer],
        why=why, dry_run=dry_run,
    )  # fmt: skip
    said = Said(now, actor.person)
    with store.begin() as unit:
        id_, there = directive_id(draft, unit.directives.of_issuer(draft.issuer))
        done = there or issued(_made(id_, draft, said), organization, said)
        if there is None:
            done = keep(Room(unit, clock, application.rulebook), None, done)
        if not dry_run:
            unit.commit()
    return _outcome(done, organization, new=there is None, dry_run=dry_run)


def _outcome(done: Directive, organization: Organization, *, new: bool, dry_run: bool) -> DirectiveIssued:
    """Whom it reaches, in counts, and whom it does not."""
    there = [each for each in done.current if each.office in organization.offices]
    asked = [(each, asked_role(each, organization)) for each in there]
    held = [bool(organization.offices[each.office].roles.get(role)) for each, role in asked]
    instead = [role != each.role for each, role in asked]
    return DirectiveIssued(
        directive=done.id,
        issuer=done.issuer,
        addressees=len(there),
        offices=len({each.office for each in there}),
        due=done.due.isoformat(),
        new=new,
        dry_run=dry_run,
        left_out=len(left_out(done.addressed, done.issuer, organization, done.at.date())),
        to_heads=sum(one and other for one, other in zip(held, instead, strict=True)),
        vacant=held.count(False),
    )


def _made(id_: str, draft: DirectiveDraft, said: Said) -> Directive:
    return Directive(
        id=id_,
        issuer=draft.issuer,
        text=draft.text,
        addressed=draft.addressed,
        due=draft.due,
        acknowledge=draft.acknowledge,
        evidence=draft.evidence,
        person=said.person,
        at=said.at,
        entered=True,
        documents=draft.documents,
        why=draft.why,
    )


@task(name="withdraw-directive", task_run_name="withdraw {directive}")
def take_back(
    directive: str, person: str, why: str, by: str, office: str, *, dry_run: bool
) -> DirectiveEnded:
    """Withdraw a directive, put another in its place (`by`), or release one office from it (`office`).

    Raises LookupError for what is not there, NotPossible for what cannot be taken back, ValueError where it
    is not said which, PermissionError for a person who may not.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    by, office = by.strip(), office.strip()
    _checked(organization, why, by, office)
    with store.read() as unit:
        found = known(unit, directive)
        other = known(unit, by) if by else None
        actor = actor_of(unit, organization.sources, person.strip(), {})
    above = leader(found, organization, clock.now().date())
    permitted(
        organization, store, clock, actor, Action.WITHDRAW_DIRECTIVE, leader=above, subject=found.id,
        why=why, dry_run=dry_run,
    )  # fmt: skip
    said = Said(clock.now(), actor.person)
    with store.begin() as unit:
        before = unit.directives.locked(found.id) or found
        after = released(before, office, why, said) if office else withdrawn(before, why, said, other)
        done = keep(Room(unit, clock, application.rulebook), before, after)
        if not dry_run:
            unit.commit()
    told = [each for each in before.current if not office or each.office == office]
    state = str(done.ending.kind) if done.ending is not None else "in force"
    return DirectiveEnded(done.id, state, by, office, len(told), dry_run)


def _checked(organization: Organization, why: str, by: str, office: str) -> None:
    """Refuse what does not say why, or what."""
    if by and office:
        raise ValueError("by: give either `by` or `office`: another directive takes the place for all")
    if len(why.strip()) < SHORTEST:
        raise ValueError(f"why: its addressees read why; write {SHORTEST} characters or more")
    if office and office not in organization.offices:
        raise LookupError(f"there is no office {office[:60]!r}: give an id of offices.yaml")


SHORTEST = 5
"""Characters of a reason."""


def leader(directive: Directive, organization: Organization, on: date) -> Office:
    """The office that may take it back: who issued it; where it is not there any more, who leads all."""
    there = organization.offices.get(directive.issuer)
    return there if there is not None else organization.leader_of_all(on)


def known(unit: Unit, directive: str) -> Directive:
    """That directive. Raises LookupError saying how to find it."""
    found = unit.directives.get(directive.strip())
    if found is None:
        raise LookupError(
            f"there is no directive {directive[:40]!r}: `interoffice directives` lists those that there are"
        )
    return found
