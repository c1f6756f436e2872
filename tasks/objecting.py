"""What stands as an office objects: projects in a rollout, conflicts of an update of its plan, directives.

Refuses an objection to what is not there, or is not asked of that office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.kinds import AboutKind
from domain.cases.moving import objects, stops_the_clock
from domain.compliance.network import Network
from domain.directives.following import with_objections
from domain.ids import VersionId, WorkItemKey
from domain.organization.office import Organization
from domain.plans.localization.derivation import DerivationId
from domain.plans.updates.asked import PlanConflict, PlanConflictId
from domain.questions.plan_conflicts import plan_conflict_question
from domain.questions.question import Question, QuestionState
from domain.rollouts.rollout import Rollout
from store.unit import Unit
from tasks.directive_steps import keep
from tasks.requesting import Room


def stopped_projects(unit: Unit, network: Network, rollout: Rollout) -> frozenset[str]:
    """The projects whose clock stands meanwhile: once for each office, until it is agreed or decided."""
    return frozenset(
        project
        for case in unit.cases.open()
        for project, office in _concerned(case, network, rollout.manifest.target)
        if stops_the_clock(case, office)
    )


def objected_projects(unit: Unit, network: Network, rollout: Rollout) -> frozenset[str]:
    """The projects that stand as an objection, neither late nor adopted, for as long as the case is open."""
    return frozenset(
        project
        for case in unit.cases.open()
        for project, office in _concerned(case, network, rollout.manifest.target)
        if objects(case, office)
    )


def _concerned(case: Case, network: Network, target: VersionId) -> Iterator[tuple[str, str]]:
    """The projects that an objection is about in the rollout of a version, with their offices."""
    about = case.about
    if about.kind is AboutKind.VERSION and VersionId(about.standard, about.version) == target:
        for key, plan in network.plans.items():
            if not about.project or key == about.project:
                yield key, plan.project.office
    item = WorkItemKey.find(about.subject) if about.kind is AboutKind.ITEM else None
    if item is not None and item.version == target and item.project in network.plans:
        yield item.project, network.plans[item.project].project.office


def issuer_of(unit: Unit, directive: str, office: str) -> str:
    """The office that issued a directive to which another one objects.

    Raises LookupError where there is no such directive, or none that is in force for that office.
    """
    found = unit.directives.get(directive)
    if found is None:
        raise LookupError(f"there is no directive {directive[:60]!r}: `interoffice directives` lists them")
    if not found.is_open or not any(each.waits for each in found.of(office)):
        raise LookupError(f"{office} owes nothing in {directive}: only who still has to fulfil it objects")
    return found.issuer


def objected_conflicts(unit: Unit, subject: str) -> tuple[PlanConflict, ...]:
    """The conflicts that an objection to an update is about: the one that it names, or all of the plan."""
    if PlanConflictId.find(subject) is not None:
        found = unit.plan_updates.conflict(subject)
        return () if found is None else (found,)
    plan = DerivationId.find(subject)
    return () if plan is None else unit.plan_updates.conflicts(plan)


def owner_of_update(unit: Unit, subject: str, office: str) -> str:
    """The office that owns the template of an update to which another objects; empty where it is not known.

    Raises LookupError where it is no update of a plan of that office.
    """
    conflict = unit.plan_updates.conflict(subject) if PlanConflictId.find(subject) is not None else None
    plan = conflict.derivation if conflict is not None else DerivationId.find(subject)
    derivation = unit.derivations.find(plan) if plan is not None else None
    if derivation is None or derivation.id.office != office:
        known = ", ".join(str(each.id) for each in unit.derivations.of_office(office))
        there = f"give one of {known}, or the id of a conflict of it" if known else "it has none"
        raise LookupError(f"{subject[:80]!r} is no plan of {office} that a template updates: {there}")
    release = unit.templates.newest(derivation.follows or derivation.id.template)
    return release.template.owner if release is not None else ""


def stop_what_is_objected(room: Room, case: Case) -> None:
    """What an office objects to stands as the case does: a directive's clock, the conflicts of an update."""
    if case.objection and case.about.kind is AboutKind.DIRECTIVE:
        directive = room.unit.directives.locked(case.about.subject)
        if directive is not None:
            cases = room.unit.cases.about(case.about)
            keep(room, directive, with_objections(directive, cases, room.now))
    if case.objection and case.about.kind is AboutKind.UPDATE:
        for each in case.raisers:
            put_off_conflicts(room.unit, room.organization, each.office, room.now)


def put_off_conflicts(unit: Unit, organization: Organization, office: str, now: datetime) -> None:
    """Put off what an office is asked about updates to which it objects: no default counts meanwhile.

    Each clock stands once, until the objection is agreed, decided or withdrawn, and then has its days left.
    """
    calendar = organization.offices[office].calendar
    today = calendar.local_date(now)
    for conflict, stops in _objected(unit, office).values():
        if not conflict.is_open:
            continue
        after = conflict.put_off(calendar, today, stops=stops)
        question = unit.questions.get(str(conflict.id))
        if unit.plan_updates.save(after) and question is not None and question.state is QuestionState.OPEN:
            unit.questions.save(_put_off(question, after, organization))


def _put_off(question: Question, conflict: PlanConflict, organization: Organization) -> Question:
    """The question with the last day of its conflict, also in its words where nothing was added to them."""
    says = organization.languages.of(question.language)
    words = question.text
    if not question.remarks:
        words = plan_conflict_question(conflict, question.project, says).text
    return replace(question, answer_by=conflict.answer_by, text=words)


def _objected(unit: Unit, office: str) -> Mapping[str, tuple[PlanConflict, bool]]:
    """The conflicts of updates to which an office objected, by id, and whether each is stopped now."""
    found: dict[str, tuple[PlanConflict, bool]] = {}
    for case in unit.cases.of_office(office):
        if not case.objection or case.about.kind is not AboutKind.UPDATE:
            continue
        stops = stops_the_clock(case, office)
        for each in objected_conflicts(unit, case.about.subject):
            _, before = found.get(str(each.id), (each, False))
            found[str(each.id)] = each, stops or before
    return found
