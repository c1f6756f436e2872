"""How long a server asks to wait, in every form in which servers say it; refuses to sleep.

Delta seconds, a point in time as epoch seconds, HTTP date or ISO 8601; on success too, where it puts off the
next call. What cannot be read is no wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EPOCH_FROM = 1_000_000_000
"""A number this large is a point in time, not a number of seconds."""
MILLISECONDS_FROM = 100_000_000_000
RESETS = ("x-ratelimit-reset", "ratelimit-reset", "beta-ratelimit-reset")
REMAINING = ("x-ratelimit-remaining", "ratelimit-remaining")
LONGEST = timedelta(days=366)
UNTOLD = timedelta(minutes=1)
"""How long to wait for a limit that gives no time (GitHub's documentation says at least a minute)."""
WORDS = b"rate limit"


def moment(text: str, now: datetime) -> datetime | None:
    """The point in time that a header's text names, seen from `now`; None when it names none."""
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        at = _dated(text)
    else:
        at = _counted(number, now)
    return at if at is not None and at - now <= LONGEST else None


def _counted(number: float, now: datetime) -> datetime | None:
    if number >= MILLISECONDS_FROM:
        number /= 1000
    try:
        return (
            datetime.fromtimestamp(number, UTC) if number >= EPOCH_FROM else now + timedelta(seconds=number)
        )
    except (OverflowError, ValueError, OSError):
        return None


def _dated(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (TypeError, ValueError, OverflowError):
            continue
    return None


def exhausted(headers: Mapping[str, str]) -> bool:
    """Whether the headers say that nothing is left of a limit."""
    return any(headers.get(name, "").strip() == "0" for name in REMAINING)


def spent(headers: Mapping[str, str]) -> bool:
    """Whether a quota is used up: then it stays so until its reset, and a short wait does not help."""
    return "quota" in headers.get("ratelimit-reason", "").lower()


def asked(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the server asks to wait; None when it does not.

    `Retry-After` decides where it is there and can be read, except for a quota; a reset counts only when
    nothing is left.
    """
    told = moment(headers["retry-after"], now) if "retry-after" in headers else None
    if told is not None and not spent(headers):
        return told
    if not exhausted(headers) and not spent(headers):
        return None
    times = [told, *(moment(headers[name], now) for name in RESETS if name in headers)]
    return max((at for at in times if at is not None), default=None)


def limited(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether an answer says only that there were too many calls: then this one was not carried out.

    A 403 says it too where nothing is left of a limit or a wait is asked for; `retry-after: 0` asks for none.
    """
    if status != 403:
        return status == 429
    later = asked(headers, now)
    return exhausted(headers) or (later is not None and later > now) or WORDS in body[:2048].lower()
