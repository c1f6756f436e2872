"""Every change of an exported ledger of a thousand entries is found, and the first bad entry is named."""

from __future__ import annotations

from unittest.mock import patch

from domain.ledger import chain
from tests.crash.tally import Tally
from tests.domain.ledger.changes import CHANGES, tried


def changed(entries: int) -> Tally:
    """Each entry gone, changed, written anew, exchanged, put in twice, and all from it on cut off."""
    return _tally(Tally(f"ledger: every change of an export of {entries} entries"), entries)


def changed_unseen(entries: int) -> Tally:
    """The control: a chain whose hashes are not compared with what they cover."""
    with patch.object(chain, "_holds", lambda _: True):
        return _tally(Tally(f"control: {entries} entries, no hash is computed", control=True), entries)


def _tally(tally: Tally, entries: int) -> Tally:
    for each in tried(entries):
        tally.attempted += 1
        tally.lost += each.missed
        if each.missed and not tally.control:
            tally.wrong.append(f"{each.change}: {each.named} is named, not {sorted(each.right)}")
    tally.points = entries
    tally.expect(tally.attempted == CHANGES * entries - 1, "not every change was made")
    return tally
