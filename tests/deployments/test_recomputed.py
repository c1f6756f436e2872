"""A deployment's page equals what the kept plans and the derivations in the store say, counted once more."""

from __future__ import annotations

import re
from datetime import date

import pytest

from domain.deployments.progress import LocalStanding
from domain.plans.localization.derivation import Derivation
from domain.plans.project import Plan
from store.unit import Unit
from tests.deployments.finished import begin, finish, going
from tests.deployments.holding import DEPLOYMENT, Holding
from tests.deployments.visitor import Visitor
from tests.reports.role_lists import words
from tests.reports.slow_deployments import SlowDeployment

pytestmark = pytest.mark.servers  # whole organizations with a store each


def standing(made: Derivation, read: Plan | None, today: date) -> LocalStanding:
    """How far an office is, by the tasks of its plan and what was read of each; they are begun by their dates."""
    items = {item.key: item for item in (*read.items, *read.summaries)} if read is not None else {}
    tasks = [(task, items.get(made.keys.get(task.uid, ""))) for task in made.base.tasks if not task.summary]
    left = [(task, item) for task, item in tasks if item is None or str(item.state) != "done"]
    order = sorted((item.start if item else task.start.date(), task.uid, task.name) for task, item in left)
    begun = len(left) < len(tasks)
    late = made.base.start is not None and made.base.start.date() <= today and not items
    state = "live" if not left else "running" if begun else "not_reported" if late else "not_started"
    roles = dict.fromkeys(task.role for task, _ in left if task.role and task.assignee is None)
    return LocalStanding(
        state, None if made.keys else "distribute", order[0][2] if order else "", order[0][0] if order else None,
        None, len(tasks) - len(left), len(tasks), tuple(roles),
    )  # fmt: skip


def standings(unit: Unit, holding: Holding) -> dict[str, LocalStanding]:
    """Those of all offices that made a plan, and the pilot's, which is live."""
    today, found = holding.now.date(), {"porto": LocalStanding("live")}
    kept = {stored.plan.project.key: stored.plan for stored in unit.plans.current()}
    for office in holding.application.organization.offices:
        for made in unit.derivations.of_office(office):
            found[office] = standing(made, kept.get(f"{office}/{made.project}"), today)
    return found


def test_each_row_and_the_first_line_equal_what_the_kept_plans_say(holding: Holding) -> None:
    version = going(holding)
    finish(holding, begin(holding, "lima", version), 0.7)
    finish(
        holding, begin(holding, "kobe", version), 0.9, undone=frozenset({"Switch over", "Train the users"})
    )
    begin(holding, "riga", version)
    there = holding.application
    with there.store.read() as unit:
        plans, found = standings(unit, holding), unit.deployments.get(DEPLOYMENT)
    assert {str(plan.standing) for plan in plans.values()} >= {"live", "running"}
    for person in ("oslo-head", "holding-sponsor"):
        html = Visitor(holding, person).get(f"/deployments/{DEPLOYMENT}").text
        again = SlowDeployment(found, person, there.organization, plans, holding.now)
        rows = re.search(r'id="offices".*?<tbody>(.*?)</tbody>', html, re.DOTALL)
        assert words(re.search(r"<h1>(.*?)</h1>", html)[1]) == words(again.headline())
        assert list(map(words, re.findall(r"<tr>(.*?)</tr>", rows[1], re.DOTALL))) == list(
            map(words, again.rows())
        )
