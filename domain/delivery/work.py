"""What should stand in the offices' tools because of a rollout: work items, questions and notices.

Desired state, computed again each time from what is known; delivery.py decides how it is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from domain.cases.case import Case, Said
from domain.cases.escalating import as_if_delivered, due_on
from domain.cases.ids import CaseKey
from domain.cases.kinds import CaseState
from domain.cases.telling import STATES as CASE_STATES
from domain.cases.telling import case_words, otherwise
from domain.cases.telling import standing_words as case_standing
from domain.compliance.findings import DEFAULT_ROLE, remedy_of
from domain.delivery.wanted import (
    ENDED,
    DecisionFields,
    ItemFields,
    NoticeFields,
    QuestionFields,
    Wanted,
)
from domain.deviations.deviation import Deviation
from domain.deviations.force import Seen, seen_at
from domain.deviations.ids import DeviationKey
from domain.deviations.telling import asked_words, standing_words
from domain.directives.clocks import due_on as directive_due_on
from domain.directives.directive import Addressee, Directive, state_of
from domain.directives.following import delivered
from domain.directives.ids import DirectiveKey
from domain.directives.telling import STATES as DIRECTIVE_STATES
from domain.directives.telling import directive_words
from domain.directives.telling import otherwise as directive_otherwise
from domain.ids import ProjectKey, UnreadableKey, VersionId, WorkItemKey
from domain.language import ENGLISH, Language, Message
from domain.organization.office import Organization
from domain.plans.project import Unreadable
from domain.questions.question import Notice, NoticeKind, Question
from domain.questions.registry import kind_of
from domain.rollouts.adoption import BOUND, UNDER, is_late
from domain.rollouts.rollout import Adoption
from domain.standards.position import Position
from domain.standards.standard import Rule
from domain.standards.verdict import OPEN_RESULTS, Result, Verdict

STANDINGS: Mapping[str, Message] = {
    "open": Message("open", about="standing"),
    "answered": Message("answered", about="standing"),
    "late": Message("late", about="standing"),
    "moot": Message("moot", about="standing"),
    "approved": Message("approved", about="standing"),
    "rejected": Message("rejected", about="standing"),
    "told": Message("told", about="standing"),
}
"""What stands in a tool of how far a question or notice has come."""
NOTICES: Mapping[NoticeKind, Message] = {
    NoticeKind.QUESTION: Message("notice: question"),
    NoticeKind.DUE: Message("notice: due"),
    NoticeKind.LATE: Message("notice: late"),
    NoticeKind.ESCALATED: Message("notice: escalated"),
    NoticeKind.LAPSED: Message("notice: lapsed"),
    NoticeKind.CARRIED: Message("notice: carried"),
    NoticeKind.HALTED: Message("notice: halted"),
    NoticeKind.UNDELIVERED: Message("notice: undelivered"),
    NoticeKind.OVERDUE: Message("notice: overdue"),
    NoticeKind.DEPLOYMENT: Message("notice: deployment"),
    NoticeKind.TEMPLATE: Message("notice: template"),
    NoticeKind.NO_APPROVER: Message("notice: no approver"),
    NoticeKind.DISCRETION: Message("notice: beyond the rule"),
    NoticeKind.DEVIATION: Message("notice: deviation"),
    NoticeKind.LEDGER: Message("notice: ledger"),
    NoticeKind.CASE: Message("notice: case"),
    NoticeKind.DIRECTIVE: Message("notice: directive"),
    NoticeKind.DRAFT: Message("notice: draft of a version"),
}
"""What a notice is called in a tool."""
UNREADABLE = "notice: unreadable"


@dataclass(frozen=True, slots=True)
class Board:
    """What an office's items are made from: the rules by uid, and what was wanted of them so far, by key.

    An item that was put there keeps its title, in whatever language it is.
    """

    version: VersionId
    """The version that asks for these items."""
    rules: Mapping[str, Rule]
    before: Mapping[str, ItemFields]
    today: date
    said: Callable[[str], str] = str
    """What has to be done, in the office's language, where no standard says it itself."""


