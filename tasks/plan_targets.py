"""A local plan and the tool that takes it: what is put there, what it cannot hold, what stands there now.

Refuses to write; `distributing` does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from connectors.errors import Refused, Skip
from connectors.protocol import Connector
from domain.delivery.distribution import Stage, found_again, stage
from domain.delivery.live_plan import calendar_of, live_plan
from domain.delivery.plan_tasks import Fitted, Place, fitted
from domain.delivery.wanted import Wanted, WantedKind
from domain.ids import ProjectKey
from domain.organization.office import Organization
from domain.plans.localization.answers import TargetKind
from domain.plans.localization.derivation import Derivation, DerivationId
from domain.plans.project import Plan, Reading
from domain.plans.whole_plan import WholePlan
from store.unit import Unit
from tasks.new_projects import check_access


@dataclass(frozen=True)
class PlanTarget:
    """A derivation's plan on its way into one office's tool."""

    derivation: Derivation
    tool: Connector

    @property
    def project(self) -> ProjectKey:
        """The project that takes the plan."""
        own = self.derivation.project or self.derivation.answers.target.project
        return ProjectKey(self.derivation.id.office, own)

    @property
    def is_new(self) -> bool:
        """Whether the office wants a new project, and none is known to hold the plan."""
        derivation = self.derivation
        return derivation.answers.target.kind is TargetKind.NEW and not derivation.project

    @cached_property
    def fitted(self) -> Fitted:
        """What is put there, and how it reads back. Raises UnplaceablePlan."""
        place = Place(self.project, calendar_of(self.derivation.base), self.tool.plan_limits)
        return fitted(self.derivation.base, place, self.fit, self.derivation.keys)

    def fit(self, wanted: Wanted) -> Wanted:
        """The task as the tool would show it. Raises Refused for one that cannot stand there."""
        try:
            return self.tool.fit(wanted)
        except Skip as unfit:
            raise Refused(f"the task {wanted.key} cannot stand in this tool: {unfit.text}") from None

    def there(self, reading: Reading, sent: Collection[str]) -> frozenset[str]:
        """Our keys that stand there now; those that were sent and are not read are looked for."""
        found = {each.key for each in reading.placed}
        unseen = [key for key in sent if key not in found]
        found |= {key for key, places in self.tool.find(unseen).items() if places}
        return frozenset(found)

    def looked(self, unit: Unit, reading: Reading) -> frozenset[str]:
        """Our keys of this plan that stand there, by a reading."""
        known = {each.wanted.key for each in unit.intents.of(self.project.office)}
        return self.there(reading, [each.key for each in self.fitted.wanted if each.key in known])

    def stage(self, unit: Unit, there: Collection[str]) -> Stage:
        """How far it is, and what comes next, when these keys stand there."""
        intents = {each.wanted.key: each for each in unit.intents.of(self.project.office)}
        linked = bool(self.tool.plan_limits.links)
        return stage(self.fitted.wanted, intents, there, linked=linked)

    def note_found(self, unit: Unit, there: Collection[str]) -> bool:
        """Note as delivered what was sent, is there and was not noted; whether anything was."""
        moves = self.tool.plan_limits.moves_dates
        noted = False
        for each in self.fitted.wanted:
            intent = unit.intents.get(each.key) if each.key in there else None
            again = found_again(intent, moves_dates=moves) if intent is not None else None
            noted = (again is not None and unit.intents.save(again)) or noted
        return noted


def derivation_of(unit: Unit, text: str) -> Derivation:
    """The derivation with that id. Raises LookupError, naming those that there are."""
    key = DerivationId.find(text.strip())
    found = unit.derivations.find(key) if key is not None else None
    if found is not None:
        return found
    known = [str(each) for each in unit.derivations.ids()]
    there = f"give one of {', '.join(known[:12])}" if known else "run localize-plan first"
    raise LookupError(f"derivation: there is no local plan {text.strip()[:100]!r}; {there}")


def check_partition(organization: Organization, derivation: Derivation) -> str:
    """The office of a derivation. Raises LookupError where it plans in no tool."""
    office = derivation.id.office
    if organization.partition(office) is None:
        raise LookupError(
            f"tools.yaml: {office} has no partition of a tool; add one, or write the plan as a file with "
            "`interoffice plan write`"
        )
    return office


def check_target(organization: Organization, target: PlanTarget, reading: Reading) -> None:
    """Raises Refused where nothing may be put there, or its project is not there, with what to do."""
    check_access(organization, target.tool, WantedKind.TASK, "give the office a file")
    if plan_there(reading, target.project) is None:
        own, office = target.project.own, target.project.office
        known = ", ".join(sorted(ProjectKey.read(p.project.key).own for p in reading.plans)[:12]) or "none"
        how = target.tool.startable(own) or (
            "localize with `project: {new: ...}`, run start-project, or make it there by hand"
        )
        raise Refused(f"project: {office} has no project {own!r} in its tool (there are {known}): {how}")


def plan_there(reading: Reading, project: ProjectKey) -> Plan | None:
    """The project as it was read; None where it is not there."""
    return next((each for each in reading.plans if each.project.key == str(project)), None)


def ours(derivation: Derivation, reading: Reading) -> WholePlan:
    """The office's live plan, as its tool holds it now, by the template's uids; the office's own by its keys.

    It is what a three-way merge takes as ours. Days are as the tool states them. Raises LookupError where the
    project is not there.
    """
    own = derivation.project or derivation.answers.target.project
    project = ProjectKey(derivation.id.office, own)
    plan = plan_there(reading, project)
    if plan is None:
        raise LookupError(f"{project} is not in its tool; name the project that has the plan")
    return live_plan(derivation, plan)
