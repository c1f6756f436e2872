"""`up` while it serves: found by others, steered by commands and schedules, and gone within five seconds."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from datetime import timedelta

import httpx
import pytest

from tests.servers.conftest import Up, client, end_state, interoffice, status_of, workbooks_of

pytestmark = pytest.mark.servers


APPROVER = "marijke-van-dijk"


def runs(up: Up) -> list[dict]:
    return api(up, "/flow_runs/filter", {"flows": {"name": {"any_": ["roll-out-standard"]}}}).json()


def digest(up: Up) -> str:
    with sqlite3.connect(f"file:{up.folder.database}?mode=ro", uri=True) as record:
        return record.execute("select digest from simulations order by at desc").fetchone()[0]


@pytest.fixture
def serving(gateway) -> Up:
    """The same that the tests of its gateway used before."""
    return gateway


def api(up: Up, path: str, body: object = None, **headers: str) -> httpx.Response:
    """A call as a program of the operator's makes it, with the token that keeps web pages out."""
    with client(up) as asking:
        given = asking.get("/csrf-token", params={"client": "test"}).json()["token"]
        proof = {"Prefect-Csrf-Token": given, "Prefect-Csrf-Client": "test"}
        if body is None:
            return asking.get(path, headers={**proof, **headers})
        return asking.post(path, json=body, headers={**proof, **headers})


def test_the_ui_and_the_reports_answer(serving) -> None:
    notes = serving.folder.notes()
    for url in (notes["ui"], notes["gateway"]):
        assert httpx.get(str(url), trust_env=False, timeout=10).status_code == 200


def test_a_week_that_is_played_again_at_the_same_date_writes_nothing(serving, begun) -> None:
    assert "create 0, update 0, same " in serving.said
    # the first one set the forms up before there was a simulation, a rollout to steer, a template and its plans
    assert "15 updated, 31 the same" in serving.said
    assert end_state(serving.folder.root) == end_state(begun)


def test_a_web_page_of_somebody_else_can_start_nothing(serving) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    with client(serving) as asking:
        asked = {**foreign, "Access-Control-Request-Method": "POST"}
        assert "access-control-allow-origin" not in asking.options("/flow_runs/", headers=asked).headers
        assert asking.get("/health", headers=foreign).status_code == 403
        assert asking.post("/flow_runs/filter", json={}, headers=foreign).status_code == 403
        own = str(serving.folder.notes()["ui"])
        assert asking.get("/health", headers={"Origin": own}).status_code == 200


def test_a_second_up_says_where_the_first_one_is(serving, ups) -> None:
    second = ups(serving.folder.root, "--weeks", "1")
    assert second.end() == 1
    assert str(serving.folder.notes()["ui"]) in second.said
    assert f"pid {serving.folder.notes()['pid']}" in second.said


def test_a_form_offers_the_offices_and_the_versions(serving) -> None:
    found = api(serving, "/deployments/name/sync-offices/sync-offices").json()
    offices = found["parameter_openapi_schema"]["properties"]["office"]["enum"]
    assert offices[0] == "all"
    assert {"hamburg", "singapore"} <= set(offices)
    found = api(serving, "/deployments/name/publish-standard/publish-standard").json()
    versions = found["parameter_openapi_schema"]["properties"]["version"]["enum"]
    assert versions == ["delivery-method/1.0", "delivery-method/2.0", "site-works/1.0"]
    refused = api(
        serving, f"/deployments/{found['id']}/create_flow_run", {"parameters": {"version": "9", "why": "x"}}
    )
    assert refused.status_code == 409


