"""Redmine's fields and ours: its issues and projects become tickets, and drafts become its values.

Custom fields are named by their labels; Redmine wants their numbers, which only issues and administrators
are shown. Refuses to send anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from pydantic import Field, model_validator

from connectors.errors import Refused
from connectors.records.columns import Money, Percent, Text, Work
from connectors.records.mapping import columns_of
from connectors.redmine.meanings import Meanings
from connectors.tickets.drafting import Draft
from connectors.tickets.keying import own_key
from connectors.tickets.lines import MARK, apart, together
from connectors.tickets.offering import near
from connectors.tickets.settings import TicketSettings
from connectors.tickets.ticket import Link, Shape, Ticket, TicketPlan
from connectors.tickets.typed import DAWN, Typed, person_by
from domain.plans.project import Scalar

CLOSED = 5
NOTHING: Mapping[str, str] = {}
ATTRIBUTES = frozenset(
    {"priority_id", "category_id", "assigned_to_id", "fixed_version_id", "is_private", "status_id"}
)
"""Redmine's own attributes that `constants` may give, by their names in its interface, as numbers."""
PLACES = {"title": "subject", "start": "start_date", "due": "due_date", "work": "estimated_hours"}
"""Redmine's names of the fields of ours that it holds itself; `parent` and `project` are numbers there."""


class RedmineSettings(TicketSettings):
    """One office's part of a Redmine; `items.columns.key` names the custom field that holds our key.

    Redmine's API does not give Redmine's own settings, so those that differ from its defaults are given here.
    """

    field_ids: Mapping[Text, int] = Field(default_factory=dict)
    """The numbers of custom fields of issues by their labels, where no issue shows them yet."""
    days_off: frozenset[int] = frozenset({6, 7})
    """Redmine's "Non-working days": 1 is Monday, 7 is Sunday."""
    parents_computed: bool = True
    """Whether the dates of a parent are computed from its subtasks; then they are not written."""

    @model_validator(mode="after")
    def _has_a_key(self) -> RedmineSettings:
        if self.items.columns.key is None:
            raise ValueError(
                "items.columns.key is missing; name the custom field of issues that is to hold our key"
            )
        if self.projects.type:
            raise ValueError("projects.type is not for Redmine: its own projects are the projects")
        if not self.days_off < frozenset(range(1, 8)):
            raise ValueError("days_off are days of the week, 1 (Monday) to 7 (Sunday), and never all of them")
        return self

    @property
    def key_field(self) -> str:
        """The label of the custom field that holds our key."""
        return self.items.columns.key.header if self.items.columns.key else ""


@dataclass(frozen=True, slots=True)
class Container:
    """A project of Redmine; `trackers` are the numbers of those that are switched on, by name."""

    number: int
    identifier: str
    closed: bool
    trackers: Mapping[str, int]
    ticket: Ticket


