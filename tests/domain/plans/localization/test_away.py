"""Who is away while their tasks run is said once for each absence, with who sees to it by when; no vacancy of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from domain.organization.absence import Absence
from domain.plans.localization import away as law
from domain.plans.localization.answers import Assigned
from domain.plans.localization.away import Away
from domain.plans.localization.localizing import localize
from domain.plans.templates.template import Effort
from tests.domain.plans.localization.by_chance import PEOPLE, Case, cases
from tests.domain.plans.localization.slowly import DAY, EPOCH, Days, minute_of
from tests.domain.plans.localization.test_localizing import CAIRO, answers, link, release, task

MADE = release(
    task("A", 2, effort=(Effort("analyst"), Effort("trainer"))), task("B", 2, effort=(Effort("tester"),)),
    task("C", 2, effort=(Effort("owner"),)), links=(link("A B"), link("B C")),
)  # fmt: skip
WHO = {
    "analyst": Assigned("nour"),
    "trainer": Assigned("nour"),
    "tester": Assigned(name="Ola"),
    "owner": Assigned("omar"),
}


def found(*absences: Absence, **office: object) -> tuple[Away, ...]:
    """Who is away from the plan that begins on Sunday 7 March 2027: A to the 8th, B to the 10th, C to the 14th."""
    local = localize(MADE, answers("2027-03-07", roles=WHO), replace(CAIRO, absences=absences, **office))
    assert local.vacancies == ()
    return local.away


def test_a_person_with_two_roles_is_told_once_with_the_head_and_the_working_day_before():
    [told] = found(Absence("nour", date(2027, 3, 8), date(2027, 3, 20), "omar"))
    assert told == Away(
        "nour", ("analyst", "trainer"), date(2027, 3, 8), date(2027, 3, 20), "omar", "omar", date(2027, 3, 7), ("A",)
    )  # fmt: skip


def test_an_absence_that_began_before_is_due_on_the_working_day_before_the_first_task():
    [told] = found(Absence("nour", date(2027, 2, 20), date(2027, 3, 7)))
    assert (told.due, told.owner) == (date(2027, 3, 4), "omar")


def test_a_head_who_is_away_has_it_seen_to_by_who_stands_in():
    [own] = found(Absence("omar", date(2027, 3, 14), date(2027, 3, 14), "nour"))
    assert (own.person, own.owner, own.tasks) == ("omar", "nour", ("C",))
    both = found(
        Absence("nour", date(2027, 3, 8), date(2027, 3, 8)),
        Absence("omar", date(2027, 3, 1), date(2027, 3, 7), "sara"),
    )
    assert [(each.person, each.owner) for each in both] == [("nour", "sara")]


def test_whoever_leaves_before_their_task_is_told_without_a_last_day():
    [told] = found(until={"nour": date(2027, 3, 7), "omar": date(2027, 12, 31)})
    assert (told.person, told.first, told.last, told.due) == (
        "nour",
        date(2027, 3, 8),
        None,
        date(2027, 3, 7),
    )


@pytest.mark.parametrize(
    "absence",
    [
        Absence("nour", date(2027, 3, 9), date(2027, 4, 1)),
        Absence("omar", date(2027, 3, 12), date(2027, 3, 13)),
        Absence("sara", date(2027, 3, 1), date(2027, 4, 1)),
    ],
    ids=["after their task", "on days on which nobody works", "somebody without a role"],
)
def test_nobody_is_told_whose_tasks_do_not_run_then(absence):
    assert found(absence) == ()


def with_absences(number: int, case: Case) -> Case:
    """The case with absences of its people by chance."""
    chance = Random(f"absences {number}")
    absences = []
    for person in PEOPLE:
        first = case.answers.anchor.on + timedelta(chance.randrange(-40, 20))
        absences.append(Absence(person, first, first + timedelta(chance.randrange(20))))
    until = (
        {"wen": case.answers.anchor.on + timedelta(chance.randrange(40, 60))} if chance.random() < 0.3 else {}
    )
    return replace(case, receiver=replace(case.receiver, absences=tuple(absences), until=until))


def slowly(case: Case, local) -> set[tuple[str, date, str]]:
    """The person, the first day of the absence and the task, by asking each day whether somebody works."""
    told, tasks = set(), {each.uid: each for each in case.release.template.tasks}
    there = [
        *case.receiver.absences,
        *(Absence(p, u + timedelta(1), date.max) for p, u in case.receiver.until.items()),
    ]
    for task_ in local.plan.tasks:
        days = Days(case, tasks[task_.uid].calendar)
        start, finish = minute_of(task_.start), minute_of(task_.finish)
        worked = {
            date.fromordinal(n + EPOCH)
            for n in range(start // DAY, finish // DAY + 1)
            if any(max(n * DAY + a, start) < min(n * DAY + b, finish) for a, b in days.hours(n))
        } or ({task_.start.date()} if start == finish else set())
        for effort in tasks[task_.uid].effort:
            who = case.answers.roles.get(effort.role)
            for each in there if isinstance(who, Assigned) else ():
                if each.person == who.person and any(each.first <= day <= each.last for day in worked):
                    told.add((each.person, each.first, task_.uid))
    return told


def differing(count: int) -> tuple[int, int]:
    """How many of so many localizations tell others than the slow way, and how many are told in all."""
    wrong = every = 0
    for case in (with_absences(n, each) for n, each in enumerate(cases(count))):
        local = localize(case.release, case.answers, case.receiver)
        told = {(each.person, each.first, uid) for each in local.away for uid in each.tasks}
        wrong, every = wrong + (told != slowly(case, local)), every + len(told)
    return wrong, every


def test_who_is_away_is_who_does_not_work_on_a_day_of_their_tasks_in_200_plans():
    wrong, every = differing(200)
    assert wrong == 0
    assert every > 60


def test_a_last_day_that_is_forgotten_is_seen(monkeypatch):
    right = law.Run.is_worked

    def short(run: law.Run, first: date, last: date) -> bool:
        return first < last and right(run, first, last - timedelta(1))

    monkeypatch.setattr(law.Run, "is_worked", short)
    assert differing(60)[0] >= 3
