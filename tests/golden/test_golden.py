"""What stands outside the code is what the golden files hold; and none of them holds anything of the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.golden.compare import difference
from tests.golden.files import DATA, compact, pretty, read
from tests.golden.play import Played
from tests.golden.stored import STORED
from tests.golden.subjects import NAMES, OF_CODE, OF_PLAY

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("cli", "config", "connectors", "domain", "examples", "flows", "gateway", "reports", "store", "tasks")
MODULE = re.compile(rf"\b(?:{'|'.join(ROOMS)})\.[a-z_]+\.[A-Za-z_]\w*|\b(?:{'|'.join(ROOMS)})/\w+\.py\b")
HUMPS = re.compile(r"[A-Z][a-z]+[A-Z]\w*")


@pytest.mark.parametrize("name", sorted(OF_CODE))
def test_what_stands_outside_the_code_is_what_it_was(name: str) -> None:
    assert not (told := difference(name, read(name), OF_CODE[name]())), told


@pytest.mark.parametrize("name", sorted(OF_PLAY))
def test_what_the_played_sample_wrote_is_what_it_was(name: str, played: Played) -> None:
    assert not (told := difference(name, read(name), OF_PLAY[name](played))), told


def test_every_golden_file_has_its_subject() -> None:
    assert {path.stem for path in DATA.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", sorted(STORED))
def test_a_document_that_was_stored_is_read_and_written_as_it_was(name: str) -> None:
    _, again = STORED[name]
    examples = read("documents")[name]
    assert examples
    for each in examples:
        text = compact(each)
        assert again(text) == text


def test_no_golden_file_names_a_module_or_a_class() -> None:
    classes = {
        node.name
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and HUMPS.fullmatch(node.name)
    }
    assert len(classes) > 100
    named = [
        f"{path.name}: {found}"
        for path in sorted(DATA.iterdir())
        for found in [
            *MODULE.findall(path.read_text("utf-8")),
            *(classes & set(re.findall(r"\b[A-Z]\w+\b", path.read_text("utf-8")))),
        ]
    ]
    assert named == []


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_file_is_written_as_it_is_read(name: str) -> None:
    assert (DATA / f"{name}.json").read_text("utf-8") == f"{pretty(read(name))}\n"
