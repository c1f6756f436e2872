"""An office's plan as it came, as the office has it, and merged: on a page of its own people, questions marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.local_plans import receiver
from domain.plans.localization.derivation import Derivation
from domain.plans.localization.localizing import localize
from domain.plans.merge.merging import merge
from domain.plans.task import PlanTask
from domain.plans.updates.asked import Asking, conflicts_now, names_of
from domain.plans.updates.standing import first
from domain.plans.whole_plan import WholePlan
from tests.deployments.finished import begin, captured, finish, going, released
from tests.deployments.holding import DEPLOYMENT, Holding
from tests.deployments.visitor import Visitor, text_of

pytestmark = pytest.mark.servers  # whole organizations with a store each
WAY = f"/deployments/{DEPLOYMENT}"


def _moved(plan: WholePlan, name: str, days: int) -> WholePlan:
    """The plan with one task later."""

    def one(task: PlanTask) -> PlanTask:
        if task.name != name or task.start is None or task.finish is None:
            return task
        return replace(
            task, start=task.start + timedelta(days=days), finish=task.finish + timedelta(days=days)
        )

    return replace(plan, tasks=tuple(map(one, plan.tasks)))


def updated(holding: Holding, made: Derivation) -> None:
    """Version 3 moves two tasks; the office moved one of them too, and removed another one."""
    template = captured()
    version = released(holding, template, 3)
    base = localize(version, made.answers, receiver(holding.application, "oslo")).plan
    theirs = _moved(_moved(base, "Switch over", 14), "Train the users", 7)
    ours = _moved(base, "Switch over", 28)
    ours = replace(ours, tasks=tuple(each for each in ours.tasks if each.name != "Copy the data"), links=())
    merged = merge(base, theirs, ours)
    asking = Asking(made.id, 3, date(2027, 3, 1), date(2027, 3, 12))
    found = conflicts_now(asking, merged.conflicts, (), names_of(base, theirs, ours))
    assert found, "the office and the template moved one task"
    with holding.application.store.begin() as unit:
        unit.plan_updates.keep(first(made).merged(3, merged, first(made).footing.source))
        for each in found:
            unit.plan_updates.save(each)
        unit.derivations.keep(replace(made, version=3))
        unit.commit()


def test_a_plan_before_its_first_update_is_shown_as_it_came_and_as_it_stands(holding: Holding) -> None:
    made = begin(holding, "oslo", going(holding))
    visitor = Visitor(holding, "oslo-head")
    assert "version 2; no update yet" in text_of(visitor.get(f"{WAY}/plan/oslo"))
    finish(holding, made, 0.7, own={"Stock": 3.0})
    page = visitor.get(f"{WAY}/plan/oslo").text
    assert "Train the users: as it came from the template: " in page
    assert "the office&#39;s: " in page
    assert "merged: " not in page
    assert ">Stock<" in page


def test_an_update_is_shown_as_it_came_as_the_office_had_it_and_merged_with_its_questions(
    holding: Holding,
) -> None:
    made = begin(holding, "oslo", going(holding))
    updated(holding, made)
    visitor = Visitor(holding, "oslo-head")
    page = visitor.get(f"{WAY}/plan/oslo")
    told = text_of(page)
    assert "update from version 2 to version 3" in told
    assert "What the office is asked" in told
    assert "Update of the plan to version 3, task Switch over" in told
    marked = [
        line for line in page.text.split("<g><title>")[1:] if "the office is asked" in line.split("<")[0]
    ]
    assert [each.split(":")[0] for each in marked] == ["Switch over"]
    assert "Copy the data: as it came from the template:" in page.text, "what the office removed is shown too"
    report = text_of(visitor.get(f"{WAY}/report"))
    assert "1 office: 1 on version 3" in report or "5 offices: 1 on version 3" in report
    assert "1 with conflicts" in report
    deployment = text_of(visitor.get(WAY))
    assert "Versions, conflicts and what it saved" in deployment


def test_nobody_else_sees_an_offices_plan(holding: Holding) -> None:
    made = begin(holding, "oslo", going(holding))
    updated(holding, made)
    for person in ("lima-head", "porto-head", "holding-sponsor", "kobe-call"):
        assert Visitor(holding, person).get(f"{WAY}/plan/oslo").status_code == 404
    assert Visitor(holding, "lima-head").get(f"{WAY}/plan/lima").status_code == 404, "it has none yet"
    assert "1 con conflictos" in text_of(Visitor(holding, "lima-head").get(f"{WAY}/report"))
