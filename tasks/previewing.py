"""What is reported while no version is published: what was read, and what the files' versions say of it.

Nothing of a preview is stored as a sweep: it binds nobody, and no report of a published version counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from config.fact_tables import gives, table_of
from domain.compliance.network import Network
from domain.compliance.sweep import OfficeState
from domain.organization.office import Organization
from domain.plans.project import Plan
from domain.reporting.confidential import shown_cells, shown_left_out
from domain.reporting.reading_report import OfficeReading, ReadingReport, columns_read
from domain.reporting.sweep_report import PreviewReport, preview_report
from domain.standards.standard import Version
from reports.entries import reading_entry
from reports.made import made_of
from reports.render import reading_html
from reports.tables import reading_summary, summary
from store.unit import Unit
from tasks.given import Compared, given_of, leader_of_sweep, unknown_items
from tasks.network import office_states, participants
from tasks.pages import Filed, PageFolder, write_page, write_report


def preview_pages(
    unit: Unit, network: Network, versions: Mapping[str, Version], folder: PageFolder
) -> list[Filed]:
    """The page of what was read, then one for each version of the files; none before a reading.

    `versions` are those of the files by their ids; of each standard the newest is shown.
    """
    if not unit.readings.latest():
        return []
    states = office_states(unit, network)
    newest = _newest(versions.values())
    previews = [_preview(unit, network, version, states) for version in newest]
    report = _reading(unit, network, states, previews, newest)
    content = reading_html(report)
    entry = reading_entry(report, content)
    first = write_page(folder, "reading", entry, content, partial(reading_summary, report))
    return [first, *(_preview_page(each, folder) for each in previews)]


def _newest(versions: Iterable[Version]) -> list[Version]:
    """Of each standard the version that takes effect last."""
    found: dict[str, Version] = {}
    for each in sorted(versions, key=lambda v: (v.effective_from, v.version)):
        found[each.standard] = each
    return [found[standard] for standard in sorted(found)]


def _preview(
    unit: Unit, network: Network, version: Version, states: tuple[OfficeState, ...]
) -> PreviewReport:
    """Every project judged by a version that is not published."""
    judged = network.swept(sorted(network.plans), version, None, frozenset())
    sweep = replace(network.sweep(version, judged, states), id="")
    leader = leader_of_sweep(network.organization, version, network.now.date())
    given = given_of(unit, network, Compared(), version, leader)
    return preview_report(replace(given, sweep=sweep, now=sweep.at))


def _preview_page(report: PreviewReport, folder: PageFolder) -> Filed:
    about = f"preview-{report.heading.standard}-{report.heading.version}"
    return write_report(folder, about, made_of(report), partial(summary, report))


def _reading(
    unit: Unit,
    network: Network,
    states: tuple[OfficeState, ...],
    previews: Iterable[PreviewReport],
    versions: Iterable[Version],
) -> ReadingReport:
    organization, now = network.organization, network.now
    at = max((state.read_at for state in states if state.read_at is not None), default=now)
    offices = [office.id for office in participants(organization, now.date())]
    tables = [(v.id, row) for v in versions for row in table_of(v, organization, offices)]
    leader = organization.leader_of_all(now.date())
    return ReadingReport(
        organization=organization.name,
        as_of=leader.calendar.local_date(at),
        at=at,
        offices=tuple(_offices(unit, network, organization, states)),
        missing=tuple((version, row) for version, row in tables if not row.is_given),
        previews=tuple(f"{r.heading.title} {r.heading.version}: {r.sentence}" for r in previews),
        ledger_head=unit.ledger.head(),
        ledger_entry=unit.ledger.newest(),
        language=organization.own_language,
    )


def _offices(
    unit: Unit, network: Network, organization: Organization, states: tuple[OfficeState, ...]
) -> Iterator[OfficeReading]:
    readings, unknown = unit.readings.latest(), unknown_items(network)
    plans: dict[str, list[Plan]] = {}
    for _, plan in sorted(network.plans.items()):
        plans.setdefault(plan.project.office, []).append(plan)
    for state in states:
        own, reading = plans.get(state.office, []), readings.get(state.office)
        office = organization.offices[state.office]
        yield OfficeReading(
            id=state.office,
            name=office.name,
            state=state,
            projects=len(own),
            items=sum(not item.ours for plan in own for item in plan.items),
            columns=columns_read(gives(organization, state.office), own),
            unreadable=shown_cells(office, reading.unreadable) if reading else (),
            left_out=shown_left_out(office, reading.left_out) if reading else (),
            unknown=unknown.get(state.office, 0),
        )
