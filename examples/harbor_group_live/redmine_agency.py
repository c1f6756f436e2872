"""Vigo at work in Redmine: the agency's project that takes the plan, and what its people do to the plan there.

As in a workbook, a task is found by its title, and what is done already stays as it is. Refuses to touch
anything of ours but by an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors.http.calls import Call
from domain.ids import PlanTaskKey
from domain.plans.updates.asked import PlanConflictId
from examples.harbor_group.agencies import AGENCIES, BEGINS, OWN_DUE, Agency
from examples.harbor_group.file_work import last_day
from examples.harbor_group.script import PlanEdit
from examples.harbor_group_live.in_redmine import InRedmine

PEOPLE = ("Carmen Otero", "Brais Lago", "Uxía Piñeiro", "Xoán Rial", "Noa Seoane")
"""Those whom the agency's answers name."""
GROUP = "Vigo"
DONE = 100


@dataclass
class RedmineAgency(InRedmine):
    """The agency in one Redmine."""

    office: str = "vigo"

    @property
    def agency(self) -> Agency:
        """How the agency keeps its plan."""
        return AGENCIES[self.office]

    @property
    def within(self) -> list[str]:
        """The identifier of its project."""
        return [self.identifier(self.agency.project_id)]

    def begin(self) -> None:
        """Make its people, its project, and the tasks that stand there before the template comes."""
        code, lead, starts = self.agency.project_id, self.agency.lead, BEGINS.date()
        facts = {"code": code, "stage": "planning", "lead": lead, "start": starts.isoformat()}
        self.new_project(code, self.agency.title, facts, self.people(GROUP, PEOPLE))
        for number, title in enumerate(self.agency.own, 1):
            values: dict[str, Any] = {"start_date": starts.isoformat(), "due_date": OWN_DUE.isoformat()}
            values |= {"subject": title, "assigned_to_id": self.users[lead]}
            self.new_issue(code, "Task", f"{code}.{number}", values)

    def edit(self, edits: Iterable[PlanEdit]) -> None:
        """Make its people's edits of a week that are not made already; none where the plan does not stand yet."""
        issues = [issue for name in self.within for issue in self.issues_of(name)]
        if not any(PlanTaskKey.find(self.key_of(issue)) for issue in issues):
            return
        questions = [i for i in issues if PlanConflictId.find(self.key_of(i))]
        there = {issue["subject"]: issue for issue in issues if issue not in questions}
        for each in edits:
            if each.answer:
                self._answered(questions, each)
            elif each.new and each.new not in there:
                number = f"{self.agency.project_id}.{1 + len(issues)}"
                values = {"subject": each.new, **_values(each, None)}
                self.new_issue(self.agency.project_id, "Task", number, values)
            elif each.task in there and each.delete:
                self.planner.call(Call("DELETE", f"/issues/{there[each.task]['id']}.json"))
            elif each.task in there:
                self._changed(there[each.task], each)

    def _changed(self, issue: Mapping[str, Any], each: PlanEdit) -> None:
        wanted = _values(each, date.fromisoformat(issue["start_date"]) if issue.get("start_date") else None)
        changes = {name: value for name, value in wanted.items() if issue.get(name) != value}
        if changes:
            self.put(f"/issues/{issue['id']}.json", {"issue": changes})

    def _answered(self, questions: Iterable[Mapping[str, Any]], each: PlanEdit) -> None:
        """The answer as a note at each question about that task that is still open."""
        closed = self.server.told["closed_statuses"]
        for issue in questions:
            about = f"{issue['subject']}\n{issue['description']}"
            if each.task in about and issue["status"]["id"] not in closed:
                self.answer(issue["id"], each.answer)


def _values(each: PlanEdit, starts: date | None) -> dict[str, Any]:
    """An edit as Redmine's fields; a duration in working days ends the task on another day."""
    start, due = each.start or starts, each.due
    if each.duration and start:
        due = last_day(start, each.duration)
    found = {
        "subject": each.rename or None,
        "start_date": each.start.isoformat() if each.start else None,
        "due_date": due.isoformat() if due else None,
        "done_ratio": DONE if each.done else None,
    }
    return {name: value for name, value in found.items() if value is not None}
