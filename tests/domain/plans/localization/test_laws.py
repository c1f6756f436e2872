"""What holds for every localization, on 500 of them by chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.plans.localization import localizing
from domain.plans.localization.answers import AnchorKind, Assigned
from domain.plans.localization.calendars import local_calendars
from domain.plans.localization.localizing import localize
from domain.plans.schedule.explanation import Side
from tests.domain.plans.localization.by_chance import cases
from tests.domain.plans.localization.slowly import Slow, minute_of


@pytest.fixture(scope="module")
def localized():
    """500 localizations and their plans."""
    return [(case, localize(case.release, case.answers, case.receiver)) for case in cases(500)]


def test_every_dates_explanation_adds_up_to_it(localized):
    for _, local in localized:
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


def other_dates(case, local) -> list[str]:
    """Tasks whose dates are not those that walking through the days gives."""
    found = Slow(case, local).dates()
    dates = local.schedule.dates
    return [
        uid
        for uid, (start, finish) in found.items()
        if (minute_of(dates[uid].start), minute_of(dates[uid].finish)) != (start, finish)
    ]


def test_dates_are_those_that_walking_through_the_days_gives(localized):
    kinds = Counter(case.answers.anchor.kind for case, _ in localized)
    assert min(kinds[each] for each in AnchorKind) > 80
    assert {
        n: found for n, (case, local) in enumerate(localized) if (found := other_dates(case, local))
    } == {}


def without_blackouts(template, answers, receiver):
    calendar = replace(receiver.calendar, blackouts=())
    return local_calendars(template, answers, replace(receiver, calendar=calendar))


def half_as_whole(template, answers, receiver):
    calendar = replace(receiver.calendar, half_days=frozenset())
    return local_calendars(template, answers, replace(receiver, calendar=calendar))


@pytest.mark.parametrize("fault", [without_blackouts, half_as_whole])
def test_a_calendar_that_is_wrong_is_seen(monkeypatch, fault):
    monkeypatch.setattr(localizing, "local_calendars", fault)
    found = [(case, localize(case.release, case.answers, case.receiver)) for case in cases(150)]
    assert sum(bool(other_dates(case, local)) for case, local in found) >= 3


def test_localizing_twice_gives_the_same(localized):
    for case, local in localized:
        assert localize(case.release, case.answers, case.receiver) == local
