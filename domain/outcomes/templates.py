"""The outcomes of capturing, releasing and recalling templates; ids and counts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.organization.actions import Permission
from domain.words import counted, foreseen


def listed_kinds(counts: Mapping[str, int]) -> str:
    """`3 addresses, 1 phone`; `nothing`."""
    return ", ".join(counted(count, kind) for kind, count in counts.items() if count) or "nothing"


@dataclass(frozen=True, slots=True)
class PlanCaptured:
    """A draft of a template: how large it is, what was taken out, what the checks found, what is proposed."""

    draft: str
    office: str
    """The office whose plan it is."""
    owner: str
    """The office that releases the template."""
    tasks: int
    links: int
    open: int
    """Tasks that the pilot has not finished."""
    dry_run: bool
    stripped: Mapping[str, int] = field(default_factory=dict)
    """What was taken out, by kind."""
    places: Mapping[str, int] = field(default_factory=dict)
    """Where it was taken out, by field."""
    left: int = 0
    """What is found when the draft is looked through once more."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """What each check found, by its name."""
    stops: bool = False
    """Whether it could be released as it is."""
    by_dates: int = 0
    """Tasks without a predecessor that a date holds."""
    date_driven: bool = False
    proposed: int = 0
    confirmed: int = 0
    new: bool = True
    carried: int = 0
    """Tasks that were in the version before, and keep their uids."""
    not_carried: int = 0
    """What the tool holds and a whole plan has no place for."""
    kind: Literal["plan_captured"] = "plan_captured"

    @property
    def sentence(self) -> str:
        """What was or would be captured, and what a person has to look at."""
        would = "would be captured" if self.dry_run else "is captured"
        about = f"{counted(self.tasks, 'task')} and {counted(self.links, 'link')} of {self.office}"
        told = f"{self.draft} {would}: {about}, {self.open} open. Taken out: {listed_kinds(self.stripped)};"
        told += f" {self.left} left. " + self._checked
        if self.date_driven:
            told += f" Dates drive the plan, not links: {counted(self.by_dates, 'task')} held by a date."
        if self.proposed:
            told += (
                f" {counted(self.proposed, 'link')} proposed in place of dates, {self.confirmed} confirmed."
            )
        if self.not_carried:
            told += f" {counted(self.not_carried, 'thing')} of the tool's could not be carried into the plan."
        if not self.new and not self.dry_run:
            told += " The same draft was there before."
        return foreseen(told) if self.dry_run else told

    @property
    def _checked(self) -> str:
        if not self.checks:
            return "No check found anything."
        stops = "it cannot be released so" if self.stops else "none stops a release"
        names = ", ".join(name.replace("_", " ") for name in self.checks)
        return f"{counted(len(self.checks), 'check')} found something ({names}); {stops}."


@dataclass(frozen=True, slots=True)
class TemplateReleased:
    """A released version: of which draft, the pilot's standing and actuals, what the checks found."""

    template: str
    """The version, as template/number."""
    draft: str
    digest: str
    standing: str
    stated: bool
    """Whether a person stated the standing."""
    finished: int
    """Tasks of the pilot with actual dates."""
    of: int
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    checks: Mapping[str, str] = field(default_factory=dict)
    changelog: tuple[str, ...] = ()
    left: int = 0
    """Places of its texts where something private may stand."""
    new: bool = True
    kind: Literal["template_released"] = "template_released"

    @property
    def sentence(self) -> str:
        """What is or would be released, and what the releaser has to know of the pilot."""
        would = "would be released" if self.dry_run else "is released"
        origin = "as whoever releases it states" if self.stated else "as the plan tells"
        pilot = f"the pilot is {self.standing.replace('_', ' ')}, {origin}"
        dates = f"{self.finished} of {counted(self.of, 'task')} have actual dates"
        found = ", ".join(name.replace("_", " ") for name in self.checks) or "nothing"
        told = f"{self.template} {would} from {self.draft}: {pilot}; {dates}; the checks found {found}"
        told += f"; {counted(self.left, 'text')} may hold something private" if self.left else ""
        told += f"; {', '.join(self.changelog)}; permitted {self.by}."
        return foreseen(told) if self.dry_run else told


@dataclass(frozen=True, slots=True)
class TemplateRecalled:
    """A recalled version, and whether that was new."""

    template: str
    """The version, as template/number."""
    recall: str
    """`correction` or `stop`."""
    new: bool
    by: Permission
    """By which role of which office it is permitted."""
    dry_run: bool
    kind: Literal["template_recalled"] = "template_recalled"

    @property
    def sentence(self) -> str:
        """That it is or would be recalled, or was."""
        if not self.new:
            return f"{self.template} was recalled before with this text; nothing changed."
        would = "would be recalled" if self.dry_run else "is recalled"
        told = f"{self.template} {would}: {self.recall}; permitted {self.by}."
        return foreseen(told) if self.dry_run else told
