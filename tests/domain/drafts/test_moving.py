"""A draft from its opening to its publication: who may comment until when, and what the approvers get."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.decisions.request import Channel
from domain.drafts import moving
from domain.drafts.asking import request_of
from domain.drafts.draft import Draft, DraftState, Ground, OfficeEffect, Origin, Said, Simulated
from domain.drafts.moving import NoSuchMove
from domain.drafts.publishing import clearance
from domain.standards.standard import Consultation, Version, content_digest
from tests.domain.builders import rule, version
from tests.domain.cases.sample import ORG

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
CALENDARS = {each: ORG.offices[each].calendar for each in ("porto", "dubai", "oslo")}
PUBLISHED = {"method/1.0"}


def content(limit: int = 5, days: int | None = 10) -> Version:
    terms = Consultation(days) if days is not None else None
    made = replace(version(rule("size", limit=limit)), version="2.0", previous="1.0", consultation=terms)
    return replace(made, digest=content_digest(made))


def draft(what: Version | None = None) -> Draft:
    there = what or content()
    return Draft("draft-1", there, "before", Origin.FILE, "hq", "mara", "ports ask for it")


def opened() -> Draft:
    return moving.opened(draft(), CALENDARS, Said(AT, "mara", "hq"))


def by(office: str, at: datetime = AT) -> Said:
    return Said(at, f"head-of-{office}", office, Channel.TOOL)


def days(at: datetime) -> dict[str, date]:
    return {office: calendar.local_date(at) for office, calendar in CALENDARS.items()}


def simulated(there: Draft) -> Draft:
    found = Simulated("s" * 64, there.content, AT, {"porto": OfficeEffect(3, 1, 0, 1, 1)})
    return moving.simulated(there, found)


def commented(there: Draft, office: str, text: str, at: datetime = AT) -> Draft:
    return moving.commented(there, text, by(office, at), CALENDARS[office])


def test_each_office_has_its_own_business_days_from_delivery_and_an_unreached_one_twice_as_long() -> None:
    there = opened()
    for office in ("porto", "dubai"):
        there = moving.delivered(there, office, AT, CALENDARS[office])
    assert there.place("porto").until == date(2027, 1, 18)
    assert there.place("dubai").until == CALENDARS["dubai"].add_business_days(date(2027, 1, 4), 10)
    assert there.place("oslo").until is None
    assert moving.delivered(there, "porto", AT + timedelta(days=9), CALENDARS["porto"]) == there
    after = AT + timedelta(days=16)
    assert moving.closed(there, days(after), after).state is DraftState.CONSULTATION, "oslo was not reached"
    late = AT + timedelta(days=29)
    assert moving.closed(there, days(late), late).state is DraftState.ANSWERING


def test_who_is_not_asked_or_too_late_is_refused_and_no_comment_ends_the_waiting() -> None:
    there = opened()
    with pytest.raises(NoSuchMove, match=r"hq is not consulted on method/2\.0; asked are dubai, oslo, porto"):
        moving.commented(there, "ours", by("hq"), CALENDARS["porto"])
    with pytest.raises(NoSuchMove, match="this one has 0"):
        commented(there, "porto", "  ")
    for office, calendar in CALENDARS.items():
        there = moving.without_comment(there, by(office), calendar)
    assert commented(there, "oslo", "one thing after all").place("oslo").silent is False
    there = moving.closed(there, days(AT), AT)
    assert there.state is DraftState.ANSWERING
    with pytest.raises(NoSuchMove, match="comments are taken while it is in consultation"):
        commented(there, "porto", "too late")
    slow = moving.delivered(opened(), "porto", AT, CALENDARS["porto"])
    with pytest.raises(NoSuchMove, match="ended on 2027-01-18: raise it as feedback"):
        commented(slow, "porto", "too late", AT + timedelta(days=15))


def test_every_comment_is_answered_before_the_approvers_are_asked() -> None:
    there = simulated(commented(opened(), "porto", "too few"))
    late = AT + timedelta(days=40)
    there = moving.closed(there, days(late), late)
    assert not moving.is_ready(there)
    with pytest.raises(NoSuchMove, match="has no comment 2: it has 1 comment"):
        moving.answered(there, 2, "", Said(late, "mara", "hq"), accepted=True)
    with pytest.raises(NoSuchMove, match="declined without a reason"):
        moving.answered(there, 1, " ", Said(late, "mara", "hq"), accepted=False)
    done = moving.answered(there, 1, "they suffice", Said(late, "mara", "hq"), accepted=False)
    again = moving.answered(done, 1, "they suffice", Said(late + timedelta(1), "mara", "hq"), accepted=False)
    assert again == done
    assert moving.is_ready(done)
    assert not moving.is_ready(replace(done, simulation=None))
    request = request_of(done)
    assert (request.requester, request.subject, request.shown.rule) == ("mara", "draft-1", done.content)
    asked = moving.asked(done, request.id, late)
    with pytest.raises(NoSuchMove, match="its comments are not answered now"):
        moving.answered(asked, 1, "yes", Said(late, "mara", "hq"), accepted=True)


def test_other_content_is_put_to_the_offices_anew_unless_a_comment_on_it_was_accepted() -> None:
    there, mara = commented(opened(), "porto", "7 would do"), Said(AT, "mara", "hq")
    assert moving.revised(there, there.version, (), mara) == there
    anew = moving.revised(there, content(9), (), mara)
    assert (anew.state, anew.editor) == (DraftState.DRAFTED, "mara")
    assert moving.opened(anew, CALENDARS, mara).round == 2
    accepted = moving.answered(there, 1, "", mara, accepted=True)
    changed = moving.revised(accepted, content(7), (), mara)
    assert (changed.state, changed.round) == (DraftState.CONSULTATION, 1)
    twice = moving.revised(changed, content(50), (), mara)
    assert twice.state is DraftState.DRAFTED, "it was accepted of the content before"
    flawed = moving.revised(accepted, content(7), ("line 3: a rule has no check",), mara)
    with pytest.raises(NoSuchMove, match="cannot be put to the offices yet: line 3"):
        moving.opened(flawed, CALENDARS, mara)


def test_only_the_first_version_no_period_or_exactly_what_was_approved_is_published() -> None:
    there = content()
    assert clearance(there, set(), None).ground is Ground.FIRST
    assert clearance(there, {"other/1.0"}, None).ground is Ground.FIRST
    assert clearance(content(days=0), PUBLISHED, None).ground is Ground.NO_PERIOD
    assert clearance(there, {"method/2.0"}, None).ground is Ground.AGAIN
    refused = clearance(content(days=None), PUBLISHED, None)
    assert refused.ground is None
    assert "was not consulted on: run draft-amendment for method/2.0" in refused.why
    for state in DraftState:
        found = clearance(there, PUBLISHED, replace(opened(), state=state))
        assert (found.ground is Ground.CONSULTED) is (state is DraftState.APPROVED), state
        assert found.ground or "is not approved: " in found.why
    other = clearance(content(6), PUBLISHED, replace(opened(), state=DraftState.APPROVED))
    assert (other.ground, "is not the draft draft-1" in other.why) == (None, True)
    with pytest.raises(NoSuchMove, match="sets its consultation to 0 days"):
        moving.opened(draft(content(days=0)), CALENDARS, Said(AT))
    with pytest.raises(NoSuchMove, match="there is no office to consult"):
        moving.opened(draft(), {}, Said(AT))


# Walks.


def walk(seed: int, steps: int = 40) -> list[str]:
    """The laws that one random sequence of moves breaks, looked at from outside."""
    chance, now, there = random.Random(seed), AT, opened()
    broken, shown = [], {there.round: [there.content]}
    for _ in range(steps):
        now += timedelta(days=chance.choice((0, 0, 1, 3)))
        before = there
        try:
            there = MOVES[chance.randrange(len(MOVES))](there, chance, now)
        except NoSuchMove:
            assert there is before
        if there.round != before.round:
            shown[there.round] = [there.content]
        elif there.content != before.content:
            accepted = [c.content for c in there.comments if c.answer and c.answer.accepted]
            shown[there.round].append(there.content if before.content in accepted else "another")
        if there.state is DraftState.DECISION and before.state is not DraftState.DECISION:
            broken += broken_laws(there, now, shown[there.round])
    return broken


def somebody(chance: random.Random) -> str:
    return chance.choice(sorted(CALENDARS))


def deliver(there: Draft, chance: random.Random, now: datetime) -> Draft:
    office = somebody(chance)
    return moving.delivered(there, office, now, CALENDARS[office])


def comment(there: Draft, chance: random.Random, now: datetime) -> Draft:
    return commented(there, somebody(chance), f"remark {chance.randrange(4)}", now)


def say_nothing(there: Draft, chance: random.Random, now: datetime) -> Draft:
    office = somebody(chance)
    return moving.without_comment(there, by(office, now), CALENDARS[office])


def reply(there: Draft, chance: random.Random, now: datetime) -> Draft:
    number = chance.randint(1, len(there.comments) + 1)
    word = chance.random() < 0.5
    return moving.answered(there, number, "because", Said(now, "mara", "hq"), accepted=word)


def revise(there: Draft, chance: random.Random, now: datetime) -> Draft:
    if chance.random() > 0.3:
        return there
    return moving.revised(there, content(chance.randrange(9)), (), Said(now, "mara", "hq"))


def close(there: Draft, _: random.Random, now: datetime) -> Draft:
    return moving.closed(there, days(now), now)


def put_again(there: Draft, _: random.Random, now: datetime) -> Draft:
    return moving.opened(there, CALENDARS, Said(now, "mara", "hq"))


def ask(there: Draft, _: random.Random, now: datetime) -> Draft:
    there = simulated(there)
    return moving.asked(there, request_of(there).id, now) if moving.is_ready(there) else there


MOVES = (deliver, comment, say_nothing, reply, revise, close, put_again, ask)


def broken_laws(there: Draft, now: datetime, shown: list[str]) -> list[str]:
    found = []
    if any(each.answer is None for each in there.comments):
        found.append("a comment is not answered")
    if there.simulation is None or there.simulation.content != there.content:
        found.append("what is decided on was not simulated")
    if "another" in shown:
        found.append("what is decided on was not put to the offices")
    for place in there.consulted:
        counted = CALENDARS[place.office].business_days_between(
            CALENDARS[place.office].local_date(place.delivered or AT), days(now)[place.office]
        )
        if not place.silent and counted < 10:
            found.append("an office had less than its days")
    return found


def test_no_sequence_puts_a_draft_to_the_approvers_before_all_are_heard_and_answered() -> None:
    assert [(seed, walk(seed)) for seed in range(400) if walk(seed)] == []
    assert sum(asked_in(seed) for seed in range(400)) > 20, "the walks reach the approvers"


def asked_in(seed: int) -> bool:
    reached = []
    real = moving.asked
    try:
        moving.asked = lambda *given: reached.append(1) or real(*given)
        walk(seed)
    finally:
        moving.asked = real
    return bool(reached)


@pytest.mark.parametrize(
    ("name", "wrong", "law"),
    [
        (
            "is_ready",
            lambda d: d.state is DraftState.ANSWERING and d.is_simulated,
            "a comment is not answered",
        ),
        ("is_ready", lambda d: d.state is DraftState.ANSWERING and not d.unanswered, "was not simulated"),
        (
            "closed",
            lambda d, *_: d.moved(DraftState.ANSWERING) if d.state is DraftState.CONSULTATION else d,
            "less than its days",
        ),
        ("_in_answer", lambda _: True, "was not put to the offices"),
    ],
)
def test_a_planted_fault_is_found_by_the_walks(name: str, wrong, law: str, monkeypatch) -> None:
    monkeypatch.setattr(moving, name, wrong)
    if name == "is_ready":
        monkeypatch.setattr(
            moving, "asked", lambda d, request, _: replace(d, request=request, state=DraftState.DECISION)
        )
        monkeypatch.setattr(moving, "simulated", (lambda d, _: d) if "simulated" in law else moving.simulated)
    assert any(law in each for seed in range(400) for each in walk(seed))
