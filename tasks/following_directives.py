"""Follow the directives in force: answers are taken, facts looked at, clocks read, people told.

Run again, it changes nothing. Refuses to fulfil anything by silence: that goes up the tree of offices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import time

from config.wiring import Clock
from domain.cases.asking import draft_of
from domain.cases.case import About, Said
from domain.cases.checking import of_facts
from domain.cases.kinds import AboutKind, Color, NoSuchMove, Way
from domain.decisions.request import Channel
from domain.deviations.flaws import Flawed
from domain.directives.addressing import readdressed
from domain.directives.clocks import escalated
from domain.directives.directive import Addressee, Directive
from domain.directives.following import acknowledged, attested, delivered, finished, judged, with_objections
from domain.directives.kinds import NotPossible
from domain.organization.actions import Action
from domain.organization.office import Role
from domain.outcomes.directives import DirectivesFollowed
from domain.questions.answers import Reply
from domain.questions.directives import DirectiveAnswer, Unclear, directive_answer
from domain.questions.question import Question, QuestionState
from domain.standards.tailoring import Rulebook
from tasks.directive_steps import keep
from tasks.network import load_office
from tasks.raising import put
from tasks.requesting import Room
from tasks.speaking import MayNotSpeak, answerer, asked_again
from tasks.transactions import Transactions

ACTIONS = {
    Reply.ACKNOWLEDGE: Action.ANSWER_DIRECTIVE,
    Reply.DONE: Action.ATTEST_DIRECTIVE,
    Reply.OBJECT: Action.OBJECT,
}
"""What an addressee does by each answer, in the table of actions."""


def follow_directives(transactions: Transactions, clock: Clock, rulebook: Rulebook) -> DirectivesFollowed:
    """Follow every directive in force, each in a short transaction of its own."""
    with transactions.read() as unit:
        listed = unit.directives.open()
    found: Counter[str] = Counter()
    for each in listed:
        colors = _colors(transactions, clock, rulebook, each)
        with transactions.write() as unit:
            room = Room(unit, clock, rulebook)
            if unit.directives.locked(each.id) == each:
                found.update(_followed(room, each, colors))
    return DirectivesFollowed(
        len(listed), found["answered"], found["reminded"], found["told"], found["fulfilled"],
        found["ended"], found["came"], found["left"],
    )  # fmt: skip


def _followed(room: Room, first: Directive, colors: Mapping[str, Color]) -> Iterator[str]:
    """Follow one; a word for everything that was done."""
    there = readdressed(first, room.organization, Said(room.now))
    yield from ["came"] * (len(there.current) - len([e for e in there.current if _was(first, e)]))
    yield from ["left"] * sum(each.left is not None and _was(first, each) for each in there.addressees)
    there = keep(room, first, there)
    for each in there.current:
        there = _delivered(room, there, each)
        before, there = there, _answered(room, there, each)
        yield from ["answered"] * (there is not before)
    cases = room.unit.cases.about(About(AboutKind.DIRECTIVE, first.id))
    there = with_objections(there, cases, room.now)
    there = finished(judged(there, colors, room.organization, room.now), room.now)
    there = keep(room, room.unit.directives.get(first.id), escalated(there, room.organization, room.now))
    yield from ["fulfilled"] * (_fulfilled(there) - _fulfilled(first))
    yield from ["ended"] * (not there.is_open)
    yield from ["told"] * (_told(there) - _told(first))
    yield from ["reminded"] * (_reminded(there) - _reminded(first))


def _was(directive: Directive, addressee: Addressee) -> bool:
    """Whether it was addressed to that one before."""
    return any(each.role == addressee.role and each.left is None for each in directive.of(addressee.office))


def _fulfilled(directive: Directive) -> int:
    return sum(each.fulfilled is not None for each in directive.addressees)


def _told(directive: Directive) -> int:
    return sum(len(each.told) for each in directive.addressees)


def _reminded(directive: Directive) -> int:
    return sum(len(each.reminded) for each in directive.addressees)


def _question(room: Room, addressee: Addressee) -> Question | None:
    return room.unit.questions.get(addressee.question) if addressee.question else None


def _delivered(room: Room, directive: Directive, addressee: Addressee) -> Directive:
    """The directive that stands in the tool of an addressee: from then on its clocks run."""
    placed = room.unit.questions.placed_on(addressee.question)
    if placed is None or addressee.office not in room.organization.offices:
        return directive
    at = room.organization.offices[addressee.office].calendar.at(placed, time(0))
    return keep(room, directive, delivered(directive, addressee.office, addressee.role, at, Said(room.now)))


def _answered(room: Room, directive: Directive, addressee: Addressee) -> Directive:
    """The directive after an answer in the tool; one that cannot be taken is asked again, and says why."""
    question = _question(room, addressee)
    if question is None or question.state is not QuestionState.ANSWERED:
        return directive
    try:
        answer = directive_answer(str(question.answer))
        roles = (Role(addressee.role), Role.HEAD)
        said = Said(room.now, answerer(room, question, ACTIONS[answer.reply], roles), Channel.TOOL)
        return taken(room, directive, addressee, answer, said)
    except (Unclear, NotPossible, NoSuchMove, Flawed, LookupError, MayNotSpeak) as why:
        asked_again(room, question, why)
        return directive


def taken(
    room: Room, directive: Directive, addressee: Addressee, answer: DirectiveAnswer, said: Said
) -> Directive:
    """The directive after an addressee's answer, stored; an objection raises a case with who issued it.

    Raises NotPossible for what cannot be answered, and Flawed or LookupError for an objection that cannot be
    raised.
    """
    office, role = addressee.office, addressee.role
    if answer.reply is Reply.ACKNOWLEDGE:
        return keep(room, directive, acknowledged(directive, office, role, said))
    if answer.reply is Reply.DONE:
        done = attested(directive, office, role, answer.text, said)
        return keep(room, directive, finished(done, said.at))
    about, organization = f"{AboutKind.DIRECTIVE} {directive.id}", room.organization
    draft = draft_of(office, about, "", answer.text, organization, said.at.date(), objection=True)
    put(room, draft, said, Way.TOOL)
    return room.unit.directives.get(directive.id) or directive


def _colors(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, directive: Directive
) -> Mapping[str, Color]:
    """What the fact says of the open projects of each office, office by office; worst first."""
    if directive.is_attested:
        return {}
    found = {}
    for office in dict.fromkeys(each.office for each in directive.addressees if each.waits):
        if office not in rulebook.organization.offices:
            continue
        with transactions.read() as unit:
            network = load_office(unit, rulebook, clock.now(), office)
        own = [key for key, plan in network.plans.items() if plan.project.office == office]
        facts = [network.facts(key) for key in own if not network.closed(key)]
        found[office] = of_facts(directive.evidence, facts)
    return found
