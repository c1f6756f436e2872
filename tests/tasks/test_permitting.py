"""Who may not is refused and recorded, once a day for what repeats; and everybody who decides is asked for a role."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from config.permitting import NotPermitted
from domain.ledger.chain import Event
from domain.organization.actions import RefusalCause
from domain.rollouts.rollout import RolloutState
from tasks.answering import read_message
from tasks.publishing import publish_version
from tasks.rolling import approve_rollout, simulate_rollout
from tasks.steering import Steering, steer
from tests.tasks.conftest import Desk
from tests.tasks.test_answering import pausing, sent

ROLLOUT = "delivery-method-2"
VERSION = "delivery-method/2.0"
OWNER, HEAD, APPROVER = "adebayo-okafor", "marijke-van-dijk", "marijke-van-dijk"
REPORTER, OF_ANTWERP = "lotte-smit", "griet-janssens"
STRANGER = "Eva Somebody of Elsewhere"


def steered(desk: Desk, person: str, action: Steering = Steering.PAUSE, subject: str = "", dry_run=False):
    assert desk.application
    return steer.fn(ROLLOUT, action, subject, person, "the budget is late", dry_run=dry_run)


def refusals(desk: Desk) -> list[Event]:
    with desk.application.store.read() as unit:
        assert unit.ledger.verify() is None
        return [each.event for each in unit.ledger.entries() if each.event.kind == "refusal"]


def pseudonym(desk: Desk, person: str) -> str:
    with desk.application.store.begin() as unit:
        found = unit.pseudonyms.of(person)
        unit.commit()
    return found


def state(desk: Desk) -> RolloutState:
    with desk.application.store.read() as unit:
        return unit.rollouts.get(ROLLOUT).state


@pytest.mark.parametrize("person", [OWNER, REPORTER, OF_ANTWERP, "katrin-brandt"])
def test_a_rollout_is_not_paused_in_the_name_of_somebody_who_may_not(begun: Desk, person: str) -> None:
    with pytest.raises(NotPermitted, match="approver or head of the strategic office") as refused:
        steered(begun, person)
    assert person not in str(refused.value)
    assert state(begun) is RolloutState.RUNNING
    (kept,) = refusals(begun)
    assert (kept.subject, kept.actor) == (ROLLOUT, pseudonym(begun, person))
    assert {name: kept.detail[name] for name in ("action", "cause", "entered_by_operator")} == {
        "action": "pause",
        "cause": "no_role",
        "entered_by_operator": True,
    }
    assert len(str(kept.detail["reason"])) == 64


def test_the_control_without_the_table_anybodys_name_pauses_it(begun: Desk, monkeypatch) -> None:
    from config import permitting
    from domain.organization.actions import Permission

    monkeypatch.setattr(permitting, "permit", lambda *_: Permission())
    assert steered(begun, STRANGER).changed
    assert state(begun) is RolloutState.PAUSED


def test_a_name_that_is_nobodys_is_kept_nowhere(begun: Desk) -> None:
    with pytest.raises(NotPermitted, match="nobody has the id that was given") as refused:
        steered(begun, STRANGER, Steering.ROLL_BACK, STRANGER)
    assert STRANGER not in str(refused.value)
    (kept,) = refusals(begun)
    assert (kept.actor, kept.subject, kept.detail["cause"]) == ("system", ROLLOUT, "unknown_person")
    begun.application.store.close()
    for file in begun.application.settings.state.glob("interoffice.db*"):
        assert STRANGER.encode() not in file.read_bytes()


def test_the_head_of_an_office_may_have_it_rolled_back_and_no_other(begun: Desk) -> None:
    with pytest.raises(NotPermitted):
        steered(begun, OF_ANTWERP, Steering.ROLL_BACK, "hamburg")
    found = steered(begun, OF_ANTWERP, Steering.ROLL_BACK, "antwerp")
    assert (found.changed, str(found.by)) == (True, "as head of antwerp")
    (kept,) = refusals(begun)
    assert kept.subject == f"{ROLLOUT}: hamburg"


def test_a_dry_run_is_refused_alike_and_keeps_nothing(fresh: Desk) -> None:
    desk = fresh
    desk.begin()
    tries = (
        lambda: steered(desk, REPORTER, dry_run=True),
        lambda: publish_version.fn(VERSION, "why", REPORTER, dry_run=True),
        lambda: publish_version.fn(VERSION, "why", "", dry_run=True),
        lambda: approve_rollout.fn(desk.simulate(), OWNER, "why", dry_run=True),
    )
    for each in tries:
        with pytest.raises(NotPermitted):
            each()
    assert refusals(desk) == []


def test_what_repeats_is_kept_once_a_day_and_again_the_next_day(begun: Desk) -> None:
    for _ in range(3):
        for action in (Steering.PAUSE, Steering.RESUME):
            with pytest.raises(NotPermitted):
                steered(begun, REPORTER, action)
    assert [each.detail["action"] for each in refusals(begun)] == ["pause", "resume"]
    begun.play(1)
    with pytest.raises(NotPermitted):
        steered(begun, REPORTER)
    assert len(refusals(begun)) == 3


def test_whoever_publishes_is_an_owner_of_the_standard_and_stands_in_the_ledger(fresh: Desk) -> None:
    with pytest.raises(NotPermitted, match="nobody is named"):
        publish_version.fn(VERSION, "why", "", dry_run=False)
    with pytest.raises(NotPermitted, match="standards owner, head or approver of the strategic office"):
        publish_version.fn(VERSION, "why", "carsten-thiel", dry_run=False)
    assert publish_version.fn(VERSION, "why", OWNER, dry_run=False).new
    with fresh.application.store.read() as unit:
        (entry,) = [each.event for each in unit.ledger.entries() if each.event.kind == "version"]
    assert entry.actor == pseudonym(fresh, OWNER)
    assert (entry.detail["entered_by_operator"], entry.detail["role"], entry.detail["of"]) == (
        True,
        "standards_owner",
        "group",
    )
    assert len(refusals(fresh)) == 2


def test_only_an_approver_of_the_strategic_office_approves(fresh: Desk) -> None:
    fresh.publish()
    fresh.read()
    digest = fresh.simulate()
    for person in ("", STRANGER, OWNER, "katrin-brandt"):
        with pytest.raises(NotPermitted, match="approver of the strategic office"):
            approve_rollout.fn(digest, person, "why", dry_run=False)
    assert {each.subject for each in refusals(fresh)} == {ROLLOUT}
    assert approve_rollout.fn(digest, APPROVER, "why", dry_run=False).new


def of_office(desk: Desk, *offices: str, may: frozenset[str] | None = None) -> None:
    sources = desk.application.organization.sources
    known = sources["board"]
    sources["board"] = replace(known, offices=frozenset(offices), may=known.may if may is None else may)


def test_a_message_whose_source_acts_for_another_office_by_now_does_nothing(begun: Desk) -> None:
    message = pausing(begun)
    assert read_message.fn(message).kind == "steering.requested"
    of_office(begun, "antwerp")
    asked = f"message {message}"
    for _ in range(2):
        with pytest.raises(NotPermitted, match="does not act for group"):
            read_message.fn(message)
        with pytest.raises(NotPermitted):
            steer.fn(ROLLOUT, Steering.PAUSE, "", asked, asked, dry_run=False)
    (kept,) = refusals(begun)
    assert (kept.detail["source"], kept.detail["entered_by_operator"]) == ("board", False)
    assert kept.detail["cause"] == str(RefusalCause.OFFICE)
    assert state(begun) is RolloutState.RUNNING


def test_of_one_source_one_refusal_a_day_and_action_is_kept_whomever_it_names(begun: Desk) -> None:
    for person in (REPORTER, OWNER, "nobody", *sorted(begun.application.organization.people)[:9]):
        with pytest.raises(NotPermitted):
            read_message.fn(pausing(begun, person))
    assert len(refusals(begun)) == 1


def test_a_source_that_names_nobody_publishes_and_simulates_for_the_strategic_office_only(
    fresh: Desk,
) -> None:
    desk = fresh
    desk.publish()
    desk.read()
    publish = sent(desk, "standard.published", version=VERSION, why="the board released it")
    asked = read_message.fn(publish).parameters
    assert asked["person"] == f"message {publish}"
    found = publish_version.fn(VERSION, str(asked["why"]), str(asked["person"]), dry_run=False)
    assert str(found.by) == "for group"
    simulate = sent(desk, "rollout.requested", version=VERSION, why="planned")
    why = str(read_message.fn(simulate).parameters["why"])
    assert simulate_rollout.fn(VERSION, why).digest
    of_office(desk, "antwerp")
    with pytest.raises(NotPermitted, match="does not act for group"):
        simulate_rollout.fn(VERSION, why)


def test_a_source_that_names_a_person_publishes_by_that_persons_role(fresh: Desk) -> None:
    message = sent(fresh, "standard.published", version=VERSION, person=OWNER, why="the board released it")
    reference = f"message {message}"
    published = publish_version.fn(VERSION, reference, reference, dry_run=False)
    assert str(published.by) == "as standards owner of group"
    with fresh.application.store.read() as unit:
        last = list(unit.ledger.entries())[-1].event
    assert last.actor == pseudonym(fresh, OWNER)
    assert (last.detail["source"], last.detail["entered_by_operator"]) == ("board", True)


def test_a_source_that_is_gone_from_the_files_starts_nothing(begun: Desk) -> None:
    message = pausing(begun)
    del begun.application.organization.sources["board"]
    with pytest.raises(PermissionError, match=r"stands no longer in webhooks\.yaml"):
        read_message.fn(message)


def test_a_dry_run_says_by_which_role_what_would_be_and_changes_nothing(begun: Desk) -> None:
    before = begun.application.store
    with before.read() as unit:
        head = unit.ledger.head()
    foreseen = {
        action: steered(begun, person, action, subject, dry_run=True).sentence
        for action, person, subject in (
            (Steering.PAUSE, HEAD, ""),
            (Steering.RESUME, HEAD, ""),
            (Steering.ROLL_BACK, OF_ANTWERP, "antwerp"),
        )
    }
    first, last = "DRY RUN, nothing was written: ", " DRY RUN: `dry_run` off carries it out."
    assert {each[: len(first)] + each[-len(last) :] for each in foreseen.values()} == {first + last}
    told = {action: each.removeprefix(first).removesuffix(last) for action, each in foreseen.items()}
    assert told[Steering.PAUSE] == (
        f"permitted as approver of group; rollout {ROLLOUT} would be paused, 60 projects in 3 waves."
    )
    assert told[Steering.RESUME].endswith(f"rollout {ROLLOUT} is so already, nothing would change.")
    assert re.fullmatch(
        r"permitted as head of antwerp; .* would be running, .*; \d+ projects taken out\.",
        told[Steering.ROLL_BACK],
    )
    assert not any(
        person in text for text in foreseen.values() for person in begun.application.organization.people
    )
    with before.read() as unit:
        assert unit.ledger.head() == head
        assert unit.rollouts.get(ROLLOUT).state is RolloutState.RUNNING
