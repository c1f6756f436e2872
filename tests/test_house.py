"""The rooms keep to their jobs: sizes, names, arrows and who may use what; each rule shown to catch a fault."""

import ast
import importlib.util
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import NetworkUseRefusedError

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    "flows", "tasks", "domain", "connectors", "store", "reports", "gateway", "config", "runtime", "cli", "examples",
]  # fmt: skip
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "common", "misc"}

# What may be used where: a name, or all that begins with it and a dot, and the modules that may use it.
# A module stands for itself and what is in it.
ONLY_IN = {
    "prefect": ["flows", "tasks", "gateway", "runtime"],
    "sqlalchemy": ["store", "config.wiring", "runtime.prefect_database"],
    "alembic": ["store", "config.wiring"],
    "requests": ["connectors.http.client"],
    "cel": ["domain.standards.checks.evaluation"],
    "rfc8785": ["domain.canonical"],
    "os.environ": ["config.settings"],
    "os.environb": ["config.settings"],
    "os.getenv": ["config.settings"],
    "os.putenv": ["config.settings"],
    "datetime.datetime.now": ["config.wiring"],
    "datetime.datetime.utcnow": ["config.wiring"],
    "datetime.datetime.today": ["config.wiring"],
    "datetime.date.today": ["config.wiring"],
    "time.time": ["config.wiring"],
    "time.time_ns": ["config.wiring"],
}
DOMAIN_EXTRAS = {"cel", "rfc8785"}


def sources() -> list[tuple[str, Path]]:
    """Every module of the rooms, as (dotted name, path)."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append((".".join(part for part in parts if part != "__init__"), path))
    return found


@cache
def trees() -> list[tuple[str, ast.Module]]:
    """Every module of the rooms, parsed."""
    return [(name, ast.parse(path.read_text("utf-8"), str(path))) for name, path in sources()]


def aliases(tree: ast.Module) -> dict[str, str]:
    """What the imported names of a module stand for, wherever in it they are imported."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                known[name.asname or name.name.partition(".")[0]] = (
                    name.name if name.asname else name.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                known[name.asname or name.name] = f"{node.module}.{name.name}"
    return known


