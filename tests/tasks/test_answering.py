"""What a message asks for: its flow's parameters hold ids only, and its texts are read where they are recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count

import pytest

from domain.messages.inbox import Posted
from domain.organization.webhooks import Source
from domain.rollouts.rollout import RolloutState
from store.errors import Unknown
from tasks import context
from tasks.answering import read_message
from tasks.publishing import publish_version
from tasks.steering import Steering, steer
from tests.tasks.conftest import Desk

ROLLOUT = "delivery-method-2"
KEYS = count()


def sent(desk: Desk, kind: str, may: str = "", **data: str) -> str:
    """The id of a stored message of a source of the strategic office that may send what `may` says."""
    application = desk.application
    leader = frozenset({desk.leader().id})
    kinds = frozenset({may or kind})
    source = Source("board", "standard-webhooks", ("BOARD_SECRET",), may=kinds, offices=leader)
    application.organization.sources["board"] = source
    body = json.dumps({"type": kind, "data": data}).encode()
    posted = Posted("board", f"key {next(KEYS)}", kind, application.clock.now(), body)
    with application.store.begin() as unit:
        unit.inbox.receive(posted)
        unit.commit()
    return posted.id


def pausing(desk: Desk, person: str = "") -> str:
    return sent(
        desk,
        "steering.requested",
        rollout=ROLLOUT,
        action="pause",
        person=person or desk.approver(),
        why="the auditors of Lindqvist & Sons are here",
    )


def test_parameters_hold_neither_texts_nor_people(begun: Desk) -> None:
    message = pausing(begun)
    asked = read_message.fn(message)
    assert asked.flow == "flows.steer.steer_rollout"
    reference = f"message {message}"
    assert asked.parameters == {
        "rollout": ROLLOUT,
        "action": "pause",
        "person": reference,
        "why": reference,
        "subject": "",
        "dry_run": False,
    }


def test_what_the_message_says_is_what_is_recorded(begun: Desk) -> None:
    asked = read_message.fn(pausing(begun)).parameters
    command = (ROLLOUT, Steering.PAUSE, "", str(asked["person"]), str(asked["why"]))
    steer.fn(*command, dry_run=False)
    with begun.application.store.read() as unit:
        rollout = unit.rollouts.get(ROLLOUT)
        last = list(unit.ledger.entries())[-1]
        person = unit.pseudonyms.of(begun.approver())
    assert rollout is not None
    assert (rollout.state, rollout.note) == (
        RolloutState.PAUSED,
        "board: the auditors of Lindqvist & Sons are here",
    )
    assert (last.event.kind, last.event.actor) == ("steering", person)


def test_a_person_whom_nobody_knows_is_refused_though_the_message_is_known(begun: Desk) -> None:
    with pytest.raises(PermissionError, match="nobody has the id that was given"):
        read_message.fn(pausing(begun, "nobody"))


def test_a_reference_to_no_message_or_to_one_that_asks_for_something_else_is_refused(begun: Desk) -> None:
    swept = sent(begun, "sweep.requested", why="the board meets")
    paused = pausing(begun)
    for message, action in ((swept, Steering.PAUSE), (paused, Steering.RESUME)):
        with pytest.raises(ValueError, match="does not ask for this"):
            steer.fn(ROLLOUT, action, "", f"message {message}", "why", dry_run=False)
    unknown = f"message {'0' * 8}-0000-0000-0000-{'0' * 12}"
    with pytest.raises(Unknown):
        steer.fn(ROLLOUT, Steering.PAUSE, "", begun.approver(), unknown, dry_run=False)


def test_a_text_of_a_message_that_looks_like_a_reference_stays_a_text(begun: Desk) -> None:
    other = sent(begun, "sweep.requested", may="standard.published", why="the board meets")
    message = sent(begun, "standard.published", version="delivery-method/2.0", why=f"message {other}")
    asked = read_message.fn(message).parameters
    given = (str(asked[name]) for name in ("version", "why", "person"))
    published = publish_version.fn(*given, dry_run=True)
    assert published.version == "delivery-method/2.0"
    assert str(published.by) == "for group", "a source that names nobody publishes for its office"


def test_a_source_that_may_no_longer_send_it_is_not_listened_to(begun: Desk) -> None:
    message = pausing(begun)
    sources = begun.application.organization.sources
    sources["board"] = replace(sources["board"], may=frozenset())
    with pytest.raises(PermissionError, match=r"may not send steering\.requested"):
        read_message.fn(message)
    with pytest.raises(PermissionError):
        steer.fn(ROLLOUT, Steering.PAUSE, "", begun.approver(), f"message {message}", dry_run=False)
    assert context.current_application() is begun.application
