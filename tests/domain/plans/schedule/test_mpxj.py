"""Our dates beside those of MPXJ's MicrosoftScheduler: its plans that lie beside the project, and plans by chance."""

import json
from datetime import date, datetime

import pytest

from domain.plans.link import PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.network import Unschedulable
from domain.plans.schedule.schedule import schedule
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import OFFICE_HOURS, DayReason, SpecialDay, WorkCalendar
from tests.conftest import SPECS
from tests.domain.plans.schedule.generated_plans import CLASSES, START, by_mpxj, generated, plans
from tests.domain.plans.schedule.small_plans import dates, duration, lag, plan, task, when
from tests.standins.described import specs

KEPT = "../reference/schedules.json"
"""Small plans with the dates that MPXJ gave them; they lie beside the vendors' descriptions."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SIDES = {
    "early_start": "EarlyStart", "early_finish": "EarlyFinish", "late_start": "LateStart",
    "late_finish": "LateFinish", "start": "Start", "finish": "Finish",
}  # fmt: skip
UNITS = {"m": 1, "h": 60, "d": 480, "em": 1, "eh": 60, "ed": 1440}


def calendar(name, said) -> WorkCalendar:
    week = tuple(OFFICE_HOURS if day in said["work"] else () for day in WEEKDAYS)
    free = {date.fromisoformat(day): SpecialDay(DayReason.HOLIDAY) for day in said.get("holidays", ())}
    return WorkCalendar(name, week, free)


def kept_task(said):
    facts = {name: said[name] for name in ("deadline", "actual_start", "actual_finish") if name in said}
    kind, at = (*said.get("constraint", ("",)), "")[:2]
    return task(
        said["id"], said.get("dur"), held=kind.lower(), at=at, parent=said.get("in"), calendar=said.get("cal"),
        summary=said.get("summary", False), percent=said.get("pct"), **facts,
    )  # fmt: skip


def kept_plan(said) -> WholePlan:
    links = [
        PlanLink(before, each["id"], LinkType(kind), lag(text))
        for each in said["tasks"]
        for before, kind, text in each.get("after", ())
    ]
    calendars = tuple(calendar(*each) for each in said["calendars"].items())
    return WholePlan(said["name"], "west", calendars, tuple(map(kept_task, said["tasks"])), tuple(links))


@specs(KEPT)
def test_the_dates_of_the_kept_plans_are_mpxjs():
    cases = json.loads((SPECS / KEPT).read_text("utf-8"))
    compared = 0
    for said in cases[:-1]:
        made = kept_plan(said)
        elapsed = {each.uid for each in made.tasks if each.duration and each.duration.elapsed}
        found = schedule(made, FromStart(when(said["start"]))).dates
        for uid, theirs in said["microsoft"].items():
            ours = found[uid]
            slack = duration(theirs["slack"])
            expected = {name: when(theirs[name]) for name in ("start", "finish", "late_start", "late_finish")}
            expected |= {"critical": theirs["critical"], "slack": slack}
            for name, value in expected.items():
                if uid in elapsed and name in ("late_start", "late_finish", "slack"):
                    continue  # docs/decisions/0049
                compared += 1
                assert getattr(ours, name) == value, f"{said['name']}: {name} of {uid}"
    assert (len(cases), compared) == (18, 477)


@specs(KEPT)
def test_the_kept_cycle_is_a_cycle_for_both():
    case = json.loads((SPECS / KEPT).read_text("utf-8"))[-1]
    assert "CycleException" in case["microsoft"]
    with pytest.raises(Unschedulable):
        dates(plan(task("A", "1d"), task("B", "1d"), links="A > B; B > A"))


def uphill_of_elapsed(made: WholePlan) -> set[str]:
    """Elapsed tasks and what leads to them: their late dates are ours on purpose (docs/decisions/0049)."""
    found = {each.uid for each in made.tasks if each.duration and each.duration.elapsed}
    waiting = list(found)
    for uid in waiting:
        for link in made.links:
            if link.successor == uid and link.predecessor not in found:
                found.add(link.predecessor)
                waiting.append(link.predecessor)
    return found


def late_against_links(made: WholePlan, found) -> bool:
    """Whether MPXJ places a task before what it follows, as it is to be as late as possible (0049)."""
    late = [each.uid for each in made.tasks if each.constraint and each.constraint.at is None]
    return any(found[uid].late_start < found[uid].early_start for uid in late)


def differences(made: WholePlan, theirs) -> tuple[list[str], int]:
    """Where our dates are not theirs, and how many were compared."""
    found = schedule(made, FromStart(START)).dates
    apart, aside = uphill_of_elapsed(made), late_against_links(made, found)
    lines, compared = [], 0
    for uid, ours in found.items():
        summary = uid.startswith("S")
        expected = {
            name: datetime.fromisoformat(theirs[uid][key])
            for name, key in SIDES.items()
            if theirs[uid][key] != "None"
        }
        amount, unit = theirs[uid]["Slack"]
        minutes = None if summary else round(amount * UNITS[unit])
        for name, value in {**expected, "critical": theirs[uid]["Critical"], "slack": minutes}.items():
            if aside and not name.startswith("late"):
                continue
            if uid in apart and name in ("late_start", "late_finish", "slack", "critical"):
                continue
            if summary and name in ("critical", "slack"):
                continue
            compared += 1
            mine = ours.slack.minutes if name == "slack" else getattr(ours, name)
            if mine != value:
                lines.append(f"{name} of {uid}: ours {mine}, MPXJ {value}")
    return lines, compared


@pytest.mark.servers
@pytest.mark.parametrize("kind", CLASSES)
def test_five_hundred_plans_by_chance_have_mpxjs_dates(kind):
    made = list(plans(kind, 500))
    said = by_mpxj(made)
    assert None not in said
    found = [differences(each, theirs) for each, theirs in zip(made, said, strict=True)]
    assert [line for lines, _ in found for line in lines] == []
    assert sum(count for _, count in found) > 40_000


@pytest.mark.servers
def test_a_lag_counted_in_the_wrong_calendar_would_be_seen(monkeypatch):
    made = list(plans("several calendars", 20))
    said = by_mpxj(made)
    arc = type(schedule(made[1], FromStart(START)).passes.network.order[-1].before[0])
    monkeypatch.setattr(arc, "moved", lambda self, at, minutes: self.source.time.after(at, minutes))
    assert any(differences(each, theirs)[0] for each, theirs in zip(made, said, strict=True))


@pytest.mark.servers
def test_what_is_a_cycle_for_us_is_one_for_mpxj():
    made = plan(task("A", "1d"), task("B", "1d"), task("C", "1d"), links="A > B; B > C; C > A SS")
    assert by_mpxj([made]) == [None]
    assert generated.wire(made)["links"][0][:3] == ("A", "B", LinkType.FINISH_TO_START)
