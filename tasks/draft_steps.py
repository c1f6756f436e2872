"""Keep what was done with a draft: store it, record it, tell the offices, put and end their questions.

Refuses to know why something is done. Run again with the same draft, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.decisions.request import Request
from domain.drafts.differences import differences
from domain.drafts.draft import Draft, DraftState, DraftStep, DraftStepKind
from domain.drafts.ids import ConsultationId
from domain.drafts.telling import decision_question, notice_words, question_of
from domain.organization.office import Role
from domain.questions.deciding import OPEN
from domain.questions.question import Notice, NoticeKind, QuestionState
from domain.standards.standard import Version
from store.unit import Unit
from tasks.recording import record
from tasks.requesting import Room

TO_OWNER = frozenset({DraftStepKind.COMMENTED, DraftStepKind.CLOSED, DraftStepKind.DRAFTED})
TO_ALL = frozenset(
    {
        DraftStepKind.REVISED,
        DraftStepKind.ANSWERED,
        DraftStepKind.APPROVED,
        DraftStepKind.DECLINED,
        DraftStepKind.PUBLISHED,
        DraftStepKind.WITHDRAWN,
    }
)
"""What those who are consulted are told; that they are asked, the question tells."""


def keep(room: Room, before: Draft | None, after: Draft) -> Draft:
    """The draft as it is stored now. `before` is None for a new one."""
    unit = room.unit
    if before is None:
        unit.drafts.add(after)
    elif before == after:
        return after
    else:
        unit.drafts.save(after)
    known = len(before.steps) if before else 0
    for number, step in enumerate(after.steps[known:], known + 1):
        _record(room, after, step)
        for office, role in _told(after, step):
            _notice(room, after, step, number, office, role)
    if after.round != (before.round if before else 0):
        _ask(room, after)
    _end_questions(room, after)
    return after


def base_of(unit: Unit, version: Version) -> Version | None:
    """The published version that it follows; None where it names none, or that is not published."""
    return unit.versions.get(version.standard, version.previous) if version.previous else None


def _record(room: Room, draft: Draft, step: DraftStep) -> None:
    """Keep a step in the ledger: what and how it stands, no text, and no person's name."""
    detail: dict[str, object] = {
        "step": str(step.kind),
        "state": str(draft.state),
        "content": draft.content,
        "entered_by_operator": step.entered,
    }
    if step.office:
        detail["office"] = step.office
    if draft.case:
        detail["case"] = draft.case
    if step.kind is DraftStepKind.ASKED and draft.simulation is not None:
        detail["simulation"] = draft.simulation.digest
    record(
        room.unit, room.clock, "draft", draft.id, detail=detail, person=step.person, why=step.text,
        version=draft.version.id,
    )  # fmt: skip


def _told(draft: Draft, step: DraftStep) -> Iterator[tuple[str, Role]]:
    """Which office is told of a step, in which role; never the one that did it."""
    if step.kind in TO_OWNER and step.office != draft.owner:
        yield draft.owner, Role.HEAD
    if step.kind in TO_ALL:
        for each in draft.consulted:
            if each.office != step.office:
                yield each.office, Role.HEAD


def _notice(room: Room, draft: Draft, step: DraftStep, number: int, office: str, role: Role) -> None:
    says, there = room.organization.language_of(office), room.organization.offices.get(office)
    if there is None:
        return
    room.unit.notices.add(
        Notice(
            f"draft {office} {draft.id} {number}", NoticeKind.DRAFT, office, str(role),
            there.calendar.local_date(room.now), text=notice_words(draft, step, says), language=says.tag,
        )
    )  # fmt: skip


def _ask(room: Room, draft: Draft) -> None:
    """Put the question of this round to every office that is consulted."""
    base = base_of(room.unit, draft.version)
    for place in draft.consulted:
        says = room.organization.language_of(place.office)
        lines = differences(draft.version, base, says)
        question = question_of(draft, place.office, lines, room.organization, room.now)
        if room.unit.questions.add(question):
            detail = {"state": "open", "kind": str(question.kind)}
            record(room.unit, room.clock, "question", question.id, detail=detail)


def _end_questions(room: Room, draft: Draft) -> None:
    """Questions of earlier rounds, and of a consultation that is over, are not asked any more."""
    asked = draft.state is DraftState.CONSULTATION
    for number in range(1, draft.round + 1):
        if not (asked and number == draft.round):
            _moot(room.unit, draft, number, (each.office for each in draft.consulted))


def _moot(unit: Unit, draft: Draft, number: int, offices: Iterable[str]) -> None:
    for office in offices:
        question = unit.questions.get(str(ConsultationId(draft.id, number, office)))
        if question is not None and question.state in OPEN:
            unit.questions.save(replace(question, state=QuestionState.MOOT))


def put_decision(room: Room, draft: Draft, request: Request) -> None:
    """Ask the office that decides in its own tool, for exactly what the request shows."""
    office, says = room.organization.offices[request.office], room.organization.language_of(request.office)
    today = office.calendar.local_date(room.now)
    lines = differences(draft.version, base_of(room.unit, draft.version), says)
    question = decision_question(draft, request, lines, (today, request.due or today), says)
    if room.unit.questions.add(question):
        detail = {"state": "open", "kind": str(question.kind)}
        record(room.unit, room.clock, "question", question.id, detail=detail)
