"""Re-base: which tasks are the same, and that nothing the office did is lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.plans.link import PlanLink
from domain.plans.merge.merging import merge
from domain.plans.merge.sides import normal
from domain.plans.task import Duration, PlanTask
from domain.plans.templates.template import TaskKind, Template, TemplateCalendar, TemplateTask
from domain.plans.updates.rebasing import (
    Unmatchable,
    asked,
    in_plan_uids,
    matched,
    said_of,
    with_left,
    without_links_of,
)
from domain.plans.updates.standing import Source
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

DAY = 480


def template(*tasks: TemplateTask, id_: str = "erp", links: tuple[PlanLink, ...] = ()) -> Template:
    return Template(id_, {"en": id_}, "porto", "en", "week", (TemplateCalendar("week", ()),), tasks, links)


def one(
    uid: str, name: str, parent: str | None = None, *, phase: bool = False, days: int = 1
) -> TemplateTask:
    kind = TaskKind.PHASE if phase else TaskKind.TASK
    return TemplateTask(uid, {"en": name}, kind, parent, None if phase else Duration(DAY * days))


def plan_of(made: Template) -> WholePlan:
    """The plan that an office has of it."""
    tasks = tuple(
        PlanTask(x.uid, made.text(x.names), x.parent, summary=x.kind is TaskKind.PHASE, duration=x.duration)
        for x in made.tasks
    )
    return WholePlan("Porto", "week", (WorkCalendar("week"),), tasks, made.links)


OLD = template(
    one("p", "Prepare", phase=True), one("q", "Go live", phase=True), one("a", "Copy", "p"),
    one("b", "Test", "p"), one("c", "Test", "q"), one("d", "Switch", "q"),
)  # fmt: skip


def test_the_same_uids_are_the_same_tasks_where_most_have_one_name() -> None:
    new = replace(
        OLD, tasks=tuple(replace(x, names={"en": "Copy all"}) if x.uid == "a" else x for x in OLD.tasks)
    )
    found = matched(OLD, plan_of(OLD), (), new, {})
    assert found.same == {x.uid: x.uid for x in OLD.tasks}
    assert (found.unsure, found.new, found.left) == ({}, (), ())


def test_uids_that_coincide_are_nothing_and_names_with_their_place_are_asked_where_there_are_two() -> None:
    new = template(
        one("a", "go  LIVE", phase=True), one("p", "Prepare", phase=True), one("b", "Copy", "p"),
        one("c", "Switch", "a"), one("d", "Test", "a"), one("x", "Train", "a"),
    )  # fmt: skip
    found = matched(OLD, plan_of(OLD), (), new, {})
    assert found.same == {"a": "q", "p": "p", "b": "a", "c": "d"}
    assert (found.unsure, found.new) == ({"d": ("b", "c")}, ("x",))
    assert asked(found.unsure).endswith("same=d=b|c|new")
    assert found.source("erp-2").asked == {"d": ("b", "c")}
    said = matched(OLD, plan_of(OLD), (), new, {"d": "c"})
    assert (said.same["d"], said.left) == ("c", ("b",))
    assert said.source("erp-2").uid("b") == "a"


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ("z=a", "no task 'z'"), ("d=z", "no task 'z' for d"), ("d=p", "one is a phase"),
        ("a=b; d=b", "named for two tasks"), ("d", "not understood"), ("d=a; d=b", "twice"), ("=a", "write T7=T2"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_with_its_remedy(said: str, match: str) -> None:
    with pytest.raises(Unmatchable, match=match):
        matched(OLD, plan_of(OLD), (), OLD, said_of(said))


def test_a_new_task_whose_uid_the_plan_has_gets_another_one() -> None:
    source = Source("erp-2", {"x": "a"}, ("b",))
    assert [source.uid(x) for x in ("x", "a", "b", "c")] == ["a", "erp-2.a", "erp-2.b", "c"]
    made = in_plan_uids(template(one("x", "Copy"), one("a", "New"), links=(PlanLink("x", "a"),)), source)
    assert [x.uid for x in made.tasks] == ["a", "erp-2.a"]
    assert made.links == (PlanLink("a", "erp-2.a"),)


@st.composite
def templates(draw: st.DrawFn, id_: str, prefix: str) -> Template:
    """Up to nine tasks in up to three phases, with names that both templates may have."""
    phases = draw(st.lists(st.sampled_from("PQR"), min_size=1, max_size=3, unique=True))
    names = draw(st.lists(st.sampled_from("abcdefghi"), max_size=9, unique=True))
    tasks = [one(prefix + x, x, phase=True) for x in phases]
    for x in names:
        within = prefix + draw(st.sampled_from(phases))
        tasks.append(one(prefix + x, x, within, days=draw(st.integers(1, 4))))
    linked = [PlanLink(prefix + x, prefix + y) for x, y in pairwise(names) if draw(st.booleans())]
    return template(*tasks, id_=id_, links=tuple(linked))


@st.composite
def edited(draw: st.DrawFn, plan: WholePlan) -> WholePlan:
    """What an office makes of it: durations, names, deletions, tasks of its own."""
    gone = {x.uid for x in plan.tasks if not x.summary and draw(st.integers(0, 5)) == 0}
    tasks = []
    for x in plan.tasks:
        if x.uid in gone:
            continue
        longer = not x.summary and draw(st.integers(0, 2)) == 0
        duration = Duration(DAY * draw(st.integers(5, 9))) if longer else x.duration
        name = f"Our {x.name}" if draw(st.integers(0, 3)) == 0 else x.name
        tasks.append(replace(x, name=name, duration=duration))
    phase = next(x.uid for x in plan.tasks if x.summary)
    tasks += [PlanTask("porto/P/7", "Our own", phase, duration=Duration(DAY))] * draw(st.booleans())
    links = tuple(x for x in plan.links if gone.isdisjoint((x.predecessor, x.successor)))
    return replace(plan, tasks=tuple(tasks), links=links)


def rebased(old: Template, new: Template, ours: WholePlan):
    """The merge where the plan goes over; whatever is unsure is said to be new."""
    base = plan_of(old)
    unsure = matched(old, base, (), new, {}).unsure
    source = matched(old, base, (), new, dict.fromkeys(unsure, "new")).source(new.id)
    theirs = with_left(plan_of(in_plan_uids(new, source)), base, source.left)
    return merge(without_links_of(base, source.left), theirs, ours), source


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_nothing_that_the_office_did_is_lost(data: st.DataObject) -> None:
    old, new = data.draw(templates("erp", "")), data.draw(templates("erp-2", "n"))
    base = plan_of(old)
    ours = data.draw(edited(base))
    found, source = rebased(old, new, ours)
    there = {x.uid: x for x in found.plan.tasks}
    before = {x.uid: x for x in base.tasks}
    for task in ours.tasks:
        assert task.uid in there, "each task of the office's is there, once"
        was = before.get(task.uid)
        for name in ("name", "duration"):
            if was is None or getattr(task, name) != getattr(was, name) or task.uid in source.left:
                assert getattr(there[task.uid], name) == getattr(task, name)
    gone = set(before) - {x.uid for x in ours.tasks}
    asked = {place for x in found.conflicts for place in x.places} if found.conflicts else set()
    assert not gone & set(there) or asked, "what it removed stays removed"
    for link in ours.links:
        if not {link.predecessor, link.successor}.isdisjoint(source.left):
            assert link in found.plan.links
    for task in new.tasks:
        uid = source.uid(task.uid)
        assert uid in there or uid in gone or asked, "what the other template adds is there"


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_re_base_to_the_same_tasks_changes_nothing(data: st.DataObject) -> None:
    old = data.draw(templates("erp", ""))
    ours = data.draw(edited(plan_of(old)))
    found, source = rebased(old, replace(old, id="erp-2"), ours)
    assert found.plan == normal(ours)
    assert (found.conflicts, source.left) == ((), ())


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_an_undo_goes_back(data: st.DataObject) -> None:
    old, new = data.draw(templates("erp", "")), data.draw(templates("erp-2", "n"))
    ours = data.draw(edited(plan_of(old)))
    found, _ = rebased(old, new, ours)
    back = merge(found.plan, ours, found.plan)
    assert (back.plan, back.conflicts) == (normal(ours), ())


def test_a_task_that_would_be_lost_is_seen() -> None:
    """The control: without what the other template lacks, the merge takes it out."""
    base = plan_of(OLD)
    new = template(*(x for x in OLD.tasks if x.uid != "d"), id_="erp-2")
    source = matched(OLD, base, (), new, {}).source("erp-2")
    bare = merge(base, plan_of(in_plan_uids(new, source)), base)
    assert "d" not in {x.uid for x in bare.plan.tasks}
    assert "d" in {x.uid for x in rebased(OLD, new, base)[0].plan.tasks}
