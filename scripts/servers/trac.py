"""Our own Trac: an environment from table.yaml, its XML-RPC and JSON-RPC switched on, served by tracd.

Trac lives in a virtual environment of its own below var/servers, since its plugin is converted there. A test
that wants a Trac to itself calls `new_trac`, which copies a template and takes about a second.
"""

import base64
import hashlib
import json
import secrets
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.servers import place, processes
from scripts.servers.place import HERE, HOME, ROOT, Entry, Stop, plain_environment, say, step

NAME = "trac"
PORT = 47081
VENV = HOME / "trac-venv"
PYTHON = VENV / "bin" / "python"
OURS = HOME / "trac"
TEMPLATE = HOME / "trac-template"
STAMP = HOME / "trac-stamp.json"
PINNED = ["Trac==1.6", "setuptools==65.5.1"]
PLUGIN = "TracXMLRPC==1.1.9"
FROM_LOCK = ["jinja2", "markupsafe"]
# The plugin's only published wheel is for Python 2; nothing of it is run as such.
PYTHON_2 = "--only-binary=:all: --python-version=2.7 --implementation=py --abi=none --platform=any".split()


def running(entry: Entry) -> bool:
    """Whether the Trac of an entry of servers.json lives and answers."""
    return processes.found(entry) is not None and answers(entry)


def answers(entry: Entry) -> bool:
    """Whether it gives its administrator the version of its API."""
    status, body = call(entry, "system.getAPIVersion")
    return status == 200 and isinstance(body, dict) and body.get("error") is None


def call(entry: Entry, method: str, *params: object, user: str = "admin") -> tuple[int, object]:
    """One JSON-RPC call as a user: the status and the whole answer."""
    signed = processes.basic(user, entry["users"][user]["password"])
    return processes.ask(entry["rpc"], {"method": method, "params": list(params), "id": 1}, headers=signed)


def ensure(entry: Entry) -> dict[str, Any]:
    """Leave it running, with no more steps than needed; its entry for servers.json."""
    wanted = _wanted()
    if _stamp() == wanted and running(entry):
        say(f"Trac is running at {entry['url']}")
        return dict(entry)
    processes.end(entry)
    began = time.monotonic()
    prepare(wanted)
    wished = int(str(entry.get("url", f":{PORT}")).rpartition(":")[2])
    passwords = {name: user["password"] for name, user in entry.get("users", {}).items()}
    say("starting Trac")
    entry = new_trac(OURS, wished, passwords)
    place.write_down(NAME, entry)
    say(f"Trac answers at {entry['url']} ({time.monotonic() - began:.0f} s)")
    return entry


def new_trac(folder: Path, wished: int = 0, passwords: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A running Trac whose data lie in the folder: its entry, to be ended by `processes.end(entry)`.

    An environment that is there already is served as it is; otherwise the template is copied. `prepare` must
    have been done once. The entry has url, rpc (where calls are sent), users, environment, pid and started.
    """
    environment, guests, log = folder / "environment", folder / "htpasswd", folder / "tracd.log"
    folder.mkdir(parents=True, exist_ok=True)
    if not environment.exists():
        if not TEMPLATE.exists():
            raise Stop("there is no Trac to copy; run `make servers` first")
        shutil.copytree(TEMPLATE, folder / "copied")
        (folder / "copied").rename(environment)
    users = {
        name: {"password": (passwords or {}).get(name) or secrets.token_urlsafe(18)} for name in _people()
    }
    lines = [f"{name}:{{SHA}}{_sha(user['password'])}\n" for name, user in users.items()]
    place.write_secret(guests, "".join(lines))
    port = processes.port_for(wished)
    url = f"http://127.0.0.1:{port}"
    tracd = [PYTHON, "-I", "-W", "ignore", "-m", "trac.web.standalone", "--single-env", "--http11"]
    tracd += [
        "--hostname",
        "127.0.0.1",
        "--port",
        str(port),
        f"--basic-auth=*,{guests},Interoffice",
        environment,
    ]
    started = processes.start(tracd, log, plain_environment(), folder)
    entry = {
        "url": url,
        "rpc": f"{url}/login/rpc",
        "users": users,
        "environment": str(environment),
        "log": str(log),
    }
    entry |= {"version": PINNED[0].partition("==")[2], **started}
    processes.await_answer(entry, lambda: answers(entry), log)
    return entry


def prepare(wanted: Entry | None = None) -> None:
    """Install Trac and make the template, each only where it has to be done."""
    wanted, known = wanted or _wanted(), _stamp()
    if known.get("installed") != wanted["installed"] or not PYTHON.exists():
        _install()
        STAMP.write_text(json.dumps({"installed": wanted["installed"]}), "utf-8")
    if known.get("template") != wanted["template"] or not TEMPLATE.exists():
        _make_template()
    STAMP.write_text(json.dumps(wanted), "utf-8")


def _install() -> None:
    """Install Trac at its pinned version in an environment of its own, and the converted plugin beside it."""
    if sys.version_info >= (3, 13):
        raise Stop(
            "Trac 1.6 and the conversion of its plugin need Python 3.11 or 3.12; .venv has a newer one"
        )
    say(f"installing {PINNED[0]} and {PLUGIN} into {place.shown(VENV)}")
    shutil.rmtree(VENV, ignore_errors=True)
    step([sys.executable, "-I", "-m", "venv", VENV], "python -m venv")
    pip = [PYTHON, "-I", "-W", "ignore", "-m", "pip", "--no-input", "--disable-pip-version-check"]
    step([*pip, "install", "--progress-bar=off", *PINNED, *_locked()], "pip install Trac")
    fetched = HOME / "fetched"
    shutil.rmtree(fetched, ignore_errors=True)
    step([*pip, "download", "--no-deps", *PYTHON_2, "--dest", fetched, PLUGIN], "pip download TracXMLRPC")
    (wheel,) = fetched.glob("*.whl")
    (packages,) = VENV.glob("lib/python3*/site-packages")
    step([PYTHON, "-I", "-W", "ignore", HERE / "tracrpc.py", wheel, packages], "converting TracXMLRPC")
    shutil.rmtree(fetched)


def _make_template() -> None:
    """Make a template with our fields, types and rights, from which others are copied; ours gets them too."""
    say("making an environment of Trac")
    fresh = TEMPLATE.with_name(TEMPLATE.name + "-new")
    shutil.rmtree(fresh, ignore_errors=True)
    listed = HOME / "trac-table.json"
    listed.write_text(json.dumps(place.table()), "utf-8")
    for environment in (fresh, OURS / "environment"):
        if environment == fresh or environment.exists():
            step([PYTHON, "-I", "-W", "ignore", HERE / "trac_setup.py", environment, listed], "trac_setup.py")
    listed.unlink()
    shutil.rmtree(TEMPLATE, ignore_errors=True)
    fresh.rename(TEMPLATE)


def _locked() -> list[str]:
    """The other packages that Trac needs, at the versions of our own lock."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return [line.split()[0] for line in lines if line.partition("==")[0] in FROM_LOCK]


def _people() -> list[str]:
    return ["admin", *place.table()["users"]]


def _sha(password: str) -> str:
    """The form in which tracd compares a password; the passwords are random and long."""
    return base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()  # noqa: S324 - the file's format


def _wanted() -> dict[str, Any]:
    """What the stamp of a finished preparation says."""
    installed = [*PINNED, PLUGIN, *_locked(), place.digest(HERE / "tracrpc.py")]
    return {"installed": installed, "template": place.digest(place.TABLE, HERE / "trac_setup.py")}


def _stamp() -> dict[str, Any]:
    try:
        return json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
