"""`interoffice rule try STANDARD RULE OFFICE/PROJECT`: the facts as they were last read, the limit in force there."""

from __future__ import annotations

import json

import pytest

from cli import main
from domain.standards.checks.answers import Ended
from examples.harbor_group import player
from tasks import context
from tasks.reading import read_office
from tests.config.test_organization import spoil

V2 = "standards/delivery-method/2.0.yaml"


def forget() -> None:
    context.KEPT.forget()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A copy of the sample of which one office was read."""
    place = tmp_path_factory.mktemp("rule")
    player.copy_sample(place / "organization")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
        monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))
        forget()
        read_office("santos")
        context.current_application().store.close()
        forget()
    return place


@pytest.fixture
def tries(place, monkeypatch, capsys):
    monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))

    def tried(*words: str, code: int = 0):
        assert main.main(["rule", "try", *words]) == code
        return capsys.readouterr()

    return tried


def test_the_limit_in_force_and_where_it_comes_from_are_shown(tries) -> None:
    said = tries("delivery-method", "slip-within-limit", "santos/SP-01").out
    steps = said.partition("  from      ")[2].splitlines()
    assert steps[0].strip() == "delivery-method/2.0: limit 10 (ceiling)"
    assert steps[1].strip().startswith("santos-thresholds: limit 7 (")
    assert "  limit     7\n" in said
    assert "project.slip_percent" in said
    assert "microseconds of CPU just now" in said


def test_programs_are_given_the_result_with_what_is_missing(tries) -> None:
    said = json.loads(tries("delivery-method", "slip-within-limit", "santos/SP-01", "--json").out)
    (trial,) = said["tried"]
    assert said["limit"] == 7
    assert said["from"][1].startswith("santos-thresholds: limit 7 (")
    assert trial["result"] in {"pass", "fail", "not_applicable"}
    assert trial["missing"] == []
    assert {fact["name"] for fact in trial["facts"]} == {"project.slip_percent", "project.stage"}


def test_an_attested_rule_shows_what_the_office_reported(tries) -> None:
    said = tries("delivery-method/2.0", "business-case-approved", "santos/SP-01").out
    assert "attested." in said


def test_an_organization_with_errors_has_no_project_to_try_a_rule_on(place, tries) -> None:
    spoil(
        place / "organization",
        V2,
        "project.slip_percent <= double(limit)",
        "project.slip_percent <= double(limit) && gates.G9 < now",
    )
    try:
        said = tries("delivery-method", "slip-within-limit", "santos/SP-01", code=1).err
        assert "the example `pass` of rule `slip-within-limit` gives unknown: not reported: gates.G9" in said
    finally:
        spoil(place / "organization", V2, " && gates.G9 < now", "")


def test_a_check_that_is_ended_is_an_error_as_in_a_sweep(tries, monkeypatch) -> None:
    class Ending:
        def answers(self, expressions, projects, _now):
            return [[Ended("the check was ended: it took too much CPU") for _ in expressions.texts]] * len(
                projects
            )

    monkeypatch.setattr(context, "evaluator", Ending)
    said = tries("delivery-method", "slip-within-limit", "santos/SP-01").out
    assert "result    error: the check was ended: it took too much CPU" in said
    assert "microseconds" not in said


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (
            "santos/SP-011",
            "santos had no project 'SP-011' when it was last read -> did you mean `santos/SP-01`?",
        ),
        ("santo/SP-01", "there is no office 'santo' -> did you mean `santos`?"),
        ("SP-01", "'SP-01' is no project -> write it as OFFICE/PROJECT, such as santos/"),
        (
            "hamburg/H-1",
            "hamburg was never read -> read it with `interoffice run sync-offices office=hamburg",
        ),
    ],
)
def test_a_project_that_was_not_read_is_said_with_what_to_do(tries, project, said) -> None:
    found = tries("delivery-method", "slip-within-limit", project, code=1)
    assert said in found.err
    assert len(found.err.splitlines()) == 1
