"""The settings of an office's repositories on GitHub, and its issues, fields and boards as our values.

Planning fields are an organization's issue fields where the settings name them; what has no field there is a
line of the description. Refuses to write a board: its fields are read only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from typing import Literal
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from connectors.errors import Skip
from connectors.records.mapping import columns_of
from connectors.records.values import UNIT_HOURS
from connectors.tickets.lines import apart
from connectors.tickets.settings import ProjectsFields, TicketSettings
from connectors.tickets.ticket import Comment, Shape, Ticket, TicketChange
from connectors.tickets.typed import DAWN, Typed
from domain.plans.project import Scalar

BOARD = "board/"
"""A column whose name begins so is a field of the board: `board/Status`."""
BOARD_TYPES = frozenset({"date", "single_select", "number", "text", "iteration"})
PLANNED = ("start", "due", "work")
NAME = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
REF = re.compile(rf"(?P<name>{NAME.pattern})#(?P<number>\d+)")
ISSUE = re.compile(rf"/repos/(?P<name>{NAME.pattern})/issues/(?P<number>\d+)")
ENDS = {"not_planned": "closed as not planned", "duplicate": "closed as duplicate"}
STATUSES = frozenset({"open", "closed", *ENDS.values()})
"""All that an issue can be."""
NO_CHANGES = frozenset(
    {"commented", "mentioned", "subscribed", "unsubscribed", "cross-referenced", "referenced"}
)
GHOST = "ghost"
"""GitHub's own name for a person whose account was deleted."""


class GitHubProjects(ProjectsFields):
    """Which repositories are this office's, `owner/name` each.

    `board` is the number of a project of their organization, whose fields are read with the issues.
    """

    board: int | None = None
    """The number of a project of the repositories' organization whose fields are read with the issues; a
    column names one as `board/Status`. Without it no board is read."""

    @field_validator("within")
    @classmethod
    def _repositories(cls, within: tuple[str, ...]) -> tuple[str, ...]:
        for name in within:
            if not NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no repository; write owner/name")
        if len({name.lower() for name in within}) < len(within):
            raise ValueError("a repository stands there twice")
        return within


class GitHubSettings(TicketSettings):
    """One office's repositories; `types_are` says what gives an issue's type."""

    projects: GitHubProjects
    """Which repositories (`owner/name`) are this office's, and which fields hold their facts."""
    types_are: Literal["issue types", "labels"] = "issue types"
    """What gives an issue's type: GitHub's `issue types`, or `labels`."""

    def id_of(self, project: Ticket) -> str:
        """A repository's name, without its owner where no other has that name; for an issue `name#7`."""
        name, number = named_ref(project.ref) if self.projects.type else (project.project, "")
        names = [each.partition("/")[2] for each in self.projects.within]
        last = name.partition("/")[2]
        short = last if names.count(last) == 1 else name
        return f"{short}#{number}" if number else short

    @model_validator(mode="after")
    def _written_where_it_can_be(self) -> GitHubSettings:
        columns = self.items.columns
        if columns.key:
            raise ValueError("items.columns.key: on GitHub our key stands in the description; leave it out")
        for name in ("role", "standing"):
            column = getattr(columns, name)
            if column and column.header.startswith(BOARD):
                raise ValueError(f"items.columns.{name}: a board's fields are read only; name an issue field")
        if self.projects.board is None and self.of_board:
            raise ValueError(f"{self.of_board[0]!r} is a board's field, and projects.board names no board")
        return self

    @property
    def of_board(self) -> tuple[str, ...]:
        """The names of the board's fields that are mapped, without the prefix."""
        headers = [column.header for part in (self.projects, self.items) for _, column in columns_of(part)]
        return tuple(header.removeprefix(BOARD) for header in headers if header.startswith(BOARD))

    @property
    def maps_fields(self) -> bool:
        """Whether a field of issues or of the board is mapped."""
        parts = (self.projects, self.items)
        return any(column.header != name for part in parts for name, column in columns_of(part))

    @property
    def named(self) -> dict[str, str]:
        """The organization's issue fields that hold ours, by our names."""
        found = {}
        for name in (*PLANNED, "role", "standing"):
            column = getattr(self.items.columns, name)
            ours = column is not None and (name not in PLANNED or column.header != name)
            if ours and not column.header.startswith(BOARD):
                found[name] = str(column.header)
        return found


