"""The units under a real systemd, installed as docs/service.md says: started, killed, ended, and confined."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.chromium import chromium
from tests.servers.machine import HOME, ROOT, Machine, NoMachineError, machine
from tests.servers.strangers import STRANGERS, asking, strangers
from tests.servers.ways import Marks, by_files, by_local_user, by_pages, entered, pages

pytestmark = pytest.mark.servers
DOOR, UP = "interoffice-gateway", "interoffice"
READY, SERVER = "http://127.0.0.1:8420/ready", "http://127.0.0.1:4200"
PREFECT = f"{SERVER}/api"
STATE = "/var/lib/interoffice"
KEY = b"a secret for the tests of systemd"
SOURCES = """\
sources:
  - {id: board, scheme: standard-webhooks, secrets: [BOARD_SECRET], may: [report.requested], offices: all}
receivers: []
"""
PROBE = "tests/servers/machine/probe.py"


def commands(heading: str) -> list[str]:
    """The lines that the document has below a heading; one that goes on behind a backslash is one."""
    text = (ROOT / "docs" / "service.md").read_text("utf-8")
    part = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0].replace("\\\n", "")
    return re.findall(r"^    (\S.*)", part, re.MULTILINE)


def installed(box: Machine) -> None:
    """What the document says under Install, by a root whose files nobody else may read; our checkout is there."""
    secret = f"BOARD_SECRET=whsec_{base64.b64encode(KEY).decode()}"
    steps = [line for line in commands("Install") if not line.startswith(("git clone", "runuser"))]
    assert steps[-1].endswith("systemctl enable --now interoffice interoffice-gateway")
    box.do(f"cp -r {HOME}/config/skeleton my-organization", umask=0o077)
    box.do(f"printf '%s' '{SOURCES}' > my-organization/webhooks.yaml", umask=0o077)
    box.do("mkdir -m 1777 everybody")
    fill = f"echo '{secret}' >> /etc/interoffice/secrets"
    box.do("\n".join([*steps[:-1], fill, steps[-1]]), umask=0o077)


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> Iterator[Machine]:
    """A machine on which both units are enabled and answer."""
    try:
        with machine(tmp_path_factory.mktemp("machine")) as found:
            installed(found)
            answering(found)
            yield found
    except NoMachineError as reason:
        pytest.skip(str(reason))


def ready(box: Machine) -> bool:
    return box.ask(READY)[0] == 200


def healthy(box: Machine) -> bool:
    return box.ask(f"{PREFECT}/health") == (200, "true")


def answering(box: Machine) -> None:
    box.until(lambda: ready(box), "the gateway")
    box.until(lambda: healthy(box), "Prefect's server")
    box.until(lambda: "serving until Ctrl-C" in said_since_its_start(box), "the end of the main job")


def said_since_its_start(box: Machine) -> str:
    return box.do(f"journalctl --no-pager _PID={box.shown(UP, 'MainPID')}")


def post(box: Machine, key: str) -> dict:
    """The answer to a signed message, which must be acknowledged."""
    body = json.dumps({"type": "report.requested", "data": {"why": "the board meets tomorrow"}})
    at = str(int(time.time()))
    digest = hmac.digest(KEY, f"{key}.{at}.{body}".encode(), hashlib.sha256)
    headers = {
        "content-type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
    status, text = box.ask("http://127.0.0.1:8420/hooks/board", body, headers)
    assert status in {200, 202}, (status, box.log())
    return json.loads(text)


def stored(box: Machine) -> dict[str, tuple[str, str]]:
    """State and run of every message in the store, by the key that its sender gave it."""
    program = (
        "import json, sqlite3; store = sqlite3.connect('file:/var/lib/interoffice/interoffice.db?mode=ro', uri=True);"
        "print(json.dumps([*store.execute('SELECT key, state, run FROM messages')]))"
    )
    rows = json.loads(box.do(f'runuser -u interoffice -- {HOME}/.venv/bin/python -c "{program}"'))
    return {key: (state, run) for key, state, run in rows}


def run_of(box: Machine, key: str) -> str:
    """The state of the message's run in Prefect; empty before it has one."""
    run = stored(box)[key][1]
    status, text = box.ask(f"{PREFECT}/flow_runs/{run}", headers=operator(box)) if run else (0, "")
    return json.loads(text)["state"]["type"] if status == 200 else ""


