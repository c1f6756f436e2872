"""Personal links to reports: who may read what until when, signed, so that nobody can make or change one.

Sans-I/O: key and time are given. A link is a secret in itself, like a letter: who has it reads as the person
whom it names, until it ends or the person leaves. Refuses every token but the very text that it made.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime

from config.tokens import NoLink, sealed, unsealed
from domain.reporting.entry import ReportEntry

PURPOSE = b"interoffice/reports/"
"""What the key signs here, so that no other use of it makes a link."""
SUBJECT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Reader:
    """A person and what they may read: all reports, or those about one subject."""

    person: str
    about: str = ""

    def may_read(self, entry: ReportEntry) -> bool:
        """Whether that report is among them."""
        return not self.about or entry.about == self.about


def sign(key: bytes, reader: Reader, until: datetime) -> str:
    """The token of a link, for the path of a URL. Raises ValueError for a reader that no link can name."""
    if reader.about and not SUBJECT.fullmatch(reader.about):
        raise ValueError(f"{reader.about[:100]!r} is nothing that a report is about")
    said = {"person": reader.person, "about": reader.about, "until": int(until.timestamp())}
    try:
        return sealed(key, PURPOSE, said)
    except ValueError:
        raise ValueError("the person's id is too long for a link") from None


def read(key: bytes, token: str, now: datetime, people: Container[str]) -> Reader:
    """Who reads with this token, if it is one of these people. Raises `NoLink`, and nothing else."""
    said = unsealed(key, PURPOSE, token)
    if now >= datetime.fromtimestamp(said["until"], UTC):
        raise NoLink("it has ended")
    if said["person"] not in people:
        raise NoLink("its person is none of the organization's")
    return Reader(said["person"], said["about"])
