"""The law of carrying forward: what a wave leaves open goes into the next one, with an owner and a new date.

A wave ends when enough of it has settled; this says what becomes of the rest. Refuses to drop anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.organization.calendar import Calendar
from domain.organization.office import Role
from domain.rollouts.adoption import BOUND
from domain.rollouts.rollout import OUT, Adoption, CarriedForward, Rollout, WavePlan, WaveState

OWNER = Role.HEAD
"""Who is accountable for what is carried forward: the head of the project's office."""


def carry(rollout: Rollout, adoption: Adoption, calendar: Calendar, today: date) -> Adoption:
    """The member, carried into the next wave where the one that it counts in has ended without it.

    It counts there until it settles, and has the days of its wave's plan from today, or what it had where
    that is more. What a named person took out stays out; a wave that was approved before there were such
    days carries nothing. Taken twice it changes nothing.
    """
    at = adoption.counts_in
    if at is None or adoption.settled or adoption.standing in OUT:
        return adoption
    days = _plan(rollout, adoption.wave).carry_days
    if days is None or rollout.waves.get(at) is not WaveState.COMPLETED:
        return adoption
    new = calendar.add_business_days(today, days)
    by = max(adoption.due or new, new)
    carried = replace(adoption, carried=CarriedForward(today, by, _next_wave(rollout)))
    return replace(carried, due=by, escalated=0) if adoption.standing in BOUND else carried


def carried_forward(adoptions: Iterable[Adoption]) -> tuple[Adoption, ...]:
    """The members that were carried forward, and were neither settled nor taken out since, by their dates."""
    found = [a for a in adoptions if a.carried and not a.settled and a.standing not in OUT]
    return tuple(sorted(found, key=lambda a: (a.carried_until or a.since, a.project)))


def _next_wave(rollout: Rollout) -> int | None:
    """The first wave that has not ended; None after the last."""
    open_ones = (n for n, state in rollout.waves.items() if state is not WaveState.COMPLETED)
    return min(open_ones, default=None)


def _plan(rollout: Rollout, number: int) -> WavePlan:
    return next(wave for wave in rollout.manifest.waves if wave.number == number)
