"""Trac 1.6 by the JSON-RPC of TracXMLRPC: tickets of one type are projects, custom fields hold the rest.

Trac has no projects, dates, parents or links of its own: whatever stands in a custom field is named in the
settings, what has none is lost. Refuses to comment, to close, and to write past the workflow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from connectors.errors import Refused, Skip, ToolError
from connectors.http.client import Answered, Call, Reply
from connectors.protocol import Capability, Proof, Spec
from connectors.tickets.drafting import Draft
from connectors.tickets.filing import STALE
from connectors.tickets.offering import Has
from connectors.tickets.paging import ChangesPage
from connectors.tickets.pulling import DETAILED
from connectors.tickets.required import TypeField
from connectors.tickets.served import ServedPart, basic
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Comment, Link, Malformed, Shape, Ticket, TicketChange
from connectors.tickets.tracker import Tracker
from connectors.tickets.typed import ANONYMOUS, DAWN, Typed, each_understood, shown, understood
from connectors.trac.calls import call_of
from connectors.trac.fields import HELD, TracFields, TracSettings, TracTool, moment, row
from connectors.trac.preparation import KIT
from domain.delivery.wanted import Wanted
from domain.ids import own_id

PAGE = 100
BATCH = 50
KEYS = 100
FORBIDDEN, MISSING, UNPROCESSABLE, CONFLICT = 403, 404, 422, 409
UNKNOWN_METHOD = -32601
LONGEST_WORD = 300
STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
LOGGED = ("at", "by", "field", "before", "after")
Step = tuple[str, Sequence[object]]


class Trac(Tracker):
    """An office's tickets in a Trac: all of them, or those of its components."""

    spec: ClassVar[Spec] = Spec(
        kind="trac",
        capabilities=frozenset(
            {
                Capability.CHANGES,
                Capability.ITEMS,
                Capability.QUESTIONS,
                Capability.ANSWERS,
                Capability.AUTHORS,
                Capability.LINKS,
                Capability.PARENTS,
                Capability.LOCKS,
            }
        ),
        proof=Proof.SERVER,
        key_place="the custom field that the settings name as `items.columns.key`",
        page=PAGE,
        batch=BATCH,
        plan={
            "parent": "the field that the settings name",
            "after": "the field that the settings name: `12, 14 +2d, 15SS -1d`",
            "own_id": "the ticket's number",
        },
        limits="none",
    )

    kit = KIT
    tool: TracTool
    settings: TracSettings
    _fields: TracFields | None = None

    def __init__(self, part: ServedPart, settings: TracSettings) -> None:
        super().__init__(part, settings)
        self.natives = settings.items.columns.named

    def signed(self, secret: str) -> Mapping[str, str]:
        """The headers of a user's password."""
        return basic(self.tool.user, secret)

    @property
    def fields(self) -> TracFields:
        """Trac's own fields and which of them the settings name; read once."""
        if self._fields is None:
            told = Typed({"fields": self._asked("ticket.getTicketFields")}, what=self._what("its fields"))
            known = [each.found for each in told.objects("fields") if each.text("name")]
            self._fields = TracFields(self.settings, self.tool.zone, known)
        return self._fields

    def me(self) -> str:
        """The user as whom we sign in: Trac shows no other name."""
        return self.tool.user

    def remarks(self) -> Iterator[str]:
        """What does not fit: no plugin, no right to create; fields, types, components that are not there."""
        yield from self.fields.remarks()
        if self._access.may_ask:
            try:
                self._asked("ticket.create", "", "")  # without a summary nothing is created
            except Answered as refusal:
                if refusal.status == FORBIDDEN:
                    yield f"{self.tool.user} may not create tickets: grant TICKET_CREATE, or lower the access"

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """Trac's fields by name and label, and the names that mean a ticket's own; its statuses and types."""
        del tickets
        fields = self.fields
        return Has(
            {*fields.labels, *HELD, *fields.names},
            {*fields.labels, *HELD, *fields.names},
            fields.options("status"),
            fields.options("type"),
        )

    def type_fields(self, project: str, type_: str) -> Sequence[TypeField] | None:
        """All fields, where the settings give values of some: Trac tells of none that it requires."""
        del project, type_
        return self.fields.typed if self.settings.constants else None

    def containers(self) -> Iterable[Ticket]:
        """No containers: a project is a ticket."""
        return ()

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page in the order of the changes; the next begins where this one ends, so no change is missed.

        The token is the time at which the page begins, and how many tickets of that instant were read
        already: they are read once more, with a page of others.
        """
        start, _, known = token.partition(" ")
        count = PAGE + int(known or 0)
        if since and not start:
            start = since.astimezone(UTC).strftime(STAMP)
        since_then = [f"changetime={start}.."] if start else []
        query = self._where(*since_then, "order=changetime", most=count)
        ids = self._numbers(self._asked("ticket.query", query))
        found = list(each_understood(self._rows(ids), self.fields.ticket))
        times = [ticket.updated for ticket in found if ticket.updated != DAWN]
        if len(ids) == count and not times:
            raise Refused(f"{self._what('its tickets')}: none of {count} has a time of change")
        following = f"{max(times):{STAMP}} {times.count(max(times))}" if times and len(ids) == count else ""
        return ChangesPage(tuple(self._discussed(filter(self.fields.within, found))), following, steady=True)

    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The tickets of this part with these keys, closed ones too."""
        # The first value is no key: it keeps a key that begins with ~ or ! from being read as an operator.
        asked: list[Step] = [
            ("ticket.query", [self._where(f"{self.fields.key}={'|'.join(['-', *map(_escaped, chunk)])}")])
            for chunk in (keys[at : at + KEYS] for at in range(0, len(keys), KEYS))
        ]
        ids = {number for answer in self._multicall(asked) for number in self._numbers(self._good(answer))}
        found = (understood(each, self.fields.ticket) for each in self._rows(sorted(ids)))
        return [ticket for ticket in found if ticket.key in set(keys) and self.fields.within(ticket)]

    def one(self, ref: str) -> Ticket | None:
        """A ticket as it is now; None when it is gone."""
        try:
            return understood(row(self._asked("ticket.get", _number(ref))), self.fields.ticket)
        except Answered as refusal:
            if refusal.status == MISSING:
                return None
            raise

    def alive(self) -> Iterable[str]:
        """The refs of all tickets that are there now, read with one call."""
        return [f"#{number}" for number in self._numbers(self._asked("ticket.query", self._where()))]

    def fit(self, wanted: Wanted) -> Wanted:
        """The wanted thing as it would be read back; raises `Skip` for a key that Trac cannot search for."""
        if "\\" in wanted.key or "$USER" in wanted.key:
            raise Skip(f"{wanted.key!r} cannot be looked for in Trac: it holds a backslash or $USER")
        return super().fit(wanted)

    def draft(self, wanted: Wanted, tickets: Tickets, parent: str, changed: frozenset[str]) -> Draft:
        """The ticket to write for a wanted thing, with its project in the field for that."""
        made = super().draft(wanted, tickets, parent, changed)
        if "project" not in changed or not self.fields.project:
            return made
        said = own_id(self.office, str(wanted.values["project"]))
        return replace(made, fields={**made.fields, self.settings.items.columns.project.header: said})

    def creation(self, drafts: Sequence[Draft]) -> Call:
        """One call that creates the tickets, each independently of the others."""
        steps: list[Step] = [
            ("ticket.create", self.fields.created(draft, self.constants(draft.project, draft.type)))
            for draft in drafts
        ]
        return replace(call_of("system.multicall", *map(_step, steps)), creates=True)

    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """The new tickets' refs, or why one was not created."""
        made: list[str | ToolError] = []
        for answer, draft in zip(reply.json()["result"], drafts, strict=True):
            problem = self._problem(answer, f"the ticket for {draft.key}")
            made.append(problem or f"#{answer['result']}")
        return made

    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The call that writes the changed fields; it fails when the ticket changed since it was read."""
        return self._update(ticket, self.fields.changes(ticket, draft))

    def comment(self, ticket: Ticket, text: str) -> Call:
        """The call that adds a comment to a ticket; it fails when the ticket changed since it was read."""
        lock = {"_ts": ticket.revision} if ticket.revision else {}
        said = call_of("ticket.update", _number(ticket.ref), text, {"action": "leave", **lock})
        return replace(said, creates=True)

    def rekeyed(self, ticket: Ticket) -> Call:
        """The call that writes a ticket's key into its custom field."""
        return self._update(ticket, {self.fields.key: ticket.key})

    def relinked(self, ref: str, less: Sequence[Link], more: Sequence[Link]) -> Call | None:
        """The call that writes the field of predecessors anew, with those that are not ours as they are."""
        there = self.one(ref) if ref.startswith("#") else None
        known = there or Ticket(ref=ref, shape=Shape.ITEM, updated=self._now(), title="")
        gone = {link.before for link in (*less, *more)}
        links = [*(link for link in known.after if link.before not in gone), *more]
        return self._update(known, self.fields.following(links))

    def send(self, call: Call) -> Reply:
        """Send one call; a refusal inside a successful response gets the HTTP status that it means."""
        reply = self._sent(replace(call, accept=frozenset()))
        problem = self._problem(reply.json(), str(call))
        if problem is None:
            return reply
        status = CONFLICT if call.accept >= STALE and self._moved(call) else problem.status
        if status in call.accept:
            return replace(reply, status=status)
        raise problem

    def _sent(self, call: Call) -> Reply:
        """The answer to a call; after a refusal the connection is closed.

        Trac leaves the request's body unread on it, and would take that for the next request.
        """
        try:
            return self.http.call(call)
        except ToolError:
            self.http.close()
            raise

    def _where(self, *conditions: str, most: int = 0) -> str:
        """A query of this office's part, for at most `most` tickets; 0: all."""
        return "&".join([*self.fields.scope, *conditions, f"max={most}"])

    def _update(self, ticket: Ticket, changes: Mapping[str, object]) -> Call:
        lock = {"_ts": ticket.revision} if ticket.revision else {}
        return call_of("ticket.update", _number(ticket.ref), "", {"action": "leave", **lock, **changes})

    def _moved(self, call: Call) -> bool:
        """Whether an update was refused because the ticket was changed or removed since it was read."""
        asked = cast("dict[str, Any]", call.json)
        if asked["method"] != "ticket.update":
            return False
        number, _, attributes = asked["params"]
        there = self.one(f"#{number}")
        return there is None or there.revision != attributes.get("_ts")

    def _discussed(self, tickets: Iterable[Ticket]) -> Iterator[Ticket]:
        """The tickets; those of which it counts who said and changed what with that, by one call for all."""
        everything = list(tickets)
        asked = [ticket.ref for ticket in everything if self._shaped(ticket).shape in DETAILED]
        logs = self._multicall([("ticket.changeLog", [_number(ref)]) for ref in asked])
        told = dict(zip(asked, logs, strict=True))
        for ticket in everything:
            log = told[ticket.ref]["result"] if ticket.ref in told else None
            if not log:
                yield ticket
                continue
            notes = list(ticket.malformed)
            entries = list(_entries(log, notes))
            yield replace(
                ticket, comments=_comments(entries), changes=_changes(entries), malformed=tuple(notes)
            )

    def _what(self, what: str) -> str:
        return f"{self.http.host}, {what}"

    def _numbers(self, told: object) -> list[int]:
        """The tickets' numbers that a query gives; raises `Refused` for another answer."""
        found = Typed({"tickets": told}, what=self._what("ticket.query")).all("tickets")
        for number in found:
            Typed({"ticket": number}, what=self._what("ticket.query")).number_of("ticket")
        return found

    def _rows(self, ids: Sequence[int]) -> Iterator[object]:
        """The tickets with these numbers as Trac returns them, without those that were removed meanwhile."""
        for at in range(0, len(ids), 2 * PAGE):
            for answer in self._multicall([("ticket.get", [number]) for number in ids[at : at + 2 * PAGE]]):
                problem = self._problem(answer, "ticket.get")
                if problem is None:
                    yield row(self._good(answer))
                elif problem.status not in (MISSING, FORBIDDEN):
                    raise problem

    def _asked(self, method: str, *params: object) -> Any:  # noqa: ANN401 - each method has its own
        """The answer of a method that only reads; raises `Answered` with Trac's message for a refusal."""
        try:
            reply = self._sent(replace(call_of(method, *params), reads=True))
        except Answered as refusal:
            if refusal.status == MISSING:
                words = "no JSON-RPC there; install and enable TracXMLRPC, or correct the tool's `url`"
                raise Answered(f"{self.http.host}: {words}", MISSING) from None
            raise
        return self._good(Typed(reply.json(), what=self._what(method)).found, method)

    def _multicall(self, steps: Sequence[Step]) -> list[dict[str, Any]]:
        """The whole answer to each of several reading steps, sent in one call; empty without steps."""
        if not steps:
            return []
        told = self._asked("system.multicall", *map(_step, steps))
        found = Typed({"answers": told}, what=self._what("system.multicall")).all("answers")
        if len(found) != len(steps) or not all(isinstance(each, dict) for each in found):
            raise Refused(f"{self._what('system.multicall')}: {len(found)} answers to {len(steps)} questions")
        return found

    def _good(self, answer: Mapping[str, Any], what: str = "") -> Any:  # noqa: ANN401 - each method has its own
        if problem := self._problem(answer, what):
            raise problem
        if "result" not in answer:
            raise Refused(f"{self._what(what or 'its answer')}: there is no result in it: {shown(answer)}")
        return answer["result"]

    def _problem(self, answer: Mapping[str, Any], what: str) -> Answered | None:
        """The refusal in an answer, with the HTTP status that it means; None when there is none."""
        error = answer.get("error")
        if not error:
            return None
        if not isinstance(error, Mapping):
            return Answered(f"{self._what(what)}: an error that is none: {shown(error)}", UNPROCESSABLE)
        code = error.get("code")
        said = " ".join(self.http.concealed(str(error.get("message", ""))).split())[:LONGEST_WORD]
        text = f"{self.http.host} refuses {what or 'that'}: {said}"
        if code == UNKNOWN_METHOD:
            text += "; is TracXMLRPC 1.1.9 or newer installed and enabled?"
        if code == FORBIDDEN:
            text += f"; {self.tool.user} has no right to that: grant it, or lower the office's access"
        return Answered(text, code if code in (FORBIDDEN, MISSING) else UNPROCESSABLE)


