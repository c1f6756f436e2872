"""A ticket signs in once; whoever has none, an old one or a spent one gets one and the same answer."""

import asyncio
import base64
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from config.tickets import FOLDER, issue, spend
from gateway.guard import Guard
from gateway.pages.sign_in import KEPT_AS, OVER, PATH, SCRIPT, SignIn
from runtime.prefect_server import HEADERS

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
AUTH = "interoffice:a-secret-of-this-test"


async def application(_scope, _receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"Prefect's own page"})


@pytest.fixture
def app(tmp_path) -> Guard:
    return Guard(SignIn(application, AUTH, lambda ticket: spend(tmp_path, ticket, NOW)), headers=HEADERS)


def ask(app, method: str, path: str = PATH, body: bytes = b"", **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:4200"
        ) as client:
            return await client.request(method, path, content=body, headers=headers)

    return asyncio.run(asked())


def test_a_ticket_is_given_the_string_once(app, tmp_path) -> None:
    ticket = issue(tmp_path, NOW)
    answer = ask(app, "POST", body=ticket.encode())
    assert base64.b64decode(answer.json()["password"]).decode() == AUTH
    assert answer.headers["cache-control"] == "no-store"
    again = ask(app, "POST", body=ticket.encode())
    assert (again.status_code, again.text) == (410, f"{OVER}\n")


def test_looking_at_the_page_spends_no_ticket(app, tmp_path) -> None:
    ticket = issue(tmp_path, NOW)
    for method in ("GET", "HEAD", "GET"):
        assert ask(app, method, f"{PATH}?{ticket}").status_code == 200
    assert ask(app, "POST", body=ticket.encode()).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"a" * 43, b"a" * 44, b"../../prefect.auth", b"\x00" * 43, b"\xff" * 43, b"a" * 10_000],
)
def test_what_is_no_ticket_gets_one_and_the_same_answer(app, tmp_path, body) -> None:
    issue(tmp_path, NOW)
    answer = ask(app, "POST", body=body)
    assert (answer.status_code, answer.text) == (410, f"{OVER}\n")


def test_a_page_of_another_address_cannot_spend_one(app, tmp_path) -> None:
    ticket = issue(tmp_path, NOW)
    for origin in ("https://evil.example", "http://localhost:4200", "null"):
        assert ask(app, "POST", body=ticket.encode(), origin=origin).status_code == 403
    assert ask(app, "POST", body=ticket.encode(), origin="http://127.0.0.1:4200").status_code == 200


def test_only_its_own_script_runs_on_the_page_and_it_stands_in_no_frame(app) -> None:
    page = ask(app, "GET")
    policy = page.headers["content-security-policy"]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert "frame-ancestors 'none'" in policy
    assert page.text.count("<script>") == 1
    assert SCRIPT in page.text
    assert ask(app, "PUT").status_code == 405


def test_everything_else_is_the_application_s(app) -> None:
    assert ask(app, "GET", "/").text == "Prefect's own page"
    assert "connect-src 'self'" in ask(app, "GET", "/").headers["content-security-policy"]


def test_prefect_s_two_interfaces_look_for_the_string_where_the_page_keeps_it() -> None:
    import prefect

    for folder in (prefect.__ui_static_path__, prefect.__ui_v2_static_path__):
        scripts = [path.read_text("utf-8", "replace") for path in Path(folder).rglob("*.js")]
        assert any(KEPT_AS in script for script in scripts), folder


@pytest.mark.parametrize(
    ("later", "good"),
    [
        (timedelta(), True),
        (timedelta(minutes=59), True),
        (timedelta(hours=1), False),
        (timedelta(days=-1), False),
    ],
)
def test_a_ticket_lasts_an_hour(tmp_path, later, good) -> None:
    assert spend(tmp_path, issue(tmp_path, NOW), NOW + later) is good


def test_old_tickets_are_cleared_away_and_nobody_learns_one_from_its_file(tmp_path) -> None:
    old = issue(tmp_path, NOW)
    new = issue(tmp_path, NOW + timedelta(hours=2))
    (kept,) = (tmp_path / FOLDER).iterdir()
    assert new not in kept.name
    assert old not in kept.name
    assert (kept.stat().st_mode & 0o777, (tmp_path / FOLDER).stat().st_mode & 0o777) == (0o600, 0o700)
    assert spend(tmp_path, kept.name, NOW + timedelta(hours=2)) is False
