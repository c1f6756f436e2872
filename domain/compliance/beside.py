"""Several standards that bind one project: each judges it, and each finding says what the others demand.

Where two limit one fact the stricter limit holds; where no value keeps both, the finding says so. Refuses to
change what any of them found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.compliance.network import Network
from domain.compliance.sweep import Judged
from domain.standards.limits import Bound, Contradiction, bounds_of, contradicting, strictest
from domain.standards.standard import Version
from domain.standards.verdict import Result, Verdict


@dataclass(frozen=True, slots=True)
class Binding:
    """A standard that binds the network: its version, the one before, and who finishes under that."""

    version: Version
    previous: Version | None = None
    spared: frozenset[str] = frozenset()

    def of(self, project: str) -> Version | None:
        """The version by which a project is judged; None where it finishes without the standard."""
        if project not in self.spared:
            return self.version
        return None if self.version.previous is None else self.previous or self.version


@dataclass(frozen=True, slots=True)
class Beside:
    """Projects as they were judged, with what the other standards demand, and what contradicts there."""

    judged: list[Judged]
    contradictions: list[Contradiction]


def beside(network: Network, found: Iterable[Judged], own: Binding, others: Sequence[Binding]) -> Beside:
    """The projects as judged by `own`, with what the other standards demand of the same facts."""
    seen = Beside([], [])
    for judged in found:
        seen.judged.append(_beside(network, judged, own, others, seen.contradictions) if others else judged)
    return seen


def _beside(
    network: Network, judged: Judged, own: Binding, others: Sequence[Binding], seen: list[Contradiction]
) -> Judged:
    if all(v.result is not Result.FAIL for v in judged.verdicts):
        return judged
    key = judged.project
    ours = {bound.rule: bound for bound in reversed(_bounds(network, key, own.of(key)))}
    theirs = [bound for other in others for bound in _bounds(network, key, other.of(key))]
    verdicts = []
    for verdict in judged.verdicts:
        limit = ours.get(verdict.rule) if verdict.result is Result.FAIL else None
        opposed = contradicting(limit, theirs) if limit is not None else None
        if limit is None:
            verdicts.append(verdict)
        elif opposed is not None:
            verdicts.append(_contradicted(verdict, limit, opposed))
            seen.append(Contradiction(key, limit, opposed))
        else:
            verdicts.append(_with_others(verdict, limit, theirs))
    return replace(judged, verdicts=tuple(verdicts))


def _contradicted(verdict: Verdict, own: Bound, other: Bound) -> Verdict:
    why = f"{verdict.why}; contradicts {other}: no value of {own.fact} keeps both"
    return replace(verdict, why=why)


def _bounds(network: Network, project: str, version: Version | None) -> list[Bound]:
    """What the rules of a version that apply to a project demand of facts; nothing without a version."""
    if version is None:
        return []
    verdicts = network.judged(project, version).verdicts
    apply = {v.rule for v in verdicts if v.result is not Result.NOT_APPLICABLE}
    rules = network.rules(project, version).effective
    return [b for each in rules if each.rule.uid in apply for b in bounds_of(each, version.id)]


def _with_others(verdict: Verdict, own: Bound, others: Sequence[Bound]) -> Verdict:
    """The verdict with the stricter limit."""
    holds = strictest(own, others)
    if holds is own:
        return verdict
    why, source = f"{verdict.why}; stricter is {holds}", f"{holds.source}; stricter than {verdict.source}"
    return replace(verdict, why=why, limit=holds.value, source=source)
