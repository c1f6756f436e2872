"""Report: what is stored, as pages that a director reads; each one file and one row of the index."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeAlias

from domain.compliance.network import Network
from domain.compliance.sweep import Sweep
from domain.organization.office import Office, Organization
from domain.reporting.entry import ReportEntry
from domain.reporting.rollout_report import rollout_report
from domain.reporting.sweep_report import Given, Report, sweep_report
from domain.rollouts.adoption import BOUND
from domain.rollouts.rollout import Rollout, leader_of_waves
from domain.standards.standard import Version
from reports.entries import entry_of
from reports.render import rollout_html, sweep_html
from reports.tables import summary
from store.unit import Unit
from tasks.context import current_application
from tasks.network import load_network, participants
from tasks.versions import newest_of_each, previous_of, version_of


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """One report as written: what it is about, its address, and its counts as Markdown without names."""

    about: str
    url: str
    sentence: str
    summary: str
    written: bool


@dataclass(frozen=True, slots=True)
class PageFolder:
    """The folder where pages are written, and the URL at which they are read."""

    path: Path
    address: str


Filed: TypeAlias = tuple[WrittenPage, ReportEntry]


def write_reports() -> tuple[WrittenPage, ...]:
    """Write the report of every rollout, and of the newest sweep of each version that was swept.

    The same values give the same bytes, so that a second run writes nothing. A page that was written and not
    entered into the index, because the run ended in between, is entered by the next one.
    """
    application = current_application()
    settings = application.settings
    folder = PageFolder(settings.state / "reports", f"{settings.address}/reports")
    with application.store.read() as unit:
        network = load_network(unit, application.rulebook, application.clock.now())
        rollouts = [_rollout_page(unit, network, rollout, folder) for rollout in unit.rollouts.all()]
        newest = [unit.sweeps.latest(v.standard, v.version) for v in unit.versions.all()]
        sweeps = [_sweep_page(unit, network, sweep, folder) for sweep in newest if sweep is not None]
        filed = [*rollouts, *sweeps]
        missing = [entry for _, entry in filed if unit.reports.get(entry.slug) is None]
    if missing:
        with application.store.begin() as unit:
            for entry in missing:
                unit.reports.add(entry)
            unit.commit()
    return tuple(page for page, _ in filed)


def _given(unit: Unit, network: Network, sweep: Sweep | None, current: Version, leader: Office) -> Given:
    """What every report is made from, at the time of its sweep: only offices that take part are passed on.

    `leader` is the strategic office that leads what the report is about.
    """
    before = previous_of(unit, current)
    readings = unit.readings.latest()
    organization = network.organization
    taking_part = {office.id: office for office in participants(organization, network.now.date())}
    return Given(
        organization=replace(organization, offices=_shown(organization, {*taking_part, leader.id})),
        leader=leader.id,
        now=sweep.at if sweep else network.now,
        sweep=sweep,
        before=_earlier(unit, sweep),
        versions=tuple(v for v in (current, before) if v is not None),
        titles={key: plan.project.title for key, plan in network.plans.items()},
        unreadable={key: readings[key].unreadable for key in taking_part if key in readings},
        left_out={key: readings[key].left_out for key in taking_part if key in readings},
        unknown=_unknown(network),
        others=_others(unit, current, network.now.date()),
        bound=_bound(unit, current),
        held=[each for each in unit.held.of() if each.office in taking_part],
        ledger_head=unit.ledger.head(),
        ledger_entry=unit.ledger.newest(),
    )


def _unknown(network: Network) -> Mapping[str, int]:
    """How many items of each office are neither known to be open nor to be done."""
    found: Counter[str] = Counter()
    for key, plan in network.plans.items():
        count = network.facts(key)["plan"].get("unknown")
        found[plan.project.office] += count if isinstance(count, int) else 0
    return found


def _others(unit: Unit, current: Version, on: date) -> tuple[Sweep, ...]:
    """The newest sweeps by the versions of other standards that are in force."""
    newest = [each for each in newest_of_each(unit, on) if each.standard != current.standard]
    found = (unit.sweeps.latest(each.standard, each.version) for each in newest)
    return tuple(each for each in found if each is not None)


def _bound(unit: Unit, version: Version) -> Mapping[str, date]:
    """Since when rollouts of the version bind projects that do not follow it."""
    return {
        adoption.project: adoption.bound_on
        for rollout in unit.rollouts.all()
        if (rollout.manifest.standard, rollout.manifest.version) == (version.standard, version.version)
        for adoption in unit.adoptions.of(rollout.id)
        if adoption.standing in BOUND and adoption.bound_on is not None
    }


def _leader_of_sweep(organization: Organization, version: Version, on: date) -> Office:
    """Who leads the owner of the version; where nobody does any more, who leads the whole organization."""
    known = version.owner in organization.offices
    leaders = organization.leaders(version.owner, on) if known else ()
    return leaders[0] if leaders else organization.leader_of_all(on)


def _shown(organization: Organization, concerned: Collection[str]) -> Mapping[str, Office]:
    """The offices that are concerned and those above them; others are not shown at all."""
    shown = {above.id for key in concerned for above in organization.above(key)}
    return {key: office for key, office in organization.offices.items() if key in shown}


def _earlier(unit: Unit, sweep: Sweep | None) -> Sweep | None:
    """The newest sweep of an earlier time; a sweep repeated at the same time does not count."""
    found = sweep
    while sweep is not None and found is not None and found.at >= sweep.at:
        found = unit.sweeps.previous(sweep.standard, sweep.version, found.id)
    return found


def _rollout_page(unit: Unit, network: Network, rollout: Rollout, folder: PageFolder) -> Filed:
    manifest = rollout.manifest
    sweep = unit.sweeps.latest(manifest.standard, manifest.version)
    version = version_of(unit, manifest.standard, manifest.version)
    leader = leader_of_waves(network.organization, manifest.waves)
    given = _given(unit, network, sweep, version, leader)
    report = rollout_report(
        given,
        rollout,
        unit.rollouts.members(rollout.id),
        unit.adoptions.of(rollout.id),
        questions=unit.questions.of(),
        history=unit.adoptions.counts(rollout.id),
    )
    return _write(folder, f"rollout-{rollout.id}", report, rollout_html(report))


def _sweep_page(unit: Unit, network: Network, sweep: Sweep, folder: PageFolder) -> Filed:
    version = version_of(unit, sweep.standard, sweep.version)
    leader = _leader_of_sweep(network.organization, version, sweep.at.date())
    given = _given(unit, network, sweep, version, leader)
    report = sweep_report(given)
    return _write(folder, f"sweep-{sweep.standard}-{sweep.version}", report, sweep_html(report))


def _write(folder: PageFolder, about: str, report: Report, content: bytes) -> Filed:
    """Write the page under the name that its content gives it, unless the same content is there already."""
    folder.path.mkdir(parents=True, exist_ok=True)
    entry = entry_of(report, content)
    target = folder.path / f"{entry.slug}.html"
    fresh = not target.exists()
    if fresh:
        _replace(target, content)
    url = f"{folder.address}/{entry.slug}"
    return WrittenPage(about.replace(".", "-"), url, entry.sentence, summary(report, url), fresh), entry


def _replace(target: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    Path(written.name).replace(target)
