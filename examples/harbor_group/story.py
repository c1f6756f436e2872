"""Twelve weeks of the offices' own work on their workbooks, week by week, from the plot in fates.py.

It makes values by our names; it refuses to touch a workbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.plans.project import Scalar
from examples.harbor_group import feedback
from examples.harbor_group.begin import (
    DATELESS,
    MONDAY,
    OWNERLESS,
    PLANTED,
    first_rows,
    first_state,
    is_blank,
)
from examples.harbor_group.demands import RUNNING, State, half, rest
from examples.harbor_group.desks import DESKS, Desk
from examples.harbor_group.deviating import actions
from examples.harbor_group.fates import FATES, NEVER, SILENT_FROM, SILENT_OFFICE
from examples.harbor_group.finance import ACTIONS, EDITS, beside
from examples.harbor_group.plans import Row, done_share, finished
from examples.harbor_group.projects import Seed, seeds
from examples.harbor_group.turns import ANSWERS, OPERATORS, TEXTS, TOOLS, TURNS

WEEKS = 12
NEW_WORK = "santos/SP-08"


@dataclass(slots=True)
class OfficeWeek:
    """What one office did in one week."""

    reported: date
    behind: list[str] = field(default_factory=list)
    percent: dict[str, int] = field(default_factory=dict)
    projects: dict[str, State] = field(default_factory=dict)
    items: dict[str, State] = field(default_factory=dict)
    new: dict[str, State] = field(default_factory=dict)
    requests: Sequence[Mapping[str, Scalar]] = ()
    answers: list[Mapping[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Week:
    """One week of the sample."""

    number: int
    text: str
    offices: dict[str, OfficeWeek]
    operators: Sequence[Mapping[str, object]]
    tools: Mapping[str, Mapping[str, str]]
    plans: Mapping[str, Sequence[Mapping[str, Scalar]]] = field(default_factory=dict)
    """What the agencies did to their plans of the finance system, by agency."""
    files: Mapping[str, str] = field(default_factory=dict)
    """What the owner of a standard put into the organization's folder, and from where."""

    @property
    def monday(self) -> date:
        """The Monday that the clock shows after the week."""
        return MONDAY + timedelta(weeks=self.number)


def weeks() -> tuple[Week, ...]:
    """All weeks, in order."""
    plans = {seed.key: first_rows(seed, DESKS[seed.office]) for seed in seeds()}
    told = {seed.key: first_state(seed, DESKS[seed.office]) for seed in seeds()}
    return tuple(_week(number, plans, told) for number in range(1, WEEKS + 1))


def _week(number: int, plans: dict[str, tuple[Row, ...]], told: dict[str, State]) -> Week:
    started = (
        *OPERATORS.get(number, ()),
        *beside(*actions(number)),
        *feedback.ACTIONS.get(number, ()),
        *ACTIONS.get(number, ()),
    )
    tools, files = TOOLS.get(number, {}), feedback.FILES.get(number, {})
    week = Week(number, TEXTS[number], {}, started, tools, EDITS.get(number, {}), files)
    for office, desk in DESKS.items():
        if office == SILENT_OFFICE and number >= SILENT_FROM:
            continue
        did = OfficeWeek(desk.report_day(week.monday))
        for seed in seeds():
            if seed.office == office:
                _work(did, number, seed, desk, plans, told[seed.key])
        did.requests = feedback.REQUESTS.get((number, office), ())
        did.answers = [answer for at, where, answer in ANSWERS if (at, where) == (number, office)]
        did.answers += [
            each.entry for each in feedback.ANSWERS if (each.week, each.office) == (number, office)
        ]
        week.offices[office] = did
    return week


