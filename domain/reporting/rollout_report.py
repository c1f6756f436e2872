"""What a director reads of a rollout: the sentence, the figures, the course, and what it needs from whom.

Refuses a rollout whose adoptions are not exactly its members.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.language import Language
from domain.organization.office import Role
from domain.questions.question import Question
from domain.reporting.given import Given
from domain.reporting.needs import Need, needs
from domain.reporting.sentence import SAYS, Bucket, Sentence, bucket, rollout_sentence
from domain.reporting.sweep_report import Report, ReportRow, changes, heading, office_lines, other_sentences
from domain.rollouts.adoption import is_late
from domain.rollouts.carrying import OWNER, carried_forward
from domain.rollouts.forecast import Forecast, forecast
from domain.rollouts.rollout import OUT, SETTLED, Adoption, Member, Rollout, Standing, WavePlan, WaveState
from domain.rollouts.wave import WaveCount, count_wave
from domain.standards.standard import Version

BUCKETS: tuple[str, ...] = tuple(Bucket)
"""The groups of a bar, best first."""
ADOPTING = frozenset(Standing) - OUT - {Standing.GRANDFATHERED, Standing.DEVIATING}
"""The standings from which a member may still come to follow the version."""


@dataclass(frozen=True, slots=True)
class WaveLine:
    """One wave: all of its members, and the counts of those that count in it.

    Nobody does who was taken out, or was carried forward out of it; `carried_in` others do.
    """

    plan: WavePlan
    state: WaveState
    members: int
    count: WaveCount
    taken_out: int = 0
    carried_out: int = 0
    carried_in: int = 0


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """A member that its wave ended without: its row, its office, the wave where it counts now, and its date.

    Who is accountable for it is the role `owner` of the office; `into` is None after the last wave.
    """

    number: int
    office: str
    owner: Role
    wave: int
    into: int | None
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Course:
    """How many members were settled on a day: those that follow, and those settled in another way."""

    on: date
    adopted: int
    otherwise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutReport(Report):
    """A rollout: its groups are the buckets of the sentence, its rows the members of the manifest."""

    rollout: Rollout
    approver: str
    """The name of who approved it, or how they were called where nobody of that id is known any more."""
    forecast: Forecast
    waves: tuple[WaveLine, ...]
    carried: tuple[CarriedLine, ...]
    """What was carried forward and has not settled, by its date."""
    course: tuple[Course, ...]
    plan: tuple[tuple[date, int], ...]
    """The days by which the waves' members should have settled, with the sum of members up to then."""
    needs: tuple[Need, ...]
    numbers: Mapping[str, int]
    """Rows by project key."""
    moved: tuple[int, ...]
    """The rows whose standing changed since `counted_before`."""
    counted_before: date | None
    planned: int
    """How many of those that nobody took out should be settled by now, by the wave plan."""

    @property
    def settled(self) -> int:
        """How many are settled today."""
        return self.course[-1].adopted + self.course[-1].otherwise

    @property
    def behind(self) -> int:
        """How many fewer are settled than planned; negative where more are."""
        return self.planned - self.settled

    @property
    def decisions(self) -> int:
        """How many decisions wait: elections, twins, copied keys, and a paused or halted rollout."""
        return sum(need.decides for need in self.needs)

    def __post_init__(self) -> None:
        """The parts add up to the members, and each row says what the sweep says, or there is no report."""
        Report.__post_init__(self)
        for what, found in (
            ("the waves", sum(line.members for line in self.waves)),
            ("the plan", self.plan[-1][1] if self.plan else 0),
        ):
            if found != len(self.rows):
                raise ValueError(f"{what} add up to {found}, not to the {len(self.rows)} members")
        for row in self.rows:
            if row.band is not None and row.band not in SAYS[Bucket(row.group)]:
                raise ValueError(f"the sweep says {row.band} of row {row.number}, the rollout {row.group}")


