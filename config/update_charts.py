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

DIGITS = 3


def update_chart(
    application: Application, unit: Unit, derivation: Derivation, says: Language, back: str, chosen: str = ""
) -> bytes | None:
    """The page of an office's plan, with the questions that are open (UTF-8).

    `chosen` is the number of an earlier update, the oldest that is kept is 1; empty for the last one, with
    what is open now. None where there is no such update.
    """
    standing = unit.plan_updates.standing(derivation.id) or first(derivation)
    office = application.organization.offices[derivation.id.office]
    today = office.calendar.local_date(application.clock.now())
    if chosen:
        place = int(chosen) if chosen.isdecimal() and len(chosen) <= DIGITS else 0
        if not 0 < place <= len(standing.earlier):
            return None
        earlier = standing.earlier[place - 1]
        before = UpdateChart(
            derivation.base.title, _from_to(earlier.before, earlier.version, says), {}, back=back,
            rows=earlier.rows, choices=_choices(standing, place, says),
        )  # fmt: skip
        return update_page(before, calendar_of(derivation.base), today, says)
    conflicts = [each for each in unit.plan_updates.conflicts(derivation.id) if each.is_open]
    asked_of = {
        uid
        for each in conflicts
        for place in each.places
        if place.subject in (Subject.TASK, Subject.LINK)
        for uid in (place.about[:1] if place.field == SAME_TASK else place.about)
    }
    shown = UpdateChart(
        derivation.base.title,
        _about(standing, says),
        _plans(unit, derivation, standing),
        asked_of,
        [plan_conflict_question(each, derivation.project, says).text for each in conflicts],
        back,
        choices=_choices(standing, 0, says),
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
    return _from_to(before.footing.version, now, says)


def _from_to(before: int, version: int, says: Language) -> str:
    return says.say("update from version {before} to version {n}", before=before, n=version)


def _choices(standing: PlanStanding, shown: int, says: Language) -> list[tuple[str, str]]:
    """The updates that can be looked at, each with its link; that of the one that is shown is empty."""
    if not standing.earlier:
        return []
    found = [
        (_from_to(each.before, each.version, says), "" if place == shown else f"?update={place}")
        for place, each in enumerate(standing.earlier, 1)
    ]
    return [*found, (_about(standing, says), "" if shown == 0 else "?")]
