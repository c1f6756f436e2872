"""One office's week as edits of its own workbook: reports, work done, cells entered, answers.

It refuses to touch what the product owns: rows with our key, and the questions themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from domain.ids import ItemKey, ProjectKey
from domain.plans.project import Item, Plan, Reading, Scalar, Stage
from examples.harbor_group.editing import Edit
from examples.harbor_group.script import OfficeWeek, each_cell

RUNNING = (Stage.PLANNING, Stage.EXECUTION, Stage.CLOSING)
FINISHED = 100.0


def edits(reading: Reading, did: OfficeWeek) -> Iterator[Edit]:
    """What that office changes in its workbook as it is now; cells are set, so a repetition changes nothing."""
    for plan in reading.plans:
        own = ProjectKey.read(plan.project.key).own
        told = dict(each_cell(did.projects.get(own, {})))
        stage = Stage(str(told["stage"])) if "stage" in told else plan.project.stage
        values: dict[str, Scalar | None] = {}
        if own in did.percent:
            values["percent_complete"] = did.percent[own]
        if stage is not Stage.CLOSED:
            values["last_report"] = did.reported
        yield Edit("projects", own, {**values, **told})
        yield from _items(own, plan, did, running=stage in RUNNING and own not in did.behind)
    yield from _requests(reading, did)
    yield from _answers(reading, did)


def _items(project: str, plan: Plan, did: OfficeWeek, *, running: bool) -> Iterator[Edit]:
    """The cells that the office enters for items, its new items, and all that is due by the day as done."""
    there = {_own(item): item for item in plan.items if not item.ours}
    for name, cells in did.new.items():
        if cells["project"] == project and name not in there:
            yield Edit("items", f"{project}/{name}", {"id": name, **dict(each_cell(cells))}, append=True)
    for name, item in there.items():
        told: Mapping[str, Scalar] = dict(each_cell(did.items.get(name, {})))
        due = told.get("due", item.due)
        done = running and isinstance(due, date) and due <= did.done_by and item.percent != FINISHED
        values: dict[str, Scalar | None] = {
            **told,
            **({"percent": FINISHED, "status": "Done"} if done else {}),
        }
        if values:
            yield Edit("items", f"{project}/{name}", values)


def _requests(reading: Reading, did: OfficeWeek) -> Iterator[Edit]:
    """Rows by which the office asks for deviations or raises feedback; one that stands there stays."""
    there = {each.id for each in reading.requests}
    for row in did.requests:
        if row["id"] not in there:
            yield Edit("deviations", str(row["id"]), dict(row), append=True)


def _answers(reading: Reading, did: OfficeWeek) -> Iterator[Edit]:
    """Answers beside the questions that stand there, the newest where it is asked again.

    One that was not asked yet gets none.
    """
    keys = [placed.key for placed in reading.placed]
    for said in did.answers:
        for key in [each for each in keys if said.answers(each)][-1:]:
            yield Edit("questions", key, {"answer": said.answer, "answered_by": said.by})


def _own(item: Item) -> str:
    """The item's id in its workbook."""
    return ItemKey.read(item.key).own
