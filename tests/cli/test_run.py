"""What `interoffice run` prints for other programs: how the run ended, its sentence, and its outcome."""

import json

import pytest

from cli.run import as_told, described, parsed
from runtime.problem import UsageProblem
from runtime.runs import Ended
from tests.domain.outcomes.examples import READ, SIMULATED


def test_a_run_that_ended_well_is_printed_with_what_it_came_to():
    ended = Ended("r-1", "Completed", SIMULATED.sentence, good=True, outcome=SIMULATED)
    told = json.loads(json.dumps(as_told("simulate-standard", ended)))
    assert {name: told[name] for name in ("flow", "run", "state", "message")} == {
        "flow": "simulate-standard",
        "run": "r-1",
        "state": "Completed",
        "message": SIMULATED.sentence,
    }
    assert told["outcome"]["digest"] == SIMULATED.digest
    assert told["outcome"]["counts"]["must_act"] == 3


def test_offices_that_were_not_read_are_a_list():
    ended = Ended("r-1", "Completed", READ.sentence, good=True, outcome=READ)
    assert as_told("sync-offices", ended)["outcome"]["not_read"] == ()


def test_a_run_that_did_not_end_well_came_to_nothing():
    told = as_told("sync-offices", Ended("r-1", "Failed", "Refused: no such office", good=False))
    assert list(told) == ["flow", "run", "state", "message", "outcome"]
    assert told["outcome"] is None


def test_a_word_that_an_enumeration_lacks_is_refused_with_those_it_has():
    schema = {
        "properties": {
            "action": {"$ref": "#/definitions/Steering"},
            "again": {"allOf": [{"$ref": "#/definitions/Steering"}]},
        },
        "definitions": {"Steering": {"type": "string", "enum": ["pause", "resume"]}},
    }
    assert parsed(schema, {"action": "pause", "again": "resume"}) == {"action": "pause", "again": "resume"}
    for name in ("action", "again"):
        with pytest.raises(UsageProblem, match=f"{name}=stop is no choice -> one of: pause, resume"):
            parsed(schema, {name: "stop"})


def test_what_is_missing_is_said_with_what_to_write_there():
    about = {"type": "string", "description": "What it is about,\n such as `rule method/1.0 size`."}
    form = {"properties": {"about": about, "why": {"type": "string"}}, "required": ["about", "why"]}
    with pytest.raises(UsageProblem) as found:
        parsed(form, {})
    assert str(found.value).splitlines() == [
        "about, why are missing -> add about=... why=...",
        "  about: What it is about, such as `rule method/1.0 size`.",
        "  why",
    ]
    with pytest.raises(UsageProblem, match="why is missing -> add why="):
        parsed(form, {"about": "x"})


def test_a_form_is_described_field_by_field_with_its_defaults():
    fields = {"office": {"description": "The office.", "default": "all"}, "dry_run": {"default": True}}
    assert described(fields) == ['  office: The office. Left out: "all".', "  dry_run:  Left out: true."]


@pytest.mark.parametrize("said", ["tavasz", "2027-02-30", "01.03.2027", ""])
def test_a_day_that_is_none_is_a_wrong_use_and_says_how_days_are_written(said):
    form = {"properties": {"start": {"type": "string", "format": "date"}}, "required": ["start"]}
    with pytest.raises(UsageProblem, match=f"start={said} is no date -> write start=2027-03-01"):
        parsed(form, {"start": said})
    assert parsed(form, {"start": "2027-03-01"}) == {"start": "2027-03-01"}
