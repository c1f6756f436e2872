"""Remove what the organization keeps no longer, and record what that was; what has open matters is held.

The store's part is recorded and deleted in one transaction. Files are recorded before they are removed, so
that after a kill the next run finds and records those that are left. Refuses to touch the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from prefect import task

from config.retaining import let_go_of_messages, record_removed, removed
from config.wiring import Clock
from domain.cases.case import Case
from domain.organization.office import Organization
from domain.organization.retention import KeptKind, Retention
from domain.outcomes.retention import RemovedOfKind, RetentionApplied
from domain.reporting.entry import ReportEntry
from reports.pack.filed import FORMS
from store.expiring import Old
from store.unit import Unit
from tasks.context import current_application
from tasks.old_logs import old_logs, put_aside
from tasks.transactions import Transactions, rehearsed

AT_ONCE = 500
"""Messages whose bodies are deleted in one transaction."""
LOGS, REPORTS = "logs", "reports"
"""Folders of the state folder."""


@task(name="apply-retention")
def apply_retention(why: str, *, dry_run: bool) -> RetentionApplied:
    """Remove what is kept no longer; see `apply`."""
    there = current_application()
    keeping = Keeping(there.organization, there.clock, there.machine, there.settings.state)
    with rehearsed(there.store, dry_run=dry_run) as transactions:
        return apply(keeping, transactions, why, dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whose things are kept, the organization's and the machine's time, and the state folder."""

    organization: Organization
    clock: Clock
    machine: Clock
    state: Path


def apply(keeping: Keeping, transactions: Transactions, why: str, *, dry_run: bool) -> RetentionApplied:
    """Remove what is kept no longer, kind by kind.

    A dry run does the same, in a transaction that whoever began it gives up, and removes no file.
    """
    return _Applying(keeping, transactions, why, removes=not dry_run).all()


@dataclass(frozen=True, slots=True)
class Held:
    """The projects and cases of which nothing is removed."""

    projects: frozenset[str]
    cases: frozenset[str]

    def holds(self, case: Case) -> bool:
        """Whether a case stays: itself, or its project, is held."""
        return case.id in self.cases or case.about.project in self.projects


def held(unit: Unit, organization: Organization) -> Held:
    """Those that the organization's files hold, and those with open matters.

    A project has open matters in an open case, or a deviation that did not end; a restricted one is held
    because kept pages are searched for what it was called. A case has some in an open draft, or in the
    deviation that carries it out.
    """
    deviations = unit.deviations.unended()
    carrying = {each.id for each in deviations}
    projects = {each.about.project for each in unit.cases.open()}
    projects |= {each.scope.project for each in deviations}
    cases = {each.case for each in unit.drafts.open()}
    cases |= {each.id for each in unit.expiring.ended_cases() if _reference(each) in carrying}
    hold = organization.retention.hold
    there = {*projects, *hold, *organization.restricted} - {""}
    return Held(frozenset(there), frozenset((*cases, *hold)))


def _reference(case: Case) -> str:
    return case.agreement.reference if case.agreement is not None else ""


