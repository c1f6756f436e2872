"""Our own Redmine: Debian's code below var/servers, one SQLite file, set up from table.yaml, served by Puma.

Nothing of it lies in the system's folders, and it listens on 127.0.0.1 only. Its database outlives a stop, a
kill and a restart of the machine; `make clean` removes it.
"""

import contextlib
import json
import os
import secrets
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

from scripts.servers import debian, place, processes
from scripts.servers.place import HERE, HOME, Entry, Stop, plain_environment, say, step

NAME = "redmine"
PORT = 47080
FOLDER = HOME / NAME
PACKAGE = FOLDER / "package"
CODE = PACKAGE / "usr" / "share" / "redmine"
INSTANCE = FOLDER / "instance"
DATABASE = FOLDER / "redmine.db"
STAMP = FOLDER / "stamp.json"
ANSWER = FOLDER / "answer.json"
LOG = HOME / "redmine.log"
SYSTEM = Path("/usr/share/redmine")

DATABASE_YML = "production:\n  adapter: sqlite3\n  database: {database}\n  timeout: 20000\n"
SETTINGS_RB = """\
config.log_level = :warn

# Tests write into the database, too: a transaction waits for its turn as it begins, and does not fail later.
# What is committed outlives a kill, and need not outlive a power cut: no request waits for the disk.
config.after_initialize do
  ActiveRecord::ConnectionAdapters::SQLite3Adapter.prepend(Module.new do
    def begin_db_transaction
      log("begin immediate transaction", nil) { @connection.transaction(:immediate) }
    end

    def configure_connection
      super
      execute("PRAGMA synchronous = NORMAL")
    end
  end)
end
"""


def running(entry: Entry) -> bool:
    """Whether the Redmine of an entry of servers.json lives and answers."""
    return processes.found(entry) is not None and answers(entry)


def answers(entry: Entry) -> bool:
    """Whether it gives its administrator the list of projects."""
    key = entry["users"]["admin"]["key"]
    status, _ = processes.ask(f"{entry['url']}/projects.json?limit=1", headers={"X-Redmine-API-Key": key})
    return status == 200


def ensure(entry: Entry) -> dict[str, Any]:
    """Leave it running, with no more steps than needed; its entry for servers.json."""
    wanted = place.digest(place.TABLE, HERE / "redmine_setup.rb")
    if _stamp().get("setup") == wanted and running(entry):
        say(f"Redmine is running at {entry['url']}")
        return dict(entry)
    processes.end(entry)
    began = time.monotonic()
    _prepare(wanted)
    port = processes.port_for(_port_of(entry))
    entry = {**_known(), "url": f"http://127.0.0.1:{port}", "log": str(LOG), "database": str(DATABASE)}
    say(f"starting Redmine at {entry['url']}")
    puma = ["puma", "-e", "production", "-t", "1:1", "-b", f"tcp://127.0.0.1:{port}", "config.ru"]
    entry |= processes.start(puma, LOG, _environment(), CODE)
    place.write_down(NAME, entry)
    processes.await_answer(entry, lambda: answers(entry), LOG)
    say(f"Redmine answers ({time.monotonic() - began:.0f} s)")
    return entry


