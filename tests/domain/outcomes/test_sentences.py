"""People read one sentence of an outcome, the same for the same outcome; other programs read its fields."""

import json
from typing import get_args

import pytest

from domain.outcomes.outcome import Outcome, as_fields
from tests.domain.outcomes.examples import ANSWERED, READ, SENTENCES, SIMULATED

KINDS = get_args(Outcome)


@pytest.mark.parametrize(("outcome", "sentence"), SENTENCES, ids=lambda each: getattr(each, "kind", ""))
def test_an_outcome_is_said_in_its_sentence(outcome, sentence):
    assert outcome.sentence == sentence


def test_every_kind_of_outcome_has_a_sentence_here():
    assert {type(outcome) for outcome, _ in SENTENCES} == set(KINDS)


def test_each_kind_has_a_name_of_its_own():
    assert len({kind.__dataclass_fields__["kind"].default for kind in KINDS}) == len(KINDS) == 40


def test_other_programs_read_every_field_as_json():
    told = json.loads(json.dumps(as_fields(SIMULATED)))
    assert told["kind"] == "simulated"
    assert told["digest"] == SIMULATED.digest
    assert told["per_office"]["antwerp"]["must_act"] == 3
    assert told["effort"] == [{"office": "antwerp", "role": "reporter", "items": 7}]
    told = json.loads(json.dumps(as_fields(ANSWERED)))
    assert (told["asked"], told["outcome"]["kind"]) == ("sync.requested", "offices_read")
    assert told["outcome"]["read"] == list(READ.read)
