"""A gateway of a small application: every scheme has its source, and a server of runs that keeps Prefect's rules."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import httpx
import pytest
from pydantic import SecretStr

from config.messages import KINDS
from config.settings import Settings
from config.wiring import Application, FixedClock
from domain.messages.inbox import RunState
from domain.organization.office import Access, OfficeKind, Organization, Partition, Person, Role, Tool
from domain.organization.webhooks import SCHEMES, Source
from gateway.app import Gateway, create_app, gateway_of
from gateway.prefect import Away, Poison
from store import Store
from tests.domain import builders

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
KEY = b"a secret for tests, long enough"
STANDARD = b"whsec_" + base64.b64encode(KEY)
SECRETS = {
    "KEY_SECRET": KEY.decode(),
    "STANDARD_SECRET": STANDARD.decode(),
    "PAIR_SECRET": "name:a password for tests",
    "NEW_SECRET": "the secret after, long enough",
}
BUSINESS = sorted(name for name, proves in SCHEMES.items() if proves)


def secret_name(scheme: str) -> str:
    return {"standard-webhooks": "STANDARD_SECRET", "azure-devops": "PAIR_SECRET"}.get(scheme, "KEY_SECRET")


@dataclass
class Shelf:
    """A server of runs: one run to a key; it can be away, and refuse."""

    runs: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    states: dict[str, RunState] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: int = 0
    away: bool = False
    poison: frozenset[str] = frozenset()
    wrong: dict[str, Exception] = field(default_factory=dict)
    """What is raised for a message, its event or an office, or by `state` and `tell`."""
    tellings: list[list[str]] = field(default_factory=list)

    def _go_wrong(self, *names: str) -> None:
        for name in names:
            if name in self.wrong:
                raise self.wrong[name]

    async def start(self, deployment: str, parameters: Mapping[str, str], key: str) -> str:
        self.asked += 1
        if self.away:
            raise Away("away")
        if parameters.get("message") in self.poison:
            raise Poison("no")
        self._go_wrong(*parameters.values())
        self.runs.setdefault(key, (deployment, dict(parameters)))
        return key

    async def state(self, run: str) -> RunState:
        if self.away:
            raise Away("away")
        self._go_wrong("state")
        return self.states.get(run, RunState.QUEUED)

    async def tell(self, messages) -> None:
        if self.away:
            raise Away("away")
        self._go_wrong("tell", *(f"event {each.id}" for each in messages))
        self.tellings.append([each.id for each in messages])
        self.told += [each.id for each in messages if each.id not in self.told]

    def of(self, deployment: str) -> list[dict[str, str]]:
        return [parameters for name, parameters in self.runs.values() if name.startswith(f"{deployment}/")]


def organization(**changes) -> Organization:
    """Two offices plan in one Redmine; each scheme has a source, those that may start something may start all."""
    tool = Tool("tracker", "redmine", settings={"url": "http://127.0.0.1:1", "allow": ["127.0.0.1"]})
    settings = {"projects": {"within": ["harbor"]}, "items": {"columns": {"key": "Interoffice key"}}}
    hq = builders.office(
        "hq", None, kind=OfficeKind.STRATEGIC, roles={Role.APPROVER: ("ana-reis",), Role.HEAD: ("ana-reis",)}
    )
    hooks = {
        name: Source(name, name, (secret_name(name),), tool="tracker", per_minute=100_000)
        for name in SCHEMES
        if name not in BUSINESS
    }
    systems = {
        name: Source(name, name, (secret_name(name),), "", frozenset(KINDS), 100_000, frozenset({"hq"}))
        for name in BUSINESS
    }
    few = Source("few", "bearer", ("KEY_SECRET",), may=frozenset({"sweep.requested"}), per_minute=8)
    nothing = Source("nothing", "bearer", ("KEY_SECRET",), per_minute=100_000)
    return Organization(
        id="x",
        name="X",
        offices={each.id: each for each in (hq, builders.office("porto"), builders.office("oslo"))},
        tools={"tracker": tool},
        people={name: Person(name, name.title()) for name in ("ana-reis", "bo-lund")},
        operator_decisions_count=True,
        partitions=tuple(Partition(o, "tracker", Access.OBSERVE, settings) for o in ("porto", "oslo")),
        sources={**hooks, **systems, "few": few, "nothing": nothing, **changes},
    )


@cache
def today_s_tables() -> bytes:
    """A SQLite database with today's tables and nothing in them; made once, as making one takes longer."""
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/store.db")
        store.upgrade()
        store.close()
        return Path(folder, "store.db").read_bytes()


def store_in(folder: Path) -> Store:
    """The store of a folder, as it is or empty."""
    path = folder / "store.db"
    if not path.exists():
        path.write_bytes(today_s_tables())
    return Store(f"sqlite:///{path}")


def application_of(folder: Path, at: datetime = NOW, **changes) -> Application:
    store = store_in(folder)
    return Application(
        settings=Settings(state=folder, database_url=SecretStr(store.url), gateway_url="https://pmo.example"),
        organization=organization(**changes),
        versions={},
        rollouts=(),
        store=store,
        clock=FixedClock(at),
        machine=FixedClock(at),
    )


class Client:
    """Speaks to the application itself while it lives."""

    def __init__(self, gateway: Gateway, host: str = "127.0.0.1:8420", peer: str = "127.0.0.1") -> None:
        self.gateway = gateway
        self.app = create_app(gateway.application.settings.state / "reports", gateway)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=(peer, 4000)), base_url=f"http://{host}"
        )

    async def __aenter__(self) -> Self:
        self._living = self.app.router.lifespan_context(self.app)
        await self._living.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()
        await self._living.__aexit__(None, None, None)

    async def post(self, source: str, body: bytes, headers) -> httpx.Response:
        return await self.http.post(f"/hooks/{source}", content=body, headers=headers)


def rows(application: Application) -> int:
    with application.store.read() as unit:
        return sum(unit.inbox.counts().values())


OF_HQ: Mapping[str, Mapping[str, str]] = {
    "template.released": {"office": "hq", "person": "ana-reis"},
    "plan.localization_requested": {"office": "hq", "person": "ana-reis"},
    "deviation.requested": {"project": "hq/P-1", "person": "ana-reis"},
    "feedback.raised": {"office": "hq", "person": "ana-reis"},
    "objection.raised": {"office": "hq", "person": "ana-reis"},
    "draft.commented": {"office": "hq", "person": "ana-reis"},
    "directive.issued": {"office": "hq", "person": "ana-reis"},
}
"""What a system of hq may ask for: what concerns hq itself."""


def message(kind: str = "sweep.requested", **data: object) -> bytes:
    said = {**KINDS[kind].example, **OF_HQ.get(kind, {}), **data}
    return json.dumps({"type": kind, "timestamp": "2027-01-04T07:00:00Z", "data": said}).encode()


def bearer(key: str = "b-1", secret: bytes = KEY) -> dict[str, str]:
    return {
        "authorization": f"Bearer {secret.decode()}",
        "content-type": "application/json",
        "idempotency-key": key,
    }


def run(work):
    return asyncio.run(work)


@pytest.fixture(autouse=True)
def secrets(monkeypatch) -> None:
    for name, text in SECRETS.items():
        monkeypatch.setenv(name, text)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def application(tmp_path) -> Iterator[Application]:
    made = application_of(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def gateway(application, shelf) -> Gateway:
    return gateway_of(application, shelf)
