"""Captures a template from an office's plan: its structure and what it teaches, without what is the office's.

The plan is never changed. Nothing is guessed: what the plan does not say stays open. What was taken out is
told with its place. Holidays, the office's own ids, assignees and absolute dates stay behind.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.plans.link import PlanLink
from domain.plans.task import Duration, PlanTask
from domain.plans.templates.additions import NoSuchMilestone, marked, with_additions
from domain.plans.templates.estimates import with_estimates
from domain.plans.templates.form import in_order
from domain.plans.templates.names import Names, names
from domain.plans.templates.proposed_links import (
    DateDriven,
    ProposedLink,
    confirmed,
    date_driven,
    proposed_links,
)
from domain.plans.templates.scrubbing import Private, Stripped, scrubbed, without_asides
from domain.plans.templates.template import (
    Effort,
    Evidence,
    Held,
    Mark,
    Pilot,
    Size,
    Standing,
    TaskKind,
    Template,
    TemplateCalendar,
    TemplateTask,
)
from domain.plans.whole_plan import WholePlan
from domain.plans.working_time import WorkingTime, instant

SEVERAL = re.compile(r"[;,/|\n]|\s&\s|\s\+\s")
"""What stands between several assignees of one task."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a template is captured as: its id, the office that owns it, the day, the language of its texts.

    `office` is that of the plan, where it is another than the owner's; `source` the digest of the plan.

    `people` are the names and accounts of the organization's people; `kept` words that are no names in this
    plan, and assignees that are roles; `links` the names of the proposed links that a person confirmed.
    `marks` are the milestones that a person named for what they say, by the plan's uids or names.
    """

    id: str
    owner: str
    on: date
    language: str
    source: str
    people: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    standing: Standing = Standing.UNSTATED
    office: str = ""
    marks: Mapping[Mark, str] = field(default_factory=dict)
    size: Size | None = None
    """How large the pilot's deployment was; None: as in the version before."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A template as it was captured, and what a person has to see of it before it goes on."""

    template: Template
    stripped: tuple[Stripped, ...]
    """What was taken out of texts, assignees included. It holds what is private: it is never stored."""
    elsewhere: tuple[PlanLink, ...]
    """Links to tasks that are not in the plan."""
    holidays: int
    """Days of calendars that are the office's own."""
    comments: int
    """Tasks with notes, which stay behind as a whole."""
    dates: DateDriven
    """How far dates drive the plan, links that were confirmed left aside."""
    proposed: tuple[ProposedLink, ...]
    """By the plan's uids; those that were confirmed are among the links."""
    confirmed: int
    uids: Mapping[str, str] = field(default_factory=dict)
    """The template's uid of each task of the plan."""
    left: tuple[Stripped, ...] = ()
    """What is found when the finished template is looked through once more; it should be nothing."""


class NoSuchLink(ValueError):
    """A link was confirmed that is not proposed; the text says which are."""


def on_one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def capture(
    plan: WholePlan,
    wanted: Wanted,
    previous: Template | None = None,
    clean: Callable[[str], str] = on_one_line,
) -> Captured:
    """The template of a plan; tasks that were in the `previous` version at the same place keep their uids.

    `clean` makes of each text what a file may hold, before anything is looked for in it. Raises NoSuchLink
    for a confirmed link that is not among the proposed ones, NoSuchMilestone for a milestone that is not
    there once, ValueError for a plan without tasks.
    """
    if not any(not task.summary for task in plan.tasks):
        raise ValueError(f"the plan {plan.title} has no tasks; name a plan that has some")
    proposed = proposed_links(plan)
    taken = _confirmed(proposed, wanted.links)
    found = _Capturing(confirmed(plan, taken), wanted, previous, clean)
    template = in_order(found.template())
    return Captured(
        template, tuple(found.stripped), tuple(found.elsewhere()), found.holidays,
        sum(bool(task.notes) for task in plan.tasks), date_driven(plan), proposed, len(taken), found.uids,
        tuple(private_in(template, found.names)),
    )  # fmt: skip


def private_in(template: Template, known: Names) -> Iterator[Stripped]:
    """What is private in the texts of a template, wherever it comes from: a plan, or a file."""
    texts = [("", "names", text) for text in template.names.values()]
    texts += [("", "calendar", each.name) for each in template.calendars]
    for task in template.tasks:
        texts += [(task.uid, "name", text) for text in task.names.values()]
        texts += [(task.uid, "role", each.role) for each in task.effort]
    for note in (*template.risks, *template.lessons):
        texts += [(note.task or "", "note", text) for text in note.texts.values()]
    for document in template.documents:
        texts += [(document.task or "", "document", text) for text in document.names.values()]
    for parameter in template.parameters:
        texts += [("", "parameter", text) for text in (*parameter.names.values(), *parameter.values)]
    for uid, part, text in texts:
        yield from scrubbed(text, known, uid, part)[1]