def _step(step: Step) -> dict[str, object]:
    method, params = step
    return {"method": method, "params": list(params), "id": 1}


def _number(ref: str) -> int | str:
    """The number of a ticket; in a dry run, the key of one that is not there yet."""
    number = ref.removeprefix("#")
    return int(number) if number.isdecimal() else ref


def _escaped(key: str) -> str:
    return key.replace("|", "\\|").replace("&", "\\&")


Entry = tuple[datetime, str, str, str, str]
"""Of a ticket's log: when, by whom, which field, its value before and its value after."""


def _entries(log: object, notes: list[Malformed]) -> Iterator[Entry]:
    """The entries of a ticket's log; one of another form is noted."""
    for place, told in enumerate(Typed({"log": log}, notes).things("log")):
        fits = isinstance(told, list) and len(told) >= len(LOGGED)
        each = Typed(dict(zip(LOGGED, told, strict=False)) if fits else told, notes, at=f"log[{place}].")
        at = moment(each, "at") if fits else None
        if at is not None:
            before, after = (_plain(each, name) for name in ("before", "after"))
            yield at, each.text("by") or ANONYMOUS, each.text("field"), before, after


def _comments(entries: Iterable[Entry]) -> tuple[Comment, ...]:
    """The comments on a ticket, from its log."""
    return tuple(Comment(by, at, text) for at, by, name, _, text in entries if name == "comment" and text)


def _changes(entries: Iterable[Entry]) -> tuple[TicketChange, ...]:
    """Who changed which field of a ticket, and when; without comments and their older wordings."""
    return tuple(
        TicketChange(name, before, after, by, at)
        for at, by, name, before, after in entries
        if name != "comment" and not name.startswith("_")
    )


def _plain(entry: Typed, name: str) -> str:
    """A value of the log as text; a time as Trac writes it."""
    if isinstance(entry.found.get(name), Mapping):
        at = moment(entry, name)
        return at.isoformat() if at else ""
    return entry.name(name).replace("\r\n", "\n").strip()
