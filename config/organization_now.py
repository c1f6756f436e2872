"""The organization as its files say it now, for requests that come long after a process read them.

They are read again when one of them is another file than before. Refuses to go on with what was read earlier
while the files are wrong: then nobody has any role.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from config.organization import Loaded
from config.wiring import examine
from domain.organization.office import Organization


class NotReadable(Exception):
    """The organization's files cannot be used as they are."""


@dataclass
class OrganizationNow:
    """The organization in a folder; it is safe to ask from several threads."""

    folder: Path
    _seen: object = None
    _found: Organization | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> Organization:
        """As the files say it. Raises NotReadable where something is wrong with them."""
        with self._lock:
            seen = self._stamp()
            if seen != self._seen:
                loaded = examine(self.folder)
                self._found = loaded.organization if isinstance(loaded, Loaded) else None
                self._seen = seen
            if self._found is None:
                raise NotReadable("the organization's files are wrong; interoffice check says what")
            return self._found

    def _stamp(self) -> object:
        """What is another when a file was added, removed or changed."""
        files = sorted(self.folder.rglob("*.yaml"))
        return [(str(path), *_times(path)) for path in files]


def _times(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_size, found.st_ino
