"""Each check of GAO and DCMA finds what was planted for it, and nothing in a template that is sound."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.plans.link import PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.task import ConstraintKind, Duration
from domain.plans.templates.checks import CHECKS, Check
from domain.plans.templates.lint import lint
from domain.plans.templates.release import NotReleasable, actuals, changes, release, standing, standing_told
from domain.plans.templates.template import (
    Effort,
    Evidence,
    Held,
    Mark,
    Pilot,
    Standing,
    TaskKind,
    Template,
    TemplateCalendar,
    TemplateTask,
)
from domain.plans.work_calendar import WorkCalendar
from tests.domain.plans.templates.pilots import one_link

DAY = 480
ON = date(2027, 6, 1)
DONE = Evidence(Duration(DAY), Duration(DAY), baselined=True)


def task(uid: str, days: int = 1, **values: object) -> TemplateTask:
    return TemplateTask(
        uid,
        {"en": uid},
        duration=Duration(days * DAY),
        **{"effort": (Effort("Developer"),), "evidence": DONE, **values},
    )


def sound() -> Template:
    tasks = (
        TemplateTask("P", {"en": "P"}, TaskKind.PHASE), task("A", parent="P"), task("B", 2, parent="P"), task("C"),
        TemplateTask("M", {"en": "M"}, TaskKind.MILESTONE, duration=Duration(0), mark=Mark.GO_LIVE, evidence=replace(DONE, planned=Duration(0), actual=Duration(0))),
    )  # fmt: skip
    links = (one_link("A", "B"), one_link("B", "C"), one_link("C", "M"))
    week = WorkCalendar("Standard").week
    return Template("finance", {"en": "Finance"}, "hamburg", "en", "Standard", (TemplateCalendar("Standard", week),),
                    tasks, links, pilot=Pilot("hamburg", ON, "digest"))  # fmt: skip


def with_task(uid: str, **values: object) -> Template:
    found = sound()
    return replace(found, tasks=tuple(replace(e, **values) if e.uid == uid else e for e in found.tasks))


def with_links(*links: PlanLink) -> Template:
    return replace(sound(), links=links)


PLANTED = {
    Check.CONTRADICTION: (with_links(*sound().links, one_link("A", "Z")), ("A", "Z")),
    Check.NO_DURATION: (with_task("B", duration=None), ("B",)),
    Check.CYCLE: (with_links(*sound().links, one_link("C", "A")), ("A", "B", "C")),
    Check.DANGLING: (with_links(one_link("A", "B"), one_link("C", "M")), ("B", "C")),
    Check.NEGATIVE_LAG: (with_links(one_link("A", "B", lag=-60), *sound().links[1:]), ("B",)),
    Check.LAG: (with_links(one_link("A", "B", lag=60), *sound().links[1:]), ("B",)),
    Check.LINK_TYPE: (with_links(one_link("A", "B", LinkType.START_TO_START), *sound().links[1:]), ("B",)),
    Check.HARD_DATE: (with_task("B", held=Held(ConstraintKind.MUST_START_ON, DAY)), ("B",)),
    Check.DATE: (with_task("B", held=Held(ConstraintKind.START_NO_EARLIER_THAN, DAY)), ("B",)),
    Check.HIGH_FLOAT: (
        replace(sound(), tasks=(*sound().tasks, task("L", 100)), links=(*sound().links, one_link("A", "L"))),
        ("B", "C", "M"),
    ),
    Check.NEGATIVE_FLOAT: (with_task("M", deadline=DAY), ("A", "B", "C", "M")),
    Check.LONG_TASK: (with_task("B", duration=Duration(45 * DAY)), ("B",)),
    Check.NO_ROLE: (with_task("B", effort=()), ("B",)),
    Check.MISSED: (with_task("B", evidence=replace(DONE, actual=Duration(2 * DAY))), ("B",)),
    Check.NO_BASELINE: (with_task("B", evidence=replace(DONE, baselined=False)), ("B",)),
    Check.OPEN: (with_task("B", open=True), ("B",)),
    Check.CRITICAL_PATH: (with_task("M", held=Held(ConstraintKind.MUST_FINISH_ON, 4 * DAY)), ("A",)),
}


def test_nothing_is_found_in_a_sound_template() -> None:
    assert lint(sound()) == ()


@pytest.mark.parametrize("check", Check)
def test_each_check_finds_what_was_planted(check: Check) -> None:
    planted, about = PLANTED[check]
    found = {each.check: each for each in lint(planted)}
    assert set(about) == set(found[check].tasks), found
    assert found[check].stops is CHECKS[check].stops
    assert f"[GAO {CHECKS[check].gao}" in str(found[check])


def test_the_checks_of_gao_and_dcma_stand_by_their_names() -> None:
    numbers = {int(row.dcma.split()[0]) for row in CHECKS.values() if row.dcma}
    assert numbers == {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12}, (
        "9, 13 and 14 need a day on which they are measured"
    )
    assert {int(row.gao.split()[0]) for row in CHECKS.values()} == {1, 2, 3, 4, 6, 7, 9, 10}


def test_what_contradicts_itself_is_not_released() -> None:
    planted = PLANTED[Check.CYCLE][0]
    with pytest.raises(NotReleasable, match=r"wait for each other.*remove one of their links"):
        release(planted, lint(planted), Standing.UNSTATED, None, ON)


def test_the_pilots_standing_is_told_by_its_milestones_or_stated_by_the_releaser() -> None:
    found = sound()
    assert standing(found, Standing.UNSTATED) == (Standing.LIVE, False)
    assert standing_told(with_task("M", open=True)) is Standing.NOT_LIVE
    assert standing_told(with_task("M", mark=Mark.SUPPORT_END)) is Standing.SUPPORT_ENDED
    unmarked = with_task("M", mark=None)
    assert standing(unmarked, Standing.SUPPORT_ENDED) == (Standing.SUPPORT_ENDED, True)
    with pytest.raises(NotReleasable, match="state it: standing not_live, live or support_ended"):
        standing(unmarked, Standing.UNSTATED)
    with pytest.raises(
        NotReleasable, match="standing: support ended was given, and the plan tells: live; leave"
    ):
        standing(found, Standing.SUPPORT_ENDED)


def test_the_same_content_is_no_second_version() -> None:
    first = release(sound(), (), Standing.UNSTATED, None, ON)
    assert (first.version, first.changelog) == (1, ("first version",))
    with pytest.raises(NotReleasable, match="it is version 1 already"):
        release(sound(), (), Standing.UNSTATED, first, ON)


def test_a_version_says_what_changed_and_that_another_pilot_replaced_the_first() -> None:
    first = release(sound(), (), Standing.UNSTATED, None, ON)
    other = replace(
        with_task("B", duration=Duration(DAY)), pilot=Pilot("porto", ON, "other"), links=sound().links[1:]
    )
    second = release(other, (), Standing.LIVE, first, ON)
    assert second.version == 2
    assert second.changelog == (
        "the pilot of porto replaces that of hamburg", "1 task changed", "1 link removed",
    )  # fmt: skip
    assert list(changes(sound(), sound())) == []


def test_actuals_are_complete_when_every_task_has_its_dates() -> None:
    assert actuals(sound()).complete
    assert (actuals(with_task("B", evidence=None)).finished, actuals(sound()).of) == (3, 4)


def test_a_template_has_no_date_of_its_own() -> None:
    assert not [value for value in vars_of(sound()) if isinstance(value, datetime)]


def vars_of(found: Template) -> list[object]:
    return [getattr(each, name) for each in found.tasks for name in each.__slots__]
