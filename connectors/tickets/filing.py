"""How wanted things are written as tickets: parents first, links last, our key in the creating call.

Only our fields are written. Carries out what was decided (`domain.delivery`): which calls that takes, and the
result of each; the tool's connector makes the calls. Refuses to decide what is written, and to send anything
twice: the outcome of a call without an answer is unknown until the tool is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from connectors.errors import OutcomeUnknown, ToolError, TryLater
from connectors.http.client import Call, Reply
from connectors.protocol import Capability, Done, Guard, Put, permitted
from connectors.tickets import lineage
from connectors.tickets.clerk import Clerk
from connectors.tickets.drafting import Draft
from connectors.tickets.keying import Keyless
from connectors.tickets.places import Places, place_of
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Link, Ticket
from domain.delivery.delivery import Decision, Step
from domain.delivery.wanted import Wanted
from domain.organization.office import Access

STALE = frozenset({409, 412})
GONE = frozenset({404, 410})
UNKNOWN_TO_IT = 401
"""The refusal that every further call would get too."""


@dataclass
class Filing:
    """One `put` under way. In a dry run calls are listed and none is sent; a new ticket's ref is its key."""

    clerk: Clerk
    tickets: Tickets
    access: Access
    guard: Guard
    dry_run: bool
    calls: list[Call] = field(default_factory=list)
    decisions: dict[str, Decision] = field(default_factory=dict)
    """The decisions by key, made on the things as they fit the tool and on what stands there now."""
    wanted: dict[str, Wanted] = field(default_factory=dict)
    """The things by key, as they are to stand there."""
    results: dict[str, Put] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    """The refs of our things by key, including those just made."""
    parents: dict[str, str] = field(default_factory=dict)
    """The present parents of our things: the parent's key by the thing's key."""
    drafts: dict[str, Draft] = field(default_factory=dict)
    """What was created, by key."""
    loosened: dict[str, list[Link]] = field(default_factory=dict)
    """The links that were removed before fields were written, by key."""
    stopped: str = ""
    """Why no more calls are sent; empty while they are."""
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.clerk, self.tickets, self.send)

    def file(self, decisions: Sequence[Decision], fit: Callable[[Wanted], Wanted]) -> tuple[Put, ...]:
        """Carry out each decision on the thing as `fit` gives it; the results in their order."""
        asked: dict[str, Wanted] = {}
        for each in decisions:
            if each.key not in asked:
                asked[each.key] = each.wanted
                try:
                    self._take(each.of(fit(each.wanted)))
                except ToolError as problem:
                    self.results[each.key] = self.failed(each.key, problem)
        self._file(tuple(self.wanted.values()))
        another = "the same key is wanted with other content"
        return tuple(
            self._told(each.key)
            if each.wanted == asked[each.key]
            else Put(each.key, Done.REFUSED, why=another)
            for each in decisions
        )

    def confirmed(self, results: Sequence[Put], tickets: Tickets) -> tuple[Put, ...]:
        """The results after reading back: what the tool accepted and does not show counts as refused."""
        looked = [self._key_looked_for(each, tickets) for each in results]
        if self.clerk.spec.read_lag:
            return tuple(looked)
        return tuple(self._confirmed(each, tickets) for each in looked)

    def _key_looked_for(self, result: Put, tickets: Tickets) -> Put:
        """A new ticket without our key is refused, and gets the key as a line."""
        ticket = tickets.by_ref.get(result.ref)
        is_new = result.done is Done.CREATED and result.key in self.drafts
        if not is_new or ticket is None or ticket.key == result.key:
            return result
        try:
            self.places.without_key(self.drafts[result.key], ticket)
        except ToolError as problem:
            return self.failed(result.key, problem)
        return result

    def _confirmed(self, result: Put, tickets: Tickets) -> Put:
        found = tickets.by_key.get(result.key, [])
        if result.done not in (Done.CREATED, Done.UPDATED) or len(found) != 1:
            return result
        differing = sorted(self.decisions[result.key].again([self.clerk.placed(found[0], tickets)]).changes)
        if not differing:
            return result
        why = self.clerk.untaken(found[0], differing, tickets)
        return replace(result, done=Done.REFUSED, why=why)

    def _told(self, key: str) -> Put:
        """The result for a thing, with the fields that the office had changed."""
        result, decision = self.results[key], self.decisions.get(key)
        return replace(result, conflicts=decision.conflicts) if decision else result

    def _take(self, decision: Decision) -> None:
        """Decide by the tickets that we remember."""
        self._decide(decision, self.tickets.by_key.get(decision.key, ()))

    def _decide(self, decision: Decision, found: Sequence[Ticket]) -> Decision:
        """The decision made again on these tickets; also notes what is to stand there."""
        places = [self.clerk.placed(ticket, self.tickets) for ticket in found]
        now = decision.again(places)
        self.decisions[now.key] = now
        self.wanted[now.key] = now.carried_out(places[0].values) if len(places) == 1 else now.wanted
        return now

    def _file(self, wanted: Sequence[Wanted]) -> None:
        """Carry out the noted decisions, one per key."""
        new, there = [], []
        ours = {key: found[0] for key, found in self.tickets.by_key.items()}
        self.refs = {key: ticket.ref for key, ticket in ours.items()}
        self.parents = {key: self.tickets.key_of(ticket.parent) for key, ticket in ours.items()}
        circular = lineage.circular(wanted, self.parents)
        for each in lineage.following(wanted):
            decision = self.decisions[each.key]
            reason = permitted(self.access, each.kind) or circular.get(each.key, "")
            if each.office != self.tickets.office:
                reason = f"it is {each.office}'s, and this is the tool of {self.tickets.office}"
            if reason:
                self.results[each.key] = Put(each.key, Done.REFUSED, why=reason)
            elif decision.step is Step.HOLD:
                self.results[each.key] = Put(each.key, Done.HELD, why=decision.why)
            elif decision.step is Step.CREATE:
                new.append(each)
            else:
                there.append((each.key, ours[each.key]))
        self._create(new)
        for key, ticket in there:
            self._settle(key, lambda key=key, ticket=ticket: self._change(key, ticket))  # type: ignore[misc]
        for each in lineage.following(wanted):
            self._link(each)
            self._restore(each)

    def _create(self, wanted: Sequence[Wanted]) -> None:
        """Create level by level, parents before their children, as many per call as the tool permits."""
        for level in lineage.levels(wanted):
            drafts = []
            for each in level:
                parent = each.parent
                if parent and parent not in self.refs:
                    why = f"its parent {parent} is not there yet"
                    self.results[each.key] = Put(each.key, Done.LATER, why=why)
                    continue
                try:
                    over, fields = self.refs.get(parent, ""), frozenset(each.values)
                    drafts.append(self.clerk.draft(each, self.tickets, over, fields))
                except ToolError as problem:
                    self.results[each.key] = Put(each.key, Done.REFUSED, why=problem.text)
            for chunk in self.places.chunks(drafts, self.clerk.spec.batch or 1):
                self._create_chunk([self.places.keyed(draft) for draft in chunk])

    def _create_chunk(self, drafts: Sequence[Draft]) -> None:
        """Create tickets of one place with one call; each is looked at for its key."""
        keys, place = [draft.key for draft in drafts], place_of(drafts[0])
        if why := self.places.obstacle(place, keys):
            self.results |= {key: Put(key, Done.REFUSED, why=why) for key in keys}
            return
        try:
            reply = self.send(self.clerk.creation(drafts), keys)
            made = self.clerk.created(reply, drafts) if reply else keys
        except ToolError as problem:
            made = [problem] * len(drafts)
        for draft, outcome in zip(drafts, made, strict=True):
            if isinstance(outcome, ToolError):
                self.places.refused(place, outcome)
                self.results[draft.key] = self.failed(draft.key, outcome)
            else:
                self._made(draft, outcome)
        if self.dry_run:
            self.places.proved.add(place)

    def _made(self, draft: Draft, ref: str) -> None:
        """Note a new ticket, and put it below its parent where the creating call could not."""
        self.refs[draft.key], self.drafts[draft.key] = ref, draft
        fields = tuple(sorted(draft.changed))
        self.results[draft.key] = Put(draft.key, Done.CREATED, ref, fields=fields)
        if not self.dry_run:
            try:
                self.places.made(draft, ref)
            except ToolError as problem:
                self.results[draft.key] = self.failed(draft.key, problem)
        if draft.parent and (call := self.clerk.adoption(ref, draft.parent)):
            self._also(draft.key, call)

    def _change(self, key: str, ticket: Ticket) -> Put:
        """Write what was decided; when somebody changed the ticket meanwhile, read, decide and write again.

        Where the tool has no locks, the ticket is read before the first write too.
        """
        if not self._changing(key, ticket):
            return Put(key, Done.SAME, ticket.ref)
        for attempt in range(2):
            if attempt or self._looks:
                fresh = self._now(key, ticket.ref)
                if fresh is None or fresh.key != key:
                    return self._gone(key, ticket)
                ticket = fresh
                self._decide(self.decisions[key], [ticket])
            changing = self._changing(key, ticket)
            if not changing:
                return Put(key, Done.SAME, ticket.ref)
            parent = self.wanted[key].parent
            if "parent" in changing and (obstacle := self._obstacle(key, parent)):
                return Put(key, Done.LATER, ticket.ref, obstacle)
            self._loosen(key, ticket)
            draft = self._draft(key, ticket, changing)
            call = self.clerk.update(ticket, draft)
            reply = self.send(replace(call, accept=call.accept | STALE | GONE), [key])
            status = reply.status if reply else 200
            if status in GONE:
                return self._gone(key, ticket)
            stale = self.clerk.updated(reply, ticket) if reply else None
            if status not in STALE and stale is None:
                fields = tuple(sorted(changing))
                self.parents |= {key: parent} if "parent" in changing else {}
                self.results[key] = Put(key, Done.UPDATED, ticket.ref, fields=fields)
                for more in self.clerk.further(ticket, draft):
                    self._also(key, more)
                return self.results[key]
        return Put(key, Done.LATER, ticket.ref, "it is being changed by somebody else")

    def _draft(self, key: str, ticket: Ticket, changing: frozenset[str]) -> Draft:
        """The ticket to write; where the office moved it to another project and it stays, in that project."""
        wanted = self.wanted[key]
        draft = self.clerk.draft(wanted, self.tickets, self.refs.get(wanted.parent, ""), changing)
        return replace(draft, project=ticket.project) if "project" in self.decisions[key].left else draft

    def _gone(self, key: str, ticket: Ticket) -> Put:
        return Put(key, Done.HELD, ticket.ref, self._decide(self.decisions[key], ()).why)

    def _obstacle(self, key: str, parent: str) -> str:
        """Why the ticket cannot be put below that parent yet; empty where it can."""
        if parent and parent not in self.refs:
            return f"its parent {parent} is not there yet"
        if key in lineage.above(parent, self.parents):
            return f"its parent {parent} still stands below it, so it would be its own ancestor"
        return ""

    def _changing(self, key: str, ticket: Ticket) -> frozenset[str]:
        """The fields to write: what was decided, without links and without a project that the parent sets."""
        taken_along = {"project"} if self._taken_along(self.wanted[key], ticket) else set()
        return frozenset(self.decisions[key].changes) - {"after"} - taken_along

    def _taken_along(self, wanted: Wanted, ticket: Ticket) -> bool:
        """Whether the ticket was just moved to the wanted project because its parent was moved there."""
        over = wanted.parent
        parent, result = self.wanted.get(over), self.results.get(over)
        if not (parent and result and result.done in LINKABLE and self.parents[wanted.key] == over):
            return False
        alike = parent.project == wanted.project
        if not (alike and self.tickets.goes_along(ticket)):
            return False
        there = self.tickets.by_ref.get(result.ref)
        return "project" in result.fields or (there is not None and self._taken_along(parent, there))

    @property
    def _looks(self) -> bool:
        """Whether a ticket is read before it is written, because no lock shows that it was changed."""
        return not self.dry_run and Capability.LOCKS not in self.clerk.spec.capabilities

    def _link(self, wanted: Wanted) -> None:
        """Add and remove the links to what a thing follows, once both ends are there."""
        key, ref = wanted.key, self.refs.get(wanted.key)
        is_linked = "after" in self.decisions[key].changes
        if ref is None or not is_linked or self.results[key].done not in LINKABLE:
            return
        ticket = self.tickets.by_ref.get(ref)
        if ticket and self._looks and (ticket := self._now(key, ref)):
            self._decide(self.decisions[key], [ticket])
        there, less = self._followed(ticket), self._unasked(key, ticket)
        more = []
        for before, lag in ((each.key, int(each.lag)) for each in self.wanted[key].after):
            if before in there and there[before].means(lag):
                continue
            if before in self.refs:
                more.append(Link(self.refs[before], lag))
            else:
                self._worse(key, Done.LATER, f"{before}, which it follows, is not there yet")
        try:
            calls = tuple(self._links(ref, less, more))
        except ToolError as problem:
            failed = self.failed(key, problem)
            self._worse(key, failed.done, failed.why)
            return
        for call in calls:
            self._also(key, call)

    def _unasked(self, key: str, ticket: Ticket | None) -> list[Link]:
        """The links to those of our things that a ticket still follows and is not to follow, or not so."""
        asked, gone = {e.key: int(e.lag) for e in self.wanted[key].after}, self.loosened.get(key, ())
        there = [each for each in self._followed(ticket).items() if each[1] not in gone]
        return [link for before, link in there if before not in asked or not link.means(asked[before])]

    def _now(self, key: str, ref: str) -> Ticket | None:
        """The ticket as it is now, with the links that we removed: no change of the office's."""
        now = self.clerk.one(ref)
        return now and replace(now, after=(*self.loosened.get(key, ()), *now.after))

    def _loosen(self, key: str, ticket: Ticket) -> None:
        """Remove links before the fields are written, where the tool holds dates by links."""
        less = self._unasked(key, ticket) if "after" in self.decisions[key].changes else []
        for call in self.clerk.loosened(ticket.ref, less):
            self.send(call, [key])
            self.loosened[key] = less

    def _followed(self, ticket: Ticket | None) -> dict[str, Link]:
        """The links to those of our things that a ticket follows, by key."""
        found = {self.tickets.key_of(link.before): link for link in ticket.after} if ticket else {}
        found.pop("", None)
        return found

    def _restore(self, wanted: Wanted) -> None:
        """Write the dates again where the tool moved them as it linked this thing or wrote a predecessor."""
        ref = self.refs.get(wanted.key)
        if ref is not None and self.results[wanted.key].done in LINKABLE:
            call = self.clerk.restored(ref, self.wanted[wanted.key])
            if call:
                self._also(wanted.key, call)

    def _links(self, ref: str, less: Sequence[Link], more: Sequence[Link]) -> Iterator[Call]:
        """The calls that remove and add these links: one where the tool holds all of them in one field."""
        if not less and not more:
            return
        if self.stopped:
            raise TryLater(self.stopped)
        if call := self.clerk.relinked(ref, less, more):
            yield call
            return
        yield from (self.clerk.unlink(ref, link) for link in less)
        yield from (self.clerk.link(ref, link) for link in more)

    def _also(self, key: str, call: Call) -> None:
        """Send one more call for a ticket; a failure becomes its result."""
        try:
            self.send(call, [key])
        except ToolError as problem:
            failed = self.failed(key, problem)
            self._worse(key, failed.done, failed.why)
            return
        result = self.results[key]
        if result.done is Done.SAME:
            self.results[key] = replace(result, done=Done.UPDATED, fields=("after",))

    def _worse(self, key: str, done: Done, why: str) -> None:
        self.results[key] = replace(self.results[key], done=done, why=why)

    def _settle(self, key: str, act: Callable[[], Put]) -> None:
        try:
            self.results[key] = act()
        except ToolError as problem:
            self.results[key] = self.failed(key, problem)

    def failed(self, key: str, problem: ToolError) -> Put:
        """The result for a thing whose call failed; some failures stop all further calls."""
        ref = self.refs.get(key, "")
        if isinstance(problem, OutcomeUnknown):
            return Put(key, Done.UNKNOWN, ref, problem.text)
        if isinstance(problem, TryLater) or getattr(problem, "status", None) == UNKNOWN_TO_IT:
            self.stopped = self.stopped or problem.text
            return Put(key, Done.LATER, ref, problem.text)
        there = problem.ref if isinstance(problem, Keyless) else ref
        return Put(key, Done.REFUSED, there, problem.text)

    def send(self, call: Call, keys: Sequence[str]) -> Reply | None:
        """Send a call inside the guard; None in a dry run. Raises TryLater when nothing more is sent."""
        if self.stopped:
            raise TryLater(self.stopped)
        self.calls.append(call)
        if self.dry_run:
            return None
        with self.guard(keys):
            return self.clerk.send(call)


LINKABLE = frozenset({Done.CREATED, Done.UPDATED, Done.SAME})


__all__ = ["Clerk", "Filing"]
