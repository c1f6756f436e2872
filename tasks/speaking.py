"""Who speaks for an office, by its tool's own record or its page, and whether the table of actions lets them.

What stands in a tool that tells no author counts as the word of the office; whom it names there has said so
and is not held to it. Refuses to guess who somebody is, and to let an answer count that is nobody's to give.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from config.standing_in import entitled_now
from connectors.protocol import Capability
from connectors.registry import KINDS
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.language import Language, Message
from domain.organization.accounts import person_of
from domain.organization.actions import Account, Action, Permission, Refusal, RefusalCause, permit
from domain.organization.office import Organization, Person, Role
from domain.questions.question import Question, QuestionState, not_taken
from tasks.requesting import Room

MAY_SPEAK = Message(
    "Whoever wrote it may not speak for the office: let its head, or the one who stands in, write it."
)


class MayNotSpeak(Exception):
    """Whoever wrote something in an office's tool may not do what it says."""

    def __init__(self, refusal: Refusal, who_may: Message = MAY_SPEAK) -> None:
        super().__init__(str(refusal))
        self.refusal, self.who_may = refusal, who_may

    def said(self, says: Language) -> str:
        """Who may, in that language."""
        return says.message(self.who_may)


def tool_of(organization: Organization, office: str) -> str:
    """The tool in which the office is asked, and asks; empty where it has none."""
    part = organization.partition(office)
    return part.tool if part is not None else ""


def known_person(organization: Organization, office: str, account: str) -> Person:
    """The person who has that account in the office's tool. Raises Flawed where nobody has it."""
    person = person_of(organization, office, account, tool_of(organization, office))
    if person is None:
        flaw = Flaw(
            "author",
            Message("nobody who is known here has the account {given} in that tool"),
            Message("have it entered with the person (people.yaml, `accounts`), or let somebody else ask"),
            given=quoted(account),
        )
        raise Flawed((flaw,))
    return person


def permitted_there(
    room: Room, office: str, person: str, action: Action, who_may: Message = MAY_SPEAK
) -> Permission:
    """By which role a person may do it for an office, or who stands in. Raises MayNotSpeak.

    Where no strategic office leads there, it takes a role of the office itself.
    """
    leaders = room.organization.leaders(office, room.now.date())
    leader = leaders[0].id if leaders else ""
    there = entitled_now(room.unit, room.organization, room.clock)
    found = permit(there, Account(person), action, leader, office)
    if isinstance(found, Refusal):
        raise MayNotSpeak(found, who_may)
    return found


def answerer(room: Room, question: Question, action: Action, roles: Collection[Role] = ()) -> str:
    """The id of the person who answered a question; empty where that is not known.

    Where the tool tells who writes, and on the office's page, it takes one who may do the action, in one of
    these roles of the office if some are given. Raises Flawed for an account that nobody has, MayNotSpeak.
    """
    organization, office, by = room.organization, question.office, question.answered_by
    page = room.unit.page_questions.of(office).get(question.id)
    on_page = page is not None and bool(page.answer) and page.person == by
    if not on_page and not _tells_authors(organization, office):
        named = person_of(organization, office, by, tool_of(organization, office))
        return named.id if named is not None else by if by in organization.people else ""
    person = by if on_page else known_person(organization, office, by).id
    found = permitted_there(room, office, person, action)
    if roles and found.role not in roles and not _held(room, office, person) & frozenset(roles):
        who = ", ".join(each.replace("_", " ") for each in roles)
        why, instead = "it takes another role of the office", f"have it written by the {who}"
        raise MayNotSpeak(Refusal(action, Account(person), person, RefusalCause.NO_ROLE, why, instead))
    return person


def _held(room: Room, office: str, person: str) -> frozenset[Role]:
    """The roles in which a person may act for an office now."""
    there = entitled_now(room.unit, room.organization, room.clock).offices[office]
    return frozenset(role for role, people in there.roles.items() if person in people)


def _tells_authors(organization: Organization, office: str) -> bool:
    """Whether the office's tool says from its own record who wrote something."""
    tool = organization.tools.get(tool_of(organization, office))
    return tool is not None and Capability.AUTHORS in KINDS[tool.kind].connector.spec.capabilities


def asked_again(room: Room, question: Question, problem: Exception) -> None:
    """Ask a question again whose answer is not taken, and say why; the same answer is taken no more.

    Who may not answer is recorded.
    """
    organization, unit = room.organization, room.unit
    says, text = organization.languages.of(question.language), str(question.answer)
    if isinstance(problem, MayNotSpeak):
        words = says.say("The answer does not count: {why}", why=problem.said(says))
        today = organization.offices[question.office].calendar.local_date(room.now)
        unit.refusals.record(problem.refusal, question.about, "", room.now, today)
    else:
        hint = problem.said(says) if isinstance(problem, Flawed) else str(problem)
        words = says.say("The answer was not understood: {hint}.", hint=hint)
    opened = replace(question, state=QuestionState.OPEN, answer=None, answered_by="", answered=None)
    unit.questions.save(opened.remarked(not_taken(question.answered_by, text), words))
