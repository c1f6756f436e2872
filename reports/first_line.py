"""The first line of a report, which a director reads first, and the line under it: where the waves stand."""

from __future__ import annotations

from datetime import date

from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import SweepReport
from domain.rollouts.rollout import Rollout, WaveState
from domain.standards.verdict import OPEN_RESULTS
from domain.words import counted, day


def rollout_line(report: RolloutReport) -> str:
    """`15 projects behind plan; 80 % expected 20 April`."""
    if not report.rows:
        return "No project is part of this rollout"
    gap, today = report.behind, report.heading.as_of
    if gap > 0:
        stand = f"{counted(gap, 'project')} behind plan"
    else:
        stand = f"{counted(-gap, 'project')} ahead of plan" if gap else "On plan"
    ahead = report.forecast
    if ahead.reached:
        share = "80 % reached"
    else:
        share = f"80 % expected {day(ahead.on, today)}" if ahead.on else "no day for 80 % can be told yet"
    return f"{stand}; {share}"


def state_line(rollout: Rollout, today: date) -> str:
    """Where the waves stand: `Wave 2 of 3 (Europe) is running. The rollout is running.`."""
    plans = sorted(rollout.manifest.waves, key=lambda wave: wave.number)
    states = {plan.number: rollout.waves.get(plan.number, WaveState.PLANNED) for plan in plans}
    running = [plan for plan in plans if states[plan.number] is WaveState.RUNNING]
    following = [plan for plan in plans if states[plan.number] is WaveState.PLANNED]
    count = len(plans)
    if len(running) > 1:
        *most, last = (str(plan.number) for plan in running)
        waves = f"Waves {', '.join(most)} and {last} of {count} are running"
    elif running:
        waves = f"Wave {running[0].number} of {count} ({running[0].name}) is running"
    elif following:
        begins = day(following[0].start, today)
        waves = f"Wave {following[0].number} of {count} ({following[0].name}) begins {begins}"
    else:
        waves = "Every wave is completed" if count else "There is no wave"
    return f"{waves}. The rollout is {rollout.state}."


def sweep_line(report: SweepReport) -> str:
    """`12 projects of 4 offices must act; 3 of them could not be judged`."""
    must = sum(report.counts[result] for result in OPEN_RESULTS)
    if not report.rows:
        return "No project was judged"
    if not must:
        return "No project has anything to put right"
    offices = sum(any(line.counts[result] for result in OPEN_RESULTS) for line in report.offices)
    broken = report.counts["error"]
    more = f", including {broken} that could not be judged" if broken else ""
    verb = "has" if must == 1 else "have"
    return f"{counted(must, 'project')} of {counted(offices, 'office')} {verb} something to put right{more}"