def names_used(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every imported or dotted name that a module uses, in full, with its line."""
    known = aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)
        elif isinstance(node, ast.Attribute):
            dotted = ast.unparse(node)
            first, _, rest = dotted.partition(".")
            if first in known:
                yield f"{known[first]}.{rest}", node.lineno


def within(name: str, places: list[str]) -> bool:
    """Whether a dotted name is one of the places or lies in one."""
    return any(name == place or name.startswith(place + ".") for place in places)


def misplaced(module: str, tree: ast.Module) -> list[str]:
    """The uses of a module that another room keeps for itself."""
    return [
        f"{module}:{line} uses {used}, which belongs to {' and '.join(places)}"
        for used, line in names_used(tree)
        for kept, places in ONLY_IN.items()
        if within(used, [kept]) and not within(module, places)
    ]


def foreign(module: str, tree: ast.Module) -> list[str]:
    """The imports of a domain module that are neither the standard library's nor the domain's own."""
    allowed = (
        set(sys.stdlib_module_names) | {"domain"} | DOMAIN_EXTRAS
    )  # where the extras may be, ONLY_IN says
    return [
        f"{module}:{node.lineno} imports {name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and not getattr(node, "level", 0)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
        if name and name.partition(".")[0] not in allowed
    ]


def is_flow(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is decorated as a flow."""
    return any(
        re.match(r"(prefect\.)?flow\b", ast.unparse(decorator)) is not None
        for decorator in node.decorator_list
    )


def too_long(module: str, tree: ast.Module) -> list[str]:
    """The functions above 40 lines, flows above 80, from `def` to the end, docstring included."""
    return [
        f"{module}:{node.lineno} {node.name} has {length} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > (80 if is_flow(node) else 40)
    ]


def test_every_module_says_its_job() -> None:
    silent = [name for name, tree in trees() if not ast.get_docstring(tree)]
    assert silent == [], "modules without a docstring"


def test_no_module_has_a_vague_name() -> None:
    assert [name for name, _ in sources() if VAGUE & set(name.split("."))] == []


def test_no_module_is_above_400_lines_and_half_of_them_stay_within_120() -> None:
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in sources()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert statistics.median(lengths.values()) <= 120


def test_no_function_is_above_40_lines_and_no_flow_above_80() -> None:
    long = [
        line
        for name, tree in trees()
        if not name.startswith(
            "store.migrations.versions."
        )  # a list of statements, frozen once it was released
        for line in too_long(name, tree)
    ]
    assert long == []


@pytest.mark.parametrize(
    ("decorator", "lines", "caught"),
    [("", 40, 0), ("", 41, 1), ("@flow(name='x')\n", 80, 0), ("@flow\n", 81, 1)],
)
def test_a_function_that_is_a_line_too_long_is_caught(decorator: str, lines: int, caught: int) -> None:
    planted = decorator + "async def act():\n" + "    pass\n" * (lines - 1)
    assert len(too_long("flows.planted", ast.parse(planted))) == caught


def test_the_domain_imports_only_the_standard_library_and_itself() -> None:
    assert [line for name, tree in trees() if within(name, ["domain"]) for line in foreign(name, tree)] == []


@pytest.mark.parametrize(
    "planted", ["import prefect.flows", "from pydantic import BaseModel", "import store.base"]
)
def test_a_foreign_import_in_the_domain_is_caught(planted: str) -> None:
    assert len(foreign("domain.planted", ast.parse("def f():\n    " + planted))) == 1


def test_clock_environment_database_network_and_prefect_stay_in_their_rooms() -> None:
    assert [line for name, tree in trees() for line in misplaced(name, tree)] == []


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("domain.standards.verdict", "import cel"),
        ("domain.standards.checks.check", "import rfc8785"),
        ("domain.plan", "from datetime import date\nx = date.today()"),
        ("tasks.sync", "import datetime as d\nx = d.datetime.now(d.UTC)"),
        ("config.settings", "import datetime\nx = datetime.datetime.utcnow()"),
        ("cli.up", "from time import time as clock\nx = clock()"),
        ("cli.up", "import os\nx = os.environ['HOME']"),
        ("cli.up", "def f():\n    from os import environ"),
        ("config.wiring", "import os\nx = os.getenv('HOME')"),
        ("connectors.workbook.connector", "import requests.adapters"),
        ("connectors.https", "import requests"),
        ("gateway.app", "from sqlalchemy.orm import Session"),
        ("config.organization", "import sqlalchemy"),
        ("store.base", "from prefect import flow"),
        ("config.wiring", "from prefect.client import get_client"),
    ],
)
def test_a_use_in_the_wrong_room_is_caught(module: str, planted: str) -> None:
    assert misplaced(module, ast.parse(planted)) != []


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("domain.standards.checks.evaluation", "import cel"),
        ("config.wiring.clock", "import datetime\nx = datetime.datetime.now(datetime.UTC)"),
        ("config.settings", "import os\nx = os.environ"),
        ("connectors.http.client", "import requests"),
        ("store.base", "from sqlalchemy.orm import Mapped"),
        ("flows.roll_out", "from prefect import flow"),
        (
            "domain.plan",
            "import datetime\nimport time\nx = datetime.datetime.fromisoformat('2026-01-01'), time.monotonic()",
        ),
    ],
)
def test_a_use_in_the_right_room_is_let_be(module: str, planted: str) -> None:
    assert misplaced(module, ast.parse(planted)) == []


TAKES_APART = {"split", "rsplit", "partition", "rpartition", "startswith", "removeprefix", "removesuffix"}
TEXTS_OF_OTHERS = {"gateway", "runtime"}
"""Rooms in which a slash is that of an address."""


def taken_apart(name: str, tree: ast.Module) -> list[str]:
    """Where a module takes a text apart that may be an id of ours; a tool's own texts are the connectors'."""
    room = name.partition(".")[0]
    if name == "domain.ids" or room in TEXTS_OF_OTHERS:
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            by = node.args[0]
            texts = [each.value for each in ast.walk(by) if isinstance(each, ast.Constant)]
            marks = [each for each in texts if isinstance(each, str) and "://" not in each]
            ours = any("/" in each or each == ": " for each in marks)
            if room == "connectors":
                ours = ours and isinstance(by, ast.JoinedStr)
            if ours and node.func.attr in TAKES_APART:
                found.append(f"{name}:{node.lineno} {ast.unparse(node)}")
    return found


