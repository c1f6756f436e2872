"""Who may do what: the table holds for every row, every actor and every office, and knows every kind and flow."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from config.messages import KINDS
from domain.organization.actions import (
    TABLE,
    Account,
    Action,
    Operator,
    Permission,
    Refusal,
    RefusalCause,
    Sender,
    Sources,
    permit,
    who_may,
)
from domain.organization.office import Person, Role
from domain.organization.webhooks import Source
from domain.reporting.needs import needs
from domain.rollouts.notices import notices
from domain.rollouts.rollout import RolloutState
from runtime.manifest import read_manifest
from tasks.steering import Steering
from tests.domain.builders import MONDAY, noon, office, organization, rollout

EVERYBODY = {
    "owner": Role.STANDARDS_OWNER,
    "head": Role.HEAD,
    "approver": Role.APPROVER,
    "reporter": Role.REPORTER,
    "sponsor": Role.SPONSOR,
}
OFFICES = ("hq", "porto", "oslo")


def holder(role: str, of: str) -> str:
    return f"{role}-of-{of}"


def network(**changes):
    """Three offices, each with a person of its own in every role; `nobody-special` has none."""
    found = organization(office("porto"), office("oslo"), **{"operator_decisions_count": True, **changes})
    people = {holder(role, of) for role in EVERYBODY for of in OFFICES} | {"nobody-special"}
    offices = {
        key: replace(each, roles={role: (holder(name, key),) for name, role in EVERYBODY.items()})
        for key, each in found.offices.items()
    }
    return replace(found, offices=offices, people={key: Person(key, key.title()) for key in people})


def source(*offices: str, may=KINDS) -> Source:
    return Source("board", "hmac", ("SECRET",), may=frozenset(may), offices=frozenset(offices))


STRATEGIC = ("owner-of-hq", "head-of-hq", "approver-of-hq")
LEADERS = ("approver-of-hq", "head-of-hq")
WHO = {
    Action.PUBLISH: STRATEGIC,
    Action.SIMULATE: STRATEGIC,
    Action.APPROVE: ("approver-of-hq",),
    Action.PAUSE: LEADERS,
    Action.RESUME: LEADERS,
    Action.ROLL_BACK: (*LEADERS, "head-of-porto"),
    Action.LEAVE_OUT: LEADERS,
    Action.BRING_BACK: (*LEADERS, "head-of-porto"),
    Action.START: (*LEADERS, "head-of-porto", "reporter-of-porto", "sponsor-of-porto"),
    Action.DISTRIBUTE: ("head-of-porto",),
    Action.CAPTURE: ("head-of-porto", "owner-of-porto", "reporter-of-porto"),
    Action.UPDATE_PLANS: ("head-of-porto", "owner-of-porto"),
    Action.PROPOSE: ("head-of-porto", "owner-of-porto"),
    Action.RELEASE: ("head-of-porto", "owner-of-porto"),
    Action.RECALL: ("head-of-porto", "owner-of-porto"),
    Action.OPEN_DEPLOYMENT: ("sponsor-of-hq", "sponsor-of-porto"),
    Action.CHANGE_DEPLOYMENT: ("sponsor-of-hq", "sponsor-of-porto"),
    Action.ACCEPT_DEPLOYMENT: ("head-of-porto",),
    Action.CLOSE_DEPLOYMENT: ("sponsor-of-hq", "sponsor-of-porto"),
    Action.SHARE: ("head-of-porto", "owner-of-porto"),
    Action.LOCALIZE: ("head-of-porto",),
    Action.RESOLVE_CONFLICT: ("head-of-porto",),
    Action.UNDO_UPDATE: ("head-of-porto",),
    Action.RE_BASE: ("head-of-porto",),
    Action.ASK_OWNER: ("head-of-porto", "owner-of-porto", "reporter-of-porto"),
    Action.ANSWER_PEER: ("head-of-porto", "owner-of-porto", "reporter-of-porto"),
    Action.ASK_DEVIATION: (
        "head-of-porto",
        "reporter-of-porto",
        "owner-of-porto",
        "approver-of-porto",
        "sponsor-of-porto",
    ),
    Action.DECIDE: ("approver-of-hq",),
    Action.REVOKE_DEVIATION: (*LEADERS, "head-of-porto", "reporter-of-porto"),
    Action.RAISE: (
        "head-of-porto",
        "reporter-of-porto",
        "owner-of-porto",
        "approver-of-porto",
        "sponsor-of-porto",
    ),
    Action.OBJECT: ("head-of-porto", "approver-of-porto", "sponsor-of-porto"),
    Action.ANSWER_CASE: ("head-of-porto", "owner-of-porto", "reporter-of-porto"),
    Action.AGREE_CASE: ("head-of-porto", "approver-of-porto"),
    Action.DECIDE_CASE: ("sponsor-of-porto", "head-of-porto"),
    Action.DIRECT: ("head-of-hq", "approver-of-hq", "sponsor-of-hq"),
    Action.WITHDRAW_DIRECTIVE: ("head-of-hq", "approver-of-hq", "sponsor-of-hq"),
    Action.ANSWER_DIRECTIVE: tuple(f"{role}-of-porto" for role in EVERYBODY),
    Action.ATTEST_DIRECTIVE: tuple(f"{role}-of-porto" for role in EVERYBODY),
    Action.DRAFT: STRATEGIC,
    Action.COMMENT: (
        "head-of-porto",
        "reporter-of-porto",
        "owner-of-porto",
        "approver-of-porto",
        "sponsor-of-porto",
    ),
    Action.ANSWER_COMMENT: STRATEGIC,
}
"""Who may, of the people of the network, where it concerns Porto; anything else is open to whoever starts runs."""

OPENS_NOTHING = {
    Action.OPEN_DEPLOYMENT, Action.CHANGE_DEPLOYMENT, Action.ASK_OWNER, Action.ANSWER_PEER,
}  # fmt: skip
"""What shows nothing of an office to another, as its head has to accept, or did."""


@pytest.mark.parametrize("action", WHO)
def test_of_all_people_those_of_the_row_may_and_nobody_else(action):
    there = network()
    made = (Operator, Account, lambda person: Sender(source(*OFFICES), "steering.requested", person))
    for person, actor in itertools.product(there.people, made):
        found = permit(there, actor(person), action, "hq", "porto")
        assert isinstance(found, Permission) == (person in WHO[action]), (person, str(found))
        if isinstance(found, Refusal):
            assert (found.cause, found.person) == (RefusalCause.NO_ROLE, person)
            assert f"it takes {who_may(action)}" in str(found)
            assert not any(name in str(found) for name in there.people), "no person is named"


def test_the_permission_says_by_which_role_of_which_office():
    there = network()
    assert permit(there, Operator("head-of-porto"), Action.ROLL_BACK, "hq", "porto") == Permission(
        Role.HEAD, "porto"
    )
    assert str(permit(there, Operator("owner-of-hq"), Action.PUBLISH, "hq")) == "as standards owner of hq"


@pytest.mark.parametrize("concerned", ["", "oslo", "porto/1", "nowhere", "hq/.."])
def test_the_head_of_an_office_may_nothing_about_another_office_or_about_none(concerned):
    found = permit(network(), Operator("head-of-porto"), Action.ROLL_BACK, "hq", concerned)
    assert isinstance(found, Refusal)


@pytest.mark.parametrize("action", WHO)
def test_somebody_whom_nobody_knows_may_nothing_and_their_name_is_not_kept(action):
    for actor in (
        Operator("a stranger"),
        Account("a stranger"),
        Sender(source("hq"), "sweep.requested", "x"),
    ):
        found = permit(network(), actor, action, "hq", "porto")
        assert isinstance(found, Refusal)
        assert (found.cause, found.person) == (RefusalCause.UNKNOWN, "")
        assert "stranger" not in str(found)


@pytest.mark.parametrize("action", Action)
def test_without_a_named_person_only_what_decides_nothing_may_be_started(action):
    decides = action in WHO and action not in (
        Action.SIMULATE, Action.CAPTURE, Action.UPDATE_PLANS, Action.PROPOSE,
    )  # fmt: skip
    found = permit(network(), Operator(), action, "hq", "porto")
    assert isinstance(found, Refusal) == decides
    if isinstance(found, Refusal):
        assert found.cause is RefusalCause.NOBODY
        assert who_may(action) in str(found)


@pytest.mark.parametrize("action", Action)
def test_a_source_by_itself_may_what_its_row_says_and_only_for_its_offices(action):
    asked = {
        Sources.NONE: (False, False),
        Sources.STRATEGIC: (False, True),
        Sources.ANY: (True, True),
    }[TABLE[action].sources]
    there = network()
    found = tuple(
        isinstance(permit(there, Sender(source(of), "sweep.requested"), action, "hq", "porto"), Permission)
        for of in ("porto", "hq")
    )
    assert found == asked


def test_a_message_that_names_a_person_needs_a_source_of_the_office_by_which_that_person_may():
    there = network()
    asked = lambda of, person: permit(  # noqa: E731 - one line, asked four times
        there, Sender(source(of), "steering.requested", person), Action.ROLL_BACK, "hq", "porto"
    )
    assert asked("porto", "head-of-porto") == Permission(Role.HEAD, "porto")
    assert asked("hq", "head-of-hq") == Permission(Role.HEAD, "hq")
    for of, person in (("hq", "head-of-porto"), ("porto", "head-of-hq")):
        found = asked(of, person)
        assert isinstance(found, Refusal)
        assert found.cause is RefusalCause.OFFICE
        assert "webhooks.yaml, `offices`" in str(found)


def test_a_kind_that_a_source_may_not_send_is_refused_whoever_is_named():
    sender = Sender(source("hq", may=("sweep.requested",)), "steering.requested", "head-of-hq")
    found = permit(network(), sender, Action.PAUSE, "hq")
    assert isinstance(found, Refusal)
    assert found.cause is RefusalCause.KIND


@pytest.mark.parametrize("action", WHO)
def test_what_is_entered_for_a_person_counts_by_configuration_but_for_what_the_files_hold(action):
    there = network(operator_decisions_count=False)
    always = action in {
        Action.PUBLISH, Action.SIMULATE, Action.START, Action.DISTRIBUTE, Action.CAPTURE,
        Action.UPDATE_PLANS, Action.PROPOSE, Action.ASK_DEVIATION, Action.RAISE, Action.OBJECT, Action.ANSWER_CASE,
        Action.DIRECT, Action.WITHDRAW_DIRECTIVE, Action.ANSWER_DIRECTIVE,
        Action.DRAFT, Action.COMMENT, Action.ANSWER_COMMENT,
        *OPENS_NOTHING,
    }  # fmt: skip
    who = WHO[action][0]
    for actor in (Operator(who), Sender(source(*OFFICES), "steering.requested", who)):
        found = permit(there, actor, action, "hq", "porto")
        assert isinstance(found, Permission) == always
        assert always or found.cause is RefusalCause.NOT_COUNTED
    assert isinstance(permit(there, Account(who), action, "hq", "porto"), Permission)


def test_every_action_has_its_row_and_every_way_to_steer_is_an_action():
    assert set(TABLE) == set(Action)
    assert {TABLE[Action(each)].flow for each in Steering} == {"steer-rollout"}


def test_every_kind_of_message_has_a_row_whose_flow_it_starts():
    for kind in KINDS.values():
        asks = kind.shape.model_validate(kind.example).asks
        module, _, name = kind.flow.rpartition(".")
        assert TABLE[asks.action].flow == name.replace("_", "-"), module


def test_every_deployed_flow_has_a_row_but_the_one_that_does_what_its_message_says():
    deployed = {each.name for each in read_manifest().deployments}
    assert {row.flow for row in TABLE.values()} == deployed - {"answer-message"}


def test_whom_the_reports_ask_to_resume_a_rollout_may_resume_it():
    there = network()
    halted = rollout("porto/1", state=RolloutState.HALTED)
    asked = needs(
        organization=there,
        rollout=halted,
        adoptions=(),
        questions=(),
        version=None,
        sweep=None,
        now=noon(MONDAY),
    )
    told = notices(there, halted, (), MONDAY)
    for at, role in ((asked[0].office, asked[0].role), (told[0].office, Role(told[0].role))):
        (person,) = there.offices[at].roles[role]
        assert isinstance(permit(there, Account(person), Action.RESUME, at), Permission)
