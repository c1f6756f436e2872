"""Copied rows: our key that stands twice in a tool is a question; which row is meant is never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.ids import CopyId
from domain.language import ENGLISH, Language, Message
from domain.plans.project import Placed
from domain.questions.kind import Look, QuestionType, Stakes
from domain.questions.question import Question, QuestionKind, QuestionState


def copied(placed: Iterable[Placed]) -> Mapping[str, tuple[str, ...]]:
    """Our keys that stand more than once, each with its places; without our questions about copies."""
    places: dict[str, list[str]] = defaultdict(list)
    for each in placed:
        places[each.key].append(each.ref)
    return {key: tuple(refs) for key, refs in places.items() if len(refs) > 1 and CopyId.find(key) is None}


def copy_question(
    office: str, key: str, refs: Iterable[str], asked: date, answer_by: date, language: Language = ENGLISH
) -> Question:
    """The question put to the office in whose tool the key stands several times."""
    text = language.say(
        "Our key {key} stands in several rows: {where}. Clear the key in the copies; one row keeps it.",
        key=key,
        where=", ".join(refs),
    )
    return Question(
        id=str(CopyId(office, key)),
        office=office,
        project="",
        kind=QuestionKind.DUPLICATE_KEY,
        about=key,
        text=text,
        asked=asked,
        answer_by=answer_by,
        language=language.tag,
    )


class CopyQuestions(QuestionType):
    """Answered by clearing the copies; a written answer settles nothing."""

    kind = QuestionKind.DUPLICATE_KEY
    by_text = False
    elsewhere = Message("it is answered in the tool itself: clear our key in the copies")
    called = Message("question: duplicate_key")

    def settle(self, question: Question, look: Look) -> Question:
        """Answered when the key stands once, asked anew when it is copied again."""
        if question.about not in look.twice:
            answered = question.state is QuestionState.ANSWERED
            return (
                question if answered else replace(question, state=QuestionState.ANSWERED, answered=look.today)
            )
        if question.state is QuestionState.ANSWERED:
            return replace(question, state=QuestionState.OPEN, answered=None)
        late = look.today > question.answer_by
        return replace(question, state=QuestionState.UNANSWERED if late else QuestionState.OPEN)

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """The number of copied rows, and what happens otherwise."""
        del stakes
        what = says.count(len(asked), "Decide on {n} copied row", "Decide on {n} copied rows")
        return what, says.say("each stays a question, and is counted once")
