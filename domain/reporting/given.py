"""What a report on a sweep or a rollout is made from: read before, and looked up here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.compliance.findings import Finding, findings, rules_of
from domain.compliance.sweep import Judged, Sweep, SweepCount
from domain.decisions.pending import PendingDecisions
from domain.delivery.held import Held
from domain.language import ENGLISH, Language
from domain.organization.calendar import Calendar
from domain.organization.office import Organization
from domain.plans.left_out import LeftOut
from domain.plans.project import Unreadable
from domain.reporting.deviations import Deviations
from domain.standards.standard import Rule, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a report is made from, at `now` (aware).

    `leader` is the id of the strategic office that leads what the report is about: its zone gives the dates.
    `titles` are by project key, `unreadable`, `left_out` and `unknown` by office id; `versions` give the
    rules' titles, those of the version before included; `restricted` projects are counted, never named.
    """

    organization: Organization
    leader: str
    now: datetime
    sweep: Sweep | None = None
    before: Sweep | None = None
    versions: tuple[Version, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    restricted: frozenset[str] = frozenset()
    programs: Mapping[str, str] = field(default_factory=dict)
    """The ids of the projects' programs, by project key."""
    unreadable: Mapping[str, Sequence[Unreadable]] = field(default_factory=dict)
    left_out: Mapping[str, Sequence[LeftOut]] = field(default_factory=dict)
    """What the last reading of each office passed over on purpose."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """The items of each office of which it is not known whether they are open."""
    held: Sequence[Held] = ()
    """What does not stand in the offices' tools as it should."""
    language: Language = ENGLISH
    """The language of the report."""
    others: tuple[SweepCount, ...] = ()
    """The newest sweeps by the other standards that bind the projects."""
    trend: tuple[SweepCount, ...] = ()
    """The last kept sweeps under the version, oldest first."""
    bound: Mapping[str, date] = field(default_factory=dict)
    """Since when the version binds a project, by key."""
    pending: tuple[PendingDecisions, ...] = ()
    """What waits past its date for an office that decides, of the offices that are shown."""
    deviations: Deviations | None = None
    unheard: frozenset[str] = frozenset()
    """The offices that are never heard from."""
    ledger_head: str = ""
    ledger_entry: int = 0
    found: dict[tuple[str, str], tuple[Finding, ...]] = field(default_factory=dict, compare=False, repr=False)
    """The findings that were made already, by standard and project: two reports may show them."""
    ruled: dict[tuple[str, str], Mapping[str, Rule]] = field(default_factory=dict, compare=False, repr=False)
    """The rules that were looked up already, by standard and version."""

    @property
    def today(self) -> date:
        """The as-of date, in the zone of the office that leads."""
        return self.calendar.local_date(self.now)

    def today_at(self, office: str) -> date:
        """The day at an office."""
        return self.organization.offices[office].calendar.local_date(self.now)

    @property
    def calendar(self) -> Calendar:
        """The calendar of the office that leads."""
        return self.organization.offices[self.leader].calendar

    def person(self, key: str) -> str:
        """A person's name; their id where nobody of that id is known any more."""
        known = self.organization.people.get(key)
        return known.name if known is not None else key

    def findings(self, judged: Judged, standard: str) -> tuple[Finding, ...]:
        """What a project does not keep, as it was judged; of one under the version before without a day."""
        key = standard, judged.project
        if key not in self.found:
            bound_on = None if judged.grandfathered else self.bound.get(judged.project)
            calendar = self.organization.offices[judged.office].calendar
            version, rules = self.version(standard, judged.version), self._rules(standard, judged.version)
            self.found[key] = findings(judged, version, calendar, bound_on, rules)
        return self.found[key]

    def _rules(self, standard: str, version: str) -> Mapping[str, Rule]:
        key = standard, version
        if key not in self.ruled:
            self.ruled[key] = rules_of(self.version(standard, version))
        return self.ruled[key]

    def version(self, standard: str, version: str) -> Version | None:
        """That version of that standard; None where it is not among those given."""
        return next((v for v in self.versions if (v.standard, v.version) == (standard, version)), None)
