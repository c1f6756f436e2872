"""What every run needs, loaded by the fork server before the runs begin, so that a fork of it has it at once.

It decides nothing: a run reads the organization's files anew, and parses only those that have changed.
"""

from __future__ import annotations

import gc
import importlib
from contextlib import suppress

from config.folder import read_folder
from config.problems import Problems
from config.settings import BadSettings, read_settings
from config.wiring import examine
from reports.render import prepare
from store import document

LATE = (
    "anyio._backends._asyncio",
    "encodings.idna",
    "fastapi.encoders",
    "prefect._vendor.croniter",
    "prefect.concurrency._asyncio",
    "prefect.concurrency._sync",
    "prefect.task_engine",
    "prefect.utilities.visualization",
    "rich._emoji_codes",
)
"""The modules that Prefect imports only during a run."""


def load() -> None:
    """Load modules, templates, the forms of what is stored, and the organization's files as they are now."""
    for module in LATE:
        importlib.import_module(module)
    prepare()
    document.prepare()
    with suppress(BadSettings):  # the run itself reports it
        examine(read_settings().organization)
    gc.collect()
    gc.freeze()  # what is there now stays, so garbage collections in runs need not look at it


def look_again() -> None:
    """Load the organization's files again; costs nothing where none has changed."""
    with suppress(BadSettings):
        read_folder(read_settings().organization, Problems())
