"""The law of adoption: how one project moves through a rollout, as a pure step that can be repeated.

A step depends on the day and on what is known, never on how often it was taken: taken twice on one day it
changes nothing. It calls nothing and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.compliance.glossary import is_past
from domain.organization.calendar import Calendar, Rhythm
from domain.organization.ladder import EscalationLevel
from domain.organization.turns import late_levels
from domain.rollouts.rollout import OUT, SETTLED, Adoption, Standing, WavePlan
from domain.standards.leeway import MAY_ELECT, Eligibility, LeewayDecision
from domain.standards.standard import Election, Leeway
from domain.standards.verdict import FOLLOWS, Result

BOUND = frozenset({Standing.BINDING, Standing.FAILED})
"""The standings in which the version binds a project that does not follow it."""
UNDER = BOUND | {Standing.ADOPTED, Standing.DEVIATING}
"""The standings in which a project is under the version that is rolled out."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a step needs to know of one project on one day."""

    today: date
    calendar: Calendar
    rhythm: Rhythm
    wave: WavePlan
    wave_running: bool
    frozen: bool
    """Whether the rollout is paused or halted: what is found is noted, nothing new is begun."""
    band: Result
    """The project's band under the new version."""
    leeway: LeewayDecision
    terms: Leeway | None
    answer_days: int
    elect_days: int
    """Business days for an election, where the version says no other number."""
    ladder: tuple[EscalationLevel, ...]
    """Who is told of lateness, level by level."""
    remedy_days: int
    """Business days for the longest remedy of the rules that the project does not keep."""
    missing: tuple[str, ...] = ()
    """Facts whose absence leaves a verdict of the new version unknown."""
    election: Election | None = None
    reason: str = ""
    """Why the program manager elected beyond the rule."""
    gates: Mapping[str, date] = field(default_factory=dict)
    """The gates that the project passed, and when."""
    closed: bool = False
    election_unplaced: bool = False
    """Whether the question for its election does not stand in its office's tool yet: no time has begun."""
    facts_unplaced: bool = False
    """The same of a question for a fact."""
    waiting: bool = False
    """Whether a complete request of it, made in time, waits for the office that decides."""
    answer_until: date | None = None
    """The last day for the answers that it waits for, where that was put off with their questions."""


def step(adoption: Adoption, seen: Circumstances) -> Adoption:
    """Where the project stands now. What a person took out stays out; who follows has adopted.

    What follows by a deviation in force alone is apart: it deviates.
    """
    if adoption.standing in OUT:
        return adoption
    adoption = _clocked(adoption, seen)
    if adoption.standing is Standing.PLANNED:
        return _begin(adoption, seen)
    if seen.band in FOLLOWS:
        by_deviation = seen.band is Result.PERMITTED
        standing = Standing.DEVIATING if by_deviation else Standing.ADOPTED
        why = "departs from it by a deviation in force" if by_deviation else "follows the version"
        return _to(adoption, standing, seen, why, due=None, missing=(), escalated=0)
    if seen.closed and adoption.standing in SETTLED:
        return adoption
    if seen.closed:
        return _to(adoption, Standing.SKIPPED, seen, "closed before it adopted")
    if adoption.standing is Standing.ADOPTED:
        return _bind(adoption, seen, Standing.FAILED, "adopted, and no longer follows")
    if adoption.standing is Standing.DEVIATING:
        return _bind(adoption, seen, Standing.FAILED, "its deviation ended, and it does not follow")
    if seen.frozen:
        return escalate(adoption, seen)
    return escalate(_proceed(adoption, seen), seen)


def _clocked(adoption: Adoption, seen: Circumstances) -> Adoption:
    """The clock of its work stands while its request waits; what is due then comes that many days later."""
    if seen.waiting:
        return adoption if adoption.stopped or adoption.due is None else replace(adoption, stopped=seen.today)
    if adoption.stopped is None:
        return adoption
    days = seen.calendar.business_days_between(adoption.stopped, seen.today)
    due = adoption.due and seen.calendar.add_business_days(adoption.due, days)
    return replace(adoption, stopped=None, due=due)


