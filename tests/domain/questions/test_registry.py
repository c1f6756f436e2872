"""Every kind of question is one object, and no other module asks which kind a question is of."""

import ast

import pytest

from domain.questions.question import QuestionKind
from domain.questions.registry import KINDS
from tests.test_house import trees

OWN = "domain.questions."


def branches(name: str, tree: ast.Module) -> list[str]:
    """Where a module compares with a kind of question."""
    if name.startswith(OWN):
        return []
    return [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and "QuestionKind." in ast.unparse(node)
    ]


def test_every_kind_is_registered_as_itself():
    assert {kind: each.kind for kind, each in KINDS.items()} == {kind: kind for kind in QuestionKind}


def test_nobody_asks_which_kind_a_question_is_of():
    assert [line for name, tree in trees() for line in branches(name, tree)] == []


@pytest.mark.parametrize(
    "planted", ["x = question.kind is QuestionKind.FACT", "if QuestionKind.TWIN == q.kind:\n    pass"]
)
def test_a_planted_branch_is_found(planted):
    assert branches("tasks.planted", ast.parse(planted))
