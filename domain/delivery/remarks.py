"""What is said at an office's own ticket or row about the deviation that was asked for by it.

A ticket gets a comment for each state, each once; a row has one cell that says the state. Refuses to change
what the office wrote, and to say anything where the request is not known.
"""

from __future__ import annotations

from datetime import datetime

from domain.canonical import digest
from domain.delivery.wanted import RemarkFields, Wanted
from domain.deviations.deviation import Deviation, Way
from domain.deviations.force import Force, Seen, force, seen_at, state_at
from domain.deviations.ids import RemarkKey, RowKey
from domain.deviations.telling import asked_words, standing_words
from domain.language import ENGLISH, Language

SHORT = 12
"""Digits of the digest by which the states of one deviation are told apart."""


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
