"""Why a rule is not kept, in words made of facts and limit; refuses its title, and a person's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from domain.plans.project import Scalar

LONGEST_FACT = 60
LONGEST_WHY = 300
PERSONS = frozenset({"lead", "sponsor", "person"})
"""The facts, by their last name, that hold a person's name."""


def reason(facts: Mapping[str, object], asked: Iterable[str], limit: Scalar | None, expression: str) -> str:
    """`plan.overdue = 3, the limit is 2`; where no fact says it, which expression is not true.

    `facts` are those that the rule looked at, `asked` those whose presence it tests; `limit` is None where it
    uses none.
    """
    said = [f"{name} = {fact_text(name, value)}" for name, value in facts.items()]
    said += [f"{name} is missing" for name in asked if name not in facts]
    if not said:
        said = [f"not so: {' '.join(expression.split())}"]
    if limit is not None:
        said.append(f"the limit is {fact_text('limit', limit)}")
    text = ", ".join(said)
    return text if len(text) <= LONGEST_WHY else f"{text[: LONGEST_WHY - 1]}…"


def fact_text(name: str, value: object) -> str:
    """A fact's value on one line; of a person only that one is named, of a list only its length."""
    if name.rpartition(".")[2] in PERSONS:
        return "named" if value else "not named"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, list | tuple | set | frozenset | dict):
        return f"{len(value)} entries"
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_FACT else f"{text[: LONGEST_FACT - 1]}…"
