"""What is sent to receivers: ids and counts of six kinds of entries, and when a refused one is sent again."""

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger.chain import GENESIS, Entry, Event, chain
from domain.messages.outbox import (
    EVENTS,
    HOLD,
    JITTER,
    LONGEST,
    PAUSES,
    Outgoing,
    OutgoingState,
    ReceiverAnswer,
    happening,
    meaning,
    tried,
)
from domain.rollouts.rollout import RolloutState, Standing

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
FRESH = Outgoing("board", 7, OutgoingState.WAITING, 0, NOW)


def entry(kind="adoption", subject="r-1: porto/p-1", number=7, before=GENESIS, **detail) -> Entry:
    return chain(Event(kind, subject, "system", NOW, detail, "f" * 64, "delivery/2.0"), number, before)


def moved(was: Standing, now: Standing, escalated: int = 0) -> Entry:
    return entry(was=str(was), now=str(now), escalated=escalated)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (moved(Standing.TRIAL, Standing.ADOPTED), "project.adopted"),
        (moved(Standing.TRIAL, Standing.GRANDFATHERED), "project.grandfathered"),
        (moved(Standing.NOTIFIED, Standing.QUESTIONED), "project.questioned"),
        (moved(Standing.BINDING, Standing.BINDING, 1), "project.late"),
        (moved(Standing.QUESTIONED, Standing.UNANSWERED, 1), "project.late"),
        (moved(Standing.BINDING, Standing.BINDING, 2), "project.escalated"),
        (entry("rollout", "r-1", state=str(RolloutState.HALTED), waves={"1": "running"}), "rollout.halted"),
        (entry("release", "erp/2", digest="d", standing="live", stated=True), "template.released"),
        (entry("recall", "erp/2", recall="stop"), "template.recalled"),
        (entry("deviation", "dev-1", state="proposed", office="porto"), "deviation.requested"),
        (entry("deviation", "dev-1", state="recorded", office="porto"), "deviation.decided"),
        (entry("deviation", "dev-1", state="rejected", office="porto"), "deviation.decided"),
        (entry("deviation", "dev-1", state="active", office="porto"), "deviation.in_force"),
        (entry("deviation", "dev-1", state="expiring", office="porto"), "deviation.ending_soon"),
        (entry("deviation", "dev-1", state="orphaned", cause="project_gone"), "deviation.ended"),
    ],
)
def test_an_entry_is_the_event_that_it_records(found, kind) -> None:
    told = happening(found, "harbor")
    assert told is not None
    assert told.kind == kind
    assert kind in EVENTS


@pytest.mark.parametrize(
    "found",
    [
        moved(Standing.PLANNED, Standing.NOTIFIED),
        moved(Standing.ADOPTED, Standing.FAILED),
        moved(Standing.BINDING, Standing.BINDING, 0),
        moved(Standing.ADOPTED, Standing.ADOPTED, 0),
        entry("rollout", "r-1", state=str(RolloutState.RUNNING), waves={}),
        entry("steering", "r-1", action="pause", reason="h"),
        entry("question", "elect/r-1/porto/p-1", state="open"),
        entry("approval", "r-1", manifest="d", members=60),
        entry("sweep", "s", judged=3),
        entry("capture", "erp", digest="d"),
        entry("deviation", "dev-1", state="under_review"),
        entry("deviation", "dev-1", state="scheduled"),
        entry("adoption", "r-1: porto/p-1"),
    ],
)
def test_any_other_entry_is_nothing_to_others(found) -> None:
    assert happening(found, "harbor") is None


def test_an_event_says_ids_and_counts_and_nothing_else() -> None:
    told = happening(moved(Standing.QUESTIONED, Standing.UNANSWERED, 1), "harbor")
    assert json.loads(told.body) == {
        "type": "project.late",
        "timestamp": "2027-01-04T07:00:00Z",
        "data": {
            "ledger": 7, "rollout": "r-1", "project": "porto/p-1", "office": "porto", "was": "questioned",
            "now": "unanswered", "levels_told": 1, "version": "delivery/2.0",
        },
    }  # fmt: skip


def test_its_id_is_the_same_each_time_and_differs_by_organization_number_and_ledger() -> None:
    found = moved(Standing.TRIAL, Standing.ADOPTED)
    ids = {
        happening(found, "harbor").id,
        happening(moved(Standing.TRIAL, Standing.ADOPTED), "harbor").id,
        happening(found, "other").id,
        happening(chain(found.event, 8, found.hash), "harbor").id,
        happening(chain(found.event, 7, "1" * 64), "harbor").id,
    }
    assert len(ids) == 4
    assert not any("." in each for each in ids)


@pytest.mark.parametrize(
    ("statuses", "answer"),
    [
        ((200, 201, 202, 204, 299), ReceiverAnswer.TAKEN),
        ((410,), ReceiverAnswer.GONE),
        ((400, 413, 422), ReceiverAnswer.REFUSED),
        ((199, 300, 301, 304, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504), ReceiverAnswer.AWAY),
    ],
)
def test_only_2xx_is_success_and_410_is_the_end(statuses, answer) -> None:
    assert {meaning(status) for status in statuses} == {answer}


def test_ten_tries_in_three_days_and_then_it_is_dead() -> None:
    at, now, pauses = FRESH, NOW, []
    while at.state is not OutgoingState.DEAD:
        after = tried(at, ReceiverAnswer.AWAY, "no", now, 0.0)
        pauses.append(after.due - now)
        at, now = after, after.due
    assert at.tries == len(PAUSES) + 1 == 10
    assert tuple(pauses[:-1]) == PAUSES
    assert timedelta(days=3) < now - NOW < timedelta(days=4)


def test_what_is_not_taken_holds_up_the_later_ones_for_some_hours_and_a_refusal_does_not() -> None:
    assert tried(FRESH, ReceiverAnswer.REFUSED, "no", NOW, 0.0).state is OutgoingState.ASIDE
    at, held = FRESH, timedelta()
    while (at := tried(at, ReceiverAnswer.AWAY, "no", NOW, 0.0)).state is OutgoingState.WAITING:
        held += at.due - NOW
    assert at.tries == HOLD + 1
    assert timedelta(hours=7) < held < timedelta(hours=8)


@given(st.integers(0, 8), st.floats(0, 1), st.integers(-10, 10**7), st.sampled_from(list(ReceiverAnswer)))
def test_a_try_moves_it_on_whatever_is_asked_for(tries, chance, asked, answer) -> None:
    before = Outgoing("board", 7, OutgoingState.WAITING, tries, NOW)
    after = tried(before, answer, "n", NOW, chance, NOW + timedelta(seconds=asked))
    assert after.tries == tries + 1
    assert (after.state is OutgoingState.SENT) == (answer is ReceiverAnswer.TAKEN)
    assert (after.state is OutgoingState.DEAD) == (answer is ReceiverAnswer.GONE)
    if after.state in (OutgoingState.WAITING, OutgoingState.ASIDE):
        own = PAUSES[tries]
        assert own <= after.due - NOW <= max(own * (1 + JITTER), LONGEST)
        assert after.due - NOW >= min(timedelta(seconds=asked), LONGEST)


def test_many_that_failed_together_do_not_come_back_together() -> None:
    chances = [random.Random(seed).random() for seed in range(100)]
    before = Outgoing("board", 7, OutgoingState.WAITING, 3, NOW)
    due = sorted(tried(before, ReceiverAnswer.AWAY, "no", NOW, chance).due for chance in chances)
    assert due[-1] - due[0] > timedelta(minutes=10)
    assert max(b - a for a, b in pairwise(due)) < timedelta(minutes=2)
