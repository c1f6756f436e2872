"""What files of four formats hold of a plan, as the items of their office."""

from datetime import date
from pathlib import Path

import pytest

from domain.plans.building import whole_plan
from domain.plans.item_plan import Span
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.task import Duration
from domain.plans.whole_plan import flaws
from domain.plans.work_calendar import WorkCalendar
from tests.contract import project_files as files

pytestmark = pytest.mark.servers
MINUTES = LagUnit.WORKING_MINUTES


def saved(path: Path, kind: str) -> Path:
    """The sample's plan in a format, of days of seven hours."""
    files.need_java()
    xml = files.plan(MinutesPerDay="420").encode()
    path = path / f"plan.{kind}"
    path.write_bytes(xml if kind == "xml" else files.converted(xml, kind))
    return path


@pytest.mark.parametrize("kind", ["xml", "xer", "pmxml"])
def test_links_and_durations_are_in_minutes_by_the_file_s_own_day_in_every_format(tmp_path, kind):
    (plan,) = files.connector(saved(tmp_path, kind)).read().plans
    (second,) = [item for item in plan.items if item.title == "Schritt 2"]
    (first,) = [item for item in plan.items if item.title == "Schritt 1"]
    (phase,) = [item for item in plan.summaries if item.title == "Phase 1"]
    assert second.plan.after == (Predecessor(first.key, 480, LinkType.FINISH_TO_START, MINUTES),)
    assert second.plan.duration == Span(31200, MINUTES)
    assert (second.plan.parent, phase.plan.summary, phase.plan.duration) == (phase.key, True, None)
    assert [item.plan.order for item in plan.items] == sorted(item.plan.order for item in plan.items)


def test_a_file_s_project_is_a_whole_plan(tmp_path):
    (plan,) = files.connector(saved(tmp_path, "xml")).read().plans
    built = whole_plan(plan, WorkCalendar("porto"))
    assert flaws(built.plan) == ()
    assert [task.name for task in built.plan.tasks if task.summary] == ["Phase 1"]
    assert len(built.plan.links) == 5
    assert {link.lag.amount for link in built.plan.links} == {480}
    assert {task.duration for task in built.plan.tasks if not task.summary} == {Duration(31200)}
    assert built.plan.finish is not None
    assert built.plan.finish.date() == date(2027, 5, 31)
