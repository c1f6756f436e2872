"""The head of the ledger in a file outside the database, which stays when the database is replaced.

It is written after each commit that appended an entry, so it may be behind the ledger, never ahead. It only
moves forward, and stays as it is while it names an entry that the ledger does not hold: that is a finding for
`interoffice ledger verify`. An error here is logged, and no commit fails by it.

One line of fixed length, written in place by one call under the file's own lock: a kill cannot leave half of
it, a full disk has room for it, and no temporary file is left. It is not synchronized to the disk: after a
power failure it may be behind, which an anchor may be.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from pathlib import Path

from domain.ledger.anchors import Anchor
from domain.ledger.chain import Entry
from store.ledger import Ledger

LOG = logging.getLogger("interoffice.store")
NAME = "ledger.head"
LINE = re.compile(rb" *([0-9]{1,16}) ([0-9a-f]{64})\n")
LENGTH = 82
FOR_OWNER = 0o600


class HeadFile:
    """The newest entry that was appended through this state folder, by number and hash.

    Safe to use from several threads and processes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said = ""

    def kept(self) -> Anchor | None:
        """What the file names; None where there is none. Raises OSError, and ValueError for a damaged one."""
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            return self._understood(os.pread(handle, LENGTH + 1, 0))
        finally:
            os.close(handle)

    def continues(self, ledger: Ledger) -> bool:
        """Whether the file may go forward: the ledger holds the entry that it names, or it names none."""
        try:
            kept = self.kept()
        except (OSError, ValueError) as problem:
            self._say(f"{self._path} cannot be read and stays as it is: {problem}")
            return False
        if kept is None or ledger.hash_of(kept.number or 0) == kept.hash:
            return True
        self._say(
            f"{self._path} names entry {kept.number}, which is not in the ledger of this database; it stays"
            " as it is -> look with `interoffice ledger verify`"
        )
        return False

    def advance(self, newest: Entry) -> None:
        """Name this entry, unless the file names a later one."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FOR_OWNER)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                kept = self._understood(os.pread(handle, LENGTH + 1, 0))
                if kept is None or (kept.number or 0) < newest.number:
                    os.pwrite(handle, f"{newest.number:>16} {newest.hash}\n".encode(), 0)
            finally:
                os.close(handle)
        except (OSError, ValueError) as problem:
            self._say(f"{self._path} cannot be written and stays behind the ledger: {problem}")
        else:
            self._said = ""

    def _understood(self, content: bytes) -> Anchor | None:
        """The anchor in the file's content; None where the file was created and not written yet."""
        if not content.strip(b"\0"):
            return None
        found = LINE.fullmatch(content)
        if found is None:
            raise ValueError("it holds no number and hash of an entry")
        return Anchor(NAME, found[2].decode(), int(found[1]))

    def _say(self, what: str) -> None:
        """Log a problem once, not with each commit."""
        if what != self._said:
            self._said = what
            LOG.warning(what)
