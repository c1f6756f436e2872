"""Makes a template an office's plan, and keeps what the office answered: forms, page and command ask this.

An office has a template only while it is shared with it. What was estimated first stays; a plan that is in
the office's tool is the office's own and is not made anew. Refuses to write into any tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from config.places import CURRENCIES, holiday_names
from config.prepared import in_force
from config.standing_in import stand_ins
from config.standing_templates import standing_templates
from config.wiring import Application
from domain.canonical import digest
from domain.compliance.network import NO_TOOL
from domain.compliance.plan_gates import PlanGates, plan_gates
from domain.deployments.redacting import redacted
from domain.deployments.sharing import Shared, shared_with
from domain.ids import ProjectKey
from domain.language import ENGLISH, Language, Message, Worded
from domain.ledger.chain import Event
from domain.organization.absence import Absence
from domain.organization.actions import Account, Actor, Permission, Sender
from domain.plans.facts import facts_of
from domain.plans.localization.answers import Answers, TargetKind
from domain.plans.localization.away import Away, Run, away, needed_by
from domain.plans.localization.derivation import Derivation, DerivationId, Ground, GroundKind
from domain.plans.localization.local_plan import LocalPlan
from domain.plans.localization.localizing import localize
from domain.plans.localization.receiver import Receiver, receiver_of
from domain.plans.templates.template import Mark, Recall, RecallKind, Release
from domain.plans.whole_plan import WholePlan
from domain.plans.working_time import WorkingTime
from store.unit import Unit


@dataclass(frozen=True, slots=True)
class Offered:
    """A version as an office may have it, by what it is shared, and its recall if there is one."""

    release: Release
    ground: Ground
    recall: Recall | None = None


class Todo(StrEnum):
    """What has to be done about the project that takes a plan."""

    NOTHING = ""
    NO_TOOL = "no_tool"
    NO_ACCESS = "no_access"
    MAKE = "make"
    MISSING = "missing"
    IS_THERE = "is_there"


TODO: Mapping[Todo, Message] = {
    Todo.NOTHING: Message("nothing"),
    Todo.NO_TOOL: Message(
        "the office has no tool here: write the plan into a file, or add a tool (tools.yaml)"
    ),
    Todo.NO_ACCESS: Message("grant us write access (tools.yaml), or write the plan into a file"),
    Todo.MAKE: Message(
        "make the project {project} by hand and grant us write access (tools.yaml), or write the plan into a"
        " file"
    ),
    Todo.MISSING: Message(
        "the tool had no project {project} when it was last read: make it, or name a new one"
    ),
    Todo.IS_THERE: Message("the project {project} is there already: name it as existing, or give another id"),
}


class NotShared(LookupError):
    """A template is not there, or not shared with the office: to the office that is the same."""


class NotMade(Worded):
    """A plan that is not made: what is in the way, and what to do."""


RECALLED = Message("the version is recalled: {text}; wait for the next one")
PLACED = Message(
    "the plan is in the office's tool already: change it there; a new version comes as an update, or make a"
    " further plan with another number"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A local plan that is not stored yet; `there` is how it is stored by now."""

    id: DerivationId
    offered: Offered
    answers: Answers
    local: LocalPlan
    there: Derivation | None = None
    todo: Todo = Todo.NOTHING
    agreed: date | None = None
    """The go-live that the deployment says; None where it is shared by an agreement."""
    gates: tuple[PlanGates, ...] = ()
    """How its gates differ from those of the project's life cycle, by each version in force that has any."""

    @property
    def late(self) -> date | None:
        """The plan's go-live where that is after the agreed day."""
        marked = {each.uid for each in self.offered.release.template.tasks if each.mark is Mark.GO_LIVE}
        days = [
            self.local.schedule.dates[t.uid].finish.date() for t in self.local.plan.tasks if t.uid in marked
        ]
        return max(days) if days and self.agreed is not None and max(days) > self.agreed else None

    def target(self, says: Language = ENGLISH) -> str:
        """What has to be done about the project that takes the plan; empty where nothing has."""
        if self.todo is Todo.NOTHING:
            return ""
        return says.message(TODO[self.todo], project=self.answers.target.project)

    @property
    def base(self) -> WholePlan:
        """The plan as it is stored; of one that is in the office's tool, as it was merged last."""
        return self.there.base if self.there is not None and self.there.keys else self.local.plan