def operator(box: Machine) -> dict[str, str]:
    """How the operator proves to be one."""
    auth = box.do(f"cat {STATE}/prefect.auth")
    return {"authorization": f"Basic {base64.b64encode(auth.encode()).decode()}"}


def killed(box: Machine, unit: str) -> None:
    """End the unit's main process at once, and wait until systemd has started another."""
    before, restarts = box.shown(unit, "MainPID"), int(box.shown(unit, "NRestarts"))
    box.do(f"kill -KILL {before}")
    box.until(lambda: box.shown(unit, "MainPID") not in {before, "0"}, f"another start of {unit}")
    assert int(box.shown(unit, "NRestarts")) == restarts + 1


def test_both_units_start_and_answer_and_are_enabled(box):
    assert box.do(f"systemctl is-active {UP} {DOOR}").split() == ["active", "active"]
    assert box.do(f"systemctl is-enabled {UP} {DOOR}").split() == ["enabled", "enabled"]
    assert (box.shown(UP, "NRestarts"), box.shown(DOOR, "NRestarts")) == ("0", "0"), box.log()
    pages = f"{STATE}/prefect/ui/v1/index.html {STATE}/prefect/ui/v2/index.html"
    assert len(box.do(f"ls {pages}").split()) == 2, "both pages of Prefect are there for a service"


def test_a_signed_message_is_acknowledged_and_its_run_ends_well_in_prefect(box):
    assert post(box, "one")["state"] == "stored"
    box.until(lambda: run_of(box, "one") == "COMPLETED", "the end of its run")
    assert post(box, "one")["state"] == "known"


def test_a_gateway_that_is_killed_is_started_again_and_knows_what_it_took(box):
    assert post(box, "before-the-kill")["state"] == "stored"
    killed(box, DOOR)
    box.until(lambda: ready(box), "the gateway after it was killed")
    assert post(box, "before-the-kill")["state"] == "known"
    box.until(lambda: run_of(box, "before-the-kill") == "COMPLETED", "the end of its run")


def test_an_up_that_is_killed_leaves_no_process_and_what_came_meanwhile_has_its_run(box):
    group = f"/sys/fs/cgroup{box.shown(UP, 'ControlGroup')}/cgroup.procs"
    before = set(box.do(f"cat {group}").split())
    assert len(before) >= 4, "up, the server, the worker, the gateway for operators"
    killed(box, UP)
    assert post(box, "meanwhile")["state"] == "stored"
    answering(box)
    assert not before & set(box.do(f"cat {group}").split())
    box.until(lambda: run_of(box, "meanwhile") == "COMPLETED", "the end of its run")


def test_what_operators_do_by_the_document_works_beside_the_units(box):
    (link,) = (line for line in commands("Install") if line.startswith("runuser"))
    assert box.do(link.replace("PERSON", "head-of-portfolio")).startswith("https://pmo.example.com/")
    verify = link.replace("link PERSON", "ledger verify 2>&1")
    assert "the ledger holds" in box.do(verify)
    (backup,) = (line for line in commands("Back up") if "backup.py" in line)
    assert "interoffice.db" in box.do(backup.replace("cd /opt", "umask 000; cd /opt"))
    assert box.do("find /var/backups/interoffice-* -perm /077 ! -type l") == ""
    assert ready(box)


