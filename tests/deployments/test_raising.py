"""Peers without a strategic office: who is in one deployment says what is wrong with its template, nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.cases.kinds import CaseState
from domain.outcomes.cases import CaseRaised
from domain.pages.answering import PageQuestion
from tasks.looking_after import escalate_cases
from tasks.raising import raise_case
from tests.deployments.holding import TEMPLATE, Holding

ABOUT, WHY = f"template {TEMPLATE}", "the bank of Norway wants the cut-over before the audit"


def raised(office: str, about: str = ABOUT, terms: str = "cause=regulatory", **values: object) -> CaseRaised:
    given = {"objection": False, "dry_run": False}
    return raise_case.fn(office, about, terms, f"{office}-head", WHY, **{**given, **values})


def test_a_member_puts_it_to_the_owner_and_silence_goes_to_the_sponsor_above_both(holding: Holding) -> None:
    holding.going()
    told = raised("oslo")
    assert (told.counterpart, told.joined) == ("porto", False)
    assert raised("lima").joined, "the same of another member is one case"
    with holding.application.store.begin() as unit:
        question = unit.questions.get(unit.cases.get(told.case).question)
        unit.questions.save(replace(question, placed=holding.now.date()))
        unit.commit()
    for _ in range(60):
        holding.turn(1)
        escalate_cases.fn(dry_run=False)
    with holding.application.store.read() as unit:
        case = unit.cases.get(told.case)
        decides = unit.questions.get(case.question)
    assert case.state is CaseState.ESCALATED
    assert [(each.office, each.role) for each in case.told] == [
        ("porto", "head"), ("holding", "head"), ("holding", "sponsor"),
    ]  # fmt: skip
    assert decides.office == "holding"
    with holding.application.store.begin() as unit:
        told = PageQuestion(decides.id, "holding", answer="nothing: the cut-over stays")
        unit.page_questions.answer(replace(told, person="holding-sponsor", answered=holding.now))
        unit.commit()
    assert escalate_cases.fn(dry_run=False).answered == 1, "it has no tool; its page is read every hour"
    with holding.application.store.read() as unit:
        case = unit.cases.get(case.id)
    assert (case.state, case.agreement.proposal.person) == (CaseState.TRIAL, "holding-sponsor")


@pytest.mark.parametrize(
    ("office", "about", "terms"),
    [
        ("kobe", ABOUT, "cause=quality"),
        ("cairo", ABOUT, "cause=quality"),
        ("oslo", "tool workbook", "cause=quality; counterpart=porto"),
        ("oslo", ABOUT, "cause=quality; counterpart=cairo"),
    ],
    ids=["has not accepted", "outside", "not of the template", "put to somebody outside"],
)
def test_anybody_else_and_anything_else_is_refused(
    holding: Holding, office: str, about: str, terms: str
) -> None:
    holding.going()
    with pytest.raises(LookupError, match=r"takes part in no network.*deployment.*agreements\.yaml"):
        raised(office, about, terms)


def test_an_agreement_about_templates_is_enough_until_it_ends(holding: Holding) -> None:
    holding.share("porto-riga")
    assert raised("riga").counterpart == "porto"
    holding.turn(400)
    with pytest.raises(LookupError, match="takes part in no network"):
        raised("riga", terms="cause=quality; document=https://example.org/2")


def test_nothing_more_is_raised_once_the_deployment_is_closed(holding: Holding) -> None:
    holding.going()
    holding.close()
    with pytest.raises(LookupError, match="takes part in no network"):
        raised("oslo")
