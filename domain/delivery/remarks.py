"""What is said at an office's own ticket or row about the deviation or the case that it led to.

A ticket gets a comment for each state, each once; a row has one cell that says the state. Refuses to change
what the office wrote, and to say anything where the request is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.canonical import digest
from domain.cases.case import Case
from domain.cases.telling import named, result_words, stands_words
from domain.cases.telling import standing_words as case_standing
from domain.delivery.wanted import RemarkFields, Wanted
from domain.deviations.deviation import Deviation, Way
from domain.deviations.force import Force, Seen, force, seen_at, state_at
from domain.deviations.ids import RemarkKey, RowKey
from domain.deviations.telling import asked_words, standing_words
from domain.language import ENGLISH, Language
from domain.organization.office import Organization

SHORT = 12
"""Digits of the digest by which the states of one deviation or case are told apart."""


def wanted_remark(
    deviation: Deviation, at: datetime, says: Language = ENGLISH, question: str = ""
) -> Wanted | None:
    """What is to stand at the request now; None where none is known. `question`: what it came back with."""
    asked = deviation.asked
    if not asked.request or asked.way not in (Way.TICKET, Way.ROW):
        return None
    over = seen_at(deviation, at) is Seen.ENDED
    standing = standing_words(deviation, at, says)
    if asked.way is Way.ROW:
        cell = RemarkFields(request=asked.request, standing=standing)
        return Wanted(str(RowKey(asked.office, asked.request)), asked.office, cell, ended=over)
    what = asked_words(deviation, says)
    text = says.say("Deviation {id}: {standing}. {what}", id=deviation.id, standing=standing, what=what)
    if question:
        text = says.say("{text} The question: {question}", text=text, question=question)
    key = RemarkKey(deviation.id, _said(deviation, at, question))
    return Wanted(str(key), asked.office, RemarkFields(request=asked.request, standing=text), ended=over)


def _said(deviation: Deviation, at: datetime, question: str) -> str:
    """What distinguishes one thing to say from another, whatever the language and its words."""
    told = [
        str(seen_at(deviation, at)),
        force(deviation, at) is Force.INTERIM,
        str(state_at(deviation, at)) if seen_at(deviation, at) is Seen.ENDED else "",
        deviation.span.last.isoformat(),
        deviation.submitted.isoformat() if deviation.submitted else "",
        *([question] if question else ()),
    ]
    return digest(told)[:SHORT]


def wanted_of_case(
    case: Case, organization: Organization, office: str, says: Language = ENGLISH
) -> Iterator[Wanted]:
    """What is to stand now where an office raised a case: each state of a round once, in a row the newest."""
    over = not case.is_open
    for raiser in case.raisers:
        if raiser.office != office or not raiser.request:
            continue
        if raiser.is_row:
            cell = RemarkFields(request=raiser.request, standing=case_standing(case, says))
            yield Wanted(str(RowKey(office, raiser.request)), office, cell, ended=over)
            continue
        came_to = result_words(case, says) if named(case, organization, office) else ""
        told = RemarkFields(request=raiser.request, standing=stands_words(case, says, came_to))
        key = RemarkKey(case.id, digest([office, str(case.state), case.round])[:SHORT])
        yield Wanted(str(key), office, told, ended=over)
