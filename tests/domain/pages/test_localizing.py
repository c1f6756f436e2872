"""What an office is asked at its page: the plan's currency with its rates, its language, days; and what is no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from config.languages import LANGUAGES, own_name, shipped
from config.places import CURRENCIES
from domain.language import ENGLISH
from domain.pages.localizing import MOST, Asked, Input, answers_from, problems, screens
from domain.plans.localization.localizing import localize
from domain.plans.task import Money
from domain.plans.templates.template import Release
from tests.domain.plans.localization.by_chance import receiver_by, release_by

CHANCE = Random("asked")
RELEASE, RECEIVER = release_by(CHANCE), replace(receiver_by(CHANCE), currency="NOK", currencies=CURRENCIES)
BASICS = {
    "anchor": "start", "on": "2027-03-01", "target": "new", "project": "FIN-1", "durations": "planned",
}  # fmt: skip


def costly() -> Release:
    """A version whose tasks cost Singapore dollars and yen, and have English and Polish names."""
    currencies = ("SGD", "JPY")
    tasks = tuple(
        replace(
            task, names={"en": f"Task {n}", "pl": f"Zadanie {n}"}, held=None, deadline=None, condition=None,
            cost=Money(Decimal(1000 + n), currencies[n % 2]) if n % 3 else None,
        )
        for n, task in enumerate(RELEASE.template.tasks)
    )  # fmt: skip
    return replace(RELEASE, template=replace(RELEASE.template, tasks=tasks, parameters=()))


def asked(said: dict[str, str] | None = None) -> dict[str, Asked]:
    found = screens(costly().template, RECEIVER, ENGLISH, said or {}, {"pl": own_name("pl")})
    assert all(len(each) <= MOST for each in found)
    return {each.name: each for screen in found for each in screen}


def answered(**said: str) -> dict[str, str]:
    """Every question answered with these answers, else with what fits."""
    given = {**BASICS, **{name.replace("_", " "): text for name, text in said.items()}}
    for name, each in asked(given).items():
        fits = {Input.DATE: "2027-01-04", Input.NUMBER: "0,07"}.get(each.input, "a bank")
        fits = each.choices[0][0] if each.choices else fits
        given.setdefault(name, fits if each.needed else "")
    return given


def test_rates_are_asked_in_the_plan_s_currency_and_a_rate_of_another_is_not_taken_for_it() -> None:
    own = asked()
    assert own["currency"].text == "In which currency is the plan? Empty: NOK"
    assert own["rate SGD"].text == "What is 1 SGD worth in NOK?"
    other = asked({"currency": "sgd"})
    assert "rate SGD" not in other
    assert other["rate JPY in SGD"].text == "What is 1 JPY worth in SGD?"
    said = answered(currency="sgd") | {"rate JPY": "999", "rate-on JPY": "2027-01-04", "rate-by JPY": "x"}
    answers = answers_from(costly().template, RECEIVER, said, None)
    assert (answers.currency, [(each.of, each.rate) for each in answers.rates]) == (
        "SGD", [("JPY", Decimal("0.07"))],
    )  # fmt: skip
    costs = {task.cost.currency for task in localize(costly(), answers, RECEIVER).plan.tasks if task.cost}
    assert costs == {"SGD"}


def test_without_an_answer_it_is_the_office_s_currency_and_language() -> None:
    answers = answers_from(costly().template, RECEIVER, answered(), None)
    assert (answers.currency, answers.language) == ("", "")


def test_the_names_are_in_the_language_that_was_chosen() -> None:
    choices = dict(asked()["language"].choices)
    assert (choices["pl"], choices["en"], next(iter(choices))) == ("polski", "en", "")
    answers = answers_from(costly().template, RECEIVER, answered(language="pl"), None)
    names = [task.name for task in localize(costly(), answers, RECEIVER).plan.tasks]
    assert all(name.startswith("Zadanie") for name in names)


def test_nothing_is_asked_that_has_one_answer_only() -> None:
    bare = tuple(replace(each, cost=None, names={"en": "Task"}) for each in costly().template.tasks)
    template = replace(costly().template, tasks=bare, language="en")
    names = {each.name for screen in screens(template, RECEIVER, ENGLISH) for each in screen}
    assert not names & {"currency", "language"}


def test_half_days_are_the_office_s_for_this_plan() -> None:
    answers = answers_from(
        costly().template, RECEIVER, answered(**{"half-days": "2027-03-02, 2027-03-05"}), None
    )
    assert answers.half_days == {date(2027, 3, 2), date(2027, 3, 5)}


WRONG = {
    "a currency in words": ({"currency": "kroner"}, "currency", "the three letters of a currency"),
    "a currency that is none": ({"currency": "QQQ"}, "currency", "the three letters of a currency"),
    "a language that is not there": ({"language": "tlh"}, "language", "choose one"),
    "half a day in words": ({"half-days": "24 December"}, "half-days", "write days with commas"),
    "a half day that is none": ({"half-days": "2027-12-24, 2027-02-30"}, "half-days", "write days with"),
    "too many half days": ({"half-days": ", ".join(["2027-12-24"] * 20)}, "half-days", "at most 200"),
    "a name without days": ({"blackout": "Ramadan"}, "blackout-first", "write its first day too"),
    "a last day alone": ({"blackout-last": "2027-03-01"}, "blackout-first", "write its first day too"),
    "days the other way round": (
        {"blackout-first": "2027-03-02", "blackout-last": "2027-03-01"}, "blackout-last", "before the first",
    ),
    "a rate with two meanings": ({"rate SGD": "1.250"}, "rate SGD", "this may be two numbers"),
    "a rate without a source": ({"rate-by SGD": ""}, "rate-by SGD", "write an answer"),
    "a rate's day in words": ({"rate-on SGD": "today"}, "rate-on SGD", "write a day, such as"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_is_no_answer_is_said_at_its_field_with_what_to_write_in_every_language(case: str) -> None:
    given, field, told = WRONG[case]
    every = list(asked().values())
    said = {**answered(), **given}
    assert problems(every, said, ENGLISH).keys() == {field}
    assert told in problems(every, said, ENGLISH)[field]
    for tag in set(shipped()) - {"en"}:
        assert problems(every, said, LANGUAGES.of(tag))[field] != problems(every, said, ENGLISH)[field]


def test_good_answers_have_no_problem() -> None:
    """The control: what is complained of above is complained of for the fault alone."""
    every = list(asked().values())
    assert problems(every, answered(), ENGLISH) == {}
