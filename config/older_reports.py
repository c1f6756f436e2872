"""Enters reports that were written before there was an index into that index, once, after the upgrade.

Only while the index is empty, and only files that are this store's own reports: each describes itself, its
name fits its content, and the ledger holds the entry whose hash it prints. All are entered in one
transaction, so after an interruption the next start enters all of them. Refuses every other file of the
folder.
"""

from __future__ import annotations

from pathlib import Path

from store import Store


def enter_older(store: Store, folder: Path) -> int:
    """Enter the reports of the folder into the index; returns how many were entered."""
    with store.read() as unit:
        if not unit.reports.is_empty():
            return 0
    files = [path for path in sorted(folder.glob("*.html")) if path.is_file() and not path.is_symlink()]
    if not files:
        return 0
    from reports.older import older_entry  # noqa: PLC0415 - needed once, and commands are to begin quickly

    found = [entry for entry in map(older_entry, files) if entry is not None]
    with store.read() as unit:
        ours = [entry for entry in found if unit.ledger.holds(entry.ledger_head, entry.ledger_entry)]
    if not ours:
        return 0
    with store.begin() as unit:
        entered = sum(unit.reports.add(entry) for entry in ours)
        unit.commit()
    return entered
