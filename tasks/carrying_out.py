"""Carry out what was agreed in a case: a departure is asked for by its own law, others are looked for.

What cannot be had is said in the case, and the two offices look for something else. Refuses to publish a
version or to release a template: their owners do; an amendment is drafted for its owner.
"""

from __future__ import annotations

from domain.cases.case import Agreement, Case, Said
from domain.cases.kinds import AboutKind, CaseState, OutcomeKind
from domain.cases.moving import begun, carried_out, consulted_on, not_carried_out
from domain.deviations.deviation import Asked, Deviation, Scope
from domain.deviations.flaws import Flawed
from domain.deviations.terms import draft_of
from domain.drafts.draft import DraftState
from domain.drafts.draft import Said as Drafting
from domain.ids import TemplateVersionId, VersionId
from store.unit import Unit
from tasks.case_steps import keep
from tasks.drafting import draft_of_case
from tasks.requesting import Room, ask


def carry_out(room: Room, case: Case) -> Case:
    """The case after a look at what was agreed; asked for now where it was not. Unchanged in other states."""
    agreement = case.agreement
    if case.state is not CaseState.AGREED or agreement is None:
        return case
    outcome = agreement.proposal.outcome
    if outcome in (OutcomeKind.DEVIATION, OutcomeKind.TAILORING):
        return keep(room, case, _departure(room, case, agreement))
    if outcome is OutcomeKind.AMENDMENT and case.about.standard:
        return keep(room, case, _amendment(room, case, agreement))
    if outcome is OutcomeKind.TEMPLATE and case.about.kind is AboutKind.TEMPLATE:
        newer = _newer_release(room.unit, case, agreement)
        return keep(room, case, carried_out(case, Said(room.now), newer)) if newer else case
    return case


def _departure(room: Room, case: Case, agreement: Agreement) -> Case:
    """The case whose departure is asked for, or after what was decided on it."""
    there = room.unit.deviations.get(agreement.reference) if agreement.reference else None
    if there is None:
        try:
            there = _asked(room, case, agreement)
        except (Flawed, LookupError) as why:
            return not_carried_out(case, Said(room.now), str(why))
        case = begun(case, there.id)
    if there.activated is not None and there.ending is None:
        return carried_out(case, Said(room.now), there.id)
    if there.ending is not None:
        return not_carried_out(case, Said(room.now), f"{there.id}: {there.ending.state}")
    return case


def _asked(room: Room, case: Case, agreement: Agreement) -> Deviation:
    """The departure, asked for by the office that raised the case, in the words of both."""
    about, lead = case.about, case.raisers[0]
    today = room.organization.offices[case.raiser].calendar.local_date(room.now)
    why = f"{case.id}: {agreement.proposal.text}"
    draft = draft_of(about.project, about.subject, why, agreement.proposal.terms, today)
    if not draft.scope.project and draft.scope == Scope():
        raise LookupError(
            "the departure names no project and no office: raise the case with project=, or add office="
        )
    asked = Asked(case.raiser, lead.person, room.now)
    return ask(room, draft, asked, str(VersionId(about.standard, about.version))).deviation


def _amendment(room: Room, case: Case, agreement: Agreement) -> Case:
    """The case whose amendment is drafted, or after its version took effect; or after it was declined.

    Another version of the standard that is published meanwhile carries it out as well. While offices are
    consulted on it, it is their turn.
    """
    drafts = [each for each in room.unit.drafts.of_case(case.id) if each.is_open]
    if not agreement.reference and drafts:
        case = begun(case, drafts[-1].id)
    elif not agreement.reference:
        said = Drafting(room.now, agreement.person, case.counterpart)
        case = begun(case, draft_of_case(room, case, agreement.proposal.text, said).id)
    newer = _newer_version(room, case, agreement)
    if newer:
        return carried_out(case, Said(room.now), newer)
    there = room.unit.drafts.get(case.agreement.reference) if case.agreement else None
    if there is not None and there.state in (DraftState.DECLINED, DraftState.WITHDRAWN):
        return not_carried_out(case, Said(room.now), f"{there.id}: {there.state}")
    consulted = there is not None and there.state is DraftState.CONSULTATION
    return consulted_on(case, room.now, goes_on=consulted)


def _newer_version(room: Room, case: Case, agreement: Agreement) -> str:
    """The version published since it was agreed, from the day on which it is effective; empty before."""
    unit, today = room.unit, room.organization.offices[case.counterpart].calendar.local_date(room.now)
    published = unit.versions.published()
    found = [
        id_
        for id_, at in sorted(published.items(), key=lambda each: each[1])
        if (version := VersionId.find(id_)) is not None
        and version.standard == case.about.standard
        and at >= agreement.at
        and (there := unit.versions.get(version.standard, version.version)) is not None
        and there.effective_from <= today
    ]
    return found[0] if found else ""


def _newer_release(unit: Unit, case: Case, agreement: Agreement) -> str:
    """The version of the template that was released since it was agreed; empty where none was."""
    asked = TemplateVersionId.find(case.about.subject)
    template = asked.template if asked else case.about.subject
    later = [
        each
        for each, at in unit.templates.versions().items()
        if each.template == template and at >= agreement.at
    ]
    return str(min(later, key=lambda each: each.number)) if later else ""
