"""The real Redmine and Trac stand as a connector needs them: who may do what, fields, facts, and nothing else ended."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from scripts.servers import fill, place, processes
from scripts.servers import trac as trac_server
from tests import leavings, live
from tests.contract import trac_bench

pytestmark = pytest.mark.servers
redmine, new_project, trac, own_trac = live.redmine, live.new_project, live.trac, live.own_trac

FACTS = {
    "program": "terminal-automation",
    "stage": "Execution",
    "lead": "Ines Duarte",
    "start": dt.date(2026, 2, 16),
    "percent_complete": 46.5,
    "budget": 2350,
    "gate_g1": dt.date(2026, 4, 7),
    "charter_valid_until": dt.date(2027, 12, 31),
}


def as_user(
    redmine: Mapping, user: str | None, method: str, path: str, body: object = None
) -> tuple[int, object]:
    """A REST call as somebody, or as nobody: status and body."""
    headers = {"X-Redmine-API-Key": redmine["users"][user]["key"]} if user else {}
    return processes.ask(redmine["url"] + path, body, method, headers)


def issue(redmine: Mapping, project: str, subject: str, **fields: object) -> dict:
    """What a create sends."""
    return {
        "issue": {"project_id": project, "tracker_id": redmine["kinds"]["Task"], "subject": subject, **fields}
    }


def create(redmine: Mapping, project: str, subject: str, user: str = "interoffice", **fields: object) -> dict:
    body = issue(redmine, project, subject, **fields)
    return fill.ask_redmine(redmine, "POST", "/issues.json", body, user)["issue"]


def by_name(fields: list[dict]) -> dict[str, object]:
    return {field["name"]: field["value"] for field in fields}


# Redmine


def test_a_project_of_redmine_keeps_every_fact_of_the_table(redmine, new_project):
    project = new_project("Port community system", FACTS)
    read = fill.ask_redmine(redmine, "GET", f"/projects/{project}.json", user="interoffice")["project"]
    values = by_name(read["custom_fields"])
    table = place.table()
    assert set(values) == {row["label"] for row in (*table["project"], *table["project_in_redmine"])}
    label = {row["key"]: row["label"] for row in place.table()["project"]}
    assert {key: values[label[key]] for key in FACTS} == {key: str(fact) for key, fact in FACTS.items()}
    fill.change_redmine_project(redmine, project, {"lead": "Otto Lang", "program": None})
    read = fill.ask_redmine(redmine, "GET", f"/projects/{project}.json", user="interoffice")["project"]
    changed = by_name(read["custom_fields"])
    assert (changed["Project lead"], changed["Program"], changed["Stage"]) == ("Otto Lang", "", "Execution")


def test_what_an_interrupted_test_left_in_redmine_is_taken_away_and_nothing_else(redmine, new_project):
    young = new_project()
    old, others = f"test-{secrets.token_hex(6)}", f"kept-{secrets.token_hex(6)}"
    long_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=3)).strftime("%Y-%m-%d %H:%M:%S.%f")
    for name in (old, others):
        fill.redmine_project(redmine, name, "Left behind")
        with contextlib.closing(sqlite3.connect(redmine["database"], timeout=60)) as database, database:
            database.execute("update projects set created_on = ? where identifier = ?", (long_ago, name))
    assert leavings.cleared_redmine(redmine, dt.datetime.now(dt.UTC)) == [old]
    assert as_user(redmine, "admin", "GET", f"/projects/{old}.json")[0] == 404
    for name in (young, others):
        assert as_user(redmine, "admin", "GET", f"/projects/{name}.json")[0] == 200
    fill.remove_redmine_project(redmine, others)


def test_a_fact_that_the_table_does_not_list_is_refused(redmine):
    with pytest.raises(ValueError, match=r"no such fact in table\.yaml: colour"):
        fill.redmine_project(redmine, "never-made", "Never made", {"colour": "blue"})
    assert as_user(redmine, "admin", "GET", "/projects/never-made.json")[0] == 404


@pytest.mark.parametrize(
    ("user", "read", "create", "change", "delete"),
    [
        ("interoffice", 200, 201, 204, 403),
        ("planner", 200, 201, 204, 204),
        ("reader", 200, 422, 403, 403),
        ("outsider", 403, 422, 403, 403),
        (None, 401, 401, 401, 401),
    ],
)
def test_each_user_of_redmine_may_do_what_the_role_says(
    redmine, new_project, user, read, create, change, delete
):
    project = new_project()
    number = globals()["create"](redmine, project, "Stakeholder map", user="admin")["id"]
    path = f"/issues/{number}.json"
    got = [
        as_user(redmine, user, "GET", path)[0],
        as_user(redmine, user, "POST", "/issues.json", issue(redmine, project, "More"))[0],
        as_user(redmine, user, "PUT", path, {"issue": {"subject": "Changed"}})[0],
        as_user(redmine, user, "DELETE", path)[0],
    ]
    assert got == [read, create, change, delete]


def test_an_issue_is_found_by_our_key_and_only_by_it(redmine, new_project):
    project, field = new_project(), redmine["issue_fields"]["interoffice_key"]
    key = f"io:{project}/1"
    made = create(redmine, project, "Risk workshop", custom_fields=[{"id": field, "value": key}])
    closed = redmine["statuses"]["Closed"]
    fill.ask_redmine(redmine, "PUT", f"/issues/{made['id']}.json", {"issue": {"status_id": closed}})

    def found(wanted: str, more: str = "&status_id=*") -> list[int]:
        path = f"/issues.json?cf_{field}={wanted}{more}"
        return [each["id"] for each in fill.ask_redmine(redmine, "GET", path, user="interoffice")["issues"]]

    assert found(key) == [made["id"]]
    assert (found(key + "0"), found(key.upper())) == ([], [])
    assert found(key, "") == [], "a closed issue is only seen when every status is asked for"


def test_a_filter_on_a_field_that_is_none_finds_everything_so_a_look_has_to_compare(redmine, new_project):
    project = new_project()
    create(redmine, project, "Not the one")
    path = f"/issues.json?cf_99999=io:x&status_id=*&project_id={project}"
    assert len(fill.ask_redmine(redmine, "GET", path, user="interoffice")["issues"]) == 1


def test_a_parent_keeps_its_own_dates_priority_and_progress(redmine, new_project):
    project = new_project()
    parent = create(redmine, project, "Phase", start_date="2026-03-02", due_date="2026-03-06", done_ratio=30)
    create(
        redmine,
        project,
        "Step",
        parent_issue_id=parent["id"],
        start_date="2026-05-04",
        done_ratio=80,
        priority_id=5,
    )
    read = fill.ask_redmine(redmine, "GET", f"/issues/{parent['id']}.json")["issue"]
    kept = ("start_date", "due_date", "done_ratio", "priority")
    assert [read[name] for name in kept] == [parent[name] for name in kept]


def test_a_journal_names_who_changed_what(redmine, new_project):
    made = create(redmine, new_project(), "Kick-off")
    body = {"issue": {"notes": "moved by a week", "due_date": "2027-03-09"}}
    fill.ask_redmine(redmine, "PUT", f"/issues/{made['id']}.json", body, "planner")
    read = fill.ask_redmine(redmine, "GET", f"/issues/{made['id']}.json?include=journals")["issue"]
    [entry] = read["journals"]
    assert (entry["user"]["id"], entry["notes"]) == (redmine["users"]["planner"]["id"], "moved by a week")
    assert [(each["name"], each["new_value"]) for each in entry["details"]] == [("due_date", "2027-03-09")]


def test_redmine_keeps_nothing_outside_its_own_folder_and_speaks_to_this_machine_only(redmine):
    server = processes.found(redmine)
    written = [Path(each.path) for each in server.open_files() if each.mode not in ("r", "")]
    assert written, "at least its database and its log"
    assert [path for path in written if not path.is_relative_to(place.HOME)] == []
    gateways = {each.laddr.ip for each in server.net_connections() if each.status == psutil.CONN_LISTEN}
    assert gateways == {"127.0.0.1"}


def test_redmines_own_pages_come_with_their_styles_and_scripts(redmine):
    _, page = as_user(redmine, None, "GET", "/login")
    parts = re.findall(r'(?:src|href)="(/(?:javascripts|stylesheets)/[^"?]+)', str(page))
    assert len(parts) >= 5
    assert {part: as_user(redmine, None, "GET", part)[0] for part in parts} == dict.fromkeys(parts, 200)


# Trac


def ticket_of(entry: Mapping, number: int) -> dict:
    return fill.ask_trac(entry, "ticket.get", number)[3]


def test_a_project_of_trac_keeps_its_facts_and_a_tracs_own_tickets_are_only_its_own(trac, own_trac):
    number = fill.trac_project(own_trac, "GP-01", "Port community system", FACTS)
    read = ticket_of(own_trac, number)
    assert (read["type"], read["project"], read["stage"], read["budget"]) == (
        "project",
        "GP-01",
        "Execution",
        "2350",
    )
    assert read["gate_g1"] == {"__jsonclass__": ["datetime", "2026-04-07T00:00:00"]}
    fill.change_trac_project(own_trac, number, {"lead": "Otto Lang", "gate_g1": None})
    read = ticket_of(own_trac, number)
    assert (read["lead"], read["gate_g1"], read["stage"]) == ("Otto Lang", None, "Execution")
    assert fill.ask_trac(own_trac, "ticket.query", "max=0") == [number]
    assert own_trac["url"] != trac["url"]


@pytest.mark.parametrize(
    ("user", "seen", "may_create"),
    [
        ("interoffice", True, True),
        ("planner", True, True),
        ("reader", True, False),
        ("outsider", False, False),
    ],
)
def test_each_user_of_trac_may_do_what_the_role_says(own_trac, user, seen, may_create):
    number = fill.ask_trac(own_trac, "ticket.create", "Stakeholder map", "", {"type": "task"})
    assert fill.ask_trac(own_trac, "ticket.query", "max=0", user=user) == ([number] if seen else [])
    if may_create:
        fill.ask_trac(own_trac, "ticket.create", "More", "", {"type": "task"}, user=user)
    else:
        with pytest.raises(fill.Failed, match="TICKET_CREATE privileges are required"):
            fill.ask_trac(own_trac, "ticket.create", "More", "", {"type": "task"}, user=user)
    with pytest.raises(fill.Failed, match="TICKET_ADMIN privileges are required"):
        fill.ask_trac(own_trac, "ticket.delete", number, user=user)


def test_what_an_interrupted_test_left_in_trac_is_taken_away_and_nothing_else(own_trac):
    component = trac_bench.component_of_its_own(own_trac)
    trac_bench.task(own_trac, component, "P-1", "Left behind")
    other = fill.ask_trac(own_trac, "ticket.create", "Kick-off", "", {"type": "task"})
    now = dt.datetime.now(dt.UTC)
    assert leavings.cleared_trac(own_trac, now) == []
    assert leavings.cleared_trac(own_trac, now + dt.timedelta(hours=3)) == [component]
    assert fill.ask_trac(own_trac, "ticket.query", "max=0") == [other]


def test_a_wrong_password_is_refused(own_trac):
    signed = processes.basic("interoffice", "guessed")
    assert processes.ask(own_trac["rpc"], {"method": "system.getAPIVersion"}, headers=signed)[0] == 401


def test_a_ticket_is_found_by_our_key_and_only_by_it(own_trac):
    made = fill.ask_trac(
        own_trac, "ticket.create", "Kick-off", "", {"interoffice_key": "io:a/1"}, user="interoffice"
    )
    fill.ask_trac(own_trac, "ticket.create", "Other", "", {"interoffice_key": "io:a/10"}, user="interoffice")
    assert fill.ask_trac(own_trac, "ticket.query", "interoffice_key=io:a/1&max=0") == [made]
    assert len(fill.ask_trac(own_trac, "ticket.query", "no_such_field=x&max=0")) == 2, (
        "an unknown field is ignored"
    )


def test_a_stale_change_of_a_ticket_is_refused_and_the_log_names_who_changed_what(own_trac):
    number = fill.ask_trac(own_trac, "ticket.create", "Kick-off", "", {"type": "task"}, user="interoffice")
    seen = ticket_of(own_trac, number)["_ts"]
    change = {"action": "leave", "role": "lead", "_ts": seen}
    fill.ask_trac(own_trac, "ticket.update", number, "", change, user="planner")
    with pytest.raises(fill.Failed, match="modified since you started editing"):
        fill.ask_trac(own_trac, "ticket.update", number, "", {**change, "role": "other"}, user="interoffice")
    assert ticket_of(own_trac, number)["role"] == "lead"
    log = fill.ask_trac(own_trac, "ticket.changeLog", number)
    assert [(who, old, new) for _, who, field, old, new, _ in log if field == "role"] == [
        ("planner", "", "lead")
    ]


def test_many_calls_go_in_one_and_one_that_fails_stops_no_other(own_trac):
    calls = [
        {"method": "ticket.create", "params": ["One", "", {"type": "task"}], "id": 1},
        {"method": "ticket.get", "params": [99], "id": 2},
        {"method": "ticket.create", "params": ["Two", "", {"type": "task"}], "id": 3},
    ]
    answers = fill.ask_trac(own_trac, "system.multicall", *calls)
    assert [(each["result"], each["error"] and each["error"]["code"]) for each in answers] == [
        (1, None),
        (None, 404),
        (2, None),
    ]


# Starting, stopping, and starting again

LOOKS = "import sys; from scripts.servers import __main__ as verbs; sys.exit(7 if verbs.status() == 0 else 8)"


def servers(home: Path, *verb: str) -> subprocess.CompletedProcess:
    """A verb of `python -m scripts.servers`, with a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.servers", *verb],
        cwd=place.ROOT,
        env={**os.environ, "INTEROFFICE_SERVERS": str(home)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


@pytest.fixture(scope="module")
def elsewhere(redmine, trac, tmp_path_factory) -> Iterator[Path]:
    """Servers of their own beside those that stand, begun with what these were made of; ended whatever happens.

    That they can be made from nothing, `make servers` shows where there are none.
    """
    assert trac
    home = tmp_path_factory.mktemp("servers") / "made"
    of_these = {"servers.json", "lock", "trac", *(path.name for path in place.HOME.glob("*.log"))}

    def left_out(folder: str, names: list[str]) -> set[str]:
        found = {name for name in names if name.startswith("redmine.db")}
        return found | of_these if Path(folder) == place.HOME else found

    shutil.copytree(place.HOME, home, symlinks=True, ignore=left_out)
    with (
        contextlib.closing(sqlite3.connect(redmine["database"])) as source,
        contextlib.closing(sqlite3.connect(home / "redmine" / "redmine.db")) as target,
    ):
        source.backup(target)
    done = servers(home, "start")
    assert done.returncode == 0, done.stdout + done.stderr
    yield home
    assert servers(home, "stop").returncode == 0


def entries(home: Path) -> dict:
    return json.loads((home / "servers.json").read_text("utf-8"))


def test_the_second_start_finds_both_running_and_changes_nothing(elsewhere):
    before = (elsewhere / "servers.json").read_bytes()
    done = servers(elsewhere, "start")
    assert done.returncode == 0
    assert done.stdout.count("is running at http://127.0.0.1:") == 2
    assert (elsewhere / "servers.json").read_bytes() == before


def test_keys_and_passwords_stand_in_files_that_only_their_owner_reads_and_are_never_said(elsewhere):
    known = entries(elsewhere)
    secrets = {
        user[kind]
        for entry in known.values()
        for user in entry["users"].values()
        for kind in user
        if kind in ("key", "password")
    }
    assert len(secrets) == 15
    assert all(len(secret) >= 24 for secret in secrets)
    said = servers(elsewhere, "start").stdout + servers(elsewhere, "status").stdout
    texts = {path: path.read_text("utf-8", errors="replace") for path in elsewhere.rglob("*.log")}
    assert [path.name for path, text in texts.items() if any(secret in text for secret in secrets)] == []
    assert not any(secret in said for secret in secrets)
    holding = [
        "servers.json",
        "redmine/answer.json",
        "redmine/instance/config/secret_key.txt",
        "trac/htpasswd",
    ]
    assert {oct((elsewhere / name).stat().st_mode & 0o777) for name in holding} == {"0o600"}
    assert oct(elsewhere.stat().st_mode & 0o777) == "0o700", "the databases hold keys as well"


def test_killed_servers_come_back_at_their_address_with_their_data(elsewhere):
    before = entries(elsewhere)
    project = fill.redmine_project(before["redmine"], "kept", "Kept", FACTS)
    made = create(before["redmine"], "kept", "Survives")
    number = fill.trac_project(before["trac"], "GP-01", "Survives", FACTS)
    for entry in before.values():
        os.kill(entry["pid"], signal.SIGKILL)
        psutil.wait_procs([psutil.Process(entry["pid"])] if psutil.pid_exists(entry["pid"]) else [], 10)
    assert servers(elsewhere, "status").returncode == 1
    done = servers(elsewhere, "start")
    assert done.returncode == 0, done.stderr
    assert "unpacking" not in done.stdout
    assert "installing" not in done.stdout
    after = entries(elsewhere)
    assert [after[name]["url"] for name in after] == [before[name]["url"] for name in before]
    assert [after[name]["users"] for name in after] == [before[name]["users"] for name in before]
    read = fill.ask_redmine(after["redmine"], "GET", f"/issues/{made['id']}.json")["issue"]
    assert (read["subject"], read["project"]["id"]) == ("Survives", project)
    assert ticket_of(after["trac"], number)["summary"] == "Survives"


def test_around_a_command_those_that_stood_before_still_stand(elsewhere):
    assert servers(elsewhere, "around", sys.executable, "-c", LOOKS).returncode == 7
    assert servers(elsewhere, "status").returncode == 0


def test_stop_ends_what_was_started_and_no_process_that_only_bears_its_number(elsewhere, redmine, trac):
    known = entries(elsewhere)
    mine = {name: processes.found(entry) for name, entry in known.items()}
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as bystander:
        known["trac"] = {**known["trac"], "pid": bystander.pid, "started": known["trac"]["started"] - 60}
        (elsewhere / "servers.json").write_text(json.dumps(known), "utf-8")
        done = servers(elsewhere, "stop")
        assert re.findall(r"servers: (.*)", done.stdout) == ["redmine is stopped", "trac was not running"]
        assert bystander.poll() is None
        bystander.kill()
    assert not mine["redmine"].is_running() or mine["redmine"].status() == psutil.STATUS_ZOMBIE
    assert mine["trac"].is_running(), "what servers.json no longer names is not touched"
    assert processes.end({"pid": mine["trac"].pid, "started": mine["trac"].create_time()})
    assert processes.found(redmine) is not None, "the other Redmine still stands"
    assert processes.found(trac) is not None
    assert servers(elsewhere, "stop").stdout.count("was not running") == 2


def test_around_a_command_those_that_did_not_stand_are_started_and_stopped(elsewhere):
    assert servers(elsewhere, "around", sys.executable, "-c", LOOKS).returncode == 7
    assert servers(elsewhere, "status").returncode == 1


@pytest.mark.usefixtures("trac")
def test_a_trac_that_was_killed_is_served_again_from_its_folder(tmp_path):
    first = trac_server.new_trac(tmp_path / "own")
    number = fill.trac_project(first, "GP-01", "Survives")
    processes.found(first).kill()
    assert processes.end(first) or processes.found(first) is None
    again = trac_server.new_trac(tmp_path / "own")
    try:
        assert ticket_of(again, number)["summary"] == "Survives"
    finally:
        processes.end(again)
