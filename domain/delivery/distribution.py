"""How a plan comes into an office's tool: each task once, then its links, and never again; decides only.

A task stands there when it was put there and its links were; from then on it is the office's, whatever
becomes of it and of the plan. What was sent and not noted is looked for first; what the office changed
meanwhile stays as the office has it. Refuses to bring back what the office removed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.delivery.delivery import Intent, IntentState
from domain.delivery.wanted import TaskFields, Wanted
from domain.plans.predecessor import Predecessor

SENT_LATER = ("parent",)
"""What a call that creates a task may lack, as some tools take it by a call of its own."""
MOVED = ("start", "due")
"""What a link moves in some tools."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a distribution has come, and what comes next: tasks, or the links of tasks that are there."""

    next: tuple[Wanted, ...]
    """In the order in which they are put; empty when all is done."""
    linking: bool
    tasks: int
    """How many tasks the plan has."""
    placed: int
    """How many of them are there with their links, or were."""
    waiting: int
    """How many still need something."""
    removed: tuple[str, ...] = ()
    """The keys of tasks that the office removed before they were linked, and of those in them."""
    steps: int = 0
    """How many steps all of it takes: one for each task, and one for its links where it has any."""
    steps_left: int = 0
    """How many of them are still to be done."""

    @property
    def done(self) -> bool:
        """Whether nothing is left to be put there."""
        return not self.next


def stage(
    wanted: Sequence[Wanted], intents: Mapping[str, Intent], there: Collection[str], *, linked: bool = True
) -> Stage:
    """What is to be put next. `there` are the keys that stand in the tool now; `linked`: it holds links.

    Tasks come before links, so that both ends of each link are there. A task whose parent the office removed
    is left out, and so is a link to a task that the office removed.
    """
    complete = {each.key for each in wanted if is_complete(intents.get(each.key), linked=linked)}
    was_put = {each.key for each in wanted if _was_put(intents.get(each.key))}
    removed = {key for key in was_put if key not in there}
    for each in wanted:  # parents come first
        if each.parent in removed and each.key not in was_put:
            removed.add(each.key)
    left = [each for each in wanted if each.key not in complete and each.key not in removed]
    new = tuple(unlinked(each) for each in left if each.key not in was_put)
    ends = was_put - removed
    links = tuple(_linked(each, ends) for each in left if each.key in was_put)
    gone = tuple(sorted(removed - complete))
    steps = len(wanted) + sum(bool(each.after) and linked for each in wanted)
    steps_left = len(new) + sum(bool(each.after) and linked for each in left)
    return Stage(
        new or links, not new and bool(links), len(wanted), len(complete), len(left), gone, steps, steps_left
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a distribution is, and what it takes at the pace of this run.

    `steps` are those of the whole plan, also what an earlier run did; `done` and `seconds` are of this run.
    """

    steps: int
    left: int
    done: int
    seconds: float

    @property
    def percent(self) -> float:
        """How much of the whole plan is there, 0 to 100."""
        return 100 * (self.steps - self.left) / self.steps if self.steps else 100.0

    @property
    def seconds_left(self) -> float | None:
        """How many seconds the rest takes as this run went so far; None where it did nothing yet."""
        return self.seconds / self.done * self.left if self.done > 0 else None


def is_complete(intent: Intent | None, *, linked: bool = True) -> bool:
    """Whether a task was put there with its links, so that it is the office's."""
    if intent is None or intent.state is not IntentState.DONE:
        return False
    fields = intent.wanted.fields
    return isinstance(fields, TaskFields) and (fields.after is not None or not linked)


def _was_put(intent: Intent | None) -> bool:
    """Whether it is known that the task was put there."""
    return intent is not None and intent.base is not None


def unlinked(wanted: Wanted) -> Wanted:
    """The task as it is created: without links, which come when all tasks are there; of none, with none."""
    return wanted.without(("after",)) if wanted.after else wanted


def _linked(wanted: Wanted, ends: Collection[str]) -> Wanted:
    """The task with its links to what is there."""
    if not isinstance(wanted.fields, TaskFields):
        return wanted
    after: tuple[Predecessor, ...] = tuple(each for each in wanted.after if each.key in ends)
    return replace(wanted, fields=replace(wanted.fields, after=after))


def found_again(intent: Intent, *, moves_dates: bool) -> Intent | None:
    """The intent of a task that was sent, is there, and was not noted; None where nothing is to be noted.

    What was sent is taken as delivered, so that a field that differs now is one that the office changed. What
    such a call may not have carried is not: it is written still. Where links move dates, those of a task that
    was being linked are written again.
    """
    if intent.state is not IntentState.SENT:
        return None
    fields = intent.delivered or intent.wanted.fields
    if not isinstance(fields, TaskFields):
        return None
    linking = intent.delivered is not None
    late = (*SENT_LATER, "after") if not linking else ("after", *(MOVED if moves_dates else ()))
    base = replace(fields, **dict.fromkeys(late))
    return replace(intent, delivered=base) if base != intent.delivered else None
