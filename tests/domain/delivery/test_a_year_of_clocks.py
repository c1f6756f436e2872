"""A simulated year in six time zones: every reminder and escalation exactly once, none early, whatever happens.

The worker looks every two hours, is down for three days six times, and its clock steps back an hour now and
then. What is expected is found by looking at each day by itself, with no index and no law of ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from domain.delivery import digests as digesting
from domain.delivery.digests import Told, Waiting, digests
from domain.organization.calendar import Blackout, Calendar
from domain.organization.clocks import Clocks, Escalation
from domain.organization.ladder import ladder
from domain.organization.office import Organization, Person, Role
from domain.organization.turns import Turn, TurnClock
from domain.questions.overdue import overdue
from domain.questions.question import Question, QuestionKind
from domain.rollouts import adoption as adopting
from domain.rollouts.adoption import escalate
from domain.rollouts.rollout import Adoption, Standing
from tests.domain.builders import office, organization, seen

CLOSING = Blackout("Closing", date(2027, 3, 22), date(2027, 3, 31))
PLACES = {
    "berlin": Calendar("DE", "Europe/Berlin", holidays=frozenset({date(2027, 3, 26), date(2027, 3, 29)})),
    "boston": Calendar("US", "America/New_York", half_weekdays=frozenset({4})),
    "dubai": Calendar("AE", "Asia/Dubai", frozenset({5, 6}), half_weekdays=frozenset({4})),
    "dunedin": Calendar("NZ", "Pacific/Auckland", blackouts=(CLOSING,)),
    "delhi": Calendar("IN", "Asia/Kolkata", frozenset({6}), half_weekdays=frozenset({5})),
    "recife": Calendar("BR", "America/Sao_Paulo", half_days=frozenset({date(2027, 2, 10)})),
}
TIMES = Escalation(2, 5, 3, 10)
DAY, STEP = timedelta(days=1), timedelta(hours=2)
YEAR = (datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
SPRING = (datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 4, 10, tzinfo=UTC))
"""Both halves of the world change their clocks in it."""
BY = re.compile(r"by (\d{4}-\d\d-\d\d)$")
Event = tuple[str, str, date]
"""What it is, whose, and the date that it is about."""


def net() -> Organization:
    people = {name: Person(name, name.title(), f"{name}@example.com") for name in PLACES}
    offices = [
        office(name, "hq", calendar, roles={Role.REPORTER: (name,)}, kind="strategic")
        for name, calendar in PLACES.items()
    ]
    return organization(*offices, people=people, clocks=Clocks(escalation=TIMES))


@dataclass
class Year:
    """What a worker does at each look, and all that it told, with the time."""

    organization: Organization
    dates: dict[str, list[date]]
    told: list[tuple[Event, datetime]] = field(default_factory=list)
    digests: dict[str, Told] = field(default_factory=dict)
    adoptions: dict[tuple[str, date], Adoption] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    done: set[tuple[str, date]] = field(default_factory=set)
    """Of which all levels were told three days ago and longer."""

    def look(self, now: datetime) -> None:
        """What a worker does; of what is far from its date it is not asked, to spare time."""
        ahead = {(name, by): (by - now.date()).days for name, days in self.dates.items() for by in days}
        soon = [at for at, days in ahead.items() if -2 <= days <= 21]
        past = [at for at, days in ahead.items() if -45 <= days <= 1 and at not in self.done]
        asked = [self.question(*at, QuestionKind.FACT) for at in soon]
        for digest in digests(self.organization, Waiting(asked), self.digests, now):
            name = digest.person.id
            self.digests[name] = Told(digest.day)
            for line in digest.lines:
                found = BY.search(line.text)
                assert found is not None
                self.told.append((("reminder", name, date.fromisoformat(found[1])), now))
        for name, by in past:
            self.escalate(name, by, now)
        decisions = [self.question(*at, QuestionKind.APPROVAL) for at in past]
        for notice in overdue(self.organization, decisions, now):
            if notice.key not in self.keys:
                self.keys.add(notice.key)
                _, name, by, level = notice.key.split("|")
                self.told.append(((f"decision {level.strip('/')}", name, date.fromisoformat(by)), now))

    def escalate(self, name: str, by: date, now: datetime) -> None:
        """The missing answers of a project, as an advance of its rollout does."""
        there = self.organization.offices[name]
        before = self.adoptions.setdefault(
            (name, by), Adoption(f"{name}/P", name, 1, Standing.UNANSWERED, by, "", answer_by=by)
        )
        levels = ladder(self.organization, name, TIMES, "hq")
        today = there.calendar.local_date(now)
        after = escalate(before, seen(today=today, calendar=there.calendar, ladder=levels))
        self.adoptions[name, by] = after
        if after.escalated == 3 and today > day_after(there.calendar, by, 13):
            self.done.add((name, by))
        for n in range(before.escalated, after.escalated):
            self.told.append(((f"answer {n + 1}", name, by), now))

    def question(self, name: str, by: date, kind: QuestionKind) -> Question:
        begun = by - timedelta(days=40)
        return Question(f"q|{name}|{by}|", name, f"{name}/P", kind, "x", "Text", begun, by, placed=begun)


def looks(span: tuple[datetime, datetime], random: Random) -> Iterator[datetime]:
    """When the worker looks; in six times of three days it does not, and sometimes its clock steps back."""
    begin, end = span
    days = (end - begin).days
    down = sorted(
        begin + timedelta(days=random.randrange(days), hours=random.randrange(24)) for _ in range(6)
    )
    at = begin
    while at < end:
        if not any(since <= at < since + 3 * DAY for since in down):
            yield at + timedelta(minutes=random.randrange(3))
            if random.random() < 0.01:
                yield at - timedelta(hours=1)
        at += STEP


def halves(calendar: Calendar, day: date) -> int:
    if day.weekday() in calendar.weekend or day in calendar.holidays:
        return 0
    if any(each.first <= day <= each.last for each in calendar.blackouts):
        return 0
    return 1 if day in calendar.half_days or day.weekday() in calendar.half_weekdays else 2


def day_after(calendar: Calendar, day: date, count: int) -> date:
    left = 2 * count
    while left > 0:
        day += DAY
        left -= halves(calendar, day)
    return day


def day_before(calendar: Calendar, by: date, count: int) -> date:
    day, have = by, 0
    while True:
        have += halves(calendar, day)
        day -= DAY
        if have >= 2 * count and halves(calendar, day):
            return day


def expected(year: Year, times: list[datetime]) -> Counter[tuple[Event, datetime]]:
    """Everything that is to be told, with the look at which it is the first time that it may be."""
    found: Counter[tuple[Event, datetime]] = Counter()
    for name, days in year.dates.items():
        calendar, zone = PLACES[name], ZoneInfo(PLACES[name].time_zone)
        local = [(each.astimezone(zone), each) for each in times]
        mornings = [
            (there, each)
            for there, each in local
            if there.time() >= time(7) and halves(calendar, there.date())
        ]
        for by in days:
            for kind, levels in (("answer", (2, 5, 10)), ("decision", (2, 5, 10))):
                for n, after in enumerate(levels, 1):
                    first = day_after(calendar, by, after)
                    at = next((each for there, each in local if there.date() >= first), None)
                    if at:
                        found[(f"{kind} {n}", name, by), at] += 1
            steps = (day_before(calendar, by, 2), by)
            told = {next((each for there, each in mornings if there.date() >= step), None) for step in steps}
            for at in told:
                if at and at.astimezone(zone).date() <= by:
                    found[("reminder", name, by), at] += 1
    return found


def lived(span: tuple[datetime, datetime], seed: int) -> tuple[Year, list[datetime]]:
    random, year = Random(seed), Year(net(), {})
    for name, calendar in PLACES.items():
        due: set[date] = set()
        for n in range(0, (span[1] - span[0]).days - 60 if span is YEAR else 18, 12 if span is YEAR else 5):
            day = span[0].date() + timedelta(days=8 + n + random.randrange(5))
            due.add(calendar.add_business_days(day, 0))
        year.dates[name] = sorted(due)
    times = list(looks(span, random))
    for now in times:
        year.look(now)
    return year, times


def wrong(span: tuple[datetime, datetime], seed: int) -> Counter[tuple[Event, datetime]]:
    """What was told too often, too early or too late, and what was not told."""
    year, times = lived(span, seed)
    told, wanted = Counter(year.told), expected(year, times)
    kinds = {event[0] for event, _ in told}
    if {"reminder", "answer 1", "answer 2", "decision 1", "decision 2", "decision 3"} - kinds:
        raise AssertionError(f"only {sorted(kinds)} were told")
    return (told - wanted) + (wanted - told)


def test_in_a_year_every_reminder_and_escalation_is_told_exactly_once_and_none_early() -> None:
    assert wrong(YEAR, 16) == Counter()


def test_in_the_weeks_of_changed_clocks_too_with_other_outages() -> None:
    assert [wrong(SPRING, seed) for seed in (1, 2)] == [Counter(), Counter()]


def test_the_clock_of_a_turn_names_the_same_instants_before_they_come() -> None:
    org = net()
    for name, calendar in PLACES.items():
        asked = datetime(2027, 3, 10, 15, tzinfo=UTC)
        clock = TurnClock(calendar, (Turn(asked),), 5)
        by = clock.due_on
        assert by == day_after(calendar, calendar.local_date(asked), 5)
        assert clock.reminders() == (day_before(calendar, by, 2), by)
        for level, at in clock.levels(ladder(org, name, TIMES, "hq")):
            zone = ZoneInfo(calendar.time_zone)
            assert at.astimezone(zone).date() == day_after(calendar, by, level.after)
            assert at.astimezone(zone).time() == time(0)


FAULTS = {
    "days of UTC": (Calendar, "local_date", lambda _self, at: at.date()),
    "each look tells again": (adopting, "late_levels", lambda *_given: ()),
    "no memory of digests": (digesting, "reminds", lambda _calendar, by, _since, today: today == by),
    "half days are whole ones": (Calendar, "_days", lambda self: replace(self, half_weekdays=frozenset(), half_days=frozenset())._real()),
    "blackouts are worked": (Calendar, "_days", lambda self: replace(self, blackouts=())._real()),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_in_the_clocks_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, fault = FAULTS[name]
    monkeypatch.setattr(Calendar, "_real", Calendar._days, raising=False)
    monkeypatch.setattr(where, what, fault)
    try:
        found = wrong(SPRING, 1)
    except AssertionError:
        return  # something was not told at all
    assert found != Counter()
