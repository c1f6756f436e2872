"""The outcome of making a template an office's plan; ids, days and counts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.organization.actions import Permission
from domain.words import counted, foreseen, listed


@dataclass(frozen=True, slots=True)
class PlanLocalized:
    """An office's plan from a template: how large it is, from when to when, what it lacks."""

    plan: str
    """Its id: OFFICE/TEMPLATE/NUMBER."""
    template: str
    """The version that it was made from."""
    office: str
    tasks: int
    """Without phases."""
    links: int
    first: str
    """The first day, as ISO text."""
    last: str
    days_late: int
    """How many days before today it would have to begin; 0 where it begins later."""
    vacancies: int
    dry_run: bool
    by: Permission
    not_taken: Mapping[str, int] = field(default_factory=dict)
    """Tasks of the template that are left out, by the reason."""
    remarks: Mapping[str, int] = field(default_factory=dict)
    """What the office has to know, by kind."""
    estimated: bool = False
    """Whether the office estimated by itself before."""
    target: str = ""
    """What has to be done about the project that takes it."""
    new: bool = True
    away: int = 0
    """How many people with roles are away while their tasks run, once for each absence."""
    days_after_agreed: int = 0
    """How many days after the go-live that the deployment says the plan goes live; 0 where it is in time."""
    gates: int = 0
    """How many gates the plan lacks of its project's life cycle, or has that are none of it."""
    kind: Literal["plan_localized"] = "plan_localized"

    @property
    def sentence(self) -> str:
        """What was or would be made, and what the office has to look at."""
        if not self.new:
            return f"{self.plan} was made of {self.template} with these answers before; nothing changed."
        would = "would be made" if self.dry_run else "is made"
        size = f"{counted(self.tasks, 'task')} and {counted(self.links, 'link')}"
        told = f"{self.plan} {would} of {self.template}: {size}, from {self.first} to {self.last}; "
        told += f"{counted(self.vacancies, 'vacancy')}; "
        if self.away:
            told += f"{counted(self.away, 'role holder')} away while their tasks run; "
        told += f"left out: {listed(self.not_taken)};"
        told += f" remarks: {listed(self.remarks)}."
        if self.gates:
            differ = "differs" if self.gates == 1 else "differ"
            told += f" {counted(self.gates, 'gate')} {differ} from the life cycle of its project."
        if self.days_late:
            told += f" It would have to begin {counted(self.days_late, 'day')} ago."
        if self.days_after_agreed:
            late = counted(self.days_after_agreed, "day")
            told += f" It goes live {late} after the day agreed in the deployment."
        if not self.estimated:
            told += " The office gave no estimate of its own, so no saving of its estimate can be shown."
        if self.target:
            told += f" To do: {self.target}."
        told += f" Permitted {self.by}."
        return foreseen(told) if self.dry_run else told
