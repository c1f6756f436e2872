"""The published versions that a task was asked for by their ids; it refuses what was not published."""

from __future__ import annotations

from datetime import date

from domain.rollouts.rollout import Standing
from domain.standards.standard import Version
from store.unit import Unit


def version_of(unit: Unit, standard: str, version: str) -> Version:
    """A published version. Raises LookupError, saying what to do, when it was not published."""
    found = unit.versions.get(standard, version)
    if found is None:
        raise LookupError(f"{standard}/{version} is not published: run publish-standard first")
    return found


def previous_of(unit: Unit, version: Version) -> Version | None:
    """The version before, when it was published."""
    return unit.versions.get(version.standard, version.previous) if version.previous else None


def spared(unit: Unit, version: Version) -> frozenset[str]:
    """The projects that finish under the version before."""
    return frozenset(
        adoption.project
        for rollout in unit.rollouts.all()
        if (rollout.manifest.standard, rollout.manifest.version) == (version.standard, version.version)
        for adoption in unit.adoptions.of(rollout.id)
        if adoption.standing is Standing.GRANDFATHERED
    )


def newest_of_each(unit: Unit, on: date) -> tuple[Version, ...]:
    """Of every standard the published version that took effect last, by that day; standards by name."""
    found: dict[str, Version] = {}
    for each in sorted(unit.versions.all(), key=_age):
        if each.effective_from <= on:
            found[each.standard] = each
    return tuple(found[standard] for standard in sorted(found))


def _age(version: Version) -> tuple[date, str]:
    return version.effective_from, version.version


def choose(unit: Unit, version: str, on: date, rule: str = "") -> Version:
    """The published version of that id, or for `newest` the one that took effect last by that day.

    Before any took effect it is the one that takes effect last. Where several standards are published, `rule`
    says which is meant: one that has it. Raises LookupError when there is none.
    """
    published = unit.versions.all()
    if not published:
        raise LookupError("no version is published: run publish-standard first")
    if version == "newest":
        meant = [each for each in published if rule in {one.uid for one in each.rules}] or published
        return max([each for each in meant if each.effective_from <= on] or meant, key=_age)
    for each in published:
        if each.id == version:
            return each
    raise LookupError(f"{version} is not published; published are: {', '.join(v.id for v in published)}")
