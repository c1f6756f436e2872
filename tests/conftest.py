"""What holds for every test: nothing leaves this machine, and a failing property test reports soon.

What cannot be run here is not collected, and one line says what that is.
"""

import gc
import ipaddress
import os
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# The product refuses INTEROFFICE_ variables that it does not know; this one is for tests alone.
if specs := os.environ.pop("INTEROFFICE_SPECS", ""):
    os.environ["SPECS_OF_VENDORS"] = specs
ROOT = Path(__file__).resolve().parent.parent
SPECS = Path(os.environ.get("SPECS_OF_VENDORS") or ROOT.parent / "shared" / "specs")
DESCRIPTIONS = (
    "azure-devops-core-7.1.json", "azure-devops-wit-7.1.json", "github.json", "jira-cloud-v3.json",
    "jira-dc-10.3.json", "openproject-v3.json",
)  # fmt: skip
"""The vendors' descriptions that tests hold calls and answers against."""

COLLECTED = (10_000, 20, 100)
"""How rarely garbage is collected: a collection looks at all that was imported, which stays to the end."""

ROOM = 2 * 2**30
"""Bytes that must be free in memory for tests to write there; they need about a tenth of it."""


class NetworkUseRefusedError(RuntimeError):
    """A test tried to reach something other than loopback."""


def is_here(host: object) -> bool:
    """Whether a host is this machine itself; names other than localhost are not even looked up."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_the_network(event: str, arguments: tuple) -> None:
    """Audit hook: Python itself asks it before it connects, sends or looks up; it cannot be undone."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path or nothing: a local socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not is_here(host):
        raise NetworkUseRefusedError(f"{event} to {host!r}: tests stay on loopback")


sys.addaudithook(refuse_the_network)

# Explaining a failure runs the test for minutes more, and the smallest example says as much. No deadline: the
# machine may be busy. A failure prints the line that repeats it.
settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
settings.load_profile("house")


def memory() -> Path | None:
    """A folder in memory with enough room for tests, where programs may be started too; None if there is none."""
    folder = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of our own in it
    if not folder.is_dir() or not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return None
    return folder if shutil.disk_usage(folder).free >= ROOM else None


def pytest_configure(config: pytest.Config) -> None:
    """Collect garbage rarely; let no database wait for the disk at its commits, unless TMPDIR names a place.

    What `make test-servers` starts does wait: its machines and services have a /dev of their own.
    """
    gc.set_threshold(*COLLECTED)
    if config.option.markexpr == "not servers" and "TMPDIR" not in os.environ and (folder := memory()):
        tempfile.tempdir = str(folder)


SERVING = "serving"
TOGETHER = {f"tests/servers/test_{name}.py": SERVING for name in ("automations", "gateway", "serving")}
"""Files that one worker takes one after the other, as they use the same `up`."""
LONGEST = (
    "tests/servers/test_main_job.py", "tests/contract/test_contract.py", SERVING, "tests/servers/test_closed.py",
    "tests/servers/test_live.py", "tests/servers/test_form.py", "tests/servers/test_systemd.py",
    "tests/servers/test_hosts.py", "tests/servers/test_hints.py", "tests/runtime/test_prefect_database.py",
    "tests/tasks/test_beside_others.py", "tests/tasks/test_random_networks.py",
)  # fmt: skip
"""Files that are begun first, so that none of them is at work alone in the end; then those with most tests."""


def chore(nodeid: str) -> str:
    """What one worker takes as a whole: a file, or several."""
    file = nodeid.partition("::")[0]
    return TOGETHER.get(file, file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give out whole chores, where xdist would give out whole files, in the order in which they were collected."""
    from xdist.scheduler import LoadFileScheduling

    class ByChore(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return chore(nodeid)

    if config.option.dist != "loadfile":
        return None
    config.option.loadscopereorder = False
    return ByChore(config, log)


def longest_first(items: list[pytest.Item]) -> None:
    """Sort the tests by their chores; those of a chore stay in their order."""
    tests = Counter(chore(item.nodeid) for item in items)
    places = {each: place for place, each in enumerate(tests)}
    ranks = {each: rank for rank, each in enumerate(LONGEST)}

    def order(item: pytest.Item) -> tuple[int, int, int]:
        one = chore(item.nodeid)
        return ranks.get(one, len(LONGEST)), -tests[one], places[one]

    items.sort(key=order)


def absent(names: tuple[str, ...] = DESCRIPTIONS) -> list[str]:
    """Those of the vendors' descriptions that are not here."""
    return [name for name in names if not (SPECS / name).exists()]


def pytest_report_header() -> list[str]:
    """What is not collected, why, and what to do about it."""
    if not (names := absent()):
        return []
    what = (
        f"not collected: what is held against the vendors' own descriptions ({', '.join(names)}), which are"
    )
    how = "Name their folder in INTEROFFICE_SPECS; docs/new-connector.md says where they come from."
    return [f"{what} not in {SPECS}. {how}"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a description is absent for; a worker's tests are sorted as they are given out."""
    left_out = [item for item in items if any(absent(m.args) for m in item.iter_markers("descriptions"))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    if "PYTEST_XDIST_WORKER" in os.environ:
        longest_first(items)


@dataclass
class AtWork:
    """The vendors' descriptions that the test at work says it needs; None outside of a test."""

    needs: frozenset[str] | None = None

    def unsaid(self, names: tuple[str, ...]) -> list[str]:
        """Those of them that it uses without saying so: it would fail where they are absent."""
        return [] if self.needs is None else [name for name in names if name not in self.needs]


at_work = AtWork()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note what the test needs, before its fixtures are made."""
    at_work.needs = frozenset(name for mark in item.iter_markers("descriptions") for name in mark.args)
