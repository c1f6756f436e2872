"""No module of ours changes another package: nothing is assigned into what it imports, nor deleted from it.

Found in the syntax trees: a name that stands for a module or a class of another package, an attribute or an
entry of it as the target of an assignment, of `del`, or of `setattr` and `delattr`. What is given to another package
as it offers it (a subclass, a listener, a filter, a setting) changes nothing there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_house import ROOMS, ROOT, aliases, trees

OURS = {*ROOMS, "tests", "scripts", "benchmarks"}
STANDARD = ("sys.argv",)
"""What the standard library's documentation gives programs to assign: the arguments, for `runpy`."""
BESIDE = sorted((ROOT / "scripts").rglob("*.py"))
"""Looked at too; a benchmark may count what others call."""
SETTERS = {"setattr", "delattr", "vars", "type.__setattr__", "object.__setattr__"}


def patches(module: str, tree: ast.Module) -> list[str]:
    """Where a module changes another package, as sentences."""
    known = {name: full for name, full in aliases(tree).items() if full.partition(".")[0] not in OURS}
    known |= renamed(tree, known)
    return [
        f"{module}:{line} changes {changed}; subclass it, or use what {changed.partition('.')[0]} offers"
        for changed, line in changes(tree, known)
        if not changed.startswith(STANDARD)
    ]


def renamed(tree: ast.Module, known: dict[str, str]) -> dict[str, str]:
    """The names of a module that were given to what it imports (`there = package.module`)."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (full := full_name(node.value, known)):
            found |= {target.id: full for target in node.targets if isinstance(target, ast.Name)}
    return found


def full_name(node: ast.expr, known: dict[str, str]) -> str:
    """What a dotted name stands for in full; empty where it is nothing imported."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        parts.append(node.attr if isinstance(node, ast.Attribute) else "[...]")
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in known:
        return ""
    return ".".join((known[node.id], *reversed(parts)))


def changes(tree: ast.Module, known: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Every imported thing that is assigned to or deleted from, in full, with its line."""
    for node in ast.walk(tree):
        for target in targets(node):
            if isinstance(target, ast.Attribute | ast.Subscript) and (full := full_name(target, known)):
                yield full, target.lineno
        is_setter = isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in SETTERS
        if is_setter and (full := full_name(node.args[0], known)):
            yield full, node.lineno


def targets(node: ast.AST) -> Iterator[ast.expr]:
    """What a statement assigns to or deletes, tuples taken apart."""
    if isinstance(node, ast.Assign | ast.Delete):
        waiting = list(node.targets)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor | ast.NamedExpr):
        waiting = [node.target]
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        waiting = [node.optional_vars]
    else:
        return
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Tuple | ast.List):
            waiting += each.elts
        elif isinstance(each, ast.Starred):
            waiting.append(each.value)
        else:
            yield each


def test_no_module_of_ours_changes_another_package() -> None:
    assert len(trees()) > 300
    beside = [(str(path), ast.parse(path.read_text("utf-8"))) for path in BESIDE]
    assert len(beside) > 10
    assert [found for module, tree in (*trees(), *beside) for found in patches(module, tree)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "import aiosqlite\naiosqlite.Connection._execute = at_once",
        "from prefect.workers.process import ProcessWorker\nProcessWorker.job_configuration = Forked",
        "from prefect.workers import process\nprocess.load_flow_from_flow_run = ours",
        "from prefect.client import orchestration\norchestration.ssl: object = like_ssl",
        "import prefect.client as there\nthere.ssl, other = 1, 2",
        "import prefect\nworker = prefect.workers.process.ProcessWorker\nworker.run = ours",
        "from urllib3 import PoolManager\nsetattr(PoolManager, 'urlopen', ours)",
        "import urllib3\ndelattr(urllib3.PoolManager, 'urlopen')",
        "import urllib3\ndel urllib3.PoolManager",
        "import os\nos.environ['X'] = '1'",
        "import sys\nsys.modules['prefect'] = None",
        "import ssl\nvars(ssl)['create_default_context'] = ours",
        "def late():\n    import jinja2\n    jinja2.Environment.compile += ours",
        "import warnings\nwith opened() as warnings.showwarning:\n    pass",
        "from urllib3 import PoolManager\ntype.__setattr__(PoolManager, 'urlopen', ours)",
    ],
)
def test_a_planted_change_is_found(planted: str) -> None:
    assert patches("planted", ast.parse(planted))


@pytest.mark.parametrize(
    "fine",
    [
        "from prefect.workers.process import ProcessWorker\nclass Ours(ProcessWorker):\n    run = ours",
        "import sqlalchemy\nsqlalchemy.event.listen(sqlalchemy.Engine, 'begin', ours)",
        "from urllib3 import PoolManager\nmanager = PoolManager()\nmanager.pool_classes_by_scheme = {}",
        "from domain.kept import KEPT\nKEPT.network = network",
        "import sys\nsys.argv = ['prefect.engine']",
        "class Ours:\n    def __init__(self, urllib3):\n        self.urllib3 = urllib3",
    ],
)
def test_what_is_offered_is_no_change(fine: str) -> None:
    assert patches("fine", ast.parse(fine)) == []
