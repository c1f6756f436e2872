"""How a project is started: what is to stand in its office's tool, and what to do; decides, never writes.

The project is put there once, and its first items as any other thing of ours. From then on all of it is the
office's: nothing of it is written again. Refuses to start what somebody else has put there, and to start the
same project twice with other values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.delivery.delivery import GONE, Decision, Intent, IntentState, Step
from domain.delivery.wanted import ItemFields, ProjectFields, Wanted, values_of
from domain.ids import FirstItemKey, ProjectKey, StartKey, VersionIds
from domain.organization.calendar import Calendar
from domain.plans.facts import Facts
from domain.plans.project import Placed
from domain.standards.life_cycle import LifeCycle
from domain.standards.position import life_cycle_of, plan_parts
from domain.standards.standard import DatedPart, PlanPart, Version

GATE = "gate"


class NotStartable(ValueError):
    """The project cannot be started so; the text says why, and what to do."""


def wanted_project(office: str, project: str, start: date, versions: Sequence[Version]) -> Wanted:
    """The project that is to stand there, under these versions."""
    key = StartKey(str(ProjectKey(office, project)))
    ids = VersionIds(tuple(each.id for each in versions))
    return Wanted(str(key), office, ProjectFields(project=project, start=start, versions=str(ids)))


def first_items(
    wanted: Wanted, versions: Sequence[Version], calendar: Calendar, facts: Facts
) -> tuple[Wanted, ...]:
    """The items and gates of the versions' plan parts, due by the office's calendar from the start.

    So are those of its life cycle, where the project's `facts` say its class: none before it is there.
    """
    start = wanted.values["start"]
    if not isinstance(start, date):
        raise TypeError(f"{wanted.key} has no start")
    found = []
    for version in versions:
        for part in (*version.plan_parts, *_of_life_cycle(version, facts)):
            days = part.days if isinstance(part, DatedPart) else None
            due = None if days is None else calendar.add_business_days(start, days)
            for which, title in _titles(part):
                project = str(ProjectKey(wanted.office, str(wanted.project)))
                key = FirstItemKey(project, f"{version.standard}.{part.id}", which)
                fields = ItemFields(title=title, project=wanted.project, due=due)
                found.append(Wanted(str(key), wanted.office, fields))
    return tuple(found)


def _of_life_cycle(version: Version, facts: Facts) -> tuple[DatedPart, ...]:
    cycle = life_cycle_of(version, facts)
    return plan_parts(version, cycle) if isinstance(cycle, LifeCycle) else ()


def under(wanted: Wanted) -> tuple[str, ...]:
    """The ids of the versions under which a project was started; none where no version was in force."""
    said = str(wanted.values["versions"])
    return VersionIds.read(said).versions if said else ()


def _titles(part: PlanPart) -> list[tuple[str, str]]:
    titles = [(str(number), title) for number, title in enumerate(part.items, 1)]
    gate = part.gate if isinstance(part, DatedPart) else ""
    return [*titles, (GATE, f"{gate}: {part.title}")] if gate else titles


def decide_start(
    wanted: Wanted, intent: Intent | None, found: Placed | None, now: datetime, wait: timedelta
) -> Decision:
    """Create what was looked for and is not there; what is there and was begun by us is the same.

    What got no answer may be carried out as late as `wait` after it was sent, so that is waited out. Raises
    NotStartable for a project that stands there and was not begun by us, and for one begun with other values.
    """
    if intent is not None and intent.digest != wanted.digest:
        before = values_of(intent.wanted.fields)
        differing = [name for name, value in wanted.values.items() if before.get(name) != value]
        was = ", ".join(f"{name} {before.get(name)}" for name in differing)
        raise NotStartable(
            f"{wanted.project} was begun with {was}: give the same again, and change it in the tool then"
        )
    if found is not None:
        if intent is None or (found.key and found.key != wanted.key):
            raise NotStartable(
                f"{wanted.project} is there already ({found.ref}) and was not started by us: give another id"
            )
        return Decision(wanted, Step.SAME)
    if intent is None or intent.state is IntentState.STORED:
        return Decision(wanted, Step.CREATE, changes=dict(wanted.values))
    if intent.base is not None:
        return Decision(wanted, Step.HOLD, GONE)
    if intent.state is IntentState.SENT and intent.sent_at is not None and now < intent.sent_at + wait:
        return Decision(wanted, Step.WAIT, f"sent at {intent.sent_at:%Y-%m-%d %H:%M:%S}, and not seen yet")
    return Decision(wanted, Step.CREATE, changes=dict(wanted.values))