def test_only_the_module_of_ids_takes_an_id_apart() -> None:
    assert [line for name, tree in trees() for line in taken_apart(name, tree)] == []


@pytest.mark.parametrize(
    "planted",
    [
        'office = project.key.partition("/")[0]',
        'rollout = question.id.split("/", 2)[1]',
        'ours = key.startswith(f"unreadable/{office}/")',
        'rollout, _, project = subject.partition(": ")',
    ],
)
def test_a_planted_module_that_takes_an_id_apart_is_found(planted: str) -> None:
    assert taken_apart("tasks.planted", ast.parse(planted))
    assert not taken_apart("domain.ids", ast.parse(planted))


STEPS = {
    "tasks.advancing.advance_all": "the first step of its flow, whose run stands for it: a task costs three events more",
    "tasks.notifying.tell_people": "the last step of its flow",
    "tasks.sweeping.sweep_network": "the only step of its flow",
    "tasks.reporting.write_reports": "the first step of its flow",
    "tasks.packing.fill_due_packs": "a step of the flow that writes the reports",
    "tasks.pack_files.write_packs": "the last step of that flow",
    "tasks.reading.read_office": "one office of a task for some of them",
    "tasks.delivering.deliver_office": "one office of a task for some of them",
}  # fmt: skip
"""What opens what it needs as a task does, and is none, and why."""
BORDERS = STEPS | {
    "tasks.context": "what a task opens is made here, once in a process",
    "tasks.capturing.captured": "the command captures a file of its caller's and shows what no run may show",
    "tasks.capturing.import_draft": "the command stores a file of its caller's",
    "tasks.reaping.registered": "a flow's own border: the run is noted before its first task",
    "tasks.reaping.registered_runs": "`up` asks it too, which is no task",
    "tasks.reaping.free_locks_of_dead_hosts": "`up` asks for it, which is no task",
    "tasks.reaping._noticed": "`up` asks it too, which is no task",
    "tasks.reaping.Closing": "a run is taken over in a transaction of its own, before Prefect is asked",
    "tasks.heartbeat.beating": "each sign of life is a transaction of its own",
    "tasks.plan_merging.localized_anew": "a version is made for an office as its page and the command make it",
    "tasks.new_projects.NewProject": "a project's intent is stored before the tool is asked to make it",
    "tasks.plan_projects.PlanProject": "that it was made is noted in a transaction of its own",
    "tasks.updating.Updating": "each round of writing stores what is about to be written, and notes what came of it",
    "tasks.keeping.sole_writer": "the lock is taken and given back in transactions of its own",
    "tasks.keeping.SoleWriter.__call__": "what is about to be sent is noted in a transaction of its own, around each call",
    "tasks.alerting.notify_people": "what was sent is noted after each sending; a run of Prefect's is no id of ours",
    "tasks.notifying._begin": "that a digest is being sent is stored before it is sent",
    "tasks.notifying._send": "what became of a digest is noted after it was sent",
    "tasks.notifying._note_told": "a notice is done when the digests of all whom it concerns were sent",
    "tasks.network.participating": "what a flow hands to its tasks",
    "tasks.network.with_local_plans": "what a flow hands to its tasks, too",
    "tasks.publishing.something_is_published": "what a flow asks before it starts another one",
    "tasks.reviewing.any_deviation": "what a flow asks before it starts a task",
    "tasks.looking_after.any_case": "what a flow asks before it starts a task, too",
    "tasks.transactions.short": "each reading and writing of a step is a transaction of its own",
    "tasks.starting.Starting": "the intent is stored before the call and noted after it, never within one transaction",
    "tasks.distributing.Distribution": "intents are stored before the calls and noted after them, part by part",
    "tasks.pack_files.files_of_packs": "what is kept is read before anything is drawn",
    "tasks.pack_files._write": "a pack is entered after its files were written, each by itself",
    "tasks.delivering._kept": "what is held is stored after the tool was written to",
    "tasks.delivering._all_held": "what stood there is looked up after the tool gave no answer",
    "tasks.delivering._decide": "what was intended is looked up after the tool was read",
    "tasks.delivering._act": "intents are stored before the calls and noted after them, never within one transaction",
}  # fmt: skip
"""Besides tasks, what may open the application, its store or an office's connector, and why."""
OPENED = {"current_application", "connector", "connectors"}
OPENING = {"begin", "read", "open"}
CARRIED = {
    "str",
    "int",
    "bool",
    "float",
    "date",
    "datetime",
    "None",
    "tuple[str, ...]",
    "Steering",
    "Standing",
    "RecallKind",
}
"""What travels to a task: ids and plain values; the last three are enumerations of texts."""


