"""The state folder: what we write is in it, for its owner alone, and only one `up` at a time uses it.

It refuses a second holder: the lock goes away with the process that holds it, however it ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime.narrowing import close
from runtime.problem import Problem

CHECKOUT = Path(__file__).resolve().parent.parent
PATIENCE = 300.0
"""Seconds that a second `up` waits for the first to end its main job."""
SERVING = "serving"
STARTING = "starting"
GLANCE = 0.05
"""Seconds for which a process that only checks whether the folder is held may hold the lock."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The places of files below one root folder."""

    root: Path

    @property
    def identity(self) -> str:
        """The identity that every process serving this folder has in its environment."""
        return hashlib.sha256(str(self.root.resolve()).encode()).hexdigest()[:20]

    @property
    def prefect(self) -> Path:
        """Prefect's home: its database and its own files."""
        return self.root / "prefect"

    @property
    def logs(self) -> Path:
        """A file per process that we started."""
        return self.root / "logs"

    @property
    def reports(self) -> Path:
        """The reports that the gateway serves."""
        return self.root / "reports"

    @property
    def scratch(self) -> Path:
        """Where workers start, so that nothing relies on the current folder."""
        return self.root / "scratch"

    @property
    def sample(self) -> Path:
        """The copy of the sample organization."""
        return self.root / "organization"

    @property
    def live(self) -> Path:
        """The note about a live copy of the sample; absent where the copy is the plain one."""
        return self.root / "live.json"

    @property
    def database(self) -> Path:
        """Our own database, where no other is configured."""
        return self.root / "interoffice.db"

    def make(self) -> None:
        """Make the folders, and take others' rights from those that are there. Raises Problem."""
        try:
            self.root.mkdir(0o700, parents=True, exist_ok=True)
            close(self.root, whole=True)
            for folder in (self.prefect, self.logs, self.reports, self.scratch):
                folder.mkdir(0o700, exist_ok=True)
            ignore = self.root / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", "utf-8")
            if not os.access(self.root, os.W_OK | os.X_OK):
                raise PermissionError(13, "no permission to write", str(self.root))
        except OSError as problem:
            raise Problem(
                f"cannot write the state folder {self.root}: {problem.strerror or problem}"
                " -> give another one with --state DIR"
            ) from None

    def notes(self) -> Mapping[str, object]:
        """What the `up` that holds (or last held) this folder noted about itself; empty when none did."""
        try:
            found = json.loads((self.root / "up.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def note(self, **values: object) -> None:
        """Note something about this `up`, beside what was noted before."""
        write_whole(self.root / "up.json", json.dumps({**self.notes(), **values}, indent=1))

    @property
    def is_held(self) -> bool:
        """Whether some `up` holds this folder now."""
        if not (self.root / "up.lock").exists():
            return False
        with (self.root / "up.lock").open("a") as file:
            return not _try(file.fileno())

    @property
    def server(self) -> str:
        """The API of the Prefect server of the `up` that holds this folder now; empty where none does.

        An `up` that starts has not noted its server yet; what is noted is that of the one before.
        """
        notes = self.notes()
        api = notes.get("api")
        if not isinstance(api, str) or notes.get("stage") == STARTING or not self.is_held:
            return ""
        return api

    @contextmanager
    def held(self, say: Callable[[str], None], patience: float = PATIENCE) -> Iterator[None]:
        """Hold the folder. Waits for another `up` that is at its main job; one that serves is a Problem."""
        with (self.root / "up.lock").open("a") as file:
            deadline = time.monotonic() + patience
            told = False
            while not _try(file.fileno()) and not _try_after(GLANCE, file.fileno()):
                self._answer(deadline)
                if not told:
                    say(f"another `up` (pid {self.notes().get('pid')}) is at work here; waiting for it")
                    told = True
                time.sleep(0.3)
            self.note(pid=os.getpid(), stage=STARTING)
            try:
                yield
            finally:
                self.note(stage="ended")

    def _answer(self, deadline: float) -> None:
        notes = self.notes()
        holder = f"pid {notes.get('pid')}"
        if notes.get("stage") == SERVING:
            raise Problem(
                f"it is already up at {notes.get('ui')} ({holder})"
                f" -> look there, or end it with Ctrl-C in its terminal or `kill {notes.get('pid')}`"
            )
        if time.monotonic() > deadline:
            raise Problem(f"another `up` ({holder}) has not ended its main job -> try again later")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old or the new text, never half of it."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.write_text(text, "utf-8")
    new.replace(path)


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _try_after(seconds: float, handle: int) -> bool:
    time.sleep(seconds)
    return _try(handle)
