"""What the forms offer while `up` serves follows the files and the record; unusable files change nothing."""

from __future__ import annotations

import asyncio

from prefect.client.orchestration import PrefectClient

from runtime.forms import Forms
from runtime.manifest import read_manifest
from runtime.offered import choices_of, ids_of
from tests.tasks.conftest import Desk


def forms(desk: Desk, said: list[str]) -> Forms:
    """Of a server that nobody may ask: nothing listens there."""
    return Forms(PrefectClient("http://127.0.0.1:9/api"), read_manifest(), desk.application, said.append)


def test_a_new_person_and_a_new_simulation_are_offered_at_the_next_look(begun: Desk) -> None:
    one = forms(begun, [])
    before = one._look()
    people = begun.folder / "people.yaml"
    people.write_text(people.read_text("utf-8") + "  - id: ana-reis\n    name: Ana Reis\n", "utf-8")
    offices = begun.folder / "offices.yaml"
    first = f"approver: [{begun.approver()}, "
    text = offices.read_text("utf-8")
    assert first in text
    offices.write_text(text.replace(first, f"{first}ana-reis, "), "utf-8")
    after = one._look()
    added = set(after.persons["roll-out-standard"]) - set(before.persons["roll-out-standard"])
    assert added == {ids_of(one.application)["ana-reis"]}
    assert after.rollouts == before.rollouts == ("delivery-method-2",)


def test_files_that_cannot_be_used_leave_the_choices_and_are_said_once(begun: Desk) -> None:
    said: list[str] = []
    one = forms(begun, said)
    before = one._look()
    (begun.folder / "people.yaml").write_text("people: 3\n", "utf-8")
    assert [one._look(), one._look()] == [before, before]
    (line,) = said
    assert "the forms stay as they are: the organization's files have" in line
    assert "-> `interoffice check " in line


def test_where_nothing_changed_no_server_is_asked(begun: Desk) -> None:
    one = forms(begun, [])
    one.shown = choices_of(begun.application)
    assert asyncio.run(one.renew()) == []
