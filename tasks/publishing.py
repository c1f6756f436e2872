"""Publish a version: from the organization's files into the store, where it never changes again."""

from __future__ import annotations

from dataclasses import dataclass

from prefect import task

from tasks.answering import spelled_out
from tasks.memory import house, record


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing came to: the version, its rules, its digest, and whether it was new."""

    version: str
    rules: int
    digest: str
    new: bool


@task(name="publish-version", task_run_name="publish {version}")
def publish_version(version: str, why: str, *, dry_run: bool) -> Published:
    """Publish `standard/version`. The same content again changes nothing; other content is refused.

    Raises LookupError for a version that the organization's files do not hold, and store.errors.Changed
    for one that was published with other content.
    """
    home = house()
    found = home.versions.get(version)
    if found is None:
        known = ", ".join(sorted(home.versions)) or "none"
        raise LookupError(f"the organization holds no version {version}; it holds {known}")
    with home.store.begin() as unit:
        why = spelled_out(home, unit, why, "why")
        new = unit.versions.publish(found, home.clock.now())
        if new:
            detail = {"digest": found.digest, "rules": len(found.rules)}
            record(home, unit, "version", found.id, detail=detail, why=why, version=found.id)
        if not dry_run:
            unit.commit()
    return Published(found.id, len(found.rules), found.digest, new)
