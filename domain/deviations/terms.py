"""The terms of a request as people write them: `last=2027-03-18; limit=15; cost=5000`, read as values.

The same text stands in forms, in messages and in the offices' tools. It names every entry that it cannot
read, and guesses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from math import isfinite

from domain.deviations.asking import Draft
from domain.deviations.deviation import Category, Costs, Scope
from domain.deviations.entries import KNOWN, Entries, entries
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.language import Message
from domain.plans.project import Scalar

ONCE = (
    "first",
    "last",
    "limit",
    "category",
    "citation",
    "cost",
    "delay_days",
    "gate",
    "office",
    "program",
    "deviation",
)
SEVERAL = ("measure", "document", "fact")
EXAMPLE = "last=2027-03-18; limit=15"


def named(terms: str | Iterable[str]) -> str:
    """The deviation that the terms are about, as `deviation=dev-0123`; empty where they ask for a new one."""
    return _read(terms).once.get("deviation", "")


def draft_of(project: str, rule: str, why: str, terms: str | Iterable[str], today: date) -> Draft:
    """What is asked for; without `first` it begins on `today`. `terms` are one text, or entries.

    `fact` narrows a class: `fact=project.stage=closing`. Raises Flawed with every entry that cannot be read.
    """
    read = _read(terms)
    first, last = read.day("first") or today, read.day("last")
    cost, days = _number(read, "cost"), _number(read, "delay_days")
    category, facts = _category(read), dict(_facts(read))
    if last is None and not any(each.field == "last" for each in read.flaws):
        read.flaws.append(
            Flaw("last", Message("it has no last day"), Message("give one: {example}"), example=EXAMPLE)
        )
    if read.flaws or last is None:
        raise Flawed(tuple(read.flaws))
    once = read.once
    return Draft(
        standard="",
        rule=rule.strip(),
        scope=Scope(project.strip(), once.get("office", ""), once.get("program", ""), facts),
        reason=why,
        first=first,
        last=last,
        category=category,
        limit=as_scalar(once.get("limit", "")),
        measures=tuple(read.several["measure"]),
        documents=tuple(read.several["document"]),
        citation=once.get("citation", ""),
        costs=Costs(cost, None if days is None else int(days), once.get("gate", "")),
    )


def _read(terms: str | Iterable[str]) -> Entries:
    return entries(terms, ONCE, SEVERAL, EXAMPLE)


def _number(read: Entries, name: str) -> float | None:
    text = read.once.get(name)
    if text is None:
        return None
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not isfinite(found) or (name == "delay_days" and found != int(found)):
        read.flaws.append(
            Flaw(
                name,
                Message("{given} is no number"),
                Message("write digits, such as 5000"),
                given=quoted(text, 40),
            )
        )
        return None
    return found


def _category(read: Entries) -> Category:
    text = read.once.get("category", Category.WAIVED.value)
    try:
        return Category(text)
    except ValueError:
        known = ", ".join(each.value for each in Category)
        read.flaws.append(
            Flaw("category", Message("{given} is no category"), KNOWN, given=quoted(text, 40), known=known)
        )
        return Category.WAIVED


def _facts(read: Entries) -> Iterator[tuple[str, Scalar]]:
    for text in read.several["fact"]:
        name, equals, value = (part.strip() for part in text.partition("="))
        scalar = as_scalar(value)
        if equals and name and scalar is not None:
            yield name, scalar
        else:
            read.flaws.append(
                Flaw(
                    "fact",
                    Message("{given} names no fact and value"),
                    Message("write fact=project.stage=closing"),
                    given=quoted(text),
                )
            )


def as_scalar(text: str) -> Scalar | None:
    """A value that was written: a whole number, a number, true or false, else the text; None for nothing."""
    said = text.strip()
    if not said:
        return None
    if said in ("true", "false"):
        return said == "true"
    for read in (int, float):
        try:
            return read(said)
        except ValueError:
            continue
    return said
