"""What is wrong with an organization's files, all of it in one list: it refuses to stop at the first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from config.characters import visible
from domain.standards.standard import Where

MOST_NAMES_LISTED = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what to write instead."""

    where: Where
    message: str
    instead: str = ""
    about: str = ""
    """The uid of the rule that the problem is about; empty for none."""

    def __str__(self) -> str:
        """One line, as editors and people read it."""
        return f"{self.where}: {self.message}" + (f" -> {self.instead}" if self.instead else "")


@dataclass(slots=True)
class Problems:
    """Everything found so far: errors make the files unusable, warnings do not.

    What is withheld makes a part of them of no use: less is done than an office grants, until it is mended.
    """

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    withheld: list[Problem] = field(default_factory=list)
    told: set[Problem] = field(default_factory=set, repr=False)

    def add(self, where: Where, message: str, instead: str = "", *, about: str = "") -> None:
        """Add an error, unless the same is there already; `about` is the uid of a rule."""
        problem = _printable(where, message, instead, about)
        if problem not in self.told:
            self.told.add(problem)
            self.errors.append(problem)

    def warn(self, where: Where, message: str, instead: str = "") -> None:
        """Add a warning, which does not make the files unusable."""
        self.warnings.append(_printable(where, message, instead))

    def withhold(self, where: Where, message: str, instead: str) -> None:
        """Add that less is done than is granted, which does not make the files unusable."""
        self.withheld.append(_printable(where, message, instead))

    def __iter__(self) -> Iterator[Problem]:
        """The errors by file and line."""
        return iter(in_order(self.errors))


class WrongValue(ValueError):
    """A value of a file that cannot be used: what is wrong with it, and what to write instead."""

    def __init__(self, message: str, instead: str) -> None:
        """The exception's text is both."""
        self.message, self.instead = message, instead
        super().__init__(f"{message} -> {instead}")


class UnusableOrganization(Exception):
    """The files of the organization have errors; `problems` has each of them."""

    def __init__(self, problems: Problems) -> None:
        """The exception's text is every error, one a line."""
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def _printable(where: Where, message: str, instead: str, about: str = "") -> Problem:
    """A problem that any terminal may print, whatever it quotes: a text of a file, or a file's name."""
    return Problem(Where(visible(where.file), where.line), visible(message), visible(instead), about)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and line, as they are printed."""
    return sorted(problems, key=lambda p: (p.where.file, p.where.line, p.message))


def nearest(name: object, known: Iterable[str]) -> str:
    """The known name that is closest; empty where none is close."""
    folded = {each.casefold(): each for each in dict.fromkeys(known)}
    close = difflib.get_close_matches(str(name).casefold(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def meant(name: object, known: Iterable[str]) -> str:
    """What the writer may have meant: the closest known name, or all of them where none is close."""
    names = list(dict.fromkeys(known))
    close = nearest(name, names)
    if close:
        return f"did you mean `{close}`?"
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMES_LISTED} more" if len(names) > MOST_NAMES_LISTED else ""
    return "known: " + ", ".join(f"`{each}`" for each in names[:MOST_NAMES_LISTED]) + more


def shown(value: object) -> str:
    """A value as a message may repeat it: short, on one line, printable on any terminal."""
    text = visible(" ".join(str(value).split()))
    text = text.lower() if isinstance(value, bool) else text
    return f"`{text[:40]}...`" if len(text) > 40 else f"`{text}`"
