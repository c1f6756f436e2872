"""How each connector identifies itself to its server, and how often the vendor permits calls."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.http.calls import UNLIMITED, Limits
from connectors.protocol import Surroundings
from connectors.registry import KINDS
from connectors.tickets.served import Served
from domain.organization.office import Access
from tests.connectors.http.loopback import Tool
from tests.contract.remembered import Remembered

SERVED = sorted(name for name, kind in KINDS.items() if issubclass(kind.connector, Served))
LIMITS = {
    "github": Limits(per_hour=5000, writes_per_minute=80, writes_per_hour=500),
    "jira-cloud": Limits(per_second=50),
}

KEYS = {name: {"items": {"columns": {"key": "Key"}}} for name in ("redmine", "trac", "openproject")}


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


SIGNED = {
    ("azure-devops", ""): basic(":s3cret"),
    ("azure-devops", "ana"): basic("ana:s3cret"),
    ("github", ""): {"Authorization": "Bearer s3cret"},
    ("github", "our-app[bot]"): {"Authorization": "Bearer s3cret"},
    ("jira-cloud", "ana@example.com"): basic("ana@example.com:s3cret"),
    ("jira-dc", ""): {"Authorization": "Bearer s3cret"},
    ("jira-dc", "ana"): basic("ana:s3cret"),
    ("openproject", ""): basic("apikey:s3cret"),
    ("redmine", ""): {"X-Redmine-API-Key": "s3cret"},
    ("trac", "ana"): basic("ana:s3cret"),
}


def made(kind: str, user: str = "ana", url: str = "http://127.0.0.1"):
    """A connector of this kind, with the least that its settings ask for."""
    entry = KINDS[kind]
    around = Surroundings(Path(), lambda: "s3cret", lambda: datetime(2027, 1, 4, tzinfo=UTC), Remembered())
    tool = entry.tool.model_validate({"url": url, "user": user, "allow": ["127.0.0.1"]})
    part = {"projects": {"within": ["pmo/P-1"]}, **KEYS.get(kind, {})}
    settings = entry.settings.model_validate(part)
    return entry.connector.connect(around, "porto", Access.OBSERVE, "1", tool, settings)


@pytest.mark.parametrize("kind", SERVED)
def test_a_tool_is_not_called_more_often_than_its_vendor_permits(kind):
    assert made(kind).http.limits == LIMITS.get(kind, UNLIMITED)


@pytest.mark.parametrize(("kind", "user"), SIGNED)
def test_every_call_says_who_we_are_in_the_tool_s_own_way(kind, user):
    with Tool() as tool:
        connector = made(kind, user, tool.url)
        connector.http.get("/anything")
        connector.http.close()
        (sent,) = tool.requests
    for name, value in SIGNED[kind, user].items():
        assert f"{name}: {value}".encode() in sent.split(b"\r\n")


def test_every_tool_on_a_server_is_tried():
    assert {kind for kind, _ in SIGNED} == set(SERVED)
