"""What the two live offices have in common: what they begin with, and our names in their tools' fields.

Refuses to know how a tool is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.plans.project import (
    Item,
    ItemKind,
    Placed,
    Plan,
    Project,
    Reading,
    Scalar,
    Stage,
    ToolDescription,
)
from examples.harbor_group.begin import first_rows, first_state, is_blank
from examples.harbor_group.desks import DESKS
from examples.harbor_group.projects import Seed, seeds
from examples.harbor_group.script import OfficeWeek

STAGES = {
    "proposed": "Proposed",
    "planning": "Planning",
    "execution": "Execution",
    "closing": "Closing",
    "closed": "Closed",
    "on_hold": "On hold",
}


class LivePlace(Protocol):
    """An office whose people plan in a server."""

    @property
    def url(self) -> str:
        """The address of its server."""
        ...

    @property
    def within(self) -> list[str]:
        """The projects or components of its own there, as the settings name them."""
        ...

    def begin(self) -> None:
        """Make what it begins with, without a look at what is there already."""
        ...

    def stands(self) -> bool:
        """Whether what `begin` made is still there."""
        ...

    def forget(self) -> None:
        """Delete everything again, the product's items too."""
        ...


class LiveOffice(LivePlace, Protocol):
    """One of the rollout's offices."""

    def week(self, did: OfficeWeek) -> None:
        """Make its people's changes of a week; a repetition changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class There:
    """An item of the office's own as it stands in its tool; `number` is the tool's, `id` the office's."""

    number: int
    id: str
    due: date | None
    percent: float | None


def own(office: str) -> tuple[Seed, ...]:
    """The office's projects."""
    return tuple(seed for seed in seeds() if seed.office == office)


def facts(seed: Seed) -> dict[str, Scalar]:
    """What the tool says of a project in the beginning, by the tools' names, without its title."""
    state = first_state(seed, DESKS[seed.office])
    state["code"] = state.pop("id")
    state.pop("title")
    return {name_of(name): value for name, value in state.items()}


def first_items(seed: Seed) -> Iterator[Mapping[str, Scalar]]:
    """A project's items in the beginning, by our names; without the owners and dates that nobody entered."""
    rows = first_rows(seed, DESKS[seed.office])
    for number, row in enumerate(rows):
        no_owner, no_due = is_blank(seed, number, row, len(rows))
        item: dict[str, Scalar] = {"id": row.id, "title": row.title, "kind": row.kind, "start": row.start}
        item["percent"], item["status"] = row.percent, row.status
        if row.work:
            item["work"] = row.work
        yield item | ({} if no_owner else {"owner": row.owner}) | ({} if no_due else {"due": row.due})


def name_of(ours: str) -> str:
    """The name of a project's fact in the servers: `gate.G1` is gate_g1, `attested.charter.on` charter_on."""
    first, _, rest = ours.partition(".")
    return {"gate": f"gate_{rest.lower()}", "field": rest, "attested": rest.replace(".", "_")}.get(
        first, ours
    )


def told(value: Scalar | None) -> str:
    """A value as text; a whole number without a fraction."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def plan(office: str, seed: Seed, stage: str, items: list[There]) -> Plan:
    """A project's plan as far as the script of a week reads it."""
    found = next((ours for ours, theirs in STAGES.items() if theirs == stage), None)
    key = seed.key
    project = Project(key, office, seed.title, seed.id, stage=Stage(found) if found else None)
    return Plan(
        project,
        tuple(
            Item(
                key=f"{key}/{item.id}",
                project=key,
                title="",
                kind=ItemKind.TASK,
                ref=str(item.number),
                due=item.due,
                percent=item.percent,
            )
            for item in items
        ),
    )


def reading(office: str, plans: list[Plan], keys: Mapping[str, int]) -> Reading:
    """What the script of a week reads: the plans, and what the product asked."""
    placed = tuple(Placed(key, str(number), {}) for key, number in keys.items())
    return Reading(office, "", tuple(plans), ToolDescription(""), placed)
