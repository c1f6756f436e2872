"""How long a server asks to wait, in every style in which servers say it; refuses to sleep.

Delta seconds, a point in time as epoch seconds, HTTP date or ISO 8601; on success too, where it puts off
the next call. What is not understood is no wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EPOCH_FROM = 1_000_000_000
"""A number this large is a point in time, not a number of seconds."""
RESETS = ("x-ratelimit-reset", "ratelimit-reset", "beta-ratelimit-reset")
REMAINING = ("x-ratelimit-remaining", "ratelimit-remaining")
LONGEST = timedelta(days=366)


def moment(text: str, now: datetime) -> datetime | None:
    """The point in time that a header's text names, seen from `now`; None when it names none."""
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return _dated(text)
    try:
        at = datetime.fromtimestamp(number, UTC) if number >= EPOCH_FROM else now + timedelta(seconds=number)
    except (OverflowError, ValueError, OSError):
        return None
    return at if at - now <= LONGEST else None


def _dated(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
        except (TypeError, ValueError):
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def exhausted(headers: Mapping[str, str]) -> bool:
    """Whether the answer says that nothing is left of a limit."""
    return any(headers.get(name, "").strip() == "0" for name in REMAINING)


def asked(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the server asks to wait; None when it does not.

    `Retry-After` decides where it is there; a reset counts only when nothing is left.
    """
    if "retry-after" in headers:
        return moment(headers["retry-after"], now)
    if not exhausted(headers):
        return None
    times = [moment(headers[name], now) for name in RESETS if name in headers]
    return max((at for at in times if at is not None), default=None)
