"""What a rollout needs this week: from which role of which office, by when, and what happens otherwise.

Counts and roles only: it refuses to name a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.compliance.sweep import Sweep
from domain.delivery.held import Held
from domain.delivery.undelivered import undelivered
from domain.language import ENGLISH, Language, Message
from domain.organization.ladder import EscalationLevel, ladder
from domain.organization.office import Organization, Role
from domain.plans.not_read import NotRead
from domain.questions.kind import Stakes
from domain.questions.question import Question, QuestionKind, QuestionState
from domain.questions.registry import KINDS
from domain.rollouts.adoption import BOUND, is_late
from domain.rollouts.rollout import Adoption, Rollout, RolloutState, Standing, WaveState, leader_of_waves
from domain.standards.standard import Election, Version

DAYS_AHEAD = 7
UNREADABLE = Message("Repair the file that could not be read")
REPAIRS: Mapping[NotRead | None, Message] = {
    NotRead.AWAY: Message("See that its tool can be reached"),
    NotRead.NEVER: Message("See that its tool is read for the first time"),
}
"""What is needed where an office was not read; a tool that says no has something in it to be repaired."""
ROLLOUT_STATES: Mapping[RolloutState, Message] = {
    RolloutState.RUNNING: Message("running", about="rollout"),
    RolloutState.PAUSED: Message("paused", about="rollout"),
    RolloutState.HALTED: Message("halted", about="rollout"),
    RolloutState.COMPLETED: Message("completed", about="rollout"),
}
"""The states of a rollout as people read them."""
WAVE_STATES: Mapping[WaveState, Message] = {
    WaveState.PLANNED: Message("planned", about="wave"),
    WaveState.RUNNING: Message("running", about="wave"),
    WaveState.COMPLETED: Message("completed", about="wave"),
}
"""The states of a wave as people read them."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a role of an office is to do; `by` None means at once, `projects` are keys.

    `decides` is how many waiting decisions it holds; 0 for work.
    """

    office: str
    role: Role
    what: str
    by: date | None
    otherwise: str
    projects: tuple[str, ...] = ()
    overdue: bool = False
    decides: int = 0
    program: str = ""
    """The program whose manager it waits for; empty for a role of the office."""


def needs(
    *,
    organization: Organization,
    rollout: Rollout,
    adoptions: Iterable[Adoption],
    questions: Iterable[Question],
    version: Version | None,
    sweep: Sweep | None,
    now: datetime,
    held: Sequence[Held] = (),
    language: Language = ENGLISH,
    programs: Mapping[str, str] | None = None,
) -> tuple[Need, ...]:
    """What is due within seven days, overdue, or waits for a decision; most urgent first.

    Nobody is asked to answer what is held and does not stand in the office's tool. `programs` are the ids of
    the projects' programs, by project.

    One line per office, role, matter and day.
    """
    members, leader = tuple(adoptions), leader_of_waves(organization, rollout.manifest.waves)
    times = organization.clocks.escalation
    ladders = {a.office: ladder(organization, a.office, times, leader.id) for a in members}
    asked = _waiting(questions, members, held)
    found = [
        *_steering(leader.id, rollout, language),
        *_undelivered(organization, leader.id, members, held, now, language),
        *_answers(rollout, asked, version, language),
        *_unanswered(organization, ladders, members, language),
        *_work(organization, ladders, rollout, members, now, language),
        *_leeways(organization, rollout, members, programs or {}, language),
        *_reports(sweep, organization, language),
    ]
    today = leader.calendar.local_date(now)
    ahead = today + timedelta(days=DAYS_AHEAD)
    due = [need for need in found if need.decides or need.by is None or need.by <= ahead]
    dated = (replace(n, overdue=n.overdue or _past(n, organization, now)) for n in due)
    return tuple(
        sorted(dated, key=lambda n: (n.by is not None, not n.overdue, n.by or today, n.office, n.what))
    )


def _waiting(
    questions: Iterable[Question], members: Iterable[Adoption], held: Iterable[Held]
) -> list[Question]:
    """The questions about members that stand in their office's tool and wait for an answer."""
    of_members, not_there = {each.project for each in members}, {each.key for each in held}
    waiting = (q for q in questions if q.state is QuestionState.OPEN and q.id not in not_there)
    return [q for q in waiting if q.project in of_members]


def _past(need: Need, organization: Organization, now: datetime) -> bool:
    """Whether the need's day has passed in its office."""
    return need.by is not None and need.by < organization.offices[need.office].calendar.local_date(now)


