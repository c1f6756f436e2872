"""docs/security.md promises nothing without a test: each that it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def missing(page: str) -> list[str]:
    """The tests that a page names and that are not there."""
    found = []
    for path, name in NAMED.findall(page):
        file = ROOT / path
        tree = ast.parse(file.read_text("utf-8")) if file.is_file() else ast.parse("")
        if name not in {
            each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        }:
            found.append(f"{path}::{name}")
    return found


def promises(page: str) -> list[str]:
    """The lines that promise something: all but those of the last part, which says what is not promised."""
    promised = page.partition("## Web pages")[2].partition("## What is not promised")[0]
    return re.findall(r"^- .*?(?=^- |^## |\Z)", promised, re.MULTILINE | re.DOTALL)


def test_every_test_that_the_page_names_is_there() -> None:
    assert len(NAMED.findall(PAGE)) > 30
    assert missing(PAGE) == []
    assert missing("`tests/test_security_page.py::test_that_nobody_wrote`") != [], "the control"


def test_every_promise_names_a_test() -> None:
    assert len(promises(PAGE)) > 15
    assert [each for each in promises(PAGE) if not NAMED.search(each)] == []
    assert promises("## Web pages\n- All is well.\n## What is not promised")[0].startswith("- All is well"), (
        "the control"
    )


def test_every_kind_of_socket_names_its_program() -> None:
    rows = re.findall(r"^\| (?!socket|---)([^|]+)\| ([^|]+)\|", PAGE, re.MULTILINE)
    assert len(rows) == 6
    assert {program.split("`")[1].split()[0] for _, program in rows} == {
        "server",
        "gateway",
        "interoffice",
        "worker",
    }