def is_task(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is decorated as a task."""
    return any(
        re.match(r"(prefect\.)?task\b", ast.unparse(decorator)) is not None
        for decorator in node.decorator_list
    )


def opened(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
    """What a piece of code opens, or takes of the whole application."""
    for each in ast.walk(node):
        annotation = each.annotation if isinstance(each, ast.arg | ast.AnnAssign) else None
        if annotation is not None and re.search(r"\bApplication\b", ast.unparse(annotation)):
            yield f"{each.lineno} takes {ast.unparse(each)}"
        elif isinstance(each, ast.Attribute) and ast.unparse(each).endswith("KEPT.application"):
            yield f"{each.lineno} opens {ast.unparse(each)}"
        elif isinstance(each, ast.Call):
            called = ast.unparse(each.func)
            first, _, rest = called.partition(".")
            place, _, name = f"{known.get(first, first)}.{rest}".rstrip(".").rpartition(".")
            if name in OPENED or (name in OPENING and re.search(r"store(\(\))?$", place)):
                yield f"{each.lineno} opens {called}"


def opened_beneath(module: str, tree: ast.Module, borders: Iterable[str] = BORDERS) -> list[str]:
    """What is opened in a module beneath the tasks, or takes the whole application there."""
    found, known = [], aliases(tree)

    def look(name: str, node: ast.AST) -> None:
        if within(name, list(borders)):
            return
        if isinstance(node, ast.Module | ast.ClassDef):
            for each in node.body:
                look(f"{name}.{each.name}" if hasattr(each, "name") else name, each)
        elif not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_task(node)):
            found.extend(f"{name}:{line}" for line in opened(node, known))

    look(module, tree)
    return found


def carried(module: str, tree: ast.Module) -> list[str]:
    """The parameters of tasks, and of steps like them, that are neither ids nor plain values."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            is_task(node) or f"{module}.{node.name}" in STEPS
        ):
            given = node.args
            taken = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            for each in filter(None, taken):
                kinds = ast.unparse(each.annotation).split(" | ") if each.annotation else [""]
                if each in (given.vararg, given.kwarg) or not CARRIED.issuperset(kinds):
                    found.append(f"{module}:{each.lineno} {node.name} takes {ast.unparse(each)}")
    return found


def tasks_trees() -> list[tuple[str, ast.Module]]:
    """The modules of the tasks."""
    return [(name, tree) for name, tree in trees() if within(name, ["tasks"])]


def test_only_a_task_opens_the_application_and_what_is_beneath_takes_what_it_needs_by_name() -> None:
    assert [line for name, tree in tasks_trees() for line in opened_beneath(name, tree)] == []


@pytest.mark.parametrize("border", BORDERS)
def test_what_may_open_besides_tasks_does_open(border: str) -> None:
    others = [each for each in BORDERS if each != border]
    assert [line for name, tree in tasks_trees() for line in opened_beneath(name, tree, others)] != []


@pytest.mark.parametrize(
    "planted",
    [
        "def advance(application: Application, unit: Unit): ...",
        "def advance(unit, *, of: 'config.wiring.Application | None' = None): ...",
        "class Writer:\n    application: Application",
        "class Writer:\n    def write(self):\n        with self.store.begin() as unit: ...",
        "def now():\n    return current_application().clock.now()",
        "def now():\n    def later():\n        return current_application()\n    return later",
        "from tasks.context import current_application as here\ndef now():\n    return here().clock",
        "from tasks import context\ndef now():\n    return context.KEPT.application.clock",
        "from tasks import context\ndef tool(office):\n    return context.connector(office)",
        "def read(application):\n    with application.store.read() as unit: ...",
        "def read(here):\n    store = here.store\n    with store.read() as unit: ...",
        "STORE = current_application().store",
    ],
)
def test_a_function_beneath_a_task_that_opens_or_takes_everything_is_caught(planted: str) -> None:
    assert len(opened_beneath("tasks.planted", ast.parse(planted))) == 1
    assert opened_beneath("tasks.planted", ast.parse(planted), ["tasks.planted"]) == []


