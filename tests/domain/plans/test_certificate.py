"""The certificate of a plan: what is kept, approximated, lost and added, counted field by field."""

from dataclasses import replace

import pytest

from domain.plans import certificate as certificates
from domain.plans.certificate import FIELDS, Fate, certificate
from domain.plans.link import Lag, PlanLink
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from tests.connectors.plan_files.counting import certified, differing
from tests.connectors.plan_files.plans import plan

TASKS = (
    PlanTask("1", "one", duration=Duration(60)),
    PlanTask("2", "two", duration=Duration(120), percent=33.3),
)
MADE = WholePlan("made", "Standard", (WorkCalendar("Standard"),), TASKS, (PlanLink("1", "2", lag=Lag(30)),))


def fates(after: WholePlan) -> dict[str, tuple[int, int, int, int]]:
    found = certificate(MADE, after).fields
    return {each.field: (each.kept, each.approximated, each.lost, each.added) for each in found}


def test_a_plan_that_is_read_back_equal_is_kept_whole() -> None:
    found = certificate(MADE, MADE)
    assert found.whole
    assert found.total(Fate.KEPT) == 14
    assert {each.field for each in found.fields} < set(FIELDS)


def test_what_is_absent_is_lost_what_differs_is_approximated_and_what_nobody_stated_is_added() -> None:
    tasks = (replace(TASKS[0], duration=None, deadline=None), replace(TASKS[1], percent=33.0, role="tester"))
    told = fates(replace(MADE, tasks=tasks, links=(PlanLink("1", "2"),)))
    assert told["task.duration"] == (1, 0, 1, 0)
    assert told["task.percent"] == (0, 1, 0, 0)
    assert told["task.role"] == (0, 0, 0, 1)
    assert told["link.type"] == (1, 0, 0, 0)
    assert told["link.lag"] == (0, 0, 1, 0)


def test_a_percentage_of_0_is_stated() -> None:
    begun = replace(MADE, tasks=(replace(TASKS[0], percent=0.0), TASKS[1]))
    assert next(each for each in certificate(begun, MADE).fields if each.field == "task.percent").lost == 1


def test_another_order_of_the_tasks_is_told() -> None:
    assert fates(replace(MADE, tasks=TASKS[::-1]))["task.order"] == (0, 2, 0, 0)


def test_a_mandated_field_of_which_something_is_lost_is_named_with_an_example() -> None:
    found = certificate(MADE, replace(MADE, links=()))
    (lost,) = found.lost_of({"link.lag", "task.name"})
    assert (lost.field, lost.lost, lost.examples[0].about) == ("link.lag", 1, "1 -> 2")


def test_a_certificate_counts_what_an_independent_count_finds_and_a_planted_silent_loss_is_caught(
    monkeypatch,
) -> None:
    before, after = plan(6), plan(9)
    assert certified(certificate(before, after)) == differing(before, after)
    assert sum(differing(before, after).values()) > 30
    honest = certificates.facts

    def silent(told):
        return ((key, value) for key, value in honest(told) if key[0] != "task.actual_start")

    monkeypatch.setattr(certificates, "facts", silent)
    missing = differing(before, after) - certified(certificate(before, after))
    assert set(missing) == {"task.actual_start"}


@pytest.mark.parametrize(
    "name", ["task.work", "task.notes", "task.baseline_start", "link.lag", "plan.status_date"]
)
def test_every_field_of_a_plan_has_a_name_that_can_be_mandated(name) -> None:
    assert name in FIELDS
