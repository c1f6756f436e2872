"""The settings of an office's repositories on GitHub, and its issues, fields and boards as our values.

Planning fields are an organization's issue fields where the settings name them; what has no field there is a
line of the description. Refuses to write a board: its fields are read only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from connectors.records.mapping import columns_of
from connectors.tickets.lines import apart
from connectors.tickets.settings import ProjectsFields, TicketSettings
from connectors.tickets.ticket import Comment, Shape, Ticket, TicketChange
from domain.plans.project import Scalar

BOARD = "board/"
"""A column whose name begins so is a field of the board: `board/Status`."""
BOARD_TYPES = frozenset({"date", "single_select", "number", "text", "iteration"})
PLANNED = ("start", "due", "work")
NAME = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
REF = re.compile(rf"(?P<name>{NAME.pattern})#(?P<number>\d+)")
ISSUE = re.compile(rf"/repos/(?P<name>{NAME.pattern})/issues/(?P<number>\d+)")
ENDS = {"not_planned": "closed as not planned", "duplicate": "closed as duplicate"}
NO_CHANGES = frozenset(
    {"commented", "mentioned", "subscribed", "unsubscribed", "cross-referenced", "referenced"}
)
DAY_HOURS = 8
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
        kinds = (settings.projects.type, part.put_as, settings.questions.put_as, *part.words.kind)
        self._kinds = [kind for kind in kinds if kind]

    def spelled(self, name: str) -> str:
        """A repository's name as the settings write it: upper and lower case are the same there."""
        return self._spelled.get(name.lower(), name)

    def ref_at(self, address: str | None) -> str:
        """The ref of the issue at an address of the API; empty for any other address."""
        match = ISSUE.search(urlsplit(address or "").path)
        return f"{self.spelled(match['name'])}#{match['number']}" if match else ""

    def repository(self, name: str, found: Mapping[str, Any]) -> Ticket:
        """A repository as a project."""
        return Ticket(
            ref=f"@{name}",
            shape=Shape.PROJECT,
            updated=datetime.fromisoformat(found["updated_at"]),
            title=found["name"],
            project=name,
            closed=found["archived"],
            text=found["description"] or "",
        )

    def issue(self, found: Mapping[str, Any]) -> Ticket:
        """An issue, without what it follows."""
        ref = self.ref_at(found["url"])
        fields = dict(_field(each) for each in found.get("issue_field_values") or ())
        text, lines = apart(found["body"] or "")
        named = self.settings.named
        milestone = found["milestone"] or {}
        days = {name: _day(fields.get(named[name])) for name in ("start", "due") if name in named}
        children = found.get("sub_issues_summary") or {}
        return Ticket(
            ref=ref,
            shape=Shape.ITEM,
            updated=datetime.fromisoformat(found["updated_at"]),
            title=found["title"],
            key=lines.get("key", ""),
            type=self._type(found),
            project=named_ref(ref)[0],
            parent=self.ref_at(found.get("parent_issue_url")),
            text=text,
            lines={name: line for name, line in lines.items() if name not in named},
            status=ENDS.get(found.get("state_reason") or "", found["state"]),
            closed=found["state"] == "closed",
            owner=", ".join(each["login"] for each in found.get("assignees") or ()),
            start=days.get("start"),
            due=days["due"] if "due" in days else _day(milestone.get("due_on")),
            work=self._hours(fields.get(named.get("work", ""))),
            percent=children.get("percent_completed") if children.get("total") else None,
            fields=fields,
        )

    def _type(self, found: Mapping[str, Any]) -> str:
        if self.settings.types_are == "issue types":
            return str((found.get("type") or {}).get("name", ""))
        labels = {each if isinstance(each, str) else each["name"] for each in found["labels"]}
        return next((kind for kind in self._kinds if kind in labels), "")

    @property
    def _days(self) -> bool:
        column = self.settings.items.columns.work
        return column is not None and column.unit == "days"

    def _hours(self, value: Scalar | None) -> float | None:
        if not isinstance(value, int | float):
            return None
        return round(value * DAY_HOURS, 2) if self._days else float(value)

    def written(self, name: str, value: Scalar) -> Scalar:
        """A value of ours as its issue field takes it."""
        if isinstance(value, date):
            return value.isoformat()
        if name == "work" and isinstance(value, float):
            return value / DAY_HOURS if self._days else value
        return value


def _field(each: Mapping[str, Any]) -> tuple[str, Scalar | None]:
    """An issue field's name and value: options by their names, days as days."""
    name = each.get("issue_field_name") or str(each["issue_field_id"])
    if options := each.get("multi_select_options"):
        return name, ", ".join(option["name"] for option in options)
    if option := each.get("single_select_option"):
        return name, option["name"]
    value: Scalar = each["value"]
    return name, _day(value) if each["data_type"] == "date" else value


def _day(value: object) -> date | None:
    """The day with which a text begins; None for anything else."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def on_board(item: Mapping[str, Any]) -> dict[str, Scalar | None]:
    """The fields of a board's item that have a value, by `board/` and their titles."""
    found: dict[str, Scalar | None] = {}
    for each in item.get("fields") or ():
        value = _plain(each.get("value"))
        if value not in (None, ""):
            found[f"{BOARD}{each['name']}"] = value
    return found


def _plain(value: object) -> Scalar | None:
    """The text, number or day within a board's value; None for lists of people, labels and the like."""
    if isinstance(value, Mapping):
        inner = (value[name] for name in ("name", "title", "raw", "date", "number", "text") if name in value)
        return _plain(next(inner, None))
    return value if isinstance(value, str | int | float) else None


def said(events: Sequence[Mapping[str, Any]]) -> tuple[Comment, ...]:
    """The comments of a timeline."""
    told = [each for each in events if each["event"] == "commented"]
    return tuple(Comment(_by(e), datetime.fromisoformat(e["created_at"]), e.get("body") or "") for e in told)


def changed(events: Sequence[Mapping[str, Any]]) -> Iterator[TicketChange]:
    """The changes of a timeline; it does not say that a description was edited."""
    for each in events:
        what, at = each["event"], each.get("created_at")
        if at is None or what in NO_CHANGES:
            continue
        field, before, after = what, "", ""
        if what in ("closed", "reopened"):
            field, after = "state", ENDS.get(each.get("state_reason") or "", what)
        elif what == "renamed":
            field, before, after = "title", each["rename"]["from"], each["rename"]["to"]
        elif what in ("labeled", "unlabeled"):
            field, name = "labels", each["label"]["name"]
            before, after = ("", name) if what == "labeled" else (name, "")
        elif what in ("assigned", "unassigned"):
            field, name = "assignees", (each.get("assignee") or {}).get("login", GHOST)
            before, after = ("", name) if what == "assigned" else (name, "")
        yield TicketChange(field, before, after, _by(each), datetime.fromisoformat(at))


def _by(event: Mapping[str, Any]) -> str:
    return str((event.get("user") or event.get("actor") or {}).get("login", GHOST))