def new_redmine(folder: Path) -> dict[str, Any]:
    """Another Redmine with a copy of the database, whose settings concern nobody else; its entry.

    It serves the same code as the one that runs, from `folder`; `end_redmine` ends it.
    """
    for name in ("config", "log", "files", "tmp", "public/plugin_assets"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    database = folder / "redmine.db"
    with (
        contextlib.closing(sqlite3.connect(DATABASE)) as source,
        contextlib.closing(sqlite3.connect(database)) as copy,
    ):
        source.backup(copy)
        copy.execute("pragma journal_mode=wal")
    settings = DATABASE_YML.format(database=json.dumps(str(database)))
    (folder / "config" / "database.yml").write_text(settings, "utf-8")
    place.write_secret(folder / "config" / "secret_key.txt", secrets.token_hex(32))
    instance = f"own-{secrets.token_hex(6)}"
    _point(CODE / "instances" / instance, folder)
    port, log = processes.port_for(0), folder / "redmine.log"
    entry = {**_known(), "url": f"http://127.0.0.1:{port}", "log": str(log), "database": str(database)}
    entry |= {"instance": str(CODE / "instances" / instance)}
    puma = ["puma", "-e", "production", "-t", "1:1", "-b", f"tcp://127.0.0.1:{port}", "config.ru"]
    entry |= processes.start(puma, log, _environment(REDMINE_INSTANCE=instance), CODE)
    processes.await_answer(entry, lambda: answers(entry), log)
    return entry


def end_redmine(entry: Entry) -> None:
    """End a Redmine that `new_redmine` started."""
    processes.end(entry)
    Path(entry["instance"]).unlink(missing_ok=True)


def _port_of(entry: Entry) -> int:
    """The port that it had before, so that its address stays."""
    return int(str(entry.get("url", f":{PORT}")).rpartition(":")[2])


def _prepare(wanted: str) -> None:
    """Install, unpack, make the database and set it up, each only where it has to be done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stamp, version = _stamp(), debian.install()
    if stamp.get("package") != version or not CODE.is_dir():
        debian.unpack(PACKAGE)
        stamp = {}
    _fit_in()
    if not DATABASE.exists() or not stamp:
        say("making Redmine's database")
        bundle = ["bundle", "exec", "rake", "db:migrate"]
        step(["bundle", "lock", "--local"], "bundle lock", _environment(), CODE)
        step(bundle, "rake db:migrate", _environment(SCHEMA="/dev/null"), CODE)
        with contextlib.closing(sqlite3.connect(DATABASE)) as database:
            database.execute("pragma journal_mode=wal")
        stamp = {}
    if stamp.get("setup") != wanted or not ANSWER.exists():
        say("setting Redmine up: REST, fields, roles, users with keys of their own")
        script = [*"bundle exec rails runner".split(), HERE / "redmine_setup.rb"]
        step(script, "rails runner redmine_setup.rb", _environment(), CODE)
    STAMP.write_text(json.dumps({"package": version, "setup": wanted}), "utf-8")


def _stamp() -> dict[str, Any]:
    """What was last prepared; empty where nothing was, or where it was interrupted."""
    try:
        return json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _fit_in() -> None:
    """Redirect what points to system folders: configuration, data, lists of gems, scripts of its pages."""
    for name in ("config", "log", "files", "tmp", "public/plugin_assets"):
        (INSTANCE / name).mkdir(parents=True, exist_ok=True)
    (INSTANCE / "config" / "database.yml").write_text(
        DATABASE_YML.format(database=json.dumps(str(DATABASE))), "utf-8"
    )
    secret = INSTANCE / "config" / "secret_key.txt"
    if not secret.exists():
        place.write_secret(secret, secrets.token_hex(32))
    (CODE / "config" / "additional_environment.rb").write_text(SETTINGS_RB, "utf-8")
    for link in CODE.rglob("*"):
        if link.is_symlink() and not link.exists():
            there = Path(os.path.normpath(SYSTEM / link.parent.relative_to(CODE) / link.readlink()))
            link.unlink()
            if there.is_file() and not there.is_relative_to(SYSTEM):
                link.symlink_to(there)
    _point(CODE / "instances" / "default", INSTANCE)
    gemfile = CODE / "Gemfile"
    gemfile.write_text(
        gemfile.read_text("utf-8").replace(f"'{SYSTEM}/{{config", "__dir__ + '/{config"), "utf-8"
    )


def _point(link: Path, target: Path) -> None:
    """Make a link, or make it anew where the folder was moved."""
    if link.parent.is_symlink():
        link.parent.unlink()
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _known() -> dict[str, Any]:
    """What the set-up wrote down: users with keys, fields, trackers, statuses."""
    answer = json.loads(ANSWER.read_text("utf-8"))
    del answer["passwords"]
    return answer


def _environment(**more: str) -> dict[str, str]:
    """The environment of Ruby, with nothing of another Redmine."""
    home = FOLDER / "home"
    home.mkdir(exist_ok=True)
    if shutil.which("bundle") is None:
        raise Stop("Bundler is not on the path although its package is installed; is /usr/bin on it?")
    return plain_environment(
        HOME=str(home),
        RAILS_ENV="production",
        RUBYOPT="-W0",
        RUBY_YJIT_ENABLE="1",  # a Ruby that can compiles what it runs often: a write takes half of the time
        SERVERS_TABLE=str(place.TABLE),
        SERVERS_ANSWER=str(ANSWER),
        **more,
    )
