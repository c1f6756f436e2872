"""Whoever asks under another name, or as a page of another address, gets no answer, by HTTP and WebSocket."""

import asyncio

import httpx
import pytest

from gateway.guard import Guard

OWN = "127.0.0.1:4200"
PUBLIC = "https://prefect.example.com"
FETCHED = {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
FOLLOWED = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
REFUSED = {
    "a name that points here": {"host": "evil.example:4200"},
    "a name that begins as ours": {"host": "127.0.0.1.evil.example"},
    "an address of the network": {"host": "192.0.2.1:4200"},
    "a page of another site": {"origin": "https://evil.example"},
    "a page of another port": {"origin": "http://127.0.0.1:8000"},
    "a page of our other name": {"origin": "http://localhost:4200"},
    "a page by https": {"origin": "https://127.0.0.1:4200"},
    "a page of no origin": {"origin": "null"},
    "an empty origin": {"origin": ""},
    "our origin with more behind it": {"origin": "http://127.0.0.1:4200/"},
    "a picture on another site": {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    "a script on another port": {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
    "a frame on another site": {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    "a request of another site": {"sec-fetch-site": "cross-site", **FETCHED},
    "the proxy's page under a loopback name": {"origin": PUBLIC},
    "a loopback page under the proxy's name": {"host": "prefect.example.com", "origin": "http://127.0.0.1:4200"},
    "the proxy's name without its s": {"host": "prefect.example.com", "origin": "http://prefect.example.com"},
}  # fmt: skip
ANSWERED = {
    "a program": {},
    "a program under our other name": {"host": "localhost:4200"},
    "our own page": {"origin": "http://127.0.0.1:4200", "sec-fetch-site": "same-origin", **FETCHED},
    "our own page under its other name": {"host": "localhost:4200", "origin": "http://localhost:4200"},
    "our own page by IPv6": {"host": "[::1]:4200", "origin": "http://[::1]:4200"},
    "an address that was typed": {"sec-fetch-site": "none", **FOLLOWED},
    "the proxy's own page": {"host": "prefect.example.com", "origin": PUBLIC},
}


async def application(scope, receive, send) -> None:
    """Answers everything: what it answers was let in."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    headers = [(b"content-type", b"text/plain")]
    if scope["path"] == "/own":
        headers.append((b"content-security-policy", b"form-action 'self'"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"let in"})


GUARD = Guard(application, public=(PUBLIC,), inside=("/metrics",))


def asked(method: str, headers: dict[str, str], path: str = "/api/flow_runs", app=GUARD) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 4000))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{OWN}") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())


def shaken(headers: dict[str, str], app=GUARD) -> dict:
    """The first word of the server to a WebSocket's handshake."""
    said = []
    given = [(name.encode(), value.encode()) for name, value in {"host": OWN, **headers}.items()]
    scope = {"type": "websocket", "path": "/api/events/out", "headers": given, "client": ("127.0.0.1", 4000)}

    async def receive() -> dict:
        return {"type": "websocket.connect"}

    async def send(message: dict) -> None:
        said.append(message)

    asyncio.run(app(scope, receive, send))
    return said[0]


@pytest.mark.parametrize("what", REFUSED)
def test_a_page_of_another_address_gets_no_answer(what) -> None:
    for method in ("GET", "POST", "OPTIONS", "DELETE"):
        answer = asked(method, REFUSED[what])
        assert answer.status_code in {403, 421}
        assert "let in" not in answer.text
        assert asked(method, REFUSED[what], app=application).text == "let in", (
            "the control: without the guard"
        )


@pytest.mark.parametrize("what", REFUSED)
def test_no_page_of_another_address_opens_a_websocket(what) -> None:
    assert shaken(REFUSED[what]) == {"type": "websocket.close", "code": 1008}
    assert shaken(REFUSED[what], application)["type"] == "websocket.accept", "the control: without the guard"


@pytest.mark.parametrize("what", ANSWERED)
def test_our_own_pages_and_programs_are_answered(what) -> None:
    assert asked("POST", ANSWERED[what]).text == "let in"
    assert shaken(ANSWERED[what])["type"] == "websocket.accept"


def test_a_link_that_a_person_follows_may_stand_on_any_page_and_starts_nothing() -> None:
    followed = {"sec-fetch-site": "cross-site", **FOLLOWED}
    assert asked("GET", followed).text == "let in"
    assert asked("POST", followed).status_code == 403


@pytest.mark.parametrize("name", [b"host", b"origin"])
def test_a_header_that_stands_there_twice_is_nobodys(name) -> None:
    headers = [(b"host", OWN.encode()), (b"origin", b"http://127.0.0.1:4200")]
    scope = {"type": "http", "method": "GET", "path": "/", "client": ("127.0.0.1", 4000)}
    assert GUARD.refusal({**scope, "headers": headers}) is None
    assert GUARD.refusal({**scope, "headers": [*headers, (name, b"evil.example")]}) is not None
    assert GUARD.refusal({**scope, "headers": [(b"host", b"evil.example"), *headers]}) is not None


def test_a_refusal_says_where_to_open_it_and_repeats_nothing() -> None:
    assert asked("GET", {"host": "evil.example"}).text == (
        "This address answers only to 127.0.0.1 and localhost, prefect.example.com.\n"
    )
    assert asked("GET", {"origin": "https://evil.example"}).text == (
        "A page of another address asked for this. Open it at http://127.0.0.1:4200 itself.\n"
    )


def test_what_is_for_this_machine_is_not_for_who_comes_through_a_proxy() -> None:
    assert asked("GET", {}, "/metrics").text == "let in"
    for headers in ({"host": "prefect.example.com"}, {"x-forwarded-for": "192.0.2.7"}, {"via": "1.1 x"}):
        assert asked("GET", headers, "/metrics").status_code in {403, 421}


def test_a_header_of_the_application_s_own_stays_and_the_others_are_added() -> None:
    assert asked("GET", {}, "/own").headers["content-security-policy"] == "form-action 'self'"
    assert asked("GET", {}, "/own").headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in asked("GET", {}).headers["content-security-policy"]
    assert asked("GET", {"host": "evil.example"}).headers["x-frame-options"] == "DENY"
