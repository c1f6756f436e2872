"""The gateway as one application: reports out, webhooks in, its own description, health and metrics.

Each has a module of its own; here they are put together. It does none of the work that it starts.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from config.messages import KINDS
from config.settings import origins
from config.wiring import Application
from domain.messages.inbox import MessageState
from gateway.guard import Guard
from gateway.inbound.asking import Asking
from gateway.inbound.dispatch import Dispatcher
from gateway.inbound.hooks import OfficeHooks
from gateway.inbound.keeping import Keeper
from gateway.inbound.overflow import Overflow
from gateway.inbound.published import openapi, schema, shown
from gateway.inbound.readiness import Readiness
from gateway.inbound.receiving import Receiving
from gateway.limits import Rates
from gateway.logs import unexpected
from gateway.metrics import Metrics
from gateway.outbound.sending import IDLE, send_round
from gateway.pages.cases import CASES
from gateway.pages.decision import decision_pages
from gateway.pages.deployment_reports import deployment_report_pages
from gateway.pages.deployments import deployment_pages
from gateway.pages.desk import desk_pages
from gateway.pages.directives import DIRECTIVES
from gateway.pages.localizing import localizing_pages
from gateway.pages.office import office_pages
from gateway.pages.raising import raising_pages
from gateway.pages.refused import why
from gateway.pages.reports import pages
from gateway.pages.roles import role_pages
from gateway.prefect import Runs
from reports.render import messages_html
from store.errors import StoreError

LOG = logging.getLogger("interoffice.gateway")
INSIDE = ("/metrics",)
"""What only this machine may ask for."""
SHORTEST = 0.2
"""Seconds between two rounds of sending, at least."""


@dataclass(slots=True)
class Beside:
    """The state of the background tasks that run beside the HTTP server."""

    ended: set[str] = field(default_factory=set)
    """The tasks that ended by themselves, which none should."""
    unsent: str = ""
    """Why no events can be sent; empty while they can."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """What takes webhooks for an application and starts runs for them."""

    application: Application
    keeper: Keeper
    dispatcher: Dispatcher
    metrics: Metrics
    readiness: Readiness
    receiving: Receiving
    beside: Beside = field(default_factory=Beside)


def gateway_of(application: Application, runs: Runs) -> Gateway:
    """The parts of an application's gateway, put together."""
    now, sources = application.machine.now, application.organization.sources
    retention = application.organization.retention
    dispatcher = Dispatcher(application.store, sources, OfficeHooks(application), runs, now, retention)
    metrics = Metrics(application.store, sources, now, lambda: bool(dispatcher.away))
    keeper = Keeper(application.store, {source.id: source.bytes for source in sources.values()})
    receiving = Receiving(
        sources, keeper, now, Rates(time.monotonic), dispatcher.woken.set, metrics.count,
        Overflow(application.store, keeper, now), Asking(application), metrics.full,
    )  # fmt: skip
    return Gateway(application, keeper, dispatcher, metrics, Readiness(keeper, time.monotonic), receiving)


def create_app(reports_folder: Path, gateway: Gateway) -> Starlette:
    """The application of that gateway; the files of its reports lie in that folder."""
    public = origins(gateway.application.settings.gateway_url)
    return Starlette(
        routes=[
            *_webhooks(gateway),
            *pages(reports_folder, gateway.application),
            *localizing_pages(gateway.application, Rates(time.monotonic)),
            *CASES.routes(gateway.application),
            *DIRECTIVES.routes(gateway.application),
            *deployment_report_pages(gateway.application),
            *deployment_pages(gateway.application, Rates(time.monotonic)),
            *desk_pages(gateway.application, Rates(time.monotonic)),
            *raising_pages(gateway.application, Rates(time.monotonic)),
            *role_pages(reports_folder, gateway.application),
            *office_pages(gateway.application, Rates(time.monotonic), gateway.dispatcher.woken.set),
            *decision_pages(gateway.application, Rates(time.monotonic), gateway.dispatcher.woken.set),
            *_health(gateway),
            *_published(),
        ],
        middleware=[Middleware(Guard, public=public, inside=INSIDE)],
        exception_handlers={HTTPException: _refused},
        lifespan=_lifespan(gateway),
    )