@dataclass
class RedmineFields:
    """What is known of this Redmine's names and numbers, and the conversion of its values and ours."""

    settings: RedmineSettings
    ids: dict[str, int] = field(default_factory=dict)
    """The numbers of the custom fields of issues that were seen, by label."""
    shown: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether issues of a project and a tracker, by their names, show the field of our key."""
    projects: dict[int, Container] = field(default_factory=dict)
    meanings: Meanings | None = None
    """What people see of custom fields that hold numbers."""
    blank: dict[tuple[str, str], dict[str, Scalar | None]] = field(default_factory=dict)
    """The mapped custom fields of issues in which all are blank, shared by thousands of issues."""

    def __post_init__(self) -> None:
        settings = self.settings
        self.key = settings.key_field
        columns = [column for part in (settings.projects, settings.items) for _, column in columns_of(part)]
        self.headers = frozenset(column.header for column in columns)
        numeric = (Money, Percent, Work)
        self.numbers = frozenset(column.header for column in columns if isinstance(column, numeric))

    def container(self, told: Typed) -> Container:
        """A project of Redmine's answer; raises `Skip` for one without its identifier or number."""
        identifier, number = told.need("identifier"), told.number_needed("id")
        ticket = Ticket(
            ref=f"@{identifier}",
            shape=Shape.PROJECT,
            updated=told.moment("updated_on") or DAWN,
            title=told.text("name"),
            project=identifier,
            closed=told.whole("status") == CLOSED,
            fields=self._values(told.objects("custom_fields")),
        )
        ticket = replace(ticket, malformed=tuple(told.notes or ()))
        trackers = {tracker.text("name"): tracker.whole("id") or 0 for tracker in told.objects("trackers")}
        return Container(number, identifier, ticket.closed, trackers, ticket)

    def ticket(self, issue: Typed) -> Ticket:
        """An issue of Redmine's answer as a ticket. A link belongs to the issue that follows."""
        number, project, tracker = issue.number_needed("id"), issue.under("project"), issue.under("tracker")
        told = list(issue.objects("custom_fields"))
        fields = self._values(told)
        container = self.projects.get(project.whole("id") or 0)
        pair = (container.identifier if container else project.text("name"), tracker.text("name"))
        if pair not in self.shown:
            self.shown[pair] = self.key in fields
            self.ids |= {each.text("name"): each.whole("id") or 0 for each in told}
        key, text, lines = self._ours(fields.pop(self.key, None), issue.text("description"))
        if all(value is None for value in fields.values()):
            fields = self.blank.setdefault(pair, fields)
        status, hours, parent = issue.under("status"), issue.hours("estimated_hours"), issue.under("parent")
        above = parent.whole("id")
        ticket = Ticket(
            ref=f"#{number}",
            shape=Shape.ITEM,
            updated=issue.moment("updated_on") or DAWN,
            title=issue.text("subject"),
            key=key,
            type=tracker.text("name"),
            project=pair[0],
            parent="" if above is None else f"#{above}",
            text=text,
            lines=lines,
            status=status.text("name"),
            closed=status.flag("is_closed") if "is_closed" in status else "closed_on" in issue,
            owner=issue.under("assigned_to").text("name"),
            start=issue.day("start_date"),
            due=issue.day("due_date"),
            work=None if hours is None else round(hours, 2),
            percent=issue.percent("done_ratio"),
            fields=fields,
            after=_links(number, issue.objects("relations")),
            plan=TicketPlan(spent=round(spent, 2)) if (spent := issue.hours("spent_hours")) else None,
        )
        return self._with_request(ticket, issue)

    def _with_request(self, ticket: Ticket, issue: Typed) -> Ticket:
        """The ticket with its text and author, where the office asks for a deviation by it."""
        part = self.settings.deviations
        if ticket.key or part is None or not part.asks(ticket):
            return ticket
        author = issue.under("author")
        by = person_by(author.text("name"), author.name("id"))
        return replace(ticket, text=issue.text("description"), author=by)

    def _ours(self, key: Scalar | None, description: str) -> tuple[str, str, Mapping[str, str]]:
        """Our key, and a description's text and our lines; nothing is kept of an issue that is not ours."""
        if not key and MARK not in description:
            return "", "", NOTHING
        text, found = apart(description)
        own, lines = own_key(key, found)
        return own, text, lines

    def _values(self, told: Iterable[Typed]) -> dict[str, Scalar | None]:
        """The mapped custom fields, as people see them; one that is there and blank is None."""
        found: dict[str, Scalar | None] = {}
        for each in told:
            name = each.text("name")
            if name not in self.headers:
                continue
            several = isinstance(each.found.get("value"), list)
            text = ", ".join(each.texts("value")) if several else each.text("value")
            if text and name in self.numbers:
                found[name] = _number(text)
            else:
                found[name] = self._shown(each, text) or None
        return found

    def _shown(self, field: Typed, text: str) -> str:
        """What people see of a custom field, where that is more than the number that it holds."""
        if self.meanings is None or not text or field.text("name") not in self.words:
            return text
        if not self.meanings.known(field):
            field.note("value", text, "Redmine does not show what this number means; it is left as it is")
        return self.meanings.shown(field) or text

    @property
    def words(self) -> frozenset[str]:
        """The labels of the mapped custom fields that hold no figures, nor our key."""
        return self.headers - self.numbers - {self.key}

    def numbered(self, name: str) -> int:
        """The number of a custom field of issues; raises `Refused` when it is not known."""
        number = self.settings.field_ids.get(name) or self.ids.get(name)
        if number is None:
            raise Refused(
                f"no issue that we may see has a custom field {name!r}: correct the settings, or have the "
                "field made for issues, visible to our role; where no issue exists yet, write its number "
                f"under `field_ids`{near(name, self.ids)}"
            )
        return number

    def new(self, draft: Draft) -> dict[str, Any]:
        """The fields of a new issue for the creating call; always with a start: else it would be today."""
        place = self.place(draft)
        tracker = self.tracker(draft, place)
        constants = self.settings.constants
        own = {name: value for name, value in constants.items() if name in ATTRIBUTES}
        others = {name: value for name, value in constants.items() if name not in ATTRIBUTES}
        custom = {**others, self.key: draft.key, **draft.fields}
        issue: dict[str, Any] = {
            **own,
            "project_id": place.number,
            "tracker_id": tracker,
            "subject": draft.title,
            "start_date": draft.start.isoformat() if draft.start else None,
            "custom_fields": self._custom(custom),
        }
        if draft.due:
            issue["due_date"] = draft.due.isoformat()
        if draft.work is not None:
            issue["estimated_hours"] = draft.work
        if draft.parent:
            issue["parent_issue_id"] = number_of(draft.parent)
        if description := together(draft.text, draft.lines):
            issue["description"] = description
        return issue

    def keyed(self, ticket: Ticket) -> dict[str, Any]:
        """The field of an issue's key, for an update."""
        return {"custom_fields": self._custom({self.key: ticket.key})}

    def changed(self, ticket: Ticket, draft: Draft) -> dict[str, Any]:
        """The fields of an issue for an update: our changed fields only."""
        asked = draft.shape is Shape.ASKED
        names = draft.changed
        issue: dict[str, Any] = {}
        for name in ("title", "start", "due", "work"):
            if name in names and not asked:
                value = getattr(draft, name)
                issue[PLACES[name]] = value.isoformat() if isinstance(value, date) else value
        if asked and "text" in names:
            issue["subject"] = draft.title
        if asked and "answer_by" in names:
            issue["due_date"] = draft.due.isoformat() if draft.due else None
        if "parent" in names:
            issue["parent_issue_id"] = number_of(draft.parent) if draft.parent else ""
        if "project" in names and not asked:
            issue["project_id"] = self.place(draft).number
        columns = self.settings.items.columns
        own = {c.header for n in ("role", "standing") if n in names and (c := getattr(columns, n))}
        custom = {name: value for name, value in draft.fields.items() if name in own}
        if custom:
            issue["custom_fields"] = self._custom(custom)
        if asked or names & draft.lines.keys():
            text = draft.text if asked else ticket.text
            issue["description"] = together(text, {**ticket.lines, **draft.lines})
        return issue

    def place(self, draft: Draft) -> Container:
        """The project into which a draft goes; raises `Refused` when nothing can be put there."""
        for container in self.projects.values():
            if container.identifier == draft.project:
                if container.closed:
                    raise Refused(f"the project {draft.project} is closed in Redmine; have it reopened")
                return container
        raise Refused(f"the project {draft.project} is not one of projects.within that we can see")

    def tracker(self, draft: Draft, place: Container) -> int:
        """The number of a draft's tracker; raises `Refused` naming those that the project has."""
        if draft.type not in place.trackers:
            there = ", ".join(sorted(place.trackers)) or "none"
            raise Refused(
                f"the project {place.identifier} has no tracker {draft.type!r}, only {there}; have it "
                "switched on there, or name another one as `put_as`"
            )
        return place.trackers[draft.type]

    def _custom(self, values: Mapping[str, Scalar]) -> list[dict[str, Any]]:
        return [{"id": self.numbered(name), "value": _typed(value)} for name, value in values.items()]