def wanted_items(
    board: Board,
    adoption: Adoption,
    verdicts: Iterable[Verdict],
    position: Position | None = None,
    *,
    closed: bool = False,
) -> tuple[Wanted, ...]:
    """The work items of one project: one per rule that it does not keep, while the version binds it.

    So has what is missing at its next gate, by its `position`, due on the day of the gate, unless the project
    is closed. Items put there before stay, with what became of them: met, permitted while a deviation is in
    force, or withdrawn when the version no longer binds the project.
    """
    wanted = list[Wanted]()
    known = tuple(verdicts)
    coming = position.missing if position is not None else ()
    asks = adoption.standing in UNDER and not closed
    for verdict in known:
        key = str(WorkItemKey(board.version, adoption.project, verdict.rule))
        is_open = verdict.result in OPEN_RESULTS
        if position is not None and verdict.rule in coming and not is_open:
            wanted.extend(_coming(board, adoption, verdict, position.due, asks=asks))
        elif key in board.before or (is_open and adoption.standing in BOUND):
            wanted.append(_item(board, adoption, verdict, key))
    return (*wanted, *_no_longer_asked(board, adoption, known))


def _no_longer_asked(board: Board, adoption: Adoption, verdicts: tuple[Verdict, ...]) -> Iterator[Wanted]:
    """Items whose rule is not judged any more (the tool was changed, say): withdrawn, never left open."""
    judged = {verdict.rule for verdict in verdicts}
    for key, before in board.before.items():
        item = WorkItemKey.find(key)
        if item is None or (item.version, item.project) != (board.version, adoption.project):
            continue
        if judged and item.rule not in judged:
            yield Wanted(key, adoption.office, replace(before, standing="withdrawn"), ended=True)


def _item(board: Board, adoption: Adoption, verdict: Verdict, key: str) -> Wanted:
    rule, before = board.rules.get(verdict.rule), board.before.get(key)
    standing = _standing(adoption, verdict, board.today)
    if before is not None:
        due = adoption.due if standing in ("open", "late") and adoption.due else before.due
        item = replace(before, due=due, standing=standing)
        return Wanted(key, adoption.office, item, ended=standing in ENDED)
    item = ItemFields(
        title=board.said(remedy_of(verdict, rule)),
        project=ProjectKey.read(adoption.project).own,
        due=adoption.due or board.today,
        role=rule.role if rule else DEFAULT_ROLE,
        standing=standing,
    )
    return Wanted(key, adoption.office, item, ended=standing in ENDED)


def _coming(
    board: Board, adoption: Adoption, verdict: Verdict, due: date | None, *, asks: bool
) -> Iterator[Wanted]:
    """The item of what is missing at the next gate, due on its day; withdrawn where it is not asked for."""
    key = str(WorkItemKey(board.version, adoption.project, verdict.rule))
    before = board.before.get(key)
    if not asks:
        if before is not None:
            yield Wanted(key, adoption.office, replace(before, standing="withdrawn"), ended=True)
        return
    rule, own = board.rules[verdict.rule], ProjectKey.read(adoption.project).own
    item = before or ItemFields(title=board.said(rule.remedy), project=own, role=rule.role)
    standing = "late" if due is not None and due < board.today else "open"
    yield Wanted(key, adoption.office, replace(item, due=due or item.due, standing=standing))


def _standing(adoption: Adoption, verdict: Verdict, today: date) -> str:
    if verdict.result is Result.PERMITTED:
        return "permitted"
    if verdict.result not in OPEN_RESULTS:
        return "met"
    if adoption.standing not in BOUND:
        return "withdrawn"
    return "late" if is_late(adoption, today) else "open"


def wanted_question(question: Question, language: Language = ENGLISH) -> Wanted:
    """A question as it is to stand in the office's tool; its standing says how it ended.

    `language` is the question's own, which it keeps.
    """
    kind = kind_of(question)
    make, standing = DecisionFields if kind.is_decision else QuestionFields, kind.standing(question)
    asked = make(
        kind=language.message(kind.called),
        project=ProjectKey.read(question.project).own if question.project else "",
        text=question.text,
        asked=question.asked,
        answer_by=question.answer_by,
        standing=language.message(STANDINGS[standing]),
    )
    return Wanted(question.id, question.office, asked, ended=standing in ENDED)


def wanted_notice(notice: Notice, language: Language = ENGLISH) -> Wanted:
    """A notice as it is to stand in the tool of the office that gets it; it is written once and stays.

    `language` is the notice's own, which it keeps.
    """
    told = NoticeFields(
        kind=language.message(NOTICES[notice.kind]),
        project="",
        text=notice.text,
        asked=notice.on,
        standing=language.message(STANDINGS["told"]),
    )
    return Wanted(notice.key, notice.office, told)


