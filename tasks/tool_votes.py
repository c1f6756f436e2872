"""What approvers decided on deviations in their office's own tool is taken as their votes, each once.

The tool's record says who wrote; what others wrote is told in the question and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.deciding import law_of
from config.voting import take_vote
from domain.decisions.request import Channel, Vote
from domain.decisions.request import Choice as VoteChoice
from domain.deviations.ids import DeviationQuestionId
from domain.plans.project import Changed
from domain.questions.deciding import OPEN, Choice, reasoned
from domain.questions.question import Question
from tasks.requesting import Room
from tasks.reviewing import decided

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
    asked, unit = DeviationQuestionId.find(question.id), room.unit
    if asked is None or question.state not in OPEN:
        return False
    deviation = unit.deviations.get(asked.deviation)
    request = unit.decisions.get(deviation.request) if deviation is not None else None
    if request is None or deviation is None or request.complete is None:
        return False
    if not request.shown.digest.startswith(asked.digest):
        return False
    there, new = {vote.person: vote.at for vote in unit.decisions.votes(request.id)}, False
    for each in sorted(changes, key=lambda change: change.at):
        found, person = reasoned(each), deciders.get(each.by)
        if each.key != question.id or found is None or person is None:
            continue
        said, why = found
        at = max(each.at, request.complete)
        if person in there and there[person] >= at:
            continue
        vote = Vote(request.id, person, SAID[said], Channel.TOOL, request.shown.digest, at, why)
        judged = take_vote(unit, law_of(unit, room.organization, room.now), vote)
        new = True
        if judged.decided:
            decided(room, deviation, judged.request)
            break
    return new