def rollout_report(
    given: Given,
    rollout: Rollout,
    approved: Sequence[Member],
    adoptions: Iterable[Adoption],
    *,
    questions: Sequence[Question] = (),
    history: Sequence[tuple[date, Mapping[Standing, int]]] = (),
    objected: Collection[str] = (),
) -> RolloutReport:
    """What a director reads of a rollout; `approved` are its manifest's members, `objected` projects.

    Of `history` the days before today are used. Raises ValueError where adoptions or parts do not add up.
    """
    manifest, members = rollout.manifest, _of_members(rollout, approved, adoptions)
    version = given.version(manifest.standard, manifest.version)
    rows, numbers = _rows(given, manifest.standard, members, objected), _numbers(members)
    earlier = max((on for on, _ in history if on < given.today), default=None)
    course, by_wave = _course(members, history, given.today), _by_wave(given, rollout, members, version)
    return RolloutReport(
        heading=heading(given, manifest.standard, manifest.version),
        sentence=_sentence(given, rollout, rows, members, version),
        counts=_counts(rows),
        rows=rows,
        offices=office_lines(given, rows, BUCKETS),
        changes=changes(given, numbers),
        others=other_sentences(given.others, given.language),
        rollout=rollout,
        approver=given.person(rollout.approved_by),
        forecast=_forecast(course, members, given.language),
        waves=_waves(rollout, members, given.today),
        carried=_carried(members, numbers),
        course=course,
        plan=_plan(by_wave),
        needs=_needs(given, rollout, members, questions, version),
        numbers=numbers,
        moved=_moved(members, earlier, given.today),
        counted_before=earlier,
        planned=sum(by <= given.today and a.standing not in OUT for a, by in by_wave),
    )


def _counts(rows: Iterable[ReportRow]) -> Mapping[str, int]:
    found = Counter(row.group for row in rows)
    return {group: found[group] for group in BUCKETS}


def _moved(members: Iterable[Adoption], earlier: date | None, today: date) -> tuple[int, ...]:
    """The numbers of those that moved since that day."""
    return tuple(n for n, a in enumerate(members, 1) if earlier and earlier < a.since <= today)


def _numbers(members: Iterable[Adoption]) -> Mapping[str, int]:
    """The rows by project, from 1."""
    return {a.project: number for number, a in enumerate(members, 1)}


def _of_members(
    rollout: Rollout, approved: Iterable[Member], adoptions: Iterable[Adoption]
) -> tuple[Adoption, ...]:
    """The adoptions by key, which are exactly those of the members."""
    members = tuple(sorted(adoptions, key=lambda a: a.project))
    wanted = sorted(member.project for member in approved)
    if [a.project for a in members] != wanted:
        raise ValueError(
            f"{rollout.id} has {len(wanted)} members; these {len(members)} adoptions are not theirs"
        )
    return members


def _rows(
    given: Given, standard: str, members: Sequence[Adoption], objected: Collection[str]
) -> tuple[ReportRow, ...]:
    """The members by key, each as judged; a restricted one has only what may be counted."""
    judged = {j.project: j for j in given.sweep.judged} if given.sweep is not None else {}
    rows = []
    for number, a in enumerate(members, 1):
        found = judged.get(a.project)
        today = given.organization.offices[a.office].calendar.local_date(given.now)
        band = found.band if found is not None else None
        bare = ReportRow(
            number,
            a.office,
            bucket(a, today, band),
            restricted=a.project in given.restricted,
            band=band,
            late=is_late(a, today),
            standing=a.standing,
            wave=a.wave,
        )
        told = replace(
            bare,
            project=a.project,
            title=given.titles.get(a.project, ""),
            judged=found,
            findings=given.findings(found, standard) if found is not None else (),
            since=a.since,
            due=a.due or a.answer_by,
            until=a.until,
            why=a.why,
            missing=a.missing,
            objected=a.project in objected,
        )
        rows.append(bare if bare.restricted else told)
    return tuple(rows)


def _sentence(
    given: Given,
    rollout: Rollout,
    rows: Sequence[ReportRow],
    members: Sequence[Adoption],
    version: Version | None,
) -> Sentence:
    """The sentence of the counts; the date is the last one on which somebody must act in time."""
    counts = {group: sum(row.group == group for row in rows) for group in Bucket}
    ahead = [a.due for a, row in zip(members, rows, strict=True) if row.group == Bucket.MUST_ACT and a.due]
    old = version.previous if version else None
    late = sum(row.late for row in rows if row.group == Bucket.NOT_REPORTED)
    new, due = rollout.manifest.version, max(ahead, default=None)
    return rollout_sentence(counts, new, old, due, given.today, late, given.language)