@pytest.mark.parametrize(
    "planted",
    [
        "@task(name='x')\ndef act(office: str):\n    with current_application().store.begin() as unit: ...",
        "@prefect.task\nasync def act():\n    return connector('porto')",
        "def act(unit: Unit, clock: Clock, tool: Connector):\n    return tool.read(), clock.now(), path.open()",
    ],
)
def test_a_task_that_opens_and_a_function_that_is_given_values_are_let_be(planted: str) -> None:
    assert opened_beneath("tasks.planted", ast.parse(planted)) == []


def test_a_task_takes_ids_and_plain_values() -> None:
    assert (
        sum(is_task(n) for _, tree in tasks_trees() for n in tree.body if isinstance(n, ast.FunctionDef)) > 7
    )
    assert carried("tasks.sweeping", ast.parse("def sweep_network(unit: Unit): ...")) != []
    assert [line for name, tree in tasks_trees() for line in carried(name, tree)] == []


@pytest.mark.parametrize(
    ("parameters", "caught"),
    [
        ("office: str, why: str = '', *, on: date | None = None, offices: tuple[str, ...] = ()", 0),
        ("unit: Unit", 1),
        ("office: str, *, application: Application", 1),
        ("tool: Connector | None", 1),
        ("rollout: Rollout, /, manifest: Manifest", 2),
        ("wanted: tuple[Wanted, ...]", 1),
        ("office", 1),
        ("*offices: str", 1),
        ("**told: str", 1),
    ],
)
def test_a_task_that_takes_more_than_ids_is_caught(parameters: str, caught: int) -> None:
    planted = f"@task(name='x')\nasync def act({parameters}): ...\ndef beneath(unit: Unit): ..."
    assert len(carried("tasks.planted", ast.parse(planted))) == caught


def test_no_flow_bears_the_name_of_a_room_or_of_something_installed() -> None:
    """A path entrypoint would put flows/ first on the path, where such a file hides the real one."""
    clashing = [
        path.stem
        for path in (ROOT / "flows").glob("*.py")
        if path.stem != "__init__" and (path.stem in ROOMS or importlib.util.find_spec(path.stem) is not None)
    ]
    assert clashing == []


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of a tree."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=120, check=False)


