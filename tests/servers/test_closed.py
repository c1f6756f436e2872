"""Only who signed in starts anything: not pages of other addresses, other users, or runs of foreign code.

Every way is tried on `up` as people start it, directly and behind a proxy, and on a server without a guard, where
each has to get in.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from runtime import prefect_database
from runtime.examined import openings
from runtime.permitted import TEMPLATE
from tests.chromium import chromium
from tests.servers import foreign
from tests.servers.conftest import Up, client, enter, interoffice
from tests.servers.strangers import PROXIED, STRANGERS, asking, free_port, strangers, until
from tests.servers.ways import Ask, Marks, by_files, by_local_user, by_pages, every_way, pages

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parents[2]
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
NGINX = """
daemon off; master_process off; pid {place}/pid;
events {{}}
http {{
  access_log off; client_body_temp_path {place}; proxy_temp_path {place}; fastcgi_temp_path {place};
  uwsgi_temp_path {place}; scgi_temp_path {place};
  map $http_upgrade $asked {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {place}/certificate; ssl_certificate_key {place}/key;
    location / {{
      proxy_pass http://{target}; proxy_http_version 1.1; proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $asked;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium(STRANGERS) as started:
        yield started


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """The port of a server of strangers on this machine."""
    with strangers() as port:
        yield port


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory) -> Iterator[str]:
    """The address of a Prefect server that was left as it comes."""
    home = tmp_path_factory.mktemp("unguarded")
    prefect_database._begin_with_template(prefect_database.PLACE, home / "prefect.db")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
    settings = {
        "PREFECT_HOME": str(home), "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1", "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    }  # fmt: skip
    with socket.create_server(("127.0.0.1", 0), backlog=100) as at, (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "tests.servers.unguarded", "prefect", str(at.fileno())]
        process = subprocess.Popen(
            command, cwd=ROOT, env={**kept, **settings}, pass_fds=[at.fileno()], stdout=log, stderr=log
        )
        url = f"http://127.0.0.1:{at.getsockname()[1]}"
        until(lambda: httpx.get(f"{url}/api/health", trust_env=False, timeout=60).is_success)
        yield url
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def closed(ups, tmp_path_factory) -> Iterator[Up]:
    """An `up` for an organization of one's own that serves; every folder above its state folder is open to all."""
    place = tmp_path_factory.mktemp("closed")
    for each in (place, *place.parents[:2]):
        each.chmod(each.stat().st_mode | 0o055)
    shutil.copytree(ROOT / "config" / "skeleton", place / "mine")
    named = f"https://{PROXIED}:{free_port()}"
    mine = ("--organization", str(place / "mine"))
    up = ups(place / "state", *mine, terminal=True, INTEROFFICE_PREFECT_URL=named)
    up.until_said("serving until Ctrl-C")
    yield up
    up.stop()


@pytest.fixture(scope="module")
def proxied(closed, tmp_path_factory) -> Iterator[str]:
    """The address of an nginx that stands before it, with TLS."""
    if shutil.which("nginx") is None:
        pytest.skip("no nginx")
    place = tmp_path_factory.mktemp("proxy")
    own = link(closed).partition("/sign-in")[0]
    port, target = urlsplit(own).port, urlsplit(str(closed.folder.notes()["ui"])).netloc
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    named = ["-subj", f"/CN={PROXIED}", "-keyout", place / "key", "-out", place / "certificate"]
    subprocess.run([*make, *named], check=True, capture_output=True)
    (place / "nginx.conf").write_text(NGINX.format(place=place, port=port, target=target))
    process = subprocess.Popen(["nginx", "-p", place, "-c", place / "nginx.conf", "-e", place / "log"])
    with httpx.Client(verify=False, trust_env=False) as line:  # noqa: S501 - its certificate is made for this test
        until(
            lambda: line.get(f"https://127.0.0.1:{port}/", headers={"host": urlsplit(own).netloc}).is_success
        )
    yield own
    process.terminate()
    process.wait()


def link(up: Up) -> str:
    """A link that signs in, as the proxy's setting makes it."""
    done = interoffice(up.folder.root, "login")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def ours(closed) -> Iterator[Ask]:
    """How the operator asks the server that is closed."""
    with client(closed) as line, asking(str(closed.folder.notes()["ui"]), auth=line.auth) as ask:
        yield ask


@pytest.fixture(scope="module")
def theirs(unguarded) -> Iterator[Ask]:
    """How everybody asks the one that is not."""
    with asking(unguarded) as ask:
        yield ask


def test_no_page_of_another_address_gets_in(closed, ours, browser, elsewhere) -> None:
    own = str(closed.folder.notes()["ui"])
    assert len(every_way(own)) >= 40
    assert by_pages(browser, pages(own, elsewhere), Marks(ours)) == set()


def test_each_of_them_gets_in_where_no_guard_is(unguarded, theirs, browser, elsewhere) -> None:
    found = by_pages(browser, pages(unguarded, elsewhere), Marks(theirs))
    assert every_way(unguarded) - found == set()


@ROOT_ONLY
def test_no_other_user_of_the_machine_gets_in(closed, unguarded, ours, theirs) -> None:
    own = str(closed.folder.notes()["ui"])
    assert by_local_user(own, Marks(ours)) == set()
    assert len(by_local_user(unguarded, Marks(theirs))) == 6, "the control"


@ROOT_ONLY
def test_no_other_user_of_the_machine_reads_the_state_folder_or_a_process(closed) -> None:
    auth = (closed.folder.root / "prefect.auth").read_text()
    assert by_files(closed.folder.root, auth) == set()
    with tempfile.TemporaryDirectory() as place:
        wide = Path(
            shutil.copytree(
                closed.folder.root, Path(place) / "wide", ignore=shutil.ignore_patterns("fork-server")
            )
        )
        Path(place).chmod(0o755)
        for each in (wide, *wide.rglob("*")):
            each.chmod(0o755)
        shown = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)", auth], env={"A_AUTH_STRING": auth}
        )
        found = by_files(wide, auth)
        shown.kill()
        shown.wait()
    assert {"read prefect.auth", "read interoffice.db", "read prefect.db", f"listed {wide}"} <= found, (
        "the control"
    )
    assert "read the string on a command line" in found


@pytest.mark.parametrize("interface", ["v2", "v1"])
def test_one_click_on_the_printed_link_signs_in_to_both_of_prefect_s_pages(
    closed, proxied, browser, interface
) -> None:
    """Through the proxy: its address is the one that the link names."""
    context = browser.new_context(ignore_https_errors=True)
    context.add_cookies([{"name": "prefect_ui_version", "value": interface, "url": proxied}])
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page, once = context.new_page(), link(closed)
    enter(page, once)
    page.goto(f"{proxied}{'/v2' if interface == 'v2' else ''}/deployments")
    page.get_by_text("answer-message").first.wait_for()
    assert "#" not in page.url
    again = context.new_page()
    again.goto(f"{proxied}/runs")
    again.get_by_text("sync-offices").first.wait_for()
    again.goto(once)
    again.get_by_text("This link was used before").wait_for()
    context.close()
    assert [url for url in asked if not url.removeprefix("blob:").startswith((f"{proxied}/", "data:"))] == []


def test_up_prints_a_link_on_a_terminal(closed, proxied, browser) -> None:
    (printed,) = re.findall(r"Sign in:  (https://\S+/sign-in#\S+) \(once, within an hour", closed.said)
    assert printed.startswith(proxied)
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    enter(page, printed)
    context.close()


def test_the_string_stands_in_its_own_file_and_nowhere_else(closed) -> None:
    auth = (closed.folder.root / "prefect.auth").read_bytes()
    coded = base64.b64encode(auth)

    def holds(path: Path) -> bool:
        content = path.read_bytes() if path.is_file() else b""
        return auth in content or coded in content or auth.partition(b":")[2] in content

    assert [path.name for path in closed.folder.root.rglob("*") if holds(path)] == ["prefect.auth"]
    assert auth.decode().partition(":")[2] not in closed.said


def test_no_page_of_another_address_gets_in_behind_a_proxy(proxied, ours, browser, elsewhere) -> None:
    assert by_pages(browser, pages(proxied, elsewhere), Marks(ours)) == set()


def test_what_is_open_at_a_server_of_one_s_own_is_said_and_nothing_at_ours(
    closed, unguarded, theirs, monkeypatch
) -> None:
    theirs("POST", "/work_pools/", {"name": "interoffice", "type": "process"})
    found = [each.message for each in openings(f"{unguarded}/api", "interoffice")]
    assert len(found) == 7, found
    with client(closed) as line:
        monkeypatch.setenv("PREFECT_API_AUTH_STRING", (closed.folder.root / "prefect.auth").read_text())
        assert openings(str(line.base_url).rstrip("/"), "interoffice") == ()
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
    checked = subprocess.run(
        [sys.executable, "-m", "cli.main", "check", str(ROOT / "config" / "skeleton"), "--json"],
        env={**kept, "PREFECT_API_URL": f"{unguarded}/api"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert len(json.loads(checked.stdout)["server"]) == 7, checked.stderr
    assert checked.stderr.count("warning: the Prefect server at http://127.0.0.1:") == 7


def test_up_listens_on_nothing_that_this_page_does_not_name(closed) -> None:
    """Also while a run is at work; on other addresses than loopback nothing at all."""
    done = threading.Event()
    mine = ("--organization", str(closed.folder.root.parent / "mine"))

    def work() -> None:
        interoffice(closed.folder.root, "run", "report-network", "why=a test", *mine)
        done.set()

    runs, found = threading.Thread(target=work), set()
    runs.start()
    while not done.is_set():
        found |= listening(closed)
        time.sleep(0.2)
    runs.join()
    assert {address for _, address in found} == {"127.0.0.1"}
    assert {"server", "gateway"} <= {program for program, _ in found} <= {"server", "gateway", "worker"}


def test_the_temporary_server_of_a_local_run_asks_for_the_string_too(tmp_path) -> None:
    shutil.copytree(ROOT / "config" / "skeleton", tmp_path / "mine")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
    asked = ["run", "report-network", "why=a test", "--local", "--json"]
    where = ["--organization", str(tmp_path / "mine"), "--state", str(tmp_path / "state")]
    found: set[int] = set()
    with (tmp_path / "said").open("w") as said, httpx.Client(trust_env=False) as stranger:
        run = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *asked, *where], env=kept, stdout=said, stderr=said
        )
        while run.poll() is None:
            with suppress(psutil.Error, httpx.HTTPError):
                for each in psutil.Process(run.pid).children(recursive=True):
                    for line in each.net_connections("inet"):
                        if line.status == psutil.CONN_LISTEN:
                            api = f"http://{line.laddr.ip}:{line.laddr.port}/api"
                            found.add(stranger.get(f"{api}/admin/version").status_code)
            time.sleep(0.2)
    assert run.returncode == 0, (tmp_path / "said").read_text()
    assert found == {401}


def listening(up: Up) -> set[tuple[str, str]]:
    """The program and the address of every socket of its processes that listens."""
    found = set()
    for process in [psutil.Process(up.process.pid), *up.left()]:
        with suppress(psutil.Error):
            words = " ".join(process.cmdline())
            name = next(
                (n for n in ("prefect_server", "prefect_worker", "runtime.gateway_process") if n in words),
                words,
            )
            program = {
                "prefect_server": "server",
                "prefect_worker": "worker",
                "runtime.gateway_process": "gateway",
            }.get(name, name)
            kept = [each for each in process.net_connections("inet") if each.status == psutil.CONN_LISTEN]
            if process.pid != up.process.pid:  # it holds the sockets that its programs answer on
                found |= {(program, each.laddr.ip) for each in kept}
    return found


def ended(ask: Ask, run: str, seconds: float = 90) -> dict:
    """The state of a run, when it has one that stays."""
    deadline = time.monotonic() + seconds
    while (state := ask("GET", f"/flow_runs/{run}")["state"])["type"] in ("SCHEDULED", "PENDING", "RUNNING"):
        assert time.monotonic() < deadline, state
        time.sleep(0.2)
    return state


def ran(ask: Ask, attempt: foreign.Attempt, run: str) -> None:
    """Wait until its file is there."""
    deadline = time.monotonic() + 90
    while not attempt.file.exists():
        assert time.monotonic() < deadline, ask("GET", f"/flow_runs/{run}")
        time.sleep(0.1)


def test_the_worker_runs_nothing_foreign_and_setup_mends_what_was_changed(closed, ours, tmp_path) -> None:
    there = {name: ours("GET", f"/deployments/name/{name}/{name}")["id"] for name in foreign.OURS}
    ids = itertools.cycle(there.values())
    for what, way in foreign.WAYS.items():
        attempt = foreign.Attempt.begun(ours, tmp_path, next(ids), "interoffice")
        state = ended(ours, way(attempt))
        if what not in foreign.NOT_SEEN:
            assert (what, state["type"], " -> " in state["message"]) == (what, "CRASHED", True), state
        assert not attempt.file.exists(), what
    mine = ("--organization", str(closed.folder.root.parent / "mine"))
    mended = interoffice(closed.folder.root, "setup", "--json", *mine)
    assert set(there) <= {*json.loads(mended.stdout)["updated"], *json.loads(mended.stdout)["same"]}
    assert ours("GET", "/work_pools/interoffice")["base_job_template"] == TEMPLATE
    for name, identity in there.items():
        found = ours("GET", f"/deployments/{identity}")
        assert (found["path"], found["pull_steps"], found["job_variables"]) == (None, [], {}), name
    report = ours("POST", f"/deployments/{there['report-network']}/create_flow_run", foreign.WHY)
    assert ended(ours, report["id"])["type"] == "COMPLETED"


def test_a_worker_as_it_comes_runs_each_of_them(unguarded, theirs, tmp_path) -> None:
    """The control: the same tries, and each leaves its file."""
    theirs("POST", "/work_pools/", {"name": "control", "type": "process"})
    flow = theirs("POST", "/flows/", {"name": "report-network"})["id"]
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "control", "--type", "process"]
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
    settings = {
        "PREFECT_API_URL": f"{unguarded}/api", "PREFECT_HOME": str(tmp_path), "DO_NOT_TRACK": "1", "PREFECT_WORKER_QUERY_SECONDS": "1",
        "TMPDIR": str(tmp_path),
    }  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(command, env={**kept, **settings}, stdout=log, stderr=log)
    try:
        left = {}
        for what, way in foreign.WAYS.items():
            made = {"name": f"ours-{len(left)}", "flow_id": flow, "work_pool_name": "control"}
            ours = theirs("POST", "/deployments/", {**made, "entrypoint": foreign.ENTRYPOINT})["id"]
            attempt = foreign.Attempt.begun(theirs, tmp_path, ours, "control")
            left[what] = (attempt, way(attempt))
            if what in foreign.BY_THE_POOL:  # the next one changes the pool as well
                ran(theirs, *left[what])
        for attempt, run in left.values():
            ran(theirs, attempt, run)
    finally:
        for process in [*psutil.Process(worker.pid).children(recursive=True), worker]:
            process.kill()
        worker.wait()
