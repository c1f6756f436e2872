"""Suspected twins: one project kept by two offices, or in two tools, is a question, and is counted once."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.ids import ProjectKey, TwinId
from domain.language import ENGLISH, Language, Message
from domain.plans.project import Project, Scalar
from domain.plans.sources import told_apart
from domain.questions.alike import nearly_equal
from domain.questions.answers import Reply, reply, word
from domain.questions.kind import Entry, Input, QuestionType, Stakes
from domain.questions.question import Question, QuestionKind, QuestionState

ALIKE = 0.85
"""How alike two titles must be (difflib's ratio, 0 to 1) besides the same start and finish."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two projects that may be one: the first by key counts, the second waits for an answer."""

    first: str
    second: str


def suspected(projects: Iterable[Project]) -> tuple[Twins, ...]:
    """Pairs in different offices or tools with near-equal titles, the same start and the same finish."""
    by_dates: dict[tuple[date, date], list[Project]] = defaultdict(list)
    for project in sorted(projects, key=lambda each: each.key):
        if project.start and project.finish:
            by_dates[project.start, project.finish].append(project)
    return tuple(twins for same in by_dates.values() for twins in _of_same_dates(same))


def _of_same_dates(projects: Sequence[Project]) -> Iterator[Twins]:
    def elsewhere(one: int, other: int) -> bool:
        first, second = projects[one], projects[other]
        return first.office != second.office or told_apart(first, second)

    titles = [_plain(project.title) for project in projects]
    for one, other in nearly_equal(titles, ALIKE, wanted=elsewhere):
        yield Twins(projects[one].key, projects[other].key)


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def not_counted(twins: Iterable[Twins], questions: Iterable[Question]) -> frozenset[str]:
    """The projects that are not counted: second twins, unless their office answered that the pair differs."""
    different = {
        (q.about, q.project)
        for q in questions
        if q.kind is QuestionKind.TWIN and q.state is QuestionState.ANSWERED and q.answer == "different"
    }
    return frozenset(t.second for t in twins if (t.first, t.second) not in different)


def twin_question(twins: Twins, asked: date, answer_by: date, language: Language = ENGLISH) -> Question:
    """The question put to the office of the second project."""
    text = language.say(
        "Is this the same project as {other}? Answer {same} or {different}; it is counted once.",
        other=twins.first,
        same=word(Reply.SAME, language),
        different=word(Reply.DIFFERENT, language),
    )
    return Question(
        id=str(TwinId(twins.first, twins.second)),
        office=ProjectKey.read(twins.second).office,
        project=twins.second,
        kind=QuestionKind.TWIN,
        about=twins.first,
        text=text,
        asked=asked,
        answer_by=answer_by,
        language=language.tag,
    )


class TwinQuestions(QuestionType):
    """Whether two projects are one."""

    kind = QuestionKind.TWIN
    called = Message("question: twin")

    def understood(self, question: Question, text: str, project: Project | None) -> Scalar | None:
        """The one of the two words that was written; None for any other text."""
        del question, project
        found = reply(text)
        return str(found) if found in (Reply.SAME, Reply.DIFFERENT) else None

    def expected(self, question: Question, project: Project | None, language: Language) -> str:
        """The two words to choose from."""
        del question, project
        one, other = word(Reply.SAME, language), word(Reply.DIFFERENT, language)
        return language.say("write {one} or {other}", one=one, other=other)

    def entry(self, question: Question, project: Project | None, language: Language) -> Entry:
        """The two words."""
        del project
        same = language.say("the same project as {other}", other=question.about)
        words = ((str(Reply.SAME), same), (str(Reply.DIFFERENT), language.say("another project")))
        return Entry(Input.CHOICE, words)

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """The number of suspected twins, and what happens otherwise."""
        del stakes
        what = says.count(len(asked), "Decide on {n} suspected twin", "Decide on {n} suspected twins")
        return what, says.say("each stays a question, and is counted once")
