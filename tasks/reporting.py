"""Report: what is stored, as pages that a director reads; each one file and one row of the index."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from domain.compliance.network import Network
from domain.reporting.given import Given
from domain.reporting.rollout_report import RolloutReport, rollout_report
from domain.reporting.sweep_report import Report, sweep_report
from domain.rollouts.rollout import Rollout, leader_of_waves
from domain.standards.standard import Version
from reports.made import Made, made_of
from reports.project_page import Verdicts
from reports.tables import summary
from store import role_bases
from store.unit import Unit
from tasks.context import current_application
from tasks.given import Gathered, leader_of_sweep
from tasks.network import load_network
from tasks.objecting import objected_projects
from tasks.pages import Filed, PageFolder, WrittenPage, write_report
from tasks.previewing import preview_pages
from tasks.role_bases import RoleGathering
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
    with _uncollected(), application.store.read() as unit:
        network = load_network(unit, application.rulebook, application.clock.now())
        published = unit.versions.all()
        gathered, verdicts = Gathered(unit, network), Verdicts()
        reports = [_rollout(unit, network, gathered, rollout) for rollout in unit.rollouts.all()]
        reports += [_sweep(network, gathered, version) for version in published]
        roles, found, bases = RoleGathering(unit, network), [], []
        for given, report in filter(None, reports):
            made = made_of(report, verdicts)
            found.append(_written(report, made, folder))
            bases.append(role_bases.written(roles.of(given, report, made)))
        first = [] if published else preview_pages(unit, network, application.versions, folder)
        filed = [*found, *first]
        written = [entry for _, entries in filed for entry in entries]
        missing = [entry for entry in written if unit.reports.get(entry.slug) is None]
        stored = unit.role_bases.digests()
        news = [each for each in bases if stored.get(each.about) != each.digest]
    if missing or news:
        with application.store.begin() as unit:
            for basis in news:
                unit.role_bases.put(basis)
            for entry in missing:
                unit.reports.add(entry)
            unit.commit()
    return tuple(page for page, _ in filed)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: it would look at a million values, which hold no cycle.

    In the process of a run, which set aside what it began with, what is there afterwards is set aside too:
    the next collection would look at all that was read, and the run ends soon.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count():
            gc.freeze()
        if was:
            gc.enable()


def _rollout(
    unit: Unit, network: Network, gathered: Gathered, rollout: Rollout
) -> tuple[Given, Report] | None:
    manifest = rollout.manifest
    version = version_of(unit, manifest.standard, manifest.version)
    leader = leader_of_waves(network.organization, manifest.waves)
    given = gathered.given(version, leader)
    report = rollout_report(
        given,
        rollout,
        unit.rollouts.members(rollout.id),
        unit.adoptions.of(rollout.id),
        questions=unit.questions.of(),
        history=unit.adoptions.counts(rollout.id),
        objected=objected_projects(unit, network, rollout),
    )
    return given, report


def _sweep(network: Network, gathered: Gathered, version: Version) -> tuple[Given, Report] | None:
    """None where the version was never swept."""
    sweep = gathered.compared(version.standard, version.version).sweep
    if sweep is None:
        return None
    leader = leader_of_sweep(network.organization, version, sweep.at.date())
    given = gathered.given(version, leader)
    return given, sweep_report(given)


def _written(report: Report, made: Made, folder: PageFolder) -> Filed:
    name = f"rollout-{report.rollout.id}" if isinstance(report, RolloutReport) else ""
    about = name or f"sweep-{report.heading.standard}-{report.heading.version}"
    return write_report(folder, about, made, partial(summary, report))
