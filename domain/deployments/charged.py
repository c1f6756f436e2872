"""What a sponsor states for a deployment's savings: central effort and cost, and avoided costs by name.

It is stated and never computed. Refuses an amount without a unit, and an avoided cost without a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.plans.savings.savings import Avoided
from domain.plans.task import Money

NOTHING = "none"
"""Written to take out what was stated."""
MOST, LONGEST = 20, 80
"""Avoided costs in one text, and characters of a name."""
_EFFORT = re.compile(r"(?P<hours>\d{1,7}(\.\d{1,2})?)\s*h")
_COST = re.compile(r"(?P<amount>\d{1,12}(\.\d{1,3})?)\s+(?P<currency>[A-Z]{3})")
_NAMED = re.compile(r"(?P<name>.*\S)\s*[:=]?\s+(?P<cost>\d{1,12}(\.\d{1,3})?\s+[A-Z]{3})", re.DOTALL)
CENTRAL_EXAMPLE = "write hours, a cost, or both: 320h, 12000 EUR"
EXAMPLE = "write central 320h, 12000 EUR; avoided license of the old tool: 4000 EUR"
AVOIDED_EXAMPLE = "write name, amount and currency: license of the old tool: 4000 EUR; travel: 900 EUR"


class NotStated(ValueError):
    """A text that states no such thing; says where, and what to write."""


@dataclass(frozen=True, slots=True)
class Central:
    """What was done centrally for all receiving offices together: hours of work, and a cost."""

    effort: Decimal | None = None
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the sponsor states, as texts; an empty one leaves it as it is."""

    central: str = ""
    avoided: str = ""


NOTHING_STATED = Stated()


def stated_of(text: str) -> Stated:
    """What a text states, each part after its word: `central 320h; avoided travel: 900 EUR`.

    Raises NotStated for a part of another kind, and for one that cannot be read.
    """
    parts: dict[str, list[str]] = {"central": [], "avoided": []}
    for n, each in enumerate(filter(None, (part.strip() for part in re.split(r"[;\n]", text))), 1):
        word, _, rest = each.partition(" ")
        if word.lower() not in parts:
            raise NotStated(
                f"stated, entry {n}: {each[:40]!r} begins with neither central nor avoided; {EXAMPLE}"
            )
        parts[word.lower()].append(rest)
    found = Stated(", ".join(parts["central"]), "; ".join(parts["avoided"]))
    if parts["central"]:
        central(found.central)
    if parts["avoided"]:
        avoided(found.avoided, "")
    return found


def central(text: str) -> Central | None:
    """What a text such as `320h, 12000 EUR` states; None for `none`. Raises NotStated."""
    if text.strip().lower() == NOTHING:
        return None
    effort: Decimal | None = None
    cost: Money | None = None
    for each in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        if found := _EFFORT.fullmatch(each):
            if effort is not None:
                raise NotStated(f"central: hours stand there twice; {CENTRAL_EXAMPLE}")
            effort = Decimal(found["hours"])
        elif found := _COST.fullmatch(each):
            if cost is not None:
                raise NotStated(f"central: a cost stands there twice; {CENTRAL_EXAMPLE}")
            cost = Money(Decimal(found["amount"]), found["currency"])
        else:
            raise NotStated(f"central: {each[:40]!r} is neither hours nor a cost; {CENTRAL_EXAMPLE}")
    if effort is None and cost is None:
        raise NotStated(f"central: it states nothing; {CENTRAL_EXAMPLE}, or {NOTHING}")
    return Central(effort, cost)


def avoided(text: str, stated_by: str) -> tuple[Avoided, ...]:
    """The avoided costs that a text names; none for `none`. Raises NotStated.

    `stated_by` is the pseudonym of who states them.
    """
    if text.strip().lower() == NOTHING:
        return ()
    entries = [each.strip() for each in re.split(r"[;\n]", text) if each.strip()]
    if not entries:
        raise NotStated(f"avoided: it names nothing; {AVOIDED_EXAMPLE}, or {NOTHING}")
    if len(entries) > MOST:
        raise NotStated(f"avoided: it has {len(entries)} entries; {MOST} at most, so put some together")
    return tuple(_avoided(n, each, stated_by) for n, each in enumerate(entries, 1))


def _avoided(n: int, entry: str, stated_by: str) -> Avoided:
    found = _NAMED.fullmatch(entry)
    name = " ".join(found["name"].split()).rstrip(":= ") if found is not None else ""
    if found is None or not name:
        raise NotStated(
            f"avoided, entry {n}: {entry[:40]!r} has no name, amount and currency; {AVOIDED_EXAMPLE}"
        )
    if len(name) > LONGEST:
        raise NotStated(f"avoided, entry {n}: its name has {len(name)} characters; write at most {LONGEST}")
    amount, currency = found["cost"].split()
    if not Decimal(amount):
        raise NotStated(f"avoided, entry {n}: {name[:40]!r} has the amount 0; leave it out")
    return Avoided(name, Decimal(amount), currency, stated_by)