def offered(application: Application, unit: Unit, office: str, text: str) -> Offered:
    """The version of a template that an office asks for, without what its owner keeps back.

    Raises NotShared alike for one that is not there and for one that is not shared with the office.
    """
    organization, at = application.organization, application.clock.now()
    if office not in organization.offices:
        raise LookupError(f"office: there is no office {office[:60]!r}; give an id of offices.yaml")
    known = standing_templates(application.templates, unit)
    release = known.find(text.strip())
    if release is not None:
        shared = shared_with(office, release.template, unit.deployments.all(), organization, at)
        if isinstance(shared, Shared):
            ground = Ground(GroundKind(str(shared.basis)), shared.by)
            template, _ = redacted(release.template, shared.redacted)
            recalled = {(each.template, each.version): each for each in known.recalls.values()}
            recall = recalled.get((template.id, release.version))
            return Offered(replace(release, template=template), ground, recall)
    raise NotShared(
        f"template: no template {text[:80]!r} is shared with {office}; its owner shares it with share-plan,"
        " under a deployment that the office's head has accepted, or under an agreement"
    )


def receiver(application: Application, office: str, absences: tuple[Absence, ...] = ()) -> Receiver:
    """The office as its files have it, with the names of its country's holidays and with who is away."""
    on = application.clock.now().date()
    found = receiver_of(application.organization, office, on, absences)
    years = sorted({day.year for day in found.calendar.holidays})
    names = holiday_names(found.calendar.country, years[0], years[-1]) if years else {}
    return replace(found, holiday_names=names, currencies=CURRENCIES)


def prepared(
    application: Application, unit: Unit, found: DerivationId, version: str, answers: Answers
) -> Prepared:
    """The plan that follows from an office's answers to a version, and how it is stored by now.

    Raises LookupError for a template that is not shared, NotMade for a recalled one and for a plan that is
    in the office's tool already, NotLocalizable for answers from which no plan follows.
    """
    may = offered(application, unit, found.office, version)
    if may.recall is not None and may.recall.kind is RecallKind.STOP:
        raise NotMade(RECALLED, text=may.recall.text)
    there = unit.derivations.find(found)
    begun = there.answers.estimate if there is not None else unit.derivations.estimated(found)
    answers = replace(answers, estimate=begun or answers.estimate)
    if there is not None and there.keys:
        _check_placed(there, may.release, answers)
    absences = stand_ins(unit, application.organization).absences
    local = localize(may.release, answers, receiver(application, found.office, absences))
    todo = _todo(application, unit, found.office, answers)
    key = ProjectKey(found.office, answers.target.project)
    gates = _gates(application, unit, key, local, may.release)
    agreed = _agreed(unit, may.ground, found.office)
    return Prepared(found, may, answers, local, there, todo, agreed, gates)


def _gates(
    application: Application, unit: Unit, key: ProjectKey, local: LocalPlan, release: Release
) -> tuple[PlanGates, ...]:
    """How the plan's gates differ from the life cycle's, by the versions in force for the project."""
    now, office = application.clock.now(), application.organization.offices[key.office]
    stored = unit.plans.digests([str(key)]).get(str(key))
    facts = facts_of(unit.plans.by_digest(stored), office, NO_TOOL, now) if stored is not None else {}
    there = {each.uid for each in local.plan.tasks}
    tasks = [each for each in release.template.tasks if each.uid in there]
    today = office.calendar.local_date(now)
    found = (
        plan_gates(tasks, version, facts, now, office.calendar)
        for version in in_force(unit.versions.all(), application.organization, office.id, today)
    )
    return tuple(each for each in found if each is not None)


