"""What a command or a job enters for a flow, as it may be stored: people and simulations by their ids.

Prefect shows the parameters of a run to everybody who can open its page, and keeps them. It refuses a person
and a simulation that are not there, before any run begins.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.envelope import referred
from config.wiring import Application
from domain.deployments.invited import NotSuch, contacts_replaced, invited
from domain.rollouts.choosing import NoSuchChoice
from runtime.choices import PERSONS, RECEIVERS, SIMULATION
from runtime.offered import ids_of
from runtime.problem import UsageProblem
from tasks.choosing import ASK, person_of, simulation_of


def checked(application: Application, given: Mapping[str, str]) -> dict[str, str]:
    """The texts that a person typed, as they may be stored. Raises UsageProblem for what is not there."""
    found = dict(given)
    for name in (name for name in PERSONS if name in given):
        found[name] = _person(application, name, given[name])
    if RECEIVERS in given:
        found[RECEIVERS] = _receivers(application, given[RECEIVERS])
    if SIMULATION in given:
        try:
            with application.store.read() as unit:
                found[SIMULATION] = simulation_of(unit, given[SIMULATION])
        except NoSuchChoice as problem:
            raise UsageProblem(f"{SIMULATION}: {problem.what} -> {problem.instead}") from None
    return found


def stored(application: Application, parameters: Mapping[str, object]) -> dict[str, object]:
    """The parameters with each person of the organization by opaque id; all else stays."""
    named = [name for name in PERSONS if parameters.get(name) in application.organization.people]
    ids = ids_of(application) if named else {}
    return {name: ids[str(value)] if name in named else value for name, value in parameters.items()}


def _receivers(application: Application, text: str) -> str:
    """The receiving offices with the people to call by opaque ids; a text that names none stays as it is."""
    try:
        contacts = {each.contact for each in invited(text) if each.contact}
    except NotSuch as problem:
        raise UsageProblem(str(problem).replace("; ", " -> ", 1)) from None
    return contacts_replaced(text, {each: _person(application, RECEIVERS, each) for each in contacts})


def _person(application: Application, name: str, text: str) -> str:
    asked = text.strip()
    if asked in ("", ASK) or referred(asked):
        return asked
    try:
        with application.store.read() as unit:
            person = person_of(unit, asked)
    except NoSuchChoice as problem:
        raise UsageProblem(f"{name}: {problem.what} -> {problem.instead}") from None
    if person not in application.organization.people:
        raise UsageProblem(f"{name}: nobody has the id {asked[:80]!r} -> see `interoffice person list`")
    return ids_of(application)[person]
