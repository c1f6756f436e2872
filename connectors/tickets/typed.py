"""A tool's answer read by names and types: what is not of its type is noted with its place, and left out.

Null, a missing name and an empty text are the same: nothing is there. Refuses to guess: a number written as
text is no number, a text that looks like a date is no date.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from connectors.errors import Refused, Skip
from connectors.tickets.ticket import Malformed, Shape, Ticket

T = TypeVar("T")
SHOWN = 80
HALF = re.compile("[\ud800-\udfff]")
"""Half of a character outside Unicode's first plane: no text."""
FIRST, LAST = 1970, 9998
"""Years of moments outside of which a shift of zones has no date."""
Convert = Callable[["Typed"], Ticket]


def shown(value: object) -> str:
    """A value of an answer as JSON, shortened, for people."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


class Typed:
    """A JSON object; `notes` takes what is not of its type, with its name.

    Without `notes` the object is one that nothing can be read without: then `Refused` is raised instead,
    which names the answer by `what`.
    """

    def __init__(
        self, found: object, notes: list[Malformed] | None = None, *, at: str = "", what: str = ""
    ) -> None:
        self.notes, self._at, self._what = notes, at, what
        if not isinstance(found, Mapping):
            self._odd("", found, "an object")
            found = {}
        self.found: Mapping[str, Any] = found

    def __contains__(self, name: str) -> bool:
        return self.found.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self._of(name, "a text", lambda value: isinstance(value, str)) or ""
        if HALF.search(value):
            self.note(name, value, "half a character stands in it: write the text anew")
            value = HALF.sub("\N{REPLACEMENT CHARACTER}", value)
        return str(value)

    def name(self, name: str) -> str:
        """What a thing is known by: a text or a whole number, as text; empty where there is none."""
        value = self._of(name, "an id", lambda value: isinstance(value, str) or _whole(value))
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        """What a thing is known by; raises `Skip` where there is none, as nothing can be said of it then."""
        value = self.found.get(name)
        if not (_whole(value) or (isinstance(value, str) and value.strip())) or HALF.search(str(value)):
            raise Skip(f"a thing without {self._at}{name}: {shown(self.found)}")
        return str(value)

    def number_needed(self, name: str) -> int:
        """The number by which a thing is known; raises `Skip` where there is none."""
        value = self.found.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Skip(f"a thing without {self._at}{name}: {shown(self.found)}")
        return value

    def number_of(self, name: str) -> int:
        """The number of that name, of an answer that is nothing without it; raises `Refused` without it."""
        value = self.whole(name)
        if value is None:
            raise Refused(f"{self._what}: {self._at}{name} is not there: {shown(self.found)}")
        return value

    def whole(self, name: str) -> int | None:
        """A whole number."""
        found: int | None = self._of(name, "a whole number", _whole)
        return found

    def number(self, name: str) -> float | None:
        """A number, never infinite."""
        value = self._of(name, "a number", _number)
        return None if value is None else float(value)

    def hours(self, name: str) -> float | None:
        """A number of 0 or more."""
        value = self.number(name)
        if value is not None and value < 0:
            self._odd(name, value, "a number of 0 or more")
            return None
        return value

    def percent(self, name: str) -> float | None:
        """A number from 0 to 100."""
        value = self.number(name)
        if value is not None and not 0 <= value <= 100:
            self._odd(name, value, "a number from 0 to 100")
            return None
        return value

    def flag(self, name: str) -> bool:
        """A truth value; false where there is none."""
        return bool(self.truth(name))

    def truth(self, name: str) -> bool | None:
        """A truth value; None where there is none."""
        found: bool | None = self._of(name, "true or false", lambda value: isinstance(value, bool))
        return found

    def day(self, name: str) -> date | None:
        """A day, as 2027-01-31."""
        value = self.text(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value) if len(value) == 10 else _fail()
        except ValueError:
            self._odd(name, value, "a day such as 2027-01-31")
            return None

    def moment(self, name: str) -> datetime | None:
        """A moment with its zone."""
        value = self.text(name)
        found = moment_of(value)
        if value and found is None:
            self._odd(name, value, "a moment with its zone, such as 2027-01-31T09:00:00Z")
        return found

    def time(self, name: str) -> datetime | None:
        """The moment at which something was said or done; where there is none, that is noted."""
        if name not in self:
            self.note(name, self.found.get(name), "it has no time; it is left out")
        return self.moment(name)

    def under(self, name: str) -> Typed:
        """The object of that name; without anything in it where there is none."""
        value = self._of(name, "an object", lambda value: isinstance(value, Mapping))
        return Typed(value or {}, self.notes, at=f"{self._at}{name}.", what=self._what)

    def part(self, name: str) -> Typed:
        """The object of that name, without which little is known of a thing; where there is none is noted."""
        if name not in self:
            self.note(name, self.found.get(name), "it is not there")
        return self.under(name)

    def things(self, name: str) -> list[Any]:
        """The list of that name, whatever is in it; empty where there is none."""
        return list(self._of(name, "a list", lambda value: isinstance(value, list)) or ())

    def texts(self, name: str) -> list[str]:
        """The texts of a list; what is no text is left out."""
        found = self.things(name)
        for value in found:
            if not isinstance(value, str):
                self._odd(name, value, "a text")
        return [HALF.sub("\N{REPLACEMENT CHARACTER}", value) for value in found if isinstance(value, str)]

    def objects(self, name: str) -> Iterator[Typed]:
        """The objects of a list; what is no object is left out."""
        return (each for _, each in self.numbered(name))

    def numbered(self, name: str) -> Iterator[tuple[int, Typed]]:
        """The objects of a list with their places in it; what is no object is left out."""
        for place, value in enumerate(self.things(name)):
            at = f"{self._at}{name}[{place}]"
            if isinstance(value, Mapping):
                yield place, Typed(value, self.notes, at=f"{at}.", what=self._what)
            else:
                self._odd(f"{name}[{place}]", value, "an object")

    def all(self, name: str) -> list[Any]:
        """The list of that name, of an answer that is nothing without it; raises `Refused` without it."""
        value = self.found.get(name)
        if not isinstance(value, list):
            raise Refused(f"{self._what}: {self._at}{name} is no list: {shown(value)}")
        return value

    def total(self, name: str) -> int:
        """How many there are in all, of an answer that is nothing without it; raises `Refused` without it."""
        value = self.found.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Refused(f"{self._what}: {self._at}{name} is not how many there are: {shown(value)}")
        return value

    def note(self, name: str, value: object, problem: str) -> None:
        """Note what could not be understood; raises `Refused` where nothing takes notes."""
        place = f"{self._at}{name}".rstrip(".")
        if self.notes is None:
            raise Refused(f"{self._what}: {place or 'it'}: {problem}: {shown(value)}")
        self.notes.append(Malformed(place, shown(value), problem))

    def _of(self, name: str, kind: str, fits: Callable[[Any], bool]) -> Any:  # noqa: ANN401 - JSON
        value = self.found.get(name)
        if value is None or fits(value):
            return value
        self._odd(name, value, kind)
        return None

    def _odd(self, name: str, value: object, kind: str) -> None:
        self.note(name, value, f"it is not {kind}; it is left out")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def _fail() -> date:
    raise ValueError


def moment_of(text: str) -> datetime | None:
    """The moment of a text such as 2027-01-31T09:00:00Z; None for what is none or has no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and FIRST <= found.year <= LAST else None


