"""A local plan that goes live after the day that its deployment says is told so while it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from config.local_plans import Prepared, prepared
from config.localizing import outcome_of
from domain.organization.actions import Permission
from domain.plans.localization.answers import AnchorAnswer, AnchorKind
from domain.plans.localization.derivation import DerivationId
from domain.plans.templates.template import Mark, TaskKind
from tests.deployments.finished import captured, going, plan_of
from tests.deployments.holding import TEMPLATE, Holding


def plan_until(holding: Holding, last: date) -> Prepared:
    """Oslo's plan that ends on that day."""
    answers = replace(plan_of("oslo", 100, holding.now), anchor=AnchorAnswer(AnchorKind.FINISH, last))
    with holding.application.store.read() as unit:
        return prepared(holding.application, unit, DerivationId("oslo", TEMPLATE), f"{TEMPLATE}/2", answers)


def sentence(holding: Holding, made: Prepared) -> str:
    return outcome_of(holding.application, made, Permission(), new=True, dry_run=True).sentence


def test_a_plan_that_goes_live_after_the_agreed_day_says_so_while_it_is_localized(holding: Holding) -> None:
    made = captured()
    done = next(each for each in made.tasks[::-1] if each.kind is not TaskKind.PHASE)
    tasks = tuple(replace(each, mark=Mark.GO_LIVE) if each is done else each for each in made.tasks)
    going(holding, replace(made, tasks=tasks))
    late = plan_until(holding, date(2027, 8, 31))
    assert late.agreed is not None
    assert late.late is not None
    days = (late.late - late.agreed).days
    assert days > 0
    assert f"It goes live {days} days after the day agreed in the deployment." in sentence(holding, late)
    in_time = plan_until(holding, late.agreed)
    assert in_time.late is None
    assert "after the day agreed" not in sentence(holding, in_time)
