"""What runs is in one lock, what tests and lint need on top in another: hashed, and enough for what they are for."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    "flows", "tasks", "domain", "connectors", "store", "reports", "gateway", "config", "runtime", "cli", "examples",
]  # fmt: skip
BESIDE = ["benchmarks", "scripts"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNS, TOOLS = "requirements.lock", "requirements-dev.lock"
EXTRAS = {
    "jpype": "project-files",
    "weasyprint": "pdf",
    "dlt": "the peers' own environment",
    "redminelib": "the peers' own environment",
    "celpy": "the peers' own environment",
    "regopy": "the peers' own environment",
    "dictdiffer": "the peers' own environment",
}
OF_TRAC = {"trac"}
"""Imported where Trac itself runs."""
WALK = """
import importlib, importlib.abc, sys
refused, modules = set(sys.argv[1].split()), sys.argv[2].split()
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
for module in modules:
    importlib.import_module(module)
from runtime import preload
preload.load()
print("imported", len(modules))
"""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: str) -> dict[str, str]:
    """The entries of a lock by name."""
    entries = re.split(r"(?m)^(?=[a-z0-9])", (ROOT / lock).read_text("utf-8"))[1:]
    return {re.split(r"[\[=]", entry, maxsplit=1)[0]: entry for entry in entries}


def names(asked: Iterable[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=]", line, maxsplit=1)[0]) for line in asked}


@pytest.mark.parametrize("lock", [RUNS, TOOLS])
def test_a_lock_pins_everything_with_hashes_and_names_no_place(lock: str) -> None:
    entries = locked(lock)
    assert len(entries) > 20
    assert [n for n, entry in entries.items() if "==" not in entry or "--hash=sha256:" not in entry] == []
    text = (ROOT / lock).read_text("utf-8")
    assert re.findall(r"(?m)://|^\s*--(?!hash)\S+|^\s*-[a-z]\b.*| @ ", text) == []


def test_each_lock_holds_what_is_asked_of_it_and_nothing_is_in_both() -> None:
    assert names(PROJECT["dependencies"]) <= set(locked(RUNS))
    assert names(PROJECT["optional-dependencies"]["dev"]) <= set(locked(RUNS)) | set(locked(TOOLS))
    assert set(locked(RUNS)) & set(locked(TOOLS)) == set()
    assert not {"pytest", "hypothesis", "mypy", "ruff", "playwright", "openpyxl"} & set(locked(RUNS))


def sources(folders: list[str]) -> dict[str, Path]:
    """Every module by its dotted name."""
    found = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


def imported(source: str) -> set[str]:
    """The first names of all that a module imports, at its top or later."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - set(ROOMS)


@cache
def distributions() -> Mapping[str, set[str]]:
    """What is installed, by the names that it brings; the library's own reads each name for every file."""
    found: dict[str, set[str]] = {}
    for each in importlib.metadata.distributions():
        name = normal(each.metadata["Name"])
        for line in (each.read_text("RECORD") or "").splitlines():
            top = line.split(",")[0].split("/")[0].split(".")[0]
            if top.isidentifier():
                found.setdefault(top, set()).add(name)
    return found


def undeclared(modules: Iterable[str], asked: set[str]) -> set[str]:
    """Those of the imported names whose distribution is not asked for."""
    return {name for name in modules if not asked & distributions().get(name, set())}


def test_whatever_the_rooms_import_is_declared_as_what_runs() -> None:
    asked = names(PROJECT["dependencies"])
    for module, path in sources(ROOMS).items():
        found = undeclared(imported(path.read_text("utf-8")) - set(EXTRAS), asked)
        assert found == set(), module


def test_benchmarks_and_servers_need_nothing_but_what_runs() -> None:
    found = sources(BESIDE)
    theirs = {Path(path).stem for path in found.values()} | set(BESIDE) | set(EXTRAS) | OF_TRAC
    for module, path in found.items():
        assert undeclared(imported(path.read_text("utf-8")) - theirs, set(locked(RUNS))) == set(), module


def test_an_import_that_is_not_declared_is_caught() -> None:
    planted = "def late():\n    import pytest\n    from anyio import run\n    import httpx, json\n"
    assert undeclared(imported(planted), names(PROJECT["dependencies"])) == {"pytest", "anyio"}


def walk(refused: Iterable[str], modules: Iterable[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WALK, " ".join(refused), " ".join(modules)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def only_with_the_tools() -> set[str]:
    """The names to import that no distribution of what runs brings."""
    runs = set(locked(RUNS)) | {"interoffice", "pip"}
    return {name for name, brought in distributions().items() if not runs & brought}


@pytest.mark.servers  # many seconds: all rooms twice
def test_every_module_of_the_rooms_can_be_imported_where_only_what_runs_is_installed() -> None:
    """Whatever these import in turn included, and what a run loads late."""
    refused = only_with_the_tools()
    assert {"pytest", "hypothesis", "openpyxl"} <= refused
    modules = set(sources(ROOMS)) - {"connectors.project_file.child"}
    modules = {each for each in modules if ".migrations" not in each and not each.endswith("__main__")}
    done = walk(refused, modules)
    assert done.stdout == f"imported {len(modules)}\n", done.stderr
    caught = walk(refused, ["openpyxl"])
    assert "No module named 'openpyxl'" in caught.stderr, "the control"
