"""What offices raise on pages, kept in the store until it is taken: written by the gateway, taken by a run.

Refuses to keep two of what is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from domain.pages.raising import PageRaising
from store.unit import Unit

RAISED = "raised on a page/"
"""With office and id the mark under which one is kept."""


def keep(unit: Unit, raising: PageRaising) -> bool:
    """Keep one; False where the same is there."""
    return unit.marks.add(_name(raising), _values(raising))


def settle(unit: Unit, before: PageRaising, after: PageRaising) -> None:
    """Keep what became of one, under the name that it has."""
    unit.marks.set(_name(before), _values(after))


def raisings(unit: Unit, office: str = "") -> Mapping[str, PageRaising]:
    """Those of one office, or of all, by name."""
    names = unit.marks.names(f"{RAISED}{office}/" if office else RAISED)
    return {name: _raising(unit.marks.get(name)) for name in sorted(names)}


def _name(raising: PageRaising) -> str:
    return f"{RAISED}{raising.office}/{raising.id}"


def _values(raising: PageRaising) -> Mapping[str, object]:
    return asdict(raising)


def _raising(value: object) -> PageRaising:
    return PageRaising(**cast("dict[str, Any]", value))
