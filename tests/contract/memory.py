"""A tool in memory: a connector like every other, to a plain server in this process or over HTTP.

It passes the contract as the real ones do, and what goes wrong in it can be chosen.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

from connectors.errors import OutcomeUnknown, Refused, ToolError, TryLater
from connectors.http.calls import UNLIMITED, Answered, Call, Reply
from connectors.http.client import Http
from connectors.protocol import Capability, Proof, Spec, Surroundings
from connectors.tickets.drafting import Draft, described
from connectors.tickets.keying import own_key
from connectors.tickets.lines import apart
from connectors.tickets.offering import Has
from connectors.tickets.paging import ChangesPage, after, by_offset
from connectors.tickets.preparation import Kit, MakeByCall, Menus, StartKit, There
from connectors.tickets.required import TypeField
from connectors.tickets.served import ServedPart, bearer
from connectors.tickets.settings import TicketSettings, TicketTool
from connectors.tickets.starting import described_by, key_in
from connectors.tickets.ticket import Comment, Link, Shape, Ticket, TicketChange
from connectors.tickets.tracker import CONTAINER, Tracker
from connectors.tickets.typed import ANONYMOUS, DAWN, Typed, each_understood, understood
from domain.delivery.wanted import Wanted
from domain.organization.office import Access
from tests.connectors.workbook import books
from tests.contract.around import around
from tests.standins.plain import PlainStandIn
from tests.standins.world import Asked, Cut

SPEC = Spec(
    kind="memory",
    capabilities=frozenset(Capability) - {Capability.DELETIONS},
    proof=Proof.MEMORY,
    key_place="the key of a ticket",
    page=3,
    batch=2,
    webhook="plain",
    plan={"parent": "parent", "after": "after", "own_id": "number"},
    limits="none",
)
NOWHERE = "http://127.0.0.1"
"""Where a tool in this process is said to be; nothing is sent there."""
SETTINGS: dict[str, Any] = {
    "projects": {"within": ["P-1", "P-2"], "columns": {"stage": "Stage", "budget": "Budget"}},
    "items": {"columns": {"role": "Role"}},
    "questions": {"put_as": "Question"},
}


def _field(_tool: "Memory", name: str) -> MakeByCall:
    call = Call("POST", "/fields", json={"name": name}, creates=True)
    return MakeByCall(f"there is no field {name!r}", f"make the field {name!r}: {call}", name, call)


MENUS = Menus("who keeps the server adds it to its fields", "who keeps the server adds it to its statuses")


def _there(tool: "Memory", project: str) -> There | None:
    told = tool.http.get("/projects").json()["projects"]
    return next(
        (There(f"@{project}", key_in(each.get("text", ""))) for each in told if each["id"] == project), None
    )


def _start(_tool: "Memory", wanted: Wanted) -> Call:
    body = {"id": wanted.project, "title": wanted.project, "text": described_by(wanted.key)}
    return Call("POST", "/projects", json=body, creates=True)


KIT: Kit[Any] = Kit(MENUS, field=_field, start=StartKit(_there, _start), cached=("_told",))


class Within:
    """The way to a stand-in in this process, with the meanings that `connectors.http.client` gives to its answers."""

    limits = UNLIMITED
    host = "memory"
    deadline = 120.0
    pace = 0.0

    def __init__(self, standin: PlainStandIn, secret: Callable[[], str]) -> None:
        self.standin, self._secret = standin, secret
        self.calls = 0

    def get(self, path: str, params: Iterable[tuple[str, str]] = (), **more: Any) -> Reply:
        """Read something."""
        return self.call(Call("GET", path, tuple(params), **more))

    def call(self, call: Call) -> Reply:
        """Send one call and give its answer."""
        self.calls += 1
        headers = {"authorization": f"Bearer {self._secret()}"}
        headers |= {name.lower(): value for name, value in call.headers}
        body = json.dumps(call.json).encode() if call.json is not None else b""
        query = parse_qs(urlencode(call.params), keep_blank_values=True)
        try:
            answer = self.standin.handle(Asked(call.method, call.path, query, headers, body))
        except Cut:
            raise self._unanswered(call, f"the line broke after {call} was sent") from None
        reply = Reply(answer.status, answer.headers, answer.bytes(), call.writing and answer.status < 300)
        if answer.status < 300 or answer.status in call.accept:
            return reply
        text = f"memory answered {answer.status} to {call}: {reply.told}"
        if answer.status == 429:
            raise TryLater(text)
        raise self._unanswered(call, text) if answer.status >= 500 else Answered(text, answer.status)

    @staticmethod
    def _unanswered(call: Call, text: str) -> ToolError:
        return OutcomeUnknown(text) if call.writing else TryLater(text)


class Memory(Tracker):
    """One office's projects on a plain server."""

    spec: ClassVar[Spec] = SPEC
    natives = frozenset({"title", "project", "due", "start", "work", "parent", "after"})

    def __init__(
        self, http: Http | Within, access: Access, surroundings: Surroundings, settings: TicketSettings
    ) -> None:
        part = ServedPart(TicketTool(url=NOWHERE), books.OFFICE, access, "1", surroundings)
        super().__init__(part, settings)
        self.http = http  # type: ignore[assignment]

    kit = KIT

    def signed(self, secret: str) -> Mapping[str, str]:
        """A token."""
        return bearer(secret)

    def me(self) -> str:
        """Our own name."""
        return str(self._user["name"])

    @cached_property
    def _user(self) -> Mapping[str, Any]:
        return self.http.get("/me").json()

    def remarks(self) -> Iterator[str]:
        """Whether the projects are there and we may write as the access says."""
        may_write = self._user["may_write"]
        there = {ticket.project for ticket in self.containers()}
        for named in self.settings.projects.within:
            if named not in there:
                yield f"there is no project {named!r}; mend projects.within"
        if self.access.may_ask and not may_write:
            yield "we may only read there: grant the right to write, or lower the office's access"

    @cached_property
    def _told(self) -> Mapping[str, Any]:
        return self.http.get("/fields").json()

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """The fields and statuses."""
        if not self.settings.items.status_names and self.settings.items.columns.model_fields_set <= {"role"}:
            return Has()
        shown = {name for ticket in tickets if ticket.shape is Shape.PROJECT for name in ticket.fields}
        return Has({each["name"] for each in self._told["fields"]}, shown, set(self._told["statuses"]))

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField]:
        """Every type has the same fields."""
        del project, type_
        return [
            TypeField(
                each["name"],
                each["name"],
                bool(each.get("required")),
                each["writable"],
                each.get("kind", ""),
                {name: name for name in each["options"]} if each.get("options") else None,
            )
            for each in self._told["fields"]
        ]

    def containers(self) -> Iterable[Ticket]:
        """The projects of the settings."""
        told = Typed(self.http.get("/projects").json(), what="GET /projects").all("projects")
        for ticket in each_understood(told, self._project):
            if ticket.project in self.settings.projects.within:
                yield ticket

    def _project(self, told: Typed) -> Ticket:
        name, at = told.need("id"), told.moment("updated") or DAWN
        fields = told.under("fields").found
        ref, title = f"{CONTAINER}{name}", told.text("title")
        return Ticket(ref, Shape.PROJECT, at, title, project=name, fields=fields)

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page by the time of change."""
        begin = (("since", since.astimezone(UTC).isoformat()),) if since else ()
        found, total = self._found(int(token or 0), *begin)
        further = after(int(token or 0), len(found), total, "GET /tickets")
        return ChangesPage(tuple(each_understood(found, self._ticket)), further, total)

    def _found(self, start: int, *asked: tuple[str, str]) -> tuple[list[Any], int]:
        """A page of tickets, and how many there are in all."""
        params = (*asked, ("offset", str(start)))
        found = Typed(self.http.get("/tickets", params).json(), what="GET /tickets")
        return found.all("tickets"), found.total("total")

    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The tickets that bear these keys, as a search shows them."""
        for key in keys:
            for each in by_offset(partial(self._asked_for, key), "GET /tickets"):
                yield understood(each, self._ticket)

    def _asked_for(self, key: str, start: int) -> tuple[list[Any], int]:
        return self._found(start, ("key", key))

    def alive(self) -> Iterable[str]:
        """The numbers of all tickets."""
        return [f"#{number}" for number in self.http.get("/refs").json()["numbers"]]

    def one(self, ref: str) -> Ticket | None:
        """A ticket as it is now; this does not lag."""
        reply = self.http.get(f"/tickets/{ref.removeprefix('#')}", accept=frozenset({404}))
        return understood(reply.json(), self._ticket) if reply.status == 200 else None

    def _ticket(self, found: Typed) -> Ticket:
        number, parent = found.number_needed("number"), found.whole("parent")
        text, lines = apart(found.text("text"))
        key, lines = own_key(found.text("key"), lines)
        fields = found.under("fields").found
        return Ticket(
            ref=f"#{number}",
            shape=Shape.ITEM,
            updated=found.moment("updated") or DAWN,
            title=found.text("title"),
            revision=found.name("revision"),
            key=key,
            type=found.text("type"),
            project=found.text("project"),
            parent=f"#{parent}" if parent else "",
            text=text,
            lines=lines,
            status=found.text("status"),
            closed=found.flag("closed"),
            owner=found.text("owner"),
            start=found.day("start"),
            due=found.day("due"),
            work=found.hours("work"),
            percent=found.percent("percent"),
            fields=fields,
            derived=tuple(found.texts("derived")),
            after=tuple(
                Link(f"#{each.whole('before')}", each.whole("lag") or 0, each.name("id"))
                for each in found.objects("after")
            ),
            comments=tuple(
                Comment(self._by(each), each.moment("at") or DAWN, each.text("text"))
                for each in found.objects("comments")
            ),
            changes=tuple(
                TicketChange(each.text("field"), each.text("before"), each.text("after"), self._by(each), at)
                for each in found.objects("changes")
                if (at := each.moment("at"))
            ),
        )

    def _by(self, said: Typed) -> str:
        return said.text("by") or ANONYMOUS

    def creation(self, drafts: Sequence[Draft]) -> Call:
        """Several tickets with their keys in one call."""
        bodies = [{**self._body(draft, None), "key": draft.key, "type": draft.type} for draft in drafts]
        for body, draft in zip(bodies, drafts, strict=True):
            body["project"] = draft.project
            for field, value in self.constants(draft.project, draft.type):
                told = field.chosen(value) if field.options else value
                body.setdefault("fields", {})[field.name] = float(told) if field.kind == "number" else told
        return Call("POST", "/tickets", json={"tickets": bodies}, creates=True)

    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """An answer for each."""
        del drafts
        return [
            Refused(each["problem"]) if "problem" in each else f"#{each['number']}"
            for each in reply.json()["results"]
        ]

    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The changed fields, unless somebody was faster."""
        lock = (("If-Match", ticket.revision),)
        return Call(
            "PATCH", f"/tickets/{ticket.ref.removeprefix('#')}", json=self._body(draft, ticket), headers=lock
        )

    def comment(self, ticket: Ticket, text: str) -> Call:
        """Something is said to it."""
        path = f"/tickets/{ticket.ref.removeprefix('#')}/comments"
        return Call("POST", path, json={"text": text}, creates=True)

    def rekeyed(self, ticket: Ticket) -> Call:
        """The key, where it belongs."""
        return Call("PATCH", f"/tickets/{ticket.ref.removeprefix('#')}", json={"key": ticket.key})

    def _body(self, draft: Draft, ticket: Ticket | None) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if ticket is None or draft.changed & {"title", "text"}:
            body["title"] = draft.title
        if ticket is None or draft.changed & ({"text"} | set(draft.lines)):
            body["text"] = described(draft, ticket)
        for name in ("start", "due"):
            value = getattr(draft, name)
            if name in draft.changed or (name == "due" and "answer_by" in draft.changed):
                body[name] = value.isoformat() if value else None
        if "work" in draft.changed:
            body["work"] = draft.work
        if draft.writes_parent:
            body["parent"] = int(draft.parent.removeprefix("#")) if draft.parent else None
        if ticket is not None and draft.shape is Shape.ITEM and "project" in draft.changed:
            body["project"] = draft.project
        if draft.fields:
            body["fields"] = {**(ticket.fields if ticket else {}), **draft.fields}
        return body

    def link(self, ref: str, link: Link) -> Call:
        """`ref` follows the other one."""
        body = {"before": int(link.before.removeprefix("#")), "lag": link.lag}
        path = f"/tickets/{ref.removeprefix('#')}/links"
        return Call("POST", path, json=body, creates=True, accept=frozenset({409}))

    def unlink(self, ref: str, link: Link) -> Call:
        """The link is removed."""
        return Call("DELETE", f"/tickets/{ref.removeprefix('#')}/links/{link.ref}")

    def hook(self, headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
        """The tickets that a webhook names."""
        del headers
        try:
            named = json.loads(body)["tickets"]
            return tuple(f"#{int(number)}" for number in named)
        except (ValueError, KeyError, TypeError):
            return ()


def furnished(**rules: Any) -> PlainStandIn:
    """A server with two projects and six tickets of the office's."""
    standin = PlainStandIn(**rules)
    for n in (1, 2):
        standin.add_project(f"P-{n}", f"Lagerhalle {n} Ö", Stage="execution", Budget=1250500.0)
    for n in range(6):
        standin.add(
            f"P-{1 + n % 2}", f"Schritt {n}", text="Zeile 1\nZeile 2", due="2027-01-29", work=20.0, percent=50.0
        )  # fmt: skip
    standin.pass_time(minutes=5)
    return standin


def connector(
    standin: PlainStandIn,
    access: Access = Access.WRITE,
    url: str = "",
    make: type[Memory] = Memory,
    settings: Mapping[str, Any] = SETTINGS,
    **more: Any,
) -> Memory:
    """The connector to a stand-in: in this process, or at its address."""
    surroundings = around(None, more.pop("secret", lambda: standin.token), **more)
    way: Http | Within = Within(standin, surroundings.secret)
    if url:
        way = Http(
            url, auth=lambda: bearer(surroundings.secret()), now=surroundings.now, allow=("127.0.0.1",)
        )
    return make(way, access, surroundings, TicketSettings.model_validate(settings))
