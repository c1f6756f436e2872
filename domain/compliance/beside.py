"""Several standards that bind one project: each judges it, and each finding says what the others demand.

Where two limit one fact the stricter limit holds; where no value keeps both, the finding says so. Refuses to
change what any of them found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.compliance.network import Network
from domain.compliance.sweep import Judged
from domain.standards.limits import Bound, bounds_of, contradicting, strictest
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


def beside(
    network: Network, found: Iterable[Judged], own: Binding, others: Sequence[Binding]
) -> list[Judged]:
    """The projects as judged by `own`, with what the other standards demand of the same facts."""
    return [_beside(network, judged, own, others) if others else judged for judged in found]


def _beside(network: Network, judged: Judged, own: Binding, others: Sequence[Binding]) -> Judged:
    if all(v.result is not Result.FAIL for v in judged.verdicts):
        return judged
    key = judged.project
    ours = {bound.rule: bound for bound in reversed(_bounds(network, key, own.of(key)))}
    theirs = [bound for other in others for bound in _bounds(network, key, other.of(key))]
    verdicts = tuple(
        _with_others(v, ours[v.rule], theirs) if v.result is Result.FAIL and v.rule in ours else v
        for v in judged.verdicts
    )
    return replace(judged, verdicts=verdicts)


def _bounds(network: Network, project: str, version: Version | None) -> list[Bound]:
    """What the rules of a version that apply to a project demand of facts; nothing without a version."""
    if version is None:
        return []
    verdicts = network.judged(project, version).verdicts
    apply = {v.rule for v in verdicts if v.result is not Result.NOT_APPLICABLE}
    rules = network.rules(project, version).effective
    return [b for each in rules if each.rule.uid in apply for b in bounds_of(each, version.id)]


def _with_others(verdict: Verdict, own: Bound, others: Sequence[Bound]) -> Verdict:
    """The verdict with the stricter limit, or with the contradiction."""
    opposed = contradicting(own, others)
    if opposed is not None:
        why = f"{verdict.why}; contradicts {opposed}: no value of {own.fact} keeps both"
        return replace(verdict, why=why)
    holds = strictest(own, others)
    if holds is own:
        return verdict
    why, source = f"{verdict.why}; stricter is {holds}", f"{holds.source}; stricter than {verdict.source}"
    return replace(verdict, why=why, limit=holds.value, source=source)
