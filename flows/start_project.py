"""start-project: a new project in an office's tool from the version in force, with its first items."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.starting import ProjectStarted
from flows.outcome import answering, done
from tasks.starting import start_project_at


@flow(name="start-project", flow_run_name="start {office}/{project}")
@answering("start-project")
async def start_project(
    office: str, project: str, start: date, person: str, why: str, dry_run: bool = True
) -> State[ProjectStarted]:
    """Start a project in an office's tool, with the gates and first items of the versions in force for it.

    Run it when an office begins a project that the versions in force are to hold for from its first day.

    Makes a row in the office's workbook, a project in its tracker, or a new plan file; where the tool lets us
    make none, it says what to make, and puts the items there once it is made. Needs access write. Run again
    with the same values it completes what was interrupted, and puts nothing there twice; once the class of
    the project is entered and read, it adds the phases of its life cycle. From then on the project and its
    items are the office's: its title is its id until the office gives it one.

    Args:
        office: The office in whose tool the project is started.
        project: The office's own id for the project, as its tool takes it.
        start: The project's first day, a business day of the office; its items are due from there.
        person: Who decided, recorded as entered by an operator; `interoffice person list` says who is who.
        why: Why it is started; recorded.
        dry_run: Only say what would be made. Off: the project and its items are put into the office's tool.
    """
    return done(start_project_at(office, project, start, person.strip(), why, dry_run=dry_run))
