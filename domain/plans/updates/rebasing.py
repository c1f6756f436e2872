"""Re-base: an office's plan goes over to another template, task by task, and loses nothing.

Tasks are the same by uid where most uids that both templates have are of tasks with one name, else by name
and place in the outline. What is unsure is asked, never guessed. The plan keeps its own uids, and so its
links and its keys in the tool: the other template is read in the plan's uids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.plans.merge.change import Conflict, Why
from domain.plans.merge.place import Side
from domain.plans.templates.template import TaskKind, Template
from domain.plans.updates.standing import Source
from domain.plans.whole_plan import WholePlan, outline

NEW = "new"
"""What is said of a task that the plan does not have."""


class Unmatchable(ValueError):
    """What was said of tasks does not fit the two templates; the text says which task, and what to write."""


@dataclass(frozen=True, slots=True)
class Known:
    """What tells whether two tasks are the same: names in any language, and those of the phases around it."""

    uid: str
    names: frozenset[str]
    path: tuple[frozenset[str], ...] = ()
    phase: bool = False

    def is_called_as(self, other: Known) -> bool:
        """Whether both have one name in a language, and both are phases or neither is."""
        return self.phase == other.phase and bool(self.names & other.names)

    def stands_as(self, other: Known) -> bool:
        """Whether both have one name and stand in phases with the same names."""
        at = len(self.path) == len(other.path) and all(
            a & b for a, b in zip(self.path, other.path, strict=True)
        )
        return at and self.is_called_as(other)


@dataclass(frozen=True, slots=True)
class Matching:
    """Which tasks are the same: the plan's uid by the other template's.

    `unsure` has the plan's tasks that a task of the other template may be, `new` those that the plan does not
    have, `left` the plan's that the other template does not have: they are the office's own from then on.
    """

    same: Mapping[str, str]
    unsure: Mapping[str, tuple[str, ...]]
    new: tuple[str, ...]
    left: tuple[str, ...]

    def source(self, template: str, earlier: Mapping[str, Mapping[str, str]] | None = None) -> Source:
        """What the plan follows then; what is unsure is asked. `earlier` is what it followed before."""
        unsure = dict(sorted(self.unsure.items()))
        return Source(template, dict(sorted(self.same.items())), self.left, unsure, earlier or {})


def asked(unsure: Mapping[str, tuple[str, ...]]) -> str:
    """What the office is asked, and how it can be said at once."""
    each = "; ".join(f"{uid}={'|'.join((*there, NEW))}" for uid, there in sorted(unsure.items()))
    return f"the office is asked which task of the plan each of these is; to say it now: same={each}"


def said_of(text: str) -> Mapping[str, str]:
    """`T7=T2; T9=new` by the other template's uid. Raises Unmatchable for another form."""
    found: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in text.replace(",", ";").split(";"))):
        uid, sign, mine = (each.strip() for each in part.partition("="))
        if not (uid and sign and mine):
            raise Unmatchable(f"same: {part[:60]!r} is not understood; write T7=T2 or T7={NEW}")
        if uid in found:
            raise Unmatchable(f"same: {uid[:60]!r} is there twice; keep one")
        found[uid] = mine
    return found


def earlier(source: Source, template: Template) -> Mapping[str, Mapping[str, str]]:
    """The plan's uids by those of each template that it followed so far; `template` is the last one."""
    held = held_back(template, source)
    uids = {task.uid: source.uid(task.uid) for task in template.tasks if task.uid not in held}
    return {**source.earlier, template.id: {**source.earlier.get(template.id, {}), **uids}}


