"""What the gateway makes of a Prefect server's answers: try later, try this one later, or refuse this one."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from domain.messages.inbox import Posted, RunState
from gateway.prefect import Away, Deferred, Poison, Prefect
from tests.gateway.conftest import NOW, run

RUN = str(uuid.uuid4())
MESSAGE = Posted("portfolio", "m-1", "sweep.requested", NOW, b"")
CALLS = {
    "start": lambda prefect: prefect.start("answer-message/answer-message", {"message": MESSAGE.id}, "k"),
    "state": lambda prefect: prefect.state(RUN),
    "tell": lambda prefect: prefect.tell([MESSAGE]),
}


@contextmanager
def answering(status: int, body: bytes = b"{}") -> Iterator[str]:
    """The API of a server that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = answer  # noqa: N815 - the library's name
        do_POST = answer  # noqa: N815

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def outcomes(api: str) -> dict[str, object]:
    """What each call gives, or the kind of error that it raises."""

    async def ask(call) -> object:
        prefect = Prefect(api)
        try:
            return await call(prefect)
        except (Away, Poison) as problem:
            return type(problem)
        finally:
            await prefect.close()

    async def asked() -> dict[str, object]:  # side by side: each waits before it gives up a server
        found = await asyncio.gather(*map(ask, CALLS.values()))
        return dict(zip(CALLS, found, strict=True))

    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
        return run(asked())


@pytest.mark.parametrize("status", [302, 401, 403, 405, 407, 410, 500, 501])
def test_what_is_about_access_or_passes_is_done_later_and_others_may_be_asked_for(status) -> None:
    with answering(status) as api:
        assert outcomes(api) == dict.fromkeys(CALLS, Deferred)
    assert issubclass(Deferred, Away)


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_server_that_is_overloaded_or_behind_a_gateway_is_away(status) -> None:
    with answering(status) as api:
        assert outcomes(api) == dict.fromkeys(CALLS, Away)


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_what_is_refused_for_what_it_is_stays_refused(status) -> None:
    with answering(status) as api:
        assert outcomes(api) == dict.fromkeys(CALLS, Poison)


@pytest.mark.parametrize("body", [b"<html>a page of a proxy</html>", b"[]", b'{"id": 7}'])
def test_an_answer_that_cannot_be_read_is_no_refusal_and_no_crash(body) -> None:
    with answering(200, body) as api:
        assert outcomes(api) == dict.fromkeys(CALLS, Deferred)  # the token for a POST cannot be read either


def test_a_deployment_that_is_missing_hinders_what_it_is_for_and_a_run_that_is_missing_is_lost() -> None:
    with answering(404) as api:
        assert outcomes(api) == {"start": Deferred, "state": RunState.LOST, "tell": Deferred}


@pytest.mark.parametrize("api", ["", "http://127.0.0.1:9/api", "http://127.0.0.1:x/api"])
def test_a_server_that_cannot_be_reached_is_away(api) -> None:
    assert outcomes(api) == dict.fromkeys(CALLS, Away)


def test_what_is_no_run_of_prefect_is_lost() -> None:
    assert run(Prefect("http://127.0.0.1:9/api").state("no run")) is RunState.LOST
