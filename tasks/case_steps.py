"""Keep what was done in a case: store it, record it, tell every office in it, ask whose turn it is.

Refuses to know why something is done. Run again with the same case, it changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from domain.cases.case import Case, Step
from domain.cases.saying import asking
from domain.cases.telling import about_words, named, question_of, stands_words, step_words
from domain.questions.cases import CaseQuestionId
from domain.questions.deciding import OPEN
from domain.questions.question import Notice, NoticeKind, Question, QuestionState
from store.unit import Unit
from tasks.recording import record
from tasks.requesting import Room


def keep(room: Room, before: Case | None, after: Case) -> Case:
    """The case as it is stored now, with the question that waits. `before` is None for a new one."""
    unit = room.unit
    if before is None:
        unit.cases.add(after)
    elif before == after:
        return after
    done = asking(after, _asked(room, before, after))
    unit.cases.save(done)
    known = len(before.steps) if before else 0
    for number, step in enumerate(done.steps[known:], known + 1):
        _record(room, done, step)
        _tell(room, done, step, number)
    for level in done.told[len(before.told) if before else 0 :]:
        detail = {"step": "told", "state": str(done.state), "level": level.number, "office": level.office}
        record(unit, room.clock, "case", done.id, detail=detail)
        _tell_level(room, done, level.office, level.role, level.number)
    return done


def _asked(room: Room, before: Case | None, after: Case) -> str:
    """The id of the question that waits after it; one that is the same as before stays as it was asked."""
    unit, wanted = room.unit, question_of(after, room.organization, room.now)
    old = unit.questions.get(before.question) if before and before.question else None
    same = (
        before is not None
        and old is not None
        and wanted is not None
        and old.state in OPEN
        and len(before.turns) == len(after.turns)
        and CaseQuestionId.read(old.id).ask is CaseQuestionId.read(wanted.id).ask
    )
    if same and old is not None:
        return old.id
    if old is not None and old.state in OPEN:
        unit.questions.save(replace(old, state=QuestionState.MOOT))
    if wanted is None:
        return ""
    wanted = _under_its_own_id(unit, wanted)
    if unit.questions.add(wanted):
        detail = {"state": "open", "kind": str(wanted.kind)}
        record(unit, room.clock, "question", wanted.id, detail=detail)
    return wanted.id


def _under_its_own_id(unit: Unit, wanted: Question) -> Question:
    """The question under an id that no other office was asked by: the turn may go over without a step."""
    id_ = CaseQuestionId.read(wanted.id)
    while (there := unit.questions.get(str(id_))) is not None and there.office != wanted.office:
        id_ = replace(id_, number=id_.number + 1)
    return replace(wanted, id=str(id_))


def _record(room: Room, case: Case, step: Step) -> None:
    """Keep a step in the ledger: what and how it stands, no text, and no person's name."""
    detail: dict[str, object] = {
        "step": str(step.kind),
        "state": str(case.state),
        "about": str(case.about.kind),
        "objection": case.objection,
        "entered_by_operator": step.entered,
    }
    if step.side is not None:
        detail["side"] = str(step.side)
    if step.outcome is not None:
        detail["outcome"] = str(step.outcome)
    version = f"{case.about.standard}/{case.about.version}" if case.about.standard else ""
    record(
        room.unit, room.clock, "case", case.id, detail=detail, person=step.person, why=step.text,
        version=version,
    )  # fmt: skip


def _tell(room: Room, case: Case, step: Step, number: int) -> None:
    """A notice to the head of every office in the case but the one that did it."""
    own = case.office(step.side) if step.side is not None and step.person else ""
    for office in case.offices:
        if office == own:
            continue
        says = room.organization.language_of(office)
        done = step_words(step, says) if named(case, room.organization, office) else ""
        _notice(room, f"case {office} {case.id} {number}", office, "head", stands_words(case, says, done))


def _tell_level(room: Room, case: Case, office: str, role: str, number: int) -> None:
    """A notice to a level of escalation that an office keeps the turn."""
    says, turn = room.organization.language_of(office), case.turns[-1]
    text = says.say(
        "{late} has not answered in the case {case} on {about} in time. Silence decides nothing: it waits.",
        late=room.organization.offices[case.office(turn.side)].name,
        case=case.id,
        about=about_words(case, says),
    )
    key = f"case level {case.id} {turn.side} {turn.round} {number}"
    _notice(room, key, office, role, text)


def _notice(room: Room, key: str, office: str, role: str, text: str) -> None:
    there = room.organization.offices[office]
    tag = room.organization.language_of(office).tag
    on = there.calendar.local_date(room.now)
    room.unit.notices.add(Notice(key, NoticeKind.CASE, office, role, on, text=text, language=tag))
