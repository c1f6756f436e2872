"""`interoffice link`: only for known people, about what exists, and for a limited time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cli import main
from config.keyfile import link_key
from examples.harbor_group import player
from gateway.pages.links import Reader, read
from reports.entries import entry_of
from tests.gateway.conftest import store_in
from tests.reports import sample


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path))
    monkeypatch.setenv("INTEROFFICE_GATEWAY_URL", "https://pmo.example.com/")
    player.copy_sample(tmp_path / "organization")
    store = store_in(tmp_path)
    monkeypatch.setenv("INTEROFFICE_DATABASE_URL", store.url)
    indexed = replace(entry_of(sample.a_rollout_report(), b""), about="rollout-delivery-2-0")
    with store.begin() as unit:
        unit.reports.add(indexed)
        unit.commit()
    store.close()
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "rollout-by-hand-1-0-2027-03-29-0123456789ab.html").write_text("x")
    return tmp_path


def told(capsys, *arguments: str, code: int = 0):
    assert main.main(["link", *arguments]) == code
    return capsys.readouterr()


def somebody(state) -> str:
    from config.people import people_now

    return min(people_now(state / "organization"))


def test_a_link_is_printed_alone_and_reads_as_that_person_for_two_weeks(state, capsys) -> None:
    person, now = somebody(state), datetime.now(UTC)
    url = told(capsys, person).out
    assert url.startswith("https://pmo.example.com/to/1.")
    assert url.endswith("/\n")
    assert len(url.splitlines()) == 1
    token = url.split("/")[4]
    at = now + timedelta(days=14)
    assert read(link_key(state), token, at - timedelta(minutes=1), {person}) == Reader(person)
    with pytest.raises(Exception, match="ended"):
        read(link_key(state), token, at + timedelta(minutes=1), {person})


def test_a_subject_and_a_time_can_be_given(state, capsys) -> None:
    person = somebody(state)
    said = json.loads(told(capsys, person, "--about", "rollout-delivery-2-0", "--days", "92", "--json").out)
    token = said["url"].split("/")[4]
    reader = read(link_key(state), token, datetime.now(UTC) + timedelta(days=91), {person})
    assert reader == Reader(person, "rollout-delivery-2-0")
    assert (said["person"], said["about"]) == (person, "rollout-delivery-2-0")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nobody-of-ours",), 1, "is nobody in people.yaml -> give the id"),
        (
            ("PERSON", "--about", "rollout-delivery"),
            1,
            "no report is about 'rollout-delivery' -> there are rollout-delivery-2-0",
        ),
        (("PERSON", "--about", "../../etc"), 1, "no report is about"),
        (("PERSON", "--about", "rollout-by-hand-1-0"), 1, "-> there are rollout-delivery-2-0"),
        (("PERSON", "--days", "0"), 2, "give --days from 1 to 92"),
        (("PERSON", "--days", "93"), 2, "give --days from 1 to 92"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line_and_no_link_is_printed(
    state, capsys, arguments, code, said
) -> None:
    person = somebody(state)
    found = told(capsys, *(person if each == "PERSON" else each for each in arguments), code=code)
    assert said in found.err
    assert len(found.err.splitlines()) == 1
    assert found.out == ""


@pytest.mark.usefixtures("state")
def test_a_link_to_a_person_s_own_pages_is_stored_listed_and_revoked(capsys) -> None:
    said = json.loads(told(capsys, "--person", "luciana-prado", "--days", "3", "--json").out)
    assert said["url"].startswith("https://pmo.example.com/person/1.")
    listed = json.loads(told(capsys, "--list", "--json").out)
    assert [(each["id"], each["person"], each["state"]) for each in listed["links"]] == [
        (said["id"], "luciana-prado", "stands")
    ]
    assert told(capsys, "--revoke", said["id"]).out == f"{said['id']} opens nothing any more\n"
    assert "was revoked" in told(capsys, "--list").out


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--person", "nobody-of-ours"), 1, "is nobody in people.yaml"),
        (("--person", "luciana-prado", "--about", "x"), 2, "give --person ID alone"),
        (("--list", "--person", "luciana-prado"), 2, "give it alone"),
        (("--revoke", "x", "--person", "luciana-prado"), 2, "give --revoke ID and nothing else"),
    ],
)
def test_what_cannot_be_done_for_a_person_s_own_pages_is_said(capsys, arguments, code, said) -> None:
    found = told(capsys, *arguments, code=code)
    assert said in found.err
    assert found.out == ""
