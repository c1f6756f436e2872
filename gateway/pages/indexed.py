"""The index of reports, read for a request; refuses to say why it cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.exceptions import HTTPException

from gateway.pages.refused import NO_REPORTS_NOW
from store import Store, Unit
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
NOT_NOW = NO_REPORTS_NOW.text


@contextmanager
def indexed(store: Store) -> Iterator[Unit]:
    """A unit to read the index. Raises HTTPException 503 while the store cannot be read."""
    try:
        with store.read() as unit:
            yield unit
    except StoreError as problem:
        LOG.warning("the index of reports cannot be read", extra={"why": str(problem)})
        raise HTTPException(503, NOT_NOW) from None
