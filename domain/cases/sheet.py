"""What a person sees of cases: those of their offices, with whose turn it is, since when, what follows.

In the reader's language. Refuses to show a case of other offices, and the texts of a restricted project.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.cases.case import Case
from domain.cases.escalating import arbiter_of, due_on
from domain.cases.kinds import Side
from domain.cases.moving import since
from domain.cases.saying import asked_of
from domain.cases.telling import COLORS, about_words, case_words, otherwise, standing_words, step_words
from domain.language import Language
from domain.organization.office import Organization


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in one line; `asked` is the office that is asked now, empty for none, `due` its last day."""

    id: str
    objection: bool
    about: str
    offices: tuple[str, ...]
    standing: str
    since: date
    asked: str
    due: date | None
    late: bool
    open: bool
    otherwise: str


@dataclass(frozen=True, slots=True)
class CaseMoment:
    """A step or a level that was told: when, what, for which office, and whether an operator entered it."""

    at: datetime
    what: str
    office: str
    entered: bool


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """One case whole: its line, what was said first, the checks with what is known of them, the timeline."""

    line: CaseLine
    words: str
    checks: tuple[tuple[str, str, str], ...]
    """Office, what it asks for, and how that is."""
    documents: tuple[tuple[str, str], ...]
    """Office, and what it refers to: a link, or the id of what it asked for before."""
    dissent: tuple[tuple[str, str], ...]
    moments: tuple[CaseMoment, ...]


def office_of(case: Case, organization: Organization, person: str) -> str:
    """The office for which a person sees a case: it takes part or decides; empty where none is theirs."""
    there = (*case.offices, arbiter_of(case, organization).office)
    for office in there:
        if any(person in people for people in organization.offices[office].roles.values()):
            return office
    return ""


def lines(
    cases: Iterable[Case], organization: Organization, person: str, now: datetime, says: Language
) -> tuple[CaseLine, ...]:
    """The cases that a person sees, the open ones first, of these those that wait longest."""
    found = [
        line_of(each, organization, now, says) for each in cases if office_of(each, organization, person)
    ]
    return tuple(sorted(found, key=lambda each: (not each.open, each.since, each.id)))


def line_of(case: Case, organization: Organization, now: datetime, says: Language) -> CaseLine:
    """A case in one line."""
    asked, due = asked_of(case, organization), due_on(case, organization)
    late = False
    if asked is not None and due is not None:
        late = organization.offices[asked[0]].calendar.local_date(now) > due
    return CaseLine(
        id=case.id,
        objection=case.objection,
        about=about_words(case, says),
        offices=tuple(organization.offices[each].name for each in case.offices),
        standing=standing_words(case, says),
        since=since(case).date(),
        asked=organization.offices[asked[0]].name if asked else "",
        due=due,
        late=late,
        open=case.is_open,
        otherwise=otherwise(case, organization, says),
    )


def sheet_of(
    case: Case, organization: Organization, person: str, now: datetime, says: Language
) -> CaseSheet | None:
    """One case as a person sees it; None where it is none of theirs."""
    office = office_of(case, organization, person)
    if not office:
        return None
    hidden = case.about.project in organization.restricted and office != case.raiser
    unknown = says.say("not looked at yet")
    checks = tuple(
        (
            organization.offices[case.office(side)].name,
            "" if hidden else case.checks[side].text,
            says.message(COLORS[case.colors[side]]) if side in case.colors else unknown,
        )
        for side in Side
        if side in case.checks
    )
    dissent = case.agreement.dissent if case.agreement else ()
    return CaseSheet(
        line_of(case, organization, now, says),
        case_words(case, organization, says, office),
        checks,
        tuple(
            (organization.offices[e.office].name, "" if hidden else d)
            for e in case.raisers
            for d in e.documents
        ),
        tuple((organization.offices[case.office(e.side)].name, "" if hidden else e.text) for e in dissent),
        tuple(sorted(_moments(case, organization, says, hidden=hidden), key=lambda each: each.at)),
    )


def _moments(case: Case, organization: Organization, says: Language, *, hidden: bool) -> Iterator[CaseMoment]:
    """Every step and every level that was told; `hidden` leaves out what was said with a step."""
    names = organization.offices
    for each in case.steps:
        told = step_words(each.wordless if hidden else each, says)
        yield CaseMoment(each.at, told, names[case.office(each.side)].name if each.side else "", each.entered)
    for level in case.told:
        told = says.say("told as level {n} of escalation", n=level.number)
        yield CaseMoment(level.at, told, names[level.office].name, entered=False)
