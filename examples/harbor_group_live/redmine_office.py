"""An office of the rollout at work in Redmine: its people make their projects and issues and change them week by week.

An issue's description begins with the office's own number of the item. Refuses to touch what has the
product's key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.ids import ItemKey
from domain.plans.project import Plan, Scalar
from examples.harbor_group.desk_work import edits
from examples.harbor_group.desks import DESKS
from examples.harbor_group.editing import Edit
from examples.harbor_group.projects import Seed
from examples.harbor_group.script import OfficeWeek
from examples.harbor_group_live.in_redmine import NUMBER, InRedmine
from examples.harbor_group_live.office import (
    There,
    facts,
    first_items,
    name_of,
    own,
    plan,
    reading,
)

STATUSES = {"Open": "New", "In progress": "In Progress", "Blocked": "Feedback", "Done": "Closed"}
PLACES = {
    "title": "subject",
    "start": "start_date",
    "due": "due_date",
    "work": "estimated_hours",
    "percent": "done_ratio",
}


@dataclass
class RedmineOffice(InRedmine):
    """The office in one Redmine."""

    office: str = "hamburg"
    group: str = "Hamburg"
    """The name of its people's group in Redmine."""
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The office's own issues as they were read, by the office's number."""
    projects: dict[str, dict[int, str]] = field(default_factory=dict)
    """The facts of its projects as they were read, by the projects' codes; the facts by Redmine's numbers."""

    @property
    def within(self) -> list[str]:
        """The identifiers of its projects."""
        return [self.identifier(seed.id) for seed in own(self.office)]

    @property
    def names(self) -> Sequence[str]:
        """Its people."""
        return DESKS[self.office].names

    def begin(self) -> None:
        """Make its people, its projects, and a few hundred issues."""
        group = self.people(self.group, self.names)
        for seed in own(self.office):
            self.new_project(seed.id, seed.title, facts(seed), group)
        for seed in own(self.office):
            for item in first_items(seed):
                self._new(seed, item)

    def week(self, did: OfficeWeek) -> None:
        """Make the changes of the script that are not made already."""
        plans: list[Plan] = []
        keys: dict[str, int] = {}
        self.issues = {}
        for seed in own(self.office):
            found = list(self.issues_of(self.identifier(seed.id)))
            keys |= {key: issue["id"] for issue in found if (key := self.key_of(issue))}
            plans.append(self._plan(seed, [issue for issue in found if not self.key_of(issue)]))
        seen = reading(self.office, plans, keys)
        for edit in edits(seen, did):
            self._carry_out(edit, keys)

    def _carry_out(self, edit: Edit, keys: Mapping[str, int]) -> None:
        if edit.sheet == "projects":
            self._change_project(edit)
        elif edit.sheet == "questions":
            self.answer(keys[edit.row], str(edit.values["answer"]))
        elif edit.append:
            (seed,) = (seed for seed in own(self.office) if seed.id == ItemKey.read(edit.row).project)
            self._new(seed, {name: value for name, value in edit.values.items() if value is not None})
        else:
            issue = self.issues[ItemKey.read(edit.row).own]
            changes = self._told(edit.values)
            changes = {name: value for name, value in changes.items() if _of(issue, name) != value}
            if changes:
                self.put(f"/issues/{issue['id']}.json", {"issue": changes})

    def _change_project(self, edit: Edit) -> None:
        path = f"/projects/{self.identifier(edit.row)}.json"
        there = self.projects[edit.row]
        wanted = self.custom({name_of(name): value for name, value in edit.values.items()})
        changes = [each for each in wanted if there.get(each["id"], "") != each["value"]]
        if changes:
            self.put(path, {"project": {"custom_fields": changes}})

    def _plan(self, seed: Seed, issues: list[dict[str, Any]]) -> Plan:
        items = []
        for issue in issues:
            number = str(issue["description"]).split("\n")[0].removeprefix(NUMBER).strip()
            self.issues[number] = issue
            due = date.fromisoformat(issue["due_date"]) if issue.get("due_date") else None
            items.append(There(issue["id"], number, due, float(issue["done_ratio"])))
        project = self.planner.get(f"/projects/{self.identifier(seed.id)}.json").json()["project"]
        facts_there = {each["id"]: str(each.get("value") or "") for each in project["custom_fields"]}
        self.projects[seed.id] = facts_there
        return plan(self.office, seed, facts_there[self.server.told["project_fields"]["stage"]], items)

    def _new(self, seed: Seed, item: Mapping[str, Scalar]) -> None:
        """Make an issue for an item that is not there yet."""
        self.new_issue(seed.id, str(item["kind"]).capitalize(), str(item["id"]), self._told(item))

    def _told(self, values: Mapping[str, Scalar | None]) -> dict[str, Any]:
        """An item's values as Redmine's fields and words."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            if name in PLACES:
                found[PLACES[name]] = value.isoformat() if isinstance(value, date) else value
            elif name == "owner":
                found["assigned_to_id"] = self.users[str(value)]
            elif name == "status":
                found["status_id"] = self.server.told["statuses"][STATUSES[str(value)]]
        return found


def _of(issue: Mapping[str, Any], name: str) -> object:
    """A value of the issue in the form of what is to be written, to compare them."""
    if name in ("assigned_to_id", "status_id"):
        return issue.get(name.removesuffix("_id"), {}).get("id")
    return issue.get(name)
