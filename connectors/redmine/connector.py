"""Redmine (5.0 and later) by its REST interface: projects and issues, our key in a custom field.

What Redmine moves by itself when a link is made is written back, and a link that contradicts the dates is
refused before it is sent: so a second delivery finds everything as it is wanted. Custom fields of people and
choices are read as Redmine shows them. Refuses to close, to assign and to delete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from connectors.errors import Refused, ToolError
from connectors.http.client import Answered, Call, Reply
from connectors.protocol import Capability, Guard, Proof, Spec, Written, unguarded
from connectors.redmine.asking import OURSELVES, PAGE, Asking, chunks, where
from connectors.redmine.check import Rights, issue_fields, remarks, tried
from connectors.redmine.fields import RedmineFields, RedmineSettings, number_of
from connectors.redmine.links import Moves
from connectors.redmine.preparation import KIT
from connectors.tickets.drafting import Draft
from connectors.tickets.offering import Has
from connectors.tickets.paging import ChangesPage, after
from connectors.tickets.served import ServedPart
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Link, Shape, Ticket, ticket_of
from connectors.tickets.tracker import Tracker
from connectors.tickets.typed import DAWN, Typed, each_understood, understood
from domain.delivery.delivery import Decision
from domain.delivery.wanted import Wanted
from domain.plans.limits import PlanLimits
from domain.plans.project import Placed

SECOND = timedelta(seconds=2)
"""Redmine's times have whole seconds: what changed this recently may change again within the same second."""


