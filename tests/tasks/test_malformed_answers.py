"""Whatever one tool answers, only its own office is concerned: a line says what was not understood, and where."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.plans.project import Plan
from store.plans import OfficeReading
from tasks.context import KEPT, connectors
from tasks.delivering import Delivery, deliver
from tasks.keeping import sole_writer
from tasks.reading import OfficeRead, read_office
from tests.config import good
from tests.connectors.project_file.test_damage import NEVER_FOR_JAVA
from tests.connectors.workbook import books
from tests.connectors.workbook.ornate import ornate
from tests.connectors.workbook.test_damage import damaged
from tests.contract import (
    azure_devops_bench,
    github_bench,
    jira_cloud_bench,
    jira_dc_bench,
    openproject_bench,
    project_files,
)
from tests.standins.azure_devops import ORGANIZATION
from tests.standins.canned import PROJECT, CannedRedmine, CannedTrac
from tests.standins.described import specs
from tests.standins.malformed import MALFORMED, Spoil
from tests.standins.world import Answer, Asked, StandIn, served
from tests.tasks.conftest import at_desk, leave

pytestmark = specs(
    "azure-devops-wit-7.1.json", "azure-devops-core-7.1.json", "github.json", "jira-cloud-v3.json",
    "jira-dc-10.3.json", "openproject-v3.json",
)  # fmt: skip
NOTHING = "the parts of a thing are null"
"""What is null is not there, which is no malformed answer where a thing can be without it."""
CALM = books.OFFICE
KEY = {"items": {"columns": {"key": "Interoffice key", "role": "Role"}}}
KINDS: dict[str, tuple[Any, str, dict[str, Any], str, dict[str, str]]] = {
    "azure-devops": (azure_devops_bench.furnished, ORGANIZATION, azure_devops_bench.SETTINGS, "pat-interoffice", {}),
    "github": (github_bench.furnished, "", github_bench.SETTINGS, "ghp-interoffice", {}),
    "jira-cloud": (
        jira_cloud_bench.furnished, "", jira_cloud_bench.SETTINGS, "token-interoffice",
        {"user": "interoffice@example.com"},
    ),
    "jira-dc": (jira_dc_bench.furnished, "", jira_dc_bench.SETTINGS, "pat-interoffice", {}),
    "openproject": (openproject_bench.furnished, "", openproject_bench.SETTINGS, "opapi-interoffice", {}),
    "redmine": (CannedRedmine, "", {"projects": {"within": [PROJECT]}, **KEY}, "a-key", {}),
    "trac": (CannedTrac, "", {"items": {"columns": {"due": "due", "role": "role"}}}, "a-password", {"user": "us"}),
}  # fmt: skip
"""By a connector's kind: its stand-in, the path of the tool there, the settings, our credential, and more of the tool."""


@dataclass
class Network:
    """An organization with an office for every kind of tracker, and one with a workbook that is well."""

    folder: Path
    standins: dict[str, StandIn]
    spoil: Spoil | None = None
    spoiled: dict[str, int] = field(default_factory=dict)
    """How many answers of each tool were malformed."""
    whole: bytes = b""
    """A workbook that is well."""
    well: dict[str, tuple[Plan, ...]] = field(default_factory=dict)
    """What is read of each office while its tool is well."""

    def listen(self) -> None:
        """Let every tool's answers be spoiled, while there is a way to spoil them."""
        for kind, standin in self.standins.items():
            standin.description = None
            standin.handle = self._handling(kind, standin.handle)  # type: ignore[method-assign]

    def _handling(self, kind: str, real: Any) -> Any:
        def handle(asked: Asked) -> Answer:
            answer = real(asked)
            bad = self.spoil(answer) if self.spoil else answer
            self.spoiled[kind] += bad is not answer
            return bad

        return handle

    def read(self, spoil: Spoil | None) -> dict[str, OfficeRead]:
        """All offices, each from the beginning."""
        self.spoil, self.spoiled = spoil, dict.fromkeys(self.standins, 0)
        KEPT.connectors = {}
        store = KEPT.application.store
        for kind in self.standins:
            with store.begin() as unit:
                name = f"{kind}/{kind}"
                unit.mirrors.keep(name, (), "", [thing.ref for thing in unit.mirrors.things(name)])
                unit.plans.put(kind, (), KEPT.application.clock.now())
                unit.commit()
        return {office: read_office(office) for office in (*self.standins, CALM)}

    def plans(self, office: str) -> tuple[Plan, ...]:
        with KEPT.application.store.read() as unit:
            return tuple(each.plan for each in unit.plans.current() if each.plan.project.office == office)

    def reading(self, office: str) -> OfficeReading:
        with KEPT.application.store.read() as unit:
            found = unit.readings.of(office)
        assert found is not None
        return found


