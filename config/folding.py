"""What people wrote in files and what the store holds, as one, with where each part comes from.

Files are people's, the store is what grew by interaction. Where both hold the same thing it is one; where
they differ nobody can know which is meant, and it is refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from domain.standards.standard import Where

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Holder(StrEnum):
    """Who holds a part."""

    FILES = "files"
    STORE = "store"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A value with where it comes from: its place in a file, and since when the store holds it."""

    value: T
    where: Where | None = None
    at: datetime | None = None

    @property
    def holder(self) -> Holder:
        """Who holds it."""
        if self.where is not None and self.at is not None:
            return Holder.BOTH
        return Holder.STORE if self.where is None else Holder.FILES

    @property
    def source(self) -> str:
        """Where it comes from, for people: `templates/finance/1.yaml:1`, `the record, since 2027-03-01`."""
        stored = f"the record, since {self.at:%Y-%m-%d}" if self.at is not None else ""
        return " and ".join(filter(None, (str(self.where) if self.where is not None else "", stored)))


class Contradiction(ValueError):
    """Files and store hold different content under one id; the text says where, and what to do."""


def fold(files: Mapping[K, Part[T]], stored: Mapping[K, Part[T]]) -> Mapping[K, Part[T]]:
    """Every part of both, sorted by the text of its id; what both hold alike is one part.

    Raises Contradiction for an id under which they hold different values.
    """
    found: dict[K, Part[T]] = {}
    for key in sorted({*files, *stored}, key=str):
        filed, kept = files.get(key), stored.get(key)
        if filed is not None and kept is not None:
            if filed.value != kept.value:
                raise Contradiction(
                    f"{key} stands in {filed.where} with other content than in {kept.source}: what is"
                    " recorded never changes; give the file another version, or remove it"
                )
            found[key] = Part(kept.value, filed.where, kept.at)
        elif (only := filed or kept) is not None:
            found[key] = only
    return found
