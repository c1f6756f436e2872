"""Changes grouped by cause and by what became of the band, the most frequent first; refuses to drop any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.language import ENGLISH, Language
from domain.reporting.sweep_report import Change
from reports.words import CAUSES, rule_title, state_words

MOST_RULES = 2
"""Rules named of changes of one kind."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Changes of one kind: from one band to another, for one cause."""

    anchor: str
    was: str
    now: str
    cause: str
    changes: tuple[Change, ...]
    says: Language

    @property
    def size(self) -> int:
        """How many projects."""
        return len(self.changes)

    @property
    def rules(self) -> str:
        """The titles of the rules whose result changed most often, with how often: `Has an owner (3)`."""
        counts = Counter(rule_title(rule, self.says) for change in self.changes for rule in change.rules)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        named = ", ".join(f"{rule} ({count})" for rule, count in ordered[:MOST_RULES])
        if len(ordered) <= MOST_RULES:
            return named
        return self.says.say("{first} and {n} more", first=named, n=len(ordered) - MOST_RULES)


def turns(changes: Iterable[Change], old: str | None = None, says: Language = ENGLISH) -> tuple[Turn, ...]:
    """Every change in exactly one group; `old` is the version before."""
    known = tuple(changes)
    alike: dict[tuple[str, str, str], list[Change]] = {}
    for change in known:
        was = state_words(change.was, old, says) if change.was is not None else says.name("change", "new")
        now = state_words(change.now, old, says) if change.now is not None else says.name("change", "gone")
        alike.setdefault((was, now, says.message(CAUSES[change.cause])), []).append(change)
    ordered = sorted(alike.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        Turn(f"c-{number}", was, now, cause, tuple(found), says)
        for number, ((was, now, cause), found) in enumerate(ordered, 1)
    )
