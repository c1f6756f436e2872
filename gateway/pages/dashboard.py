"""The first page of all reports, from the index and the store, as far as whoever asks may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from config.deciding import pending_now
from config.wiring import Application
from domain.cases.saying import asked_of
from domain.decisions.pending import PendingDecisions
from domain.directives.sheet import count_of
from domain.language import Language
from domain.organization.office import Organization
from domain.plans.not_read import NotRead
from domain.questions.question import QuestionState
from domain.reporting.dashboard import (
    Dashboard,
    HeldCard,
    OfficeCard,
    RolloutCard,
    SweepCard,
    newest_of_each,
    waiting_of,
)
from domain.reporting.entry import ReportEntry
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result
from reports.entries import subject_of
from store import Unit

MOST_POINTS = 12
"""Points of a trend."""


def dashboard_of(
    application: Application,
    unit: Unit,
    entries: Sequence[ReportEntry],
    *,
    everything: bool,
    language: Language | None = None,
) -> Dashboard:
    """What the entries and the store say; `everything`: also the offices, and what waits and is held.

    `language` is that of whoever reads; None where nobody is named: the organization's.
    """
    organization, now = application.organization, application.clock.now()
    newest = list(newest_of_each(entries).values())
    rollouts, sweeps = _rollouts(unit, newest), _sweeps(unit, newest)
    shown = {*(card.entry.slug for card in rollouts), *(card.entry.slug for card in sweeps)}
    made = Dashboard(
        organization=organization.name,
        today=now.date(),
        rollouts=rollouts,
        sweeps=sweeps,
        others=tuple(each for each in newest if each.slug not in shown),
        earlier=len(entries) - len(newest),
        language=organization.own_language if language is None else language,
    )
    return _whole(application, unit, made) if everything else made


def _whole(application: Application, unit: Unit, made: Dashboard) -> Dashboard:
    """The dashboard with the offices, and what waits and is held."""
    organization, now = application.organization, application.clock.now()
    offices = _taking_part(organization, made.today)
    held = unit.held.of()
    questions = [each for each in unit.questions.of(state=QuestionState.OPEN) if each.office in offices]
    cases, directed = unit.cases.open(), unit.directives.open()
    counts = [(key, found) for key, found in unit.held.counts().items() if key[0] in offices]
    return replace(
        made,
        offices=_offices(unit, offices),
        pending=_pending(unit, organization, now),
        cases=sum(asked_of(each, organization) is not None for each in cases),
        objections=sum(each.objection for each in cases),
        directives=len(directed),
        directives_late=sum(count_of(each, organization, now).late for each in directed),
        waiting=waiting_of(organization, questions, held, now),
        held=tuple(
            HeldCard(offices[office], count, cause, since) for (office, cause), (count, since) in counts
        ),
    )


def _pending(unit: Unit, organization: Organization, now: datetime) -> tuple[PendingDecisions, ...]:
    """What waits past its date for an office that decides, with that office's name."""
    found = pending_now(unit, organization, now)
    return tuple(replace(each, office=organization.offices[each.office].name) for each in found)


def _taking_part(organization: Organization, today: date) -> Mapping[str, str]:
    """The names of the offices that take part and plan in a tool, by id."""
    return {
        office.id: office.name
        for office in organization.offices.values()
        if organization.takes_part(office.id, today) and organization.partition(office.id) is not None
    }


def _rollouts(unit: Unit, newest: Iterable[ReportEntry]) -> tuple[RolloutCard, ...]:
    known = {
        subject_of("rollout", each.manifest.standard, each.manifest.version): each
        for each in unit.rollouts.all()
    }
    cards = []
    for entry in newest:
        if entry.kind == "rollout":
            rollout = known.get(entry.about)
            counts = unit.adoptions.counts(rollout.id)[-MOST_POINTS:] if rollout is not None else ()
            adopted = tuple(found.get(Standing.ADOPTED, 0) for _, found in counts)
            cards.append(RolloutCard(entry, rollout, adopted))
    return tuple(cards)


def _sweeps(unit: Unit, newest: Iterable[ReportEntry]) -> tuple[SweepCard, ...]:
    known = {subject_of("sweep", v.standard, v.version): v for v in unit.versions.all()}
    cards = []
    for entry in newest:
        if entry.kind == "sweep":
            version = known.get(entry.about)
            counts = (
                unit.sweeps.counts(version.standard, version.version, MOST_POINTS)
                if version is not None
                else ()
            )
            cards.append(SweepCard(entry, tuple(each.bands[Result.PASS] for each in counts)))
    return tuple(cards)


def _offices(unit: Unit, offices: Mapping[str, str]) -> tuple[OfficeCard, ...]:
    """Those that were not read first, then those that do not report or have cells not understood; by name."""
    readings, cards = unit.readings.latest(), []
    stale = {each.office for each in unit.sweeps.offices() if each.stale}
    for office, name in offices.items():
        found = readings.get(office)
        if found is None:
            cards.append(OfficeCard(name, None, "", 0, NotRead.NEVER))
        else:
            cells = len(found.unreadable)
            cards.append(OfficeCard(name, found.ok_at, found.problem, cells, found.failure, office in stale))
    return tuple(sorted(cards, key=lambda c: (c.is_read, not c.stale, not c.unreadable, c.name)))
