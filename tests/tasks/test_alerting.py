"""One message about a run that failed or is late to each address; who takes none is named by place."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from config.settings import BadSettings, read_settings
from domain.outcomes.failures import Trouble
from tasks.alerting import Failure, NotTaken, notify_people
from tests.tasks.conftest import Desk, forget
from tests.tasks.receiving import Receiver, listening

FAILED = Failure("run-1", "run-cycle", Trouble.FAILED, "Refused: no office", "http://127.0.0.1:1/runs/run-1")
LATE = Failure("run-1", "run-cycle", Trouble.LATE, "It was due", "http://127.0.0.1:1/runs/run-1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as server:
        yield server


def alert(monkeypatch: pytest.MonkeyPatch, places: str, **variables: str) -> None:
    monkeypatch.setenv("INTEROFFICE_ALERTS", places)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    forget()


@pytest.fixture
def dead() -> Iterator[str]:
    """An address at which nobody answers, as its port is held by this test."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"json://user:topsecret@127.0.0.1:{held.getsockname()[1]}"


@pytest.mark.usefixtures("fresh")
def test_it_is_sent_once_for_a_run_and_what_happened_to_it(receiver, monkeypatch) -> None:
    alert(monkeypatch, "OUR_ADDRESS", OUR_ADDRESS=f"json://127.0.0.1:{receiver.server_port}")
    assert notify_people(FAILED).sentence == "run-cycle failed: a message was sent to 1 of 1 address."
    assert notify_people(FAILED).sent == 0
    assert notify_people(LATE).sent == 1
    assert [each["title"] for each in receiver.got] == [
        "Interoffice: run-cycle failed",
        "Interoffice: run-cycle is late",
    ]
    assert receiver.got[0]["message"] == "Refused: no office\n\nIts page: http://127.0.0.1:1/runs/run-1"


@pytest.mark.usefixtures("fresh")
def test_an_address_that_takes_nothing_is_named_by_its_place_and_tried_again_alone(
    receiver, dead, monkeypatch
) -> None:
    alert(monkeypatch, f"json://127.0.0.1:{receiver.server_port} {dead}")
    for _ in range(2):
        with pytest.raises(NotTaken) as refused:
            notify_people(FAILED)
        assert str(refused.value).startswith("address 2 of INTEROFFICE_ALERTS took no message")
        assert "topsecret" not in str(refused.value)
    assert len(receiver.got) == 1, "who took it does not get it again"


def test_without_a_setting_it_goes_to_the_heads_of_strategic_offices(fresh: Desk, receiver) -> None:
    path = fresh.folder / "people.yaml"
    head = f"  - id: {fresh.leader().roles['head'][0]}\n"
    text = path.read_text("utf-8")
    assert head in text
    at = f"json://127.0.0.1:{receiver.server_port}"
    path.write_text(text.replace(head, f'{head}    address: "{at}"\n'), "utf-8")
    forget()
    assert notify_people(FAILED).sent == 1


@pytest.mark.usefixtures("fresh")
def test_a_part_of_another_run_is_left_to_that_one(receiver, monkeypatch) -> None:
    alert(monkeypatch, f"json://127.0.0.1:{receiver.server_port}")
    inner = Failure("run-2", "sync-offices", Trouble.FAILED, "", "", inner=True)
    assert notify_people(inner).inner
    assert receiver.got == []


@pytest.mark.usefixtures("fresh")
def test_a_variable_that_is_not_set_is_named(monkeypatch) -> None:
    alert(monkeypatch, "OUR_ADDRESS")
    monkeypatch.delenv("OUR_ADDRESS", raising=False)
    with pytest.raises(LookupError, match="names the variable OUR_ADDRESS, which is not set: set it to"):
        notify_people(FAILED)


@pytest.mark.parametrize("text", ["pmo.example.com", "our_address", "json://a,b topsecret", "mailto:a"])
def test_what_is_no_address_is_refused_when_settings_are_read_and_not_printed(text: str) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings({"INTEROFFICE_ALERTS": text})
    (line,) = refused.value.lines
    assert line.startswith("INTEROFFICE_ALERTS cannot be used -> write addresses as Apprise writes them")
    assert text not in line
