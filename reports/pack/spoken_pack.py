"""A pack together with the language in which its own words are said, as every form of it is drawn.

Refuses to translate what offices, people and standards wrote, and what the pack itself says in sentences:
these were said when it was filled.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from domain.language import Language
from domain.reporting.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPack(Pack):
    """A pack, and the language that its forms are drawn in."""

    says: Language

    @property
    def previous_day(self) -> str:
        """The day of the cut-off of the pack before; empty where there is none."""
        previous = self.head.previous
        return self.says.long_day(previous.day) if previous else ""

    def day(self, on: date | None) -> str:
        """The day with its month as a word; empty for none."""
        return self.says.long_day(on) if on else ""


def spoken_pack(pack: Pack, says: Language) -> SpokenPack:
    """The pack as it is drawn in that language."""
    return SpokenPack(**{each.name: getattr(pack, each.name) for each in fields(Pack)}, says=says)
