"""What Jira Cloud and Jira Data Center have in common: how issues are checked, written and linked.

Our key stands whole in the issue's entity property and in a line of its description, and as a hash in a label
by which it is looked up. Jira has no locks: an issue is read right before it is written, and only our fields
are sent. Refuses what can be done only by hand in Jira: to move an issue to another project, or to make a
task of a sub-task.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from connectors.errors import OutcomeUnknown, Refused, ToolError
from connectors.http.client import Call, Reply
from connectors.jira import fields as fields_of
from connectors.jira.fields import JiraSettings, label_of
from connectors.jira.preparation import KIT
from connectors.jira.reading import GONE, JiraReading
from connectors.protocol import Capability, Hold, Keeping
from connectors.tickets.drafting import Draft
from connectors.tickets.required import TypeField
from connectors.tickets.served import ServedPart
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Link, Shape, Ticket
from connectors.tickets.titles import Longest, Unit
from domain.delivery.wanted import ItemFields, Wanted, WantedKind
from domain.plans.limits import PlanLimits
from domain.plans.project import Scalar

PAGE, BULK = 100, 50
NEEDED = frozenset({"summary", "description", "labels"})
"""The fields of a new issue without which it cannot bear our key."""
PLAN = {
    "parent": "the parent of a sub-task, or the epic",
    "order": "the rank of the backlog",
    "after": "links of the type that `follows` names",
    "spent": "the work logs: `timespent`",
    "own_id": "the issue's key",
}
"""What is read of an item's plan, and where it stands."""
CAPABILITIES = frozenset(Capability) - {Capability.DELETIONS, Capability.LOCKS}