def label_of(key: str) -> str:
    """The label by which the issue with that key is looked up; the key itself is in the description."""
    return f"io-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def named_ref(ref: str) -> tuple[str, str]:
    """A ref's repository and number; in a dry run a new issue has no repository, and its key for a number."""
    match = REF.fullmatch(ref)
    return (match["name"], match["number"]) if match else ("", ref)


class Issues:
    """GitHub's issues as tickets; repositories are named as the settings name them."""

    def __init__(self, settings: GitHubSettings) -> None:
        self.settings = settings
        self._spelled = {name.lower(): name for name in settings.projects.within}
        part = settings.items
        asks = settings.asks_by_type
        kinds = (settings.projects.type, *asks, part.put_as, settings.questions.put_as, *part.words.kind)
        self._kinds = [kind for kind in kinds if kind]
        parts = (settings.projects, settings.items)
        self._mapped = frozenset(column.header for part in parts for _, column in columns_of(part))

    def spelled(self, name: str) -> str:
        """A repository's name as the settings write it: upper and lower case are the same there."""
        return self._spelled.get(name.lower(), name)

    def ref_at(self, address: str | None) -> str:
        """The ref of the issue at an address of the API; empty for any other address."""
        match = ISSUE.search(urlsplit(address or "").path)
        return f"{self.spelled(match['name'])}#{match['number']}" if match else ""

    def repository(self, name: str, found: Typed) -> Ticket:
        """A repository as a project."""
        return Ticket(
            ref=f"@{name}",
            shape=Shape.PROJECT,
            updated=found.moment("updated_at") or DAWN,
            title=found.text("name"),
            project=name,
            closed=found.flag("archived"),
            text=found.text("description"),
        )

    def issue(self, found: Typed) -> Ticket:
        """An issue, without what it follows; raises `Skip` for one without its address."""
        ref = self.ref_at(found.need("url"))
        if not ref:
            raise Skip(f"an issue without the address of one: {found.text('url')!r}")
        fields = dict(_field(each) for each in found.objects("issue_field_values"))
        text, lines = apart(found.text("body"))
        named = self.settings.named
        days = {name: _day(fields.get(named[name])) for name in ("start", "due") if name in named}
        children, state = found.under("sub_issues_summary"), found.text("state")
        return Ticket(
            ref=ref,
            shape=Shape.ITEM,
            updated=found.moment("updated_at") or DAWN,
            title=found.text("title"),
            key=lines.get("key", ""),
            type=self._type(found),
            project=named_ref(ref)[0],
            parent=self.ref_at(found.text("parent_issue_url")),
            text=text,
            lines={name: line for name, line in lines.items() if name not in named},
            status=ENDS.get(found.text("state_reason"), state),
            closed=state == "closed",
            owner=", ".join(each.text("login") or GHOST for each in found.objects("assignees")),
            start=days.get("start"),
            due=days["due"] if "due" in days else _ended(found.under("milestone")),
            work=self._hours(fields.get(named.get("work", ""))),
            percent=children.percent("percent_completed") if children.hours("total") else None,
            fields={name: value for name, value in fields.items() if name in self._mapped},
        )

    def _type(self, found: Typed) -> str:
        """The type of an issue; a label by which the office asks the owner of a template is always one."""
        told = (each for each in found.things("labels") if isinstance(each, Mapping | str))
        labels = {each if isinstance(each, str) else str(each.get("name")) for each in told}
        by_type = self.settings.types_are == "issue types"
        kinds = self.settings.ask_owner if by_type else self._kinds
        label = next((kind for kind in kinds if kind in labels), "")
        return label or (found.under("type").text("name") if by_type else "")

    @property
    def _unit(self) -> int:
        """The hours of the unit in which work is kept there."""
        column = self.settings.items.columns.work
        return UNIT_HOURS[column.unit] if column is not None else 1

    def _hours(self, value: Scalar | None) -> float | None:
        if not isinstance(value, int | float):
            return None
        return round(float(value) * self._unit, 2) if self._unit > 1 else float(value)

    def written(self, name: str, value: Scalar) -> Scalar:
        """A value of ours as its issue field takes it."""
        if isinstance(value, date):
            return value.isoformat()
        if name == "work" and isinstance(value, float):
            return value / self._unit if self._unit > 1 else value
        return value


