"""A request for a deviation as people write it in a ticket: its terms, and the reason around them."""

from __future__ import annotations

from datetime import date

import pytest

from domain.deviations.flaws import Flawed
from domain.deviations.terms import draft_of
from domain.deviations.written import read
from domain.plans.project import Requested


def written(text: str, project: str = "MR-01"):
    return read(Requested("12", "#12", text, project), "mersin")


def test_terms_are_lines_of_their_own_and_all_else_is_the_reason() -> None:
    found = written(
        "Liebe Leute,\n* **Rule:** delivery-method/2.0 plan-size\n- Last = 2027-03-18\nDelay days: 10\n"
        "measure: weekly review; by the head\nder Kran kommt: sechs Wochen später\n\nwhy: Stahl fehlt"
    )
    assert (found.project, found.version, found.rule) == ("mersin/MR-01", "delivery-method/2.0", "plan-size")
    assert found.terms == ("last=2027-03-18", "delay_days=10", "measure=weekly review; by the head")
    assert found.reason == "Liebe Leute, der Kran kommt: sechs Wochen später Stahl fehlt"
    draft = draft_of(found.project, found.rule, found.reason, found.terms, date(2027, 1, 4))
    assert (draft.last, draft.costs.days) == (date(2027, 3, 18), 10)
    assert draft.measures == ("weekly review; by the head",), "a semicolon parts no line of a ticket"


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("rule: a", "mersin/MR-01"),
        ("project: MR-02\nrule: a", "mersin/MR-02"),
        ("project: mersin/MR-02\nrule: a", "mersin/MR-02"),
        ("project: antwerp/A-1\nrule: a", "mersin/antwerp/A-1"),
        ("terms: office=mersin; fact=project.stage=closing\nrule: a", ""),
        ("office: mersin\nrule: a", ""),
    ],
)
def test_it_is_for_the_project_in_which_it_stands_unless_it_names_another_of_its_office(
    text: str, project: str
) -> None:
    assert written(text).project == project


def test_what_is_written_twice_or_cannot_be_read_is_named_and_none_of_it_guessed() -> None:
    found = written("last: 2027-03-18\nlast: 2027-04-18\nlimit: 5")
    assert [str(each) for each in found.lacks] == [
        "rule: it names no rule; write a line such as `rule: delivery-method/2.0 plan-size`"
    ]
    with pytest.raises(Flawed, match="last: it is given twice; keep one of them"):
        draft_of(found.project, found.rule, found.reason, found.terms, date(2027, 1, 4))
    assert written("rule: a\nrule: b").terms == ("rule=b",), "a second one is no term, which is said"
    assert written("").rule == ""