def person_by(name: str, account: str, form: str = "{} ({})") -> str:
    """A person as comments and changes name them, with the account, as several may have one name."""
    if not account:
        return name or ANONYMOUS
    return form.format(name or ANONYMOUS, account)


ANONYMOUS = "somebody"
"""Who is not known: an account that was deleted, or that we may not see."""


def understood(found: object, convert: Convert) -> Ticket:
    """One thing of an answer as a ticket, with what in it was not understood.

    Raises `Refused` where it is not known which thing it is, or whether it is ours.
    """
    try:
        ticket = _converted(found, convert)
    except Skip as problem:
        raise Refused(problem.text) from None
    return sure(ticket)


def sure(ticket: Ticket) -> Ticket:
    """The ticket, of which it is known whether it is ours; raises `Refused` where that is not known."""
    if ticket.malformed and not ticket.key:
        odd = ticket.malformed[0]
        raise Refused(f"{ticket.ref} {odd.field}: {odd.problem}: {odd.text}; so it may bear our key")
    return ticket


def each_understood(found: Iterable[object], convert: Convert) -> Iterator[Ticket]:
    """The things of a page as tickets; one of which nothing is known is of shape UNREAD."""
    for each in found:
        try:
            yield _converted(each, convert)
        except Skip:
            name = hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()[:12]
            problem = "a thing of the tool without an id, or none at all; it is left out"
            odd = Malformed("", shown(each), problem)
            yield Ticket(f"{NAMELESS}{name}", Shape.UNREAD, DAWN, "", malformed=(odd,))


NAMELESS = "?"
"""The first character of the refs of what has none of its own."""
DAWN = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of change of what has none."""


def _converted(found: object, convert: Convert) -> Ticket:
    notes: list[Malformed] = []
    if not isinstance(found, Mapping):
        raise Skip(f"no object: {shown(found)}")
    ticket = convert(Typed(found, notes))
    return replace(ticket, malformed=(*ticket.malformed, *notes)) if notes else ticket
