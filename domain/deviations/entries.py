"""Terms as people write them, `last=2027-03-18; limit=15`: entries by name, and every one that says nothing.

Which names there are, whoever reads says. It guesses none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from domain.deviations.flaws import Flaw, quoted
from domain.language import Message

KNOWN = Message("there are {known}")


@dataclass
class Entries:
    """What was written, by name: what may stand once, what may stand several times, and all that is wrong."""

    once: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    def day(self, name: str) -> date | None:
        """The day of that name; None where none is given, or with a flaw where it is no day."""
        text = self.once.get(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.flaws.append(
                Flaw(
                    name,
                    Message("{given} is no date"),
                    Message("write it as 2027-03-18"),
                    given=quoted(text, 40),
                )
            )
            return None


def parted(terms: str) -> tuple[str, ...]:
    """The entries of terms that are written as one text, parted by semicolons and lines."""
    return tuple(filter(None, (each.strip() for each in terms.replace("\n", ";").split(";"))))


def entries(
    terms: str | Iterable[str], once: Collection[str], several: Collection[str], example: str
) -> Entries:
    """The entries of a text, or of texts with one each; `example` says how one is written."""
    found = Entries(several={name: [] for name in several})
    for entry in parted(terms) if isinstance(terms, str) else terms:
        name, equals, value = (part.strip() for part in entry.partition("="))
        if not equals or not value:
            found.flaws.append(
                Flaw(
                    "terms",
                    Message("{given} says nothing"),
                    Message("write {example}"),
                    given=quoted(entry),
                    example=example,
                )
            )
        elif name in several:
            found.several[name].append(value)
        elif name not in once:
            known = ", ".join((*once, *several))
            found.flaws.append(
                Flaw("terms", Message("{given} is no term"), KNOWN, given=quoted(name, 40), known=known)
            )
        elif name in found.once:
            found.flaws.append(Flaw(name, Message("it is given twice"), Message("keep one of them")))
        else:
            found.once[name] = value
    return found
