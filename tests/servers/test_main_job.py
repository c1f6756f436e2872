"""The main job, played by `up --once`: its end state, played again, killed in the middle, and in another year."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from pathlib import Path

import openpyxl
import pytest
from ruamel.yaml import YAML

from runtime.folder import StateFolder
from tests.servers.conftest import (
    GONE_ON,
    copied,
    end_state,
    interoffice,
    status_of,
    workbooks_of,
)

pytestmark = [
    pytest.mark.servers,
    # openpyxl only looks here; what it would lose when it saved is why the product never saves with it
    pytest.mark.filterwarnings("ignore:.* is not supported and will be removed:UserWarning"),
]
LIBFAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def prefect_rows(state: Path, asked: str) -> list[tuple]:
    with sqlite3.connect(StateFolder(state).prefect / "prefect.db") as database:
        return database.execute(asked).fetchall()


def runs_left_open(state: Path) -> list[tuple]:
    return prefect_rows(
        state, "select name from flow_run where state_type in ('RUNNING', 'PENDING', 'CANCELLING')"
    )


def keys_twice(state: Path) -> list[str]:
    """Keys of ours that stand twice in one workbook."""
    twice = []
    for path in sorted((state / "organization" / "workbooks").glob("*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True)
        seen = [
            cell.value
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith("adopt/")
        ]
        book.close()
        twice += [f"{path.name} {key}" for key in set(seen) if seen.count(key) > 1]
    return twice


def test_every_project_in_scope_is_judged_and_the_counts_add_up(played) -> None:
    status = status_of(played.folder.root)
    (rollout,) = status["rollouts"]
    assert (rollout["standard"], rollout["version"], rollout["judged"]) == ("delivery-method", "2.0", 60)
    assert sum(rollout["adoption"].values()) == rollout["judged"]
    assert sum(status["sweep"]["bands"].values()) == status["sweep"]["judged"] == status["projects"]
    assert status["offices"] == 9
    assert rollout["adoption"]["grandfathered"] >= 5
    assert status["as_of"] == "2027-03-29T07:00:00Z"


def test_twelve_weeks_were_told_and_the_end_says_where_to_look(played) -> None:
    for week in range(1, 13):
        assert f"week {week:2} of 12" in played.said
    assert "Prefect:  http://127.0.0.1:" in played.said
    assert "Reports:  http://127.0.0.1:" in played.said
    assert f"Nothing outside {played.folder.root} was touched." in played.said
    for elsewhere in ("home", "tmp"):
        assert list((played.folder.root.parent / elsewhere).iterdir()) == []


def test_nothing_is_left_of_it(played) -> None:
    assert played.left() == []
    assert runs_left_open(played.folder.root) == []
    assert keys_twice(played.folder.root) == []


def test_the_ledger_holds_and_a_head_that_is_not_its_own_does_not(played) -> None:
    verified = interoffice(played.folder.root, "ledger", "verify")
    assert verified.returncode == 0, verified.stderr
    head = verified.stderr.split("its head is ")[1].split(",")[0]
    assert interoffice(played.folder.root, "ledger", "verify", "--head", head[:12]).returncode == 0
    assert interoffice(played.folder.root, "ledger", "verify", "--head", "0" * 64).returncode == 1
    exported = interoffice(played.folder.root, "ledger", "export").stdout.splitlines()
    assert json.loads(exported[-1])["hash"] == head


def test_prefect_holds_no_title_person_or_text_of_the_offices(played) -> None:
    """Run names, logs, artifacts, parameters and events, in the database and its log, as bytes."""
    state = played.folder.root
    stored = b"".join(path.read_bytes() for path in played.folder.prefect.glob("prefect.db*"))
    for path in played.folder.logs.glob("*.log"):
        stored += path.read_bytes()
    assert b"delivery-method" in stored, "the control: what may be there is found"
    assert b"the sample's main job" in stored, "the control: parameters are looked at"
    planted = texts_of(state / "organization")
    assert len(planted) > 100
    assert sorted(text for text in planted if text.encode() in stored) == []


def texts_of(organization: Path) -> set[str]:
    """The projects' and questions' texts and the people's names, as the offices wrote them."""
    yaml = YAML(typ="safe")
    people = yaml.load(organization / "people.yaml")["people"]
    tools = yaml.load(organization / "tools.yaml")
    found = {person["name"] for person in people}
    files = {tool["id"]: organization / tool["settings"]["file"] for tool in tools["tools"]}
    for part in tools["partitions"]:
        book = openpyxl.load_workbook(files[part["tool"]], read_only=True)
        for kind, field in (("projects", "title"), ("questions", "text")):
            if kind in part["settings"]:
                found |= column(book, part["settings"][kind], field)
        book.close()
    return {text for text in found if len(text) > 8}


