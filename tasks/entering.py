"""Enter a request for a deviation from a form or another system's message: texts are read as values here."""

from __future__ import annotations

from collections.abc import Mapping

from prefect import task

from config.permitting import permitted
from domain.deviations.deviation import Asked, Scope, Timing, Way
from domain.deviations.flaws import Flaw, Flawed
from domain.deviations.force import Force, force, state_at
from domain.deviations.terms import draft_of, named
from domain.ids import ProjectKey
from domain.language import Message
from domain.organization.actions import Action, Actor, Sender
from domain.organization.office import Organization
from domain.organization.webhooks import Source
from domain.outcomes.deviations import DeviationAsked
from store.unit import Unit
from tasks.answering import actor_of, text_of
from tasks.asking_again import ask_again, known
from tasks.context import current_application
from tasks.requesting import Placed, Room, ask


@task(name="request-deviation")
def request_deviation(
    project: str, rule: str, terms: str, person: str, why: str, *, dry_run: bool
) -> DeviationAsked:
    """Ask for a deviation in the name of a person; entered again, it changes nothing.

    `rule` may name a version before it, as `delivery-method/2.0 plan-size`. Person, reason and terms may
    refer to a message. Raises Flawed with everything that is wrong with it, PermissionError for a person who
    may not ask, LookupError for a version that is not published.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    version, _, uid = rule.strip().rpartition(" ")
    with store.read() as unit:
        actor, why, terms = _read(unit, organization.sources, (project, person, why, terms))
        before = known(unit, named(terms)) if named(terms) else None
    draft = draft_of(project, uid, why, terms, before.span.first if before else clock.now().date())
    asking = before.asked.office if before else asking_office(organization, draft.scope)
    permitted(
        organization, store, clock, actor, Action.ASK_DEVIATION,
        leader=organization.leader_of(asking, clock.now().date()), concerned=asking, why=why, dry_run=dry_run,
    )  # fmt: skip
    way = Way.MESSAGE if isinstance(actor, Sender) else Way.FORM
    asked = Asked(asking, actor.person, clock.now(), way)
    with store.begin() as unit:
        room = Room(unit, clock, application.rulebook)
        if before is None:
            placed = ask(room, draft, asked, version or "newest")
        else:
            placed = ask_again(room, known(unit, before.id), draft, actor.person)
        if not dry_run:
            unit.commit()
    return asked_for(placed, room, dry_run=dry_run)


def asked_for(placed: Placed, room: Room, *, dry_run: bool) -> DeviationAsked:
    """What came of it."""
    made = placed.deviation
    return DeviationAsked(
        made.id,
        str(state_at(made, room.now)),
        made.significant,
        made.timing is Timing.IN_ADVANCE,
        force(made, max(room.now, made.span.begins)) is Force.INTERIM,
        placed.request.office if placed.request else "",
        placed.new,
        dry_run,
    )


def _read(
    unit: Unit, sources: Mapping[str, Source], given: tuple[str, str, str, str]
) -> tuple[Actor, str, str]:
    """Who asks, the reason and the terms in full."""
    project, person, why, terms = given
    actor = actor_of(unit, sources, person.strip(), {"project": project})
    return actor, text_of(unit, sources, why, "why"), text_of(unit, sources, terms, "terms")


def asking_office(organization: Organization, scope: Scope) -> str:
    """The office that asks: of the project, else the one that is named, else the program's.

    Raises Flawed where that is no office.
    """
    key, program = ProjectKey.find(scope.project), organization.programs.get(scope.program)
    found = key.office if key else scope.office or (program.office if program else "")
    if found not in organization.offices:
        flaw = Flaw(
            "project",
            Message("it says of no project or class that is known"),
            Message("give a project as office/id, or an office or a program in the terms"),
        )
        raise Flawed((flaw,))
    return found
