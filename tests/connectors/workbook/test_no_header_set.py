"""Headers are understood by words, never because a workbook's row of headers is a list in the code or its data."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import connectors.workbook
from connectors.records.values import folded
from connectors.workbook.vocabulary import synonyms

ROOM = Path(connectors.workbook.__file__).parent
MOST = 3
"""The fields that the words of one list may name: a word such as `status` names one of projects and one of items."""


def fields_of(word: str) -> frozenset[str]:
    """The fields that a header names, of projects and of items."""
    _, known = synonyms()
    return frozenset(name for each in known.values() for name, names in each.items() if folded(word) in names)


def named(words: Sequence[str]) -> int:
    """How many fields it takes to explain all words of a list that name any."""
    return explained([found for found in map(fields_of, words) if found])


def explained(left: list[frozenset[str]]) -> int:
    """How many fields it takes so that each of these sets has one of them."""
    count = 0
    while left:
        best = max(
            {name for each in left for name in each}, key=lambda name: sum(name in each for each in left)
        )
        left = [each for each in left if best not in each]
        count += 1
    return count


def lists_of(tree: ast.AST) -> Iterator[tuple[int, list[str]]]:
    """The texts that stand beside each other in a list, tuple, set or dictionary, or in one text between blanks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            yield node.lineno, [each.value for each in node.elts if _is_text(each)]
        elif isinstance(node, ast.Dict):
            yield node.lineno, [each.value for each in node.keys if _is_text(each)]
            yield node.lineno, [each.value for each in node.values if _is_text(each)]
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith(".split")
            and _is_text(node.func.value)
        ):
            yield node.lineno, node.func.value.value.split()


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def leaves(data: object) -> Iterator[list[str]]:
    """Every list of words in a file of words."""
    if isinstance(data, dict):
        for each in data.values():
            yield from leaves(each)
    elif isinstance(data, list):
        yield [str(each) for each in data]


def in_code(source: str, where: str) -> list[str]:
    return [f"{where}:{line} {words}" for line, words in lists_of(ast.parse(source)) if named(words) > MOST]


def in_words(text: str, where: str) -> list[str]:
    return [f"{where} {words}" for words in leaves(YAML(typ="safe").load(text)) if named(words) > MOST]


OURS = ("reading.py", "preparation.py", "made.py", "proposed.py", "starting.py")
"""Modules whose texts are our own names of fields and of the sheets that we make."""


def test_no_list_in_the_code_has_the_headers_of_many_fields() -> None:
    modules = [path for path in sorted(ROOM.glob("*.py")) if path.name not in OURS]
    assert len(modules) > 10
    assert [line for path in modules for line in in_code(path.read_text("utf-8"), path.name)] == []


def test_no_list_of_words_has_the_headers_of_many_fields() -> None:
    files = sorted(ROOM.glob("*.yaml"))
    assert len(files) >= 3
    texts = {path.name: path.read_text("utf-8") for path in files}
    texts["synonyms.yaml"] = texts["synonyms.yaml"].partition("\nfields:")[0] + "\n"
    assert [line for name, text in texts.items() for line in in_words(text, name)] == []


def shared(name: str, words: Iterable[str]) -> int:
    """How many other fields it takes to explain the words of a field's list that name others too."""
    return explained([found for word in words if (found := fields_of(word) - {name})])


def test_no_list_of_synonyms_hides_a_row_of_headers() -> None:
    _, known = synonyms()
    most = {name: shared(name, names) for each in known.values() for name, names in each.items()}
    assert {name for name, count in most.items() if count > MOST} == set()
    row = ["Titel", "Projekt-Nr.", "Phase", "Beginn", "Ende", "Budget"]
    assert shared("title", row) > MOST


@pytest.mark.parametrize(
    "planted",
    [
        'SET = ("Projekt-Nr.", "Projektname", "Phase", "Beginn", "Ende", "Budget")',
        'SET = {"Projekt-Nr.": 1, "Projektname": 2, "Phase": 3, "Beginn": 4, "Ende": 5}',
        'SET = "nr titel phase beginn ende budget".split()',
    ],
)
def test_a_planted_row_of_headers_is_found(planted: str) -> None:
    assert in_code(planted, "planted.py")
    assert in_words("more: {deep: [Nr, Titel, Phase, Beginn, Ende]}", "planted.yaml")