def organization(folder: Path, addresses: dict[str, str]) -> None:
    """The small organization, with an office and a tool for every kind of tracker."""
    good.write(folder)
    for name in ("rollouts", "tailorings"):
        for path in (folder / name).iterdir():
            path.unlink()
    offices: Any = yaml.safe_load((folder / "offices.yaml").read_text("utf-8"))
    sample = next(each for each in offices["offices"] if each["id"] == "jeddah")
    offices["offices"] += [{**sample, "id": kind, "name": kind} for kind in addresses]
    (folder / "offices.yaml").write_text(json.dumps(offices, default=str), "utf-8")
    tools = [{"id": "calm", "kind": "workbook", "settings": {"file": "workbooks/calm.xlsx"}}]
    parts = [{"office": CALM, "tool": "calm", "access": "write", "settings": books.SETTINGS}]
    for kind, address in addresses.items():
        _, path, settings, _, more = KINDS[kind]
        tool = {"url": f"{address}{path}", "allow": ["127.0.0.1"], **more}
        tools.append({"id": kind, "kind": kind, "credentials": variable(kind), "settings": tool})
        parts.append({"office": kind, "tool": kind, "access": "observe", "settings": settings})
    (folder / "tools.yaml").write_text(json.dumps({"tools": tools, "partitions": parts}), "utf-8")
    (folder / "workbooks").mkdir()
    books.plain(folder / "workbooks" / "calm.xlsx")


def filed(folder: Path) -> None:
    """Two offices more, which plan in files."""
    tools = [
        {"id": "book", "kind": "workbook", "settings": {"file": "workbooks/book.xlsx"}},
        {"id": "plan", "kind": "project-file", "settings": {"file": "workbooks/plan.xml"}},
    ]
    settings = {"book": books.SETTINGS, "plan": project_files.SETTINGS}
    told: Any = json.loads((folder / "tools.yaml").read_text("utf-8"))
    told["tools"] += tools
    told["partitions"] += [{"office": each, "tool": each, "settings": settings[each]} for each in settings]
    (folder / "tools.yaml").write_text(json.dumps(told), "utf-8")
    offices: Any = json.loads((folder / "offices.yaml").read_text("utf-8"))
    offices["offices"] += [{**offices["offices"][-1], "id": each, "name": each} for each in settings]
    (folder / "offices.yaml").write_text(json.dumps(offices), "utf-8")


def variable(kind: str) -> str:
    return f"{kind.upper().replace('-', '_')}_CREDENTIAL"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Made once: nothing is read by changes, so that each reading is one of its own."""
    place = tmp_path_factory.mktemp("malformed")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as monkeypatch:
        standins = {kind: furnished() for kind, (furnished, *_) in KINDS.items()}
        addresses = {kind: stack.enter_context(served(standin)) for kind, standin in standins.items()}
        for kind, (_, _, _, secret, _) in KINDS.items():
            monkeypatch.setenv(variable(kind), secret)
        organization(place / "organization", addresses)
        filed(place / "organization")
        at_desk(place, monkeypatch)
        made = Network(place, standins)
        made.listen()
        for office, told in made.read(None).items():
            assert (told.problem, told.unreadable) == ("", 0), office
            assert told.items >= 3, office
            made.well[office] = made.plans(office)
        yield made
        leave()


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_answer_concerns_its_own_office_and_is_a_line(
    network: Network, name: str, caplog
) -> None:
    read = network.read(MALFORMED[name])
    assert sum(network.spoiled.values()), "no tool gives an answer that can be spoiled so"
    for kind in network.standins:
        told, kept = read[kind], network.reading(kind)
        lines = [told.problem] if told.problem else [f"{line.ref} {line.problem}" for line in kept.unreadable]
        if not lines and name != NOTHING:
            assert not network.spoiled[kind] or network.plans(kind) == network.well[kind], (
                f"{kind}: what it read is another thing, and no line says why"
            )
        assert told.office == kind
        assert all(line.strip() and "\n" not in line for line in lines)
        assert "not understood (" not in told.problem, f"{kind}: {told.problem}\n{caplog.text}"
    assert (read[CALM].problem, network.plans(CALM)) == ("", network.well[CALM])
    written(name)


@pytest.mark.parametrize("number", range(20))
def test_a_malformed_file_concerns_its_own_office_and_is_a_line(
    network: Network, number: int, caplog
) -> None:
    place = network.folder / "organization" / "workbooks"
    if not network.whole:
        network.whole = ornate(place / "book.xlsx", table=True).read_bytes()
    (place / "book.xlsx").write_bytes(damaged(network.whole, random.Random(number)))
    name, plan = list(NEVER_FOR_JAVA.items())[number]
    (place / "plan.xml").write_bytes(plan)
    KEPT.connectors = {}
    for office, file in (("book", "book.xlsx"), ("plan", "plan.xml")):
        told = read_office(office)
        assert "not understood (" not in told.problem, f"{told.problem}\n{caplog.text}"
        assert not told.problem or file in told.problem
        assert told.office == office
    assert "plan.xml" in network.reading("plan").problem, f"{name} is no plan, and nothing says so"
    assert (read_office(CALM).problem, network.plans(CALM)) == ("", network.well[CALM])
    written(f"file {number}")


def written(name: str) -> None:
    """Something is put into the workbook of the office whose tool is well."""
    application = KEPT.application
    (tool,) = connectors(CALM).values()
    with sole_writer(application.store, application.machine, CALM) as writer:
        delivery = Delivery(tool, application.store, application.clock, application.machine)
        done = deliver(delivery, [books.item(f"k/{name}")], writer)
    assert (done.create, done.problem, done.held) == (1, "", 0)
