"""The gateway of a serving `up`: a signed POST has its flow running in Prefect soon, once, and as text."""

from __future__ import annotations

import base64
import json
import time
import uuid
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import sync_playwright
from standardwebhooks.webhooks import Webhook

from tests.servers.conftest import SECRET, TLS, Up, interoffice, signed_in
from tests.servers.test_serving import api

pytestmark = pytest.mark.servers
FLOWS = ("answer-message", "report-network", "sweep-compliance", "sync-offices")
SOON = 5.0
"""Seconds until a message's flow runs."""


def post(up: Up, kind: str, key: str, secret: str = SECRET, **data: object) -> httpx.Response:
    """Send a message as a client does that nobody here wrote."""
    at = datetime.now(UTC)
    body = json.dumps({"type": kind, "data": data})
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(key, at, body),
        "content-type": "application/json",
    }
    url = f"{up.folder.notes()['gateway']}/hooks/portfolio"
    return httpx.post(url, content=body.encode(), headers=headers, trust_env=False, timeout=10, verify=TLS)


def runs(up: Up, flow: str, message: str = "") -> list[dict]:
    asked: dict = {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_DESC", "limit": 100}
    found = api(up, "/flow_runs/filter", asked).json()
    return [each for each in found if not message or each["parameters"].get("message") == message]


def running(up: Up, flow: str) -> list[dict]:
    """Its runs that are at work, or were."""
    return [each for each in runs(up, flow) if each["start_time"]]


def until(seen, seconds: float, what: str):
    deadline = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < deadline, f"{what} did not happen in {seconds} s"
        time.sleep(0.15)
    return found


def answered(up: Up, message: str, seconds: float = 60) -> dict:
    """The run of that message, when it has ended."""

    def ended() -> dict | None:
        found = runs(up, "answer-message", message)
        return (
            found[0]
            if found and found[0]["state"]["type"] not in {"SCHEDULED", "PENDING", "RUNNING"}
            else None
        )

    return until(ended, seconds, "the end of its run")


def test_a_message_has_its_flow_running_within_seconds(gateway) -> None:
    """The best of a few, as the machine has other things to do."""
    waits = []
    for number in range(3):
        before = len(running(gateway, "sweep-compliance"))
        began = time.monotonic()
        told = post(gateway, "sweep.requested", f"board-{number}", why="the board meets tomorrow")
        assert told.status_code == 202, told.text
        until(lambda before=before: len(running(gateway, "sweep-compliance")) > before, 60, "its sweep")
        waits.append(time.monotonic() - began)
        ended = answered(gateway, told.json()["id"])
        assert ended["state"]["type"] == "COMPLETED", ended["state"]
        assert "projects judged under" in ended["state"]["message"]
        assert ended["parameters"] == {"message": told.json()["id"]}
    assert min(waits) < SOON, waits


def test_the_same_message_over_and_over_is_one_run(gateway) -> None:
    told = [post(gateway, "report.requested", "twice", why="the report of the week") for _ in range(30)]
    assert {each.status_code for each in told} <= {200, 202}
    assert len({each.json()["id"] for each in told}) == 1
    answered(gateway, told[0].json()["id"])
    assert len(runs(gateway, "answer-message", told[0].json()["id"])) == 1


def test_text_that_prefect_would_execute_stays_text(gateway) -> None:
    block = str(uuid.uuid4())
    why = f'{{{{ 7*7 }}}} {{"__prefect_kind": "jinja", "template": "{{{{ 7*7 }}}}"}} {{"$ref": "{block}"}}'
    told = post(gateway, "report.requested", "hostile", why=why)
    assert told.status_code == 202
    assert answered(gateway, told.json()["id"])["state"]["type"] == "COMPLETED"
    reference = {"why": f"message {told.json()['id']}", "dry_run": False}
    assert [each["parameters"] for each in runs(gateway, "report-network")].count(reference) == 1
    assert "7*7" not in str([each for name in FLOWS for each in runs(gateway, name)])
    shaped = post(gateway, "report.requested", "shaped", why={"__prefect_kind": "jinja", "template": "x"})
    assert shaped.status_code == 422


def test_what_its_row_does_not_name_and_what_is_forged_starts_nothing(gateway) -> None:
    before = len(runs(gateway, "answer-message"))
    wrong = "whsec_" + base64.b64encode(b"another secret").decode()
    assert post(gateway, "report.requested", "forged", wrong, why="the board").status_code == 401
    published = post(gateway, "standard.published", "no", version="delivery-method/2.0", why="the board")
    assert published.status_code == 403
    time.sleep(2)
    assert len(runs(gateway, "answer-message")) == before


def test_each_message_has_its_event_once_for_operators_to_hang_automations_on(gateway) -> None:
    told = post(gateway, "report.requested", "evented", why="the report of the week").json()["id"]
    post(gateway, "report.requested", "evented", why="the report of the week")
    answered(gateway, told)

    def events() -> list[dict]:
        wanted = {"filter": {"event": {"name": ["interoffice.message.report.requested"]}}}
        found = api(gateway, "/events/filter", wanted).json()["events"]
        return [each for each in found if each["id"] == told]

    (event,) = until(events, 20, "its event")
    assert event["payload"] == {"message": told, "kind": "report.requested", "source": "portfolio"}


def test_it_can_be_seen_in_the_ui_and_in_the_inbox(gateway, tmp_path) -> None:
    told = post(gateway, "sweep.requested", "seen", why="for the picture").json()["id"]
    answered(gateway, told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        signed_in(page, gateway)
        page.goto(f"{gateway.folder.notes()['ui']}/runs")
        page.get_by_text(f"answer {told}").first.wait_for(timeout=30_000)
        page.screenshot(path=tmp_path / "runs.png")
        browser.close()
    listed = interoffice(gateway.folder.root, "inbox", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    states = {each["id"]: each["state"] for each in json.loads(listed.stdout)["messages"]}
    assert states[told] == "started"
    shown = interoffice(gateway.folder.root, "inbox", "show", told[:8])
    assert "for the picture" in shown.stdout
    again = interoffice(gateway.folder.root, "inbox", "resend", told[:8])
    assert again.returncode == 0, again.stderr
    until(lambda: len(runs(gateway, "answer-message", told)) == 2, 20, "its second run")


def test_the_gateway_says_nothing_of_what_was_sent(gateway) -> None:
    canary = f"canary{uuid.uuid4().hex}"
    told = post(gateway, "report.requested", "canary", why=canary)
    answered(gateway, told.json()["id"])
    log = (gateway.folder.logs / "gateway.log").read_text("utf-8")
    assert told.json()["id"] in log
    assert canary not in log
    assert SECRET not in log
