"""What people are told of a deviation: the question to whoever decides, its row at the office that asks.

In the language of whoever reads. Refuses to name a restricted project outside its office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.decisions.request import Request
from domain.deviations.deviation import Cause, Deviation, State, Timing, Weight
from domain.deviations.force import Force, Seen, force, seen_at, state_at
from domain.deviations.ids import DeviationQuestionId
from domain.language import Language, Message
from domain.questions.answers import Reply, word
from domain.questions.question import Question, QuestionKind
from domain.standards.reasons import fact_text

SEEN_WORDS: Mapping[Seen, Message] = {
    Seen.DRAFT: Message("draft", about="deviation"),
    Seen.WAITING: Message("waiting", about="deviation"),
    Seen.APPROVED: Message("approved", about="deviation"),
    Seen.IN_FORCE: Message("in force", about="deviation"),
    Seen.ENDING_SOON: Message("ending soon", about="deviation"),
    Seen.ENDED: Message("ended", about="deviation"),
}
END_WORDS: Mapping[State, Message] = {
    State.EXPIRED: Message("its last day is over", about="deviation"),
    State.REVOKED: Message("it was revoked", about="deviation"),
    State.SUPERSEDED: Message("a new version permits it", about="deviation"),
    State.ORPHANED: Message("what it was granted for is gone", about="deviation"),
    State.WITHDRAWN: Message("it was withdrawn", about="deviation"),
    State.REJECTED: Message("it was declined", about="deviation"),
}
CAUSE_WORDS: Mapping[Cause, Message] = {
    Cause.FACTS_CHANGED: Message("the facts that it was granted for changed: ask anew", about="deviation"),
    Cause.RULE_CHANGED: Message("the rule changed: ask anew", about="deviation"),
    Cause.PROJECT_GONE: Message("its project is no longer in the tool", about="deviation"),
    Cause.PROJECT_MOVED: Message("its project moved to another program: ask anew", about="deviation"),
    Cause.RULE_DROPPED: Message("the version has no such rule any more", about="deviation"),
}
WEIGHT_WORDS: Mapping[Weight, Message] = {
    Weight.LOCKED: Message("the rule is locked", about="weight"),
    Weight.GATE: Message("a gate is skipped", about="weight"),
    Weight.BUDGET: Message("it costs much of the budget", about="weight"),
    Weight.DURATION: Message("it takes much of the duration", about="weight"),
    Weight.NOT_REPORTED: Message("budget or duration are not reported", about="weight"),
    Weight.MANY: Message("the project asks for several", about="weight"),
    Weight.CLASS: Message("it is for more than one project", about="weight"),
}


def standing_words(deviation: Deviation, at: datetime, says: Language) -> str:
    """How it stands, in one of six words; of one that ended also why, of one in the interim that it is."""
    told = says.message(SEEN_WORDS[seen_at(deviation, at)])
    if force(deviation, at) is Force.INTERIM:
        return says.say("{state}, in the interim as law demands it", state=told)
    state = state_at(deviation, at)
    if state is State.RETURNED:
        why = Message("it was returned with a question", about="deviation")
        return says.say("{state}: {why}", state=told, why=says.message(why))
    if state not in END_WORDS:
        return told
    cause = deviation.ending.cause if deviation.ending else None
    why = CAUSE_WORDS.get(cause, END_WORDS[state]) if cause else END_WORDS[state]
    return says.say("{state}: {why}", state=told, why=says.message(why))


def scope_words(deviation: Deviation, says: Language, *, named: bool = True) -> str:
    """What it is for: a project by its key, or a class; a restricted project is not named."""
    scope = deviation.scope
    if scope.project:
        return (
            scope.project
            if named
            else says.say("a confidential project of {office}", office=deviation.asked.office)
        )
    parts = [scope.office, scope.program, *(f"{name} = {value}" for name, value in scope.facts.items())]
    return says.say("all projects with {what}", what=", ".join(filter(None, parts)))


def asked_words(deviation: Deviation, says: Language, *, named: bool = True) -> str:
    """What is asked for, in a sentence."""
    values: dict[str, object] = {
        "rule": f"{deviation.standard} {deviation.version}, {deviation.rule}",
        "scope": scope_words(deviation, says, named=named),
        "first": deviation.span.first,
        "last": deviation.span.last,
        "limit": deviation.limit,
    }
    if deviation.limit is None:
        return says.say("{scope} may depart from {rule} from {first} to {last}.", **values)
    return says.say("{scope} may keep {rule} with the limit {limit} from {first} to {last}.", **values)


def _marks(deviation: Deviation, says: Language) -> Iterator[str]:
    """What makes the request more than an ordinary one."""
    if deviation.timing is Timing.WAIVER:
        yield says.say("It is asked for afterwards.")
    if deviation.citation:
        yield says.say("Law demands it: {citation}.", citation=deviation.citation.rstrip("."))
    if deviation.weighed.weights:
        whys = [says.message(WEIGHT_WORDS[each]) for each in deviation.weighed.weights]
        yield says.say("It is significant: {whys}.", whys=says.listed(whys))


def decision_question(
    deviation: Deviation,
    request: Request,
    days: tuple[date, date],
    says: Language,
    facts: str = "",
    *,
    named: bool = True,
) -> Question:
    """The question to the office that decides, for exactly what the request shows.

    `days` are the day on which it is asked and the last day in time; `facts` says how things stand.
    """
    asked, answer_by = days
    reason = says.say("Reason given: {why}.", why=deviation.reason.rstrip(".")) if named else ""
    ask = says.say(
        "Write {approve} or {reject} as a comment of its own, or let the ticket's state say so.",
        approve=word(Reply.APPROVE, says),
        reject=word(Reply.REJECT, says),
    )
    parts = [
        says.say("May it be so? {what}", what=asked_words(deviation, says, named=named)),
        reason,
        *_marks(deviation, says),
        facts if named else "",
        ask,
    ]
    return Question(
        id=str(DeviationQuestionId(deviation.id, request.shown.digest)),
        office=request.office,
        project="",
        kind=QuestionKind.DEVIATION,
        about=deviation.id,
        text=" ".join(filter(None, parts)),
        asked=asked,
        answer_by=answer_by,
        language=says.tag,
    )


@dataclass(frozen=True, slots=True)
class Show:
    """One request on a screen: who asks for what and why, the facts then and now, what yes and no do."""

    who: str
    what: str
    why: str
    marks: tuple[str, ...]
    measures: tuple[str, ...]
    documents: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    """The material facts: name, value at the request, value now; empty where it is not reported."""
    yes: str
    no: str
    similar: tuple[tuple[str, str], ...] = ()
    """Deviations from the same rule before: id, and how each stands."""


def show(
    deviation: Deviation,
    at: datetime,
    now: Mapping[str, object],
    before: tuple[Deviation, ...],
    says: Language,
    *,
    named: bool = True,
) -> Show:
    """A deviation as whoever decides on it sees it; `now` are the material facts as they are now."""
    then = deviation.basis.facts
    names = sorted({*then, *now}) if named else []
    value = {"rule": deviation.rule, "last": deviation.span.last}
    return Show(
        who=deviation.asked.office,
        what=asked_words(deviation, says, named=named),
        why=deviation.reason if named else "",
        marks=tuple(_marks(deviation, says)),
        measures=deviation.measures if named else (),
        documents=deviation.documents if named else (),
        facts=tuple((name, _value(name, then), _value(name, now)) for name in names),
        yes=says.say("Yes: a failed verdict of {rule} is shown as permitted until {last}.", **value),
        no=says.say("No: the verdicts of {rule} stay as they are.", **value),
        similar=tuple(
            (each.id, standing_words(each, at, says)) for each in before if each.id != deviation.id
        ),
    )


def _value(name: str, facts: Mapping[str, object]) -> str:
    return fact_text(name, facts[name]) if name in facts else ""
