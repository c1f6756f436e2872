"""Bring a template's new version into offices' plans: preview it, write what the merge decided, note the rest.

A plan is read, merged, written and read again until nothing is left to write: what the office edits meanwhile
is merged too. What was begun is completed by running it again. Refuses to decide a conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from prefect import task

from config.permitting import permitted as may
from config.standing_templates import standing_templates
from config.wiring import Application
from connectors.errors import Refused, ToolError
from connectors.unforeseen import one_offices
from domain.delivery.delivery import IntentState
from domain.delivery.plan_tasks import UnplaceablePlan
from domain.delivery.plan_updates import TaskWrite, intent_of, task_writes
from domain.delivery.wanted import Wanted
from domain.ids import TemplateVersionId
from domain.organization.actions import Action, Permission
from domain.outcomes.updating import PlansUpdated, PlanUpdated, UpdateState
from domain.plans.localization.derivation import Derivation, DerivationId
from domain.plans.localization.lacks import NotLocalizable
from domain.plans.merge.merging import Merged
from domain.plans.merge.sides import Unmergeable
from domain.plans.project import Placed, Reading
from domain.plans.templates.template import RecallKind
from domain.plans.updates.standing import PlanStanding, first
from store.errors import StoreError
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import connector, current_application
from tasks.delivering import deliver_besides, deliver_on
from tasks.distributing import delivery_of
from tasks.keeping import SoleWriter, sole_writer
from tasks.noting_updates import foreseen_of, note_update
from tasks.plan_merging import (
    PlanUpdate,
    at_places,
    choices_of,
    localized_anew,
    mandatory_of,
    removed_meanwhile,
)
from tasks.plan_targets import PlanTarget, check_target, ours
from tasks.releasing import owning

ROUNDS = 6
"""So often a plan is read, merged and written at most in one run; new tasks, links and edits take one each."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How far writing came: the merge that stands there now, or why not all of it does."""

    merged: Merged
    reading: Reading
    created: int = 0
    changed: int = 0
    calls: int = 0
    left: tuple[str, ...] = ()
    problem: str = ""
    is_whole: bool = True


@task(name="choose-plans", task_run_name="choose plans of {template}")
def plans_of(template: str, office: str, person: str, why: str, *, dry_run: bool) -> PlansUpdated:
    """The plans that came from a template, of one office or of all, and by whose role they may be updated.

    Raises LookupError for a template or office that is not there, PermissionError for a person who may not.
    """
    application = current_application()
    organization, store = application.organization, application.store
    if office and office not in organization.offices:
        raise LookupError(f"office: there is no office {office[:60]!r}; leave it empty for all of them")
    with store.read() as unit:
        reason = reason_of(unit, organization.sources, why)
        actor = actor_of(unit, organization.sources, person, {})
        known = standing_templates(application.templates, unit)
        newest = known.newest(template.strip())
        if newest is None:
            there = ", ".join(sorted({each.template for each in known.versions})) or "none"
            raise LookupError(f"template: there is no released template {template[:80]!r}; there are {there}")
        found = [each for each in unit.derivations.of_template(newest.template.id)]
    owner = newest.template.owner
    by = may(
        organization, store, application.clock, actor, Action.UPDATE_PLANS,
        leader=owning(organization, owner), concerned=owner, subject=newest.template.id, why=reason,
        dry_run=dry_run,
    )  # fmt: skip
    plans = tuple(
        PlanUpdated(str(each.id), each.id.office, UpdateState.UNCHANGED, each.version, newest.version)
        for each in found
        if office in ("", each.id.office)
    )
    return PlansUpdated(newest.template.id, newest.version, plans, by, dry_run)


@task(name="update-plan", task_run_name="update {derivation}")
def update_plan(derivation: str, *, dry_run: bool) -> PlanUpdated:
    """Bring the newest version and the answers so far into one plan; a dry run says what that would do.

    What a tool or a missing answer is in the way of is said in the outcome, and is of this plan only.
    """
    application = current_application()
    with application.store.read() as unit:
        found = unit.derivations.find(DerivationId.read(derivation))
    if found is None:
        raise LookupError(f"derivation: there is no local plan {derivation[:100]!r}; run localize-plan first")
    told = PlanUpdated(derivation, found.id.office, UpdateState.NOT_STARTED, found.version, found.version)
    if not found.project:
        return told
    try:
        with application.store.read() as unit:
            update, settled = _update(application, unit, found)
        if update is None:
            return replace(told, state=UpdateState.UNCHANGED)
        told = replace(told, version=update.version, settled=settled)
        return foresee_update(application, update, told) if dry_run else carried(application, update, told)
    except NotLocalizable as lacks:
        return replace(told, state=UpdateState.QUESTIONS, left=len(lacks.lacks))
    except (ToolError, LookupError, Unmergeable, UnplaceablePlan) as problem:
        if type(problem) in (KeyError, IndexError):
            raise
        return replace(told, state=UpdateState.UNREACHABLE, problem=str(problem))


