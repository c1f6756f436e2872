"""The figures of the short reports once more, slowly: from the kept plans, the ledger and the stored rows.

Nothing of domain/reporting, of the sums in domain/rollouts or of reports/ is called: a project is looked at
one by one, and everything is counted with loops. What it shares with them is what it is about: calendars, the
judging of a rule, and the rows themselves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from domain.compliance.network import Network
from domain.organization.ladder import ladder
from domain.organization.office import Role
from domain.plans.project import Stage
from domain.questions.question import Question
from domain.rollouts.rollout import Adoption, Rollout
from domain.standards.standard import Rule, Version
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tests.reports.slow_deviations import Measured, asked_of, pending

BEST_FIRST = ("follows", "old", "deviates", "out", "not_yet", "asked", "must_act", "not_reported", "late")
BANDS = ("pass", "grandfathered", "permitted", "not_applicable", "unknown", "fail", "error")
WORST = ("error", "fail", "unknown", "permitted", "grandfathered", "pass")
MOST_ABOUT = 3
OUT = ("skipped", "rolled_back")
SETTLED = ("adopted", "grandfathered", "deviating")
NOT_KEPT = ("fail", "unknown", "permitted", "error", "grandfathered")
OPEN = ("fail", "unknown", "error")
SHOWN = {
    "planned": "planned", "notified": "notified", "trial": "pilot period", "binding": "action required",
    "adopted": "adopted", "grandfathered": "completing under {old}", "deviating": "approved deviation",
    "questioned": "information requested", "unanswered": "no response", "failed": "no longer follows",
    "rolled_back": "rolled back", "skipped": "excluded",
}  # fmt: skip

SHOWN_BANDS = {
    "pass": "pass", "fail": "fail", "permitted": "approved deviation", "not_applicable": "not applicable",
    "unknown": "not reported", "error": "could not be judged",
}  # fmt: skip


def short(on: date) -> str:
    return f"{on.day} {on:%b}"


def long(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}"


def near(on: date, today: date) -> str:
    return f"{on.day} {on:%B}" if on.year == today.year else long(on)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def several(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


@dataclass
class Slow:
    """What is stored, looked at once more."""

    unit: Unit
    rulebook: Rulebook
    now: datetime
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        self.organization = self.rulebook.organization
        self.readings = self.unit.readings.latest()
        self.offices = [
            key
            for key in sorted(self.organization.offices)
            if self.organization.takes_part(key, self.now.date())
            and self.organization.partition(key) is not None
        ]
        plans = [s.plan for s in self.unit.plans.current() if s.plan.project.office in self.offices]
        tools = {key: r.tool for key, r in self.readings.items() if r.tool is not None}
        self.versions, self.rollouts = self.unit.versions.all(), self.unit.rollouts.all()
        self.questions, self.held = self.unit.questions.of(), self.unit.held.of()
        self.network = Network(self.rulebook, plans, tools, self.questions, self.now)
        self.entries = [entry.event for entry in self.unit.ledger.entries()]

    def day(self, office: str) -> date:
        return self.organization.offices[office].calendar.local_date(self.now)

    def state(self, office: str) -> str:
        """`read`, `stale` or both, of an office; by its last reading and its projects' reports."""
        reading, place = self.readings.get(office), self.organization.offices[office]
        is_read = reading is not None and reading.ok_at is not None and not reading.problem
        own = [p.project for p in self.network.plans.values() if p.project.office == office]
        open_ones = [p for p in own if p.stage is not Stage.CLOSED]
        newest = place.calendar.local_date(place.rhythm.last_cut_off(self.now, place.calendar))
        before = newest - timedelta(weeks=place.rhythm.every_weeks)
        told = any(p.last_report is not None and p.last_report > before for p in open_ones)
        stale = not is_read or (bool(open_ones) and not told)
        return ("read " if is_read else "") + ("stale" if stale else "")

    def standings(self, rollout: Rollout, until: date | None = None) -> dict[str, str]:
        """Where each member stands by what the ledger says; up to and including a day of the leader."""
        if (rollout.id, until) not in self._stood:
            self._stood[rollout.id, until] = self._replayed(rollout, until)
        return self._stood[rollout.id, until]

    def _replayed(self, rollout: Rollout, until: date | None) -> dict[str, str]:
        calendar = self.leader(rollout).calendar
        found = {member.project: "planned" for member in self.unit.rollouts.members(rollout.id)}
        for event in self.entries:
            rollout_id, _, project = event.subject.partition(": ")
            if event.kind != "adoption" or rollout_id != rollout.id or project not in found:
                continue
            if until is None or calendar.local_date(event.at) <= until:
                found[project] = event.detail["now"]
        return found

    def leader(self, rollout: Rollout):
        waves = rollout.manifest.waves
        return self.organization.leader_over({o: wave.start for wave in waves for o in wave.offices})

    def version(self, standard: str, number: str | None) -> Version | None:
        return next((v for v in self.versions if (v.standard, v.version) == (standard, number)), None)

    def spared(self, version: Version) -> set[str]:
        """The projects that complete under the version before."""
        if version.id not in self._spared:
            found: set[str] = set()
            for rollout in self.rollouts:
                manifest, stood = rollout.manifest, self.standings(rollout)
                if (manifest.standard, manifest.version) == (version.standard, version.version):
                    found |= {project for project, standing in stood.items() if standing == "grandfathered"}
            self._spared[version.id] = found
        return self._spared[version.id]

    def verdicts(self, project: str, version: Version) -> tuple[Version, list]:
        """Every verdict of a project, by the version that it is held to."""
        old = self.version(version.standard, version.previous)
        if project in self.spared(version) and old is not None:
            return old, list(self.network.judged(project, old).verdicts)
        return version, list(self.network.judged(project, version).verdicts)

    def others(self, version: Version) -> list[Version]:
        """The versions in force of the other standards, by name."""
        newest: dict[str, Version] = {}
        for each in self.unit.versions.all():
            known = newest.get(each.standard)
            in_force = each.effective_from <= self.now.date() and each.standard != version.standard
            if in_force and (known is None or known.effective_from < each.effective_from):
                newest[each.standard] = each
        return [each for _, each in sorted(newest.items())]

    @cached_property
    def _spared(self) -> dict[str, set[str]]:
        return {}

    @cached_property
    def _bands(self) -> dict[tuple[str, str], str]:
        return {}

    @cached_property
    def _stood(self) -> dict[tuple[str, date | None], dict[str, str]]:
        return {}

    def band(self, project: str, version: Version) -> str:
        """The worst of a project's verdicts; completing where it keeps the version before."""
        if (project, version.id) not in self._bands:
            by, verdicts = self.verdicts(project, version)
            results = {str(each.result) for each in verdicts}
            worst = next((each for each in WORST if each in results), "not_applicable")
            old = by is not version and worst in ("pass", "permitted")
            self._bands[project, version.id] = "grandfathered" if old else worst
        return self._bands[project, version.id]


