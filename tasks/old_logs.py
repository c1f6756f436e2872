"""The logs of our processes by days: one that is written to is put aside once a day, under that day.

Refuses to touch any other file of the folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path


def old_logs(folder: Path, before: date) -> Mapping[Path, date]:
    """The logs that were put aside before that day, and on which day each was."""
    days = {path: _day(path.suffix[1:]) for path in sorted(folder.glob("*.log.*"))}
    return {path: day for path, day in days.items() if day is not None and day < before}


def put_aside(folder: Path, today: date) -> None:
    """Each log under the name of today, and empty from now on; what is written at that moment may be lost."""
    for path in sorted(folder.glob("*.log")):
        aside = path.with_name(f"{path.name}.{today}")
        if aside.exists() or path.is_symlink() or not path.stat().st_size:
            continue
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
            copy.write(path.read_bytes())
        os.truncate(path, 0)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
