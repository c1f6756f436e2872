"""The golden files hold nothing of the code; and what they hold of stored documents is read and written as it was."""

from __future__ import annotations

import re

import pytest

from tests.golden.files import DATA, compact, pretty, read
from tests.golden.stored import STORED
from tests.golden.subjects import NAMES
from tests.test_house import ROOMS, ROOT

MODULE = re.compile(rf"\b(?:{'|'.join(ROOMS)})\.[a-z_]+\b|\b(?:{'|'.join(ROOMS)})/\w+\.py\b")
CLASS = re.compile(r"^\s*class (\w+)", re.MULTILINE)
HUMPS = re.compile(r"[A-Z][a-z]+[A-Z]\w*")


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
        name
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in CLASS.findall(path.read_text("utf-8"))
        if HUMPS.fullmatch(name)
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