def _forecast(course: Sequence[Course], members: Sequence[Adoption], says: Language) -> Forecast:
    """When 80 % of the members that nobody took out follow the version."""
    active = [a for a in members if a.standing not in OUT]
    points = [(point.on, point.adopted) for point in course]
    within_reach = sum(a.standing in ADOPTING for a in active)
    return forecast(points, len(active), within_reach, language=says)


def _needs(
    given: Given,
    rollout: Rollout,
    members: Sequence[Adoption],
    questions: Sequence[Question],
    version: Version | None,
) -> tuple[Need, ...]:
    """What the rollout needs from people this week."""
    return needs(
        organization=given.organization,
        rollout=rollout,
        adoptions=members,
        questions=questions,
        version=version,
        sweep=given.sweep,
        now=given.now,
        held=given.held,
        language=given.language,
        programs=given.programs,
    )


def _course(
    members: Sequence[Adoption], history: Sequence[tuple[date, Mapping[Standing, int]]], today: date
) -> tuple[Course, ...]:
    """How many were settled on each earlier day, oldest first, and today."""
    now = {standing: sum(a.standing is standing for a in members) for standing in Standing}
    earlier = sorted(((on, counts) for on, counts in history if on < today), key=lambda point: point[0])
    return tuple(
        Course(
            on,
            counts.get(Standing.ADOPTED, 0),
            sum(counts.get(s, 0) for s in SETTLED if s is not Standing.ADOPTED),
        )
        for on, counts in (*earlier, (today, now))
    )


def _waves(rollout: Rollout, members: Sequence[Adoption], today: date) -> tuple[WaveLine, ...]:
    """The waves in order, with the standing of their members."""
    return tuple(
        WaveLine(
            plan,
            rollout.waves.get(plan.number, WaveState.PLANNED),
            sum(a.wave == plan.number for a in members),
            count_wave(members, plan.number, today),
            sum(a.wave == plan.number and a.standing in OUT for a in members),
            sum(a.wave == plan.number != a.counts_in and a.standing not in OUT for a in members),
            sum(a.counts_in == plan.number != a.wave and a.standing not in OUT for a in members),
        )
        for plan in sorted(rollout.manifest.waves, key=lambda w: w.number)
    )


def _carried(members: Sequence[Adoption], numbers: Mapping[str, int]) -> tuple[CarriedLine, ...]:
    """What was carried forward and has not settled, by its date."""
    return tuple(
        CarriedLine(
            numbers[a.project],
            a.office,
            OWNER,
            a.wave,
            a.counts_in,
            a.carried.on,
            a.carried_until or a.carried.by,
        )
        for a in carried_forward(members)
        if a.carried is not None
    )


def _by_wave(
    given: Given, rollout: Rollout, members: Iterable[Adoption], version: Version | None
) -> tuple[tuple[Adoption, date], ...]:
    """By when each member should settle: its wave's start, its trial, and the longest remedy.

    In business days of each member's office.
    """
    remedy = max((rule.days for rule in version.rules), default=0) if version is not None else 0
    plans = {plan.number: plan for plan in rollout.manifest.waves}
    days: dict[tuple[str, int], date] = {}
    for member in members:
        plan, key = plans[member.wave], (member.office, member.wave)
        if key not in days:
            office = given.organization.offices[member.office]
            bound = plan.binds_on(plan.start, office.calendar, office.rhythm)
            days[key] = office.calendar.add_business_days(bound, remedy)
    return tuple((member, days[member.office, member.wave]) for member in members)


def _plan(by_wave: Iterable[tuple[Adoption, date]]) -> tuple[tuple[date, int], ...]:
    """The days by which members should settle, with how many up to then."""
    days = Counter(by for _, by in by_wave)
    steps = sorted(days.items())
    return tuple((on, sum(count for _, count in steps[: n + 1])) for n, (on, _) in enumerate(steps))
