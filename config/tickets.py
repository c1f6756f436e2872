"""Tickets with which an operator signs in to our Prefect server's page: each is valid once, for an hour.

A ticket is a file of the state folder, named by the ticket's hash, and spending it is removing that file. So
none is spent twice or lost by a restart, and only who may write the state folder can make one. Refuses to say
why a ticket is not valid.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = "tickets"
LASTS = timedelta(hours=1)
TICKET = re.compile(r"[A-Za-z0-9_-]{43}")


def issue(state: Path, now: datetime) -> str:
    """A new ticket. Expired ones are deleted. Raises OSError."""
    folder = state / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in folder.iterdir():
        if not _lasts(old, now):
            old.unlink(missing_ok=True)
    ticket = secrets.token_urlsafe(32)
    path = folder / _name(ticket)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    os.utime(path, (now.timestamp(), now.timestamp()))
    return ticket


def spend(state: Path, ticket: str, now: datetime) -> bool:
    """Whether the ticket was valid; it is spent now."""
    if not TICKET.fullmatch(ticket):
        return False
    path = state / FOLDER / _name(ticket)
    try:
        good = _lasts(path, now)
        path.unlink()
    except FileNotFoundError:
        return False
    return good


def _lasts(path: Path, now: datetime) -> bool:
    """Whether the ticket has not expired; one dated in the future is not valid either."""
    age = now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return -timedelta(minutes=1) < age < LASTS


def _name(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
