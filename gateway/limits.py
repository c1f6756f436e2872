"""What the gateway accepts: how large, how slow, how often. Refuses the rest before it costs anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

LARGEST = 2**20
"""Bytes of a body."""
LONGEST = 10.0
"""Seconds that a body may take to arrive."""


class Rejected(Exception):
    """A request that is refused: the status, what to do instead, and headers."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = dict(headers or {})


async def body_of(request: Request, largest: int = LARGEST, longest: float = LONGEST) -> bytes:
    """The whole body, not decoded. Raises Rejected for one too large, too slow, or compressed."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Rejected(415, "a packed body is not taken: send it as it is")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        raise _too_large(largest)
    body = bytearray()
    try:
        async with asyncio.timeout(longest):
            async for part in request.stream():
                body += part
                if len(body) > largest:
                    raise _too_large(largest)
    except TimeoutError:
        raise Rejected(408, f"the body did not arrive within {longest:g} seconds", CLOSE) from None
    except ClientDisconnect:
        raise Rejected(400, "the body broke off") from None
    return bytes(body)


CLOSE = {"connection": "close"}


def _too_large(largest: int) -> Rejected:
    return Rejected(413, f"a body has at most {largest:,} bytes", CLOSE)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """How many verified messages each source may send a minute; a quarter of them may come at once.

    `clock` counts seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, source: str, per_minute: int) -> None:
        """Counts one message. Raises Rejected, with the seconds to wait, when there were too many."""
        now, most = self._clock(), max(1.0, per_minute / 4)
        bucket = self._buckets.setdefault(source, _Bucket(most, now))
        bucket.tokens = min(most, bucket.tokens + (now - bucket.at) * per_minute / 60)
        bucket.at = now
        if bucket.tokens < 1:
            wait = max(1, round((1 - bucket.tokens) * 60 / per_minute + 0.5))
            raise Rejected(429, f"more than {per_minute} messages a minute: wait", {"retry-after": str(wait)})
        bucket.tokens -= 1
