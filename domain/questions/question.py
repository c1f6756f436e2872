"""Questions to offices and notices to people: what was asked, what was answered, who was notified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from domain.plans.project import Scalar


class QuestionKind(StrEnum):
    """What is asked: a missing fact, an election of leeway, twin projects, a decision, an update."""

    FACT = "fact"
    ELECTION = "election"
    TWIN = "twin"
    DUPLICATE_KEY = "duplicate_key"
    APPROVAL = "approval"
    DEVIATION = "deviation"
    PLAN_CONFLICT = "plan_conflict"
    PLAN_TASK = "plan_task"
    CASE = "case"
    CASE_DECISION = "case_decision"
    DIRECTIVE = "directive"
    CONSULTATION = "consultation"
    DRAFT_DECISION = "draft_decision"


class QuestionState(StrEnum):
    """Whether a question waits for an answer, and how it ended."""

    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    MOOT = "moot"


class RemarkKind(StrEnum):
    """What a question says to people besides what it asks."""

    NOT_UNDERSTOOD = "not_understood"
    NO_APPROVER = "no_approver"
    NO_LONGER_COUNTS = "no_longer_counts"
    ANSWERED_TWICE = "answered_twice"
    MORE_NEEDED = "more_needed"
    RETURNED = "returned"
    NOT_TAKEN = "not_taken"
    """An answer was not taken: it said nothing that could be done, or was not that person's to give."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was added to a question's text; `about` is the account that it names, if any."""

    kind: RemarkKind
    about: str = ""
    words: str = field(default="", compare=False)
    """What was added; empty for one of an older version."""


def not_taken(by: str, text: str) -> Remark:
    """The remark by which it is known that just this answer of somebody's was not taken before."""
    return Remark(RemarkKind.NOT_TAKEN, f"{by}: {text.strip()[:80]}")


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person decided in the office's tool, and on which day."""

    person: str
    choice: str
    on: date


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to an office in its own tool; `id` is our key there.

    `about` is the fact (`root.name`) or the kind's own subject; `answer` the value as understood.
    """

    id: str
    office: str
    project: str
    kind: QuestionKind
    about: str
    text: str
    asked: date
    answer_by: date
    state: QuestionState = QuestionState.OPEN
    answer: Scalar | None = None
    answered_by: str = ""
    answered: date | None = None
    fills: str = ""
    """The name of the project's value that the answer gives; empty for none."""
    remarks: tuple[Remark, ...] = ()
    """What was added to the text since it was asked, each once."""
    placed: date | None = None
    """The office's day on which it was found to stand in its tool; until then no clock runs."""
    language: str = ""
    """The tag of the language of its text, which it keeps; empty for one of an older version, in English."""
    program: str = ""
    """The program whose manager is asked; empty where a role of the office is, as of an older version."""
    reason: str = ""
    """The reason that was given with the answer, where one has to be."""
    ballots: tuple[Ballot, ...] = ()
    """Of a decision: the last word of each person who may decide; of an older version it has none."""

    def remarked(self, remark: Remark, words: str) -> Question:
        """The question with these words at the end of its text; unchanged where it has that remark."""
        if remark in self.remarks:
            return self
        return replace(
            self, text=f"{self.text} {words}", remarks=(*self.remarks, replace(remark, words=words))
        )

    def asked_again(self, now: Question) -> Question:
        """The question as it is asked now; where only its words would differ it keeps its words.

        Whose program it is may change besides.
        """
        said = replace(
            now, text=self.text, language=self.language, remarks=self.remarks, program=self.program
        )
        return replace(self, program=now.program) if said == self else now

    def unremarked(self, kind: RemarkKind) -> Question:
        """The question without its remarks of that kind; as it is where the words of one are not known."""
        if not all(each.words for each in self.remarks):
            return self
        own = len(self.text) - sum(len(each.words) + 1 for each in self.remarks)
        kept = tuple(each for each in self.remarks if each.kind is not kind)
        return replace(self, text=" ".join([self.text[:own], *(each.words for each in kept)]), remarks=kept)


class NoticeKind(StrEnum):
    """Why a notice is given."""

    QUESTION = "question"
    DUE = "due"
    LATE = "late"
    ESCALATED = "escalated"
    LAPSED = "lapsed"
    CARRIED = "carried"
    HALTED = "halted"
    UNDELIVERED = "undelivered"
    OVERDUE = "overdue"
    DEPLOYMENT = "deployment"
    TEMPLATE = "template"
    NO_APPROVER = "no_approver"
    DISCRETION = "discretion"
    DEVIATION = "deviation"
    """A deviation below significance was recorded, one ended, or ends soon."""
    LEDGER = "ledger"
    """The head of the ledger, to be kept outside the database."""
    CASE = "case"
    """Something was done in a case of feedback in which the office takes part."""
    DIRECTIVE = "directive"
    """A directive was issued, is due, is late, or was taken back."""
    DRAFT = "draft"
    """Something was done with a draft of a version on which the office is consulted."""


ESCALATIONS = frozenset({NoticeKind.LATE, NoticeKind.ESCALATED, NoticeKind.OVERDUE})
"""The kinds that tell somebody of another's lateness; none is sent in an organization's first cycle."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to the people in a role of an office; by its `key` it is given once."""

    key: str
    kind: NoticeKind
    office: str
    role: str
    on: date
    counts: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    language: str = ""
    """The tag of the language of its text; empty for one of an older version, in English."""
