"""`interoffice rule try`: what a rule looks at, says and costs, before anybody is bound by it."""

from __future__ import annotations

import json
import re

import pytest

from cli import main
from tests.config.good import write
from tests.config.test_organization import spoil

V2 = "standards/method/2.0.yaml"


@pytest.fixture
def tries(tmp_path, capsys):
    """What trying prints for a good organization, which nobody read yet."""
    folder = write(tmp_path / "organization")

    def tried(*words: str, code: int = 0):
        place = ("--organization", str(folder), "--state", str(tmp_path / "state"))
        assert main.main(["rule", "try", *words, *place]) == code
        return capsys.readouterr()

    return folder, tried


def test_a_rule_is_shown_on_both_its_examples_with_what_it_looks_at_and_costs(tries) -> None:
    folder, tried = tries
    said = re.sub(r"took +[\d.]+", "took 1.0", tried("method", "plan.overdue").out)
    assert (
        said
        == f"""\
Few items are overdue
  rule      plan.overdue of method/2.0, computed, ceiling
  file      {folder}/{V2}:17
  check     plan.overdue <= limit
  applies   project.stage == "execution"
  limit     5
  from      method/2.0: limit 5 (ceiling)
  remedy    Finish or replan what is overdue: head, within 10 business days
  cost      check at most 4 of 1,000,000 steps
            applies at most 4 of 1,000,000 steps

on the example `pass`, at 2027-01-04 00:00 UTC
  plan.overdue   5 items    whole number: open items that were due before today
  project.stage  execution  text: proposed, planning, execution, closing, closed or on_hold
  result    pass
  took 1.0 microseconds of CPU just now

on the example `fail`, at 2027-01-04 00:00 UTC
  plan.overdue   6 items    whole number: open items that were due before today
  project.stage  execution  text: proposed, planning, execution, closing, closed or on_hold
  result    fail: plan.overdue = 6, the limit is 5
  took 1.0 microseconds of CPU just now
"""
    )


def test_programs_are_given_the_same(tries) -> None:
    _, tried = tries
    said = json.loads(tried("method/2.0", "plan.overdue", "--json").out)
    assert (said["version"], said["rule"], said["line"]) == ("method/2.0", "plan.overdue", 17)
    assert said["steps"] == {"check": 4, "applies": 4}
    assert [(each["on"], each["result"], each["wanted"]) for each in said["tried"]] == [
        ("the example `pass`", "pass", "pass"),
        ("the example `fail`", "fail", "fail"),
    ]
    assert said["tried"][0]["facts"][0] == {
        "name": "plan.overdue",
        "value": 5,
        "type": "whole number",
        "unit": "items",
        "meaning": "open items that were due before today",
    }
    assert all(each["microseconds"] > 0 for each in said["tried"])


def test_an_attested_rule_shows_the_parts_of_the_attestation(tries) -> None:
    _, tried = tries
    said = " ".join(tried("method", "case.approved").out.split())
    assert "subject business_case" in said
    assert "attested.business_case.document https://docs.example/7 text: where the evidence lies" in said
    assert "attested.business_case.document not reported text: where the evidence lies" in said
    assert said.endswith("result fail: the attestation lacks document, valid_until")


def test_an_example_that_gives_something_else_is_shown_and_said_to_be_wrong(tries) -> None:
    folder, tried = tries
    spoil(folder, V2, "plan: {overdue: 5}", "plan: {}")
    said = tried("method", "plan.overdue")
    assert "plan.overdue   not reported" in said.out
    assert "result    unknown, and should be pass: not reported: plan.overdue" in said.out
    assert said.err.startswith(
        f"warning: {folder}/{V2}:28: the example `pass` of rule `plan.overdue` gives unknown"
    )


def test_a_rule_can_be_tried_while_something_else_is_wrong(tries) -> None:
    folder, tried = tries
    spoil(folder, "offices.yaml", "country: PT", "country: Portugal")
    spoil(folder, V2, "check: plan.without_owner == 0", "check: plan.without_ownr == 0")
    said = tried("method", "plan.overdue")
    assert "result    pass" in said.out
    more = f"warning: more is wrong with the standards -> see `interoffice check {folder}`"
    assert said.err == f"{more}\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("methd", "plan.overdue"), 1, "there is no standard 'methd' -> did you mean `method`?"),
        (("method/2.1", "plan.overdue"), 1, "no standard 'method/2.1' -> did you mean `method/2.0`?"),
        (
            ("method", "plan.overdu"),
            1,
            "method/2.0 has no rule 'plan.overdu' -> did you mean `plan.overdue`?",
        ),
        (("method/1.0", "nothing"), 1, "method/1.0 has no rule 'nothing' -> known: `plan.owners`"),
        (
            ("method", "plan.overdue", "porto/P-1"),
            1,
            "no project was read yet -> start with `interoffice up`",
        ),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest_that_is(tries, words, code, said) -> None:
    _, tried = tries
    found = tried(*words, code=code)
    assert said in found.err
    assert found.out == ""
    assert len(found.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "check: plan.overdue <= limit",
            "check: plan.overdue <= limit +",
            f"as it is -> correct this, then try again\n{V2}:22: the",
        ),
        ("check: plan.overdue <= limit", "chek: plan.overdue <= limit", f"{V2}:22"),
        ("level: ceiling", "level: [", f"{V2}:2"),
    ],
)
def test_a_rule_that_cannot_be_used_is_said_with_its_line(tries, old, new, said) -> None:
    folder, tried = tries
    spoil(folder, V2, old, new)
    assert said in tried("method/2.0", "plan.overdue", code=1).err


def test_the_words_of_the_command_are_checked_first() -> None:
    with pytest.raises(SystemExit, match="2"):
        main.main(["rule", "tyr", "method", "plan.overdue"])


def test_of_a_list_the_first_entries_are_shown_and_a_misspelled_field_names_the_nearest(tries) -> None:
    folder, tried = tries
    asks = "check: plan.without_owner == 0 && plan.titles.all(t, t != '') && field.risk_registr != ''"
    spoil(folder, V2, "check: plan.without_owner == 0", asks)
    facts = "pass: {plan: {without_owner: 0, titles: [Início, Fim]}, field: {risk_register: R-1}}"
    spoil(folder, V2, "pass: {plan: {without_owner: 0}}", facts)
    said = " ".join(tried("method", "plan.owners").out.split())
    assert "plan.titles 2 entries: Início, Fim list of texts: the titles of the items" in said
    assert "field.risk_registr not reported as the tool has it: the office's own fields" in said
    assert "(`field.risk_register`); did you mean `risk_register`?" in said
