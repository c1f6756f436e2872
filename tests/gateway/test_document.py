"""docs/events.md says what is so: its program receives, its kinds, statuses, times and example are ours."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from config.documents import read
from config.problems import Problems
from config.webhooks import read_receivers
from domain.ledger.chain import GENESIS, Event, chain
from domain.messages.outbox import EVENTS, HOLD, ITS_OWN, PAUSES, happening
from gateway.outbound.sending import DEADLINE
from gateway.signing import keys_in, signed
from tests.gateway.listening import SECRET

TEXT = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")
AT = datetime(2027, 2, 15, 8, tzinfo=UTC)


def indented(start: str) -> str:
    """The example that begins so."""
    found = re.search(rf"(?m)^    {start}.*\n(?:(?:    .*)?\n)*", TEXT)
    assert found is not None
    return re.sub(r"(?m)^    ", "", found[0])


def test_the_program_takes_an_event_of_ours_once_and_no_forged_one() -> None:
    program = re.search(r"(?s)```python\n(.*?)```", TEXT)
    assert program is not None
    names: dict = {}
    exec(program[1], names)  # noqa: S102 - the document's own example
    detail = {"was": "questioned", "now": "unanswered", "escalated": 1}
    told = happening(chain(Event("adoption", "r: o/p", "system", AT, detail), 1, GENESIS), "harbor-group")
    headers = dict(signed(told, keys_in(SECRET), datetime.now(UTC)))
    assert names["receive"](SECRET, headers, told.body)["type"] == "project.late"
    assert names["receive"](SECRET, headers, told.body) is None
    with pytest.raises(WebhookVerificationError):
        names["receive"](SECRET, headers, told.body.replace(b"o/p", b"o/q"))


def test_the_example_is_an_event_as_it_is_sent() -> None:
    said = json.loads(indented(r"\{"))
    data = said["data"]
    event = Event(
        "adoption", f"{data['rollout']}: {data['project']}", "system", AT,
        {"was": data["was"], "now": data["now"], "escalated": data["levels_told"]}, "", data["version"],
    )  # fmt: skip
    told = happening(chain(event, data["ledger"], GENESIS), "harbor-group")
    assert json.loads(told.body) == said


def test_every_kind_is_explained() -> None:
    assert tuple(re.findall(r"(?m)^\| `([a-z._]+)` \|", TEXT)) == EVENTS


def test_the_receiver_is_one_that_can_be_read(tmp_path) -> None:
    (tmp_path / "webhooks.yaml").write_text(indented("receivers:"))
    problems = Problems()
    found = read_receivers(read(tmp_path, "webhooks.yaml", problems), problems)
    assert not problems.errors
    assert found["data-platform"].events == {"project.late", "project.escalated", "rollout.halted"}


def test_times_and_statuses_are_as_they_are_said() -> None:
    flat = " ".join(TEXT.split())
    pauses = [int(each.total_seconds()) for each in PAUSES]
    assert pauses == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert "5 seconds, 5 minutes, 30 minutes, 2 and 5 hours." in flat
    assert "after 10, 14, 20 and 24 hours" in flat
    assert HOLD == 5
    assert f"within {DEADLINE:.0f} seconds" in flat
    statuses = re.search(r"((?:`\d{3}`(?:, | and )?)+) refuse one event only", flat)
    assert {int(each) for each in re.findall(r"\d{3}", statuses[1])} == ITS_OWN
