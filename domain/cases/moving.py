"""What the two sides do with a case, move by move; who has no turn, or says it too late, is refused.

Refuses to let anybody agree for the other side, and to close anything: the checks do, in settling.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.cases.case import AcceptanceCheck, Agreement, Case, Dissent, Proposal, Raised, Said
from domain.cases.kinds import (
    NEGOTIATED,
    PROPOSED,
    SAID_ONLY,
    UNDECIDED,
    CaseState,
    CheckKind,
    NoSuchMove,
    OutcomeKind,
    Side,
    StepKind,
    carrier,
)


def raised(case: Case, said: Said) -> Case:
    """A new case as it is raised: the counterpart has the turn."""
    told = said.step(StepKind.RAISED, Side.RAISER, case.raisers[0].reason)
    return case.noted(told).handed(Side.COUNTERPART, said.at, anew=True)


def joined(case: Case, who: Raised, said: Said) -> Case:
    """The case that another office raised too; an office that is in it stays in it once.

    Raises NoSuchMove for one that is over.
    """
    if not case.is_open:
        raise NoSuchMove(f"the case {case.id} is over: raise another one")
    if case.side_of(who.office) is Side.RAISER:
        return case
    told = said.step(StepKind.JOINED, Side.RAISER, who.reason)
    return replace(case.noted(told), raisers=(*case.raisers, who))


def acknowledged(case: Case, said: Said) -> Case:
    """The counterpart has seen it; it keeps the turn. Seen before, it stays as it is."""
    if case.state is not CaseState.RAISED and case.state in UNDECIDED:
        return case
    _turn(case, Side.COUNTERPART)
    return case.moved(CaseState.ACKNOWLEDGED, said.step(StepKind.ACKNOWLEDGED, Side.COUNTERPART))


def analyzed(case: Case, side: Side, text: str, said: Said) -> Case:
    """A side says what it found, and the other has the turn."""
    _turn(case, side)
    told = case.moved(CaseState.JOINT_ANALYSIS, said.step(StepKind.ANALYSIS, side, text))
    return told.handed(side.other, said.at)


def proposed(case: Case, side: Side, outcome: OutcomeKind, text: str, said: Said, *, terms: str = "") -> Case:
    """A side proposes what is to come of it, and the other has the turn."""
    _turn(case, side)
    counter = case.state in PROPOSED
    number = len(case.proposals) + 1
    made = Proposal(number, side, outcome, text, said.at, said.person, terms)
    step = replace(said.step(StepKind.PROPOSED, side, text), outcome=outcome)
    there = case.moved(CaseState.COUNTER_PROPOSAL if counter else CaseState.PROPOSAL, step)
    return replace(there, proposals=(*case.proposals, made)).handed(side.other, said.at)


def agreed(case: Case, side: Side, said: Said) -> Case:
    """A side agrees to what the other proposed last; each side that stated no check has its head's word."""
    _turn(case, side)
    last = case.proposal
    if last is None or last.side is side or case.state not in PROPOSED:
        raise NoSuchMove(f"nothing is proposed to {side} in the case {case.id}: propose something")
    there = case.moved(CaseState.AGREED, said.step(StepKind.AGREED, side, last.text))
    return _to_carry_out(there, Agreement(last, said.at, person=said.person))


def decided(case: Case, office: str, outcome: OutcomeKind, text: str, said: Said, *, terms: str = "") -> Case:
    """Whoever is above both sides decides. A side that proposed otherwise last is recorded as dissenting."""
    if case.state is not CaseState.ESCALATED:
        raise NoSuchMove(f"the case {case.id} is {case.state}: the two sides have it, nobody above decides")
    made = Proposal(len(case.proposals) + 1, None, outcome, text, said.at, said.person, terms)
    lasts = {each.side: each for each in case.proposals if each.side is not None}
    dissent = tuple(
        Dissent(side, lasts[side].text)
        for side in Side
        if side in lasts and (lasts[side].outcome, lasts[side].terms) != (outcome, terms)
    )
    step = replace(said.step(StepKind.DECIDED, None, text), outcome=outcome)
    there = case.moved(CaseState.AGREED, step)
    there = replace(there, proposals=(*case.proposals, made))
    return _to_carry_out(there, Agreement(made, said.at, office, said.person, dissent))


def dissenting(case: Case, side: Side, text: str) -> Case:
    """What a side says to a decision above it, kept with the decision.

    Raises NoSuchMove where nobody decided above both.
    """
    agreement = case.agreement
    if agreement is None or not agreement.office:
        raise NoSuchMove(f"nobody above the two sides decided the case {case.id}")
    others = tuple(each for each in agreement.dissent if each.side is not side)
    return replace(case, agreement=replace(agreement, dissent=(*others, Dissent(side, text))))


def _to_carry_out(case: Case, agreement: Agreement) -> Case:
    """The case after an agreement: who carries it out has the turn; what is only said is carried out.

    A word that was given on an earlier agreement says nothing about this one.
    """
    checks = {
        side: replace(
            case.checks.get(side) or AcceptanceCheck(CheckKind.ATTESTED, DEFAULT_CHECK),
            person="",
            until=None,
            holds=None,
        )
        for side in Side
    }
    there = replace(case, agreement=agreement, checks=checks, colors={}, green_since=None)
    if agreement.proposal.outcome in SAID_ONLY:
        return _on_trial(there, Said(agreement.at))
    return there.handed(carrier(agreement.proposal.outcome), agreement.at, anew=True)


