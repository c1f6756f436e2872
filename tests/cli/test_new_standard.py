"""`interoffice new-standard`: a first version that passes the check, what is in its comments too."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

import pytest

from cli import check, init, new_standard
from config.new_standard import next_monday
from config.organization import Loaded
from config.wiring import examine
from domain.standards.standard import Level, RuleKind, Version
from runtime.problem import Problem, UsageProblem
from tests.config.good import write


def run(verb, *words: object) -> int:
    parser = argparse.ArgumentParser()
    verb.configure(parser)
    return verb.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    run(init, tmp_path / "mine")
    capsys.readouterr()
    return tmp_path / "mine"


def version(folder: Path, key: str) -> Version:
    found = examine(folder)
    assert isinstance(found, Loaded), found
    return found.versions[key]


def test_it_passes_the_check_and_has_five_rules_with_remedies(folder, capsys) -> None:
    assert run(new_standard, "site-safety", "--organization", folder) == 0
    told = capsys.readouterr().out
    assert f"`interoffice check {folder}`" in told
    assert f"`interoffice rule try site-safety plan.overdue --organization {folder}`" in told
    assert run(check, folder) == 0
    made = version(folder, "site-safety/1.0")
    assert (made.title, made.owner, made.previous) == ("Site safety", "portfolio-office", None)
    assert made.effective_from.weekday() == 0
    assert made.effective_from > date.today()  # noqa: DTZ011 - the machine's day, as the command's
    assert len(made.rules) == 5
    assert all(rule.remedy and rule.days and rule.kind is RuleKind.COMPUTED for rule in made.rules)
    assert {rule.level for rule in made.rules} == {Level.LOCKED, Level.CEILING, Level.RANGE}


def test_whatever_the_title_is_it_stands_there_as_it_was_given(folder) -> None:
    title = 'Zażółć: "gęślą" # $owner {x} — 安全'
    run(new_standard, "a", "--organization", folder, "--title", title, "--from", "2027-03-01")
    made = version(folder, "a/1.0")
    assert (made.title, made.effective_from) == (title, date(2027, 3, 1))


def test_what_stands_in_its_comments_is_good_too(folder) -> None:
    """The attested rule, out of its comment; the leeway belongs to the first version too."""
    run(new_standard, "a", "--organization", folder, "--from", "2027-03-01")
    first = folder / "standards" / "a" / "1.0.yaml"
    head, begin, rest = first.read_text("utf-8").partition("# A rule by a person's word")
    rule, end, tail = rest.partition("\n\n")
    attested = head + begin + re.sub(r"(?m)^#(  .*)$", r"\1", rule) + end + tail
    first.write_text(attested, "utf-8")
    made = version(folder, "a/1.0")
    assert [rule.uid for rule in made.rules if rule.kind is RuleKind.ATTESTED] == ["case.approved"]
    leeway = made.leeway
    assert leeway is not None
    assert [(each.fact, each.at_least, each.at_most) for each in leeway.conditions] == [
        ("plan.percent_complete", 80, None),
        ("project.weeks_remaining", None, 13),
    ]
    assert (leeway.until, leeway.elect_days) == (date(2027, 8, 30), 10)


def test_the_life_cycle_in_its_comments_is_good_too(folder) -> None:
    run(new_standard, "a", "--organization", folder, "--from", "2027-03-01")
    first = folder / "standards" / "a" / "1.0.yaml"
    head, begin, rest = first.read_text("utf-8").partition("# project_class:")
    block, end, tail = rest.partition("# What a tool")
    first.write_text(head + re.sub(r"(?m)^# ", "", begin + block) + end + tail, "utf-8")
    (cycle,) = version(folder, "a/1.0").life_cycles
    assert (cycle.uid, cycle.gates) == ("ordinary", ("G1", "G2"))


def test_a_standard_that_is_there_is_not_touched(folder) -> None:
    run(new_standard, "a", "--organization", folder)
    path = folder / "standards" / "a" / "1.0.yaml"
    before = path.read_bytes()
    with pytest.raises(Problem, match="copy it to the file of the next version"):
        run(new_standard, "a", "--organization", folder, "--title", "Another")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Site Safety"], "is no id -> write small letters"),
        (["../x"], "is no id"),
        (["a" * 61], "is no id"),
        (["a", "--owner", "oslo"], "one of portfolio-office"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(folder, words: list[str], told: str) -> None:
    with pytest.raises(UsageProblem, match=told):
        run(new_standard, *words, "--organization", folder)
    assert not (folder / "standards" / "a").exists()


def test_a_folder_that_is_none_and_files_with_errors_are_refused(folder, tmp_path) -> None:
    with pytest.raises(UsageProblem, match="interoffice init"):
        run(new_standard, "a", "--organization", tmp_path / "nowhere")
    (folder / "offices.yaml").write_text("offices: 3\n", "utf-8")
    with pytest.raises(Problem, match="interoffice check"):
        run(new_standard, "a", "--organization", folder)


def test_where_several_lead_one_has_to_be_named(tmp_path) -> None:
    write(tmp_path)
    offices = tmp_path / "offices.yaml"
    text = offices.read_text("utf-8")
    assert text.count("id: marine") == 1
    offices.write_text(text.replace("kind: subsidiary", "kind: strategic", 1), "utf-8")
    found = examine(tmp_path)
    assert isinstance(found, Loaded), list(found)
    leading = sorted(each.id for each in found.organization.strategic_offices())
    assert len(leading) == 2
    with pytest.raises(UsageProblem, match=f"one of {', '.join(leading)}"):
        run(new_standard, "a", "--organization", tmp_path)
    assert run(new_standard, "a", "--organization", tmp_path, "--owner", leading[1]) == 0
    assert version(tmp_path, "a/1.0").owner == leading[1]


def test_the_next_monday_is_never_today() -> None:
    assert [next_monday(date(2027, 1, day)).day for day in range(3, 12)] == [4, *[11] * 7, 18]
