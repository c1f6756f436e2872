"""The anchor of a local plan as a time that is worked, from the office's answer."""

from __future__ import annotations

from datetime import datetime, time

from domain.organization.calendar import DAY
from domain.plans.localization.answers import AnchorAnswer, AnchorKind
from domain.plans.schedule.anchor import Anchor, FromStart, ToFinish, ToGate
from domain.plans.whole_plan import WholePlan
from domain.plans.working_time import WorkingTime, instant, moment


def anchor_at(asked: AnchorAnswer, own: WorkingTime, of_gate: WorkingTime) -> Anchor:
    """A start at the next time that is worked, a finish or gate at the last one of its day.

    `own` is the plan's working time, `of_gate` that of the gate.
    """
    midnight = instant(datetime.combine(asked.on, time()))
    if asked.kind is AnchorKind.START:
        return FromStart(moment(own.morning(midnight)))
    if asked.kind is AnchorKind.FINISH:
        return ToFinish(moment(own.evening(midnight + DAY)))
    return ToGate(asked.gate, moment(of_gate.evening(midnight + DAY)))


def anchor_of(asked: AnchorAnswer, plan: WholePlan) -> Anchor:
    """The anchor of a plan that was localized with that answer; the plan's start where its gate is gone."""
    times = {calendar.name: WorkingTime(calendar) for calendar in plan.calendars}
    own = times[plan.calendar]
    if asked.kind is not AnchorKind.GATE:
        return anchor_at(asked, own, own)
    gate = next((task for task in plan.tasks if task.uid == asked.gate), None)
    if gate is None or gate.summary:
        start = plan.start or min((task.start for task in plan.tasks if task.start), default=None)
        at = instant(start or datetime.combine(asked.on, time()))
        return FromStart(moment(own.morning(at)))
    return anchor_at(asked, own, times[gate.calendar or plan.calendar])
