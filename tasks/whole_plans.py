"""One project of an office as a whole plan: as it was last read, by the office's calendar.

What we put there ourselves is not stored with it. Refuses to read a tool: `sync` does that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.ids import ProjectKey, own_id
from domain.organization.office import Office
from domain.plans.building import Built, whole_plan
from domain.plans.work_calendar import office_calendar
from store import Unit


@dataclass(frozen=True, slots=True)
class StoredWholePlan:
    """A whole plan with what was not carried into it, and when its project was read."""

    built: Built
    read_at: datetime
    digest: str
    """Of the plan as it is stored, by which it is found again."""


def whole_plan_of(unit: Unit, office: Office, project: str) -> StoredWholePlan:
    """The whole plan of an office's project, given as `OFFICE/PROJECT` or by the office's own id.

    Days and weeks are those of the office's calendar. Raises LookupError, saying what to do, for a project
    that is not in the last reading.
    """
    key = str(ProjectKey(office.id, own_id(office.id, project)))
    stored = next((each for each in unit.plans.current(office.id) if each.plan.project.key == key), None)
    if stored is None:
        raise LookupError(_missing(unit, office, key))
    calendar = office_calendar(office.id, office.calendar)
    return StoredWholePlan(whole_plan(stored.plan, calendar), stored.read_at, stored.digest)


def _missing(unit: Unit, office: Office, key: str) -> str:
    """Why a project has no plan, and what to do."""
    reading = unit.readings.of(office.id)
    if reading is None or reading.ok_at is None:
        why = f" ({reading.problem})" if reading and reading.problem else ""
        how = f"`interoffice run sync-offices office={office.id} why='its plan'`"
        return f"{office.id} was never read{why}: read it with {how}"
    gone = unit.plans.gone(office.id).get(key)
    if gone is not None:
        return f"{key} is no longer in its tool since {gone:%Y-%m-%d}: choose another project"
    return f"{office.id} had no project {key} when it was last read: write it as OFFICE/PROJECT"