def _update(application: Application, unit: Unit, found: Derivation) -> tuple[PlanUpdate | None, int]:
    """What is to be merged into a plan, and how many answers count now; None where there is nothing new."""
    standing = unit.plan_updates.standing(found.id) or first(found)
    known = standing_templates(application.templates, unit)
    newest = known.newest(found.id.template)
    if newest is None:
        raise LookupError(f"template: {found.id.template} is not there any more; put its file back")
    conflicts = unit.plan_updates.conflicts(found.id)
    choices = choices_of(unit, conflicts)
    recall = known.recalls.get(TemplateVersionId(found.id.template, newest.version))
    stopped = recall is not None and recall.kind is RecallKind.STOP
    is_new = newest.version > standing.footing.version and newest.version != standing.passed and not stopped
    if not is_new and not choices:
        return None, 0
    target = PlanTarget(found, connector(found.id.office))
    digest, theirs, version = found.digest, standing.footing.theirs, standing.footing.version
    release = known.version(str(TemplateVersionId(found.id.template, version))) if not is_new else newest
    if is_new:
        release, theirs = localized_anew(application, unit, target, newest.version)
        digest, version = release.digest, release.version
    places = at_places(conflicts, choices)
    update = PlanUpdate(target, standing, version, digest, theirs, mandatory_of(release), places)
    return update, len(choices)


def foresee_update(application: Application, update: PlanUpdate, told: PlanUpdated) -> PlanUpdated:
    """What an update would do: counts, effect, conflicts, calls; nothing is written."""
    with one_offices(told.office, passing=StoreError):
        reading = update.target.tool.read()
        check_target(application.organization, update.target, reading)
    with application.store.read() as unit:
        merged = update.merged(reading, removed_meanwhile(unit, update, reading))
    writes = task_writes(merged, update.holding)
    done = deliver_besides(
        delivery_of(application, update.target), [each.wanted for each in writes if each.is_new], None
    )
    changed = sum(not each.is_new for each in writes)
    told = replace(told, created=len(writes) - changed, changed=changed, state=UpdateState.UPDATED)
    return replace(foreseen_of(told, merged), calls=len(done.calls) + changed)


def carried(application: Application, update: PlanUpdate, told: PlanUpdated) -> PlanUpdated:
    """Write an update into the office's tool and note how the plan stands; what is left is said."""
    store, office = application.store, told.office
    with sole_writer(store, application.machine, office) as writer:
        with one_offices(office, passing=StoreError):
            done = _written(application, update, writer)
        with store.begin() as unit:
            writer.check(unit)
            told = replace(
                foreseen_of(told, done.merged), created=done.created, changed=done.changed, calls=done.calls,
                left=len(done.left), problem=done.problem, state=UpdateState.UNFINISHED,
            )  # fmt: skip
            if done.is_whole:
                _finish_intents(unit, update, done)
                told = note_update(unit, application, update, done.merged, done.reading, told)
            unit.commit()
    return told


def _written(application: Application, update: PlanUpdate, writer: SoleWriter) -> Carried:
    """Read, merge and write until a reading shows all that the merge decided."""
    tool, left, problem = update.target.tool, set[str](), ""
    created = changed = calls = 0
    for _ in range(ROUNDS):
        reading = tool.read()
        check_target(application.organization, update.target, reading)
        with application.store.read() as unit:
            merged = update.merged(reading, removed_meanwhile(unit, update, reading))
        writes = [each for each in task_writes(merged, update.holding) if each.key not in left]
        if not writes:
            return Carried(merged, reading, created, changed, calls, tuple(left), problem, not left)
        wanted = _stored(application, writes, reading, writer)
        done = deliver_on(delivery_of(application, update.target), wanted, reading, writer)
        created, changed, calls = created + done.create, changed + done.update, calls + len(done.calls)
        left |= {each.key for each in done.holding}
        problem = done.problem
        if done.waiting or (problem and not done.create + done.update and _ == ROUNDS - 1):
            return Carried(merged, reading, created, changed, calls, tuple(left), problem, is_whole=False)
        if done.same == len(wanted):  # the tool shows it otherwise than it was said to
            return Carried(merged, reading, created, changed, calls, tuple(left), problem, not left)
    return Carried(merged, reading, created, changed, calls, tuple(left), problem, is_whole=False)


def _stored(
    application: Application, writes: Sequence[TaskWrite], reading: Reading, writer: SoleWriter
) -> Sequence[Wanted]:
    """What is wanted, with the intents stored whose base is what the reading showed."""
    placed: dict[str, list[Placed]] = {}
    for one in reading.placed:
        placed.setdefault(one.key, []).append(one)
    wanted = []
    with application.store.begin() as unit:
        writer.check(unit)
        for each in writes:
            there = placed.get(each.key, [])
            asked, intent = intent_of(each, unit.intents.get(each.key), there[0] if len(there) == 1 else None)
            wanted.append(asked)
            if intent is not None:
                unit.intents.renew(intent)
        unit.commit()
    return wanted


def _finish_intents(unit: Unit, update: PlanUpdate, done: Carried) -> None:
    """What was begun and is so by now is done: a later distribution writes none of it."""
    for task_ in ours(update.target.derivation, done.reading).tasks:
        intent = unit.intents.get(update.holding.keys.get(task_.uid, ""))
        if intent is not None and intent.base is not None and intent.state is not IntentState.DONE:
            unit.intents.save(replace(intent, state=IntentState.DONE))
