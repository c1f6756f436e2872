"""A project from the record to try a rule on, or the reason why there is none and what to do."""

from __future__ import annotations

from config.problems import meant
from config.wiring import Application, wire
from domain.compliance.network import Network
from domain.ids import ProjectKey
from runtime.place import Place
from runtime.problem import Problem
from tasks.network import load_office, participants

READ = "read it with `interoffice run sync-offices office={office} why='to try a rule'`"


def application_of(place: Place) -> Application:
    """The application with its record. Raises Problem where there is no record yet."""
    if not place.settings.database.get_secret_value() and not place.folder.database.exists():
        raise Problem(
            f"there is no record in {place.folder.root}, so no project was read yet -> start with"
            " `interoffice up`, or leave the project out to try the rule on its own examples"
        )
    return wire(place.settings)


def network_of(application: Application, project: str) -> Network:
    """The project's office as it was last read. Raises Problem where that project is not in it."""
    found = ProjectKey.find(project)
    offices = application.organization.offices
    if found is None:
        raise Problem(
            f"{project!r} is no project -> write it as OFFICE/PROJECT, such as {_example(application)}"
        )
    office = found.office
    if office not in offices:
        raise Problem(f"there is no office {office!r} -> {meant(office, offices)}")
    with application.store.read() as unit:
        network = load_office(unit, application.rulebook, application.clock.now(), office)
        if project in network.plans:
            return network
        stored = [each.plan.project.key for each in unit.plans.current(office)]
        gone, reading = unit.plans.gone().get(project), unit.readings.latest().get(office)
    if project in stored:
        raise Problem(_left_out(application, project, office))
    if gone is not None:
        raise Problem(f"{project} is no longer in its tool since {gone:%Y-%m-%d} -> choose another project")
    if reading is None or reading.ok_at is None:
        why = f": {reading.problem}" if reading and reading.problem else ""
        raise Problem(f"{office} was never read{why} -> {READ.format(office=office)}")
    instead = f"{meant(project, stored)}; if it is new, {READ.format(office=office)}"
    raise Problem(f"{office} had no project {found.own!r} when it was last read -> {instead}")


def _left_out(application: Application, project: str, office: str) -> str:
    """Why a project that was read is not judged."""
    today = application.clock.now().date()
    if office not in {each.id for each in participants(application.organization, today)}:
        return f"{office} takes no part today, so none of its projects is judged -> choose another office"
    return f"{project} is not counted: it is another project's twin -> try the rule on that one"


def _example(application: Application) -> str:
    """The key of a project that was read, as an example in a message."""
    with application.store.read() as unit:
        stored = unit.plans.current()
    return stored[0].plan.project.key if stored else "porto/P-1"
