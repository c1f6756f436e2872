"""Offices of the sample that plan in the real Redmine and the real Trac instead, and what stands there.

What stands there is asked of the two servers themselves, not of our connectors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tasks.delivering import Delivered, deliver_office
from tasks.looking_after import escalate_cases
from tasks.reading import read_office
from tests.contract import redmine_bench, trac_bench
from tests.contract.redmine_bench import US, ask, key_of
from tests.contract.trac_bench import asked
from tests.tasks.conftest import Desk, forget

PLANNER, ADMIN = "planner", "admin"
SECRETS = {"redmine": "TEST_REDMINE_KEY", "trac": "TEST_TRAC_PASSWORD"}


@dataclass(frozen=True)
class Ticket:
    """One ticket as its tool has it: our key in it, its fields in its own words, and the comments by author."""

    number: int
    key: str
    author: str
    fields: Mapping[str, Any]
    comments: tuple[tuple[str, str], ...]

    @property
    def standing(self) -> str:
        """How it stands, as the lines of ours in its description say."""
        (found,) = re.findall(r"^standing: (.*?)\r?$", self.fields["description"], re.MULTILINE)
        return found

    def said_by(self, who: str) -> list[str]:
        return [text for author, text in self.comments if author == who]


@dataclass(frozen=True)
class InRedmine:
    """An office in a project of the real Redmine."""

    entry: Mapping[str, Any]
    project: str

    def account(self, user: str) -> str:
        """The account's name as people.yaml has it."""
        told = ask(self.entry, "GET", "/users/current.json", user=user)["user"]
        return f"{told['firstname']} {told['lastname']} ({told['id']})"

    def settings(self) -> dict[str, Any]:
        use = redmine_bench.settings(
            self.project, more={"deviations": {"type": "Task", "title": "[mevzuat]"}}
        )
        told = use.model_dump(mode="json", exclude_unset=True)
        told["deviations"] = {"title": "[mevzuat]"}
        return told

    def tool(self) -> dict[str, Any]:
        return {"kind": "redmine", "version": "5.0", "settings": {"url": self.entry["url"]}}

    def tickets(self) -> list[Ticket]:
        return [_of_redmine(each) for each in redmine_bench.issues(self.entry, self.project)]

    def heads(self) -> list[Ticket]:
        """The same without comments, in one call."""
        return [_of_redmine(each) for each in redmine_bench.listed(self.entry, self.project)]

    def comment(self, number: int, text: str, user: str = PLANNER) -> None:
        redmine_bench.edit(self.entry, number, user, notes=text)

    us = "Inter Office"


@dataclass(frozen=True)
class InTrac:
    """An office in a component of the real Trac."""

    entry: Mapping[str, Any]
    component: str

    def account(self, user: str) -> str:
        return user

    def settings(self) -> dict[str, Any]:
        use = trac_bench.settings(self.component)
        return {**use.model_dump(mode="json", exclude_unset=True), "questions": {"put_as": "question"}}

    def tool(self) -> dict[str, Any]:
        return {"kind": "trac", "version": "1.6", "settings": {"url": self.entry["url"], "user": US}}

    def tickets(self) -> list[Ticket]:
        heads = self.heads()
        logs = self._each("ticket.changeLog", [each.number for each in heads])
        return [
            replace(
                each,
                comments=tuple((by, new) for _, by, field, _, new, _ in log if field == "comment" and new),
            )
            for each, log in zip(heads, logs, strict=True)
        ]

    def heads(self) -> list[Ticket]:
        """The same without comments, in two calls."""
        numbers = trac_bench.numbers(self.entry, self.component)
        every = [each[3] for each in self._each("ticket.get", numbers)]
        return [
            Ticket(number, fields.get("interoffice_key") or "", fields["reporter"], fields, ())
            for number, fields in zip(numbers, every, strict=True)
        ]

    def _each(self, method: str, numbers: list[int]) -> list[Any]:
        """What Trac answers of each of these tickets, asked in one call; every part must succeed."""
        calls = [{"method": method, "params": [number]} for number in numbers]
        answers = asked(self.entry, "system.multicall", *calls) if calls else []
        assert [each["error"] for each in answers] == [None] * len(numbers), method
        return [each["result"] for each in answers]

    def comment(self, number: int, text: str, user: str = PLANNER) -> None:
        asked(self.entry, "ticket.update", number, text, {"action": "leave"}, user=user)

    us = US


Place = InRedmine | InTrac


def _of_redmine(told: Mapping[str, Any]) -> Ticket:
    custom = {field["name"]: field["value"] for field in told["custom_fields"]}
    said = tuple((each["user"]["name"], each["notes"]) for each in told.get("journals", ()) if each["notes"])
    return Ticket(told["id"], key_of(told), told["author"]["name"], {**told, **custom}, said)


def planned_there(desk: Desk, places: Mapping[str, Place], people: Mapping[str, str], monkeypatch) -> None:
    """From now on these offices plan in these tools; `people` are those with accounts, by their office."""
    tools, who = desk.folder / "tools.yaml", desk.folder / "people.yaml"
    text, names = tools.read_text("utf-8"), who.read_text("utf-8")
    for office, place in places.items():
        told, kind = place.tool(), place.tool()["kind"]
        monkeypatch.setenv(
            SECRETS[kind], place.entry["users"][US]["key" if kind == "redmine" else "password"]
        )
        tool = {"id": f"{office}-{kind}", "credentials": SECRETS[kind], **told}
        tool["settings"]["allow"] = ["127.0.0.1"]
        part = {"office": office, "tool": tool["id"], "access": "write", "settings": place.settings()}
        text = _replaced(text, f"id: {office}-workbook", tool)
        text = _replaced(text, f"office: {office}", part)
        names = names.replace(f"{office}-workbook: ", f"{tool['id']}: ")
        account = f'accounts: {{{tool["id"]}: "{place.account(PLANNER)}"}}'
        names = names.replace(f"id: {people[office]}\n", f"id: {people[office]}\n    {account}\n")
    tools.write_text(text, "utf-8")
    who.write_text(names, "utf-8")
    forget()


def _replaced(text: str, head: str, entry: Mapping[str, Any]) -> str:
    """The text with the entry that begins so in one line instead."""
    found, count = re.subn(rf"  - {head}\n(?:    .*\n)*", lambda _: f"  - {json.dumps(entry)}\n", text)
    assert count == 1, head
    return found


def round_of(*offices: str) -> list[Delivered]:
    """What an hour does: the tools are read, answers and clocks looked at, and what follows is delivered."""
    for office in offices:
        assert not read_office(office).problem, office
    escalate_cases.fn(dry_run=False)
    delivered = [deliver_office(office, dry_run=False) for office in offices]
    for each in delivered:
        assert (each.problem, each.holding) == ("", ()), each.office
    return delivered


def the_one(place: Place, key: str) -> Ticket:
    """The one ticket with our key that begins so and is the newest of its kind, without its comments."""
    found = [each for each in place.heads() if each.key.startswith(key)]
    assert len({each.key for each in found}) == len(found), "each key stands once"
    return found[-1]