@dataclass
class Page:
    """The expected numbers of each figure of a page."""

    figures: dict[str, list[str] | str] = field(default_factory=dict)
    """The numbers of each, or its text."""

    def put(self, name: str, *values: object) -> None:
        self.figures[name] = [str(value) for value in values]

    def bars(
        self, slow: Slow, groups: tuple[str, ...], rows: dict[str, tuple[str, str]], most: int = 9
    ) -> None:
        """The bars of offices, worst share first; `rows` gives office and group of each project."""
        counts = {office: Counter(g for o, g in rows.values() if o == office) for office in slow.offices}
        with_any = [office for office in counts if counts[office]]

        def worst(office: str) -> tuple[float, ...]:
            total = sum(counts[office].values())
            return tuple(-counts[office][group] / total for group in reversed(groups))

        ordered = sorted(with_any, key=lambda office: (worst(office), office))
        for n, office in enumerate(ordered[:most], 1):
            own, total = counts[office], sum(counts[office].values())
            self.put(f"bar-{n}-of", own[groups[0]], total)
            name = slow.organization.offices[office].name
            self.figures[f"bar-{n}-all"] = f"{name}: {[own[group] for group in groups if own[group]]}"
            for group in groups:
                if own[group] / total >= 0.055:
                    self.put(f"bar-{n}-{group}", own[group])
        if len(ordered) > most:
            self.put("bars-more", len(ordered) - most)

    def heading(self, slow: Slow, today: date) -> None:
        states = [slow.state(office) for office in slow.offices]
        self.put("as-of", long(today))
        self.put("read", sum(state.startswith("read") for state in states))
        self.put("taking-part", len(states))
        stale = sum(state.endswith("stale") for state in states)
        if stale > 3:
            self.put("stale", stale)
        self.put("judged-at", f"{slow.now:%Y-%m-%d %H:%M}")
        self.put("ledger-entry", len(slow.entries))

    def others(self, slow: Slow, version: Version) -> None:
        """The bands of every project by the other standards that are in force, as far as these were swept."""
        told = [v for v in slow.others(version) if slow.unit.sweeps.latest(v.standard, v.version)]
        for n, other in enumerate(told[:6], 1):
            counts = Counter(slow.band(key, other) for key in slow.network.plans)
            rest = ("permitted", "grandfathered", "unknown", "fail", "error", "not_applicable")
            found = [counts[band] for band in rest if counts[band]]
            self.put(f"other-{n}", counts["pass"], sum(counts.values()), *found)

    def changed(self, slow: Slow, version: Version, members: set[str], most: int) -> None:
        """What changed since the sweep before: each project now against what was kept of it then."""
        found = swept_before(slow, version)
        if found is None:
            return
        on, before = found
        kinds = turns(slow, version, before, members)
        total = sum(len(projects) for projects, _ in kinds.values())
        if not total:
            return
        self.put("compared", long(on))
        self.put("changes", total)
        ordered = sorted(kinds.items(), key=lambda item: (-len(item[1][0]), item[0]))
        for n, (_, (projects, rules)) in enumerate(ordered[:most], 1):
            self.put(f"turn-{n}", len(projects))
            named = sorted(rules.items(), key=lambda item: (-item[1], item[0]))
            if named:
                more = f" and {len(named) - 2} more" if len(named) > 2 else ""
                text = ", ".join(f"{title} ({count})" for title, count in named[:2]) + more
                self.figures[f"turn-{n}-rules"] = cut(text, 200)
        if len(ordered) > most:
            self.put("turns-more", sum(len(projects) for _, (projects, _) in ordered[most:]))


def swept_before(slow: Slow, version: Version):
    """The day of the newest sweep of an earlier time, as the ledger dates it, and what it kept."""
    times = [e.at for e in slow.entries if e.kind == "sweep" and e.version == version.id and e.at < slow.now]
    if not times:
        return None
    found = slow.unit.sweeps.at(version.standard, version.version, max(times))
    leader = slow.organization.leaders(version.owner, slow.now.date())[0]
    return leader.calendar.local_date(found.at), found


