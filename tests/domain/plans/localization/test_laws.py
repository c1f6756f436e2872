"""What holds for every localization, on 500 of them by chance."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.plans.localization.answers import Assigned
from domain.plans.localization.localizing import localize
from domain.plans.schedule.explanation import Side
from tests.domain.plans.localization.by_chance import cases


@pytest.fixture(scope="module")
def localized():
    """500 localizations and their plans."""
    return [(case, localize(case.release, case.answers, case.receiver)) for case in cases(500)]


def test_every_dates_explanation_adds_up_to_it(localized):
    for _, local in localized[::5]:
        for task in local.plan.tasks:
            for side, at in ((Side.START, task.start), (Side.FINISH, task.finish)):
                why = local.explained(task.uid, side)
                assert why.at == why.origin + timedelta(minutes=sum(step.minutes for step in why.steps)) == at


def test_vacancies_are_exactly_the_roles_that_nobody_has(localized):
    for case, local in localized:
        there = {task.uid for task in local.plan.tasks}
        needed = {e.role for t in case.release.template.tasks if t.uid in there for e in t.effort}
        filled = {role for role, who in case.answers.roles.items() if isinstance(who, Assigned)}
        assert {each.role for each in local.vacancies} == needed - filled
        assert len(local.vacancies) == len({each.role for each in local.vacancies})


def test_localizing_twice_gives_the_same(localized):
    for case, local in localized[::10]:
        assert localize(case.release, case.answers, case.receiver) == local
