"""Every tool is asked by `check --connect`, each on its own: what cannot be used is told with what to do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.tried import Around, Tried, tried
from config.wiring import secret_of
from connectors.protocol import Health
from domain.organization.office import Access, Organization, Partition, Tool
from tests.cli.test_check import run
from tests.config.good import write
from tests.config.test_organization import spoil
from tests.connectors.workbook import books
from tests.contract.openproject_bench import SETTINGS, furnished
from tests.standins.described import specs
from tests.standins.world import served

SECRET = "INTEROFFICE_TEST_OPENPROJECT"
ASKED = specs("openproject-v3.json")


@pytest.fixture
def url(monkeypatch) -> Iterator[str]:
    monkeypatch.setenv(SECRET, "opapi-interoffice")
    with served(furnished()) as url:
        yield url


def server(url: str, name: str = SECRET) -> dict[str, Any]:
    return {"kind": "openproject", "credentials": name, "settings": {"url": url, "allow": ["127.0.0.1"]}}


def book(file: str) -> dict[str, Any]:
    return {"kind": "workbook", "settings": {"file": file}}


def organization(
    tools: Mapping[str, Mapping[str, Any]], parts: Mapping[str, Mapping[str, Any]]
) -> Organization:
    """An office by the name of each tool, which grants that all is written."""
    made = {name: Tool(name, **tool) for name, tool in tools.items()}
    partitions = tuple(Partition(name, name, Access.WRITE, parts[name]) for name in tools)
    return Organization("quay", "Quay", {}, tools=made, partitions=partitions)


def all_of(
    folder: Path, tools: Mapping[str, Mapping[str, Any]], **changed: Mapping[str, Any]
) -> Mapping[str, Tried]:
    parts = {n: SETTINGS if t["kind"] == "openproject" else books.SETTINGS for n, t in tools.items()}
    around = Around(folder, secret_of, lambda: datetime.now(UTC))
    return {
        each.office: each for each in tried(organization(tools, {**parts, **changed}), around, servers=True)
    }


@ASKED
def test_a_tool_that_has_all_that_the_settings_name_is_good(tmp_path, url) -> None:
    books.plain(tmp_path / "graz.xlsx")
    found = all_of(tmp_path, {"porto": server(url), "graz": book("graz.xlsx")})
    health = {name: replace(each.health, notes=()) for name, each in found.items()}
    assert health == dict.fromkeys(("porto", "graz"), Health(readable=True, writable=True))
    assert all(each.usable for each in found.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: server(url, "NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE"),
        (lambda url: {**server(url), "credentials": ""}, "write the NAME of a variable in tools.yaml"),
        (lambda url: server(url.replace("127.0.0.1", "127.0.0.2")), "127.0.0.2"),
    ],
    ids=["a variable that is not set", "no credentials", "an address that is not allowed"],
)
def test_a_tool_that_cannot_be_asked_is_told_with_the_cause(
    tmp_path, url, change: Callable[[str], dict[str, Any]], said: str
) -> None:
    books.plain(tmp_path / "graz.xlsx")
    found = all_of(tmp_path, {"porto": change(url), "graz": book("graz.xlsx")})
    assert not found["porto"].health.readable
    assert not found["porto"].usable
    (remark,) = found["porto"].health.remarks
    assert said in remark
    assert found["graz"].usable


@ASKED
def test_what_the_settings_name_and_the_tool_lacks_is_told(tmp_path, url) -> None:
    settings = {**SETTINGS, "questions": {"put_as": "Anfrage"}}
    found = all_of(tmp_path, {"porto": server(url)}, porto=settings)["porto"]
    assert (found.health.readable, found.health.writable, found.usable) == (True, False, False)
    assert any("Anfrage" in each for each in found.health.remarks)


@ASKED
def test_a_tool_that_does_not_answer_keeps_only_itself_waiting(tmp_path, url) -> None:
    """It is let go once the others are told; they would else wait for ever."""
    books.plain(tmp_path / "graz.xlsx")
    with silent() as (away, end):
        tools = {"oslo": server(away), "porto": server(url), "graz": book("graz.xlsx")}
        parts = {"oslo": SETTINGS, "porto": SETTINGS, "graz": books.SETTINGS}
        around = Around(tmp_path, secret_of, lambda: datetime.now(UTC))
        found = tried(organization(tools, parts), around, servers=True)
        first = [next(found), next(found)]
        assert {each.office for each in first} == {"porto", "graz"}
        end.set()
        (last,) = found
    assert (last.office, last.health.readable) == ("oslo", False)


class silent:  # noqa: N801 - read as a word of the test
    """A server that takes a call and gives no answer, until it is told to end; then it hangs up."""

    def __enter__(self) -> tuple[str, threading.Event]:
        self.end, self.listening = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}", self.end

    def listen(self) -> None:
        taken = self.listening.accept()[0]
        self.end.wait(60)
        self.listening.close()
        taken.close()

    def __exit__(self, *error: object) -> None:
        self.end.set()
        self.thread.join()


@ASKED
def test_an_organization_is_asked_by_the_command(tmp_path, url, capsys) -> None:
    write(tmp_path)
    (tmp_path / "workbooks").mkdir()
    for name in ("porto", "jeddah"):
        books.plain(tmp_path / "workbooks" / f"{name}.xlsx")
    spoil(
        tmp_path,
        "tools.yaml",
        "  - id: jeddah-book\n    kind: workbook\n    settings: {file: workbooks/jeddah.xlsx}\n",
        f"  - id: jeddah-book\n    kind: openproject\n    credentials: {SECRET}\n"
        f"    settings: {{url: '{url}', allow: [127.0.0.1]}}\n",
    )
    spoil(
        tmp_path,
        "tools.yaml",
        "projects: {sheet: Projects, columns: {id: Id, title: Title}}",
        "\n      ".join(f"{name}: {json.dumps(value)}" for name, value in SETTINGS.items()),
    )
    assert run(tmp_path, "--connect") == 1, "porto's sheets have other names"
    told = capsys.readouterr().out.splitlines()
    assert "jeddah (jeddah-book): read" in told
    assert any(line.startswith("porto (porto-book): not read") for line in told)
    assert run(tmp_path, "--files", "--json") == 1
    assert [each["office"] for each in json.loads(capsys.readouterr().out)["tools"]] == ["porto"], "no server"