@dataclass(frozen=True, slots=True)
class _Applying:
    """One run of it: where it reads and writes, why, and whether files are removed."""

    keeping: Keeping
    transactions: Transactions
    why: str
    removes: bool

    @property
    def retention(self) -> Retention:
        return self.keeping.organization.retention

    def before(self, kind: KeptKind) -> datetime | None:
        """Logs are of the machine's time, all else of the organization's."""
        clock = self.keeping.machine if kind is KeptKind.LOGS else self.keeping.clock
        return self.retention.before(kind, clock.now())

    def all(self) -> RetentionApplied:
        """Every kind, in order; Prefect's runs are removed by its own server."""
        found = (self.messages(), self.reports(), self.plans(), self.cases(), self.logs())
        return RetentionApplied((*found, self.counted(KeptKind.RUNS, ())), dry_run=not self.removes)

    def counted(self, kind: KeptKind, old: Iterable[Old], held: int = 0) -> RemovedOfKind:
        return removed(kind, self.retention, list(old), held)

    def messages(self) -> RemovedOfKind:
        """The bodies of messages, some at a time."""
        parts: list[RemovedOfKind] = []
        while not parts or parts[-1].count == AT_ONCE:
            with self.transactions.write() as unit:
                at, now = self.keeping.clock.now(), self.keeping.machine.now()
                parts.append(let_go_of_messages(unit, self.retention, now, at, AT_ONCE, self.why))
        return _together(parts)

    def reports(self) -> RemovedOfKind:
        """Packs in the store, and the files of reports and packs that were written."""
        before = self.before(KeptKind.REPORTS)
        if before is None:
            return self.counted(KeptKind.REPORTS, ())
        with self.transactions.write() as unit:
            packs = unit.expiring.packs(before.date())
            files = _files(self.keeping.state / REPORTS, _older(unit.reports.all(), before.date()))
            old = [Old(str(each), each.day) for each in packs]
            old += [Old(entry.slug, entry.as_of) for entry in files]
            found = self.recorded(unit, self.counted(KeptKind.REPORTS, old))
        self.remove(path for paths in files.values() for path in paths)
        return found

    def plans(self) -> RemovedOfKind:
        """What plans held long ago."""
        before = self.before(KeptKind.PLANS)
        if before is None:
            return self.counted(KeptKind.PLANS, ())
        with self.transactions.write() as unit:
            old, left = unit.expiring.plans(before, held(unit, self.keeping.organization).projects)
            return self.recorded(unit, self.counted(KeptKind.PLANS, old, left))

    def cases(self) -> RemovedOfKind:
        """Cases that were over long ago."""
        before = self.before(KeptKind.CASES)
        if before is None:
            return self.counted(KeptKind.CASES, ())
        with self.transactions.write() as unit:
            over = [each for each in unit.expiring.ended_cases() if each.steps[-1].at < before]
            keep = held(unit, self.keeping.organization)
            gone = [each for each in over if not keep.holds(each)]
            unit.expiring.delete_cases(each.id for each in gone)
            old = [Old(each.id, each.steps[-1].at.date()) for each in gone]
            return self.recorded(unit, self.counted(KeptKind.CASES, old, len(over) - len(gone)))

    def logs(self) -> RemovedOfKind:
        """Logs that were put aside long ago; those that are written to are put aside, each once a day."""
        before, folder = self.before(KeptKind.LOGS), self.keeping.state / LOGS
        if before is None:
            return self.counted(KeptKind.LOGS, ())
        old = old_logs(folder, before.date())
        with self.transactions.write() as unit:
            named = [Old(path.name, day) for path, day in old.items()]
            found = self.recorded(unit, self.counted(KeptKind.LOGS, named))
        self.remove(old)
        if self.removes:
            put_aside(folder, self.keeping.machine.now().date())
        return found

    def recorded(self, unit: Unit, found: RemovedOfKind) -> RemovedOfKind:
        """The same, kept in the ledger."""
        record_removed(unit, found, self.keeping.clock.now(), self.why)
        return found

    def remove(self, files: Iterable[Path]) -> None:
        """Remove these files, and the folders of packs that are empty then."""
        for path in files if self.removes else ():
            path.unlink(missing_ok=True)
            if path.parent.name not in (REPORTS, LOGS) and not any(path.parent.iterdir()):
                path.parent.rmdir()


def _together(parts: Iterable[RemovedOfKind]) -> RemovedOfKind:
    """The parts as one; what each was called, its own entry says."""
    every = list(parts)
    found = [each for each in every if each.count] or every[:1]
    first, last = found[0], found[-1]
    total = sum(each.count for each in found)
    return RemovedOfKind(first.what, first.days, total, first.oldest, last.newest, names=last.names)


def _older(entries: Iterable[ReportEntry], before: date) -> list[ReportEntry]:
    """The reports of earlier days, but the newest about each thing."""
    every = list(entries)
    newest: dict[tuple[str, str], date] = {}
    for each in every:
        key = (each.about, each.kind)
        newest[key] = max(each.as_of, newest.get(key, each.as_of))
    return [each for each in every if each.as_of < before and each.as_of < newest[each.about, each.kind]]


def _files(folder: Path, entries: Iterable[ReportEntry]) -> Mapping[ReportEntry, list[Path]]:
    """The files that are there: a report's page, the pages behind it, a pack's other files."""
    found: dict[ReportEntry, list[Path]] = {}
    for entry in entries:
        pages = [folder / f"{entry.slug}{end}" for end in (".html", ".zip")]
        there = [path for path in (*pages, *(folder / entry.slug / name for name in FORMS)) if path.is_file()]
        if there:
            found[entry] = there
    return found