def _begin(adoption: Adoption, seen: Circumstances) -> Adoption:
    """Its wave has begun: the office is notified, and asked for an election and for missing facts.

    A project that the version bound before a person took it out is bound again, from today.
    """
    if not seen.wave_running or seen.frozen:
        return adoption
    if seen.closed and seen.band not in FOLLOWS:
        return _to(adoption, Standing.SKIPPED, seen, "closed before the rollout reached it")
    told = _to(adoption, Standing.NOTIFIED, seen, f"told on {seen.today}", notified_on=seen.today)
    if seen.band in FOLLOWS:
        return told
    if adoption.bound_on is not None:
        return _bind(told, seen, Standing.BINDING, "brought back: bound again")
    return _ask(told, seen)


def _ask(adoption: Adoption, seen: Circumstances) -> Adoption:
    """Set the dates until which an election, or an answer, is waited for; each is set once.

    Where its question does not stand in the tool yet, the time begins today.
    """
    begins = adoption.elect_by is None or seen.election_unplaced
    if seen.leeway.eligibility in MAY_ELECT and begins:
        said = seen.terms.elect_days if seen.terms else None
        days = seen.elect_days if said is None else said
        return replace(adoption, elect_by=seen.calendar.add_business_days(seen.today, days))
    missing = _open_facts(seen)
    if not missing:
        return adoption
    if adoption.standing is Standing.UNANSWERED and set(missing) & set(adoption.missing):
        return replace(adoption, missing=missing)
    why, by = f"not reported: {', '.join(missing)}", _answer_by(adoption, seen, missing)
    return _to(adoption, Standing.QUESTIONED, seen, why, answer_by=by, missing=missing)


def _answer_by(adoption: Adoption, seen: Circumstances, missing: tuple[str, ...]) -> date:
    """The date for the answer: kept if a missing fact was asked for before; if all are new, it begins now."""
    if not seen.facts_unplaced and adoption.answer_by is not None and set(missing) & set(adoption.missing):
        return max(adoption.answer_by, seen.answer_until or adoption.answer_by)
    return seen.calendar.add_business_days(seen.today, seen.answer_days)


def _open_facts(seen: Circumstances) -> tuple[str, ...]:
    """The facts without which nothing can be decided: the leeway's, or those that leave the band unknown."""
    if seen.leeway.eligibility is Eligibility.UNKNOWN:
        return seen.leeway.missing
    return seen.missing if seen.band is Result.UNKNOWN else ()


def _proceed(adoption: Adoption, seen: Circumstances) -> Adoption:
    if adoption.standing is Standing.GRANDFATHERED:
        return _review(adoption, seen)
    if adoption.standing in BOUND:
        return _still_bound(adoption, seen)
    asked = _ask(adoption, seen)
    if _open_facts(seen):
        return _wait_for_answer(asked, seen)
    return _decide(replace(asked, answer_by=None), seen)


def _still_bound(adoption: Adoption, seen: Circumstances) -> Adoption:
    """What is missing is asked for besides the work; the due date stays, so that silence gains nothing."""
    if not seen.missing:
        return replace(adoption, missing=(), answer_by=None)
    return replace(adoption, missing=seen.missing, answer_by=_answer_by(adoption, seen, seen.missing))


def _wait_for_answer(adoption: Adoption, seen: Circumstances) -> Adoption:
    by = adoption.answer_by
    if by is None or seen.today <= by:
        return adoption
    if adoption.standing is Standing.UNANSWERED:
        return adoption
    return _to(adoption, Standing.UNANSWERED, seen, f"asked for {', '.join(adoption.missing)} until {by}")


def _decide(adoption: Adoption, seen: Circumstances) -> Adoption:
    """Eligible projects that elect so finish under the old version; the others are bound after the trial."""
    bind_on = seen.wave.binds_on(adoption.notified_on or seen.today, seen.calendar, seen.rhythm)
    if seen.leeway.eligibility in MAY_ELECT:
        chosen = _elected(adoption, seen)
        if chosen in (Election.FINISH_OLD, Election.AT_GATE):
            return _grandfather(adoption, seen, chosen)
        if chosen is None:
            return _to(adoption, Standing.TRIAL, seen, seen.leeway.why, missing=())
        adoption = replace(adoption, elected=chosen)
    if seen.today >= bind_on:
        return _bind(adoption, seen, Standing.BINDING, _why_bound(adoption, seen))
    if seen.today > (adoption.notified_on or seen.today) or adoption.standing is not Standing.NOTIFIED:
        return _to(adoption, Standing.TRIAL, seen, f"binding from {bind_on}", missing=())
    return adoption


