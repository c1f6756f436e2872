"""What a peer asks on a shared template, and the owner's answer, which becomes a lesson of the next version.

Refuses to put anything private into a lesson: whoever has the template reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.ids import PeerQuestionId
from domain.language import Message, Worded
from domain.plans.templates.names import Names
from domain.plans.templates.scrubbing import Private, scrubbed
from domain.plans.templates.template import Note, Template

LONGEST = 600
"""Characters of a question, and of an answer."""


class Unfit(Worded):
    """A question or an answer that cannot be taken; the text says why, and what to write."""


QUESTION, ANSWER = Message("question", about="field"), Message("answer", about="field")
PRIVATE: Mapping[Private, Message] = {
    Private.CREDENTIAL: Message("a credential", about="private"),
    Private.LINK: Message("a link", about="private"),
    Private.ADDRESS: Message("an address", about="private"),
    Private.PHONE: Message("a phone number", about="private"),
    Private.PERSON: Message("a person's name", about="private"),
}
IS_EMPTY = Message("{what}: it is empty; write what you want to say")
IS_LONG = Message("{what}: it has {n} characters; write at most {most}")
IS_PRIVATE = Message("{what}: it holds {private}, and everybody with the template reads it; write it without")
IS_ANSWERED = Message("the question {question} has an answer already; ask anew what is still open")


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """What the owner of a template answered, who did, and when."""

    text: str
    person: str
    at: datetime
    entered: bool = False
    """Whether an operator entered it for that person."""


@dataclass(frozen=True, slots=True)
class PeerQuestion:
    """What an office asked on a version of a template that is shared with it."""

    id: PeerQuestionId
    version: int
    office: str
    """The office that asks."""
    person: str
    text: str
    at: datetime
    answer: PeerAnswer | None = None

    @property
    def template(self) -> str:
        """The id of the template."""
        return self.id.template


def peer_question(
    template: Template, version: int, office: str, person: str, text: str, at: datetime, names: Names
) -> PeerQuestion:
    """The question of an office; the same text of the same office is the same question. Raises Unfit."""
    said = fit(text, QUESTION, names)
    digest = hashlib.sha256(f"{office}\n{said}".encode()).hexdigest()
    return PeerQuestion(PeerQuestionId(template.id, digest[:12]), version, office, person, said, at)


def answered(question: PeerQuestion, answer: PeerAnswer, names: Names) -> PeerQuestion:
    """The question with its answer. Raises Unfit, also for one that has another answer already."""
    said = replace(answer, text=fit(answer.text, ANSWER, names))
    if question.answer is not None and question.answer.text != said.text:
        raise Unfit(IS_ANSWERED, question=str(question.id))
    return question if question.answer is not None else replace(question, answer=said)


def fit(text: str, what: Message, names: Names) -> str:
    """The text on one line. Raises Unfit for an empty or too long one, and for one with something private."""
    said = " ".join(text.split())
    if not said:
        raise Unfit(IS_EMPTY, what=what)
    if len(said) > LONGEST:
        raise Unfit(IS_LONG, what=what, n=len(said), most=LONGEST)
    if taken := scrubbed(said, names)[1]:
        raise Unfit(IS_PRIVATE, what=what, private=PRIVATE[taken[0].kind])
    return said


def with_lessons(template: Template, questions: Iterable[PeerQuestion]) -> Template:
    """The template with each answered question as a lesson, once; in the order in which they were asked."""
    there = {note.uid for note in template.lessons}
    new = [
        Note(_uid(each), {template.language: f"{each.text} {each.answer.text}"})
        for each in sorted(questions, key=lambda question: (question.at, str(question.id)))
        if each.answer is not None and each.template == template.id and _uid(each) not in there
    ]
    return replace(template, lessons=(*template.lessons, *new)) if new else template


def _uid(question: PeerQuestion) -> str:
    return f"q-{question.id.digest}"
