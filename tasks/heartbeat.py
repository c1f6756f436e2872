"""The sign that this host is alive, given again and again while something runs here; it judges nobody."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from config.hosts import announce
from config.settings import Settings
from store import Store
from store.errors import StoreError

LOG = logging.getLogger("interoffice.heartbeat")
BEATS = 6
"""How often it is given in the time for which this host may be silent."""


@contextmanager
def beating(store: Store, settings: Settings) -> Iterator[None]:
    """Inside, this host's heartbeat is noted in the store, by a thread: a run may keep its own thread busy.

    It does not begin with one: who enters has just given it together with something else.
    """
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(settings.heartbeat / BEATS):
            try:
                with store.begin() as unit:
                    announce(unit, settings)
                    unit.commit()
            except StoreError as problem:  # the next one may come through; meanwhile others count the time
                LOG.warning("no heartbeat: %s", problem)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