def turns(slow: Slow, version: Version, before, members: set[str]):
    """The projects whose band is another one, by what it was, what it is and why; with the rules that moved."""
    titles = {}
    for each in (slow.version(version.standard, version.previous), version):
        titles |= {rule.uid: rule.title for rule in each.rules} if each else {}
    then = {judged.project: judged for judged in before.judged}
    problems = {state.office: bool(state.problem) for state in before.offices}
    words = {**SHOWN_BANDS, "grandfathered": f"completing under {version.previous or 'the version before'}"}
    kinds: dict[tuple[str, str, str], tuple[dict[str, list[str]], Counter[str]]] = {}
    for key in sorted(slow.network.plans):
        was, now = then.get(key), slow.band(key, version)
        if key not in members or (was is not None and str(was.band) == now):
            continue
        rules: list[str] = []
        cause = "The project"
        if was is not None:
            by, verdicts = slow.verdicts(key, version)
            results = {v.rule: v.result for v in was.verdicts}
            rules = [
                titles.get(v.rule, v.rule) for v in verdicts if results.get(v.rule, v.result) is not v.result
            ]
            cause = _cause(slow, key, was, now, by, problems)
        kind = words[str(was.band)] if was is not None else "new", words[now], cause
        projects, counted = kinds.setdefault(kind, ({}, Counter()))
        projects[key] = rules
        counted.update(rules)
    for key in sorted(then):
        if key not in slow.network.plans:
            kind = words[str(then[key].band)], "gone", "The project"
            kinds.setdefault(kind, ({}, Counter()))[0][key] = []
    return kinds


def _cause(slow: Slow, key: str, was, now: str, by: Version, problems: dict[str, bool]) -> str:
    """The first reason that applies, in the order in which docs/reports.md gives them."""
    judged = slow.network.judged(key, by)
    if was.grandfathered != (by.version != was.version and now == "grandfathered") and (
        was.grandfathered or now == "grandfathered"
    ):
        return "Leeway"
    if was.version != by.version:
        return "The version"
    permitted = [{v.rule for v in each.verdicts if str(v.result) == "permitted"} for each in (was, judged)]
    if permitted[0] != permitted[1]:
        return "Deviation"
    if was.rules != judged.rules:
        return "The version"
    reading = slow.readings.get(was.office)
    problem = bool(reading.problem) if reading is not None else True
    if problems.get(was.office, problem) != problem or "error" in (now, str(was.band)):
        return "The connection to the tool"
    return "Missing data" if "unknown" in (now, str(was.band)) else "The project"


def sweep_page(slow: Slow, version: Version) -> Page:
    """The figures of a sweep's report."""
    page, keys = Page(), sorted(slow.network.plans)
    leader = slow.organization.leaders(version.owner, slow.now.date())[0]
    today = leader.calendar.local_date(slow.now)
    page.heading(slow, today)
    page.others(slow, version)
    bands = {key: slow.band(key, version) for key in keys}
    counts = Counter(bands.values())
    for band in ("pass", "grandfathered", "permitted", "unknown", "fail", "error"):
        page.put(f"band-{band}", counts[band])
    page.put("judged", len(keys))
    must = [key for key in keys if bands[key] in OPEN]
    if must:
        page.put("must", len(must))
        page.put("must-offices", len({slow.network.plans[key].project.office for key in must}))
        if counts["error"]:
            page.put("must-broken", counts["error"])
    said = [("pass", len(keys)), *((band, None) for band in (
        "permitted", "grandfathered", "unknown", "fail", "error", "not_applicable"))]  # fmt: skip
    shown = [(band, total) for band, total in said if band == "pass" or counts[band]]
    for n, (band, total) in enumerate(shown, 1):
        page.put(f"sentence-{n}", counts[band], *([total] if total is not None else []))
    page.bars(slow, BANDS, {key: (slow.network.plans[key].project.office, bands[key]) for key in keys})
    page.changed(slow, version, set(keys), 6)
    _duties(slow, version, page, today)
    _trend(slow, version, page, counts, today, leader)
    if asked := asked_of(slow.unit, version.standard, slow.now):
        whole = Measured(asked, slow.now)
        page.put("deviations-waiting", len(whole.waiting))
        page.put("deviations-in-force", whole.full)
        page.put("deviations-interim", whole.interim)
        page.put("deviations-pending", pending(slow.unit, asked, slow.now, today))
    return page


def _asked(version: Version, uid: str) -> tuple[str, int]:
    """Of which role a rule asks something, and in how many business days."""
    rule = rule_of(version, uid)
    return (str(rule.role), rule.days) if rule else ("reporter", 20)


def rule_of(version: Version, uid: str) -> Rule | None:
    """That rule of the version; None for what it says of tools."""
    return next((rule for rule in version.rules if rule.uid == uid), None)


def bound(slow: Slow, version: Version) -> dict[str, date | None]:
    """Since when a version binds a project that does not follow it."""
    return {
        a.project: a.bound_on
        for rollout in slow.rollouts
        if (rollout.manifest.standard, rollout.manifest.version) == (version.standard, version.version)
        for a in slow.unit.adoptions.of(rollout.id)
        if slow.standings(rollout)[a.project] in ("binding", "failed")
    }


@dataclass(frozen=True)
class DutyRow:
    """What a role of an office has to put right."""

    office: str
    role: str
    by: date | None
    points: int
    projects: int
    rule: str
    most: int


