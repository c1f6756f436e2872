"""A directive of a strategic office to the offices below it, to change in tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.cases.asking import CaseDraft
from domain.cases.case import Case, Said
from domain.directives.asking import DirectiveDraft, directive_id, draft_of
from domain.directives.directive import Addressee, Directive
from domain.directives.following import delivered, issued
from domain.organization.office import Organization
from tests.domain.cases.sample import ORG, draft, raise_one

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
TEXT = "Have every crane inspected before the storm season"
WHOM, TERMS = "subtree=hq", "due=2027-01-29; evidence=attested: every crane was inspected"
FACT = "due=2027-01-29; evidence=fact cost.overrun_percent <= 10"
WHY = "last year two of them failed"
DUE = date(2027, 1, 29)


def later(days: float) -> datetime:
    return AT + timedelta(days=days)


def said(days: float = 0, person: str = "mara") -> Said:
    return Said(later(days), person)


def written(
    whom: str = WHOM,
    terms: str = TERMS,
    text: str = TEXT,
    why: str = WHY,
    organization: Organization = ORG,
    at: datetime = AT,
    issuer: str = "",
) -> DirectiveDraft:
    return draft_of(text, whom, terms, why, organization, at.date(), issuer)


def made(what: DirectiveDraft, before: tuple[Directive, ...] = (), at: datetime = AT) -> Directive:
    """The directive that it becomes, issued; or the one that is the same and in force."""
    id_, there = directive_id(what, before)
    if there is not None:
        return there
    new = Directive(
        id_, what.issuer, what.text, what.addressed, what.due, what.acknowledge, what.evidence, "mara", at,
        entered=True, documents=what.documents, why=what.why,
    )  # fmt: skip
    return issued(new, ORG, Said(at, "mara"))


def of(directive: Directive, office: str = "porto", role: str = "head") -> Addressee:
    return next(each for each in directive.of(office) if each.role == role)


def with_porto(terms: str = TERMS) -> Directive:
    """One to the head of porto, delivered when it was issued."""
    return delivered(made(written("office=porto", terms)), "porto", "head", AT, Said(AT))


def objection(
    directive: Directive, office: str = "porto", at: datetime = AT, before: tuple[Case, ...] = ()
) -> Case:
    what: CaseDraft = draft(office, f"directive {directive.id}", "cause=capacity", objection=True)
    return raise_one(what, before, at)