async def _refused(request: Request, error: Exception) -> Response:
    """A refusal in plain words, in the browser's language, without repeating what was asked for."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as it is registered
    said = why(error.detail, request.headers.get("accept-language", ""))
    return PlainTextResponse(f"{said}\n", error.status_code, error.headers)


def _lifespan(gateway: Gateway) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        """Store, dispatch and send in the background while the application serves."""
        async with AsyncExitStack() as stack:
            gateway.keeper.start()
            stack.push_async_callback(gateway.keeper.stop)
            works = {"dispatching": gateway.dispatcher.work}
            if gateway.application.organization.receivers:
                works["sending"] = partial(tell, gateway.application, gateway.beside)
            for name, work in works.items():
                await stack.enter_async_context(_working(name, work, gateway.beside.ended))
            yield

    return lifespan


@asynccontextmanager
async def _working(
    name: str, work: Callable[[], Coroutine[None, None, None]], ended: set[str]
) -> AsyncIterator[None]:
    """Run it in the background until the block ends; if it ends before, its name is added to `ended`."""
    ended.discard(name)

    def gone(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            problem = task.exception()
            LOG.error("ended by itself", extra={"thing": name, "why": unexpected(problem) if problem else ""})
            ended.add(name)

    task = asyncio.create_task(work())
    task.add_done_callback(gone)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def tell(application: Application, beside: Beside) -> None:
    """Send the network's events to their receivers, round after round, for ever.

    An error is logged, noted in `beside`, and waited out.
    """
    while True:
        seconds, why = IDLE, ""
        try:
            seconds = (await send_round(application)).seconds
        except StoreError as problem:
            why = str(problem)
        except Exception as problem:  # noqa: BLE001 - the border of our task, which nothing would start again
            why = f"sending failed unexpectedly ({unexpected(problem)})"
        if why and why != beside.unsent:
            LOG.warning("nothing can be sent", extra={"why": why})
        beside.unsent = why
        await asyncio.sleep(max(seconds, SHORTEST))


@dataclass(frozen=True, slots=True)
class _Hooks:
    """Takes and answers webhooks, as an application: a function would be wrapped several times."""

    gateway: Gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        answer = await self.gateway.receiving(Request(scope, receive))
        self.gateway.metrics.seconds.observe(time.perf_counter() - began)
        await answer(scope, receive, send)


def _webhooks(gateway: Gateway) -> list[Route]:
    def metrics(_: Request) -> Response:
        """Metrics for Prometheus."""
        return Response(gateway.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [Route("/hooks/{source}", _Hooks(gateway), methods=["POST"]), Route("/metrics", metrics)]


def _published() -> list[Route]:
    def described(_: Request) -> Response:
        """The gateway's OpenAPI description."""
        return JSONResponse(openapi())

    def shape(request: Request) -> Response:
        """The JSON Schema of a kind of message."""
        name = request.path_params["name"]
        if name not in KINDS:
            raise HTTPException(404, "There is no such kind of message.")
        return JSONResponse(schema(name), media_type="application/schema+json")

    def docs(_: Request) -> Response:
        """The kinds of message as a page for people."""
        return HTMLResponse(messages_html(shown()))

    return [Route("/openapi.json", described), Route("/schemas/{name}.json", shape), Route("/docs", docs)]


def _health(gateway: Gateway) -> list[Route]:
    async def health(_: Request) -> Response:
        """That the gateway is open."""
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        """200 when a message can be stored now; what only delays runs, as Prefect being away, is shown."""
        ended = sorted(gateway.beside.ended | ({"storing"} if gateway.keeper.ended else set()))
        if ended:
            return JSONResponse({"status": "ended", "why": f"start it again: {', '.join(ended)} ended"}, 503)
        try:
            why, counted = (
                await gateway.readiness.problem(),
                await asyncio.to_thread(_counted, gateway.application),
            )
        except StoreError as problem:
            why = str(problem)
        if why:
            return JSONResponse({"status": "no store", "why": why}, 503)
        told = {"prefect": gateway.dispatcher.away or "ok", "sending": gateway.beside.unsent or "ok"}
        return JSONResponse({"status": "ok", **told, **counted})

    return [Route("/health", health), Route("/ready", ready)]


def _counted(application: Application) -> dict[str, int]:
    """How many messages wait for their run, or for a person. Raises StoreError."""
    with application.store.read() as unit:
        counts = unit.inbox.counts()
    return {str(state): counts[state] for state in (MessageState.WAITING, MessageState.PARKED)}
