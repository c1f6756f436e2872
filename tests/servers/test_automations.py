"""Ready-made automations: made once, repaired, never switched on again, and they do what they say."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.servers.conftest import Up, client, interoffice
from tests.servers.test_gateway import runs, until
from tests.servers.test_serving import api

pytestmark = pytest.mark.servers
FAILED, ESCALATED = "Interoffice: a run failed", "Interoffice: an office was escalated"
LATE = "Interoffice: a run is late"


def automations(up: Up) -> dict[str, dict]:
    found = api(up, "/automations/filter", {}).json()
    assert len({each["name"] for each in found}) == len(found), "an automation is there twice"
    return {each["name"]: each for each in found}


def set_up(up: Up) -> dict:
    done = interoffice(up.folder.root, "setup", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def changed(up: Up, automation: dict, **changes: object) -> None:
    with client(up) as asking:
        token = asking.get("/csrf-token", params={"client": "test"}).json()["token"]
        proof = {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}
        kept = {name: automation[name] for name in ("name", "description", "trigger", "actions", "enabled")}
        answer = asking.put(f"/automations/{automation['id']}", json={**kept, **changes}, headers=proof)
        assert answer.is_success, answer.text


def test_they_are_there_once_and_again_the_same(gateway) -> None:
    first = automations(gateway)
    assert {FAILED, ESCALATED, LATE} <= set(first)
    told = set_up(gateway)
    assert (told["created"], told["updated"], len(told["same"])) == ([], [], 49)
    assert automations(gateway) == first


def test_one_that_was_changed_is_mended_and_one_that_was_switched_off_stays_off(gateway) -> None:
    found = automations(gateway)
    mine = {**found[FAILED], "name": "An operator's own"}
    body = {name: mine[name] for name in ("name", "description", "trigger", "actions", "enabled")}
    assert api(gateway, "/automations/", body).status_code == 201
    changed(gateway, found[ESCALATED], description="other words", enabled=False)
    (reports,) = found[ESCALATED]["actions"]
    ours = found[FAILED]["actions"]
    assert [each["parameters"].get("trouble") for each in ours] == [None, "failed"]
    changed(gateway, found[FAILED], actions=[*ours, {"type": "do-nothing"}, reports])
    assert set_up(gateway)["updated"] == [ESCALATED]
    after = automations(gateway)
    assert [each["type"] for each in after[FAILED]["actions"]] == [
        "run-deployment",
        "run-deployment",
        "do-nothing",
        "run-deployment",
    ]
    changed(gateway, after[FAILED], description="other words")
    assert set_up(gateway)["updated"] == [FAILED]
    kept = automations(gateway)[FAILED]["actions"]
    assert [each.get("deployment_id") for each in kept][2:] == [None, reports["deployment_id"]]
    changed(gateway, automations(gateway)[FAILED], actions=found[FAILED]["actions"])
    assert after[ESCALATED]["description"] == found[ESCALATED]["description"]
    assert after[ESCALATED]["enabled"] is False
    assert after["An operator's own"]["enabled"] is True
    changed(gateway, after[ESCALATED], enabled=True)
    assert set_up(gateway)["updated"] == []
    gone = after["An operator's own"]
    changed(gateway, gone, enabled=False)


def test_a_run_that_fails_lets_what_is_left_open_be_closed(gateway) -> None:
    before = len(runs(gateway, "reap-runs"))
    found = api(gateway, "/deployments/name/sync-offices/sync-offices").json()
    wrong = {"parameters": {"office": "nowhere", "why": "a test"}, "enforce_parameter_schema": False}
    assert api(gateway, f"/deployments/{found['id']}/create_flow_run", wrong).is_success
    until(lambda: len(runs(gateway, "reap-runs")) > before, 60, "the reaping after a failure")


def test_of_a_run_that_fails_people_get_one_message_each_and_never_again(gateway, alerted) -> None:
    found = api(gateway, "/deployments/name/sync-offices/sync-offices").json()
    wrong = {"parameters": {"office": "atlantis", "why": "a test"}, "enforce_parameter_schema": False}
    run = api(gateway, f"/deployments/{found['id']}/create_flow_run", wrong).json()["id"]

    def got() -> list[dict]:
        return [each for each in alerted.got if run in each["message"]]

    until(lambda: len(got()) == 2, 90, "a message at each address")
    assert {each["title"] for each in got()} == {"Interoffice: sync-offices failed"}
    page = f"{gateway.folder.notes()['ui']}/runs/flow-run/{run}"
    text = got()[0]["message"]
    assert text.startswith("Refused: no office atlantis takes part; these do: ")
    assert text.endswith(f"Its page: {page}")
    again = interoffice(gateway.folder.root, "run", "notify-failure", f"run={run}")
    assert again.returncode == 0, again.stderr
    assert "a message about it was sent before; nothing was sent again" in again.stdout
    assert len(got()) == 2
    logs = api(gateway, "/logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}}).json()
    assert [each["message"] for each in logs] == [text.partition("\n")[0]], "the message, and nothing else"


def test_of_a_run_that_is_late_people_get_a_message_too(gateway, alerted) -> None:
    found = api(gateway, "/deployments/name/sync-offices/sync-offices").json()
    due = {"scheduled_time": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    later = {"type": "SCHEDULED", "state_details": due}
    asked = {"parameters": {"why": "a test"}, "state": later}
    run = api(gateway, f"/deployments/{found['id']}/create_flow_run", asked).json()["id"]
    late = {"state": {**later, "name": "Late"}, "force": True}
    assert api(gateway, f"/flow_runs/{run}/set_state", late).is_success

    def got() -> list[dict]:
        return [each for each in alerted.got if run in each["message"]]

    until(lambda: len(got()) == 2, 90, "a message at each address")
    assert {each["title"] for each in got()} == {"Interoffice: sync-offices is late"}
    assert "did not begin: see whether `interoffice up` and its worker run" in got()[0]["message"]


def test_an_error_of_ours_keeps_its_traceback(gateway) -> None:
    """A parameter that no flow knows is none of the operator's: the form cannot send it."""
    found = api(gateway, "/deployments/name/report-network/report-network").json()
    wrong = {"parameters": {"why": "a test", "unknown": 1}, "enforce_parameter_schema": False}
    run = api(gateway, f"/deployments/{found['id']}/create_flow_run", wrong).json()["id"]

    def logs() -> str:
        return str(api(gateway, "/logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}}).json())

    until(lambda: "Traceback" in logs(), 60, "the traceback in its log")


def test_an_escalation_lets_the_reports_be_written(gateway) -> None:
    before = len(runs(gateway, "report-network"))
    event = {
        "occurred": datetime.now(UTC).isoformat(), "event": "interoffice.escalated",
        "resource": {"prefect.resource.id": "interoffice.office.antwerp"}, "payload": {"projects": 2},
        "id": str(uuid.uuid4()),
    }  # fmt: skip
    assert api(gateway, "/events", [event]).status_code == 204
    until(lambda: len(runs(gateway, "report-network")) > before, 60, "the report after an escalation")
