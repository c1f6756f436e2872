"""What an update writes, applied to tools that hold different parts of a plan: what is merged stands there then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from domain.delivery import plan_updates
from domain.delivery.plan_tasks import Place, _Fitting, key_of
from domain.delivery.plan_updates import WITHDRAWN, Holding, TaskWrite, as_stated, task_writes
from domain.delivery.wanted import Wanted
from domain.ids import PlanTaskKey, ProjectKey
from domain.plans.limits import EVERYTHING, Lags, PlanLimits
from domain.plans.link import PlanLink
from domain.plans.merge.merging import Given, Merged, merge, next_base
from domain.plans.merge.past import Past
from domain.plans.predecessor import Predecessor
from domain.plans.task import Duration, PlanTask
from domain.plans.updates.ours import as_merged_last
from domain.plans.whole_plan import WholePlan
from tests.domain.plans.merge import histories
from tests.plans_to_place import WORKDAYS, dated

DAY = timedelta(days=1)
NEXT_DAY = PlanLimits(free_days=frozenset({6, 7}))
TOOLS = {
    "everything": EVERYTHING,
    "a follower begins on the next day": NEXT_DAY,
    "what has parts follows nothing": PlanLimits(lags=Lags.NONE, summaries_follow=False),
    "one level of parts": PlanLimits(lags=Lags.NONE, depth=1),
    "no links": PlanLimits(frozenset()),
}
ROUNDS, VERSIONS, HISTORIES = 4, 3, 60
TEMPLATE_EDITS = (
    histories.add, histories.add_phase, histories.delete, histories.delete, histories.dissolve, histories.rename,
    histories.move, histories.move, histories.nest, histories.split, histories.link, histories.link,
    histories.link, histories.unlink, histories.unlink, histories.lag, histories.lag, histories.estimate,
)  # fmt: skip


def changed(row: Wanted, **fields: Any) -> Wanted:
    """What stands there with these fields changed."""
    return row.holding({**row.values, **fields})


@dataclass
class Tool:
    """What stands in one office's tool, by key, in order; `plan` is the one that was merged last."""

    limits: PlanLimits
    plan: WholePlan
    rows: dict[str, Wanted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = {each.key: each for each in self.holding.things(self.plan).values()}

    @property
    def place(self) -> Place:
        return Place(ProjectKey("gyor", "P-1"), WORKDAYS, self.limits)

    @property
    def holding(self) -> Holding:
        return Holding(self.place, lambda wanted: wanted, {})

    def read(self) -> WholePlan:
        """All that stands there, as a plan."""
        whole = [
            changed(
                each,
                after=tuple(before for before in each.after if before.key in self.rows),
                parent=each.parent if each.parent in self.rows else "",
            )
            for each in self.rows.values()
        ]
        read = _Fitting(self.plan, self.place, lambda wanted: wanted)._read_back(whole)
        return replace(read, tasks=tuple(map(as_stated, read.tasks)))

    def live(self, *known: WholePlan) -> tuple[WholePlan, Holding]:
        """The plan as it is merged, without what none of these plans has any more, and how it is held."""
        read, uids = self.read(), {task.uid for plan in (self.plan, *known) for task in plan.tasks}
        gone = {task.uid for task in read.tasks} - uids
        holding = replace(self.holding, besides=self.holding.linked_besides(read, gone))
        tasks = (replace(t, parent=None) if t.parent in gone else t for t in read.tasks if t.uid in uids)
        links = tuple(link for link in read.links if gone.isdisjoint((link.predecessor, link.successor)))
        read = replace(read, tasks=tuple(tasks), links=links)
        return as_merged_last(read, self.plan, self.holding.ordered(read)), holding

    def updated(self, base, theirs, past):
        """The merge on what stands there, once all of it is written."""
        for _ in range(ROUNDS):
            live, holding = self.live(base, theirs)
            merged = merge(base, theirs, live, holding.held, past)
            writes = [each for each in plan_updates.task_writes(merged, holding) if not self._stands(each)]
            if not writes:
                self.plan = merged.plan
                return merged
            for each in writes:
                self.rows[each.key] = changed(self.rows.get(each.key, each.wanted), **each.fields)
        return None

    def _stands(self, write: TaskWrite) -> bool:
        """Whether a task is marked as withdrawn already."""
        return write.is_withdrawn and self.rows[write.key].values.get("standing") == WITHDRAWN

    def differing(self, merged) -> list[str]:
        """What does not stand there as the merged plan says that it does."""
        found = []
        for uid, meant in self.live(merged.given.base)[1].things(merged.plan).items():
            there = self.rows[meant.key]
            there = changed(there, after=tuple(each for each in there.after if each.key in self.rows))
            for name in ("title", "parent", "after"):
                one, other = meant.values.get(name) or None, there.values.get(name) or None
                found += [f"{uid}: {name} is {other} and not {one}"] if one != other else []
        return found


def by_office(chance: Random, tool: Tool) -> None:
    """One edit of the office's in its tool."""
    key = chance.choice(list(tool.rows))
    row = tool.rows[key]
    other = chance.choice([each for each in tool.rows if each != key] or [key])
    match chance.randrange(5):
        case 0 if row.values.get("start"):
            days = DAY * chance.randrange(1, 20)
            tool.rows[key] = changed(row, start=row.values["start"] + days, due=row.values["due"] + days)
        case 1 if tool.limits.links:
            tool.rows[key] = changed(row, after=row.after[1:])
        case 2 if tool.limits.links and is_free(tool, other, key):
            after = {each.key: each for each in (*row.after, Predecessor(other))}
            tool.rows[key] = changed(row, after=tuple(sorted(after.values())))
        case 3 if not any(each.parent == key for each in tool.rows.values()):
            del tool.rows[key]
        case 4:
            tool.rows[key] = changed(row, parent="")


def is_free(tool: Tool, key: str, after: str) -> bool:
    """Whether a task does not follow another one yet, in any way, and both have no parts."""
    follows = {each.key: {a.key for a in each.after} for each in tool.rows.values()}
    waiting, seen = [key], {key}
    while waiting:
        new = follows.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    parents = {each.parent for each in tool.rows.values()}
    return after not in seen and parents.isdisjoint((key, after))


def made(template: WholePlan) -> WholePlan:
    """The version made for the office: with dates, in one calendar, without phases in which there is nothing."""
    tasks = tuple(replace(task, calendar=None, cost=None) for task in template.tasks)
    while empty := {task.uid for task in tasks if task.summary} - {task.parent for task in tasks}:
        tasks = tuple(task for task in tasks if task.uid not in empty)
    there = {task.uid for task in tasks}
    links = tuple(link for link in template.links if {link.predecessor, link.successor} <= there)
    return dated(replace(template, tasks=tasks, links=links, calendar=WORKDAYS.name, calendars=(WORKDAYS,)))


def played(seed: int) -> tuple[list[str], Counter]:
    """What was wrong in one history, and what was in it."""
    chance, wrong, seen = Random(f"written {seed}"), [], Counter()
    name = tuple(TOOLS)[seed % len(TOOLS)]
    template = histories.first_version(chance, chance.randrange(4, 9))
    base = made(template)
    tool, past = Tool(TOOLS[name], base), Past()
    for number in range(VERSIONS):
        for _ in range(chance.randrange(4)):
            by_office(chance, tool)
        count = chance.randrange(1, 6)
        template = histories.edited(chance, template, count, f"t{number}", TEMPLATE_EDITS)
        theirs = made(template)
        merged = tool.updated(base, theirs, past)
        if merged is None:
            return [*wrong, f"{name}, version {number}: it is never complete"], seen
        where = f"{name}, version {number}"
        wrong += [f"{where}: {each}" for each in tool.differing(merged)]
        base, past = next_base(merged), merged.past
        live, holding = tool.live(base, theirs)
        again = merge(base, theirs, live, holding.held, past)
        wrong += [
            f"{where}: a second time {each.key} is written"
            for each in plan_updates.task_writes(again, holding)
        ]
        if set(again.given.ours.links) != set(merged.plan.links):
            wrong.append(f"{where}: links count as changed by the office")
        seen[name] += len(merged.plan.links)
    return wrong, seen


def wrong_in(seeds: Iterable[int]) -> Iterator[str]:
    for seed in seeds:
        yield from (f"seed {seed}, {each}" for each in played(seed)[0])


def test_after_an_update_the_tool_shows_what_was_merged_and_a_second_one_writes_nothing() -> None:
    found = [played(seed) for seed in range(HISTORIES)]
    assert [each for wrong, _ in found for each in wrong] == []
    assert sum((seen for _, seen in found), Counter()).keys() == TOOLS.keys()


def as_put_back(self: Holding, given: Given) -> Mapping[str, Wanted]:
    """What the tool could not hold counts as standing there as soon as it could hold it."""
    return self.things(given.ours)


def as_could_be_put(self: Holding, given: Given) -> Mapping[str, Wanted]:
    """A link that stands there counts as none where the dates would not let it be put there."""
    return self.things(replace(given.ours, links=given.live.links))


def without_removals(merged: Merged, holding: Holding) -> tuple[TaskWrite, ...]:
    """Links that go are forgotten."""
    writes = task_writes(merged, holding)
    kept = [
        replace(w, wanted=w.wanted.without(("after",))) if w.fields.get("after") == () else w for w in writes
    ]
    return tuple(each for each in kept if each.fields)


PLANTED = {
    "what is put back counts as standing there": (Holding, "standing", as_put_back),
    "what could not be put there counts as gone": (Holding, "standing", as_could_be_put),
    "links that go are forgotten": (plan_updates, "task_writes", without_removals),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_an_update_that_writes_wrongly_is_found(monkeypatch, planted) -> None:
    where, name, broken = PLANTED[planted]
    monkeypatch.setattr(where, name, broken)
    assert next(wrong_in(range(HISTORIES)), "")


GATE = dated(
    WholePlan(
        "Finance system", WORKDAYS.name, (WORKDAYS,),
        (
            PlanTask("a", "Copy the data", duration=Duration(2 * 480)),
            PlanTask("b", "Train the users", duration=Duration(2 * 480)),
            PlanTask("gate", "Ready", milestone=True, duration=Duration(0)),
        ),
        (PlanLink("a", "gate"), PlanLink("b", "gate")),
    )
)  # fmt: skip


def followed(tool: Tool, uid: str) -> list[str]:
    """The uids of what a task follows in the tool."""
    row = next(each for key, each in tool.rows.items() if PlanTaskKey.read(key).uid == uid)
    return [PlanTaskKey.read(each.key).uid for each in row.after]


def moved(tool: Tool, uid: str, days: int) -> None:
    key = next(key for key in tool.rows if PlanTaskKey.read(key).uid == uid)
    row = tool.rows[key]
    tool.rows[key] = changed(
        row, **{n: row.values[n] + days * DAY for n in ("start", "due") if row.values.get(n)}
    )


def test_a_link_is_written_once_the_dates_let_the_tool_hold_it_and_no_later_version_takes_it_for_removed() -> (
    None
):
    tool = Tool(NEXT_DAY, GATE)
    assert followed(tool, "gate") == []
    moved(tool, "gate", 7)
    merged = tool.updated(GATE, GATE, Past())
    assert followed(tool, "gate") == ["a", "b"]
    third = replace(GATE, tasks=(replace(GATE.tasks[0], name="Copy all data"), *GATE.tasks[1:]))
    again = tool.updated(next_base(merged), third, merged.past)
    assert set(again.plan.links) == set(GATE.links)
    assert followed(tool, "gate") == ["a", "b"]


def test_a_link_that_goes_is_taken_away_also_where_the_new_dates_would_not_let_it_be_put_there() -> None:
    before = dated(replace(GATE, links=(PlanLink("a", "b"),)))
    tool = Tool(NEXT_DAY, before)
    assert followed(tool, "b") == ["a"]
    after = dated(replace(GATE, tasks=(*GATE.tasks, PlanTask("c", "New", duration=Duration(480))), links=()))
    tool.updated(before, after, Past())
    assert followed(tool, "b") == []


@pytest.mark.parametrize("kept", [True, False])
def test_the_office_s_link_to_a_withdrawn_task_stays_beside_what_is_written(monkeypatch, kept: bool) -> None:
    if not kept:
        monkeypatch.setattr(Holding, "linked_besides", lambda *_: {})
    before = dated(replace(GATE, links=()))
    tool = Tool(EVERYTHING, before)
    second = dated(replace(before, tasks=before.tasks[1:]))
    merged = tool.updated(before, second, Past())
    gate = key_of(tool.place.project, "gate")
    tool.rows[gate] = changed(tool.rows[gate], after=(Predecessor(key_of(tool.place.project, "a")),))
    third = dated(replace(second, links=(PlanLink("b", "gate"),)))
    tool.updated(next_base(merged), third, merged.past)
    assert followed(tool, "gate") == (["a", "b"] if kept else ["b"])


def test_a_task_that_stood_higher_goes_into_its_phase_once_that_is_high_enough() -> None:
    tasks = (
        PlanTask("p", "Prepare", summary=True), PlanTask("q", "Data", "p", summary=True),
        PlanTask("a", "Copy", "q", duration=Duration(480)), PlanTask("b", "Train", "p", duration=Duration(480)),
    )  # fmt: skip
    plan = dated(replace(GATE, tasks=tasks, links=()))
    tool = Tool(PlanLimits(depth=1), plan)
    phase, key = (key_of(tool.place.project, uid) for uid in ("q", "a"))
    assert tool.rows[key].parent == key_of(tool.place.project, "p")
    tool.rows[phase] = changed(tool.rows[phase], parent="")
    tool.updated(plan, plan, Past())
    assert tool.rows[key].parent == phase