def matched(
    mine: Template, plan: WholePlan, left: Iterable[str], other: Template, said: Mapping[str, str],
    before: Mapping[str, str] | None = None,
) -> Matching:  # fmt: skip
    """Which tasks of the other template are tasks of the plan; `mine` is the plan's template in its uids.

    `left` are tasks of the plan from templates before, `before` the plan's uids by those of the other
    template, where the plan followed it once: they are the same without being asked. Raises
    Unmatchable for what was said of tasks that are not there, of a phase and a task, or of one task twice.
    """
    old = {each.uid: each for each in (*_of_template(mine), *_of_plan(plan, frozenset(left)))}
    new = {each.uid: each for each in _of_template(other)}
    _check(said, new, old)
    same = {uid: to for uid, to in said.items() if to != NEW}
    for uid, to in (before or {}).items():
        known = uid in new and to in old and new[uid].phase == old[to].phase
        if known and uid not in said and to not in same.values():
            same[uid] = to
    alike = [uid for uid in new if uid in old and new[uid].phase == old[uid].phase]
    kin = 2 * sum(new[uid].is_called_as(old[uid]) for uid in alike) > len(alike)
    taken = set(same.values())
    for uid in alike if kin else ():
        if uid not in said and uid not in same and uid not in taken:
            same[uid] = uid
            taken.add(uid)
    open_ = {uid: each for uid, each in new.items() if uid not in same and uid not in said}
    free = {uid: each for uid, each in old.items() if uid not in taken}
    unsure: dict[str, tuple[str, ...]] = {}
    for uid, each in open_.items():
        called = [to for to, one in free.items() if each.is_called_as(one)]
        stands = [to for to in called if each.stands_as(free[to])]
        rivals = [one for one in open_.values() if any(one.is_called_as(free[to]) for to in called)]
        if len(stands) == len(called) == len(rivals) == 1:
            same[uid] = stands[0]
        elif called:
            unsure[uid] = tuple(sorted(called))
    used = set(same.values())
    fresh = tuple(uid for uid in new if uid not in same and uid not in unsure)
    return Matching(same, unsure, fresh, tuple(sorted(uid for uid in old if uid not in used)))


def _check(said: Mapping[str, str], new: Mapping[str, Known], old: Mapping[str, Known]) -> None:
    used: set[str] = set()
    for uid, to in said.items():
        if uid not in new:
            raise Unmatchable(f"same: the other template has no task {uid[:60]!r}; the dry run names them")
        if to == NEW:
            continue
        if to not in old:
            raise Unmatchable(f"same: the plan has no task {to[:60]!r} for {uid}; name one, or write {NEW}")
        if old[to].phase != new[uid].phase:
            raise Unmatchable(f"same: of {uid} and {to} one is a phase; name another, or write {NEW}")
        if to in used:
            raise Unmatchable(f"same: {to} is named for two tasks; keep one")
        used.add(to)


def _plain(names: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(each.casefold().split()) for each in names)


def _of_template(template: Template) -> Iterator[Known]:
    tasks = {task.uid: task for task in template.tasks}
    for task in template.tasks:
        path: list[frozenset[str]] = []
        parent = task.parent
        while parent is not None and parent in tasks and len(path) <= len(tasks):
            path.append(_plain(tasks[parent].names.values()))
            parent = tasks[parent].parent
        yield Known(task.uid, _plain(task.names.values()), tuple(path), task.kind is TaskKind.PHASE)


def _of_plan(plan: WholePlan, left: frozenset[str]) -> Iterator[Known]:
    names = {task.uid: _plain([task.name]) for task in plan.tasks}
    above = outline(plan)
    for task in plan.tasks:
        if task.uid in left:
            path = tuple(names[uid] for uid in above[task.uid])
            yield Known(task.uid, names[task.uid], path, task.summary)


def held_back(template: Template, source: Source) -> frozenset[str]:
    """The template's tasks that wait for an answer: those that are asked, and new ones in phases of these."""
    held = {task.uid for task in template.tasks if task.uid in source.asked}
    for _ in template.tasks if held else ():
        within = {x.uid for x in template.tasks if x.parent in held and x.uid not in source.uids}
        if within <= held:
            break
        held |= within
    return frozenset(held)


def unplaced(template: Template, source: Source) -> frozenset[str]:
    """The plan's uids of tasks that it has already, and whose phase in the template waits for an answer."""
    held = held_back(template, source)
    return frozenset(source.uid(x.uid) for x in template.tasks if x.parent in held and x.uid not in held)


def _without(template: Template, held: frozenset[str]) -> Template:
    def stays(uid: str | None) -> str | None:
        return None if uid in held else uid

    return replace(
        template,
        tasks=tuple(replace(x, parent=stays(x.parent)) for x in template.tasks if x.uid not in held),
        links=tuple(x for x in template.links if held.isdisjoint((x.predecessor, x.successor))),
        risks=tuple(replace(x, task=stays(x.task)) for x in template.risks),
        lessons=tuple(replace(x, task=stays(x.task)) for x in template.lessons),
        documents=tuple(replace(x, task=stays(x.task)) for x in template.documents),
    )


