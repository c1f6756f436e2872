"""Whether a draft may become a version, and what changed since the last. Refuses to change a version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.plans.templates.checks import Finding
from domain.plans.templates.form import digest_of, in_order
from domain.plans.templates.template import Mark, Release, Standing, TaskKind, Template
from domain.words import counted


class NotReleasable(ValueError):
    """A draft cannot become a version; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Actuals:
    """How much of the pilot is finished, in tasks without phases."""

    finished: int
    of: int

    @property
    def complete(self) -> bool:
        """Whether every task has its actual dates."""
        return self.finished == self.of


def actuals(template: Template) -> Actuals:
    """How many of the pilot's tasks have their actual dates."""
    leaves = [task for task in template.tasks if task.kind is not TaskKind.PHASE]
    return Actuals(sum(bool(task.evidence and task.evidence.actual) for task in leaves), len(leaves))


def standing_told(template: Template) -> Standing:
    """The pilot's standing as its marked milestones tell it, else as it was captured."""
    marked = {task.mark: task for task in template.tasks if task.mark is not None}
    live, ended = marked.get(Mark.GO_LIVE), marked.get(Mark.SUPPORT_END)
    if ended is not None and not ended.open:
        return Standing.SUPPORT_ENDED
    if live is not None:
        return Standing.NOT_LIVE if live.open else Standing.LIVE
    return template.pilot.standing if template.pilot else Standing.UNSTATED


def standing(template: Template, stated: Standing) -> tuple[Standing, bool]:
    """The pilot's standing, and whether a person stated it. Raises NotReleasable where that is not clear."""
    told = standing_told(template)
    if told is Standing.UNSTATED:
        if stated is Standing.UNSTATED:
            raise NotReleasable(
                "nothing tells whether the pilot is live and its early-life support has ended; state it:"
                " standing not_live, live or support_ended"
            )
        return stated, True
    if stated not in (Standing.UNSTATED, told):
        raise NotReleasable(
            f"standing: {stated.replace('_', ' ')} was given, and the plan tells: {told.replace('_', ' ')};"
            " leave the standing out, or capture the plan again"
        )
    return told, False


def release(
    draft: Template, findings: Sequence[Finding], stated: Standing, previous: Release | None, on: date
) -> Release:
    """The next version of a template. Raises NotReleasable for what stops it."""
    if stopping := [each for each in findings if each.stops]:
        raise NotReleasable(f"the draft cannot be used as a plan: {stopping[0]}")
    digest = digest_of(draft)
    if previous is not None and previous.digest == digest:
        raise NotReleasable(f"it is version {previous.version} already; change the draft, or leave it")
    told, by_person = standing(draft, stated)
    number = previous.version + 1 if previous else 1
    log = tuple(changes(previous.template, draft)) if previous else ("first version",)
    return Release(in_order(draft), number, digest, on, told, by_person, log)


def changes(before: Template, after: Template) -> Iterator[str]:
    """What changed from one template to the next, in counts, and whether another pilot replaced it."""
    if before.pilot and after.pilot and before.pilot.office != after.pilot.office:
        yield f"the pilot of {after.pilot.office} replaces that of {before.pilot.office}"
    old, new = {task.uid: task for task in before.tasks}, {task.uid: task for task in after.tasks}
    told = [("added", new.keys() - old.keys()), ("removed", old.keys() - new.keys())]
    told += [("changed", {uid for uid in old.keys() & new.keys() if old[uid] != new[uid]})]
    yield from (f"{counted(len(uids), 'task')} {word}" for word, uids in told if uids)
    links = (
        ("added", set(after.links) - set(before.links)),
        ("removed", set(before.links) - set(after.links)),
    )
    yield from (f"{counted(len(some), 'link')} {word}" for word, some in links if some)
    for what in ("parameters", "risks", "lessons", "documents", "calendars"):
        if getattr(before, what) != getattr(after, what):
            yield f"{what} changed"
