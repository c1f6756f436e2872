"""Who reads pages by a personal link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LinkReader:
    """Whose pages they are: the name, until when the link lasts, and the path of their pages."""

    person: str
    until: date
    base: str
