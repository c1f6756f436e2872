"""`python -m scripts.servers start | stop | status | around COMMAND...`: what `make servers` runs.

`around` starts what can be started, runs a command, and stops what it started; its status is the command's.
"""

import subprocess
import sys
from collections.abc import Sequence
from types import ModuleType

from scripts.servers import place, processes, redmine, trac
from scripts.servers.place import NOTES, Stop, say

SERVERS: list[ModuleType] = [redmine, trac]
NAMES = [redmine.NAME, trac.NAME]


def start() -> int:
    """Leave both running: 0 when they do, 1 with a sentence for each that does not."""
    missing = []
    with place.one_at_a_time():
        for server in SERVERS:
            try:
                server.ensure(place.notes().get(server.NAME, {}))
            except Stop as problem:
                missing.append(f"{server.NAME} does not run: {problem}")
    for words in missing:
        print(f"servers: {words}", file=sys.stderr)
    if not missing:
        say(f"addresses and keys are in {place.shown(NOTES)}")
    return 1 if missing else 0


def stop(only: Sequence[str] = NAMES) -> int:
    """End what `start` started, and nothing else; the servers' data stay for the next start."""
    with place.one_at_a_time():
        for server in SERVERS:
            entry = place.notes().get(server.NAME, {})
            if server.NAME in only and entry:
                say(f"{server.NAME} is stopped" if processes.end(entry) else f"{server.NAME} was not running")
                place.write_down(server.NAME, {**entry, "pid": None, "started": None})
    return 0


def status() -> int:
    """Say which of them run: 0 when both do."""
    running = set(_running())
    for server in SERVERS:
        entry = place.notes().get(server.NAME, {})
        say(
            f"{server.NAME} is running at {entry['url']}"
            if server.NAME in running
            else f"{server.NAME} does not run"
        )
    return 0 if len(running) == len(SERVERS) else 1


def _running() -> list[str]:
    """The names of those that run."""
    known = place.notes()
    return [server.NAME for server in SERVERS if server.NAME in known and server.running(known[server.NAME])]


def around(command: Sequence[str]) -> int:
    """Run a command while the servers run; its exit status. Servers that ran before still run."""
    before = _running()
    if start():
        say("going on without; what needs them is skipped")
    try:
        with subprocess.Popen(command) as process:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    continue  # the command got the signal as well; wait for its end
    finally:
        started = [server.NAME for server in SERVERS if server.NAME not in before]
        if started:
            stop(started)


def main(arguments: Sequence[str]) -> int:
    """Exit 0 done, 1 with a sentence, 2 for a wrong usage."""
    verbs = {"start": start, "stop": stop, "status": status}
    try:
        if arguments[:1] == ["around"] and len(arguments) > 1:
            return around(arguments[1:])
        if len(arguments) == 1 and arguments[0] in verbs:
            return verbs[arguments[0]]()
    except Stop as problem:
        print(f"servers: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nservers: interrupted; run the same command again, it goes on from there", file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
