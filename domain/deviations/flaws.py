"""What is wrong with a request for a deviation, or with a case: in English, and in any other language.

The names of fields and terms stay as they are written in requests. Refuses to say a flaw without a remedy.
"""

from __future__ import annotations

from domain.language import ENGLISH, Language, Message


class Flaw:
    """What is wrong with a request: in which field, what, and what to do.

    A text that is no message is said in English alone. `values` are those of both texts; days among them are
    written as the language does, so that what is to be copied as it stands is given as text.
    """

    def __init__(self, field: str, what: Message | str, instead: Message | str, /, **values: object) -> None:
        self.field, self._what, self._instead, self.values = field, what, instead, values

    def at(self, field: str) -> Flaw:
        """The same, of another field."""
        return Flaw(field, self._what, self._instead, **self.values)

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self._text(self._what, ENGLISH)

    @property
    def instead(self) -> str:
        """What to do, in English."""
        return self._text(self._instead, ENGLISH)

    def said(self, says: Language) -> str:
        """As one line, in that language."""
        return f"{self.field}: {self._text(self._what, says)}; {self._text(self._instead, says)}"

    def __str__(self) -> str:
        """As one line, in English."""
        return self.said(ENGLISH)

    def _text(self, text: Message | str, says: Language) -> str:
        return says.message(text, **self.values) if isinstance(text, Message) else text


class Flawed(ValueError):
    """A request that cannot be taken as it is; `flaws` are all that is wrong with it."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__(". ".join(map(str, flaws)))
        self.flaws = flaws

    def said(self, says: Language) -> str:
        """All of them, in that language."""
        return ". ".join(each.said(says) for each in self.flaws)


def quoted(text: str, most: int = 60) -> str:
    """What somebody wrote, in quotation marks and cut where it is long."""
    return repr(text[:most])
