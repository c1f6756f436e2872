"""Who is away while the tasks of their roles run: a remark with an owner and a day, and no vacancy.

Judged by what is known when it is asked, so it changes with the absences. Refuses names that the office's
tool has: whether one of these is away nobody tells us.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.organization.absence import Absence
from domain.plans.localization.answers import Answers, Assigned
from domain.plans.localization.receiver import Receiver
from domain.plans.templates.template import TemplateTask
from domain.plans.working_time import WorkingTime, instant, moment


@dataclass(frozen=True, slots=True)
class Run:
    """When a task runs: start and finish in local time, and the hours by which it is worked."""

    start: datetime
    finish: datetime
    hours: WorkingTime

    def is_worked(self, first: date, last: date) -> bool:
        """Whether it is worked on one of these days; without a duration, whether it is on one."""
        if self.start == self.finish:
            return first <= self.start.date() <= last
        start = max(instant(self.start), instant(_midnight(first)))
        finish = min(instant(self.finish), instant(datetime.combine(last, time.max)) + 1)
        return start < finish and self.hours.between(start, finish) > 0


Runs = Mapping[str, Run]
"""The tasks of a plan by uid, in its order."""


@dataclass(frozen=True, slots=True)
class Away:
    """A person with roles of the plan is away while tasks of these roles run: who sees to them, by when."""

    person: str
    """The id, as of `owner` and `deputy`."""
    roles: tuple[str, ...]
    first: date
    last: date | None
    """The last day, included; None for somebody who has left by then."""
    deputy: str
    """Who stands in for decisions; empty without one."""
    owner: str
    """The head of the office, or who stands in for them; empty without a head."""
    due: date
    """The last day on which the office works before the first of these tasks, or before the absence."""
    tasks: tuple[str, ...]
    """The uids of the tasks that run then, in the plan's order."""


def needed_by(tasks: Iterable[TemplateTask]) -> Mapping[str, Sequence[str]]:
    """The roles that tasks need, in the order in which they name them, each with the tasks' uids."""
    needed: dict[str, dict[str, None]] = {}
    for task in tasks:
        for each in task.effort:
            needed.setdefault(each.role, {})[task.uid] = None
    return {role: tuple(uids) for role, uids in needed.items()}


def away(
    needed: Mapping[str, Sequence[str]], answers: Answers, receiver: Receiver, runs: Runs, own: WorkingTime
) -> tuple[Away, ...]:
    """Everybody who has a role and is away while tasks of theirs run, once for each absence, by its days.

    `runs` has all these tasks; `own` is the office's working time.
    """
    roles: dict[str, list[str]] = {}
    for role in needed:
        who = answers.roles.get(role)
        if isinstance(who, Assigned) and who.person:
            roles.setdefault(who.person, []).append(role)
    found = [
        _found(absence, named, running, runs, receiver, own)
        for person, named in roles.items()
        for absence in _absences(receiver, person)
        if (running := _running(absence, {uid for role in named for uid in needed[role]}, runs))
    ]
    return tuple(sorted(found, key=lambda each: (each.first, each.person)))


def day_before(own: WorkingTime, first: date) -> date:
    """The last day before this one on which the office works."""
    return moment(own.evening(instant(_midnight(first))) - 1).date()


def responsible(receiver: Receiver, on: date, absence: Absence | None = None) -> str:
    """The head of the office; of one who is away then, or whose absence it is, the deputy."""
    head = receiver.head
    if absence is None or absence.person != head:
        absence = next((each for each in _absences(receiver, head) if each.first <= on <= each.last), None)
    return absence.deputy if absence is not None and absence.deputy else head


def _found(
    absence: Absence,
    roles: Sequence[str],
    running: tuple[str, ...],
    runs: Runs,
    receiver: Receiver,
    own: WorkingTime,
) -> Away:
    begins = max(absence.first, min(runs[uid].start.date() for uid in running))
    due = day_before(own, begins)
    owner = responsible(receiver, due, absence)
    last = None if absence.last == date.max else absence.last
    return Away(absence.person, tuple(roles), absence.first, last, absence.deputy, owner, due, running)


def _absences(receiver: Receiver, person: str) -> Iterator[Absence]:
    """The absences of a person, and the time after their last day in the organization."""
    yield from (each for each in receiver.absences if each.person == person)
    last = receiver.until.get(person)
    if last is not None and last < date.max:
        yield Absence(person, last + timedelta(days=1), date.max)


def _running(absence: Absence, uids: set[str], runs: Runs) -> tuple[str, ...]:
    """Those of the tasks that are worked on a day of an absence."""
    return tuple(
        uid for uid, run in runs.items() if uid in uids and run.is_worked(absence.first, absence.last)
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time())
