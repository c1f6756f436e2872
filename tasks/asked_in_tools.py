"""Take the requests for deviations, and the feedback, of an office's own tool, each once; answer what lacks.

The tool's record says who asks; one that tells no author counts as asked by everybody of the office. Refuses
to change what a ticket or row says: how a deviation stands is a comment or a cell of its own there, and what
a request lacks is put beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.wiring import Clock
from domain.canonical import digest
from domain.cases.asking import draft_of as case_draft
from domain.cases.case import Said
from domain.cases.kinds import Way as CaseWay
from domain.cases.written import raises_a_case, read_case
from domain.decisions.request import Channel
from domain.deviations.asking import Draft, deviation_id
from domain.deviations.deviation import Asked, Deviation, Way
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.deviations.terms import draft_of, named
from domain.deviations.written import Written, read
from domain.language import Message, Worded
from domain.organization.accounts import person_of
from domain.organization.actions import Action
from domain.organization.office import Organization
from domain.plans.project import Reading, Requested
from domain.questions.question import Notice, NoticeKind
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.asking_again import ask_again
from tasks.entering import asking_office
from tasks.raising import put
from tasks.requesting import Room, ask
from tasks.speaking import MAY_SPEAK, MayNotSpeak, known_person, permitted_there, tool_of
from tasks.transactions import Transactions
from tasks.versions import choose

NO_DEVIATION = Message("The request for a deviation in {place} is not taken yet. {lacks}")
NO_CASE = Message("What is raised in {place} is not taken yet. {lacks}")
MANY = 200
"""Requests of one office that are taken in one reading; the others wait for the next one."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks and who changed it last, by their ids; empty where that is not known."""

    person: str = ""
    editor: str = ""


MAY_ASK = Message(
    "Whoever wrote it may not ask for a deviation: let the head, reporter, standards owner, "
    "approver or sponsor of the office ask."
)


def take_requests(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, office: str, reading: Reading
) -> int:
    """Take what asks for a deviation or raises a case in an office's tool; how many are new or were changed.

    Each is taken in a transaction of its own: one that cannot be taken holds up no other.
    """
    taken = 0
    for requested in reading.requests:
        if taken == MANY:
            break
        taken += _take(transactions, clock, rulebook, office, requested)
    return taken


def _take(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, office: str, requested: Requested
) -> bool:
    """Take one; whether it is new or was changed."""
    identity = deviation_id("asked in a tool", office, tool_of(rulebook.organization, office), requested.id)
    mark = f"taken {identity} {digest([requested.text, requested.project])[:16]}"
    with transactions.read() as unit:
        if unit.marks.get(mark) is not None:
            return False
    try:
        with transactions.write() as unit:
            room = Room(unit, clock, rulebook)
            if raises_a_case(requested):
                _raise(room, office, requested)
            else:
                _ask(room, office, requested, identity)
            unit.marks.set(mark, clock.now())
    except (Flawed, LookupError, MayNotSpeak) as problem:
        if type(problem) in (KeyError, IndexError):
            raise
        with transactions.write() as unit:
            _answer(Room(unit, clock, rulebook), office, requested, problem)
        return False
    return True


def _ask(room: Room, office: str, requested: Requested, identity: str) -> None:
    """Ask for it, or again where it was asked for before. Raises Flawed and MayNotSpeak."""
    organization, written = room.organization, read(requested, office)
    author = _author(room, office, requested, Action.ASK_DEVIATION, MAY_ASK)
    before = _before(room.unit, office, written, identity)
    today = organization.offices[office].calendar.local_date(room.now)
    draft = _draft(written, organization, office, before.span.first if before else today)
    if before is not None:
        ask_again(room, before, draft, author.editor or author.person)
        return
    way = Way.ROW if requested.is_row else Way.TICKET
    asked = Asked(office, author.person, room.now, way, requested.ref, author.editor, requested.id)
    ask(room, draft, asked, _published(room, written), identity)