def wanted_unreadable(office: str, problem: Unreadable, seen: date) -> Wanted:
    """The notice of a cell that could not be understood, for the tool of the office; it is in English."""
    text = f"{problem.ref}: {problem.problem}"
    told = NoticeFields(kind=UNREADABLE, project="", text=text, asked=seen, standing="open")
    return Wanted(str(UnreadableKey(office, problem.ref)), office, told)


CASE = Message("case")


def wanted_case(
    case: Case, organization: Organization, office: str, now: datetime, says: Language = ENGLISH
) -> Wanted:
    """How a case stands, for the tool of an office that takes part in it; written anew as it changes.

    What is asked today is delivered with it: it says from the first until when that is to be answered.
    For an office that withdrew while others stayed it is over.
    """
    case = as_if_delivered(case, organization, now)
    gone = case.side_of(office) is None
    there, project = organization.offices[office], case.about.project
    words = case_words(case, organization, says, office)
    mine = bool(project) and ProjectKey.read(project).office == office
    told = NoticeFields(
        kind=says.message(CASE),
        project=ProjectKey.read(project).own if mine else "",
        text=f"{case.id}: {words}" if gone else f"{case.id}: {words} {otherwise(case, organization, says)}",
        asked=there.calendar.local_date(case.raisers[0].at),
        answer_by=due_on(case, organization),
        standing=says.message(CASE_STATES[CaseState.WITHDRAWN]) if gone else case_standing(case, says),
    )
    return Wanted(str(CaseKey(office, case.id)), office, told, ended=gone or not case.is_open)


DIRECTIVE = Message("directive")


def wanted_directive(
    directive: Directive,
    addressee: Addressee,
    organization: Organization,
    placed: date,
    says: Language = ENGLISH,
) -> Wanted:
    """How a directive stands for an addressee, for the tool of its office; written anew as it changes.

    Where this is to be read it is delivered, also before the next reading finds it there: `placed` that day.
    """
    directive, addressee = _as_placed(directive, addressee, organization, placed)
    state = state_of(directive, addressee)
    due = directive_due_on(directive, addressee, organization) or directive.due
    words = directive_words(directive, addressee, organization, says, due)
    told = NoticeFields(
        kind=says.message(DIRECTIVE),
        project="",
        text=f"{words} {directive_otherwise(directive, addressee, organization, says)}",
        asked=organization.offices[addressee.office].calendar.local_date(addressee.since),
        answer_by=due,
        standing=says.message(DIRECTIVE_STATES[state]),
    )
    key = DirectiveKey(addressee.office, addressee.role, directive.id)
    over = not directive.is_open or not addressee.waits
    return Wanted(str(key), addressee.office, told, ended=over)


def _as_placed(
    directive: Directive, addressee: Addressee, organization: Organization, placed: date
) -> tuple[Directive, Addressee]:
    if not directive.is_open or addressee.office not in organization.offices:
        return directive, addressee
    office, role = addressee.office, addressee.role
    at = organization.offices[office].calendar.at(placed, time(0))
    there = delivered(directive, office, role, at, Said(at))
    place = directive.addressees.index(addressee)
    return there, there.addressees[place]


DEVIATION = Message("deviation")


def wanted_deviation(deviation: Deviation, at: datetime, today: date, says: Language = ENGLISH) -> Wanted:
    """How a deviation stands, for the tool of the office that asked for it; written anew as it changes."""
    scope = deviation.scope
    over = seen_at(deviation, at) is Seen.ENDED
    told = NoticeFields(
        kind=says.message(DEVIATION),
        project=ProjectKey.read(scope.project).own if scope.project else "",
        text=_stands_for(deviation, says),
        asked=deviation.submitted.date() if deviation.submitted else today,
        answer_by=deviation.span.last,
        standing=standing_words(deviation, at, says),
    )
    return Wanted(str(DeviationKey(deviation.id)), deviation.asked.office, told, ended=over)


def _stands_for(deviation: Deviation, says: Language) -> str:
    """Which deviation it is, and where it was asked for if that stands in the office's tool."""
    what = f"{deviation.id}: {asked_words(deviation, says)}"
    place = deviation.asked.place
    return f"{what} {says.say('Asked for in {place}.', place=place)}" if place else what
