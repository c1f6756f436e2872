"""A local plan as it came, as its office has it, and merged: of the last update, by what the record holds."""

from __future__ import annotations

from collections.abc import Mapping

from config.deployment_sheets import read_plan
from config.wiring import Application
from domain.delivery.live_plan import calendar_of, live_plan
from domain.language import Language
from domain.plans.localization.derivation import Derivation
from domain.plans.merge.beside import Shown
from domain.plans.merge.place import SAME_TASK, Subject
from domain.plans.updates.standing import PlanStanding, first
from domain.plans.whole_plan import WholePlan
from domain.questions.plan_conflicts import plan_conflict_question
from reports.gantt.page import UpdateChart, update_page
from store.unit import Unit


def update_chart(
    application: Application, unit: Unit, derivation: Derivation, says: Language, back: str
) -> bytes:
    """The page of an office's plan, with the questions that are open (UTF-8)."""
    standing = unit.plan_updates.standing(derivation.id) or first(derivation)
    conflicts = [each for each in unit.plan_updates.conflicts(derivation.id) if each.is_open]
    asked_of = {
        uid
        for each in conflicts
        for place in each.places
        if place.subject in (Subject.TASK, Subject.LINK)
        for uid in (place.about[:1] if place.field == SAME_TASK else place.about)
    }
    office = application.organization.offices[derivation.id.office]
    today = office.calendar.local_date(application.clock.now())
    shown = UpdateChart(
        derivation.base.title,
        _about(standing, says),
        _plans(unit, derivation, standing),
        asked_of,
        [plan_conflict_question(each, derivation.project, says).text for each in conflicts],
        back,
    )
    return update_page(shown, calendar_of(derivation.base), today, says)


def _plans(unit: Unit, derivation: Derivation, standing: PlanStanding) -> Mapping[Shown, WholePlan]:
    """The three plans of the last update; without one as it came, and as it stands now."""
    before = standing.before
    if before is not None:
        return {
            Shown.BASE: before.footing.base,
            Shown.OURS: before.ours,
            Shown.MERGED: standing.footing.last,
        }
    found = {Shown.BASE: standing.footing.base}
    read = read_plan(unit, derivation) if derivation.keys else None
    return found if read is None else {**found, Shown.OURS: live_plan(derivation, read)}


def _about(standing: PlanStanding, says: Language) -> str:
    now, before = standing.footing.version, standing.before
    if before is None:
        return says.say("version {n}; no update yet", n=now)
    return says.say("update from version {before} to version {n}", before=before.footing.version, n=now)
