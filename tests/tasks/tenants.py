"""Ten offices, each with a tool and a credential of its own, two to each server; what each call named is counted.

Servers are stand-ins on loopback that log every call: whose credential it bore, whose projects it named, whose
texts it sent, and whose it was answered. A server shows everything to each of its credentials, as one does whose
rights are set too widely: what keeps offices apart here is Interoffice alone. Flows run in this process without
Prefect around them; their tables are kept.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect import Flow, Task
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.logging import disable_run_logger

from tests.cli.test_prepare import FILES
from tests.standins import openproject
from tests.standins.openproject import OpenProjectStandIn, Package
from tests.standins.world import Answer, Asked, served
from tests.tasks.conftest import forget, leave
from tests.tasks.test_starting import PARTS

LEADER = "lisboa"
OFFICES = (LEADER, "aveiro", "bergen", "cork", "dakar", "evora", "faro", "genova", "hamar", "izmir")
TAKERS = OFFICES[1:]
"""The offices that take what the leading one shares."""
SERVERS = tuple(zip(OFFICES[::2], OFFICES[1::2], strict=True))
"""The two offices that share each server."""
SHARER = {one: other for pair in SERVERS for one, other in (pair, pair[::-1])}
TOKENS = {f"opapi-{office}-5d21": office for office in OFFICES}
PLANNER = "Rosa Pinto"
"""The account of an office's people in its tool."""
CANARY = re.compile(r"Perle-([a-z]+)")
"""What stands in each title and text of an office's projects and work packages, with the office's name."""
NUMBERED = re.compile(r"/(projects|workspaces|work_packages|relations)/([\w-]+)")
RULES = FILES["standards/modszer/1.0.yaml"].partition("tools:")[0]
STANDARD = RULES.replace("modszer", "metodo").replace("kozpont", LEADER) + PARTS
ROLLOUT = """\
id: metodo-1
standard: metodo
version: "1.0"
waves:
  - {number: 1, name: All, start: 2027-01-04, offices: [%s]}
"""


@dataclass(frozen=True)
class Seen:
    """One call: whose credential it bore, whose things it named, whose texts it sent, and whose it was answered."""

    office: str
    call: str
    at: frozenset[str]
    """The offices that plan on this server."""
    named: frozenset[str]
    sent: frozenset[str]
    shown: frozenset[str]


class LoggingServer(OpenProjectStandIn):
    """A server that notes of each call what it was about."""

    def __init__(self, offices: tuple[str, ...], log: list[Seen]) -> None:
        super().__init__()
        self.description = None  # calls are held against it by the contract
        self.offices, self.seen = offices, log
        for office in offices:
            self._furnish(office)

    def _furnish(self, office: str) -> None:
        for part in ("a", "b"):
            number = self.add_project(f"{office}-{part}", f"Perle-{office} {part}")
            for n in range(2):
                self.add(
                    number,
                    f"Perle-{office} step {n}",
                    text=f"Perle-{office} as agreed",
                    start="2027-03-22",
                    due="2027-03-29",
                )

    def of(self, office: str) -> list[Package]:
        """The work packages in the office's projects."""
        return [
            each
            for each in self.packages.values()
            if office in self._office_of("work_packages", str(each.id))
        ]

    def handle(self, asked: Asked) -> Answer:
        named = self._named(asked)
        answer = super().handle(asked)
        told = answer.bytes().decode()
        self.seen.append(
            Seen(
                self._bearer(asked),
                f"{asked.method} {asked.path}",
                frozenset(self.offices),
                named,
                frozenset(CANARY.findall(asked.body.decode())),
                frozenset(CANARY.findall(told)) | self._offices_of(NUMBERED.findall(told)),
            )
        )
        return answer

    @staticmethod
    def _bearer(asked: Asked) -> str:
        _, _, code = asked.headers.get("authorization", "").partition(" ")
        return TOKENS.get(base64.b64decode(code).decode().partition(":")[2], "nobody")

    def _named(self, asked: Asked) -> frozenset[str]:
        """The offices whose projects, work packages or relations the path, the filters or the body name."""
        things = NUMBERED.findall(f"{asked.path} {asked.body.decode()}")
        for one in json.loads(asked.one("filters", "[]")):
            for name, rule in one.items():
                values = [str(value) for value in rule["values"]]
                if name == "id":  # of schemas: project and type
                    values = [value.partition("-")[0] for value in values]
                things += [(FILTERS[name], value) for value in values if name in FILTERS]
        return self._offices_of(things)

    def _offices_of(self, things: Iterable[tuple[str, str]]) -> frozenset[str]:
        return frozenset(office for kind, name in things for office in self._office_of(kind, name))

    def _office_of(self, kind: str, name: str) -> Iterator[str]:
        if kind == "work_packages" and name.isdigit() and int(name) in self.packages:
            kind, name = "projects", str(self.packages[int(name)].project)
        if kind == "relations" and name.isdigit() and int(name) in self.relations:
            kind, name = "projects", str(self.packages[self.relations[int(name)]["from"]].project)
        if kind in ("projects", "workspaces"):
            project = self.projects[int(name)]["identifier"] if name.isdigit() else name
            yield from (office for office in OFFICES if project.startswith(f"{office}-"))


