"""The rows by which an office asks for deviations or raises feedback, as lines of a request.

A row tells no author. Refuses to judge what it asks for: only that it has an id of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from connectors.records import values as cells
from connectors.records.dates import Unclear
from connectors.records.reader import Line, Reader, Table
from connectors.records.values import Counted, Value
from domain.deviations.ids import RowKey
from domain.plans.project import Placed, Requested

DAYS = ("first", "last")
LINES = (
    "about", "objection", "cause", "rule", *DAYS, "limit", "cost", "delay_days", "gate", "category",
    "measure", "document", "citation", "terms", "why",
)  # fmt: skip
"""The columns that become lines of the request, by our names and in this order."""


def requests(reader: Reader, table: Table | None) -> tuple[tuple[Requested, ...], tuple[Placed, ...]]:
    """A request for every row, and what stands in our cell of it, where it has one.

    Of two rows with one id the first is taken, and both addresses are noted.
    """
    found: dict[str, Requested] = {}
    placed: list[Placed] = []
    for line in table.lines() if table is not None else ():
        if table is None:
            break
        identity = reader.identity(table, line)
        if identity is None:
            continue
        here = table.ref(line.number, "id")
        if "standing" in table.columns:
            placed.append(_standing(reader.office, table, line, identity))
        if identity in found:
            problem = f"the request {identity} stands twice, {found[identity].ref} and {here}"
            reader.tell(here, identity, f"{problem}; give one another id")
            continue
        text = "\n".join(_lines(table, line))
        own = reader.text(table, line, "project") or ""
        found[identity] = Requested(identity, here, text, own, is_row=True)
    return tuple(found.values()), tuple(placed)


def _standing(office: str, table: Table, line: Line, identity: str) -> Placed:
    value = line.values.get("standing")
    text = "" if value is None else cells.raw(value)
    key, ref = RowKey(office, identity), table.ref(line.number, "standing")
    return Placed(str(key), ref, {"standing": text} if text else {})


def _lines(table: Table, line: Line) -> Iterator[str]:
    for name in LINES:
        value = line.values.get(name)
        said = "" if value is None else _said(value, name, table.counted)
        if said:
            yield f"{name}: {' '.join(said.split())}"


def _said(value: Value, name: str, counted: Counted) -> str:
    """What a cell says; a day as 2027-03-18, and what is not understood as it stands there."""
    read = partial(cells.as_date if name in DAYS else cells.as_scalar, counted=counted)
    try:
        return str(read(value))
    except Unclear:
        return cells.raw(value)