def _work(
    did: OfficeWeek, number: int, seed: Seed, desk: Desk, plans: dict[str, tuple[Row, ...]], told: State
) -> None:
    """One project's week: work done, numbers reported, what 2.0 asks for, and its own events of the story."""
    fate = FATES[seed.key]
    changes = {
        **(
            half(seed, desk, did.reported)
            if number == (fate.part if fate.part != NEVER else fate.ready)
            else {}
        ),
        **(rest(seed, desk) if number == fate.ready else {}),
        **TURNS.get((number, seed.key), {}),
    }
    if number == fate.closes:
        changes |= {"stage": "closed", "gate.G4": did.reported, "percent_complete": 100}
    items = _mended(seed, desk, plans[seed.key]) if number == fate.ready else {}
    if seed.key == NEW_WORK and number == SILENT_FROM:
        extra = _new_work(seed, desk)
        did.new |= {row.id: _cells(row, seed.id) for row in extra}
        plans[seed.key] += extra
    if (number, seed.key) == (5, "mersin/MR-04"):
        items |= _moved(plans, seed)
    for item, cells in feedback.ITEMS.get((number, seed.key), {}).items():
        items[item] = {**items.get(item, {}), **cells}
    _progress(did, number, seed, plans, told)
    changes = {name: value for name, value in changes.items() if told.get(name) != value}
    told |= changes
    if changes:
        did.projects[seed.id] = changes
    did.items |= items


def _progress(
    did: OfficeWeek, number: int, seed: Seed, plans: dict[str, tuple[Row, ...]], told: State
) -> None:
    fate = FATES[seed.key]
    if seed.stage not in RUNNING or number >= fate.closes:
        return
    if fate.behind_from <= number < fate.caught_up and fate.behind_from != NEVER:
        did.behind.append(seed.id)
        return
    plans[seed.key] = finished(plans[seed.key], did.reported)
    share = int(done_share(plans[seed.key]))
    was = told.get("percent_complete")
    missing = seed.key in PLANTED and "percent_complete" in PLANTED[seed.key]
    if (
        seed.stage != "planning"
        and was != share
        and not (missing and (seed.office == SILENT_OFFICE or number < 3))
    ):
        did.percent[seed.id] = share
        told["percent_complete"] = share


def _mended(seed: Seed, desk: Desk, rows: Sequence[Row]) -> dict[str, State]:
    """Owners and due dates that were missing."""
    if seed.key not in OWNERLESS and seed.key not in DATELESS:
        return {}
    found: dict[str, State] = {}
    for number, row in enumerate(rows):
        no_owner, no_due = is_blank(seed, number, row, len(rows))
        if no_owner:
            found[row.id] = {"owner": row.owner or desk.names[2]}
        if no_due:
            found.setdefault(row.id, {})["due"] = row.due
    return found


def _new_work(seed: Seed, desk: Desk) -> tuple[Row, ...]:
    """Work that a re-baselining added."""
    titles = ("Ensaios de carga adicionais", "Troca dos inversores", "Nova certificação dos cabos")
    return tuple(
        Row(
            f"{seed.id}.{51 + n}",
            title,
            "task",
            desk.names[3 + n],
            date(2027, 2, 15),
            date(2027, 3, 5 + 7 * n),
            280,
        )
        for n, title in enumerate(titles)
    )


def _moved(plans: dict[str, tuple[Row, ...]], seed: Seed) -> dict[str, State]:
    """The last items of a project, moved by sixteen weeks with its finish."""
    rows = plans[seed.key]
    found: dict[str, State] = {}
    later = []
    for row in rows:
        late = row.due > date(2027, 1, 27)
        moved = replace(row, due=row.due + timedelta(weeks=16), percent=min(row.percent, 50)) if late else row
        later.append(moved)
        if late:
            found[row.id] = {"due": moved.due, "percent": moved.percent, "status": moved.status}
    plans[seed.key] = tuple(later)
    return found


def _cells(row: Row, project: str) -> dict[str, Scalar]:
    return {
        "project": project,
        "title": row.title,
        "kind": row.kind,
        "owner": row.owner,
        "start": row.start,
        "due": row.due,
        "work": row.work,
        "percent": row.percent,
        "status": row.status,
    }
