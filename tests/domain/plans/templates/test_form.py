"""A template's hash covers what it says, not the order in which that was gathered; durations have one text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.plans.link import Lag, LagMeasure
from domain.plans.task import Duration
from domain.plans.templates.capture import Wanted, capture
from domain.plans.templates.form import (
    digest_of,
    duration_of,
    duration_text,
    hours_of,
    hours_text,
    lag_of,
    lag_text,
)
from domain.plans.templates.template import Effort, Note, Template
from tests.domain.plans.templates.pilots import pilot

WANTED = Wanted("finance", "hamburg", date(2027, 6, 1), "en", "digest")


def template(number: int) -> Template:
    found = capture(pilot(Random(f"form {number}"), 10), WANTED).template
    notes = tuple(Note(f"r-{n}", {"en": f"Risk {n}", "de": f"Risiko {n}"}) for n in range(3))
    tasks = tuple(replace(each, effort=(*each.effort, Effort("Auditor", 60))) for each in found.tasks)
    return replace(found, risks=notes, lessons=notes, tasks=tasks)


def shuffled(found: Template, chance: Random) -> Template:
    """The same template with everything that has no order of its own in another order."""

    def other(values: tuple) -> tuple:
        return tuple(chance.sample(values, len(values)))

    parents = [each for each in found.tasks if each.parent is None]
    within = [each for each in found.tasks if each.parent is not None]
    tasks = [*within, *parents] if chance.random() < 0.5 else [*parents, *within]
    tasks = [replace(e, effort=other(e.effort), names=dict(reversed(e.names.items()))) for e in tasks]
    return replace(found, links=other(found.links), risks=other(found.risks), lessons=other(found.lessons),
                   calendars=other(found.calendars), tasks=tuple(tasks))  # fmt: skip


@given(some.integers(0, 30), some.integers(0, 10**6))
def test_the_hash_is_the_same_in_whatever_order_its_parts_came(number: int, seed: int) -> None:
    found = template(number)
    assert digest_of(shuffled(found, Random(seed))) == digest_of(found)


def test_the_hash_changes_with_every_part() -> None:
    found = template(1)
    first, second = found.tasks[1], found.tasks[2]
    seen = {digest_of(found)}
    for other in (
        replace(found, tasks=(found.tasks[0], second, first, *found.tasks[3:])),
        replace(found, tasks=(replace(found.tasks[0], names={"en": "Another"}), *found.tasks[1:])),
        replace(found, links=found.links[1:]),
        replace(found, risks=found.risks[1:]),
        replace(found, owner="porto"),
        replace(found, pilot=None),
    ):
        seen.add(digest_of(other))
    assert len(seen) == 7


@given(some.integers(0, 10**6), some.booleans())
def test_a_duration_comes_back_from_its_text(minutes: int, elapsed: bool) -> None:
    assert duration_of(duration_text(Duration(minutes, elapsed))) == Duration(minutes, elapsed)


@given(some.integers(-(10**6), 10**6), some.sampled_from(LagMeasure))
def test_a_lag_comes_back_from_its_text(amount: int, measure: LagMeasure) -> None:
    assert lag_of(lag_text(Lag(amount, measure))) == Lag(amount, measure)


@pytest.mark.parametrize("text", ["", "5", "5d", "-8h", "1.5h", "8 hours", "9999999999h", "٤h0"])
def test_a_text_that_is_no_duration_is_refused_with_the_form_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration; write it as 40h, 90m or 48eh"):
        duration_of(text)


def test_hours_come_back_from_their_text() -> None:
    assert hours_of(hours_text(((480, 720), (780, 1020)))) == ((480, 720), (780, 1020))
    assert hours_of("") == ()
    with pytest.raises(ValueError, match="are no hours of a day; write it as 08:00-12:00"):
        hours_of("8-12")