def _typed(value: Scalar) -> str:
    """A value of a custom field as Redmine takes it: truth as 1 or 0, days as 2027-01-31."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def number_of(ref: str) -> int | str:
    """The number in a ref; in a dry run a new ticket's ref is its key, which is returned unchanged."""
    return int(ref[1:]) if ref[:1] == "#" and ref[1:].isdecimal() else ref


def _number(text: str) -> Scalar:
    """A number as Redmine writes it, with a point; other text stays text, which the reader notes."""
    try:
        return float(text)
    except ValueError:
        return text


def _links(number: int, relations: Iterable[Typed]) -> tuple[Link, ...]:
    found = [
        Link(f"#{each.whole('issue_id')}", each.whole("delay") or 0, each.name("id"))
        for each in relations
        if each.text("relation_type") == "precedes" and each.whole("issue_to_id") == number
    ]
    return tuple(sorted((link for link in found if link.before != "#None"), key=lambda link: link.before))


def later(day: date, working: int, off: frozenset[int]) -> date:
    """The day `working` working days after `day`, as Redmine counts; for 0 or fewer the next working day."""
    weeks, left = divmod(max(working, 0), 7 - len(off))
    day += timedelta(7 * weeks)
    while left:
        day += timedelta(1)
        left -= day.isoweekday() not in off
    while day.isoweekday() in off:
        day += timedelta(1)
    return day