def _duties(slow: Slow, version: Version, page: Page, today: date) -> None:
    rows = duty_rows(slow, version, today)
    for n, row in enumerate(rows[:4], 1):
        if row.by:
            page.put(f"duty-{n}-by", short(row.by))
        page.put(f"duty-{n}-points", row.points)
        page.put(f"duty-{n}-projects", row.projects)
        page.put(f"duty-{n}-most", row.most)
    if len(rows) > 4:
        page.put("duties-more", len(rows) - 4)


def duty_rows(slow: Slow, version: Version, today: date) -> list[DutyRow]:
    """Who must put right how much, most urgent first; what a restricted project lacks its office says alone."""
    since_when = bound(slow, version)
    found: dict[tuple[str, str], dict] = {}
    for key in sorted(slow.network.plans.keys() - slow.organization.restricted):
        by_version, verdicts = slow.verdicts(key, version)
        office = slow.network.plans[key].project.office
        calendar = slow.organization.offices[office].calendar
        for verdict in verdicts:
            if str(verdict.result) not in OPEN:
                continue
            role, days = _asked(by_version, verdict.rule)
            since = since_when.get(key) if by_version is version else None
            by = calendar.add_business_days(since, days) if since else None
            own = found.setdefault((office, role), {"points": 0, "in": set(), "rules": {}, "by": []})
            own["points"] += 1
            own["in"].add(key)
            own["rules"].setdefault(verdict.rule, []).append(key)
            own["by"] += [by] if by else []
    rows = []
    for (office, role), own in found.items():
        by = min(own["by"], default=None)
        rule = min(own["rules"], key=lambda uid: (-len(own["rules"][uid]), uid))
        late = by is not None and by < today
        key = (not late, by or date.max, -own["points"], office, role)
        rows.append(
            (key, DutyRow(office, role, by, own["points"], len(own["in"]), rule, len(own["rules"][rule])))
        )
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


def duty_lines(slow: Slow, version: Version, today: date) -> list[str]:
    """The first lines of who must do what, in words."""
    titles: dict[str, str] = {}
    for each in (slow.version(version.standard, version.previous), version):
        titles |= {rule.uid: rule.title for rule in each.rules} if each else {}
    found = []
    for row in duty_rows(slow, version, today)[:4]:
        late, when = row.by is not None and row.by < today, short(row.by) if row.by else "no date yet"
        role = row.role.replace("_", " ")
        found.append(
            f"{'!' if late else ''}{when}{' !' if late else ''} {slow.organization.offices[row.office].name}: "
            f"put {several(row.points, 'point')} right in {several(row.projects, 'project')} "
            f"{role[:1].upper()}{role[1:]}. Most often, in {row.most}: "
            f"{cut(titles.get(row.rule, row.rule), 70)}"
        )
    return found


def _trend(slow: Slow, version: Version, page: Page, counts: Counter[str], today: date, leader) -> None:
    """Passed and action required, day by day: from what the ledger says of each sweep."""
    days: dict[date, tuple[int, int]] = {}
    for event in slow.entries:
        if event.kind == "sweep" and event.version == version.id:
            bands = event.detail["bands"]
            on = leader.calendar.local_date(event.at)
            days[on] = bands.get("pass", 0), sum(bands.get(each, 0) for each in OPEN)
    days = {on: pair for on, pair in days.items() if on < today}
    now = counts["pass"], sum(counts[each] for each in OPEN)
    if days:
        first = min(days)
        page.put("trend-passed", now[0])
        page.put("trend-must", now[1])
        page.put("trend", short(first), short(today), days[first][0], now[0], days[first][1], now[1])


def rollout_page(slow: Slow, rollout: Rollout) -> Page:
    """The figures of a rollout's report."""
    return OfRollout(slow, rollout).page()


def _slope(points: Sequence[tuple[date, int]]) -> float:
    """The median of how many more there are a day, between every two of the points."""
    slopes = sorted(
        (b - a) / (later - earlier).days
        for n, (earlier, a) in enumerate(points)
        for later, b in points[n + 1 :]
    )
    middle = len(slopes) // 2
    return slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2


@dataclass(frozen=True)
class NeedRow:
    """What a rollout needs of an office: by when, what follows otherwise, and how many decisions it holds."""

    office: str
    what: str
    by: date | None
    otherwise: str
    projects: Sequence[str] = ()
    late: bool = False
    decides: int = 0