def _elected(adoption: Adoption, seen: Circumstances) -> Election | None:
    if seen.election is not None:
        return seen.election
    if adoption.elect_by is not None and seen.today > adoption.elect_by and seen.terms is not None:
        return default_of(seen.terms, seen.leeway)
    return None


def default_of(terms: Leeway, leeway: LeewayDecision) -> Election:
    """What holds without an election: the version's default, and beyond the rule that it adopts."""
    return Election.ADOPT if leeway.eligibility is Eligibility.DISCRETION else terms.default


def _grandfather(adoption: Adoption, seen: Circumstances, chosen: Election) -> Adoption:
    beyond = seen.leeway.eligibility is Eligibility.DISCRETION
    by = "elected" if seen.election is chosen else "by default"
    by += ": adopts at its next gate" if chosen is Election.AT_GATE else ""
    by += f"; the program manager's reason: {seen.reason}" if beyond and seen.reason else ""
    return _to(
        adoption,
        Standing.GRANDFATHERED,
        seen,
        f"{seen.leeway.why} ({by})",
        until=seen.leeway.until,
        elected=chosen,
        missing=(),
        beyond=beyond,
    )


def _why_bound(adoption: Adoption, seen: Circumstances) -> str:
    if adoption.elected is Election.ADOPT:
        return "its program office elected to adopt"
    return f"no leeway: {seen.leeway.why}"


def _review(adoption: Adoption, seen: Circumstances) -> Adoption:
    """Leeway is decided again each time: it ends when its reason does, and is asked about, not guessed."""
    if adoption.elected is Election.AT_GATE and (gate := _passed_since(adoption, seen)):
        return _bind(adoption, seen, Standing.BINDING, f"passed {gate}: adopts at its next gate, as elected")
    if seen.leeway.eligibility in MAY_ELECT:
        return _grandfather(adoption, seen, adoption.elected or Election.FINISH_OLD)
    if seen.leeway.eligibility is Eligibility.UNKNOWN:
        return _wait_for_answer(_ask(adoption, seen), seen)
    return _bind(adoption, seen, Standing.BINDING, f"leeway lapsed: {seen.leeway.why}")


def _passed_since(adoption: Adoption, seen: Circumstances) -> str:
    """The first gate that it passed since the day on which it was elected to wait for the next one."""
    passed = sorted((on, gate) for gate, on in seen.gates.items() if adoption.since < on <= seen.today)
    return passed[0][1] if passed else ""


def _bind(adoption: Adoption, seen: Circumstances, standing: Standing, why: str) -> Adoption:
    due = seen.calendar.add_business_days(seen.today, seen.remedy_days)
    return _to(
        adoption,
        standing,
        seen,
        why,
        bound_on=seen.today,
        due=due,
        until=None,
        escalated=0,
        missing=(),
        answer_by=None,
        beyond=False,
    )


def _to(adoption: Adoption, standing: Standing, seen: Circumstances, why: str, **changes: object) -> Adoption:
    """The adoption in that standing; `since` changes only when the standing does."""
    since = adoption.since if adoption.standing is standing else seen.today
    return replace(adoption, standing=standing, since=since, why=why, **changes)  # type: ignore[arg-type]


def late_since(adoption: Adoption) -> date | None:
    """The last day in time: the due date of the work, or that of the answer; None where nothing is due."""
    if adoption.stopped is not None:
        return None
    if adoption.standing in BOUND:
        return adoption.due
    return adoption.answer_by if adoption.standing is Standing.UNANSWERED else None


def is_late(adoption: Adoption, today: date) -> bool:
    """Whether the project's work is late, as domain/compliance/glossary.py says."""
    return adoption.standing in BOUND and adoption.stopped is None and is_past(adoption.due, today)


def escalate(adoption: Adoption, seen: Circumstances) -> Adoption:
    """Late work, or a missing answer, is escalated up the ladder; each level once.

    What is kept is how many levels were told: with other times, or another ladder, none is told again. Where
    nothing is late any more the levels begin again.
    """
    waited = late_since(adoption)
    if adoption.stopped is not None:
        return adoption
    if waited is None or seen.today <= waited:
        return replace(adoption, escalated=0)
    levels = late_levels(seen.calendar, waited, seen.today, seen.ladder)
    return replace(adoption, escalated=max(adoption.escalated, len(levels)))