def _grouped(members: Sequence[Adoption]) -> Iterator[tuple[str, tuple[Adoption, ...]]]:
    """The members by office, offices by id."""
    for office in sorted({a.office for a in members}):
        yield office, tuple(a for a in members if a.office == office)


def _steering(leader: str, rollout: Rollout, says: Language) -> Iterator[Need]:
    """A paused or halted rollout waits for the strategic office that leads it."""
    if rollout.state in (RolloutState.PAUSED, RolloutState.HALTED):
        state = says.message(ROLLOUT_STATES[rollout.state])
        note = f": {rollout.note}" if rollout.note else ""
        what = says.say("Resume the rollout, which is {state}", state=state) + note
        yield Need(leader, Role.APPROVER, what, None, says.say("no further wave starts"), decides=1)


def _undelivered(
    organization: Organization,
    leader: str,
    members: Sequence[Adoption],
    held: Sequence[Held],
    now: datetime,
    says: Language,
) -> Iterator[Need]:
    """Offices of the rollout that could not be asked in time: who leads it has that mended, or decides."""
    offices = {a.office for a in members}
    for late in undelivered(organization, held, now):
        if late.office in offices:
            name = organization.offices[late.office].name
            what = says.count(
                late.questions,
                "Have {n} question to {office} placed in its tool: not there since {day}",
                "Have {n} questions to {office} placed in its tool: not there since {day}",
                office=name,
                day=says.long_day(late.since),
            )
            otherwise = says.say("its projects keep the wave open unless left out")
            yield Need(leader, Role.APPROVER, what, None, otherwise)


def _answers(
    rollout: Rollout, asked: Sequence[Question], version: Version | None, says: Language
) -> Iterator[Need]:
    """What waits for an answer, per office, kind and day; what the heads of offices answer comes first."""
    stakes = _stakes(rollout, version, says)
    groups: dict[tuple[bool, str, str, QuestionKind, date, Role], list[Question]] = {}
    for q in asked:
        asks = KINDS[q.kind].asked_role(q)
        key = asks is not Role.HEAD, q.office, q.program, q.kind, q.answer_by, asks
        groups.setdefault(key, []).append(q)
    for (_, office, program, kind, by, asks), same in sorted(groups.items(), key=lambda each: each[0]):
        what, otherwise = KINDS[kind].need(same, stakes, says)
        decides = len(same) if KINDS[kind].weighs else 0
        role = Role.PROGRAM_MANAGER if program else asks
        yield Need(office, role, what, by, otherwise, _projects(same), decides=decides, program=program)


def _stakes(rollout: Rollout, version: Version | None, says: Language) -> Stakes:
    """What an election in the rollout chooses between."""
    new, leeway = rollout.manifest.version, version.leeway if version else None
    old = version.previous if version else None
    under = says.say("under {old}", old=old) if old else says.say("without it")
    otherwise = says.say("the standard's default applies")
    if leeway is not None:
        otherwise = {
            Election.FINISH_OLD: says.say("the default: complete {under}", under=under),
            Election.AT_GATE: says.say("the default: adopt {new} at the next gate", new=new),
            Election.ADOPT: says.say("the default: adopt {new}", new=new),
        }[leeway.default]
    return Stakes(new, under, otherwise)


def _told(levels: Sequence[EscalationLevel], adoption: Adoption) -> int:
    """The place in the ladder of whoever was told last of an adoption; before that, of the head."""
    return min(max(adoption.escalated, 1), len(levels)) - 1


def _unanswered(
    organization: Organization,
    ladders: Mapping[str, Sequence[EscalationLevel]],
    members: Sequence[Adoption],
    says: Language,
) -> Iterator[Need]:
    """Questions that an office left unanswered: they wait for whoever was told of them last."""
    silent = [a for a in members if a.standing is Standing.UNANSWERED]
    for office, of_office in _grouped(silent):
        waves = sorted({a.wave for a in of_office})
        name = organization.offices[office].name
        what = says.count(
            len(of_office),
            "Get the missing answers on {n} project of {office}",
            "Get the missing answers on {n} projects of {office}",
            office=name,
        )
        otherwise = (
            says.say("wave {waves} cannot complete", waves=waves[0])
            if len(waves) == 1
            else says.say("waves {waves} cannot complete", waves=", ".join(map(str, waves)))
        )
        by = min((a.answer_by for a in of_office if a.answer_by), default=None)
        levels = ladders[office]
        owner = levels[max(_told(levels, a) for a in of_office)]
        yield Need(
            owner.office,
            owner.role,
            what,
            by,
            otherwise,
            tuple(a.project for a in of_office),
            overdue=True,
        )