def _raise(room: Room, office: str, requested: Requested) -> None:
    """Put to the other office what it raises. Raises Flawed, LookupError and MayNotSpeak."""
    written = read_case(requested, office)
    action = Action.OBJECT if written.objection else Action.RAISE
    author = _author(room, office, requested, action, MAY_SPEAK)
    there = room.organization.offices[office].calendar.local_date(room.now)
    draft = case_draft(
        office, written.about, written.terms, written.reason, room.organization, there,
        objection=written.objection,
    )  # fmt: skip
    put(room, draft, Said(room.now, author.person, Channel.TOOL), CaseWay.TOOL, requested)


def _published(room: Room, written: Written) -> str:
    """The version that the request names, or else the newest with that rule. Raises Flawed without one."""
    wanted = written.version or "newest"
    try:
        return choose(room.unit, wanted, room.now.date(), written.rule).id
    except LookupError:
        known = ", ".join(each.id for each in room.unit.versions.all())
        what, instead = Message("{given} is not published"), Message("name a version that is: {known}")
        raise Flawed((Flaw("rule", what, instead, given=wanted[:60], known=known or "-"),)) from None


def _draft(written: Written, organization: Organization, office: str, first: date) -> Draft:
    """What it asks for, as values. Raises Flawed with what cannot be read, and for another office's class."""
    try:
        draft = draft_of(written.project, written.rule, written.reason, written.terms, first)
    except Flawed as flawed:
        raise Flawed((*written.lacks, *flawed.flaws)) from None
    if written.lacks:
        raise Flawed(written.lacks)
    if asking_office(organization, draft.scope) != office:
        raise Flawed(
            (
                Flaw(
                    "office",
                    Message("it is for projects of another office"),
                    Message("have it asked for there"),
                ),
            )
        )
    return draft


def _before(unit: Unit, office: str, written: Written, identity: str) -> Deviation | None:
    """The deviation that it is about: the one that it names, else the one that it asked for before."""
    name = named(written.terms)
    if not name:
        return unit.deviations.get(identity)
    found = unit.deviations.get(name)
    if found is None:
        what, instead = Message("there is no deviation {given}"), Message("name one of this office")
        raise Flawed((Flaw("deviation", what, instead, given=quoted(name, 40)),))
    if found.asked.office != office:
        raise Flawed(
            (
                Flaw(
                    "deviation",
                    Message("{given} is another office's"),
                    Message("name one of this office"),
                    given=quoted(name, 40),
                ),
            )
        )
    return found


def _author(room: Room, office: str, requested: Requested, action: Action, who_may: Message) -> Author:
    """Who asks, by the tool's own record. Raises Flawed for an unknown account, MayNotSpeak for who may not.

    Nobody is named where the tool tells no author, and where somebody changed it who is not known: then it
    counts as asked by everybody of the office.
    """
    if not requested.author:
        return Author()
    organization, tool = room.organization, tool_of(room.organization, office)
    person = known_person(organization, office, requested.author)
    permitted_there(room, office, person.id, action, who_may)
    editors = [person_of(organization, office, each, tool) for each in requested.editors]
    if any(each is None for each in editors):
        return Author()
    last = editors[-1] if editors else None
    return Author(person.id, last.id if last is not None and last.id != person.id else "")


def _answer(
    room: Room, office: str, requested: Requested, problem: Flawed | LookupError | MayNotSpeak
) -> None:
    """Tell the office in its own tool, once, why a request is not taken; who may not ask is recorded."""
    organization, unit = room.organization, room.unit
    says, there = organization.language_of(office), organization.offices[office]
    today, lacks = (
        there.calendar.local_date(room.now),
        problem.said(says) if isinstance(problem, Flawed | MayNotSpeak | Worded) else str(problem),
    )
    told = Notice(
        key=f"lacking {office} {requested.id} {digest([requested.text, lacks])[:12]}",
        kind=NoticeKind.CASE if raises_a_case(requested) else NoticeKind.DEVIATION,
        office=office,
        role="reporter",
        on=today,
        text=says.message(
            NO_CASE if raises_a_case(requested) else NO_DEVIATION, place=requested.ref, lacks=lacks
        ),
        language=says.tag,
    )
    if unit.notices.add(told) and isinstance(problem, MayNotSpeak):
        unit.refusals.record(problem.refusal, requested.ref, "", room.now, today)
