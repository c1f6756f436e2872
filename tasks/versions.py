"""The published versions that a task was asked for by their ids; it refuses what was not published."""

from __future__ import annotations

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


def choose(unit: Unit, version: str) -> Version:
    """The published version of that id, or the one that took effect last for `newest`.

    Raises LookupError when there is none.
    """
    published = unit.versions.all()
    if not published:
        raise LookupError("no version is published: run publish-standard first")
    if version == "newest":
        return max(published, key=lambda v: (v.effective_from, v.version))
    for each in published:
        if each.id == version:
            return each
    raise LookupError(f"{version} is not published; published are: {', '.join(v.id for v in published)}")
