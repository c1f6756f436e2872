"""Errors say what to do next, and never a secret."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import OutcomeUnknown, Refused, Skip, ToolError, TryLater, redacted

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
SECRET = "s3cr3t-VALUE.123"


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://user:{SECRET}@tool.example/x failed",
        f"GET https://tool.example/x?api_key={SECRET}&page=2 failed",
        f"GET https://tool.example/x?page=2&access_token={SECRET} failed",
        f"GET https://tool.example/x?X-Amz-Signature={SECRET}",
        f"sent Authorization: Bearer {SECRET}",
        f"sent Authorization: Basic {SECRET}==",
        f"header X-Api-Key: {SECRET}",
        f"{{'password': '{SECRET}'}}",
        f"postgresql://role:{SECRET}@localhost/db",
    ],
)
def test_the_text_is_redacted_when_the_error_is_built(text):
    for kind in (Refused, TryLater, OutcomeUnknown, Skip):
        error = kind(text)
        assert SECRET not in f"{error} {error.args} {error!r} {error.text}"
        assert "***" in str(error)


@pytest.mark.parametrize(
    "text", ["Vorgänge!G7: it is open in Excel", "https://tool.example/x?page=2", "a key stands twice: k/1"]
)
def test_what_is_no_secret_stays(text):
    assert redacted(text) == text


def test_later_is_never_before_now():
    assert TryLater("x", at=NOW + timedelta(hours=1)).due(NOW) == NOW + timedelta(hours=1)
    assert TryLater("x", at=NOW - timedelta(hours=1)).due(NOW) == NOW
    assert TryLater("x", after=timedelta(minutes=5)).due(NOW) == NOW + timedelta(minutes=5)
    assert TryLater("x").due(NOW) == NOW


def test_every_error_has_one_root():
    assert {each.__name__ for each in ToolError.__subclasses__()} == {
        "Refused",
        "TryLater",
        "OutcomeUnknown",
        "Skip",
    }