class Jira(JiraReading):
    """One office's projects in a Jira."""

    rich: ClassVar[bool]
    """Whether long texts are documents."""
    kit = KIT
    lags: ClassVar[bool] = False
    keys_in_lines: ClassVar[bool] = True
    longest_title: ClassVar[Longest] = Longest(255, Unit.UTF16)
    filled: ClassVar[frozenset[str]] = NEEDED | {"issuetype", "project", "parent", "reporter", "duedate"}

    def __init__(self, part: ServedPart, settings: JiraSettings) -> None:
        super().__init__(part, settings)
        start = frozenset({"start"} if settings.items.columns.start else ())
        self.natives = start | {"title", "project", "due", "work", "parent", "after"}
        self.wrote: set[str] = set()
        """The refs of issues that we wrote and have not read since."""
        self._ends: dict[str, str] = {}
        self._parts: set[str] = set()
        self._part_types: set[tuple[str, str]] = set()

    @property
    def plan_limits(self) -> PlanLimits:
        """An issue's progress is the share of its work that is done."""
        return replace(super().plan_limits, percent_of_work=True)

    @abstractmethod
    def description(self, draft: Draft, ticket: Ticket | None, lines: Mapping[str, str]) -> object:
        """The description as it is to be written, with these lines."""

    @abstractmethod
    def comment_body(self, text: str) -> object:
        """A text as the body of a comment."""

    def comment(self, ticket: Ticket, text: str) -> Call:
        """The call that adds a comment to an issue."""
        body = {"body": self.comment_body(text)}
        return Call("POST", f"{self.api}/issue/{ticket.ref}/comment", json=body, creates=True)

    @abstractmethod
    def held(self, key: str) -> object:
        """Our key as the value of the entity property."""

    @abstractmethod
    def below(self, draft: Draft, ticket: Ticket | None, *, part: bool) -> dict[str, object]:
        """The fields that put an issue below `draft.parent`: as a sub-task (`part`), or into an epic."""

    @abstractmethod
    def alone(self) -> dict[str, dict[str, object]]:
        """The part of an update that takes an issue out of its epic."""

    def remarks(self) -> Iterator[str]:
        """What is missing: projects, types, the type of link, mapped fields."""
        self.me()
        there = [ticket.project for ticket in self.projects()]
        for named in self.settings.projects.within:
            if named not in there:
                yield f"there is no project {named!r} that we may see; mend projects.within or our rights"
        for header in fields_of.own_headers(self.settings):
            if self.fields.is_shared(header):
                yield f"{self.fields.problem(header)}; mend the settings or the field in Jira"
        for project in there if self.access.may_ask else ():
            yield from self._type_remarks(project)
        if self.access.may_write:
            links = [each.text("name") for each in self.got("/issueLinkType").objects("issueLinkTypes")]
            if self.settings.follows not in links:
                yield f"there is no type of link {self.settings.follows!r}; name one: {', '.join(links)}"

    def _type_remarks(self, project: str) -> Iterator[str]:
        asked, items = self.settings.questions, self.settings.items
        named = {asked.put_as} if asked.project in ("", project) else set()
        named |= {items.put_as} if self.access.may_write else set()
        try:
            types = self.types(project)
        except Refused as problem:
            yield f"{problem.text}: may we create issues in {project}?"
            return
        for name in sorted(named & set(types)):
            shown = {field.id for field in self.fields_of(project, name) or ()}
            if lacking := sorted(NEEDED - shown) if shown else ():
                yield (
                    f"the screen on which a {name} is created in {project} lacks {', '.join(lacking)}, where "
                    "our key belongs: add that to the screen"
                )
        for name in sorted(named - set(types)):
            there = ", ".join(types)
            yield f"{project} has no type {name!r} that we may create; there are {there}"
        if self.access.may_write:
            try:
                self.part_type(project)
            except Refused as problem:
                yield problem.text

    def part_type(self, project: str) -> str:
        """The type of sub-task for parts; empty where there is none, `Refused` where it is unclear which."""
        there = [name for name, part in self.types(project).items() if part]
        named = self.settings.items.part_as
        if (named and named not in there) or (not named and len(there) > 1):
            what = f"no type of sub-task {named!r}" if named else "several types of sub-task"
            raise Refused(f"{project} has {what}; name one as items.part_as: {', '.join(sorted(there))}")
        kind = named or "".join(there)
        self._part_types.add((project, kind))
        return kind

    def fit(self, wanted: Wanted) -> Wanted:
        """The wanted thing as it would be read back; Jira's own estimates have whole minutes."""
        fit = super().fit(wanted)
        wants = fit.fields
        if isinstance(wants, ItemFields) and wants.work is not None and self._place("work") == "timetracking":
            hours = round(fields_of.minutes(wants.work) / 60, 2)
            return replace(fit, fields=replace(wants, work=hours))
        return fit

    def holds(self, kind: WantedKind) -> tuple[Hold, ...]:
        """How each field of such a thing is held; Jira holds one level of parts."""
        how = "as a sub-task; below a sub-task, or where it stood already, a line of the description"
        parent = Hold("parent", Keeping.APPROXIMATED, how)
        return tuple(parent if hold.field == "parent" else hold for hold in super().holds(kind))

    def draft(self, wanted: Wanted, tickets: Tickets, parent: str, changed: frozenset[str]) -> Draft:
        """The issue to write for a wanted thing: a part is a sub-task, or below a sub-task has a line."""
        draft = super().draft(wanted, tickets, "", changed)
        if not parent:
            return draft
        kind = self.part_type(draft.project)
        if kind and not self._is_part(tickets.by_ref.get(parent), parent):
            return replace(draft, type=kind, parent=parent)
        return replace(draft, lines={**draft.lines, "parent": parent})

    def _is_part(self, ticket: Ticket | None, ref: str) -> bool:
        return ref in self._parts or (
            ticket is not None and self.types(ticket.project).get(ticket.type, False)
        )

    def creation(self, drafts: Sequence[Draft]) -> Call:
        """The call that creates up to 50 issues with their keys, parents and dates."""
        updates: list[dict[str, object]] = [
            {
                "fields": {**self._constants(draft), **self._body(draft, None)},
                "properties": [{"key": fields_of.PROPERTY, "value": self.held(draft.key)}],
            }
            for draft in drafts
        ]
        path = f"{self.api}/issue/bulk"
        return Call("POST", path, json={"issueUpdates": updates}, creates=True, accept=frozenset({400}))

    def created(self, reply: Reply, drafts: Sequence[Draft]) -> Sequence[str | ToolError]:
        """The ref of each, or why it was not created: Jira lists the created ones, and numbers the others."""
        told = reply.json()
        failed = {
            each["failedElementNumber"]: Refused(
                f"{self.http.host}: {fields_of.reasons(each.get('elementErrors') or {})}"
            )
            for each in told.get("errors") or ()
            if isinstance(each, Mapping) and "failedElementNumber" in each
        }
        if reply.status >= 400 and not failed:
            return [
                Refused(f"{self.http.host} answered {reply.status}: {self.http.concealed(reply.told)}")
            ] * len(drafts)
        made = [str(each["key"]) for each in told.get("issues") or ()]
        if len(made) + len(failed) != len(drafts) or max(failed, default=0) >= len(drafts):
            text = f"{self.http.host} answered for {len(made)} and {len(failed)} of {len(drafts)} issues"
            return [OutcomeUnknown(text)] * len(drafts)
        refs = iter(made)
        outcomes = [failed[n] if n in failed else next(refs) for n in range(len(drafts))]
        for draft, outcome in zip(drafts, outcomes, strict=True):
            if isinstance(outcome, str):
                self.wrote.add(outcome)
                if (draft.project, draft.type) in self._part_types:
                    self._parts.add(outcome)
        return outcomes

    def update(self, ticket: Ticket, draft: Draft) -> Call:
        """The call that writes the changed fields; Jira has no locks."""
        if draft.shape is Shape.ITEM and draft.changed & {"project", "parent"}:
            draft = self._moved(ticket, draft)
        leaves = "parent" in draft.changed and not draft.parent and "parent" not in draft.lines
        body = self.alone() if leaves else {}
        body["fields"] = {**self._body(draft, ticket), **body.get("fields", {})}
        return Call("PUT", f"{self.api}/issue/{ticket.ref}", json=body)

    def _moved(self, ticket: Ticket, draft: Draft) -> Draft:
        """The draft as Jira permits its move; raises `Refused` for what can be done only by hand in Jira."""
        if draft.project != ticket.project:
            raise Refused(
                f"{ticket.ref} stands in {ticket.project}: move it to {draft.project} in Jira, by hand"
            )
        is_part, wants_part = (
            self.types(ticket.project).get(kind, False) for kind in (ticket.type, draft.type)
        )
        if is_part and not wants_part and "parent" not in draft.lines:
            raise Refused(f"{ticket.ref} is a sub-task of {ticket.parent}: make it a task in Jira, by hand")
        if is_part and wants_part and "parent" not in draft.changed:
            raise Refused(
                f"{ticket.ref} is a sub-task of {ticket.parent} and is where that is: move that one"
            )
        if wants_part and not is_part:
            return replace(draft, type=ticket.type, parent="", lines={**draft.lines, "parent": draft.parent})
        if ticket.lines.get("parent") and "parent" not in draft.lines:
            return replace(draft, lines={**draft.lines, "parent": ""})
        return draft

    def _body(self, draft: Draft, ticket: Ticket | None) -> dict[str, object]:
        """The fields of a draft that are to be written, all of them for a new one."""
        changed, body = draft.changed, dict[str, object]()
        if ticket is None:
            body |= {"project": {"key": draft.project}, "issuetype": {"name": draft.type}}
            body["labels"] = [label_of(draft.key)]
        if ticket is None or changed & {"title", "text"}:
            body["summary"] = draft.title
        if ticket is None or changed & {"text", *draft.lines}:
            lines = {**(ticket.lines if ticket else {}), **draft.lines, "key": draft.key}
            body["description"] = self.description(draft, ticket, lines)
        for name, told in (("start", draft.start), ("due", draft.due), ("answer_by", draft.due)):
            if name in changed:
                place = "duedate" if name == "answer_by" else self._place(name)
                body[place] = told.isoformat() if told else None
        if "work" in changed:
            body |= self._estimate(draft.work or 0.0)
        if draft.parent and (ticket is None or changed & {"parent", "project"}):
            body |= self.below(draft, ticket, part=(draft.project, draft.type) in self._part_types)
        for name in ("role", "standing"):
            column = getattr(self.settings.items.columns, name)
            if name in changed and column is not None and column.header in draft.fields:
                field = self.fields.one(column.header)
                body[field.id] = fields_of.told(field, draft.fields[column.header], rich=self.rich)
        return body

    def _constants(self, draft: Draft) -> dict[str, object]:
        """The required fields that are not ours, by their ids."""
        given = self.constants(draft.project, draft.type)
        return {field.id: self._constant(field, value) for field, value in given}

    def _constant(self, field: TypeField, value: Scalar) -> object:
        """The value of a required field, as Jira takes it: one of its options by its id."""
        if field.options:
            chosen = field.chosen(value)
            return [chosen] if field.kind == "array" else chosen
        return fields_of.told(self.fields.one(field.id), value, rich=self.rich)

    def _place(self, name: str) -> str:
        """The id of the field that holds our `start`, `due` or `work`."""
        column = getattr(self.settings.items.columns, name)
        if column is not None and column.header != name:
            return self.fields.one(column.header).id
        return {"due": "duedate", "work": "timetracking"}[name]

    def _estimate(self, work: float) -> dict[str, object]:
        place = self._place("work")
        if place == "timetracking":
            return {place: {"originalEstimate": f"{fields_of.minutes(work)}m"}}
        column = self.settings.items.columns.work
        return {place: work / fields_of.hours(column) if column else work}

    def link(self, ref: str, link: Link) -> Call:
        """The call that lets `ref` wait for the other one: Jira calls the end that blocks the inward one."""
        ends = {"inwardIssue": {"key": link.before}, "outwardIssue": {"key": ref}}
        body = {"type": {"name": self.settings.follows}, **ends}
        return Call("POST", f"{self.api}/issueLink", json=body, creates=True)

    def unlink(self, ref: str, link: Link) -> Call:
        """The call that removes the link."""
        self._ends[link.ref] = ref
        return Call("DELETE", f"{self.api}/issueLink/{link.ref}", accept=GONE)

    # Issues that we wrote are read by themselves, as a search may not show them yet.

    def send(self, call: Call) -> Reply:
        """Send one call that writes; an issue that it names is read again, even if the call fails."""
        if call.method == "PUT":
            self.wrote.add(call.path.rpartition("/")[2])
        elif call.method == "DELETE":
            self.wrote |= {self._ends[ref] for ref in [call.path.rpartition("/")[2]] if ref in self._ends}
        elif isinstance(call.json, dict) and "outwardIssue" in call.json:
            self.wrote |= {call.json[end]["key"] for end in ("inwardIssue", "outwardIssue")}
        return super().send(call)

    def undated(self) -> Iterable[Ticket]:
        """The issues that we wrote, which a search may not show yet."""
        refs = sorted(self.wrote)
        for ticket in map(self._shaped, self.fetched(refs)):
            yield self.detailed(ticket) if ticket.shape is Shape.ASKED else ticket
        self.wrote.difference_update(refs)
