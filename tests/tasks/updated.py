"""Offices whose plans came from one template with several versions: what tests update, edit and look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from config.local_plans import receiver
from domain.organization.calendar import OFFICE_HOURS
from domain.outcomes.updating import PlanUpdated
from domain.plans.link import PlanLink
from domain.plans.localization.answers import AnchorAnswer, AnchorKind, Answers, Target, TargetKind
from domain.plans.localization.derivation import Derivation, DerivationId, Ground, GroundKind
from domain.plans.localization.localizing import localize
from domain.plans.task import Duration
from domain.plans.templates.form import digest_of
from domain.plans.templates.template import (
    Effort,
    Need,
    Release,
    Standing,
    TaskKind,
    Template,
    TemplateCalendar,
    TemplateTask,
)
from tasks import context
from tasks.distributing import put_part
from tasks.updating import update_plan

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
DAY = 480
SYSTEM = "finance-system"
COLUMNS = {
    "id": "Azonosító",
    "project": "Projekt",
    "title": "Feladat",
    "key": "kulcs",
    "start": "Kezdés",
    "due": "Határidő",
    "parent": "Szülő",
    "after": "Előd",
    "duration": "Tartam",
    "work": "Munka",
}
Edit = Callable[[Template], Template]


def template() -> Template:
    """Two phases, two tasks that an office may leave out, one gate."""
    tasks = (
        TemplateTask("p1", {"en": "Prepare"}, TaskKind.PHASE),
        _task("a", "Copy the data", 2, "p1"),
        _task("b", "Train the users", 5, "p1"),
        _task("c", "Print the manual", 1, "p1", need=Need.OPTIONAL),
        TemplateTask("p2", {"en": "Go live"}, TaskKind.PHASE),
        _task("d", "Rehearse", 3, "p2"),
        _task("e", "Switch over", 1, "p2"),
        _task("f", "Hand over", 2, "p2", need=Need.OPTIONAL),
    )
    links = (PlanLink("a", "b"), PlanLink("b", "d"), PlanLink("d", "e"), PlanLink("e", "f"))
    calendar = TemplateCalendar("week", (OFFICE_HOURS,) * 5 + ((), ()))
    return Template(SYSTEM, {"en": "Finance system"}, "kozpont", "en", "week", (calendar,), tasks, links)


def _task(uid: str, name: str, days: int, phase: str, *, need: Need = Need.MANDATORY) -> TemplateTask:
    effort = (Effort("analyst", DAY * days // 2),)
    return TemplateTask(
        uid, {"en": name}, parent=phase, duration=Duration(DAY * days), need=need, effort=effort
    )


def lasting(uid: str, days: int) -> Edit:
    """A version in which a task takes so many days."""
    return changing(uid, duration=Duration(DAY * days))


def changing(uid: str, **values: Any) -> Edit:
    """A version in which a task has these values."""

    def edit(old: Template) -> Template:
        return replace(old, tasks=tuple(replace(t, **values) if t.uid == uid else t for t in old.tasks))

    return edit


def adding(uid: str, name: str, days: int, phase: str, after: str) -> Edit:
    """A version with one task more, which follows another one."""

    def edit(old: Template) -> Template:
        tasks = (*old.tasks, _task(uid, name, days, phase))
        return replace(old, tasks=tasks, links=(*old.links, PlanLink(after, uid)))

    return edit


def without(uid: str) -> Edit:
    """A version without a task."""

    def edit(old: Template) -> Template:
        tasks = tuple(t for t in old.tasks if t.uid != uid)
        links = tuple(x for x in old.links if uid not in (x.predecessor, x.successor))
        return replace(old, tasks=tasks, links=links)

    return edit


def release(number: int, *edits: Edit) -> Template:
    """Release a version with these edits of the one before."""
    store = context.current_application().store
    with store.begin() as unit:
        before = unit.templates.newest(SYSTEM)
        made = before.template if before is not None else template()
        for each in edits:
            made = each(made)
        found = Release(made, number, digest_of(made), date(2027, 1, number), Standing.LIVE, stated=True)
        unit.templates.release(found, AT)
        unit.commit()
    return made


def begin(office: str, project: str, head: str) -> str:
    """Localize the first version for an office and put it into its tool; the plan's id."""
    application = context.current_application()
    answers = Answers(AnchorAnswer(AnchorKind.START, date(2027, 3, 1)), Target(TargetKind.EXISTING, project))
    key = DerivationId(office, SYSTEM)
    with application.store.read() as unit:
        release_ = unit.templates.newest(SYSTEM)
    assert release_ is not None
    plan = localize(release_, answers, receiver(application, office)).plan
    ground = Ground(GroundKind.OWN)
    with application.store.begin() as unit:
        unit.derivations.keep(Derivation(key, release_.version, release_.digest, ground, answers, AT, plan))
        unit.commit()
    part = put_part.fn(str(key), head, "its turn", ())
    while part.more:
        part = put_part.fn(str(key), head, "its turn", part.refused)
    assert part.outcome.placed == part.outcome.tasks
    return str(key)


def update(plan: str, *, dry_run: bool = False) -> PlanUpdated:
    """Update one plan, as its task does."""
    return update_plan.fn(plan, dry_run=dry_run)


class Sheet:
    """The rows of a workbook's items by our uid, to look at and to edit as the office does."""

    def __init__(self, path: Path, sheet: str = "Feladatok", first: int = 3) -> None:
        self.path, self.sheet, self.first = path, sheet, first

    def rows(self) -> dict[str, dict[str, Any]]:
        """The rows that have a key of ours, by their id."""
        found = {}
        for row in self._open()[self.sheet].iter_rows(min_row=self.first):
            values = {cell.column: cell.value for cell in row}
            told = {name: values.get(at) for at, name in enumerate(COLUMNS, 1)}
            if told["key"]:
                found[str(told["id"])] = told
        return found

    def edit(self, uid: str, **values: Any) -> None:
        """Change cells of one row."""
        made = self._open()
        for row in made[self.sheet].iter_rows(min_row=self.first):
            if row[0].value == uid:
                for name, value in values.items():
                    made[self.sheet].cell(row[0].row, list(COLUMNS).index(name) + 1).value = value
        made.save(self.path)

    def delete(self, uid: str) -> None:
        """Delete one row."""
        made = self._open()
        at = next(row[0].row for row in made[self.sheet].iter_rows(min_row=self.first) if row[0].value == uid)
        made[self.sheet].delete_rows(at)
        made.save(self.path)

    def add(self, uid: str, title: str, **values: Any) -> None:
        """A row of the office's own."""
        made = self._open()
        project = made[self.sheet].cell(self.first, 2).value
        told = {"id": uid, "project": project, "title": title, **values}
        made[self.sheet].append([told.get(name) for name in COLUMNS])
        made.save(self.path)

    def _open(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(self.path)
