"""What Redmine's people see in a custom field that holds a number: a person's name, the text of a choice.

Redmine's REST interface gives the number alone (`'6'`), and says only to administrators what it means; its
export to CSV gives what is shown, to everybody who may see the issue. Refuses to guess: a number of which the
export says nothing is noted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from connectors.http.client import Http
from connectors.tickets.typed import Typed

Raw = tuple[str, ...]
Params = Sequence[tuple[str, str]]
REFUSALS = frozenset({301, 302, 303, 401, 403, 404, 406, 422, 500})
NO_LETTERS = re.compile(r"[\d\s.,'\u00a0\u202f-]*")
"""What is shown of a plain number, however its groups are separated."""


class Meanings:
    """The shown texts of the numbers in custom fields, by the field's number and by what it holds."""

    def __init__(self, http: Http, headers: frozenset[str]) -> None:
        """`headers` are the labels of the fields that matter; those mapped to figures are none of them."""
        self._http, self._headers = http, headers
        self._known: dict[tuple[int, Raw], str] = {}

    def shown(self, field: Typed) -> str | None:
        """What is shown of the numbers in a field; None where they are just numbers, or nothing is known."""
        found = self._known.get(_held(field.found)) if isinstance(field.found.get("id"), int) else None
        return found or None

    def known(self, field: Typed) -> bool:
        """Whether it is known what is shown of a field's value; also of one that is no number."""
        held = _held(field.found)
        return not all(each.isdecimal() for each in held[1]) or held in self._known

    def learn(self, things: Iterable[object], path: str, column: str, params: Params) -> None:
        """Look up what is shown of numbers that are not known yet, in the export at `path`.

        `column` names the thing itself there, as its JSON does: `id` of issues, `identifier` of projects.
        """
        unknown: dict[str, list[tuple[int, Raw]]] = {}
        for thing in things:
            for held in self._numbers(thing):
                unknown.setdefault(str(thing[column]), []).append(held)  # type: ignore[index] # a mapping
        if not unknown:
            return
        fields = sorted({number for each in unknown.values() for number, _ in each})
        chosen = [("c[]", column), *(("c[]", f"cf_{number}") for number in fields)]
        asked = (("set_filter", "1"), ("encoding", "UTF-8"), *params, *chosen)
        reply = self._http.get(path, asked, accept=REFUSALS, headers=(("Accept", "text/csv"),))
        rows = _rows(reply.body) if reply.status == 200 and not reply.page else ()
        for name, *texts in rows:
            there = dict(zip(fields, texts, strict=False))
            for number, raw in unknown.get(name, ()):
                if text := there.get(number, "").strip():
                    self._known[number, raw] = "" if _plain(text, raw) else text

    def _numbers(self, thing: object) -> Iterator[tuple[int, Raw]]:
        """The fields of a thing that hold numbers of which it is not known what is shown."""
        fields = thing.get("custom_fields") if isinstance(thing, Mapping) else None
        for each in fields if isinstance(fields, list) else ():
            if not isinstance(each, Mapping) or each.get("name") not in self._headers:
                continue
            held = _held(each)
            numbers = isinstance(held[0], int) and held[1] and all(map(str.isdecimal, held[1]))
            if numbers and held not in self._known:
                yield held


def _held(field: Mapping[str, Any]) -> tuple[int, Raw]:
    """A field's number, and the texts that it holds."""
    value = field.get("value")
    texts = value if isinstance(value, list) else [value]
    return field.get("id", 0), tuple(each for each in texts if isinstance(each, str) and each)


def _plain(text: str, raw: Raw) -> bool:
    """Whether a text is the numbers themselves, in whatever form."""
    return bool(NO_LETTERS.fullmatch(text)) and re.sub(r"\D", "", text) == "".join(raw)


def _rows(body: bytes) -> Iterator[list[str]]:
    """The rows of an export without its heading, whose second character is what separates its columns."""
    lines = body.decode("utf-8-sig", "replace").splitlines()
    if lines and (mark := re.search(r"[,;\t]", lines[0])):
        yield from list(csv.reader(lines, delimiter=mark[0]))[1:]