FILTERS = {
    "project": "projects",
    "id": "projects",
    "name_and_identifier": "projects",
    "involved": "work_packages",
}
"""Filters that name something, and what."""


@dataclass
class Network:
    """The ten offices: their servers, and what those saw since it was looked at last."""

    folder: Path
    servers: Mapping[str, LoggingServer]
    seen: list[Seen]
    tables: list[str] = field(default_factory=list)
    last: State[Any] | None = None
    """How the last run ended."""

    def run(self, name: str, **parameters: Any) -> State[Any]:
        """Run a flow by its entrypoint's name; its final state."""
        self.last = asyncio.run(flow_of(name).fn(**parameters))
        return self.last

    def taken(self) -> list[Seen]:
        """The calls since it was looked at last."""
        found = self.seen[:]
        self.seen.clear()
        return found


def flow_of(entrypoint: str) -> Flow[Any, Any]:
    """The flow of an entrypoint of prefect.yaml."""
    module, _, name = entrypoint.rpartition(".")
    return getattr(__import__(module, fromlist=[name]), name)


@contextmanager
def without_prefect(tables: list[str]) -> Iterator[None]:
    """Flows and tasks are the functions that they are made of; their tables and texts are kept, as JSON."""

    async def kept(artifact: Artifact, *_: object) -> Any:
        tables.append(artifact.model_dump_json())
        return SimpleNamespace(id=len(tables))

    with pytest.MonkeyPatch.context() as patched, disable_run_logger():
        patched.setattr(Task, "__call__", lambda task, *given, **named: task.fn(*given, **named))
        patched.setattr(Flow, "__call__", as_function)
        patched.setattr(Artifact, "acreate", kept)
        patched.setattr(SyncClientContext, "get_or_create", nullcontext)
        yield


def as_function(flow: Flow[Any, Any], *given: Any, return_state: bool = False, **named: Any) -> Any:
    """What a flow returns is its final state, whether that is asked for or not."""
    del return_state
    return flow.fn(*given, **named)


