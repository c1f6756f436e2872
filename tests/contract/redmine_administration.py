"""What an administrator of the real Redmine sets, and its REST interface cannot: roles of one project, settings.

A role that is made here is the copy of another one and has its members in one project alone, so that nothing
changes for other tests.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

COPIED = (
    "position, assignable, builtin, permissions, issues_visibility, users_visibility, "
    "time_entries_visibility, all_roles_managed, settings"
)
STEPS = "tracker_id, old_status_id, new_status_id, assignee, author, type, field_name, rule"


@contextmanager
def database(entry: Mapping[str, Any]) -> Iterator[sqlite3.Connection]:
    """Redmine's own database, for one change."""
    with sqlite3.connect(entry["database"], timeout=60) as found:
        yield found
    found.close()


def own_role(entry: Mapping[str, Any], project: str, login: str = "interoffice") -> int:
    """Give a user a role of its own in a project, with the same rights as before; the role's number."""
    with database(entry) as found:
        member, old = found.execute(
            "select m.id, r.role_id from members m join member_roles r on r.member_id = m.id "
            "join projects p on p.id = m.project_id where p.identifier = ? and m.user_id = ?",
            (project, entry["users"][login]["id"]),
        ).fetchone()
        role = found.execute(
            f"insert into roles (name, {COPIED}) select ?, {COPIED} from roles where id = ?",  # noqa: S608
            (f"Own {secrets.token_hex(4)}", old),
        ).lastrowid
        found.execute(
            f"insert into workflows (role_id, {STEPS}) select ?, {STEPS} from workflows where role_id = ?",  # noqa: S608
            (role, old),
        )
        found.execute("update member_roles set role_id = ? where member_id = ?", (role, member))
    return int(role or 0)


def rule(entry: Mapping[str, Any], role: int, field: str, what: str) -> None:
    """A field, by its name or number, is `readonly` or `required` for a role, whatever tracker and status."""
    with database(entry) as found:
        for tracker in entry["kinds"].values():
            for status in (0, *entry["statuses"].values()):
                found.execute(
                    "insert into workflows (role_id, tracker_id, old_status_id, new_status_id, type, "
                    "field_name, rule) values (?, ?, ?, 0, 'WorkflowPermission', ?, ?)",
                    (role, tracker, status, field, what),
                )


def no_rule(entry: Mapping[str, Any], role: int, field: str) -> None:
    """The role may write the field again."""
    with database(entry) as found:
        found.execute("delete from workflows where role_id = ? and field_name = ?", (role, field))


def without(entry: Mapping[str, Any], role: int, *rights: str) -> None:
    """A role loses rights."""
    with database(entry) as found:
        (told,) = found.execute("select permissions from roles where id = ?", (role,)).fetchone()
        kept = [line for line in told.splitlines() if line.removeprefix("- :") not in rights]
        found.execute("update roles set permissions = ? where id = ?", ("\n".join(kept) + "\n", role))


def set_to(entry: Mapping[str, Any], **values: str) -> dict[str, str]:
    """Settings of the whole Redmine; those that they replace."""
    before = {}
    at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    with database(entry) as found:
        for name, value in values.items():
            (before[name],) = found.execute("select value from settings where name = ?", (name,)).fetchone()
            found.execute("update settings set value = ?, updated_on = ? where name = ?", (value, at, name))
    return before


def remove_role(entry: Mapping[str, Any], role: int) -> None:
    """Take a role away that was made here; its projects are gone already."""
    with database(entry) as found:
        found.execute("delete from workflows where role_id = ?", (role,))
        found.execute("delete from roles where id = ?", (role,))


def required_field(entry: Mapping[str, Any], project: str, label: str, values: str = "") -> int:
    """A custom field of one project's issues that must not be blank, for all trackers; its number."""
    with database(entry) as found:
        number = found.execute(
            "insert into custom_fields (type, name, field_format, possible_values, is_required, is_for_all, "
            "is_filter, editable, visible) values ('IssueCustomField', ?, ?, ?, 1, 0, 1, 1, 1)",
            (label, "list" if values else "float", values or None),
        ).lastrowid
        for tracker in entry["kinds"].values():
            found.execute("insert into custom_fields_trackers values (?, ?)", (number, tracker))
        found.execute(
            "insert into custom_fields_projects select ?, id from projects where identifier = ?",
            (number, project),
        )
    return int(number or 0)


def remove_field(entry: Mapping[str, Any], number: int) -> None:
    """Take a custom field away that was made here."""
    with database(entry) as found:
        for table in ("custom_fields_trackers", "custom_fields_projects"):
            found.execute(f"delete from {table} where custom_field_id = ?", (number,))  # noqa: S608
        found.execute("delete from custom_values where custom_field_id = ?", (number,))
        found.execute("delete from custom_fields where id = ?", (number,))
