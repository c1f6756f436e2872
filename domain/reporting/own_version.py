"""By which version of a standard a project reports: by the one that binds it, not by one on its way.

A first version is everybody's. One that follows another is a project's once a rollout made it so, or once its
rollout is over and the project was no part of it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.rollouts.adoption import UNDER
from domain.rollouts.rollout import Adoption, Rollout, RolloutState
from domain.standards.formats import FilledFormat
from domain.standards.standard import Version


@dataclass(frozen=True, slots=True)
class OwnVersions:
    """The versions of one standard, oldest first, and what rollouts made of them."""

    versions: tuple[Version, ...]
    bound: dict[str, frozenset[str]] = field(default_factory=dict)
    """The projects that rollouts put under a version, by its number."""
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    """All that were part of its rollouts."""
    over: frozenset[str] = frozenset()
    """The versions whose rollouts are all over."""

    def of(self, project: str) -> str:
        """The version (`standard/version`) by which the project reports."""
        found = self.versions[0]
        for version in self.versions[1:]:
            number = version.version
            ours = project in self.bound.get(number, frozenset())
            later = number in self.over and project not in self.members.get(number, frozenset())
            if ours or later or self._is_first(version):
                found = version
        return found.id

    def _is_first(self, version: Version) -> bool:
        """Whether it follows no version that was published."""
        return version.previous not in {each.version for each in self.versions}


def own_versions(
    versions: Sequence[Version], rollouts: Iterable[tuple[Rollout, Sequence[Adoption]]]
) -> OwnVersions:
    """What rollouts made of the versions of one standard, which are given oldest first, one or more."""
    bound: dict[str, frozenset[str]] = {}
    members: dict[str, frozenset[str]] = {}
    states: dict[str, list[RolloutState]] = {}
    for rollout, adoptions in rollouts:
        if rollout.manifest.standard != versions[0].standard:
            continue
        number = rollout.manifest.version
        new = frozenset(a.project for a in adoptions if a.standing in UNDER)
        bound[number] = bound.get(number, frozenset()) | new
        members[number] = members.get(number, frozenset()) | {a.project for a in adoptions}
        states.setdefault(number, []).append(rollout.state)
    over = frozenset(n for n, each in states.items() if set(each) == {RolloutState.COMPLETED})
    return OwnVersions(tuple(versions), bound, members, over)


def format_in(version: Version, name: str) -> FilledFormat | None:
    """The format of that id in a version, where that version has it and says how it is filled."""
    found = (each for each in version.reports if each.id == name)
    return next((each for each in found if isinstance(each, FilledFormat)), None)


def filled_formats(versions: Sequence[Version]) -> tuple[FilledFormat, ...]:
    """Every format of the versions of one standard that is filled, each as the newest version states it."""
    found: dict[str, FilledFormat] = {}
    for version in versions:
        for each in version.reports:
            if isinstance(each, FilledFormat):
                found[each.id] = each
    return tuple(found.values())
