"""An edit in the real Redmine and a hint of it: in our store after one reading, however many hints come."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from scripts.servers import fill, many
from store import Store
from tests import live
from tests.servers.conftest import TLS, Up
from tests.servers.test_gateway import runs, until
from tests.servers.test_serving import api

pytestmark = pytest.mark.servers
redmine, new_project = live.redmine, live.new_project
SECRET = "a secret for the tests of hints"
EDITS = 1000
OFFICES = """\
offices:
  - {id: hq, name: Portfolio office, kind: strategic, mandate: directive, country: DE,
     time_zone: Europe/Berlin, currency: EUR}
  - {id: porto, name: Porto, kind: project, mandate: controlling, parent: hq, country: PT,
     time_zone: Europe/Lisbon, currency: EUR}
"""


@pytest.fixture
def project(new_project) -> str:
    return new_project("Quay", {"stage": "Execution"})


@pytest.fixture
def serving(redmine, project, ups, tmp_path) -> Iterator[Up]:
    """An organization of which one office plans in the Redmine; its tool's hints may come in."""
    number = fill.ask_redmine(redmine, "GET", f"/projects/{project}.json")["project"]["id"]
    many.redmine_issues(redmine, number, EDITS)
    organization = tmp_path / "mine"
    organization.mkdir()
    (organization / "organization.yaml").write_text("id: quay-group\nname: Quay Group\n")
    (organization / "offices.yaml").write_text(OFFICES)
    (organization / "tools.yaml").write_text(
        "tools:\n"
        f"  - {{id: tracker, kind: redmine, credentials: TRACKER_KEY,"
        f" settings: {{url: '{redmine['url']}', allow: [127.0.0.1]}}}}\n"
        "partitions:\n"
        f"  - {{office: porto, tool: tracker, settings: {{projects: {{within: [{project}]}},"
        " items: {columns: {key: Interoffice key, role: Role, standing: Standing}}}}\n"
    )
    (organization / "webhooks.yaml").write_text(
        "sources:\n  - {id: porto-tracker, tool: tracker, secrets: [TRACKER_HOOK]}\n"
    )
    up = ups(
        tmp_path / "state",
        "--organization",
        str(organization),
        TRACKER_KEY=redmine["users"]["interoffice"]["key"],
        TRACKER_HOOK=SECRET,
        INTEROFFICE_GATEWAY_PORT="8441",
    )
    up.until_said("serving until Ctrl-C")
    yield up
    up.stop()


def hint(up: Up, issue: int, edit: int) -> int:
    """What Redmine 7 sends of an issue that was changed, in its form and under its scheme; the status."""
    said = {
        "type": "issue.updated",
        "timestamp": "2027-01-04T07:00:00Z",
        "data": {"issue": {"id": issue, "edit": edit}},
    }
    body = json.dumps(said).encode()
    proof = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    headers = {"x-redmine-signature-256": f"sha256={proof}", "content-type": "application/json"}
    url = f"{up.folder.notes()['gateway']}/hooks/porto-tracker"
    return httpx.post(url, content=body, headers=headers, trust_env=False, timeout=20, verify=TLS).status_code


def titles(up: Up) -> set[str]:
    """The titles of the office's items, as our store has them."""
    store = Store(f"sqlite:///{Path(up.folder.root) / 'interoffice.db'}")
    with store.read() as unit:
        return {item.title for stored in unit.plans.current() for item in stored.plan.items}


def syncs(up: Up) -> list[dict]:
    return [each for each in runs(up, "sync-offices") if each["parameters"].get("office") == "porto"]


def settled(up: Up) -> bool:
    """Whether every reading has ended, and none came after them for a while."""
    before = [each["id"] for each in syncs(up)]
    time.sleep(15)
    after = syncs(up)
    return before == [each["id"] for each in after] and all(each["end_time"] for each in after)


def numbers(entry, project: str) -> list[int]:
    with contextlib.closing(sqlite3.connect(entry["database"], timeout=60)) as database:
        asked = "select i.id from issues i join projects p on p.id = i.project_id where p.identifier = ? order by i.id"
        return [row[0] for row in database.execute(asked, (project,))]


def test_hints_of_a_thousand_edits_are_three_readings_and_without_any_the_schedule_finds_an_edit(
    serving, redmine, project
) -> None:
    issues = numbers(redmine, project)
    edited = f"edited {hashlib.sha256(project.encode()).hexdigest()[:8]}"

    def edit(issue: int, title: str) -> None:
        fill.ask_redmine(redmine, "PUT", f"/issues/{issue}.json", {"issue": {"subject": title}}, "planner")

    edit(issues[0], f"{edited} with a hint")
    assert hint(serving, issues[0], 0) == 202
    until(lambda: f"{edited} with a hint" in titles(serving), 60, "the reading for a hint")
    assert len(syncs(serving)) == 1

    with contextlib.closing(sqlite3.connect(redmine["database"], timeout=60)) as database, database:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        database.executemany(
            "update issues set subject = ?, updated_on = ? where id = ?",
            [(f"{edited} {n}", at, issue) for n, issue in enumerate(issues)],
        )
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: hint(serving, issues[n], n + 1), range(EDITS)))
    assert set(answers) == {202}
    wanted = {f"{edited} {n}" for n in range(EDITS)}
    until(lambda: wanted <= titles(serving), 120, "the reading of a thousand edits")
    until(lambda: settled(serving), 120, "the end of the last reading")
    assert 2 <= len(syncs(serving)) <= 1 + 3

    before = len(runs(serving, "sync-offices"))
    edit(issues[1], f"{edited} without a hint")
    time.sleep(3)
    assert len(runs(serving, "sync-offices")) == before
    found = api(serving, "/deployments/name/sync-offices/sync-offices").json()
    soon = {"interval": 5, "timezone": "UTC"}
    schedule = {
        "schedule": soon,
        "active": True,
        "slug": "sync-soon",
        "parameters": {"office": "all", "why": "test"},
    }
    assert api(serving, f"/deployments/{found['id']}/schedules", [schedule]).status_code == 201
    assert api(serving, f"/deployments/{found['id']}/resume_deployment", {}).status_code < 300
    until(lambda: f"{edited} without a hint" in titles(serving), 90, "the next reading by the schedule")
