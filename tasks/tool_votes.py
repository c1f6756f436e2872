"""What approvers decided on deviations and drafts in their tool is taken as their votes, each once.

The tool's record says who wrote; what others wrote is told in the question and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from config.deciding import law_of
from config.voting import take_vote
from domain.decisions.request import Channel, Request, Vote
from domain.decisions.request import Choice as VoteChoice
from domain.deviations.ids import DeviationQuestionId
from domain.drafts.ids import DraftDecisionId
from domain.plans.project import Changed
from domain.questions.deciding import OPEN, Choice, reasoned
from domain.questions.question import Question
from store.unit import Unit
from tasks.looking_after_drafts import settle_decision
from tasks.requesting import Room
from tasks.reviewing import decided

Settles: TypeAlias = Callable[[Room, Request], object]
SAID: Mapping[Choice, VoteChoice] = {
    Choice.APPROVED: VoteChoice.APPROVE,
    Choice.REJECTED: VoteChoice.DECLINE,
}


def take_votes(
    room: Room, question: Question, changes: Iterable[Changed], deciders: Mapping[str, str]
) -> bool:
    """Take the decisions on one question as votes; whether any was new.

    A vote is for what the question shows: one on what it was decides nothing any more.
    """
    unit = room.unit
    found = _request(room.unit, question) if question.state in OPEN else None
    if found is None:
        return False
    request, settles = found
    there, new = {vote.person: vote.at for vote in unit.decisions.votes(request.id)}, False
    for each in sorted(changes, key=lambda change: change.at):
        decision, person = reasoned(each), deciders.get(each.by)
        if each.key != question.id or decision is None or person is None:
            continue
        said, why = decision
        at = max(each.at, request.complete or each.at)
        if person in there and there[person] >= at:
            continue
        vote = Vote(request.id, person, SAID[said], Channel.TOOL, request.shown.digest, at, why)
        judged = take_vote(unit, law_of(unit, room.organization, room.now), vote)
        new = True
        if judged.decided:
            settles(room, judged.request)
            break
    return new


def _request(unit: Unit, question: Question) -> tuple[Request, Settles] | None:
    """The complete request that the question shows as it is, and what follows its decision; else None."""
    asked = DeviationQuestionId.find(question.id)
    deviation = unit.deviations.get(asked.deviation) if asked is not None else None
    if asked is not None and deviation is not None:
        request = unit.decisions.get(deviation.request)
        there = deviation
        return _shown(request, asked.digest, lambda room, found: decided(room, there, found))
    about = DraftDecisionId.find(question.id)
    draft = unit.drafts.get(about.draft) if about is not None else None
    if about is None or draft is None:
        return None
    kept = draft
    request = unit.decisions.get(draft.request)
    return _shown(request, about.digest, lambda room, _: settle_decision(room, kept))


def _shown(request: Request | None, digest: str, settles: Settles) -> tuple[Request, Settles] | None:
    if request is None or request.complete is None or not request.shown.digest.startswith(digest):
        return None
    return request, settles
