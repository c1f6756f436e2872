"""The main job, played by `up --once`: its end state, played again, killed in the middle, and in another year."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import psutil
import pytest
from ruamel.yaml import YAML

from tests.crash.weeks import keys_twice, killed, prefect_rows, runs_left_open
from tests.servers.conftest import BEGUN, Up, copied, end_state, interoffice, status_of, weeks_told

pytestmark = [
    pytest.mark.servers,
    # openpyxl only looks here; what it would lose when it saved is why the product never saves with it
    pytest.mark.filterwarnings("ignore:.* is not supported and will be removed:UserWarning"),
]
GONE_ON = 3
KILLED = {2: ("flow", "worker"), 3: ("what the worker takes for the flow", "server")}
"""The processes that are killed in each week; in the last one `up` itself as well."""
LIBFAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


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


def test_five_agencies_have_the_finance_system_and_what_is_asked_of_them_in_their_own_tools(played) -> None:
    assert "Finance system: 6 offices:" in played.said
    assert "1 has not accepted" in played.said
    book = openpyxl.load_workbook(played.folder.root / "organization/workbooks/kochi.xlsx", read_only=True)
    tasks, asked = (
        [tuple(map(str, line)) for line in book[name].iter_rows(min_row=2, values_only=True)]
        for name in ("Tasks", "Interoffice")
    )
    book.close()
    assert sum(line[-1].startswith("task/kochi/KO-FIN/") for line in tasks) == 250 + 10 + 2 - 1 - 1, (
        "and what version 3 removed"
    )
    assert any("two days, not one" in " ".join(line) for line in asked)
    assert any(line[-1].startswith("conflict/kochi/") and "keep" in line for line in asked)


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
    planted = texts_of(state / "organization") - {
        "Finance system"
    }  # the name that its sponsor's form asks for
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
        if files[part["tool"]].suffix != ".xlsx":
            continue  # a plan of Microsoft Project, which has no questions of a network
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


@pytest.fixture(scope="module")
def gone_on(tmp_path_factory, begun, ups) -> Up:
    """Weeks in which nothing was killed; where libfaketime is, in another year."""
    state = copied(begun, tmp_path_factory.mktemp("gone_on"))
    shifted = {"LD_PRELOAD": str(LIBFAKETIME[0]), "FAKETIME": "+400d"} if LIBFAKETIME else {}
    up = ups(state, "--once", "--weeks", str(GONE_ON), **shifted)
    assert up.end() == 0, up.said
    return up


@pytest.mark.skipif(not LIBFAKETIME, reason="libfaketime is not installed")
def test_in_another_year_each_week_of_the_sample_is_told_as_in_this_one(gone_on, played) -> None:
    ends = "select max(end_time) from flow_run where state_type = 'COMPLETED'"
    assert str(prefect_rows(gone_on.folder.root, ends)[0][0])[:4] >= time.strftime(
        "%Y", time.localtime(time.time() + 86400 * 398)
    )
    there, here = weeks_told(gone_on.said), weeks_told(played.said)
    assert there == {week: here[week] for week in range(BEGUN + 1, GONE_ON + 1)}


@dataclass
class Interrupted:
    """An `up` that was ended by Ctrl-C in the middle of a week: its exit code, and what was left."""

    up: Up
    code: int
    left: list[psutil.Process]


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory, begun, ups) -> Interrupted:
    state = copied(begun, tmp_path_factory.mktemp("interrupted"))
    up = ups(state, "--once", "--weeks", str(GONE_ON))
    up.until_at_work()
    up.process.send_signal(signal.SIGINT)
    return Interrupted(up, up.end(), up.left())


def test_an_interrupted_week_is_not_waited_for_and_says_how_it_goes_on(interrupted) -> None:
    assert interrupted.code == 1
    assert weeks_told(interrupted.up.said) == {}
    assert interrupted.left == []
    assert "the same command goes on from here" in interrupted.up.said


def test_interrupted_and_with_each_of_its_processes_killed_in_the_middle_of_a_week_it_comes_to_the_same_end(
    interrupted, gone_on, ups
) -> None:
    """The same as undisturbed in another year. `make crash ARGS=weeks` kills each of them in a job of its own."""
    state, before = interrupted.up.folder.root, set()
    up = ups(state, "--once", "--weeks", str(GONE_ON))
    up.until_said("deployments:")
    again = ups(state, "--once", "--weeks", str(GONE_ON))
    for week, victims in KILLED.items():
        for victim in victims:
            before.add(killed(up, victim, before))
        if week < GONE_ON:
            up.until_said(f"week  {week} of {GONE_ON}")
    assert "is at work here; waiting for it" in again.said
    killed(up, "up")
    assert again.end() == 0, up.said + again.said
    assert end_state(state) == end_state(gone_on.folder.root)
    assert runs_left_open(state) == []
    assert keys_twice(state) == []
    assert again.left() == []