def _field(each: Typed) -> tuple[str, Scalar | None]:
    """An issue field's name and value by its type: options by their names, days as days."""
    name = each.text("issue_field_name") or each.name("issue_field_id")
    if "multi_select_options" in each:
        return name, ", ".join(option.text("name") for option in each.objects("multi_select_options")) or None
    if "single_select_option" in each:
        return name, each.under("single_select_option").text("name") or None
    return name, _typed(each, "value", each.text("data_type"))


def _typed(found: Typed, name: str, kind: str) -> Scalar | None:
    """A value by the type that GitHub declares for its field."""
    value = found.found.get(name)
    if kind == "date":
        return found.day(name)
    if kind == "number":
        return found.whole(name) if isinstance(value, int) else found.number(name)
    if isinstance(value, bool | int | float):
        return value
    return found.text(name) or None


def _day(value: Scalar | None) -> date | None:
    return value if isinstance(value, date) else None


def _ended(milestone: Typed) -> date | None:
    """The day on which a milestone is due: GitHub keeps it as a time of that day in UTC."""
    at = milestone.moment("due_on")
    return at.astimezone(UTC).date() if at else None


def on_board(item: Typed) -> dict[str, Scalar | None]:
    """The fields of a board's item that have a value, by `board/` and their titles."""
    found: dict[str, Scalar | None] = {}
    for each in item.objects("fields"):
        value = _plain(each, each.text("data_type"))
        if value not in (None, ""):
            found[f"{BOARD}{each.text('name')}"] = value
    return found


INSIDE = ("name", "title", "raw", "date", "number", "text")
"""Where an object that is a board's value says what people see."""


def _plain(field: Typed, kind: str, name: str = "value") -> Scalar | None:
    """The text, number or day in a board's value; None for lists of people, labels and the like."""
    value = field.found.get(name)
    if isinstance(value, Mapping):
        inner = next((each for each in INSIDE if each in value), "")
        return _plain(field.under(name), kind, inner) if inner else None
    return None if isinstance(value, list) else _typed(field, name, kind)


def said(events: Sequence[Typed]) -> tuple[Comment, ...]:
    """The comments of a timeline."""
    told = [(each, each.time("created_at")) for each in events if each.text("event") == "commented"]
    return tuple(Comment(_by(each), at, each.text("body")) for each, at in told if at)


def changed(events: Sequence[Typed]) -> Iterator[TicketChange]:
    """The changes of a timeline; it does not say that a description was edited."""
    for each in events:
        what = each.text("event")
        at = None if what in NO_CHANGES else each.moment("created_at")
        if at is None:
            continue
        field, before, after = what, "", ""
        if what in ("closed", "reopened"):
            field, after = "state", ENDS.get(each.text("state_reason"), what)
        elif what == "renamed":
            rename = each.under("rename")
            field, before, after = "title", rename.text("from"), rename.text("to")
        elif what in ("labeled", "unlabeled"):
            field, name = "labels", each.under("label").text("name")
            before, after = ("", name) if what == "labeled" else (name, "")
        elif what in ("assigned", "unassigned"):
            field, name = "assignees", each.under("assignee").text("login") or GHOST
            before, after = ("", name) if what == "assigned" else (name, "")
        yield TicketChange(field, before, after, _by(each), at)


def _by(event: Typed) -> str:
    return event.under("user").text("login") or event.under("actor").text("login") or GHOST