CONTRACTS = [contract["name"] for contract in PROJECT["tool"]["importlinter"]["contracts"]]
PLANTED = {
    ("domain.organization", "import prefect"): "Prefect only in flows, tasks, gateway and runtime",
    ("domain.plans", "import store"): "An arrow may only go down",
    ("tasks", "import flows"): "An arrow may only go down",
    ("flows", "import gateway"): "An arrow may only go down",
    ("store", "import connectors"): "An arrow may only go down",
    ("connectors.records", "import config"): "An arrow may only go down",
    ("runtime", "import cli"): "An arrow may only go down",
    ("domain.organization", "import domain.standards.standard"): "Inside domain an arrow may only go down",
    ("domain.questions", "import domain.rollouts.rollout"): "Inside domain an arrow may only go down",
    ("domain.standards.checks", "import domain.standards.judging"): "Checks are below all else of standards",
    ("connectors.records", "import connectors.workbook.xlsx"): "A tool imports what is shared, never another tool",
    ("connectors.trac", "import connectors.redmine.fields"): "A tool imports what is shared, never another tool",
    ("connectors.http", "import connectors.tickets.ticket"): "A tool imports what is shared, never another tool",
    ("gateway.outbound", "import gateway.inbound.verify"): "What comes in, what goes out and what is shown",
    ("gateway.pages", "import tasks"): "The gateway starts runs, it does not do their work",
    ("config", "import examples"): "The sample stands aside: only the command may use it",
    ("examples", "import flows"): "The sample's player changes workbooks",
    ("reports", "import sqlalchemy"): "SQLAlchemy only in store, config.wiring and runtime.prefect_database",
    ("connectors.jira", "import requests"): "requests only in connectors.http.client",
}  # fmt: skip
"""An import in a package that may not have it, and the name of the contract that it breaks."""


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rooms and their contracts in a folder where faults may be planted."""
    tree = tmp_path_factory.mktemp("application") / "tree"
    tree.mkdir()
    shutil.copy(ROOT / "pyproject.toml", tree)
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__", "*.xlsx"))
    return tree


@pytest.fixture(scope="module")
def said_of_planted(copied_tree: Path) -> str:
    """What is said of all of them, each in a module of its own; one look at the tree costs seconds."""
    planted = [
        (copied_tree / package.replace(".", "/") / f"planted_{number}.py", line)
        for number, (package, line) in enumerate(PLANTED)
    ]
    for path, line in planted:
        path.write_text(f'"""A fault, planted."""\n\n{line}\n', "utf-8")
    try:
        said = lint_imports(copied_tree)
    finally:
        for path, _ in planted:
            path.unlink()
    assert said.returncode == 1, said.stdout + said.stderr
    return said.stdout


def test_every_import_arrow_goes_down(copied_tree: Path) -> None:
    said = lint_imports(copied_tree)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("contract", CONTRACTS)
def test_for_every_contract_a_breach_is_planted(contract: str) -> None:
    assert any(contract.startswith(broken) for broken in PLANTED.values())


@pytest.mark.parametrize(("number", "package", "line"), [(n, *each) for n, each in enumerate(PLANTED)])
def test_a_planted_import_breaks_its_contract_and_is_named(
    said_of_planted: str, number: int, package: str, line: str
) -> None:
    contract = PLANTED[package, line]
    broken = re.split(r"\n(?=[^\n]+\n-{5,}\n)", said_of_planted)
    (told,) = [part for part in broken if part.startswith(contract)]
    assert f"{package}.planted_{number} -> {line.split()[1]}" in told


def test_the_packages_are_the_rooms_and_never_the_tests() -> None:
    find = PROJECT["tool"]["setuptools"]["packages"]["find"]
    assert {name.removesuffix(".*") for name in find["include"]} == set(ROOMS)
    assert PROJECT["tool"]["importlinter"]["root_packages"] == PROJECT["tool"]["mypy"]["files"]
    assert set(PROJECT["tool"]["mypy"]["files"]) == set(ROOMS)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_a_test_cannot_connect_to_another_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_STREAM) as gateway,
        pytest.raises(NetworkUseRefusedError, match="loopback"),
    ):
        gateway.connect((host, 9))
    with socket.socket(family, socket.SOCK_DGRAM) as gateway, pytest.raises(NetworkUseRefusedError):
        gateway.sendto(b"x", (host, 9))


def test_a_test_cannot_look_up_a_name_but_reaches_loopback() -> None:
    with pytest.raises(NetworkUseRefusedError):
        socket.getaddrinfo("prefect.invalid", 443)
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        socket.create_connection(("localhost", gateway.getsockname()[1]), timeout=5).close()


def test_a_warning_is_an_error() -> None:
    import warnings

    with pytest.raises(DeprecationWarning):
        warnings.warn("planted", DeprecationWarning, stacklevel=1)


def free_port() -> int:
    """A loopback port that nobody holds right now."""
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        return int(gateway.getsockname()[1])


def answer(url: str, body: bytes | None = None) -> int:
    """The status of one request to loopback, 0 while nobody listens."""
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:  # noqa: S310
            return int(reply.status)
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code
    except OSError:
        return 0


@pytest.mark.servers
def test_the_locked_prefect_server_starts_and_answers_a_worker_filter(tmp_path: Path) -> None:
    """With a FastAPI outside the bounds of pyproject.toml it answers 422 or does not start."""
    port = free_port()
    environment = os.environ | {
        "PREFECT_HOME": str(tmp_path),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}/api"
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 90
            while answer(f"{url}/health") != 200:
                assert server.poll() is None, (tmp_path / "server.log").read_text()
                assert time.monotonic() < until, (tmp_path / "server.log").read_text()
                time.sleep(0.5)
            pool = b'{"name": "p", "type": "process"}'
            assert answer(f"{url}/work_pools/", pool) == 201
            assert answer(f"{url}/work_pools/p/workers/filter", b"{}") == 200
        finally:
            server.terminate()
            server.wait(60)
