"""What the words in an office's cells mean for stages, statuses and kinds, in ten languages.

Refuses to guess: a word that is in no list, or in two, is returned as not known, for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from ruamel.yaml import YAML

from connectors.records.values import folded

Subject: TypeAlias = Literal["stage", "status", "kind"]
MOST = 40
"""A column with more different words than this holds no stages, statuses or kinds."""


@dataclass(frozen=True, slots=True)
class WordProposal:
    """The office's words of one column, each with ours, and those that mean none that is known."""

    subject: Subject
    header: str
    known: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def by_meaning(self) -> Mapping[str, tuple[str, ...]]:
        """The office's words for each of ours."""
        return {
            ours: tuple(word for word, meant in self.known.items() if meant == ours)
            for ours in dict.fromkeys(self.known.values())
        }


@cache
def vocabulary(subject: Subject) -> Mapping[str, str]:
    """Our word for each folded word; what stands under two of ours is left out."""
    data = YAML(typ="safe").load(Path(__file__).with_name("words.yaml").read_text("utf-8"))[subject]
    found: dict[str, set[str]] = {}
    for ours, languages in data.items():
        found.setdefault(folded(ours.replace("_", " ")), set()).add(ours)
        for word in (word for words in languages for word in words):
            found.setdefault(folded(str(word)), set()).add(ours)
    return {word: next(iter(ours)) for word, ours in found.items() if len(ours) == 1}


def meaning(word: str, subject: Subject) -> str:
    """Our word; empty where the word is not known. A number before it does not count: `3 - Planung`."""
    plain = folded(word)
    return vocabulary(subject).get(plain) or vocabulary(subject).get(plain.lstrip("0123456789 .-_:)"), "")


def propose_words(subject: Subject, header: str, cells: Iterable[str], ours: Iterable[str]) -> WordProposal:
    """What the words of a column mean; `ours` are understood as they stand and need no entry."""
    own = {folded(each) for each in ours}
    words = {folded(cell): " ".join(cell.split()) for cell in cells}
    if len(words) > MOST:
        return WordProposal(subject, header)
    said = {word: meaning(word, subject) for key, word in words.items() if key and key not in own}
    known = {word: meant for word, meant in said.items() if meant}
    return WordProposal(subject, header, known, tuple(word for word, meant in said.items() if not meant))
