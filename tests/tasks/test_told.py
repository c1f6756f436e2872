"""What receivers get of the sample's rollout: every kind that occurred, ids and counts only."""

from __future__ import annotations

import re
from collections import Counter

from domain.messages.outbox import EVENTS, Happening, happening
from tests.tasks.conftest import Desk

VALUE = re.compile(r"[A-Za-z0-9._/-]{1,60}")
TOLD = {"ledger", "version", "rollout", "project", "office", "was", "now", "levels_told", "waves"}


def told(desk: Desk) -> list[Happening]:
    with desk.application.store.read() as unit:
        found = (happening(each, desk.application.organization.id) for each in unit.ledger.entries())
        return [each for each in found if each is not None]


def names(desk: Desk) -> set[str]:
    """What must not be told: titles of projects and tasks, and whatever tells a person."""
    people = desk.application.organization.people.values()
    with desk.application.store.read() as unit:
        plans = [stored.plan for stored in unit.plans.current()]
    found = {plan.project.title for plan in plans}
    found |= {item.title for plan in plans for item in plan.items}
    for person in people:
        found |= {person.id, person.name, *person.name.split(), person.address}
    return {each for each in found if len(each) > 3}


def hidden_in(events: list[Happening], forbidden: set[str]) -> set[str]:
    body = b"\n".join(each.body for each in events).decode()
    return {each for each in forbidden if each in body}


def test_what_others_are_told_of_the_sample_holds_no_title_text_or_person(running: Desk) -> None:
    desk = running
    for week in (3, 4, 5):
        desk.play(week)
        desk.period()
    events, forbidden = told(desk), names(desk)
    kinds = Counter(each.kind for each in events)
    assert len(events) > 20
    assert set(kinds) <= set(EVENTS)
    assert {"project.adopted", "project.questioned", "project.grandfathered"} <= set(kinds)
    assert len(forbidden) > 100
    assert hidden_in(events, forbidden) == set()
    for each in events:
        assert set(each.data) <= TOLD
        texts = [value for value in each.data.values() if isinstance(value, str)]
        assert all(VALUE.fullmatch(text) for text in texts), texts
    assert len({each.id for each in events}) == len(events)


def test_the_control_an_event_with_a_title_in_it_is_found(running: Desk) -> None:
    event, forbidden = told(running)[0], names(running)
    title = max(forbidden, key=len)
    planted = Happening(event.id, event.kind, event.at, {**event.data, "project": title})
    assert hidden_in([planted], forbidden) >= {title}
