"""docs/standards.md: each of its expressions gives what the page says, its file loads, its command prints that."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from cli import main
from config.problems import Problems
from config.proofs import asked_of_facts, facts_of_example
from config.wiring import examine
from domain.plans.facts import moment
from domain.standards.checks.check import BadCheck, compile_check
from domain.standards.standard import Level, Where
from tests.config.good import write

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "standards.md").read_text("utf-8")
RESULTS = "| expression | facts | result |"
STEPS = "| expression | steps at most |"
DAY = date(2027, 1, 4)


def rows(page: str, head: str) -> list[list[str]]:
    """The cells of every table with that head, without the marks of code around a whole cell."""
    found = []
    for table in page.split(f"{head}\n")[1:]:
        lines = table.partition("\n\n")[0].splitlines()[1:]
        for line in lines:
            cells = re.split(r"(?<!\\)\|", line.strip("|"))
            found.append([re.sub(r"^`(.*)`$", r"\1", each.strip()).replace("\\|", "|") for each in cells])
    return found


def result(expression: str, said: dict) -> str:
    """What an expression gives, as the page writes it: the result, and what is missing or why."""
    limit, today = said.pop("limit", None), said.pop("today", DAY)
    try:
        check = compile_check(expression)
        program = check.with_limit(limit)
    except BadCheck as refused:
        return f"refused: {refused}"
    problems = Problems()
    asked_of_facts(check.paths, Where("", 0), problems)
    if problems.errors:
        return f"refused: {problems.errors[0].message}"
    assert program.steps <= 1_000_000
    found = check.run(facts_of_example(said).facts, limit, moment(today))
    more = ", ".join(found.missing) or found.why
    return f"{found.result}: {more}" if more else str(found.result)


def wrong(page: str) -> list[str]:
    """The rows of a page that say something else than what is so."""
    found = []
    for expression, facts, told in rows(page, RESULTS):
        gives = result(expression, yaml.safe_load(facts))
        begun = told.startswith(("refused: ", "error: ")) and gives.startswith(told)
        if gives != told and not begun:
            found.append(f"{expression} gives {gives}, not {told}")
    for expression, told in rows(page, STEPS):
        steps = f"{compile_check(expression).with_limit(None).steps:,}"
        if steps != told:
            found.append(f"{expression} may take {steps}, not {told}")
    return found


def blocks(kind: str) -> list[str]:
    """The blocks of the page that are of that kind, in their order."""
    return re.findall(rf"(?s)```{kind}\n(.*?)```", PAGE)


def test_every_expression_of_the_page_gives_what_the_page_says() -> None:
    assert len(rows(PAGE, RESULTS)) > 60
    assert len(rows(PAGE, STEPS)) > 5
    assert wrong(PAGE) == []


@pytest.mark.parametrize(
    ("head", "row", "said"),
    [
        (RESULTS, "| `plan.overdue == 0` | `{plan: {overdue: 0}}` | fail |", "gives pass, not fail"),
        (RESULTS, "| `plan.overdue == 0` | `{}` | unknown: plan.items |", "unknown: plan.overdue, not"),
        (RESULTS, "| `1 / 0 == 1` | `{}` | error: too large |", "not error: too large"),
        (RESULTS, "| `1 == 1` | `{}` | refused: |", "gives pass, not refused:"),
        (RESULTS, "| `true \\|\\| false` | `{}` | fail |", "true || false gives pass"),
        (STEPS, "| `plan.overdue == 0` | 5 |", "may take 4, not 5"),
    ],
)
def test_an_example_that_is_wrong_is_found(head, row, said) -> None:
    (found,) = wrong(f"{PAGE}\n{head}\n|---|---|\n{row}\n")
    assert said in found


def test_every_result_that_a_check_can_have_is_shown() -> None:
    kinds = {told.partition(":")[0] for _, _, told in rows(PAGE, RESULTS)}
    assert kinds == {"pass", "fail", "unknown", "error", "refused"}


def test_the_rule_file_loads_and_the_command_prints_what_stands_there(tmp_path, monkeypatch, capsys) -> None:
    folder = write(tmp_path / "my-organization")
    path = folder / "standards" / "quay-rules" / "1.0.yaml"
    path.parent.mkdir()
    path.write_text(blocks("yaml")[0], "utf-8")
    found = examine(folder)
    assert not isinstance(found, Problems), list(found)
    assert len(found.versions["quay-rules/1.0"].rules) == 2
    (console,) = blocks("console")
    command, _, printed = console.partition("\n")
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    assert main.main(command.removeprefix("$ interoffice ").split()) == 0
    said = capsys.readouterr().out.replace(f"{tmp_path}/", "")
    took = re.compile(r"[\d.]+ microseconds")
    assert took.sub("", said) == took.sub("", printed)


def test_the_tailoring_the_leeway_and_the_demands_of_the_page_load_with_its_rule_file(tmp_path) -> None:
    folder = write(tmp_path / "my-organization")
    rules, tailoring, leeway, tools, cycles = blocks("yaml")
    path = folder / "standards" / "quay-rules" / "1.0.yaml"
    path.parent.mkdir()
    path.write_text(rules + leeway + tools + cycles, "utf-8")
    (folder / "tailorings" / "porto-rules.yaml").write_text(tailoring, "utf-8")
    found = examine(folder)
    assert not isinstance(found, Problems), list(found)
    version = found.versions["quay-rules/1.0"]
    assert version.leeway is not None
    assert [str(condition.at_least or condition.at_most) for condition in version.leeway.conditions] == [
        "80.0",
        "13.0",
    ]
    assert version.tools[0].fields == ("last_report", "gate.G3")
    assert [(cycle.uid, cycle.gates) for cycle in version.life_cycles] == [
        ("device", ("D1", "D2")), ("it", ("G1",)),
    ]  # fmt: skip
    assert "porto-rules" in [each.id for each in found.tailorings]
    (folder / "tailorings" / "porto-rules.yaml").write_text(
        tailoring.replace("limit: 3 ", "limit: 6 "), "utf-8"
    )
    refused = examine(folder)
    assert isinstance(refused, Problems)
    assert "ceiling" in str(refused.errors[0])


def test_every_level_is_taught() -> None:
    assert [level for level in Level if f"| `{level}` |" not in PAGE] == []
