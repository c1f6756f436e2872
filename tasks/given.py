"""What every report is made from, as the store holds it; it writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from config.deciding import pending, pending_now
from domain.cases.hearing import never_heard
from domain.cases.reviewing import under_review
from domain.compliance.network import Network
from domain.compliance.sweep import Sweep, SweepCount
from domain.decisions.pending import PendingDecisions
from domain.ids import VersionId
from domain.organization.office import Office, Organization
from domain.plans.facts import state_of
from domain.questions.question import QuestionState
from domain.reporting.confidential import shown_cells, shown_held, shown_left_out
from domain.reporting.deviations import Deviations, deviations_of
from domain.reporting.given import Given
from domain.rollouts.adoption import BOUND
from domain.standards.standard import Version
from store.unit import Unit
from tasks.network import participants
from tasks.versions import newest_of_each, previous_of

MOST_COUNTS = 60
"""Kept sweeps that a trend looks back at; of one day the last one counts."""


class Compared(NamedTuple):
    """The newest sweep under a version, and the one of an earlier time that it is compared with."""

    sweep: Sweep | None = None
    before: Sweep | None = None


class Gathered:
    """What reports of a network are made from, read and made once however many reports show it."""

    def __init__(self, unit: Unit, network: Network) -> None:
        """Reads within that unit."""
        self._unit, self._network = unit, network
        self._sweeps: dict[VersionId, Compared] = {}
        self._given: dict[tuple[VersionId, str], Given] = {}

    def compared(self, standard: str, version: str) -> Compared:
        """The newest sweep under that version; none where it was never swept."""
        key = VersionId(standard, version)
        if key not in self._sweeps:
            sweep = self._unit.sweeps.latest(standard, version)
            self._sweeps[key] = Compared(sweep, _earlier(self._unit, sweep))
        return self._sweeps[key]

    def given(self, version: Version, leader: Office) -> Given:
        """What the reports about that version are made from; see `given_of`."""
        key = VersionId(version.standard, version.version), leader.id
        if key not in self._given:
            compared = self.compared(version.standard, version.version)
            self._given[key] = given_of(self._unit, self._network, compared, version, leader)
        return self._given[key]


def given_of(unit: Unit, network: Network, compared: Compared, current: Version, leader: Office) -> Given:
    """What every report is made from, at the time of its sweep: only offices that take part are passed on.

    `leader` is the strategic office that leads what the report is about.
    """
    sweep, old = compared.sweep, previous_of(unit, current)
    latest, organization = unit.readings.latest(), network.organization
    taking_part = {office.id: office for office in participants(organization, network.now.date())}
    readings = {key: latest[key] for key in taking_part if key in latest}
    return Given(
        organization=replace(organization, offices=_shown(organization, {*taking_part, leader.id})),
        leader=leader.id,
        now=sweep.at if sweep else network.now,
        sweep=sweep,
        before=compared.before,
        versions=tuple(v for v in (current, old) if v is not None),
        titles={key: plan.project.title for key, plan in network.plans.items()},
        restricted=organization.restricted,
        programs={k: plan.project.program for k, plan in network.plans.items() if plan.project.program},
        unreadable={key: shown_cells(taking_part[key], each.unreadable) for key, each in readings.items()},
        left_out={key: shown_left_out(taking_part[key], each.left_out) for key, each in readings.items()},
        unknown=unknown_items(network),
        others=_others(unit, current, network.now.date()),
        trend=unit.sweeps.counts(sweep.standard, sweep.version, MOST_COUNTS) if sweep else (),
        bound=_bound(unit, current),
        held=[shown_held(taking_part[h.office], h) for h in unit.held.of() if h.office in taking_part],
        pending=_pending(unit, organization, network.now, {*taking_part, leader.id}),
        unheard=_unheard(unit),
        deviations=_deviations(unit, organization, current, sweep.at if sweep else network.now),
        ledger_head=unit.ledger.head(),
        ledger_entry=unit.ledger.newest(),
        language=organization.own_language,
    )


def _unheard(unit: Unit) -> frozenset[str]:
    """The offices that are never heard from."""
    unanswered, answered = (
        unit.questions.offices(each) for each in (QuestionState.UNANSWERED, QuestionState.ANSWERED)
    )
    if unanswered <= answered:
        return frozenset()
    return never_heard(unanswered, answered, unit.deviations.all(), unit.cases.all())


def _pending(
    unit: Unit, organization: Organization, now: datetime, concerned: Collection[str]
) -> tuple[PendingDecisions, ...]:
    """What waits past its date for an office that is shown."""
    shown = _shown(organization, concerned)
    return tuple(each for each in pending_now(unit, organization, now) if each.office in shown)


def _deviations(unit: Unit, organization: Organization, version: Version, at: datetime) -> Deviations | None:
    """The deviations from the version's standard, at the time of the report."""
    found = [each for each in unit.deviations.all() if each.standard == version.standard]
    if not found:
        return None
    late = frozenset(each.subject for each in pending(unit, organization, at))
    reviewed = [rule for of, rule in under_review(unit.cases.open()) if of == version.standard]
    return deviations_of(found, late, organization.restricted, at, organization.own_language, reviewed)


def unknown_items(network: Network) -> Mapping[str, int]:
    """How many items of each office are neither known to be open nor to be done."""
    found: Counter[str] = Counter()
    for plan in network.plans.values():
        found[plan.project.office] += sum(state_of(item) is None for item in plan.items if not item.ours)
    return found


def _others(unit: Unit, current: Version, on: date) -> tuple[SweepCount, ...]:
    """The newest sweeps by the versions of other standards that are in force, in numbers."""
    newest = [each for each in newest_of_each(unit, on) if each.standard != current.standard]
    return tuple(found for each in newest for found in unit.sweeps.counts(each.standard, each.version, 1))


def _bound(unit: Unit, version: Version) -> Mapping[str, date]:
    """Since when rollouts of the version bind projects that do not follow it."""
    return {
        adoption.project: adoption.bound_on
        for rollout in unit.rollouts.all()
        if (rollout.manifest.standard, rollout.manifest.version) == (version.standard, version.version)
        for adoption in unit.adoptions.of(rollout.id)
        if adoption.standing in BOUND and adoption.bound_on is not None
    }


def leader_of_sweep(organization: Organization, version: Version, on: date) -> Office:
    """Who leads the owner of the version; where nobody does any more, who leads the whole organization."""
    known = version.owner in organization.offices
    leaders = organization.leaders(version.owner, on) if known else ()
    return leaders[0] if leaders else organization.leader_of_all(on)


def _shown(organization: Organization, concerned: Collection[str]) -> Mapping[str, Office]:
    """The offices that are concerned and those above them; others are not shown at all."""
    shown = {above.id for key in concerned for above in organization.above(key)}
    return {key: office for key, office in organization.offices.items() if key in shown}


def _earlier(unit: Unit, sweep: Sweep | None) -> Sweep | None:
    """The newest sweep of an earlier time; a sweep repeated at the same time does not count.

    Of the projects that are in the same band in both it has no verdicts: nothing of them changed.
    """
    found = sweep
    while sweep is not None and found is not None and found.at >= sweep.at:
        found = unit.sweeps.previous(sweep.standard, sweep.version, found.id, sweep)
    return found
