"""What was proposed for an office's existing workbook: sheets, columns, words, and what is left over.

Plain values for people to read and correct. Refuses to look at a workbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from connectors.workbook.words import WordProposal

Confidence: TypeAlias = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of our fields, the header that may hold it, how sure that is and why."""

    field: str
    header: str
    ref: str
    confidence: Confidence
    reason: str
    unit: str = ""
    under: str = ""
    """What stands over the header, where the same header stands twice."""
    samples: tuple[str, ...] = ()
    """Three different values of the column, as people read them."""

    @property
    def placed(self) -> str:
        """The header as people read it, with what stands over it: `Plan / Start`."""
        return f"{self.under} / {self.header}" if self.under else self.header

    @property
    def column(self) -> str | dict[str, str]:
        """The column as settings say it."""
        more = {name: value for name, value in (("under", self.under), ("unit", self.unit)) if value}
        return {"header": self.header, **more} if more else self.header


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A header that matches no field, and what its values look like: a gate's dates, a field's words."""

    header: str
    ref: str
    looks: str
    guess: str = ""
    """What it may hold, where another header holds that more surely, or the sheet is none of ours; else
    empty."""
    samples: tuple[str, ...] = ()
    """Three different values of the column, as people read them."""


@dataclass(frozen=True, slots=True)
class SheetProposal:
    """What a sheet may be, its proposed columns, and its headers that match no field."""

    part: str
    sheet: str
    header_row: int
    confidence: Confidence
    reason: str
    columns: tuple[Proposal, ...]
    unmapped: tuple[Unmapped, ...]
    missing: tuple[str, ...]
    """Required fields for which no header was found."""
    words: tuple[WordProposal, ...] = ()
    """What the words in its cells mean: stages, statuses, kinds."""
    again: tuple[int, ...] = ()
    """Rows below the headers that are headers too, and no records."""

    @property
    def settings(self) -> dict[str, object]:
        """The sheet's settings, as far as they are known."""
        found: dict[str, object] = {"sheet": self.sheet}
        found |= {"ignore_rows": list(self.again)} if self.again else {}
        found["columns"] = {each.field: each.column for each in self.columns}
        for each in self.words:
            if each.known and each.subject == "status":
                found["statuses"] = {ours: list(words) for ours, words in each.by_meaning.items()}
            elif each.known:
                found["words"] = {each.subject: dict(each.known)}
        return found


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet that was taken for none of ours; `header_row` is None where no row of it can be headers."""

    sheet: str
    header_row: int | None
    columns: tuple[Unmapped, ...]


@dataclass(frozen=True, slots=True)
class MappingProposal:
    """The proposal for a whole workbook; `other_sheets` are those that look like none of ours."""

    file: str
    sheets: tuple[SheetProposal, ...]
    other_sheets: tuple[OtherSheet, ...]

    def settings(self) -> dict[str, object]:
        """The proposal as settings, to be read and corrected by a person; units only where they are known."""
        return {each.part: each.settings for each in self.sheets}
