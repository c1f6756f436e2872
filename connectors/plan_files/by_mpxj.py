"""Plans in .mpp, .xer and Primavera's XML: mpxj, in its own process, gives them as Microsoft Project's XML.

What that form has no place for, a Primavera activity's id and its kind of percentage, comes beside it.
Refuses what mpxj refuses; what mpxj passed over is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connectors.plan_files import mspdi_reading
from connectors.plan_files.found import NotCarried, PlanRead
from connectors.project_file.process import KEEPER
from connectors.project_file.schedule import PMXML, XER, chosen
from domain.plans.task import PlanTask

NOT_BY_MPXJ = ("activity codes, steps, expenses and roles of Primavera", "what mpxj does not know of an .mpp")


def read(data: bytes, kind: str, name: str, code: str = "") -> PlanRead:
    """The plan of a file; text is in UTF-8. Of several projects it is the one called `code`.

    Raises `Refused` where it cannot be read, `TryLater` where Java did not answer.
    """
    answer = KEEPER.ask({"do": "plans", "kind": kind}, data, name)
    project = chosen(answer["projects"], name, code)
    found = mspdi_reading.read(project["text"].encode("latin-1"), name)
    if kind in (XER, PMXML):
        by_uid = {str(uid): (own_id, percent) for uid, own_id, percent in project["activities"]}
        tasks = tuple(_as_activity(task, by_uid) for task in found.plan.tasks)
        found = replace(found, plan=replace(found.plan, tasks=tasks))
    lines = tuple(NotCarried(f"a part that mpxj cannot read ({text})", 1) for text in project["passed_over"])
    where = tuple(replace(each, where="") for each in found.remarks)
    named = NOT_BY_MPXJ[0 if kind in (XER, PMXML) else 1]
    return replace(found, kind=kind, remarks=(*where, *lines, NotCarried(named, 0)))


def _as_activity(task: PlanTask, by_uid: dict[str, Any]) -> PlanTask:
    own_id, percent = by_uid.get(task.uid, (None, None))
    if task.summary:
        return replace(task, own_id=own_id or task.own_id)
    return replace(task, own_id=own_id or task.own_id, percent=task.percent if percent is None else percent)