def files(urls: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The organization's files: one that leads, nine that share templates with it."""
    yield "organization.yaml", "id: rede\nname: Rede\noperator_decisions_count: true\n"
    yield "clock.yaml", "as_of: 2027-01-04T09:00:00Z\n"
    yield "programs.yaml", "programs: []\n"
    yield "relations.yaml", f"relations:\n  - {{root: {LEADER}, kind: network}}\n"
    yield (
        "people.yaml",
        "people:\n"
        + "".join(
            f"  - {{id: {head(o)}, name: {o.title()} Head, accounts: {{of-{o}: {PLANNER}}}}}\n"
            for o in OFFICES
        ),
    )
    yield "offices.yaml", "offices:\n" + "".join(map(_office, OFFICES))
    yield (
        "agreements.yaml",
        "agreements:\n"
        + "".join(
            f"  - {{id: to-{o}, giver: {LEADER}, taker: {o}, shares: [templates], since: 2027-01-01}}\n"
            for o in OFFICES[1:]
        ),
    )
    yield (
        "tools.yaml",
        "tools:\n"
        + "".join(
            f"  - {{id: of-{o}, kind: openproject, credentials: {variable(o)}, settings: "
            f'{{url: "{urls[o]}", allow: [127.0.0.1]}}}}\n'
            for o in OFFICES
        )
        + "partitions:\n"
        + "".join(map(_partition, OFFICES)),
    )
    yield "standards/metodo/1.0.yaml", STANDARD
    yield "standards/metodo/1.1.yaml", STANDARD.replace('"1.0"', '"1.1"').replace("2026-01-05", "2027-09-01")
    yield "rollouts/metodo-1.yaml", ROLLOUT % ", ".join(OFFICES)


def head(office: str) -> str:
    """The id of the office's head."""
    return f"{office}-head"


def variable(office: str) -> str:
    """The name of the office's credential."""
    return f"{office.upper()}_KEY"


def _office(office: str) -> str:
    leads = office == LEADER
    more = (
        "kind: strategic, mandate: directive"
        if leads
        else f"kind: project, mandate: supportive, parent: {LEADER}"
    )
    roles = f"head: [{head(office)}], standards_owner: [{head(office)}], sponsor: [{head(office)}]"
    roles += f", approver: [{head(office)}]" if leads else ""
    return (
        f"  - {{id: {office}, name: {office.title()}, {more}, country: PT, time_zone: Europe/Lisbon, "
        f"currency: EUR, roles: {{{roles}}}}}\n"
    )


def _partition(office: str) -> str:
    settings = {
        "projects": {"within": within(office)},
        "items": {"columns": {"key": "Interoffice key"}},
        "questions": {"put_as": "Question"},
    }
    return f"  - {{office: {office}, tool: of-{office}, access: write, settings: {json.dumps(settings)}}}\n"


def within(office: str) -> list[str]:
    """The projects of an office on its server; the last one is not there yet."""
    return [f"{office}-{part}" for part in ("a", "b", "new")]


@contextmanager
def network(place: Path) -> Iterator[Network]:
    """The ten offices with their servers, a store of their own, and nothing read yet."""
    seen: list[Seen] = []
    with ExitStack() as stack:
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        patched.setattr(openproject, "TOKENS", dict.fromkeys(TOKENS, 4))
        servers, urls = {}, {}
        for pair in SERVERS:
            server = LoggingServer(pair, seen)
            url = stack.enter_context(served(server))
            servers |= dict.fromkeys(pair, server)
            urls |= dict.fromkeys(pair, url)
        folder = place / "organization"
        for name, text in files(urls):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        patched.setenv("INTEROFFICE_STATE", str(place / "state"))
        patched.setenv("INTEROFFICE_ORGANIZATION", str(folder))
        for token, office in TOKENS.items():
            patched.setenv(variable(office), token)
        forget()
        made = Network(folder, servers, seen)
        stack.enter_context(without_prefect(made.tables))
        try:
            yield made
        finally:
            leave()


# Counting.


def foreign_credentials(seen: list[Seen]) -> list[Seen]:
    """Calls at a server of others, or about something of another office than the one whose credential they bear."""
    return [each for each in seen if each.office not in each.at or each.named - {each.office}]


def foreign_rows(seen: list[Seen]) -> list[Seen]:
    """Calls that were answered with another office's texts."""
    return [each for each in seen if each.shown - {each.office}]


def foreign_texts(seen: list[Seen]) -> list[Seen]:
    """Calls that put another office's texts into a tool."""
    return [each for each in seen if each.sent - {each.office}]


def other_offices(seen: list[Seen], allowed: frozenset[str]) -> list[Seen]:
    """Calls for an office for which the flow did not work, by credential or by what they name."""
    return [each for each in seen if ({each.office} | each.named) - allowed]