@dataclass
class OfRollout:
    """A rollout looked at once more, member by member."""

    slow: Slow
    rollout: Rollout

    def __post_init__(self) -> None:
        slow, rollout = self.slow, self.rollout
        self.version = slow.version(rollout.manifest.standard, rollout.manifest.version)
        self.leader = slow.leader(rollout)
        self.today = self.leader.calendar.local_date(slow.now)
        self.rows: dict[str, Adoption] = {a.project: a for a in slow.unit.adoptions.of(rollout.id)}
        self.standing = slow.standings(rollout)
        self.group = {key: self._group(key) for key in sorted(self.rows)}
        self.counts = Counter(self.group.values())

    def is_late(self, key: str) -> bool:
        due, row = self.rows[key].due, self.rows[key]
        return (
            self.standing[key] in ("binding", "failed")
            and due is not None
            and self.slow.day(row.office) > due
        )

    def _group(self, key: str) -> str:
        standing = self.standing[key]
        if standing in OUT:
            return "out"
        if key in self.slow.network.plans:
            band = self.slow.band(key, self.version)
            fixed = {
                "pass": "follows",
                "permitted": "deviates",
                "grandfathered": "old",
                "unknown": "not_reported",
            }
            if band in fixed:
                return fixed[band]
        elif standing in SETTLED:
            return {"adopted": "follows", "grandfathered": "old", "deviating": "deviates"}[standing]
        if standing in ("planned", "notified", "trial"):
            return "not_yet"
        if standing in ("questioned", "unanswered"):
            return "asked"
        return "late" if self.is_late(key) else "must_act"

    def page(self) -> Page:
        page, counts = Page(), self.counts
        page.heading(self.slow, self.today)
        page.others(self.slow, self.version)
        self._first(page)
        late = sum(self.is_late(key) for key in self.rows if self.group[key] == "not_reported")
        self._sentence(page, late)
        page.put("follows", counts["follows"])
        page.put("members", len(self.rows))
        page.put("old", counts["old"])
        must = counts["must_act"] + counts["late"]
        page.put("must-act", must)
        if counts["late"]:
            page.put("late", counts["late"])
        due = self._due()
        if due:
            page.put("due", short(due))
        owed = counts["not_reported"] + counts["asked"]
        page.put("owed", owed)
        silent = sum(map(self.is_late, self.rows)) - counts["late"]
        if owed:
            page.put("not-reported", counts["not_reported"])
            if silent:
                page.put("silent-late", silent)
        rows = {key: (self.rows[key].office, group) for key, group in self.group.items()}
        page.bars(self.slow, BEST_FIRST, rows)
        self._waves(page)
        page.changed(self.slow, self.version, set(self.rows), 3)
        self._moved(page)
        self._needs(page)
        page.put("approved-on", long(self.rollout.approved_on))
        if self.rollout.note:
            page.figures["note"] = self.rollout.note
        return page

    def _due(self) -> date | None:
        return max(
            (self.rows[k].due for k, g in self.group.items() if g == "must_act" and self.rows[k].due),
            default=None,
        )

    def _sentence(self, page: Page, late: int) -> None:
        counts, due = self.counts, self._due()
        parts: list[list[object]] = [[counts["follows"], len(self.rows)]]
        for group in ("old", "deviates", "not_reported", "asked", "must", "not_yet", "out"):
            if group == "must":
                must = counts["must_act"] + counts["late"]
                if must and counts["late"] == must:
                    parts.append([must])
                elif must:
                    parts.append([must, *([near(due, self.today)] if due else [])])
                    if counts["late"]:
                        parts.append([counts["late"]])
            elif counts[group]:
                parts.append([counts[group]])
                if group == "not_reported" and late:
                    parts.append([late])
        for n, part in enumerate(parts, 1):
            page.put(f"sentence-{n}", *part)

    def course(self) -> list[tuple[date, int, int]]:
        """How many were settled at the end of each day on which the rollout advanced, by the ledger."""
        days = sorted({on for on, _ in self.slow.unit.adoptions.counts(self.rollout.id)} | {self.today})
        found = []
        for on in [d for d in days if d <= self.today]:
            stood = Counter(self.slow.standings(self.rollout, on).values())
            found.append((on, stood["adopted"], stood["grandfathered"] + stood["deviating"]))
        return found

    def wave_states(self) -> dict[int, str]:
        """The state of each wave, by the ledger's newest entry about the rollout."""
        newest = [
            e.detail["waves"]
            for e in self.slow.entries
            if e.kind == "rollout" and e.subject == self.rollout.id
        ]
        numbers = [plan.number for plan in self.rollout.manifest.waves]
        return {number: newest[-1].get(str(number), "planned") for number in numbers}

    def goal(self) -> int:
        """How many of those that nobody took out are 80 %."""
        return -(-sum(self.standing[key] not in OUT for key in self.rows) * 8 // 10)

    def forecast_day(self) -> date | None:
        """The day on which 80 % follow, by the figures of the report."""
        return self._expected([(on, count) for on, count, _ in self.course()])

    def planned(self) -> int:
        """How many should be settled by now, of those that nobody took out."""
        found, remedy = 0, max((rule.days for rule in self.version.rules), default=0)
        for key, row in self.rows.items():
            plan = next(w for w in self.rollout.manifest.waves if w.number == row.wave)
            office = self.slow.organization.offices[row.office]
            bound_on = plan.binds_on(plan.start, office.calendar, office.rhythm)
            by = office.calendar.add_business_days(bound_on, remedy)
            found += by <= self.today and self.standing[key] not in OUT
        return found

    def _first(self, page: Page) -> None:
        """The first line, the forecast, and what is settled against the plan."""
        course, today = self.course(), self.today
        _, adopted, otherwise = course[-1]
        planned = self.planned()
        behind = planned - adopted - otherwise
        if behind:
            page.put("behind" if behind > 0 else "ahead", abs(behind))
        page.put("settled", adopted + otherwise)
        page.put("planned", planned)
        page.put("course", short(today), adopted, len(self.rows), otherwise, planned)
        if len(course) > 1:
            before_on, before, _ = course[-2]
            page.put("counted-before", short(before_on))
            if adopted != before:
                page.put("adopted-more", abs(adopted - before))
        self._forecast(page, [(on, count) for on, count, _ in course])

    def _expected(self, points: list[tuple[date, int]]) -> date | None:
        active = [key for key in self.rows if self.standing[key] not in OUT]
        reachable = [k for k in active if self.standing[k] not in ("grandfathered", "deviating")]
        goal, (today, now) = self.goal(), points[-1]
        if not active:
            return None
        if now >= goal:
            since = today
            for on, count in reversed(points):
                if count < goal:
                    break
                since = on
            return since
        if len(reachable) < goal or len(points) < 3:
            return None
        slope = _slope(points[-8:])
        if slope <= 0 or math.ceil((goal - now) / slope) > 730:
            return None
        return today + timedelta(days=math.ceil((goal - now) / slope))

    def _forecast(self, page: Page, points: list[tuple[date, int]]) -> None:
        on, today = self._expected(points), points[-1][0]
        if on is None:
            return
        page.put("forecast", short(on))
        page.put("goal", self.goal())
        if points[-1][1] < self.goal():
            page.put("forecast-line", near(on, today))
            if on > today:
                page.put("forecast-note", short(on))

    def forecast_why(self) -> str:
        """Why the forecast is what it is, as far as it has numbers."""
        active = [key for key in self.rows if self.standing[key] not in OUT]
        reachable = [k for k in active if self.standing[k] not in ("grandfathered", "deviating")]
        points = [(on, count) for on, count, _ in self.course()]
        goal = self.goal()
        if not active:
            return ""
        text = f"{goal} {len(active)}"
        if points[-1][1] >= goal:
            return f"{text} {points[-1][1]}"
        if len(reachable) < goal:
            return f"{text} {len(reachable)}"
        if len(points) < 3:
            return f"{text} 3"
        slope = _slope(points[-8:])
        return f"{text} {min(len(points), 8)}" + (f" {slope * 7:.1f}" if slope > 0 else "")

    def _waves(self, page: Page) -> None:
        plans = sorted(self.rollout.manifest.waves, key=lambda wave: wave.number)
        states = self.wave_states()
        running = [plan for plan in plans if states[plan.number] == "running"]
        following = [plan for plan in plans if states[plan.number] == "planned"]
        if running or following:
            page.put("waves", len(plans))
        for plan in running or following[:1]:
            page.put(f"wave-{plan.number}-state", plan.number)
        if following and not running:
            page.put("wave-begins", near(following[0].start, self.today))
        for n, plan in enumerate(plans[:6], 1):
            own = [key for key, row in self.rows.items() if row.wave == plan.number]
            inside = [
                key
                for key, row in self.rows.items()
                if (row.carried.into if row.carried else row.wave) == plan.number
                and self.standing[key] not in OUT
            ]
            page.put(f"wave-{n}", plan.number)
            page.put(f"wave-{n}-starts", short(plan.start))
            page.put(f"wave-{n}-members", len(own))
            page.put(f"wave-{n}-settled", sum(self.standing[key] in SETTLED for key in inside))
            late = sum(self.late_today(key) for key in inside)
            page.put(f"wave-{n}-late", late)
        if len(plans) > 6:
            page.put("waves-more", len(plans) - 6)
        carried = [k for k, r in self.rows.items() if r.carried and self.standing[k] not in (*SETTLED, *OUT)]
        if carried:
            page.put("carried", len(carried))

    def late_today(self, key: str) -> bool:
        """Late by the leader's day, as a wave is counted."""
        due = self.rows[key].due
        return self.standing[key] in ("binding", "failed") and due is not None and self.today > due

    def changed_on(self) -> dict[str, date]:
        """The day on which each member came to stand where it stands, by the ledger."""
        changed: dict[str, date] = {}
        for event in self.slow.entries:
            rollout_id, _, project = event.subject.partition(": ")
            if (
                event.kind == "adoption"
                and rollout_id == self.rollout.id
                and event.detail["now"] != event.detail["was"]
            ):
                changed[project] = self.leader.calendar.local_date(event.at)
        return changed

    def _moved(self, page: Page) -> None:
        """Who stands elsewhere than at the count before, and where."""
        days = [on for on, _ in self.slow.unit.adoptions.counts(self.rollout.id) if on < self.today]
        if not days:
            return
        before = max(days)
        changed = self.changed_on()
        moved = Counter(
            SHOWN[self.standing[key]].format(old=self.version.previous or "the version before")
            for key, on in changed.items()
            if on > before
        )
        if moved:
            found = swept_before(self.slow, self.version)
            if found is not None:
                page.put("compared", long(found[0]))
            page.put("moved", sum(moved.values()))
            ordered = sorted(moved.items(), key=lambda item: (-item[1], item[0]))
            for n, (_, count) in enumerate(ordered[:4], 1):
                page.put(f"moved-{n}", count)

    def _needs(self, page: Page) -> None:
        due = self.needs()
        page.put("decisions", sum(need.decides for need in due))
        if any(need.late for need in due):
            page.put("needs-overdue", sum(need.late for need in due))
        for n, need in enumerate(due[:4], 1):
            page.put(f"need-{n}-by", *([short(need.by)] if need.by else []))
            page.figures[f"need-{n}-what"] = cut(need.what, 110)
            page.figures[f"need-{n}-otherwise"] = need.otherwise
        if len(due) > 4:
            page.put("needs-more", len(due) - 4)

    def needs(self) -> list[NeedRow]:
        """What is overdue, waits for a decision, or is due within the week; most urgent first."""
        ahead, found = self.today + timedelta(days=7), []
        for need in self._all_needs():
            if need.decides or need.by is None or need.by <= ahead:
                late = need.late or (need.by is not None and need.by < self.slow.day(need.office))
                found.append(replace(need, late=late))
        return sorted(
            found,
            key=lambda need: (
                need.by is not None,
                not need.late,
                need.by or self.today,
                need.office,
                need.what,
            ),
        )

    def _all_needs(self) -> Iterator[NeedRow]:
        slow, version, rows = self.slow, self.version, self.rows
        new = version.version
        if self.rollout.state in ("paused", "halted"):
            what = f"Resume the rollout, which is {self.rollout.state}: {self.rollout.note}"
            yield NeedRow(self.leader.id, what, None, "no further wave starts", decides=1)
        not_there = {held.key for held in slow.held}
        asked = [
            q for q in slow.questions if q.state == "open" and q.id not in not_there and q.project in rows
        ]
        yield from self._questions(asked)
        times = slow.organization.clocks.escalation
        for office in sorted({row.office for row in rows.values()}):
            own = [row for row in rows.values() if row.office == office]
            name = slow.organization.offices[office].name
            levels = ladder(slow.organization, office, times, self.leader.id)
            told = {row.project: min(max(row.escalated, 1), len(levels)) - 1 for row in own}
            silent = [row for row in own if self.standing[row.project] == "unanswered"]
            if silent:
                waves = sorted({row.wave for row in silent})
                which = f"wave {waves[0]}" if len(waves) == 1 else f"waves {', '.join(map(str, waves))}"
                by = min((row.answer_by for row in silent if row.answer_by), default=None)
                owner = levels[max(told[row.project] for row in silent)]
                what = f"Get the missing answers on {several(len(silent), 'project')} of {name}"
                keys = [row.project for row in silent]
                yield NeedRow(owner.office, what, by, f"{which} cannot complete", keys, late=True)
            late = [row for row in own if self.is_late(row.project)]
            for level in sorted({told[row.project] for row in late}):
                some = [row for row in late if told[row.project] == level]
                by = min(row.due for row in some)
                what = f"Bring {several(len(some), 'late project')} of {name} to {new}"
                keys = [row.project for row in some]
                yield NeedRow(levels[level].office, what, by, self._follows(levels, level), keys, late=True)
            bound = [
                r
                for r in own
                if self.standing[r.project] in ("binding", "failed") and r.due and r not in late
            ]
            for due in sorted({row.due for row in bound}):
                keys = [row.project for row in bound if row.due == due]
                what = f"Finish the adoption of {new} in {several(len(keys), 'project')}"
                yield NeedRow(office, what, due, "late, and the head is told", keys)
            lapsing = [r for r in own if self.standing[r.project] == "grandfathered" and r.until]
            for until in sorted({row.until for row in lapsing}):
                keys = [row.project for row in lapsing if row.until == until]
                what = f"Close {several(len(keys), 'project')}, or begin with {new}: the leeway ends"
                yield NeedRow(office, what, until, f"{new} binds from the day after", keys)
        for office in slow.offices:
            if slow.state(office).endswith("stale"):
                what = _repair(slow.readings.get(office))
                yield NeedRow(office, what, None, "its figures stay marked as stale")

    def _questions(self, asked: list[Question]) -> Iterator[NeedRow]:
        nouns = {
            "fact": ("Answer {}", "question"),
            "election": ("Elect for {}", "project"),
            "twin": ("Decide on {}", "suspected twin"),
            "copies": ("Decide on {}", "copied row"),
        }
        for kind in sorted({q.kind for q in asked}):
            text, noun = nouns.get(str(kind), ("Answer {}", "question"))
            for office, by in sorted({(q.office, q.answer_by) for q in asked if q.kind == kind}):
                same = [q for q in asked if (q.kind, q.office, q.answer_by) == (kind, office, by)]
                decides = 0 if str(kind) == "fact" else len(same)
                more = len({q.about for q in same}) - MOST_ABOUT
                facts = f": and {more} more" if str(kind) == "fact" and more > 0 else ""
                keys, what = sorted({q.project for q in same}), text.format(several(len(same), noun)) + facts
                yield NeedRow(office, what, by, "", keys, decides=decides)

    def _follows(self, levels, level: int) -> str:
        if level + 1 == len(levels):
            return "the wave may halt"
        days = levels[level + 1].after - levels[level].after
        who = (
            "the sponsor"
            if levels[level + 1].role is Role.SPONSOR
            else "the parent office"
            if not level
            else "the office above"
        )
        return f"told to {who} after {several(days, 'business day')}" if days else f"told to {who} as well"


def dashboard_page(slow: Slow) -> Page:
    """The figures of the dashboard, for who may see everything; the sample has one rollout and two versions."""
    page = Page()
    page.put("as-of", long(slow.now.date()))
    for n, rollout in enumerate(slow.rollouts, 1):
        own = OfRollout(slow, rollout)
        course = own.course()[-12:]
        page.put(f"rollout-{n}-as-of", long(own.today))
        if len(course) > 1:
            page.put(f"rollout-{n}-trend", *(adopted for _, adopted, _ in course))
            page.put(f"rollout-{n}-adopted", course[0][1], course[-1][1])
        inner = Page()
        own._sentence(inner, sum(own.is_late(k) for k in own.rows if own.group[k] == "not_reported"))
        page.put(f"rollout-{n}-sentence", *(v for values in inner.figures.values() for v in values))
        own._waves(inner)
        page.figures |= {
            k: v for k, v in inner.figures.items() if k.endswith("-state") or k in ("waves", "wave-begins")
        }
    swept = [v for v in slow.versions if any(e.kind == "sweep" and e.version == v.id for e in slow.entries)]
    for n, version in enumerate(swept, 1):
        passed = [
            e.detail["bands"].get("pass", 0)
            for e in slow.entries
            if e.kind == "sweep" and e.version == version.id
        ]
        if len(passed) > 1:
            page.put(f"sweep-{n}-trend", *passed[-12:])
            page.put(f"sweep-{n}-passed", passed[-12:][0], passed[-1])
        inner = sweep_page(slow, version)
        said = [values for name, values in inner.figures.items() if name.startswith("sentence-")]
        page.put(f"sweep-{n}-sentence", *(value for values in said for value in values))
        page.put(f"sweep-{n}-as-of", inner.figures["as-of"][0])
    _waiting(slow, page)
    cells = {
        office: len(slow.readings[office].unreadable) for office in slow.offices if office in slow.readings
    }
    problems = {
        office: slow.readings[office].problem if office in slow.readings else "never"
        for office in slow.offices
    }
    page.put("offices", len(slow.offices))
    page.put(
        "offices-well",
        sum(not problems[o] and not cells.get(o) for o in set(slow.offices) - stale_then(slow)),
    )
    ordered = sorted(
        slow.offices, key=lambda o: (not problems[o], not cells.get(o), slow.organization.offices[o].name)
    )
    for n, office in enumerate(ordered[:12], 1):
        if office in slow.readings and slow.readings[office].ok_at:
            page.put(f"office-{n}-read", short(slow.readings[office].ok_at.date()))
        if not problems[office] and cells.get(office):
            page.put(f"office-{n}-cells", cells[office])
    return page


def _waiting(slow: Slow, page: Page) -> None:
    """What waits for an answer, and what is held, by office."""
    held = slow.held
    keys = {each.key for each in held}
    asked: dict[str, list[Question]] = {}
    for question in slow.questions:
        if question.state == "open" and question.id not in keys and question.office in slow.offices:
            asked.setdefault(question.office, []).append(question)
    called = {office: slow.organization.offices[office].name for office in asked}
    lines = sorted((min(q.answer_by for q in own), called[office], office) for office, own in asked.items())
    for n, (first, _, office) in enumerate(lines[:8], 1):
        page.put(f"waiting-{n}-first", short(first))
        page.put(f"waiting-{n}", len(asked[office]))
        late = sum(q.answer_by < slow.day(office) for q in asked[office])
        if late:
            page.put(f"waiting-{n}-late", late)
    things: dict[tuple[str, str], list] = {}
    for each in held:
        if each.office in slow.offices:
            things.setdefault((each.office, each.cause), []).append(each.since)
    page.held = {key: (len(times), long(min(times).date())) for key, times in things.items()}
    for n, (count, since) in enumerate([page.held[key] for key in sorted(page.held)][:8], 1):
        page.put(f"held-{n}", count)
        page.put(f"held-{n}-since", since)


def simulated(slow: Slow, plan, version: Version) -> dict[str, Counter[str]]:
    """What a rollout would do, by office and (under an empty name) in all: each member looked at once."""
    old = slow.version(version.standard, version.previous)
    wanted = {office for wave in plan.waves for office in wave.offices}
    found: dict[str, Counter[str]] = {}
    for key, held in sorted(slow.network.plans.items()):
        if held.project.office not in wanted or held.project.stage is Stage.CLOSED:
            continue
        now = _worst(slow.network.judged(key, version).verdicts)
        before = _worst(slow.network.judged(key, old).verdicts) if old else None
        kinds = ["members"]
        follows = now in ("pass", "permitted")
        kinds += ["follow"] * follows + ["flip"] * (before in ("pass", "permitted") and not follows)
        if now == "unknown":
            kinds.append("not_reported")
        elif not follows:
            kinds.append(_leeway(slow, key, version))
        for office in ("", held.project.office):
            found.setdefault(office, Counter()).update(kinds)
    return found


def _worst(verdicts) -> str:
    results = {str(each.result) for each in verdicts}
    return next((each for each in WORST if each in results), "not_applicable")


def _leeway(slow: Slow, key: str, version: Version) -> str:
    """Whether a project may complete under the version before: each condition by itself."""
    terms, facts = version.leeway, slow.network.facts(key)
    if terms is None or slow.day(slow.network.plans[key].project.office) > terms.until:
        return "must_act"
    held = []
    for each in terms.conditions:
        root, name = each.fact.split(".", 1)
        value = facts.get(root, {}).get(name)
        if value is None:
            held.append(None)
        else:
            low = each.at_least is None or value >= each.at_least
            held.append(low and (each.at_most is None or value <= each.at_most))
    if False in held and terms.discretion is not None:
        return _beyond(slow, key, terms.discretion)
    return "must_act" if False in held else "asked" if None in held else "eligible"


def _beyond(slow: Slow, key: str, band) -> str:
    """Whether a project's program has a manager who may let it complete though a condition fails."""
    program = slow.network.organization.programs.get(slow.network.plans[key].project.program)
    if program is None or not (program.manager or program.deputy):
        return "must_act"
    root, name = band.fact.split(".", 1)
    value = slow.network.facts(key).get(root, {}).get(name)
    if value is None:
        return "asked"
    return "discretion" if value >= band.at_least and value <= band.at_most else "must_act"


def _repair(reading) -> str:
    """What an office has to do that is stale, by how it was read."""
    if reading is None:
        return "See that its tool is read for the first time"
    if not reading.problem:
        return "Report: the last cut-off was missed"
    away = reading.failure == "away"
    return "See that its tool can be reached" if away else "Repair the file that could not be read"


def stale_then(slow: Slow) -> set[str]:
    """The offices that the newest compliance review found stale, by what the ledger says of when that was."""
    last = next((e for e in reversed(slow.entries) if e.kind == "sweep"), None)
    if last is None:
        return set()
    standard, _, number = last.version.rpartition("/")
    return {each.office for each in slow.unit.sweeps.at(standard, number, last.at).offices if each.stale}
