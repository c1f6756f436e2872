"""A template's report as a person may see it: plans and figures of the record, and who may see them now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from config.deployment_sheets import DeploymentSeen, read_plan
from config.standing_templates import standing_templates
from config.wiring import Application
from domain.delivery.live_plan import live_plan, spent_on
from domain.deployments.deployment import Deployment
from domain.deployments.progress import LocalStanding, local_standing
from domain.deployments.report import (
    Gathered,
    OfficeState,
    PlanState,
    TemplateReport,
    figures_open,
    report,
)
from domain.deployments.sharing import Redaction, Visible, visible
from domain.deployments.sheet import OWNS
from domain.organization.office import Organization
from domain.plans.localization.derivation import Derivation, GroundKind
from domain.plans.savings.collected import Beside, collected, last_of_each
from domain.plans.savings.office import Deployment as Figures
from domain.plans.savings.office import Measure
from domain.plans.task import Money
from domain.plans.templates.template import Release, Template
from domain.plans.updates.rebasing import in_plan_uids
from domain.plans.whole_plan import WholePlan
from store.unit import Unit


def deployment_report(application: Application, unit: Unit, seen: DeploymentSeen) -> TemplateReport | None:
    """A deployment's report as the person of the sheet may see it; None after its close."""
    sheet = seen.sheet
    if not sheet.is_open:
        return None
    deployment = sheet.deployment
    gathering = _Gathering(application, unit, deployment.template)
    plans = {
        each.id.office: each
        for each in gathering.plans
        if each.ground.kind is GroundKind.DEPLOYMENT and each.ground.by == deployment.id
    }
    accepted = set(deployment.accepted())
    offices = tuple(
        OfficeState(
            each.office, each.plan, gathering.state(plans.get(each.office) if each.plan else None),
            each.membership, each.pilot, each.own,
        )
        for each in sheet.lines
    )  # fmt: skip
    takes_part = sheet.steers or any(each in accepted for each in sheet.offices)
    compared = [each for office, each in plans.items() if office in accepted] if takes_part else []
    readers = sheet.offices
    return gathering.report(offices, compared, readers, [deployment], all_costs=seen.owns or not _kept(seen))


def plan_under(unit: Unit, deployment: str, office: str) -> Derivation | None:
    """The last plan that an office made under a deployment; None where it made none."""
    found = (
        each
        for each in unit.derivations.of_office(office)
        if each.ground.kind is GroundKind.DEPLOYMENT and each.ground.by == deployment
    )
    return next(iter(last_of_each(found)), None)


def template_report(
    application: Application, unit: Unit, organization: Organization, person: str, template: str
) -> TemplateReport | None:
    """The report for the head or standards owner of the office that owns the template; None for others.

    It has the offices that the owner may see, by whatever deployments and agreements the template is shared.
    """
    gathering = _Gathering(application, unit, template)
    owner = organization.offices.get(gathering.newest.template.owner) if gathering.newest else None
    if owner is None or not any(person in owner.roles.get(role, ()) for role in OWNS):
        return None
    known, at = unit.deployments.all(), application.clock.now()
    plans = [
        each
        for each in gathering.plans
        if each.id.office == owner.id
        or isinstance(visible(owner.id, each.id.office, known, organization, at), Visible)
    ]
    offices = tuple(
        OfficeState(
            each.id.office, gathering.standing(each), gathering.state(each), own=each.id.office == owner.id
        )
        for each in plans
    )
    under = [each for each in known.open(at) if each.template == template and owner.id in each.accepted()]
    return gathering.report(offices, plans, (owner.id,), under, all_costs=True)


def templates_owned(
    application: Application, unit: Unit, organization: Organization, person: str
) -> Sequence[str]:
    """The ids of the templates whose report a person may see as of their owner."""
    known = standing_templates(application.templates, unit)
    found = []
    for template in dict.fromkeys(each.template for each in known.versions):
        newest = known.newest(template)
        owner = organization.offices.get(newest.template.owner) if newest is not None else None
        if owner is not None and any(person in owner.roles.get(role, ()) for role in OWNS):
            found.append(template)
    return found


def _kept(seen: DeploymentSeen) -> bool:
    """Whether the template's costs are kept back from the reader."""
    return Redaction.COSTS in seen.kept_back or seen.release is None