def in_plan_uids(template: Template, source: Source) -> Template:
    """The template with the uids that its tasks have in the plan, without those that wait for an answer."""
    if not source.template:
        return template
    template = _without(template, held_back(template, source))

    def to(uid: str | None) -> str | None:
        return None if uid is None else source.uid(uid)

    return replace(
        template,
        tasks=tuple(replace(x, uid=source.uid(x.uid), parent=to(x.parent)) for x in template.tasks),
        links=tuple(
            replace(x, predecessor=source.uid(x.predecessor), successor=source.uid(x.successor))
            for x in template.links
        ),
        risks=tuple(replace(x, task=to(x.task)) for x in template.risks),
        lessons=tuple(replace(x, task=to(x.task)) for x in template.lessons),
        documents=tuple(replace(x, task=to(x.task)) for x in template.documents),
    )


def with_left(
    theirs: WholePlan, base: WholePlan, left: Iterable[str], unplaced: Collection[str] = ()
) -> WholePlan:
    """The other template's plan with the tasks that it lacks as in `base`, so that no side removes them.

    Their links are in no side but the office's: they stay, and one that closes a circle is asked. Of what is
    `unplaced` the phase stays as in `base`.
    """
    was = {task.uid: task.parent for task in base.tasks}
    moved = tuple(replace(x, parent=was.get(x.uid)) if x.uid in unplaced else x for x in theirs.tasks)
    theirs = replace(theirs, tasks=moved)
    stays = frozenset(left)
    there = {task.uid for task in theirs.tasks}
    tasks, last = list(theirs.tasks), None
    for task in base.tasks:
        if task.uid in stays and task.uid not in there:
            at = next((n for n, x in enumerate(tasks, 1) if x.uid == last), 0 if last is None else len(tasks))
            tasks.insert(at, task)
        last = task.uid if any(x.uid == task.uid for x in tasks) else last
    named = {each.name for each in theirs.calendars}
    used = {task.calendar for task in tasks if task.uid in stays} - named
    calendars = tuple(each for each in base.calendars if each.name in used)
    return replace(theirs, tasks=tuple(tasks), calendars=(*theirs.calendars, *calendars))


def without_links_of(base: WholePlan, left: Iterable[str]) -> WholePlan:
    """The plan that is compared with, without the links of what the other template does not have."""
    stays = frozenset(left)
    links = tuple(x for x in base.links if stays.isdisjoint((x.predecessor, x.successor)))
    return replace(base, links=links)


def with_links_of_before(base: WholePlan, before: WholePlan, uids: Collection[str]) -> WholePlan:
    """The plan that is compared with, with the links that tasks had before the plan went over.

    `uids` are tasks of which was said since that the other template has them: its links count from then on.
    """
    there = {task.uid for task in base.tasks}
    known = {(x.predecessor, x.successor) for x in base.links}
    more = tuple(
        x
        for x in before.links
        if {x.predecessor, x.successor} <= there
        and not {x.predecessor, x.successor}.isdisjoint(uids)
        and (x.predecessor, x.successor) not in known
    )
    return replace(base, links=(*base.links, *more))


def sameness(template: Template, plan: WholePlan, source: Source) -> Sequence[Conflict]:
    """What is asked of the office: of each task that may be one of the plan's, whether it is.

    Without an answer they are two tasks, which loses nothing: the template's comes, the office's stays.
    """
    theirs = {task.uid: task for task in template.tasks}
    mine = {task.uid: task.name for task in plan.tasks}
    found = []
    for place, (uid, own) in source.pairs().items():
        if uid in theirs and own in mine:
            name = template.text(theirs[uid].names)
            phase = theirs.get(theirs[uid].parent or "")
            told = name if phase is None else f"{template.text(phase.names)}: {name}"
            found.append(Conflict((place,), (None,), (told,), (mine[own],), Why.SAME_TASK, Side.THEIRS))
    return found
