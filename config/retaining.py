"""What is removed because it was kept long enough is counted and recorded; messages' bodies are let go of.

The gateway lets go of bodies each hour, `apply-retention` of all kinds, by the same functions. Refuses to
remove anything without an entry of the ledger in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.canonical import digest
from domain.ledger.chain import Event
from domain.organization.retention import KeptKind, Retention
from domain.outcomes.retention import RemovedOfKind
from store.expiring import Old
from store.unit import Unit

KIND = "retention"
"""Of the ledger's entries: what was removed, how many, of which days; `subject` is the kind of thing."""


def removed(kind: KeptKind, retention: Retention, found: Sequence[Old], held: int = 0) -> RemovedOfKind:
    """These, counted."""
    days = sorted(each.day for each in found)
    first, last = (days[0].isoformat(), days[-1].isoformat()) if days else ("", "")
    names = digest(sorted(each.name for each in found)) if found else ""
    return RemovedOfKind(str(kind), retention.days(kind), len(found), first, last, held, names)


def record_removed(unit: Unit, found: RemovedOfKind, at: datetime, why: str = "") -> None:
    """Keep in the ledger what is removed; nothing where nothing is."""
    if not found.count:
        return
    detail: dict[str, object] = {
        "count": found.count,
        "oldest": found.oldest,
        "newest": found.newest,
        "held": found.held,
        "kept_days": found.days,
        "names": found.names,
    }
    if why:
        detail["reason"] = digest(why)
    unit.ledger.append(Event(KIND, found.what, "system", at, detail))


def let_go_of_messages(
    unit: Unit, retention: Retention, now: datetime, at: datetime, most: int, why: str = ""
) -> RemovedOfKind:
    """Delete the bodies of the oldest messages that are kept no longer, at most so many, and record it.

    `now` is the machine's time, by which messages came; `at` that of the entry.
    """
    before = retention.before(KeptKind.MESSAGES, now)
    old = unit.expiring.messages(before, most) if before is not None else ()
    if before is not None and old:
        unit.inbox.let_go(before, most)
    found = removed(KeptKind.MESSAGES, retention, old)
    record_removed(unit, found, at, why)
    return found
