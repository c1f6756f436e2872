"""The ledger's head as a report file prints it: the one thing that is read out of a written report.

The index in the store has the head too. But whoever can change the ledger in the database can change the
index beside it: what a page prints is evidence because it is outside the database. So verifying the ledger
reads it from the file, whether or not the index knows the file. All else about a report comes from the index.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from domain.ledger.anchors import Anchor

PRINTED = re.compile(
    rb'<code class="ledger-head">([0-9a-f]{64})</code>'
    rb'(?:[^<]{0,40}<span data-figure="ledger-entry">([0-9]{1,16})</span>)?'
)
"""The line in the foot of every report, in any language. A page without it is no report."""
OLDER = re.compile(
    rb"Ledger head <code>([0-9a-f]{64})</code>(?: \(entry ([0-9]{1,16})\))?\. Whoever verifies the ledger"
)
"""As it was in English only; still older ones print no number."""
FOOT = 4096
"""Bytes at the end of a file that hold its foot."""


def printed_anchor(path: Path) -> Anchor | None:
    """The head that the foot of this file prints; None where it prints none as our reports do.

    Raises OSError for a file that cannot be read.
    """
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - FOOT))
        foot = file.read(FOOT)
    printed = PRINTED.findall(foot) or OLDER.findall(foot)
    if not printed:
        return None
    head, number = printed[-1]
    return Anchor(f"the report {path.stem}", head.decode(), int(number) if number else None)
