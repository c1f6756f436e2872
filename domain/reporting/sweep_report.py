"""What a director reads of a sweep, and what every report holds; refuses parts that do not add up.

A restricted project is counted, never named: its row has no key, title, reason, facts or dates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from domain.compliance.findings import Finding
from domain.compliance.glossary import is_read
from domain.compliance.sweep import FlipCause, Judged, OfficeState, Sweep, SweepCount
from domain.decisions.pending import PendingDecisions
from domain.language import ENGLISH, Language
from domain.plans.left_out import LeftOut
from domain.plans.project import Unreadable
from domain.reporting.deviations import Deviations
from domain.reporting.duties import Duty, duties
from domain.reporting.flips import flips, gone
from domain.reporting.given import Given
from domain.reporting.held_groups import HeldGroup, held_groups
from domain.reporting.life_cycles import CycleLine, cycle_line, summed
from domain.reporting.sentence import Sentence, sweep_sentence
from domain.reporting.trend import TrendPoint, trend_of
from domain.rollouts.rollout import Standing
from domain.standards.life_cycle import LifeCycle
from domain.standards.verdict import Result

BAND_GROUPS: tuple[str, ...] = (
    Result.PASS,
    Result.GRANDFATHERED,
    Result.PERMITTED,
    Result.NOT_APPLICABLE,
    Result.UNKNOWN,
    Result.FAIL,
    Result.ERROR,
)
"""The bands of a bar, best first."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One project of a report. `number` is its place from 1, `group` its bucket or band.

    `due` is the last day for its work or its answer, `until` the last day of its leeway.

    Of a restricted one only `number`, `office`, `group`, `standing`, `wave`, `band` and `late` are filled.
    """

    number: int
    office: str
    group: str
    project: str = ""
    title: str = ""
    restricted: bool = False
    band: Result | None = None
    judged: Judged | None = None
    standing: Standing | None = None
    wave: int | None = None
    late: bool = False
    """Whether its work is late."""
    since: date | None = None
    due: date | None = None
    until: date | None = None
    why: str = ""
    missing: tuple[str, ...] = ()
    """The facts that its office was asked for."""
    findings: tuple[Finding, ...] = ()
    """What is not kept, with what has to be done, by whom and by when."""
    objected: bool = False
    """Whether its office objects: it stands as an objection, neither late nor adopted."""


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office: how many of its projects are in each group, how it was read, its unreadable cells."""

    number: int
    id: str
    name: str
    counts: Mapping[str, int]
    state: OfficeState | None = None
    unreadable: tuple[Unreadable, ...] = ()
    held: tuple[HeldGroup, ...] = ()
    """What does not stand in the office's tool as it should."""
    left_out: tuple[LeftOut, ...] = ()
    """What its last reading passed over on purpose, by kind."""
    unknown: int = 0
    """Items of which neither status nor percent says whether they are open."""

    @property
    def total(self) -> int:
        """How many projects the office has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Change:
    """A flip since the sweep before. `number` is the row (None: gone, or not in this report)."""

    number: int | None
    office: str
    was: Result | None
    now: Result | None
    cause: FlipCause
    why: str
    rules: tuple[str, ...] = ()
    """The titles of the rules whose result is another one, in the order of the rules."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report is about. `as_of` is the date in the zone of the office that leads, `at` the instant."""

    organization: str
    standard: str
    title: str
    version: str
    old: str | None
    as_of: date
    at: datetime
    compared_with: date | None
    """The day of the sweep before."""
    sweep: str
    ledger_head: str
    ledger_entry: int
    """The number of the entry whose hash is the head."""
    names: Mapping[str, str]
    """Offices' names by id."""
    rules: Mapping[str, Mapping[str, str]]
    """Titles by version and rule."""
    language: Language = ENGLISH
    """The language of the report."""
    pending: tuple[PendingDecisions, ...] = ()
    """What waits past its date for an office that decides."""
    life_cycles: Mapping[str, tuple[LifeCycle, ...]] = field(default_factory=dict)
    """The life cycles by version, of those that have any."""
    not_consulted: bool = False
    """Whether nobody was consulted on the version, as its file sets the period to 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What every report holds."""

    heading: Heading
    sentence: Sentence
    counts: Mapping[str, int]
    """Projects by group: the buckets of a rollout, or the bands of a sweep; best first."""
    rows: tuple[ReportRow, ...]
    offices: tuple[OfficeLine, ...]
    """The offices with projects, worst first; then those without any."""
    changes: tuple[Change, ...] = ()
    others: tuple[str, ...] = ()
    """What the newest sweeps by the other standards say, a sentence each."""

    def __post_init__(self) -> None:
        """The parts add up to the projects, or there is no report."""
        total = len(self.rows)
        grouped = {group: sum(row.group == group for row in self.rows) for group in self.counts}
        sums = {
            "the counts": sum(self.counts.values()),
            "the rows of known groups": sum(grouped.values()),
            "the offices": sum(line.total for line in self.offices),
            "the sentence": self.sentence.total,
        }
        for what, found in sums.items():
            if found != total:
                raise ValueError(f"{what} add up to {found}, not to the {total} projects of the report")
        if grouped != dict(self.counts):
            raise ValueError(f"the counts say {dict(self.counts)}, the rows {grouped}")
        if [row.number for row in self.rows] != list(range(1, total + 1)):
            raise ValueError("the rows are not numbered from 1")

    @property
    def taking_part(self) -> tuple[OfficeLine, ...]:
        """The offices of the sweep."""
        return tuple(line for line in self.offices if line.state is not None)

    @property
    def read(self) -> tuple[OfficeLine, ...]:
        """Those of them that are read."""
        return tuple(line for line in self.offices if line.state is not None and is_read(line.state))

    @property
    def stale(self) -> tuple[OfficeLine, ...]:
        """Those of them that are stale."""
        return tuple(line for line in self.offices if line.state is not None and line.state.stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport(Report):
    """A sweep alone: the bands of the whole network, office by office."""

    trend: tuple[TrendPoint, ...] = ()
    """The days of the last kept sweeps under the version, oldest first; this one is the last."""
    duties: tuple[Duty, ...] = ()
    """Who must do what, most urgent first."""
    deviations: Deviations | None = None
    """The deviations from the standard; None where none was ever asked for."""
    unheard: tuple[str, ...] = ()
    """The offices that are never heard from, by id."""
    life_cycles: tuple[CycleLine, ...] = ()
    """Where the projects stand in their life cycles; none where no version has any."""
    of_offices: Mapping[str, tuple[CycleLine, ...]] = field(default_factory=dict)
    """The same for each office, by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewReport(SweepReport):
    """What a sweep by a version would say that is not published: it binds nobody, and is not stored."""


AnySweepReport = TypeVar("AnySweepReport", bound=SweepReport)


def heading(given: Given, standard: str, version: str) -> Heading:
    """What a report on that version is about."""
    found = given.version(standard, version)
    return Heading(
        organization=given.organization.name,
        standard=standard,
        title=found.title if found else standard,
        version=version,
        old=found.previous if found else None,
        as_of=given.today,
        at=given.now,
        compared_with=given.calendar.local_date(given.before.at) if given.before else None,
        sweep=given.sweep.id if given.sweep else "",
        ledger_head=given.ledger_head,
        ledger_entry=given.ledger_entry,
        names={office.id: office.name for office in given.organization.offices.values()},
        rules={v.version: {rule.uid: rule.title for rule in v.rules} for v in given.versions},
        language=given.language,
        pending=given.pending,
        life_cycles={v.version: v.life_cycles for v in given.versions if v.life_cycles},
        not_consulted=found is not None and found.previous is not None and found.consulted.days == 0,
    )


def sweep_report(given: Given) -> SweepReport:
    """What a director reads of a sweep.

    Raises ValueError without a sweep, or where the bands do not add up to the projects judged.
    """
    return _of_sweep(given, SweepReport)


def preview_report(given: Given) -> PreviewReport:
    """What a sweep by a version would say that is not published; raises as `sweep_report` does."""
    return _of_sweep(given, PreviewReport)


def _of_sweep(given: Given, kind: type[AnySweepReport]) -> AnySweepReport:
    sweep = given.sweep
    if sweep is None:
        raise ValueError("a sweep's report needs the sweep")
    ordered = sorted(sweep.judged, key=lambda j: j.project)
    rows = tuple(
        ReportRow(number, j.office, j.band, restricted=True, band=j.band)
        if j.project in given.restricted
        else ReportRow(
            number,
            j.office,
            j.band,
            j.project,
            given.titles.get(j.project, ""),
            band=j.band,
            judged=j,
            findings=given.findings(j, sweep.standard),
        )
        for number, j in enumerate(ordered, 1)
    )
    head = heading(given, sweep.standard, sweep.version)
    placed = _placed(given, sweep)
    return kind(
        heading=head,
        sentence=sweep_sentence(sweep.bands, sweep.version, head.old, given.language),
        counts={group: sum(row.group == group for row in rows) for group in BAND_GROUPS},
        rows=rows,
        offices=office_lines(given, rows, BAND_GROUPS),
        changes=changes(given, {j.project: number for number, j in enumerate(ordered, 1)}),
        others=other_sentences(given.others, given.language),
        trend=trend_of(sweep, given.trend, given.calendar, given.today),
        duties=duties(rows, given.today),
        deviations=given.deviations,
        unheard=tuple(sorted(given.unheard & {state.office for state in sweep.offices})),
        life_cycles=summed(line for lines in placed.values() for line in lines),
        of_offices={office: summed(lines) for office, lines in placed.items()},
    )


def _placed(given: Given, sweep: Sweep) -> Mapping[str, list[CycleLine]]:
    """Where the projects of each office stand in the life cycles of the versions that they were judged by."""
    found: dict[str, list[CycleLine]] = {}
    for each in sweep.judged:
        version = given.version(sweep.standard, each.version)
        line = cycle_line(each, version, given.today_at(each.office))
        if line is not None:
            found.setdefault(each.office, []).append(line)
    return found


def other_sentences(sweeps: Sequence[SweepCount], language: Language) -> tuple[str, ...]:
    """What sweeps by other standards say, each with the version's name."""
    return tuple(str(sweep_sentence(each.bands, each.named, None, language)) for each in sweeps)


def office_lines(given: Given, rows: Sequence[ReportRow], groups: Sequence[str]) -> tuple[OfficeLine, ...]:
    """The offices of the rows and of the sweep, worst first: the share of the worst group, then the next."""
    states = {state.office: state for state in given.sweep.offices} if given.sweep is not None else {}
    known = given.organization.offices
    found = []
    grouped = Counter((row.office, row.group) for row in rows)
    for office in sorted({row.office for row in rows} | set(states)):
        counts = {g: grouped[office, g] for g in groups}
        total = sum(counts.values())
        goodness = tuple(-counts[g] / total if total else 1.0 for g in reversed(groups))
        found.append((goodness, office, counts))
    return tuple(
        OfficeLine(
            number,
            office,
            known[office].name if office in known else office,
            counts,
            states.get(office),
            tuple(given.unreadable.get(office, ())),
            held_groups(given.held, office, given.language),
            tuple(given.left_out.get(office, ())),
            given.unknown.get(office, 0),
        )
        for number, (_, office, counts) in enumerate(sorted(found, key=lambda f: f[:2]), 1)
    )


def changes(given: Given, numbers: Mapping[str, int]) -> tuple[Change, ...]:
    """The flips of the numbered projects, then those that are gone; of restricted ones only the bands."""
    if given.sweep is None:
        return ()
    titles = {rule.uid: rule.title for version in reversed(given.versions) for rule in version.rules}
    found = []
    for flip in flips(given.before, given.sweep):
        if flip.project in numbers:
            hidden = flip.project in given.restricted
            why = "" if hidden else flip.why
            rules = () if hidden else tuple(titles.get(uid, uid) for uid in flip.rules)
            row = numbers[flip.project]
            found.append(Change(row, flip.office, flip.was, flip.now, flip.cause, why, rules))
    left = [
        Change(
            None,
            judged.office,
            judged.band,
            None,
            FlipCause.PROJECT,
            given.language.say("no longer among the projects read"),
        )
        for judged in gone(given.before, given.sweep)
    ]
    return (*found, *left)
