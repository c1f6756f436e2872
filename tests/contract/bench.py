"""A tool to try a connector on: how it is reached, what stands in it, and what people do there.

What a tool has not (no comments, no pages, no connection that may fail) is None; the clauses that
need it say so and are left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from connectors.protocol import Capability, Connector
from connectors.registry import ConnectorKind
from connectors.tickets.tracker import Tracker
from domain.delivery.wanted import Wanted
from domain.organization.office import Access
from domain.plans.item_plan import ItemPlan
from tests.connectors.deciding import decided
from tests.connectors.workbook import books


@dataclass
class Bench:
    """A tool to try a connector on."""

    connect: Callable[[Access], Connector]
    state: Callable[[], Any]
    """Everything that stands in the tool, comparable."""
    foreign: Callable[[], Any]
    """Everything that is not ours in it, comparable."""
    office_works: Callable[[], None]
    """The office changes something of its own: of its items the one that was not changed for longest."""
    copy_row: Callable[[str], None]
    """Somebody copies the row, ticket or whatever bears our key."""
    item: Callable[..., Wanted]
    question: Callable[..., Wanted]
    unshown: frozenset[str] = frozenset()
    """The parts of a plan that it reads, and for which nothing can be entered in this server."""
    elsewhere: str = "P-2"
    """Another project of the same office, as `item` takes it."""
    both: Callable[[], Connector] | None = None
    """A connector with all rights to both projects, where `connect` gives one to the first alone."""
    settle: Callable[[], None] = lambda: None
    """The tool's read lag passes."""
    again: Callable[..., Connector] | None = None
    """A connector with all rights and another `mirror`, `now` or `secret`."""
    fill: Callable[[int], None] | None = None
    """The office adds so many things of its own."""
    redate: Callable[[str], None] | None = None
    """Somebody sets the due day of ours with that key to books.item's own day less one."""
    annotate: Callable[[str, str], None] | None = None
    """Somebody writes a text of their own into a thing of ours, where people write there."""
    annotation: Callable[[str], str] | None = None
    """What people wrote into a thing of ours."""
    answer: Callable[[str, str], None] | None = None
    """Somebody answers our question with that key."""
    answerer: str = ""
    """The name under which that somebody is known there."""
    decide: Callable[[str], None] | None = None
    """Somebody changes the state of our question's ticket."""
    unkey: Callable[[bool], None] | None = None
    """The field of our key becomes one that our role may not write (True), or may write again (False)."""
    require: Callable[[], None] | None = None
    """From now on the type of items requires a number `Effort class` and one of the options `Cost center`."""
    with_settings: Callable[..., Connector] | None = None
    """A connector with all rights and other settings: a mapping that is put over the bench's own, part by part."""
    fresh: Callable[[], tuple[Connector, str]] | None = None
    """A connector with all rights whose settings name a project that is not there, and the project's id."""
    wanting: Callable[[], Connector] | None = None
    """A connector with all rights whose settings name something of ours, called FRESH, that is not there."""
    move: Callable[[str, str], None] | None = None
    """Somebody moves ours with that key to another project, where we cannot."""
    derive: Callable[[str], None] | None = None
    """Somebody lets the tool compute the dates of ours with that key from its parts."""
    bar: Callable[[str], None] | None = None
    """Our right to write in a project, as `item` takes it, is taken away."""
    remove: Callable[[str], None] | None = None
    """Somebody removes our thing with that key."""
    unfit: Callable[[], Connector] | None = None
    """A connector that cannot work: its file is not there, its credential is not known."""
    disown: Callable[[str], None] | None = None
    """Who commented on our thing with that key and changed it is gone; somebody's comment has no text."""
    small: Callable[[Any], None] = lambda _tool: None
    """Let that connector ask for two things at a time, where the tool gives as many as it is asked for."""
    page: int | None = None
    """How many things the tool gives at a time, where that is not `page` of the connector's spec."""
    standin: Any = None
    """The stand-in (`tests.standins.world.StandIn`) on whose line faults can be planted; over HTTP only."""
    count: Callable[[str], int] | None = None
    """How many things bear a key in the tool, counted there."""
    kind: ConnectorKind | None = None
    """Its entry in the registry, where that is not found by the connector's own spec."""
    planned: Callable[[], tuple[Connector, Mapping[str, ItemPlan]]] | None = None
    """The office plans `Plan A`, `Plan B` and `Plan C`: a connector, and all that their tool holds of each.

    In these the items are named by their titles.
    """
    close: Callable[[], None] = lambda: None
    """Takes away what the bench made in a server that goes on running."""
    exempt: dict[str, str] = field(default_factory=dict)
    """Clauses that do not apply to this tool, by name, each with its reason."""

    def tool(self, access: Access = Access.WRITE) -> Connector:
        """A connector with these rights."""
        return self.connect(access)

    def wide(self) -> Connector:
        """A connector with all rights to two projects at least."""
        return self.both() if self.both else self.tool()


def merged(settings: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with others put over them, part by part."""
    found = dict(settings)
    for name, value in over.items():
        there = found.get(name)
        both = isinstance(there, Mapping) and isinstance(value, Mapping)
        found[name] = merged(there, value) if both else value
    return found


NEEDS = {each.name for each in fields(Bench)}


def missing(bench: Bench, name: str, needs: tuple[str, ...]) -> str:
    """Why a clause does not apply to a bench; empty when it does."""
    if name in bench.exempt:
        return bench.exempt[name]
    tool = bench.tool()
    for need in needs:
        if need == "tracker":
            if not isinstance(tool, Tracker):
                return f"{tool.spec.kind} is read in one go, not by its changes"
        elif need == "file":
            if isinstance(tool, Tracker):
                return f"{tool.spec.kind} is written thing by thing"
        elif need in NEEDS:
            if not getattr(bench, need):
                return f"this bench of {tool.spec.kind} gives no `{need}`"
        elif Capability(need) not in tool.spec.capabilities:
            return f"{tool.spec.kind} holds no {need}"
    return ""


def put(bench: Bench, tool: Connector, *wanted: Wanted, **more: Any) -> Any:
    """Put these, as the tool stands now, and let its lag pass."""
    bench.settle()
    written = tool.put(decided(*wanted), tool.read().digest, **more)
    bench.settle()
    return written


def found(tool: Connector, key: str) -> Any:
    """The one place where our key stands."""
    (place,) = tool.find([key])[key]
    return place


__all__ = ["Bench", "books", "found", "merged", "missing", "put"]
