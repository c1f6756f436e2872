"""The law of waves: when one ends, when a rollout stops, and what begins next; by counts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.rollouts.adoption import is_late
from domain.rollouts.rollout import OUT, Adoption, Rollout, RolloutState, Standing, WavePlan, WaveState

WAITING = frozenset({Standing.QUESTIONED, Standing.UNANSWERED})


@dataclass(frozen=True, slots=True)
class WaveCount:
    """The members that nobody took out: how many settled, wait, are late, or adopted and no longer follow."""

    members: int
    settled: int
    waiting: int
    late: int
    failed: int


def count_wave(adoptions: Iterable[Adoption], wave: int, today: date) -> WaveCount:
    """The counts of one wave, with what was carried forward into it and without what was carried out of it.

    A project that a person left out, or that was rolled back, is not a member.
    """
    ours = [a for a in adoptions if a.counts_in == wave and a.standing not in OUT]
    return WaveCount(
        members=len(ours),
        settled=sum(a.settled for a in ours),
        waiting=sum(a.standing in WAITING for a in ours),
        late=sum(is_late(a, today) for a in ours),
        failed=sum(a.standing is Standing.FAILED for a in ours),
    )


def ends(plan: WavePlan, count: WaveCount) -> bool:
    """A wave ends when enough have settled and nobody is waited for; who does not answer holds it open."""
    if count.members == 0:
        return True
    return count.waiting == 0 and count.settled / count.members >= plan.exit_settled


def stops(plan: WavePlan, count: WaveCount, accepted_late: int = 0, accepted_failed: int = 0) -> str:
    """Why the rollout must stop, or empty: both a share and a least number of its members are reached.

    What a person accepted on resuming does not stop it again.
    """
    enough_failed = count.failed >= plan.halt_failed and _reach(count.failed, count, plan.halt_failed_share)
    if enough_failed and count.failed > accepted_failed:
        return f"wave {plan.number}: {_failed(plan, count)}"
    least = plan.halt_late_least
    enough_late = count.late >= (least or 1) and _reach(count.late, count, plan.halt_late)
    if enough_late and count.late > accepted_late:
        limit = f"{plan.halt_late:.0%}" if least is None else f"{plan.halt_late:.0%} and at least {least}"
        return f"wave {plan.number}: {count.late} of {count.members} late, {limit} halt it"
    return ""


def _reach(some: int, count: WaveCount, share: float | None) -> bool:
    """Whether some of a wave's members are that share of it; without a share they are."""
    return share is None or (count.members > 0 and some / count.members >= share)


def _failed(plan: WavePlan, count: WaveCount) -> str:
    """How many no longer follow, and how many halt the wave."""
    no_longer = "no longer follows" if count.failed == 1 else "no longer follow"
    if plan.halt_failed_share is None:
        return f"{count.failed} {no_longer}, {plan.halt_failed} halt it"
    limit = f"{plan.halt_failed_share:.0%} and at least {plan.halt_failed}"
    return f"{count.failed} of {count.members} {no_longer}, {limit} halt it"


def advance(rollout: Rollout, adoptions: Iterable[Adoption], today: date) -> Rollout:
    """The rollout after the day's counts: waves end and begin, criteria halt it, the last wave completes it.

    A paused or halted rollout stays as it is until a named person resumes it. What that person accepted holds
    for that wave only, and never for more than is late or failed now.
    """
    if rollout.state is not RolloutState.RUNNING:
        return rollout
    known = tuple(adoptions)
    waves = dict(rollout.waves)
    late, failed = rollout.accepted_late, rollout.accepted_failed
    for plan in sorted(rollout.manifest.waves, key=lambda each: each.number):
        if waves.get(plan.number) is WaveState.RUNNING:
            count = count_wave(known, plan.number, today)
            late, failed = min(late, count.late), min(failed, count.failed)
            halt = stops(plan, count, late, failed)
            if halt:
                return replace(rollout, state=RolloutState.HALTED, waves=waves, note=halt)
            if ends(plan, count):
                waves[plan.number] = WaveState.COMPLETED
                late = failed = 0
    _begin_next(rollout, waves, today)
    done = all(waves.get(plan.number) is WaveState.COMPLETED for plan in rollout.manifest.waves)
    state = RolloutState.COMPLETED if done else RolloutState.RUNNING
    return replace(rollout, state=state, waves=waves, note="", accepted_late=late, accepted_failed=failed)


def _begin_next(rollout: Rollout, waves: dict[int, WaveState], today: date) -> None:
    """The first wave not begun begins when those before it have ended and its day has come."""
    for plan in sorted(rollout.manifest.waves, key=lambda each: each.number):
        standing = waves.get(plan.number, WaveState.PLANNED)
        if standing is WaveState.COMPLETED:
            continue
        if standing is WaveState.PLANNED and today >= plan.start:
            waves[plan.number] = WaveState.RUNNING
            # its members start with the next step; it cannot end before that
        return


def pause(rollout: Rollout, reason: str) -> Rollout:
    """Begin nothing new, as a named person decided; paused, it stays so.

    Raises ValueError for one that is halted or completed.
    """
    if rollout.state is RolloutState.PAUSED:
        return rollout
    if rollout.state is not RolloutState.RUNNING:
        raise ValueError(f"{rollout.id} is {rollout.state}; only a running rollout can be paused")
    return replace(rollout, state=RolloutState.PAUSED, note=reason)


def resume(rollout: Rollout, adoptions: Iterable[Adoption], today: date) -> Rollout:
    """Resume, by a named person, who accepts what is late and failed now; running, it stays so.

    Raises ValueError for one that is completed.
    """
    if rollout.state is RolloutState.RUNNING:
        return rollout
    if rollout.state not in (RolloutState.PAUSED, RolloutState.HALTED):
        raise ValueError(f"{rollout.id} is {rollout.state}; only a paused or halted rollout can be resumed")
    known = tuple(adoptions)
    counts = [count_wave(known, n, today) for n, s in rollout.waves.items() if s is WaveState.RUNNING]
    return replace(
        rollout,
        state=RolloutState.RUNNING,
        note="",
        accepted_late=sum(c.late for c in counts),
        accepted_failed=sum(c.failed for c in counts),
    )


def counts(adoptions: Iterable[Adoption]) -> Mapping[Standing, int]:
    """How many projects have which standing; adds up to the members."""
    known = tuple(adoptions)
    return {standing: sum(a.standing is standing for a in known) for standing in Standing}
