"""What a tool may answer that no description permits: each is made of a good answer, whatever the tool.

An entry that leaves every answer as it is says so (`Answer` itself is given back), as where a tool has no totals.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.standins.world import Answer, sign_in_page

Spoil = Callable[[Answer], Answer]
ONE, OTHER = "Schritt 2", "Schritt 0"
"""The titles of two things that stand in every tool."""
IDS = ("id", "number", "key", "url", "identifier")
TOTALS = ("total", "total_count")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MALFORMED: dict[str, Spoil] = {}


def raw(name: str, instead: Callable[[Answer], Answer]) -> None:
    """An answer as a whole."""
    MALFORMED[name] = instead


def each(name: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Every value of an answer, the outer ones first."""

    def enter(instead: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def walk(value: Any) -> Any:
            value = instead(value)
            if isinstance(value, dict):
                return {key: walk(inner) for key, inner in value.items()}
            return [walk(inner) for inner in value] if isinstance(value, list) else value

        def spoil(answer: Answer) -> Answer:
            data = answer.bytes()
            if data[:1] not in (b"{", b"["):
                return answer
            good = json.loads(data)
            bad = walk(good)
            return answer if json.dumps(bad) == json.dumps(good) else replace(answer, body=bad, raw=None)

        MALFORMED[name] = spoil
        return instead

    return enter


def titled(value: Any, title: str) -> bool:
    """Whether that is the thing with that title, or its fields."""
    inner = value.get("fields") if isinstance(value, dict) else None
    inside = inner.values() if isinstance(inner, dict) else ()
    return isinstance(value, dict) and title in [*value.values(), *inside]


def with_body(answer: Answer, data: bytes) -> Answer:
    return replace(answer, body=None, raw=data)


raw("a page", lambda _: sign_in_page())
raw("cut off", lambda answer: with_body(answer, answer.bytes()[:-20]))
raw("empty", lambda answer: with_body(answer, b""))
raw("no content", lambda _: Answer(204))
raw("nothing", lambda answer: with_body(answer, b"null"))
raw("a list around it", lambda answer: with_body(answer, b"[" + answer.bytes() + b"]"))
raw("a number", lambda answer: with_body(answer, b"17"))
raw("too deep", lambda answer: with_body(answer, b"[" * 100_000))
raw("not utf-8", lambda answer: with_body(answer, answer.bytes().replace(ONE.encode(), b"Schritt \xd6")))
raw("an endless number", lambda answer: with_body(answer, b'{"total": ' + b"9" * 5000 + b"}"))


@each("lists are objects")
def _(value: Any) -> Any:
    return {str(n): one for n, one in enumerate(value)} if isinstance(value, list) else value


@each("lists are null")
def _(value: Any) -> Any:
    return None if isinstance(value, list) else value


@each("a title is a number")
def _(value: Any) -> Any:
    return 17 if value == ONE else value


@each("a title is an object")
def _(value: Any) -> Any:
    return {"raw": ["in it"]} if value == ONE else value


@each("half a character")
def _(value: Any) -> Any:
    return "Lager \ud83d" if value == ONE else value


@each("numbers are texts")
def _(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


@each("a thing has no id")
def _(value: Any) -> Any:
    if not titled(value, ONE):
        return value
    return {name: inner for name, inner in value.items() if name not in IDS}


@each("a thing is a text")
def _(value: Any) -> Any:
    return "a thing" if titled(value, ONE) else value


@each("the parts of a thing are null")
def _(value: Any) -> Any:
    if not titled(value, ONE):
        return value
    return {name: None if isinstance(inner, dict | list) else inner for name, inner in value.items()}


@each("the parts of a thing are numbers")
def _(value: Any) -> Any:
    if not titled(value, ONE):
        return value
    return {name: 3 if isinstance(inner, dict | list) else inner for name, inner in value.items()}


@each("days that are none")
def _(value: Any) -> Any:
    return "2027-13-45" if isinstance(value, str) and DAY.fullmatch(value) else value


@each("moments that are none")
def _(value: Any) -> Any:
    return "yesterday" if isinstance(value, str) and MOMENT.fullmatch(value) else value


@each("moments without a zone")
def _(value: Any) -> Any:
    return value[:19] if isinstance(value, str) and MOMENT.fullmatch(value) else value


@each("a negative total")
def _(value: Any) -> Any:
    return {**value, **{name: -1 for name in TOTALS if name in value}} if counting(value) else value


@each("a huge total")
def _(value: Any) -> Any:
    return {**value, **{name: 10**12 for name in TOTALS if name in value}} if counting(value) else value


def counting(value: Any) -> bool:
    """Whether that is a page of a list, which says how many there are in all."""
    return isinstance(value, dict) and any(isinstance(inner, list) or "elements" in str(inner)[:12] for inner in value.values())  # fmt: skip


@each("numbers that are none")
def _(value: Any) -> Any:
    return float("nan") if isinstance(value, float) else value


@each("a thing stands twice with one id")
def _(value: Any) -> Any:
    if not isinstance(value, list) or not any(titled(one, ONE) for one in value):
        return value
    first = next((one for one in value if titled(one, OTHER)), None)
    if first is None:
        return value
    ids = {name: first[name] for name in IDS if name in first}
    return [{**one, **ids, **_stamps(first)} if titled(one, ONE) else one for one in value]


def _stamps(thing: dict[str, Any]) -> dict[str, Any]:
    return {
        name: inner for name, inner in thing.items() if isinstance(inner, str) and MOMENT.fullmatch(inner)
    }
