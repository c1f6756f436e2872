"""What a command enters for a flow: people and simulations are looked up before any run begins."""

from __future__ import annotations

import re

import pytest

from runtime.choices import Choices
from runtime.entered import checked, stored
from runtime.offered import choices_of, ids_of
from runtime.problem import UsageProblem
from tests.tasks.conftest import Desk


def digest_of(desk: Desk) -> str:
    with desk.application.store.read() as unit:
        return unit.simulations.digests()[0]


def test_people_stand_in_parameters_by_opaque_ids_only(begun: Desk) -> None:
    person = begun.approver()
    opaque = ids_of(begun.application)[person]
    assert re.fullmatch(r"p-[0-9a-f]{16}", opaque)
    for text in (person, opaque, f" {person} "):
        assert checked(begun.application, {"approved_by": text}) == {"approved_by": opaque}
    given = {"person": person, "why": "a reason", "dry_run": False}
    assert stored(begun.application, given) == {"person": opaque, "why": "a reason", "dry_run": False}


def test_a_digest_may_be_shortened_and_a_name_stands_for_it(begun: Desk) -> None:
    digest = digest_of(begun)
    (name,) = choices_of(begun.application).simulations
    for text in (digest, digest[:8], digest[:20].upper(), name):
        assert checked(begun.application, {"digest": text}) == {"digest": digest}


def test_forms_offer_those_whose_role_may_do_it_and_tell_no_name(begun: Desk) -> None:
    found = choices_of(begun.application)
    ids = ids_of(begun.application)
    assert ids[begun.approver()] in found.persons["roll-out-standard"]
    assert set(found.persons) == {
        "publish-standard", "simulate-standard", "roll-out-standard", "steer-rollout", "start-project",
        "distribute-plan", "capture-plan", "release-template", "recall-template", "open-deployment", "change-deployment",
        "accept-deployment", "close-deployment", "share-plan", "ask-owner", "answer-peer",
        "request-deviation", "revoke-deviation", "decide", "raise-feedback", "raise-objection", "answer-feedback", "draft-amendment", "comment-draft", "answer-comment", "localize-plan", "update-plans", "undo-update", "re-base-plan",
        "resolve-conflict", "propose-improvements",
    }  # fmt: skip
    assert len(found.persons["roll-out-standard"]) < len(found.persons["steer-rollout"]) < len(ids)
    schema = {"properties": {"approved_by": {"type": "string", "default": "ask them"}, "digest": {}}}
    form = found.in_form(schema, "roll-out-standard")["properties"]
    assert form["approved_by"]["enum"] == ["ask them", *found.persons["roll-out-standard"]]
    assert form["digest"]["title"] == "simulation"
    assert form["digest"]["enum"] == list(found.simulations)
    assert form["digest"]["description"] == "If a choice is refused as gone, load this page anew."
    told = str(form)
    people = begun.application.organization.people
    assert [each for each in people.values() if each.id in told or each.name in told] == []
    assert "enum" not in Choices().in_form(schema, "roll-out-standard")["properties"]["digest"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"person": "nobody"}, "person: nobody has the id 'nobody' -> see `interoffice person list`"),
        ({"approved_by": "p-" + "0" * 16}, "any more -> open the form anew"),
        ({"digest": "f" * 64}, "digest: no simulation has the digest ffffffffffff -> choose one of"),
        ({"digest": "abc"}, "digest: abc is too short for a digest -> give its first 8 characters"),
        ({"digest": "yesterday's"}, "no simulation is called"),
    ],
)
def test_what_is_not_there_is_refused_with_place_and_remedy(
    begun: Desk, given: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        checked(begun.application, given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
