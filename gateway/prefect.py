"""The Prefect server as the gateway needs it: start a run once, ask for its state, report a message.

It passes on ids of ours, and nothing that was sent to us.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from domain.messages.inbox import Posted, RunState

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient

QUEUED = frozenset({"SCHEDULED", "PENDING"})
RUNNING = frozenset({"RUNNING", "CANCELLING", "PAUSED"})
REFUSALS = frozenset({400, 409, 413, 422})
"""Statuses that mean a request is refused for good; any other is about access, or temporary."""
BUSY = frozenset({408, 429, 502, 503, 504})
"""Statuses that mean the server can do nothing else now either."""


class Away(Exception):
    """The server cannot be reached, or can do nothing now: try everything later."""


class Deferred(Away):
    """The server answers, but does not do this now: try this later; other requests may succeed."""


class Poison(Exception):
    """The server refuses this request for good."""


class Runs(Protocol):
    """Starts runs, and knows their states.

    Every method raises Away, its subclass Deferred and, for a request that is refused for good, Poison.
    """

    async def start(self, deployment: str, parameters: Mapping[str, str], key: str) -> str:
        """Start the deployment (`flow/deployment`) unless that was done with this key; the run's id."""
        ...

    async def state(self, run: str) -> RunState:
        """The state of a run."""
        ...

    async def tell(self, messages: Sequence[Posted]) -> None:
        """Emit an event for each message, with the message's id."""
        ...


@dataclass(slots=True)
class Prefect:
    """The Prefect server whose API is at `api`; its client is loaded when it is first needed."""

    api: str
    _client: PrefectClient | None = None

    async def start(self, deployment: str, parameters: Mapping[str, str], key: str) -> str:
        """See `Runs`."""
        async with self._asking(deployment) as client:
            there = await client.read_deployment_by_name(deployment)
            made = await client.create_flow_run_from_deployment(
                there.id, parameters=dict(parameters), idempotency_key=key
            )
            return str(made.id)

    async def state(self, run: str) -> RunState:
        """See `Runs`; a run that the server does not know any more is lost."""
        from prefect.exceptions import ObjectNotFound  # noqa: PLC0415 - slow

        try:
            number = UUID(run)
        except ValueError:
            return RunState.LOST
        async with self._asking("the run") as client:
            try:
                found = await client.read_flow_run(number)
            except ObjectNotFound:
                return RunState.LOST
        kind = found.state.type.value if found.state else ""
        if kind in QUEUED:
            return RunState.QUEUED
        if kind in RUNNING:
            return RunState.RUNNING
        return RunState.ENDED if kind == "COMPLETED" else RunState.LOST

    async def tell(self, messages: Sequence[Posted]) -> None:
        """See `Runs`."""
        async with self._asking("events") as client:
            path: Any = "/events"  # Prefect's own list of paths lacks it
            await client.request("POST", path, json=[_event(each) for each in messages])

    async def close(self) -> None:
        """Close the client."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.__aexit__(None, None, None)

    @asynccontextmanager
    async def _asking(self, what: str) -> AsyncIterator[PrefectClient]:
        """The client, opened when it is first needed. Raises Away and Poison in place of its own errors.

        An answer that the client cannot read leaves open whether the request was carried out.
        """
        import httpx  # noqa: PLC0415 - slow, and not needed before something was sent to us
        from prefect.exceptions import ObjectNotFound, PrefectException  # noqa: PLC0415 - slow

        if not self.api:
            raise Away("no Prefect server is named: set PREFECT_API_URL")
        try:
            if self._client is None:
                opened = client_of(self.api)
                await opened.__aenter__()
                self._client = opened
            yield self._client
        except httpx.HTTPStatusError as refused:
            raise _meaning(refused.response.status_code, what) from None
        except ObjectNotFound:
            raise Deferred(f"Prefect's server knows no {what}: run `interoffice setup`") from None
        except ValueError as problem:
            text = f"Prefect's server gives an answer that cannot be read ({type(problem).__name__}, {what})"
            raise Deferred(text) from None
        except (httpx.HTTPError, httpx.InvalidURL, PrefectException, OSError, RuntimeError) as problem:
            raise Away(f"Prefect's server cannot be reached ({type(problem).__name__})") from None


def client_of(api: str) -> PrefectClient:
    """A client of that server, not yet opened, with the credentials in this process's environment."""
    from prefect.client.orchestration import PrefectClient  # noqa: PLC0415 - slow
    from prefect.settings import get_current_settings  # noqa: PLC0415 - slow

    given = get_current_settings().api
    auth_string = given.auth_string.get_secret_value() if given.auth_string else None
    return PrefectClient(
        api, auth_string=auth_string, api_key=given.key.get_secret_value() if given.key else None
    )


def _meaning(status: int, what: str) -> Away | Poison:
    """The error for an answer that is no success."""
    if status in REFUSALS:
        return Poison(f"Prefect's server refuses it with {status} ({what})")
    return (Away if status in BUSY else Deferred)(f"Prefect's server answers {status} ({what})")


def _event(posted: Posted) -> Mapping[str, object]:
    """The event of a message: its id is the message's, so that it is there once."""
    return {
        "id": str(UUID(posted.id)),
        "occurred": posted.at.isoformat(),
        "event": f"interoffice.message.{posted.kind}",
        "resource": {
            "prefect.resource.id": f"interoffice.message.{posted.id}",
            "prefect.resource.name": posted.kind,
        },
        "related": [
            {"prefect.resource.id": f"interoffice.source.{posted.source}", "prefect.resource.role": "source"}
        ],
        "payload": {"message": posted.id, "kind": posted.kind, "source": posted.source},
    }
