"""What ends a deviation before its day: its project, its facts or its rule are not what it was granted for.

Of each it says which, and that it has to be asked anew. Refuses to end anything by silence, or by a fact that
is not material for the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.deviations.asking import material
from domain.deviations.deviation import Cause, Deviation, Ending, State
from domain.deviations.register import rule_digest
from domain.plans.facts import Facts
from domain.standards.standard import Rule, Version
from domain.standards.verdict import Result

KEPT = frozenset({Result.PASS, Result.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Now:
    """How things stand for a deviation: the version that judges its projects, and its project.

    `facts` is None where its project is not there; for a class it is an empty mapping. `results` are the
    verdicts of its project by that version, without any deviation.
    """

    version: Version | None
    facts: Facts | None
    program: str = ""
    results: Mapping[str, Result] | None = None

    def rule(self, uid: str) -> Rule | None:
        """The rule of that uid in the version."""
        return next((r for r in self.version.rules if r.uid == uid), None) if self.version else None


def cause_of(deviation: Deviation, now: Now) -> Cause | None:
    """Why it ends now; None where nothing ends it.

    In this order: its project is gone or in another program; a version adopts what it permits, or drops the
    rule; the rule changed; a material fact changed.
    """
    if deviation.scope.project and now.facts is None:
        return Cause.PROJECT_GONE
    if deviation.scope.project and now.program != deviation.basis.program:
        return Cause.PROJECT_MOVED
    if now.version is None:
        return None
    rule = now.rule(deviation.rule)
    changed = _of_rule(deviation, rule, now)
    if changed is not None or rule is None or not deviation.scope.project:
        return changed
    same = material(rule, now.facts or {}) == deviation.basis.facts
    return None if same else Cause.FACTS_CHANGED


def _of_rule(deviation: Deviation, rule: Rule | None, now: Now) -> Cause | None:
    if rule is None:
        return Cause.RULE_DROPPED
    if rule_digest(rule) == deviation.basis.rule:
        return None
    result = (now.results or {}).get(rule.uid)
    adopted = deviation.limit is not None and rule.limit == deviation.limit
    return Cause.ABSORBED if result in KEPT or adopted else Cause.RULE_CHANGED


STATE_OF: Mapping[Cause, State] = {
    Cause.ABSORBED: State.SUPERSEDED,
    Cause.RULE_DROPPED: State.SUPERSEDED,
    Cause.RULE_CHANGED: State.ORPHANED,
    Cause.FACTS_CHANGED: State.ORPHANED,
    Cause.PROJECT_GONE: State.ORPHANED,
    Cause.PROJECT_MOVED: State.ORPHANED,
}


def ended_by(deviation: Deviation, cause: Cause, at: datetime) -> Deviation:
    """The deviation as it ends for that cause; one that only waits is orphaned whatever the cause."""
    state = STATE_OF[cause] if deviation.state is State.SCHEDULED else State.ORPHANED
    return deviation.ended(Ending(state, at, cause))


def revoked(deviation: Deviation, at: datetime, person: str, why: str) -> Deviation:
    """The deviation as somebody revokes it. Raises NoSuchMove for one that was not granted or is over."""
    return deviation.ended(Ending(State.REVOKED, at, Cause.REVOKED, person, why))


def withdrawn(deviation: Deviation, at: datetime, person: str, why: str) -> Deviation:
    """The deviation as who asked for it takes it back. Raises NoSuchMove for one that is in force or over."""
    return deviation.ended(Ending(State.WITHDRAWN, at, Cause.WITHDRAWN, person, why))


def granted(deviation: Deviation, at: datetime) -> Deviation:
    """The deviation as granted. Raises NoSuchMove for one that is decided or over."""
    return replace(deviation.moved(State.APPROVED), decided=at)


def put_in_force(deviation: Deviation, at: datetime) -> Deviation:
    """The granted deviation as put in force from its first day on. Granting alone changes no verdict."""
    return replace(deviation.moved(State.SCHEDULED), activated=at)


def rejected(deviation: Deviation, at: datetime, person: str = "") -> Deviation:
    """The deviation as somebody declined it. Raises NoSuchMove for one that is decided or over."""
    ended = deviation.ended(Ending(State.REJECTED, at, Cause.DECIDED, person))
    return replace(ended, decided=at)
