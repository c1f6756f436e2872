"""What an answer does in a case: one of its words, said for an office, becomes the move that it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.cases.case import Case, Said
from domain.cases.checking import check_of
from domain.cases.escalating import arbiter_of
from domain.cases.kinds import PROPOSED, TRIED, CaseState, NoSuchMove, OutcomeKind, Side
from domain.cases.moving import (
    acknowledged,
    agreed,
    analyzed,
    carried_out,
    check_stated,
    decided,
    dissenting,
    not_carried_out,
    proposed,
    withdrawn,
)
from domain.cases.settling import attested
from domain.organization.actions import Action
from domain.organization.office import Organization
from domain.questions.answers import Reply
from domain.questions.cases import Ask, CaseAnswer

OUTCOMES: Mapping[Reply, OutcomeKind] = {
    Reply.AMENDMENT: OutcomeKind.AMENDMENT,
    Reply.TAILORING: OutcomeKind.TAILORING,
    Reply.DEVIATION: OutcomeKind.DEVIATION,
    Reply.TEMPLATE: OutcomeKind.TEMPLATE,
    Reply.EXPLANATION: OutcomeKind.EXPLANATION,
    Reply.NOTHING: OutcomeKind.NOTHING,
}
BINDING = frozenset({Reply.APPROVE, Reply.HOLDS, Reply.FAILS, Reply.WITHDRAW, Reply.DISSENT})
"""What an office is bound by: it counts where what is entered for somebody counts."""


def action_of(case: Case, answer: CaseAnswer) -> Action:
    """What somebody does by that answer, in the table of actions."""
    if case.state is CaseState.ESCALATED and answer.reply in OUTCOMES:
        return Action.DECIDE_CASE
    return Action.AGREE_CASE if answer.reply in BINDING else Action.ANSWER_CASE


def answered(
    case: Case, office: str, answer: CaseAnswer, said: Said, organization: Organization, terms: str = ""
) -> Case:
    """The case after an office's answer. Raises NoSuchMove, or Flawed for a check that says nothing.

    `terms` are those of the outcome that is proposed, as of a deviation.
    """
    if case.state is CaseState.ESCALATED and answer.reply in OUTCOMES:
        above = arbiter_of(case, organization).office
        if office != above:
            raise NoSuchMove(f"{above} decides in the case {case.id}, not {office}")
        return decided(case, office, OUTCOMES[answer.reply], answer.text, said, terms=terms)
    side = case.side_of(office)
    if side is None:
        raise NoSuchMove(f"{office} takes no part in the case {case.id}: raise it as well")
    if side is Side.RAISER and office != case.raiser and answer.reply is not Reply.WITHDRAW:
        raise NoSuchMove(f"{case.raiser} speaks for those who raised the case {case.id}: tell that office")
    if answer.reply in OUTCOMES:
        return proposed(case, side, OUTCOMES[answer.reply], answer.text, said, terms=terms)
    if answer.reply is Reply.WITHDRAW:
        return withdrawn(case, office, said, answer.text)
    if answer.reply is Reply.ACKNOWLEDGE:
        return acknowledged(case, said) if side is Side.COUNTERPART else case
    return _answered(case, side, answer, said)


def _answered(case: Case, side: Side, answer: CaseAnswer, said: Said) -> Case:
    match answer.reply:
        case Reply.APPROVE:
            return agreed(case, side, said)
        case Reply.ANALYSIS:
            return analyzed(case, side, answer.text, said)
        case Reply.CHECK:
            about = case.about
            return check_stated(case, side, check_of(answer.text, about.standard, about.project), said)
        case Reply.HOLDS | Reply.FAILS:
            holds = answer.reply is Reply.HOLDS
            return attested(case, side, holds, answer.until, said)
        case Reply.DISSENT:
            return dissenting(case, side, answer.text)
        case Reply.DONE | Reply.CANNOT:
            if case.turn is None or case.turn.side is not side:
                raise NoSuchMove(f"the other office carries out what was agreed in the case {case.id}")
            move = carried_out if answer.reply is Reply.DONE else not_carried_out
            return move(case, said, answer.text)
    raise NoSuchMove(f"{answer.reply} says nothing in a case")


def asked_of(case: Case, organization: Organization) -> tuple[str, Ask] | None:
    """Which office is asked now, and what; None where nothing is asked of anybody."""
    if case.state is CaseState.ESCALATED:
        return arbiter_of(case, organization).office, Ask.DECIDE
    turn = case.turn
    if turn is None:
        return None
    office = case.office(turn.side)
    if case.state in TRIED:
        return office, Ask.ATTEST
    if case.state is CaseState.AGREED:
        return office, Ask.CARRY_OUT
    return office, Ask.ACCEPT if case.state in PROPOSED else Ask.PROPOSE


def asking(case: Case, question: str) -> Case:
    """The case with the id of the question that waits now."""
    return case if case.question == question else replace(case, question=question)
