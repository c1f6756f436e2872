"""A limit, of a rule or of a tailoring, is tried in the rule's expressions when the organization is loaded."""

import pytest

from cli.main import main
from config.problems import Problems
from config.wiring import examine
from tests.config.good import write
from tests.config.test_organization import spoil

V2, TAIL = "standards/method/2.0.yaml", "tailorings/porto-overdue.yaml"
RULE = """rules:
  - uid: titles.word
    title: Some item bears the word that the office chose
    kind: computed
    level: office_choice
    limit: LIMIT
    KEY: plan.titles.exists(t, t.contains(limit))
    remedy: Add the item
    examples:
      pass: {plan: {titles: [a kick-off], overdue: 0}}
      fail: {plan: {titles: [], overdue: 1}}
"""
FIRST = "  - {rule: plan.overdue, limit: 3"
LONG = "w" * 9000


def written(folder, key="check", rule_limit="kick-off", limit="kick-off"):
    text = RULE.replace("LIMIT", rule_limit).replace("KEY", key)
    if key == "applies":
        text = text.replace("    remedy", "    check: plan.overdue == 0\n    remedy").replace(
            "[]", "[kick-off]"
        )
    spoil(write(folder), V2, "rules:\n", text)
    spoil(folder, TAIL, FIRST, f"  - {{rule: titles.word, limit: {limit}, reason: ours}}\n{FIRST}")
    return examine(folder)


@pytest.mark.parametrize("key", ["check", "applies"])
def test_a_limit_of_some_words_may_be_set(tmp_path, key) -> None:
    assert not isinstance(written(tmp_path, key), Problems)


@pytest.mark.parametrize("key", ["check", "applies"])
def test_a_limit_that_makes_an_expression_too_costly_is_refused_at_its_adjustment(tmp_path, key) -> None:
    (problem,) = written(tmp_path, key, limit=LONG)
    assert str(problem).startswith(
        f"{TAIL}:7: with this limit `{key}` of rule `titles.word` may take 1,180,002 steps, 1,000,000 is the most"
    )
    assert problem.instead == "choose a shorter limit, or have the rule's expression changed"


def test_a_rules_own_limit_is_refused_at_its_check(tmp_path) -> None:
    problems = written(tmp_path, rule_limit=LONG)
    assert [str(each).partition(" may take")[0] for each in problems] == [
        f"{V2}:13: with its limit the check of rule `titles.word`"
    ]


def test_a_rule_that_cannot_be_used_is_told_once_whatever_a_tailoring_sets(tmp_path, capsys) -> None:
    written(tmp_path)
    spoil(tmp_path, V2, "t.contains(limit)", "t.contain(limit)")
    assert main(["check", str(tmp_path)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 3
    assert "calls contain (did you mean contains?)" in told[0]


def test_an_example_that_leaves_its_rules_scope_open_proves_nothing(tmp_path) -> None:
    spoil(
        write(tmp_path), V2, "plan: {overdue: 5}\n        project: {stage: execution}", "plan: {overdue: 5}"
    )
    (problem,) = examine(tmp_path)
    assert problem.message == (
        "the example `pass` of rule `plan.overdue` gives unknown: not reported: project.stage"
    )