def column(book, settings: dict, field: str) -> set[str]:
    """What stands under a header."""
    header = settings["columns"][field]
    header = header if isinstance(header, str) else header["header"]
    rows = list(book[settings["sheet"]].iter_rows(values_only=True))
    for number, row in enumerate(rows):
        if header in row:
            place = row.index(header)
            return {str(r[place]) for r in rows[number + 1 :] if len(r) > place and r[place]}
    raise AssertionError(f"no header {header}")


def test_played_again_at_the_same_date_it_writes_nothing(played, ups) -> None:
    before = end_state(played.folder.root)
    up = ups(played.folder.root, "--once")
    assert up.end() == 0, up.said
    assert "create 0, update 0, same " in up.said
    assert "11 the same" in up.said
    assert end_state(played.folder.root) == before
    assert status_of(played.folder.root)["last_run"]["create"] == 0


@pytest.mark.parametrize("victim", ["worker", "flow", "what the worker takes for the flow", "server", "up"])
def test_killed_in_the_middle_of_a_week_it_comes_to_the_same_end(
    victim, begun, gone_on, ups, tmp_path
) -> None:
    state = copied(begun, tmp_path)
    up = ups(state, "--once", "--weeks", str(GONE_ON))
    flow = up.until_at_work()
    process = {
        "flow": lambda: flow,
        "what the worker takes for the flow": lambda: up.carriers()[0],
        "up": lambda: up.process,
    }.get(victim, lambda: up.program(victim))()
    process.send_signal(signal.SIGKILL)
    if victim == "up":
        up.process.wait()
    again = ups(state, "--once", "--weeks", str(GONE_ON))  # at once: it waits, or goes on
    assert again.end() == 0, up.said + again.said
    assert end_state(state) == gone_on
    assert runs_left_open(state) == []
    assert keys_twice(state) == []
    assert again.left() == []


@pytest.mark.skipif(not LIBFAKETIME, reason="libfaketime is not installed")
def test_in_another_year_the_sample_comes_to_the_same_end(begun, gone_on, ups, tmp_path) -> None:
    state = copied(begun, tmp_path)
    shifted = {"LD_PRELOAD": str(LIBFAKETIME[0]), "FAKETIME": "+400d"}
    up = ups(state, "--once", "--weeks", str(GONE_ON), **shifted)
    assert up.end() == 0, up.said
    ends = "select max(end_time) from flow_run where state_type = 'COMPLETED'"
    assert str(prefect_rows(state, ends)[0][0])[:4] >= time.strftime(
        "%Y", time.localtime(time.time() + 86400 * 398)
    )
    assert end_state(state) == gone_on


def test_an_interrupted_week_goes_on_at_the_next_start(begun, gone_on, ups, tmp_path) -> None:
    state = copied(begun, tmp_path)
    up = ups(state, "--once", "--weeks", str(GONE_ON))
    up.until_at_work()
    began = time.monotonic()
    up.process.send_signal(signal.SIGINT)
    assert up.end() == 1
    assert time.monotonic() - began < 5
    assert up.left() == []
    assert "the same command goes on from here" in up.said
    again = ups(state, "--once", "--weeks", str(GONE_ON))
    assert again.end() == 0, again.said
    assert end_state(state) == gone_on
    assert workbooks_of(state) == gone_on[1]
