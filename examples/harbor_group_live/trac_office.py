"""Singapore at work in Trac: its people make tickets for their projects and items and change them week by week.

They sign in as `planner`; only the component is made, and all is removed again, by the administrator. The
keywords of a ticket are the office's own number of the item. Refuses to touch what has the product's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from connectors.errors import Refused
from domain.ids import ItemKey
from domain.plans.project import Scalar
from examples.harbor_group.desk_work import edits
from examples.harbor_group.editing import Edit
from examples.harbor_group.script import OfficeWeek
from examples.harbor_group_live.office import (
    STAGES,
    There,
    facts,
    first_items,
    name_of,
    own,
    plan,
    reading,
    told,
)
from examples.harbor_group_live.servers import ADMIN, PLANNER, Trac

ZONE = ZoneInfo("Asia/Singapore")
ITEM = {
    "title": "summary",
    "owner": "owner",
    "start": "start_date",
    "due": "due_date",
    "work": "work",
    "percent": "percent",
}
Row = tuple[int, Mapping[str, Any]]


@dataclass
class TracOffice:
    """The office in one Trac; `run` distinguishes its component from those of other copies of the sample."""

    server: Trac
    run: str
    office: str = "singapore"
    rows: dict[str, Row] = field(default_factory=dict)
    """Its own tickets as they were read: numbers and attributes, by the office's number or a project's code."""

    @property
    def component(self) -> str:
        """The name of its component in Trac."""
        return f"{self.office}-{self.run}"

    @property
    def within(self) -> list[str]:
        """The components that are its own."""
        return [self.component]

    @property
    def url(self) -> str:
        """The address of its server."""
        return self.server.url

    def begin(self) -> None:
        """Make its component and a few hundred tickets, many by one call."""
        self.server.ask(ADMIN, [("ticket.component.create", (self.component, {"owner": ""}))])
        steps: list[tuple[str, tuple[object, ...]]] = []
        for seed in own(self.office):
            said = {**_project(facts(seed)), "project": seed.id}
            said.pop("code")
            steps.append(self._created(seed.title, "project", seed.id, said))
        for seed in own(self.office):
            for item in first_items(seed):
                kind, number = str(item["kind"]), str(item["id"])
                steps.append(
                    self._created(str(item["title"]), kind, number, {**_item(item), "project": seed.id})
                )
        self.server.ask(PLANNER, steps)

    def stands(self) -> bool:
        """Whether its tickets are there."""
        return bool(self._numbers(PLANNER))

    def forget(self) -> None:
        """Delete its tickets and its component."""
        steps: list[tuple[str, tuple[object, ...]]] = [("ticket.delete", (n,)) for n in self._numbers(ADMIN)]
        self.server.ask(ADMIN, steps)
        if self.component in self.server.ask(ADMIN, [("ticket.component.getAll", ())])[0]:
            self.server.ask(ADMIN, [("ticket.component.delete", (self.component,))])

    def week(self, did: OfficeWeek) -> None:
        """Make the changes of the script that are not made already."""
        found = self.server.ask(PLANNER, [("ticket.get", (number,)) for number in self._numbers(PLANNER)])
        rows: list[Row] = [(number, said) for number, _, _, said in found]
        keys = {str(said["interoffice_key"]): number for number, said in rows if said.get("interoffice_key")}
        office = [(number, said) for number, said in rows if not said.get("interoffice_key")]
        self.rows = {str(said["keywords"]): (number, said) for number, said in office}
        plans = []
        for seed in own(self.office):
            items = [
                There(
                    number, str(said["keywords"]), _day(said.get("due_date")), float(said.get("percent") or 0)
                )
                for number, said in office
                if said["project"] == seed.id and said["type"] != "project"
            ]
            plans.append(plan(self.office, seed, str(self.rows[seed.id][1].get("stage")), items))
        seen = reading(self.office, plans, keys)
        steps = [step for edit in edits(seen, did) for step in self._steps(edit, keys)]
        self.server.ask(PLANNER, steps)

    def _steps(self, edit: Edit, keys: Mapping[str, int]) -> list[tuple[str, tuple[object, ...]]]:
        """The calls that make an edit; none where it is made already."""
        if edit.sheet == "questions":
            return self._answered(keys[edit.row], str(edit.values["answer"]))
        item = ItemKey.find(edit.row)
        if edit.append:
            given = {name: value for name, value in edit.values.items() if value is not None}
            said = {**_item(given), "project": ItemKey.read(edit.row).project}
            return [self._created(str(given["title"]), str(given["kind"]), str(given["id"]), said)]
        number, there = self.rows[item.own if item else edit.row]
        if edit.sheet == "projects":
            wanted = _project({name_of(ours): value for ours, value in edit.values.items()})
        else:
            wanted = _item(edit.values)
        changes = {field: value for field, value in wanted.items() if (there.get(field) or "") != value}
        actions: dict[str, object] = {"action": "leave"}
        if edit.values.get("status") == "Done" and there["status"] != "closed":
            actions = {"action": "resolve", "action_resolve_resolve_resolution": "fixed"}
        if not changes and actions == {"action": "leave"}:
            return []
        return [("ticket.update", (number, "", {**actions, "_ts": there["_ts"], **changes}))]

    def _answered(self, number: int, text: str) -> list[tuple[str, tuple[object, ...]]]:
        """The call that comments on the question; none where the comment is there."""
        (log,) = self.server.ask(PLANNER, [("ticket.changeLog", (number,))])
        if any(name == "comment" and said == text for _, _, name, _, said, *_ in log):
            return []
        return [("ticket.update", (number, text, {"action": "leave"}))]

    def _created(
        self, title: str, kind: str, number: str, said: Mapping[str, object]
    ) -> tuple[str, tuple[object, ...]]:
        known = {"type": kind, "component": self.component, "keywords": number, "owner": ""}
        return "ticket.create", (title, "", {**known, **said})

    def _numbers(self, user: str) -> list[int]:
        """Its tickets, closed ones too."""
        try:
            (found,) = self.server.ask(
                user, [("ticket.query", (f"component={self.component}&order=id&max=0",))]
            )
        except Refused:
            return []
        return list(found)


def _project(values: Mapping[str, Scalar | None]) -> dict[str, object]:
    """A project's facts as Trac's fields and words."""
    return {name: STAGES[str(value)] if name == "stage" else _value(value) for name, value in values.items()}


def _item(values: Mapping[str, Scalar | None]) -> dict[str, object]:
    """An item's values as Trac's fields and words."""
    return {ITEM[name]: _value(value) for name, value in values.items() if name in ITEM}


def _value(value: Scalar | None) -> object:
    """A value as Trac takes and gives it: midnight at the office for a date, else text."""
    if not isinstance(value, date):
        return told(value)
    midnight = datetime.combine(value, time(), ZONE).astimezone(UTC)
    return {"__jsonclass__": ["datetime", midnight.strftime("%Y-%m-%dT%H:%M:%S")]}


def _day(said: Mapping[str, Any] | None) -> date | None:
    """The office's day of a time from Trac."""
    if not said:
        return None
    return datetime.fromisoformat(said["__jsonclass__"][1]).replace(tzinfo=UTC).astimezone(ZONE).date()