class _Gathering:
    """The plans that offices made of one template, and what they are compared with."""

    def __init__(self, application: Application, unit: Unit, template: str) -> None:
        self.application, self.unit, self.template = application, unit, template
        self.known = standing_templates(application.templates, unit)
        self.newest = self.known.newest(template)
        self.plans = last_of_each(unit.derivations.of_template(template))

    def state(self, plan: Derivation | None) -> PlanState:
        """The version and the open conflicts of a plan."""
        if plan is None:
            return PlanState()
        found = self.unit.plan_updates.conflicts(plan.id)
        return PlanState(plan.version, sum(each.is_open for each in found))

    def standing(self, plan: Derivation) -> LocalStanding | None:
        """How a plan stands on its office's own day."""
        office = self.application.organization.offices.get(plan.id.office)
        release = self.known.versions.get(plan.template)
        if office is None or release is None:
            return None
        today = office.calendar.local_date(self.application.clock.now())
        return local_standing(plan, self._in_plan(plan, release.value), read_plan(self.unit, plan), today)

    def report(
        self, offices: Sequence[OfficeState], plans: Sequence[Derivation], readers: Collection[str],
        under: Sequence[Deployment], *, all_costs: bool,
    ) -> TemplateReport:  # fmt: skip
        """The report over these plans, without costs where they are kept back."""
        today, organization = self.application.clock.now().date(), self.application.organization
        figures = tuple(self._figures(plans, under))
        open_to = {each.office for each in figures if figures_open(each.office, readers, organization, today)}
        measures = [each for each in Measure if all_costs or each is not Measure.COST]
        avoided = tuple(each for one in under for each in one.avoided) if figures else ()
        number = self.newest.version if self.newest is not None else 0
        return report(self.template, number, Gathered(tuple(offices), figures, avoided), open_to, measures)

    def _figures(self, plans: Sequence[Derivation], under: Sequence[Deployment]) -> Iterator[Figures]:
        """Each plan beside the pilot's; the pilot's own is not beside itself."""
        newest = self.newest
        if newest is None:
            return
        pilot = newest.template.pilot
        beside = [each for each in plans if pilot is None or each.id.office != pilot.office]
        days = {each.id: _day(each, under) for each in beside}
        waves = {on: n for n, on in enumerate(sorted({on for on in days.values() if on is not None}), 1)}
        for each in beside:
            own = self.known.versions.get(each.template)
            if own is None or each.id.office not in self.application.organization.offices:
                continue
            on = days[each.id]
            yield self._one(each, newest, own.value, waves[on] if on is not None else 1, under)

    def _one(
        self, plan: Derivation, newest: Release, own: Release, wave: int, under: Sequence[Deployment]
    ) -> Figures:
        organization = self.application.organization
        currency = plan.answers.currency or organization.offices[plan.id.office].currency
        charged = next((each for each in under if each.id == plan.ground.by), None)
        effort, cost = _share(charged)
        rates = organization.rates
        common: Mapping[str, Decimal] = (
            {} if rates is None else {**rates.per_unit, rates.currency: Decimal(1)}
        )
        beside = Beside(self._in_plan(plan, newest), self._in_plan(plan, own), wave, effort, cost, common)
        read = read_plan(self.unit, plan)
        spent = spent_on(plan, read) if read is not None else {}
        return collected(plan, self.live(plan), beside, currency, spent)

    def _in_plan(self, plan: Derivation, release: Release) -> Template:
        """The template with the uids that its tasks have in a plan that went over to it."""
        standing = self.unit.plan_updates.standing(plan.id) if plan.follows else None
        return (
            release.template if standing is None else in_plan_uids(release.template, standing.footing.source)
        )

    def live(self, plan: Derivation) -> WholePlan | None:
        """The plan as its tool held it when it was read last; None where it was not, or is in none yet."""
        read = read_plan(self.unit, plan)
        return live_plan(plan, read) if read is not None and plan.keys else None


def _day(plan: Derivation, under: Sequence[Deployment]) -> date | None:
    """The day by which a plan's wave is counted: its agreed go-live, else the end of the plan."""
    there = next((each for each in under if each.id == plan.ground.by), None)
    receiver = there.receiver(plan.id.office) if there is not None else None
    if receiver is not None:
        return receiver.go_live
    return plan.base.finish.date() if plan.base.finish is not None else None


def _share(deployment: Deployment | None) -> tuple[Decimal | None, Money | None]:
    """An office's part of the central effort and cost: the same for each receiver that takes part."""
    said = deployment.central if deployment is not None else None
    if said is None or deployment is None:
        return None, None
    accepted = set(deployment.accepted())
    count = sum(each.office in accepted for each in deployment.receivers) or 1
    effort = said.effort / count if said.effort is not None else None
    cost = Money(said.cost.amount / count, said.cost.currency) if said.cost is not None else None
    return effort, cost