def _agreed(unit: Unit, ground: Ground, office: str) -> date | None:
    """The go-live of an office by the deployment under which it has the template."""
    deployment = unit.deployments.get(ground.by) if ground.kind is GroundKind.DEPLOYMENT else None
    invited = deployment.receiver(office) if deployment is not None else None
    return invited.go_live if invited is not None else None


def away_of(application: Application, unit: Unit, made: Derivation) -> tuple[Away, ...]:
    """Who has a role of a stored plan and is away while tasks of theirs run, as is known now."""
    release = standing_templates(application.templates, unit).find(str(made.template))
    if release is None:
        return ()
    times = {each.name: WorkingTime(each) for each in made.base.calendars}
    runs = {
        task.uid: Run(task.start, task.finish, times[task.calendar or made.base.calendar])
        for task in made.base.tasks
        if task.start is not None and task.finish is not None
    }
    needed = needed_by(task for task in release.template.tasks if task.uid in runs)
    there = receiver(application, made.id.office, stand_ins(unit, application.organization).absences)
    return away(needed, made.answers, there, runs, times[made.base.calendar])


def _check_placed(there: Derivation, release: Release, answers: Answers) -> None:
    """Raises NotMade where more than the stated size is another; a size changes nothing of the plan."""
    asked = replace(answers, size=there.answers.size)
    if (there.version, there.answers) != (release.version, asked):
        raise NotMade(PLACED)


def _todo(application: Application, unit: Unit, office: str, answers: Answers) -> Todo:
    """What has to be done about the project that takes the plan, as far as the record tells."""
    project, part = answers.target.project, application.organization.partition(office)
    is_new = answers.target.kind is TargetKind.NEW
    if part is None:
        return Todo.NO_TOOL
    if not part.access.may_write:
        return Todo.MAKE if is_new else Todo.NO_ACCESS
    reading = unit.readings.of(office)
    known = {each.plan.project.key for each in unit.plans.current(office)}
    is_there = str(ProjectKey(office, project)) in known
    if is_new:
        return Todo.IS_THERE if is_there else Todo.NOTHING
    was_read = reading is not None and reading.ok_at is not None
    return Todo.MISSING if was_read and not is_there else Todo.NOTHING


def keep(application: Application, made: Prepared, actor: Actor, by: Permission, why: str) -> bool:
    """Store the plan and record who made it; whether anything changed. The same again changes nothing."""
    at, local = application.clock.now(), made.local
    release = made.offered.release
    stored = Derivation(
        made.id, release.version, release.digest, made.offered.ground, made.answers, at, made.base,
        made.there.project if made.there else "", made.there.keys if made.there else {},
    )  # fmt: skip
    with application.store.begin() as unit:
        new = unit.derivations.keep(stored)
        if new:
            detail = {
                "version": release.version, "digest": release.digest, "ground": str(stored.ground.kind),
                "under": stored.ground.by, "tasks": len(local.plan.tasks), "links": len(local.plan.links),
                "vacancies": len(local.vacancies), "not_taken": len(local.not_taken), **_origin(actor, by),
            }  # fmt: skip
            who = unit.pseudonyms.of(actor.person) if actor.person else "system"
            said = {**detail, **({"reason": digest(why)} if why else {})}
            unit.ledger.append(Event("localize", str(made.id), who, at, said))
        unit.commit()
    return new


def _origin(actor: Actor, by: Permission) -> Mapping[str, object]:
    found: dict[str, object] = {"entered_by_operator": bool(actor.person) and not isinstance(actor, Account)}
    if isinstance(actor, Sender):
        found["source"] = actor.source.id
    if by.role is not None:
        found |= {"role": str(by.role), "of": by.office}
    return found