def test_what_root_does_itself_is_done_as_the_user_of_the_service(box):
    (link,) = (line for line in commands("Install") if line.startswith("runuser"))
    by_root = link.replace("runuser -u interoffice -- ", "umask 000; ")
    assert by_root != link
    box.do(f"rm -f {STATE}/links.key")
    assert box.do(by_root.replace("PERSON", "head-of-portfolio")).startswith("https://pmo.example.com/")
    said = box.do(by_root.replace("link PERSON", "ledger verify 2>&1"))
    assert f"as interoffice, whose {STATE} is" in said
    assert box.do(f"stat -c %U {STATE}/links.key") == "interoffice"


def test_everything_that_was_written_belongs_to_the_user_of_the_service_and_nobody_reads_it(box):
    assert box.do(f"find {STATE} ! -user interoffice -o -perm /077 ! -type l") == ""
    elsewhere = f"find / -xdev -user interoffice ! -path '{STATE}*' ! -path '/proc/*'"
    assert box.do(elsewhere) == "", "and lies nowhere else"
    assert box.do("stat -c '%U %a' /etc/interoffice/secrets") == "root 600"


def test_no_page_and_no_other_user_gets_in(box):
    """In the machine's own network: what is asked, the pages of strangers, and the browser."""
    auth = box.do(f"cat {STATE}/prefect.auth")
    with entered(box.pid, "net"), ExitStack() as stack:
        port = stack.enter_context(strangers())
        ask = stack.enter_context(asking(SERVER, auth=tuple(auth.split(":"))))
        assert by_local_user(SERVER, Marks(ask)) == set()
        browser = stack.enter_context(chromium(STRANGERS))
        assert by_pages(browser, pages(SERVER, port), Marks(ask)) == set()
    assert by_files(Path(STATE), auth, box.pid) == set()


def test_both_end_cleanly_and_what_was_acknowledged_is_there(box):
    taken = [f"at-the-end-{number}" for number in range(5)]
    for key in taken:
        assert post(box, key)["state"] == "stored"
    for unit in (DOOR, UP):
        began = time.monotonic()
        box.do(f"systemctl stop {unit}")
        assert time.monotonic() - began < 15, f"{unit} ends before systemd loses its patience"
        assert (box.shown(unit, "Result"), box.shown(unit, "ActiveState")) == ("success", "inactive"), (
            box.log()
        )
    assert set(taken) <= set(stored(box))
    assert box.run("pgrep --uid interoffice").stdout == "", "no process is left"


def probed(box: Machine) -> set[str]:
    """What the probe that ran last was able to do."""
    found = json.loads(box.do(f"cat {STATE}/probe.json; rm {STATE}/probe.json"))
    return {what for what, is_so in found.items() if is_so}


@pytest.mark.parametrize("unit", [DOOR, UP])
def test_a_unit_refuses_its_program_what_it_does_not_need(box, unit):
    """A probe runs in the program's place, with every other line of the unit as it is."""
    drop = f"/etc/systemd/system/{unit}.service.d"
    start = f"ExecStart=\\nExecStart={HOME}/.venv/bin/python {HOME}/{PROBE}"
    box.do(f"mkdir {drop}; printf '[Service]\\n{start}\\n' > {drop}/probe.conf; systemctl daemon-reload")
    box.do(f"systemctl stop {unit}; systemctl start {unit}")
    box.until(lambda: box.shown(unit, "ActiveState") != "active", "the end of the probe", 30)
    assert box.shown(unit, "Result") == "success", box.log()
    assert probed(box) == {"writes its own folder", "knows its secret", "reads its organization"}
    assert box.run("test -e /tmp/of-the-probe").returncode == 1, "its /tmp is its own"


def test_the_probe_finds_what_the_service_s_user_may_do_without_its_unit(box):
    box.do(f"runuser -u interoffice -- {HOME}/.venv/bin/python {HOME}/{PROBE}")
    loose = {
        "sees a home",
        "sends what is no IP",
        "has a privilege",
        "may gain one",
        "calls whatever it likes",
    }
    assert loose <= probed(box)
    assert box.run("test -e /tmp/of-the-probe").returncode == 0
