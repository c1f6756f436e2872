"""Report: what is stored, as pages that a director reads; each one file and one row of the index."""

from __future__ import annotations

from functools import partial

from domain.compliance.network import Network
from domain.compliance.sweep import Sweep
from domain.reporting.rollout_report import rollout_report
from domain.reporting.sweep_report import sweep_report
from domain.rollouts.rollout import Rollout, leader_of_waves
from reports.entries import entry_of
from reports.render import rollout_html, sweep_html
from reports.tables import summary
from store.unit import Unit
from tasks.context import current_application
from tasks.given import given_of, leader_of_sweep
from tasks.network import load_network
from tasks.pages import Filed, PageFolder, WrittenPage, write_page
from tasks.previewing import preview_pages
from tasks.versions import version_of


def write_reports() -> tuple[WrittenPage, ...]:
    """Write the report of every rollout, and of the newest sweep of each version that was swept.

    While no version is published: what was read, and what the versions of the organization's files say of it.

    The same values give the same bytes, so that a second run writes nothing. A page that was written and not
    entered into the index, because the run ended in between, is entered by the next one.
    """
    application = current_application()
    settings = application.settings
    folder = PageFolder(settings.state / "reports", f"{settings.address}/reports")
    with application.store.read() as unit:
        network = load_network(unit, application.rulebook, application.clock.now())
        published = unit.versions.all()
        rollouts = [_rollout_page(unit, network, rollout, folder) for rollout in unit.rollouts.all()]
        newest = [unit.sweeps.latest(v.standard, v.version) for v in published]
        sweeps = [_sweep_page(unit, network, sweep, folder) for sweep in newest if sweep is not None]
        first = [] if published else preview_pages(unit, network, application.versions, folder)
        filed = [*rollouts, *sweeps, *first]
        missing = [entry for _, entry in filed if unit.reports.get(entry.slug) is None]
    if missing:
        with application.store.begin() as unit:
            for entry in missing:
                unit.reports.add(entry)
            unit.commit()
    return tuple(page for page, _ in filed)


def _rollout_page(unit: Unit, network: Network, rollout: Rollout, folder: PageFolder) -> Filed:
    manifest = rollout.manifest
    sweep = unit.sweeps.latest(manifest.standard, manifest.version)
    version = version_of(unit, manifest.standard, manifest.version)
    leader = leader_of_waves(network.organization, manifest.waves)
    given = given_of(unit, network, sweep, version, leader)
    report = rollout_report(
        given,
        rollout,
        unit.rollouts.members(rollout.id),
        unit.adoptions.of(rollout.id),
        questions=unit.questions.of(),
        history=unit.adoptions.counts(rollout.id),
    )
    content = rollout_html(report)
    entry = entry_of(report, content)
    return write_page(folder, f"rollout-{rollout.id}", entry, content, partial(summary, report))


def _sweep_page(unit: Unit, network: Network, sweep: Sweep, folder: PageFolder) -> Filed:
    version = version_of(unit, sweep.standard, sweep.version)
    leader = leader_of_sweep(network.organization, version, sweep.at.date())
    given = given_of(unit, network, sweep, version, leader)
    report = sweep_report(given)
    content, about = sweep_html(report), f"sweep-{sweep.standard}-{sweep.version}"
    return write_page(folder, about, entry_of(report, content), content, partial(summary, report))
