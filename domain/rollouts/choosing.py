"""Simulations as people choose them: by name and day, by digest, or by the first characters of a digest.

It refuses to guess: a text that means no simulation, or several, is answered with those that there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.words import counted

SHORTEST = 8
"""The characters of a digest that must be given at least."""
LISTED = 8
"""How many simulations a refusal lists."""
DIGEST = re.compile(r"[0-9a-fA-F]{1,64}")


class NoSuchChoice(LookupError):
    """What was chosen is not there, or may mean several; `instead` says what to do."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(f"{what}: {instead}")
        self.what, self.instead = what, instead


@dataclass(frozen=True, slots=True)
class Named:
    """A simulation: its digest, the version that it foresees, and the day on which it was made."""

    digest: str
    standard: str
    version: str
    day: date

    @property
    def title(self) -> str:
        """`delivery-method 2.0, 2027-03-01`; several may have the same."""
        return f"{self.standard} {self.version}, {self.day}"

    @property
    def exact(self) -> str:
        """The title and the beginning of the digest."""
        return f"{self.title} ({self.digest[:SHORTEST]})"


def choices(known: Sequence[Named]) -> tuple[str, ...]:
    """How each of them is chosen: by its title, and by its digest too where several have this title."""
    titles = Counter(each.title for each in known)
    return tuple(each.title if titles[each.title] == 1 else each.exact for each in known)


def chosen(text: str, known: Sequence[Named]) -> Named:
    """The one simulation that the text means. Raises NoSuchChoice saying which there are."""
    asked = text.strip()
    if DIGEST.fullmatch(asked):
        return _by_digest(asked.lower(), known)
    found = [each for each in known if asked in (each.title, each.exact)]
    if len(found) == 1:
        return found[0]
    if found:
        several = counted(len(found), "simulation")
        raise NoSuchChoice(f"{asked} means {several}", f"choose one of {_listed(found)}")
    raise NoSuchChoice(f"no simulation is called {asked[:80]!r}", _remedy(known))


def _by_digest(asked: str, known: Sequence[Named]) -> Named:
    if len(asked) < SHORTEST:
        instead = f"give its first {SHORTEST} characters at least, of one of {_listed(known)}"
        raise NoSuchChoice(f"{asked} is too short for a digest", instead)
    found = [each for each in known if each.digest.startswith(asked)]
    if len(found) == 1:
        return found[0]
    if found:
        several = f"{counted(len(found), 'simulation')} have digests that begin with {asked}"
        digests = ", ".join(each.digest for each in found[:LISTED])
        raise NoSuchChoice(several, f"give more characters of one of {digests}")
    raise NoSuchChoice(f"no simulation has the digest {asked[:12]}", _remedy(known))


def _remedy(known: Sequence[Named]) -> str:
    if not known:
        return "none was made yet, so run simulate-standard first"
    return f"choose one of {_listed(known)}, or run simulate-standard for a new one"


def _listed(known: Sequence[Named]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(known) - LISTED} older" if len(known) > LISTED else ""
    return "; ".join(each.exact for each in known[:LISTED]) + more