def _confirmed(proposed: tuple[ProposedLink, ...], wanted: frozenset[str]) -> tuple[ProposedLink, ...]:
    known = {each.name for each in proposed}
    if unknown := sorted(wanted - known - {ALL}):
        listed = ", ".join(sorted(known)[:12]) or "none"
        raise NoSuchLink(f"{unknown[0][:40]!r} is no proposed link; there are {listed}, or write {ALL}")
    return tuple(each for each in proposed if ALL in wanted or each.name in wanted)


DONE = 100
ALL = "all"
"""Written instead of the names of all proposed links."""


class _Capturing:
    """One plan while it becomes a template."""

    def __init__(
        self, plan: WholePlan, wanted: Wanted, previous: Template | None, clean: Callable[[str], str]
    ) -> None:
        self.plan, self.wanted, self.previous, self.clean = plan, wanted, previous, clean
        self.stripped: list[Stripped] = []
        self.names = _names(plan, wanted)
        self.times = {each.name: WorkingTime(each) for each in plan.calendars}
        self.start = _start(plan)
        self.holidays = sum(len(each.special) for each in plan.calendars)
        self.calendars = self._calendars()
        titles = {task.uid: self._text(task.name, task.uid, "name") for task in plan.tasks}
        self.uids = _uids(plan, titles, wanted, previous)
        self.titles = titles

    def template(self) -> Template:
        """The template, with what people added to the version before."""
        plan, wanted = self.plan, self.wanted
        tasks = with_estimates([self._task(task) for task in plan.tasks])
        title = without_asides(self._text(plan.title, "", "title")) or wanted.id
        known = {task.uid for task in plan.tasks}
        links = {
            replace(link, predecessor=self.uids[link.predecessor], successor=self.uids[link.successor])
            for link in plan.links
            if {link.predecessor, link.successor} <= known
        }
        found = Template(
            wanted.id, {wanted.language: title}, wanted.owner, wanted.language,
            self.calendars.get(plan.calendar, plan.calendar),
            tuple(TemplateCalendar(self.calendars[each.name], each.week) for each in plan.calendars),
            tasks, tuple(sorted(links)),
            pilot=Pilot(wanted.office or wanted.owner, wanted.on, wanted.source, wanted.standing),
            size=wanted.size,
        )  # fmt: skip
        found = found if self.previous is None else with_additions(found, self.previous)
        return marked(found, {mark: self._milestone(said) for mark, said in wanted.marks.items()})

    def _milestone(self, said: str) -> str:
        """The template's uid of the milestone that a person named."""
        points = [task for task in self.plan.tasks if _kind(task) is TaskKind.MILESTONE]
        found = [t for t in points if t.uid == said] or [
            t
            for t in points
            if said.casefold() in (self.clean(t.name).casefold(), self.titles[t.uid].casefold())
        ]
        if len(found) != 1:
            listed = ", ".join(f"{t.uid} ({self.titles[t.uid]})" for t in points[:12]) or "none"
            why = f"is the name of {len(found)} milestones" if found else "is no milestone of the plan"
            raise NoSuchMilestone(f"{said[:40]!r} {why}; name one by its uid: {listed}")
        return self.uids[found[0].uid]

    def elsewhere(self) -> Iterator[PlanLink]:
        """The links that lead out of the plan."""
        known = {task.uid for task in self.plan.tasks}
        return (each for each in self.plan.links if not {each.predecessor, each.successor} <= known)

    def _text(self, text: str, task: str, part: str) -> str:
        clean, found = scrubbed(self.clean(text), self.names, task, part)
        self.stripped += found
        return clean

    def _calendars(self) -> dict[str, str]:
        """A name without persons for each calendar; no two alike."""
        found: dict[str, str] = {}
        for calendar in self.plan.calendars:
            clean = name = self._text(calendar.name, "", "calendar") or "calendar"
            number = 1
            while name in found.values():
                number += 1
                name = f"{clean} {number}"
            found[calendar.name] = name
        return found

    def _task(self, task: PlanTask) -> TemplateTask:
        held = task.constraint
        offset = self._after(held.at, task) if held and held.at else None
        roles = tuple(dict.fromkeys(self._roles(task)))
        minutes = task.work.minutes if task.work and len(roles) == 1 else None
        leaf = not task.summary
        return TemplateTask(
            self.uids[task.uid],
            {self.wanted.language: self.titles[task.uid] or "[task]"},
            _kind(task),
            self.uids.get(task.parent) if task.parent else None,
            self._planned(task) if leaf else None,
            self.calendars.get(task.calendar) if task.calendar else None,
            effort=tuple(Effort(role, minutes) for role in roles),
            cost=task.cost,
            held=None if held is None or (held.at and offset is None) else Held(held.kind, offset),
            deadline=None if task.deadline is None else self._after(task.deadline, task),
            open=leaf and task.actual_finish is None and task.percent != DONE,
            evidence=self._evidence(task) if leaf else None,
        )

    def _roles(self, task: PlanTask) -> Iterator[str]:
        if task.role and (role := self._text(task.role, task.uid, "role")):
            yield role
        for name in _assignees(task):
            if name.casefold() in {each.casefold() for each in self.wanted.kept}:
                yield name
            else:
                self.stripped.append(Stripped(Private.PERSON, task.uid, "assignee", name))

    def _after(self, at: datetime, task: PlanTask) -> int | None:
        """Working minutes from the plan's start to a date; None where nothing says when the plan starts."""
        time = self.times.get(task.calendar or self.plan.calendar)
        if self.start is None or time is None:
            return None
        return time.between(instant(self.start), instant(at))

    def _evidence(self, task: PlanTask) -> Evidence | None:
        planned, time = self._planned(task), self.times.get(task.calendar or self.plan.calendar)
        actual = None
        if task.actual_start is not None and task.actual_finish is not None and time is not None:
            elapsed = bool(planned and planned.elapsed)
            actual = _between(task.actual_start, task.actual_finish, time, elapsed=elapsed)
        baselined = task.baseline_start is not None and task.baseline_finish is not None
        if not (planned or actual):
            return None
        if actual is None:
            return Evidence(planned, actual, baselined)
        began, ended = (self._elapsed(each) for each in (task.actual_start, task.actual_finish))
        work = task.work.minutes if task.work is not None else None
        return Evidence(planned, actual, baselined, began, ended, work, task.cost)

    def _elapsed(self, at: datetime | None) -> int | None:
        """Working minutes of the plan's own calendar from its start to a time; None where one is unknown."""
        time = self.times.get(self.plan.calendar)
        if at is None or time is None or self.start is None:
            return None
        return time.between(instant(self.start), instant(at))

    def _planned(self, task: PlanTask) -> Duration | None:
        """What was planned at first: from the baseline's start to its finish, else what the plan says now."""
        time = self.times.get(task.calendar or self.plan.calendar)
        if task.baseline_start is None or task.baseline_finish is None or time is None:
            return task.duration
        elapsed = bool(task.duration and task.duration.elapsed)
        return _between(task.baseline_start, task.baseline_finish, time, elapsed=elapsed)