class Redmine(Tracker):
    """An office's projects in a Redmine."""

    spec: ClassVar[Spec] = Spec(
        kind="redmine",
        capabilities=frozenset(
            {
                Capability.CHANGES,
                Capability.ITEMS,
                Capability.QUESTIONS,
                Capability.ANSWERS,
                Capability.AUTHORS,
                Capability.HOOKS,
                Capability.LINKS,
                Capability.PARENTS,
            }
        ),
        proof=Proof.SERVER,
        key_place="the custom field that the settings name as `items.columns.key`",
        page=PAGE,
        batch=1,
        webhook="redmine",
        plan={
            "parent": "the parent task",
            "after": "relations `precedes` and `follows`, with their delay in working days",
            "spent": "time entries: `spent_hours`, seen with the issue's next change, else within a day",
            "own_id": "the issue's number",
        },
        limits="none of its own; webhooks from 7.0 on; a link that the office changes is seen within a day",
    )
    natives = frozenset({"title", "project", "due", "start", "work", "parent", "after"})
    kit = KIT

    settings: RedmineSettings

    def __init__(self, part: ServedPart, settings: RedmineSettings) -> None:
        super().__init__(part, settings)
        self.fields = RedmineFields(settings)
        self.asking = Asking(self.http, self.fields)
        self._moves = Moves(settings)

    @property
    def plan_limits(self) -> PlanLimits:
        """A follower begins on a working day after its predecessor; of one with parts the first moves."""
        return replace(
            super().plan_limits,
            free_days=self.settings.days_off,
            summaries_follow=not self.settings.parents_computed,
            moves_dates=True,
            counts_percent=True,
        )

    def signed(self, secret: str) -> Mapping[str, str]:
        """The header of a user's key."""
        return {"X-Redmine-API-Key": secret}

    _issued = ""
    """The last token that this process returned: any other one is of a reading that was interrupted."""
    _linked: frozenset[str] = frozenset()
    """Issues whose links we changed, which does not change their time of change."""

    def me(self) -> str:
        """The name for ourselves in comments and changes."""
        return OURSELVES

    def remarks(self) -> Iterator[str]:
        """What does not fit: projects, rights, trackers, fields, statuses."""
        tuple(self.containers())
        yield from self._missing.values()
        told = list(remarks(self.settings, self.fields, self._access, self.asking.asked))
        yield from told
        self.asking.learn()
        yield from self._doubts()
        yield from issue_fields(self.settings, self.fields, lambda keys: tuple(self.look(keys)))
        yield from tried(self.http, self.fields, self.puts()) if self._access.may_ask and not told else ()

    tells_fields: ClassVar[bool] = True

    def field_lacks(self, name: str) -> bool:
        """Whether no issue that we may see has that custom field, nor its number is given or shown to us."""
        self.asking.learn()
        return name not in {*self.fields.ids, *self.settings.field_ids}

    def has(self, tickets: Sequence[Ticket]) -> Has:
        """The custom fields that are shown; statuses and types where the settings name some."""
        shown: dict[bool, set[str]] = {True: set(), False: set()}
        for ticket in tickets:
            shown[ticket.shape is Shape.PROJECT].update(ticket.fields)
        items, projects = self.settings.items, self.fields.projects.values()
        named = self.settings.named_types
        known = {*shown[False], *self.fields.ids, *self.settings.field_ids, self.fields.key}
        if not any(ticket.type == items.put_as for ticket in tickets):  # none there to show our own fields
            known |= {column.header for column in (items.columns.role, items.columns.standing) if column}
        told = self.asking.asked("/issue_statuses.json")["issue_statuses"] if items.status_names else ()
        return Has(
            item_fields=known if shown[False] else None,
            project_fields=shown[True] or None,
            statuses={each["name"] for each in told} if items.status_names else None,
            types={name for place in projects for name in place.trackers} if named else None,
        )

    def notes(self) -> Iterable[str]:
        """Whether the dates of issues with subtasks are computed there."""
        if self.settings.parents_computed:
            yield (
                "the dates of issues with subtasks are computed from these (parents_computed): we neither "
                "write nor compare them"
            )

    def _doubts(self) -> Iterator[str]:
        """An issue whose dates do not come from its subtasks, though the settings say so."""
        if not (self.settings.parents_computed and self._access.may_write):
            return
        there = {ticket.ref: ticket for ticket in self._mirror.tickets()}
        for part in there.values():
            over = there.get(part.parent)
            if over is None or over.project != part.project:
                continue
            early = over.start and part.start and part.start < over.start
            if early or (over.due and part.due and part.due > over.due):
                yield (
                    f"{over.ref} has dates of its own beside those of its subtask {part.ref}, and "
                    "parents_computed says that they are computed: write `parents_computed: false`"
                )
                return

    def containers(self) -> Iterable[Ticket]:
        """The projects of the settings with their facts; one or two requests for up to a hundred."""
        self.asking.known()
        found, missing = self.asking.projects()
        self._missing = missing
        self.fields.projects = {container.number: container for container in found.values()}
        if not found:
            raise Refused(next(iter(missing.values())))
        return tuple(container.ticket for container in found.values())

    def missing(self, containers: Iterable[Ticket]) -> Mapping[str, str]:
        """Why projects of the settings cannot be read, as they were just asked for."""
        del containers
        return self._missing

    def scope(self) -> str:
        """The numbers of the projects: where they change, all issues are read from the beginning."""
        return " ".join(sorted(map(str, self.fields.projects)))

    def page(self, since: datetime | None, token: str) -> ChangesPage:
        """A page of issues in the order of their changes, with their links, without comments.

        A reading that was interrupted continues at the last time of change that was read, not at its offset
        in the list, which may have shifted since then.
        """
        start, offset, newest = token.split(" ") if token else ("", "0", "")
        if token and token != self._issued:
            start, offset = newest, "0"
        if not token and since:
            start = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        filters = self.asking.ours() + (where("updated_on", ">=", [start]) if start else ())
        paging = (("sort", "updated_on,id"), ("offset", offset), ("include", "relations"))
        issues, total = self.asking.issues((*filters, *paging))
        tickets = tuple(each_understood(issues, self.fields.ticket))
        newest = max([newest, *(f"{t.updated:%Y-%m-%dT%H:%M:%SZ}" for t in tickets if t.updated != DAWN)])
        further = after(int(offset), len(issues), total, f"the issues of {self.http.host}")
        self._issued = f"{start} {further} {newest}" if further else ""
        return ChangesPage(tickets, self._issued, total)

    def look(self, keys: Sequence[str]) -> Iterable[Ticket]:
        """The issues with these keys now, open or closed, in the office's projects.

        Redmine ignores a filter that it does not know, and then returns all issues: that raises `Refused`.
        """
        self.asking.learn()
        field = f"cf_{self.fields.numbered(self.fields.key)}"
        for some in chunks(keys):
            filters = self.asking.ours() + where(field, "=", some)
            for issue in self.asking.every((*filters, ("include", "relations"))):
                ticket = understood(issue, self.fields.ticket)
                if not ticket.key:
                    raise Refused(
                        f"Redmine does not look issues up by {self.fields.key!r}: have the field marked "
                        "as used as a filter, and visible to our role"
                    )
                if ticket.key in some:
                    yield ticket

    def one(self, ref: str) -> Ticket | None:
        """An issue as it is now; None when it is gone."""
        path = f"/issues/{number_of(ref)}.json"
        reply = self.http.get(path, (("include", "relations"),), accept=frozenset({404}))
        return None if reply.status == 404 else self._only(reply, path)

    def _only(self, reply: Reply, path: str) -> Ticket:
        """The issue of an answer that holds one."""
        issue = Typed(reply.json(), what=f"{self.http.host}, {path}").found.get("issue")
        self.asking.show([issue])
        return understood(issue, self.fields.ticket)

    def detailed(self, ticket: Ticket) -> Ticket:
        """The issue with its notes and changes; not read again when nothing can have changed."""
        known = self.remembered(ticket.ref)
        now, first = self._now(), None
        if known and known.updated == ticket.updated:
            first = datetime.fromisoformat(known.source) if known.source else None
            if first is None:
                more = (each for each in known.malformed if each not in ticket.malformed)
                there = replace(ticket, malformed=(*ticket.malformed, *more))
                return replace(there, comments=known.comments, changes=known.changes)
        first, odd = first or now, list(ticket.malformed)
        comments, changes = self.asking.said(number_of(ticket.ref), odd)
        return replace(
            ticket,
            comments=comments,
            changes=changes,
            malformed=tuple(odd),
            source="" if now - first >= SECOND else first.isoformat(),
        )

    def undated(self) -> Iterable[Ticket]:
        """The issues whose links we changed, as they are now."""
        linked, self._linked = sorted(self._linked), frozenset()
        for start in range(0, len(linked), PAGE):
            some = [str(number_of(ref)) for ref in linked[start : start + PAGE]]
            params = (*where("issue_id", "=", [",".join(some)]), *where("status_id", "*"))
            found = self.asking.every((*params, ("include", "relations")))
            yield from each_understood(found, self.fields.ticket)

    # Writing.

    def put(
        self, decisions: Sequence[Decision], expected: str, guard: Guard = unguarded, *, dry_run: bool = False
    ) -> Written:
        """Carry each decision out in an issue of its own; see `Tracker.put`."""
        self._moves = Moves(self.settings)
        self._linked = frozenset()
        written = super().put(decisions, expected, guard, dry_run=dry_run)
        self._moves = Moves(self.settings)
        return written

    def draft(self, wanted: Wanted, tickets: Tickets, parent: str, changed: frozenset[str]) -> Draft:
        """The issue to write for a wanted thing; raises `Refused` without its project or tracker."""
        self.asking.learn()
        self._moves.begin(tickets)
        draft = super().draft(wanted, tickets, parent, changed)
        if draft.project:
            place = self.fields.place(draft)
            if "project" in changed:
                self.fields.tracker(draft, place)
        return draft

    def placed(self, ticket: Ticket, tickets: Tickets) -> Placed:
        """What of ours stands in an issue, and what this one cannot hold.

        Its tracker may lack a custom field, and a parent's dates may be computed: Redmine would accept them
        silently, and leave them as they are. Where this delivery made Redmine move it, it has its dates of
        before: the move is no edit of the office.
        """
        there = super().placed(ticket, tickets)
        if ticket.shape is Shape.ASKED:
            return there
        if dates := self._moves.before(ticket.ref):
            kept = {name: value for name, value in there.values.items() if name not in ("start", "due")}
            there = replace(there, values={**kept, **dates})
        columns = self.settings.items.columns
        lacking = {
            name
            for name in ("role", "standing")
            if (column := getattr(columns, name)) and column.header not in ticket.fields
        }
        computed = self.settings.parents_computed and ticket.ref in tickets.parents
        return replace(there, unheld=there.unheld | lacking | ({"start", "due"} if computed else set()))

    def untaken(self, ticket: Ticket, names: Sequence[str], tickets: Tickets) -> str:
        """Why an issue does not show what was written: a parent's dates are computed from its subtasks."""
        if ticket.ref in tickets.parents and {"start", "due"} >= set(names):
            return (
                f"{ticket.ref} has subtasks, and Redmine computes its {' and '.join(names)} from them: write "
                "`parents_computed: true` into the settings of the tool"
            )
        return super().untaken(ticket, names, tickets)

    def mentioned(self, said: Any) -> Iterable[str]:  # noqa: ANN401 - JSON
        """The issue of a webhook (from Redmine 7.0 on); none for news, pages and versions."""
        if said["type"].startswith("issue."):
            yield f"#{int(said['data']['issue']['id'])}"

    def creation(self, drafts: Sequence[Draft]) -> Call:
        """The call that creates one issue; Redmine may refuse it with status 422."""
        (draft,) = drafts
        self._moves.made(draft.key, draft)
        return Call(
            "POST",
            "/issues.json",
            json={"issue": self.fields.new(draft)},
            creates=True,
            accept=frozenset({422}),
        )

    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """The issue's ref, or why there is none: without rights Redmine says only that fields are blank."""
        (draft,) = drafts
        if reply.status != 422:
            ticket = self._only(reply, "/issues.json")
            self._moves.made(ticket.ref, draft)
            self._answered[ticket.ref] = ticket
            return [ticket.ref]
        place = self.fields.place(draft)
        if lacking := Rights(self.asking.asked).lacking(place, ("add_issues",)):
            return [Answered(lacking, 403)]
        told = self.http.concealed("; ".join(reply.json().get("errors", ())))
        return [Answered(f"Redmine refuses it: {told}", 422)]

    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The call that writes the changed fields; Redmine has no locks."""
        moved = self._moves.changed(ticket.ref, draft) if draft.shape is Shape.ITEM else draft
        path = f"/issues/{number_of(ticket.ref)}.json"
        return Call("PUT", path, json={"issue": self.fields.changed(ticket, moved)})

    def comment(self, ticket: Ticket, text: str) -> Call:
        """The call that adds a note to an issue."""
        path = f"/issues/{number_of(ticket.ref)}.json"
        return Call("PUT", path, json={"issue": {"notes": text}}, creates=True)

    def rekeyed(self, ticket: Ticket) -> Call:
        """The call that writes an issue's key into its custom field; Redmine may ignore that silently."""
        return Call("PUT", f"/issues/{number_of(ticket.ref)}.json", json={"issue": self.fields.keyed(ticket)})

    def link(self, ref: str, link: Link) -> Call:
        """The call that lets an issue follow another; raises `Refused` where Redmine would move its dates."""
        if self._tickets:
            self._moves.begin(self._tickets)
        self._moves.linked(ref, link)
        self._relinked(ref)
        told = {"issue_to_id": number_of(ref), "relation_type": "precedes", "delay": link.lag}
        path = f"/issues/{number_of(link.before)}/relations.json"
        return Call("POST", path, json={"relation": told}, creates=True)

    def unlink(self, ref: str, link: Link) -> Call:
        """The call that removes such a link; one that is gone already is no error."""
        if self._tickets:
            self._moves.begin(self._tickets)
        self._moves.unlinked(ref, link)
        self._relinked(ref)
        return Call("DELETE", f"/relations/{link.ref}.json", accept=frozenset({404}))

    def loosened(self, ref: str, less: Sequence[Link]) -> Sequence[Call]:
        """Their removal: Redmine refuses a start before the end of what an issue still follows."""
        return [self.unlink(ref, link) for link in less]

    def _relinked(self, ref: str) -> None:
        """Note an issue to read again: one that was there before keeps its time of change."""
        if self._tickets and ref in self._tickets.by_ref:
            self._linked |= {ref}

    def restored(self, ref: str, wanted: Wanted) -> Call | None:
        """The call that writes the dates again where Redmine moved them when others were written."""
        dates = self._moves.restored(ref, wanted)
        return Call("PUT", f"/issues/{number_of(ref)}.json", json={"issue": dates}) if dates else None

    def remembered(self, ref: str) -> Ticket | None:
        """A ticket as it was remembered before this reading; None where it is new."""
        thing = self._known.get(ref)
        return ticket_of(thing) if thing else None