def _work(
    organization: Organization,
    ladders: Mapping[str, Sequence[EscalationLevel]],
    rollout: Rollout,
    members: Sequence[Adoption],
    now: datetime,
    says: Language,
) -> Iterator[Need]:
    """What must be done to adopt the version: what is late, and what is due within the week."""
    new = rollout.manifest.version
    for office, of_office in _grouped(members):
        place = organization.offices[office]
        today = place.calendar.local_date(now)
        late = tuple(a for a in of_office if is_late(a, today))
        soon = [a for a in of_office if a.standing in BOUND and a.due is not None and a not in late]
        levels = ladders[office]
        for told in sorted({_told(levels, a) for a in late}):
            some = tuple(a for a in late if _told(levels, a) == told)
            what = says.count(
                len(some),
                "Bring {n} late project of {office} to {new}",
                "Bring {n} late projects of {office} to {new}",
                office=place.name,
                new=new,
            )
            by = min((a.due for a in some if a.due), default=None)
            owner, otherwise = levels[told], _what_follows(levels, told, says)
            yield Need(owner.office, owner.role, what, by, otherwise, _keys(some), overdue=True)
        for due in sorted({a.due for a in soon if a.due}):
            some = tuple(a for a in soon if a.due == due)
            what = says.count(
                len(some),
                "Finish the adoption of {new} in {n} project",
                "Finish the adoption of {new} in {n} projects",
                new=new,
            )
            otherwise = says.say("late, and the head is told")
            yield Need(office, Role.REPORTER, what, due, otherwise, _keys(some))


def _what_follows(levels: Sequence[EscalationLevel], told: int, says: Language) -> str:
    """What happens after the level `told` of a ladder was told."""
    if told + 1 == len(levels):
        return says.say("the wave may halt")
    then, days = levels[told + 1], levels[told + 1].after - levels[told].after
    if then.role is Role.SPONSOR:
        who = says.say("the sponsor")
    else:
        who = says.say("the office above") if told else says.say("the parent office")
    if not days:
        return says.say("told to {who} as well", who=who)
    return says.count(
        days, "told to {who} after {n} business day", "told to {who} after {n} business days", who=who
    )


def _leeways(
    organization: Organization,
    rollout: Rollout,
    members: Sequence[Adoption],
    programs: Mapping[str, str],
    says: Language,
) -> Iterator[Need]:
    """Leeways that end within the week: who elects for the project's program sees to it, else the head."""
    new = rollout.manifest.version
    found: dict[tuple[str, date, str], list[Adoption]] = {}
    for each in members:
        if each.standing is Standing.GRANDFATHERED and each.until is not None:
            own = organization.programs.get(programs.get(each.project, ""))
            elects = own.id if own is not None and own.elector else ""
            found.setdefault((each.office, each.until, elects), []).append(each)
    for (office, until, program), some in sorted(found.items()):
        what = says.count(
            len(some),
            "Close {n} project, or begin with {new}: the leeway ends",
            "Close {n} projects, or begin with {new}: the leeway ends",
            new=new,
        )
        role = Role.PROGRAM_MANAGER if program else Role.HEAD
        otherwise = says.say("{new} binds from the day after", new=new)
        yield Need(office, role, what, until, otherwise, _keys(some), program=program)


def _reports(sweep: Sweep | None, organization: Organization, says: Language) -> Iterator[Need]:
    """Offices that could not be read, or did not report by their own cut-off."""
    for state in sweep.offices if sweep is not None else ():
        if state.stale and state.office in organization.offices:
            missed = says.say("Report: the last cut-off was missed")
            what = says.message(REPAIRS.get(state.failure, UNREADABLE)) if state.problem else missed
            otherwise = says.say("its figures stay marked as stale")
            yield Need(state.office, Role.REPORTER, what, None, otherwise)


def _projects(questions: Iterable[Question]) -> tuple[str, ...]:
    """The projects that questions are about, each once."""
    return tuple(sorted({q.project for q in questions}))


def _keys(members: Sequence[Adoption]) -> tuple[str, ...]:
    """The members' projects."""
    return tuple(a.project for a in members)
