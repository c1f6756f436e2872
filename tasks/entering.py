"""Enter a request for a deviation from a form or another system's message: texts are read as values here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from prefect import task

from config.permitting import permitted
from config.wiring import Application
from domain.deviations.asking import Draft, Flaw, Flawed
from domain.deviations.deviation import Asked, Category, Costs, Scope, Timing, Way
from domain.deviations.force import Force, force, state_at
from domain.deviations.telling import as_scalar
from domain.ids import ProjectKey
from domain.organization.actions import Action, Actor, Sender
from domain.outcomes.deviations import DeviationAsked
from domain.plans.project import Scalar
from tasks.answering import actor_of, text_of
from tasks.context import current_application
from tasks.requesting import Placed, Room, ask


@dataclass(frozen=True, slots=True)
class Entered:
    """A request as it is entered: texts, as a form has them. Lists have `;` between their entries."""

    version: str
    rule: str
    first: date
    last: date
    person: str
    why: str
    project: str = ""
    office: str = ""
    program: str = ""
    facts: str = ""
    """Of a class: `project.stage=closing; tool.kind=trac`."""
    limit: str = ""
    category: Category = Category.WAIVED
    measures: str = ""
    documents: str = ""
    citation: str = ""
    cost: float = 0.0
    delay_days: int = 0
    gate: str = ""


@task(name="request-deviation")
def request_deviation(entered: Entered, *, dry_run: bool) -> DeviationAsked:
    """Ask for a deviation in the name of a person; entered again, it changes nothing.

    Raises Flawed with everything that is wrong with it, PermissionError for a person who may not ask.
    """
    application = current_application()
    entered, actor = _read(application, entered)
    asking = _asking(application, entered)
    permitted(
        application.organization, application.store, application.clock, actor, Action.ASK_DEVIATION,
        leader=application.organization.leader_of(asking, application.clock.now().date()), concerned=asking,
        why=entered.why, dry_run=dry_run,
    )  # fmt: skip
    way = Way.MESSAGE if isinstance(actor, Sender) else Way.FORM
    asked = Asked(asking, actor.person, application.clock.now(), way)
    with application.store.begin() as unit:
        room = Room(unit, application.clock, application.rulebook)
        placed = ask(room, draft_of(entered), asked, entered.version)
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


def _read(application: Application, entered: Entered) -> tuple[Entered, Actor]:
    """The request with its texts in full, and who asks."""
    sources = application.organization.sources
    with application.store.read() as unit:
        actor = actor_of(unit, sources, entered.person, {"rule": entered.rule, "project": entered.project})
        why, measures, documents, citation = (
            text_of(unit, sources, getattr(entered, name), name)
            for name in ("why", "measures", "documents", "citation")
        )
    found = replace(
        entered, person=actor.person, why=why, measures=measures, documents=documents, citation=citation
    )
    return found, actor


def _asking(application: Application, entered: Entered) -> str:
    """The office that asks: of the project, else the one that is named, else the program's.

    Raises Flawed where that is no office.
    """
    organization, key = application.organization, ProjectKey.find(entered.project)
    program = organization.programs.get(entered.program)
    found = key.office if key else entered.office or (program.office if program else "")
    if found not in organization.offices:
        flaw = Flaw(
            "project",
            "it says of no project or class that is known",
            "give a project as office/id, or an office or a program",
        )
        raise Flawed((flaw,))
    return found


def draft_of(entered: Entered) -> Draft:
    """What is asked for. Raises Flawed for facts that cannot be read."""
    scope = Scope(
        entered.project.strip(), entered.office.strip(), entered.program.strip(), facts_of(entered.facts)
    )
    return Draft(
        standard="",
        rule=entered.rule.strip(),
        scope=scope,
        reason=entered.why,
        first=entered.first,
        last=entered.last,
        category=entered.category,
        limit=as_scalar(entered.limit),
        measures=entries(entered.measures),
        documents=entries(entered.documents),
        citation=entered.citation,
        costs=Costs(entered.cost or None, entered.delay_days or None, entered.gate.strip()),
    )


def entries(text: str) -> tuple[str, ...]:
    """The entries of a list that is written with `;` between them."""
    return tuple(each.strip() for each in text.split(";") if each.strip())


def facts_of(text: str) -> dict[str, Scalar]:
    """The facts of a class, written as `project.stage=closing; tool.kind=trac`. Raises Flawed otherwise."""
    found: dict[str, Scalar] = {}
    for each in entries(text):
        name, equals, value = (part.strip() for part in each.partition("="))
        scalar = as_scalar(value)
        if not equals or not name or scalar is None:
            flaw = Flaw("facts", f"{each[:60]!r} names no fact and value", "write project.stage=closing")
            raise Flawed((flaw,))
        found[name] = scalar
    return found