DEFAULT_CHECK = "the head of the office says that it works"
"""The check of a side that stated none until it was agreed."""


def check_stated(case: Case, side: Side, check: AcceptanceCheck, said: Said) -> Case:
    """A side says when it is served. After the agreement it is fixed, until the case is negotiated again."""
    if case.state not in UNDECIDED:
        raise NoSuchMove(f"the case {case.id} is {case.state}: its checks are fixed with the agreement")
    told = case.noted(said.step(StepKind.CHECK, side, check.text))
    return replace(told, checks={**case.checks, side: check})


def begun(case: Case, reference: str) -> Case:
    """The case whose outcome something carries out: a deviation, a draft of a version."""
    if case.agreement is None:
        raise NoSuchMove(f"nothing is agreed in the case {case.id}")
    return replace(case, agreement=replace(case.agreement, reference=reference))


def consulted_on(case: Case, at: datetime, *, goes_on: bool) -> Case:
    """The agreed case while offices are consulted on what carries it out: no clock of the two sides runs.

    When that does not go on any more, the clock of the side that carries it out runs on.
    """
    if case.state is not CaseState.AGREED or case.agreement is None:
        return case
    return case.handed(None if goes_on else carrier(case.agreement.proposal.outcome), at)


def carried_out(case: Case, said: Said, text: str = "") -> Case:
    """What was agreed is so: from now on both checks are looked at."""
    if case.state is not CaseState.AGREED or case.agreement is None:
        raise NoSuchMove(f"the case {case.id} is {case.state}: there is nothing to carry out")
    return _on_trial(case, said, text)


def _on_trial(case: Case, said: Said, text: str = "") -> Case:
    agreement = case.agreement
    if agreement is None:
        raise NoSuchMove(f"nothing is agreed in the case {case.id}")
    side = carrier(agreement.proposal.outcome)
    there = case.moved(CaseState.TRIAL, said.step(StepKind.CARRIED_OUT, side, text))
    there = replace(there, agreement=replace(agreement, carried=said.at))
    return there.handed(owing(there), said.at, anew=True)


def owing(case: Case) -> Side | None:
    """The side that has to attest its check, the raiser first; None where neither has."""
    for side in Side:
        check = case.checks.get(side)
        if check is not None and check.kind is CheckKind.ATTESTED and check.holds is None:
            return side
    return None


def not_carried_out(case: Case, said: Said, text: str = "") -> Case:
    """What was agreed cannot be had, as a declined deviation: the two sides look for something else."""
    if case.state is not CaseState.AGREED:
        raise NoSuchMove(f"the case {case.id} is {case.state}: there is nothing to carry out")
    there = case.moved(CaseState.JOINT_ANALYSIS, said.step(StepKind.NOT_CARRIED_OUT, None, text))
    return replace(there, agreement=None).handed(Side.COUNTERPART, said.at, anew=True)


def withdrawn(case: Case, office: str, said: Said, why: str) -> Case:
    """An office that raised it takes it back; with the last of them it is withdrawn."""
    if case.side_of(office) is not Side.RAISER:
        raise NoSuchMove(f"{office} did not raise the case {case.id}")
    stay = tuple(each for each in case.raisers if each.office != office)
    if stay and case.is_open:
        gone = tuple(each for each in case.raisers if each.office == office)
        noted = case.noted(said.step(StepKind.LEFT, Side.RAISER, why))
        return replace(noted, raisers=stay, left=(*case.left, *gone))
    there = case.moved(CaseState.WITHDRAWN, said.step(StepKind.WITHDRAWN, Side.RAISER, why))
    return there.handed(None, said.at)


def stops_the_clock(case: Case, office: str) -> bool:
    """Whether an office's clock stands because of its objection: once, until it is agreed or decided.

    What is opened again afterwards, as it cannot be carried out or a check turned red, stops it no more.
    """
    return (
        case.objection
        and case.state in UNDECIDED
        and any(e.office == office and e.stops and not _ended_since(case, e.at) for e in case.raisers)
    )


def _ended_since(case: Case, at: datetime) -> bool:
    """Whether it was agreed or decided from then on."""
    return any(each.kind in (StepKind.AGREED, StepKind.DECIDED) and each.at >= at for each in case.steps)


def objects(case: Case, office: str) -> bool:
    """Whether what an office objects to is shown as an objection: neither late nor adopted."""
    return case.objection and case.is_open and case.side_of(office) is Side.RAISER


def _turn(case: Case, side: Side) -> None:
    """Refuse whoever has no turn. Raises NoSuchMove saying who has it."""
    if case.state not in NEGOTIATED:
        raise NoSuchMove(
            f"the case {case.id} is {case.state.replace('_', ' ')}: nothing is proposed there now"
        )
    turn = case.turn
    if turn is None or turn.side is not side:
        whose = case.office(turn.side) if turn else "nobody of the two"
        raise NoSuchMove(f"{whose} has the turn in the case {case.id}, not {case.office(side)}: wait for it")


def since(case: Case) -> datetime:
    """Since when it stands as it does now: the time of its last step."""
    return case.steps[-1].at if case.steps else case.raisers[0].at
