"""The first line of a report, which a director reads first, and the line under it: where the waves stand.

Every number is marked as a figure of the page.
"""

from __future__ import annotations

from datetime import date

from markupsafe import Markup, escape

from domain.language import Language
from domain.reporting.needs import ROLLOUT_STATES
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import SweepReport
from domain.rollouts.rollout import Rollout, WaveState
from domain.standards.verdict import OPEN_RESULTS
from reports.spoken import marked
from reports.words import foreign


def rollout_line(report: RolloutReport, says: Language) -> Markup:
    """`15 projects behind plan; 80 % expected 20 April`."""
    if not report.rows:
        return escape(says.say("No project is part of this rollout"))
    gap, today, ahead = report.behind, report.heading.as_of, report.forecast
    if gap > 0:
        number = marked("behind", gap)
        stand = says.count(gap, "{n} project behind plan", "{n} projects behind plan", n=number)
    elif gap:
        number = marked("ahead", -gap)
        stand = says.count(-gap, "{n} project ahead of plan", "{n} projects ahead of plan", n=number)
    else:
        stand = says.say("On plan")
    if ahead.reached:
        share = says.say("80 % reached")
    elif ahead.on:
        on = marked("forecast-line", says.near_day(ahead.on, today))
        share = says.say("80 % expected {day}", day=on)
    else:
        share = says.say("no day for 80 % can be told yet")
    return Markup(f"{stand}; {share}")  # noqa: S704 - our own words and marked numbers


def state_line(rollout: Rollout, today: date, says: Language) -> Markup:
    """Where the waves stand: `Wave 2 of 3 (Europe) is running. The rollout is running.`."""
    state = says.say("The rollout is {state}.", state=says.message(ROLLOUT_STATES[rollout.state]))
    return Markup(f"{_waves(rollout, today, says)}. {state}")  # noqa: S704 - as above


def _waves(rollout: Rollout, today: date, says: Language) -> str:
    plans = sorted(rollout.manifest.waves, key=lambda wave: wave.number)
    states = {plan.number: rollout.waves.get(plan.number, WaveState.PLANNED) for plan in plans}
    running = [plan for plan in plans if states[plan.number] is WaveState.RUNNING]
    following = [plan for plan in plans if states[plan.number] is WaveState.PLANNED]
    count = marked("waves", len(plans))
    if len(running) > 1:
        numbers = says.listed([marked(f"wave-{plan.number}-state", plan.number) for plan in running])
        return says.say("Waves {waves} of {all} are running", waves=numbers, all=count)
    shown = (running or following)[:1]
    if not shown:
        return says.say("Every wave is completed") if plans else says.say("There is no wave")
    number, name = marked(f"wave-{shown[0].number}-state", shown[0].number), foreign(shown[0].name, 60)
    if running:
        return says.say("Wave {n} of {all} ({name}) is running", n=number, all=count, name=name)
    begins = marked("wave-begins", says.near_day(shown[0].start, today))
    return says.say("Wave {n} of {all} ({name}) begins {day}", n=number, all=count, name=name, day=begins)


def sweep_line(report: SweepReport, says: Language) -> Markup:
    """`12 projects of 4 offices have something to put right, including 3 that could not be judged`."""
    must = sum(report.counts[result] for result in OPEN_RESULTS)
    if not report.rows:
        return escape(says.say("No project was judged"))
    if not must:
        return escape(says.say("No project has anything to put right"))
    offices = sum(any(line.counts[result] for result in OPEN_RESULTS) for line in report.offices)
    broken = report.counts["error"]
    of = says.count(offices, "of {n} office", "of {n} offices", n=marked("must-offices", offices))
    said = says.count(
        must,
        "{n} project {of} has something to put right",
        "{n} projects {of} have something to put right",
        n=marked("must", must),
        of=of,
    )
    if broken:
        number = marked("must-broken", broken)
        said = says.say("{said}, including {n} that could not be judged", said=said, n=number)
    return Markup(said)  # noqa: S704 - our own words and marked numbers