@pytest.mark.parametrize("where", [[], ["--local"]], ids=["by the worker", "in this process"])
def test_a_flow_is_started_from_the_command_and_says_its_sentence(serving, where) -> None:
    before = workbooks_of(serving.folder.root)
    done = interoffice(
        serving.folder.root, "run", "sync-offices", "office=hamburg", "why=a test", "--json", *where
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["state"] == "Completed"
    assert told["message"].startswith("1 of 1 office read")
    outcome = told["outcome"]
    assert (outcome["kind"], outcome["read"], outcome["not_read"]) == ("offices_read", ["hamburg"], [])
    assert workbooks_of(serving.folder.root) == before
    assert status_of(serving.folder.root)["last_run"] == {"create": 0, "update": 0, "same": 0}


def test_a_dry_run_tells_what_each_tool_would_be_asked_for_and_writes_nothing(serving) -> None:
    before = workbooks_of(serving.folder.root)
    done = interoffice(serving.folder.root, "run", "advance-rollouts", "why=a test", "dry_run=true", "--json")
    assert done.returncode == 0, done.stderr
    told, outcome = json.loads(done.stdout)["message"], json.loads(done.stdout)["outcome"]
    assert told.startswith("DRY RUN, nothing was written: ")
    told, mark, after = told.removeprefix("DRY RUN, nothing was written: ").partition(" DRY RUN: ")
    assert (mark, after) == (" DRY RUN: ", "`dry_run` off carries it out.")
    assert told.endswith((" calls.", " call."))
    assert workbooks_of(serving.folder.root) == before
    asked = {"artifacts": {"key": {"any_": ["deliveries-foreseen"]}}, "sort": "CREATED_DESC", "limit": 1}
    (artifact,) = api(serving, "/artifacts/filter", asked).json()
    rows = json.loads(artifact["data"])
    assert len(rows) > 1
    assert {
        "Office", "To create", "To update", "Calls to the tool", "Minutes at least", "Fields kept, approximated, lost",
    } <= set(rows[0])  # fmt: skip
    assert (
        artifact["description"]
        == f"Writes to the offices' tools, foreseen. {json.loads(done.stdout)['message']}"
    )
    assert (
        sum(row["Calls to the tool"] for row in rows)
        == outcome["calls"]
        == int(told.rsplit(" in ", 1)[1].split()[0])
    )


def test_a_run_that_is_refused_ends_with_1_and_says_why(serving) -> None:
    done = interoffice(
        serving.folder.root, "run", "sweep-compliance", "version=newest", "why=a test", "--json"
    )
    assert done.returncode == 0, done.stderr
    form = api(serving, "/deployments/name/steer-rollout/steer-rollout").json()["parameter_openapi_schema"]
    (rollout,) = form["properties"]["rollout"]["enum"]
    asked = ("run", "steer-rollout", f"rollout={rollout}", "action=roll_back", "why=a test")
    done = interoffice(serving.folder.root, *asked, "subject=nowhere", f"person={APPROVER}")
    assert done.returncode == 1
    assert done.stdout.startswith("Refused:")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"digest": "0" * 64}, "no simulation has the digest 000000000000 -> choose one of delivery-method"),
        ({"digest": "abc"}, "is too short for a digest -> give its first 8 characters"),
        (
            {"digest": "{prefix}", "approved_by": "nobody"},
            "nobody has the id 'nobody' -> see `interoffice pe",
        ),
    ],
)
def test_what_is_not_there_starts_no_run(serving, given, said) -> None:
    before = len(runs(serving))
    values = [f"{name}={text.format(prefix=digest(serving)[:8])}" for name, text in given.items()]
    done = interoffice(serving.folder.root, "run", "roll-out-standard", "why=a test", *values)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(runs(serving)) == before


def test_a_person_is_stored_by_an_opaque_id_and_a_simulation_by_its_digest(serving) -> None:
    values = (f"digest={digest(serving)[:8]}", f"approved_by={APPROVER}", "why=a test")
    done = interoffice(serving.folder.root, "run", "roll-out-standard", *values, "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    told = json.loads(done.stdout)
    stored = api(serving, f"/flow_runs/{told['run']}").json()["parameters"]
    assert stored["digest"] == digest(serving)
    listed = interoffice(serving.folder.root, "person", "list", APPROVER, "--json")
    assert [stored["approved_by"]] == [each["opaque"] for each in json.loads(listed.stdout)]
    assert APPROVER not in str(api(serving, "/flow_runs/filter", {}).json())


def test_schedules_go_on_once_the_job_is_done_and_one_that_is_due_fires(serving) -> None:
    found = api(serving, "/deployments/name/reap-runs/reap-runs").json()
    assert found["paused"] is False
    assert [s["slug"] for s in found["schedules"]] == ["reap-quarterly"]
    soon = {"interval": timedelta(seconds=2).total_seconds(), "timezone": "UTC"}
    body = [{"schedule": soon, "active": True, "slug": "reap-soon"}]
    assert api(serving, f"/deployments/{found['id']}/schedules", body).status_code == 201
    asked = {
        "deployments": {"id": {"any_": [found["id"]]}},
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
    }
    deadline = time.monotonic() + 90
    while not (fired := [r for r in api(serving, "/flow_runs/filter", asked).json() if r["auto_scheduled"]]):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert fired[0]["created_by"]["type"] == "SCHEDULE"
    done = interoffice(serving.folder.root, "setup", "--json")
    assert json.loads(done.stdout)["updated"] == ["reap-runs"], "what the file does not name is taken away"


def test_ctrl_c_ends_everything_within_five_seconds(serving) -> None:
    """The last test of this file: it ends what the others use."""
    assert len(serving.left()) >= 3
    began = time.monotonic()
    serving.process.send_signal(signal.SIGINT)
    assert serving.end() == 0
    assert time.monotonic() - began < 5
    assert serving.left() == []
