"""How an event of ours is signed: the Standard Webhooks, with a shared secret (https://www.standardwebhooks.com).

Sans-I/O: secrets and time are given. Refuses a key that is shorter than the specification permits.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime

from domain.messages.outbox import Happening

SHORTEST_KEY = 24
"""Bytes."""


def keys_in(secrets: str) -> tuple[bytes, ...]:
    """The keys of one secret `whsec_...`, or of several with spaces between them, for their rotation.

    Empty where one of them is not valid.
    """
    try:
        keys = tuple(base64.b64decode(each.removeprefix("whsec_"), validate=True) for each in secrets.split())
    except (binascii.Error, ValueError):
        return ()
    return keys if all(len(key) >= SHORTEST_KEY for key in keys) else ()


def signed(told: Happening, keys: Sequence[bytes], now: datetime) -> tuple[tuple[str, str], ...]:
    """The headers of one call: id, time of the call, and a signature by each key over both and the body."""
    stamp = str(int(now.timestamp()))
    content = b".".join((told.id.encode(), stamp.encode(), told.body))
    marks = (base64.b64encode(hmac.new(key, content, "sha256").digest()).decode() for key in keys)
    return (
        ("webhook-id", told.id),
        ("webhook-timestamp", stamp),
        ("webhook-signature", " ".join(f"v1,{mark}" for mark in marks)),
        ("Content-Type", "application/json"),
        ("Accept", "*/*"),
    )
