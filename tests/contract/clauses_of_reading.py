"""What a connector promises of what it reads: types by declaration, every list to its end, nothing but lines lost."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from connectors.errors import ToolError
from connectors.tickets.paging import ChangesPage
from connectors.tickets.ticket import Shape, Ticket
from connectors.tickets.typed import DAWN
from domain.plans.project import COMMENT
from tests.contract.bench import Bench, found, put
from tests.contract.clauses import clause
from tests.standins.world import Answer

LOOKS = ("HAF1-02-Umbau Lager Z", "2027-03-28T22:00:00Z", "2027-01-31", "0006", "true")
"""Titles that look like something else."""
ODD = {"an object": ["where a text belongs"]}
ENOUGH = 50
"""Pages after which a list is without end."""


def paging_at_two(bench: Bench) -> Bench:
    """The bench, whose tool gives two things at a time whatever it is asked for."""
    bench.standin.most = 2
    connect, again = bench.connect, bench.again

    def small(tool: Any) -> Any:
        bench.small(tool)
        return tool

    return replace(
        bench,
        page=2,
        connect=lambda *given: small(connect(*given)),
        again=again and (lambda **more: small(again(**more))),
    )


def spoiling(standin: Any, instead: Callable[[Any], Any]) -> None:
    """Every value of the stand-in's JSON answers is what `instead` makes of it."""
    standin.description = None
    real = standin.handle

    def spoiled(value: Any) -> Any:
        value = instead(value)
        if isinstance(value, dict):
            return {name: spoiled(each) for name, each in value.items()}
        return [spoiled(each) for each in value] if isinstance(value, list) else value

    def handle(asked: Any) -> Answer:
        answer = real(asked)
        body = spoiled(json.loads(answer.bytes())) if answer.bytes()[:1] in (b"{", b"[") else None
        return answer if body is None else replace(answer, body=body, raw=None)

    standin.handle = handle


def read(tool: Any) -> Any:
    """What a connector reads; a failure of its own is one of the test."""
    try:
        return tool.read()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        pytest.fail(f"it does not understand the answer and ends: {problem!r}")


@clause()
def a_text_that_looks_like_something_else_stays_a_text(bench: Bench) -> None:
    tool = bench.wide()
    wanted = [bench.item(f"k/{n}", title=title) for n, title in enumerate(LOOKS)]
    put(bench, tool, *wanted)
    items = [item for plan in read(tool).plans for item in plan.items]
    assert {item.title for item in items if item.ours} == set(LOOKS)
    roles = [bench.item(f"r/{n}", role=role) for n, role in enumerate(LOOKS)]
    held = [role for role in roles if "role" in tool.fit(role).values]
    put(bench, tool, *held)
    assert [found(tool, each.key).values["role"] for each in held] == [each.values["role"] for each in held]


@clause("answers", "answer", "disown")
def who_is_not_known_ends_nothing(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.question("q/1"))
    bench.answer("q/1", "Ja, seit Mai.")
    bench.disown("q/1")
    bench.settle()
    reading = read(bench.tool())
    (answer,) = reading.answers
    assert answer.text == "Ja, seit Mai."
    assert answer.by, "nobody is named where nobody is known: say that it is somebody"
    assert reading.unreadable == (), "who is gone is no malformed answer"


@clause("standin", "fill")
def a_malformed_value_is_one_line_with_its_place(bench: Bench) -> None:
    whole = read(bench.tool())
    titles = sorted(item.title for plan in whole.plans for item in plan.items)
    spoiling(bench.standin, lambda value: ODD if value == "Schritt 2" else value)
    reading = read(bench.tool())
    there = sorted(item.title for plan in reading.plans for item in plan.items)
    assert [title for title in there if title] == [title for title in titles if title != "Schritt 2"]
    assert ["an object" in told.text for told in reading.unreadable] == [True]
    assert reading.unreadable[0].ref.strip() != "", "it does not say where"


@clause("standin", "fill")
def a_thing_without_an_id_is_one_line(bench: Bench) -> None:
    whole = read(bench.tool())
    count = sum(len(plan.items) for plan in whole.plans)
    spoiling(bench.standin, lambda value: "no object" if "Schritt 2" in _flat(value) else value)
    reading = read(bench.tool())
    assert sum(len(plan.items) for plan in reading.plans) == count - 1
    assert ["no object" in told.text for told in reading.unreadable] == [True]


def _flat(value: Any) -> list[Any]:
    """The values of an object and of its `fields`; none of another value."""
    inside = value.get("fields") if isinstance(value, dict) else None
    return [
        *(value.values() if isinstance(value, dict) else ()),
        *(inside.values() if isinstance(inside, dict) else ()),
    ]


@clause("standin")
def all_that_is_asked_for_is_found(bench: Bench) -> None:
    bench = paging_at_two(bench)
    tool = bench.tool()
    keys = [f"k/{n}" for n in range(5)]
    put(bench, tool, *map(bench.item, keys))
    assert {key: len(places) for key, places in tool.find(keys).items()} == dict.fromkeys(keys, 1)


@clause("standin", "answer", "authors")
def a_long_talk_is_read_to_its_end(bench: Bench) -> None:
    bench = paging_at_two(bench)
    tool = bench.tool()
    put(bench, tool, bench.question("q/1"))
    said = [f"Antwort {n}" for n in range(5)]
    for text in said:
        bench.answer("q/1", text)
    bench.settle()
    reading = tool.read()
    assert [each.after for each in reading.changes if each.field == COMMENT] == said
    assert [answer.text for answer in reading.answers] == said[-1:]


@clause("standin", "links")
def all_that_something_follows_is_read(bench: Bench) -> None:
    bench = paging_at_two(bench)
    tool = bench.tool()
    before = [bench.item(f"k/{n}") for n in range(5)]
    last = bench.item("k/9", after="; ".join(each.key for each in before))
    put(bench, tool, *before, last)
    tool = bench.tool()
    assert len([place for place in tool.read().placed if place.key.startswith("k/")]) == 6
    assert len(found(tool, "k/9").values["after"]) == 5


@clause("tracker")
def pages_that_lead_in_a_circle_end_as_an_error(bench: Bench) -> None:
    for tokens in ("AB", "A", "ABC"):
        tool, asked = bench.tool(), []

        def page(_since: Any, token: str, turns: str = tokens, asked: list[str] = asked) -> ChangesPage:
            asked.append(token)
            assert len(asked) < ENOUGH, "it is asked without end"
            return ChangesPage((), turns[len(asked) % len(turns)])

        tool.page = page
        with pytest.raises(ToolError):
            tool.read()


@clause("tracker")
def a_page_that_comes_without_end_ends_as_an_error(bench: Bench) -> None:
    tool, asked = bench.tool(), []

    def page(_since: Any, token: str) -> ChangesPage:
        asked.append(token)
        assert len(asked) < ENOUGH, "it is asked without end"
        return ChangesPage((Ticket("#1", Shape.ITEM, DAWN, "once more"),), f"page {len(asked)}")

    tool.page = page
    with pytest.raises(ToolError):
        tool.read()
    with pytest.raises(ToolError):
        list(tool.pages())