def _between(start: datetime, finish: datetime, time: WorkingTime, *, elapsed: bool) -> Duration:
    first, last = instant(start), instant(finish)
    return Duration(max(last - first if elapsed else time.between(first, last), 0), elapsed)


def _kind(task: PlanTask) -> TaskKind:
    if task.summary:
        return TaskKind.PHASE
    return TaskKind.MILESTONE if task.milestone or task.duration == Duration(0) else TaskKind.TASK


def _assignees(task: PlanTask) -> list[str]:
    told = (task.assignee or "", *task.others)
    return [name.strip() for each in told for name in SEVERAL.split(each) if name.strip()]


def _names(plan: WholePlan, wanted: Wanted) -> Names:
    """All that persons are called here: the organization's people, and whoever a task is assigned to."""
    kept = {each.casefold() for each in wanted.kept}
    assigned = {name for task in plan.tasks for name in _assignees(task) if name.casefold() not in kept}
    whole = {name for task in plan.tasks for name in (task.assignee or "", *task.others)}
    turned = {name for name in whole if not {part.casefold() for part in SEVERAL.split(name)} & kept}
    return names(wanted.people | assigned | turned, wanted.accounts, wanted.kept)


def _start(plan: WholePlan) -> datetime | None:
    """When the plan starts: as it says, else with the first date that stands in it."""
    dates = [each for task in plan.tasks for each in (task.actual_start, task.baseline_start, task.start)]
    dates += [task.constraint.at for task in plan.tasks if task.constraint]
    return plan.start or min(filter(None, dates), default=None)


def _uids(
    plan: WholePlan, titles: Mapping[str, str], wanted: Wanted, previous: Template | None
) -> dict[str, str]:
    """The uid in the template of each task: that of the version before at its place, else made of its own.

    A place is the names of a task and of the phases above it; one that is there twice is no place.
    """
    parents = {task.uid: task.parent for task in plan.tasks}
    here = {task.uid: _path(task.uid, parents, titles) for task in plan.tasks}
    before: dict[tuple[str, ...], list[str]] = {}
    if previous is not None:
        above = {task.uid: task.parent for task in previous.tasks}
        texts = {task.uid: previous.text(task.names) for task in previous.tasks}
        for task in previous.tasks:
            before.setdefault(_path(task.uid, above, texts), []).append(task.uid)
    alone = {path for path, count in Counter(here.values()).items() if count == 1}
    made = {uid: _uid(wanted.id, uid) for uid in here}
    old = {uid for uids in before.values() for uid in uids}
    found = {}
    for uid, path in here.items():
        same = [each for each in before.get(path, ()) if each not in made.values()]
        moved = made[uid] not in old and path in alone and len(before.get(path, ())) == 1
        found[uid] = same[0] if moved and same else made[uid]
    return found


def _uid(template: str, uid: str) -> str:
    return f"t-{hashlib.sha256(f'{template}/{uid}'.encode()).hexdigest()[:12]}"


def _path(uid: str, parents: Mapping[str, str | None], titles: Mapping[str, str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    at: str | None = uid
    while at is not None and at in titles and at not in found:
        found[at] = titles[at]
        at = parents.get(at)
    return tuple(found.values())
