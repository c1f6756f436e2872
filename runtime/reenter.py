"""Start this command again in a clean environment, before anything of Prefect is imported.

Prefect reads its settings, its profile and its home when it is imported. This way it reads ours, and never
touches the home folder of the person who called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from config.settings import variable
from runtime.environment import CLEAN, clean
from runtime.folder import StateFolder


def reenter(folder: StateFolder, argv: Sequence[str], extra: Mapping[str, str] | None = None) -> None:
    """Replace this process by the same command in a clean environment with `extra`; return if it is clean."""
    if variable(CLEAN) == folder.identity:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-P", "-m", "cli.main", *argv]
    environment = {**clean(folder), **(extra or {}), CLEAN: folder.identity}
    os.execve(sys.executable, command, environment)  # noqa: S606 - ourselves
