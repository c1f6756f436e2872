"""The figures of a page per role once more, slowly: verdict, wave, tiles, bars of offices, lists, and what changed.

Which projects a page is about is looked up in the organization's files, as the tests of rights do.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from domain.organization.ladder import ladder
from domain.organization.office import Organization
from domain.reporting.roles.readers import WHOLE, PageKind, RolePage
from tests.reports.slow import BEST_FIRST, OUT, SETTLED, OfRollout

AHEAD = timedelta(days=14)
MOST_OFFICES = 9
FACT = "fact"


@dataclass(frozen=True)
class Told:
    """A project as it is told whose page it is on."""

    key: str
    office: str
    program: str
    lead: str
    tool: str


def told(organization: Organization, again: OfRollout) -> list[Told]:
    """The members of a rollout, by key."""
    found = []
    for key, row in sorted(again.rows.items()):
        plan = again.slow.network.plans.get(key)
        project = plan.project if plan is not None else None
        tools = [part.tool for part in organization.partitions if part.office == row.office]
        tool = project.sources.get("lead") if project is not None else None
        found.append(
            Told(
                key,
                row.office,
                (project.program or "") if project else "",
                (project.lead or "") if project else "",
                tool or (tools[0] if tools else ""),
            )
        )
    return found


def near(on: date, today: date) -> str:
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B} {on.year}"


@dataclass
class OfRole:
    """One page of one person, about these projects of a rollout."""

    again: OfRollout
    page: RolePage
    keys: list[str]
    named: set[str]

    def __post_init__(self) -> None:
        self.today = self.again.today
        self.groups = Counter(self.again.group[key] for key in self.keys)
        self.whole = self.page.kind in WHOLE
        self.all = self.whole and len(self.keys) == len(self.again.rows)
        held = {each.key for each in self.again.slow.held}
        self.asked = [
            q
            for q in self.again.slow.questions
            if q.state == "open" and q.id not in held and q.project in self.keys
        ]
        self.facts = {q.project for q in self.asked if str(q.kind) == FACT}
        self.elections = {q.project for q in self.asked if str(q.kind) == "election"}

    def verdict(self) -> str:
        """The numbers of the first line; that of a project manager is counted elsewhere."""
        again, counts = self.again, self.groups
        if self.all:
            course = again.course()
            behind = again.planned() - course[-1][1] - course[-1][2]
            goal = again.forecast_day()
            day = "" if goal is None or course[-1][1] >= again.goal() else near(goal, self.today)
            return f"{abs(behind) or ''} {day}"
        owed = counts["not_reported"] + counts["asked"]
        return " ".join(
            str(n) for n in (counts["late"], counts["must_act"], owed, len(self.elections)) if n and self.keys
        )

    def wave(self) -> str:
        again = self.again
        plans = sorted(again.rollout.manifest.waves, key=lambda wave: wave.number)
        states = again.wave_states()
        running = [plan.number for plan in plans if states[plan.number] == "running"]
        ahead = [plan for plan in plans if states[plan.number] == "planned"]
        hidden = len(self.keys) - len(self.named)
        counted = str(hidden) if hidden else ""
        if len(running) > 1 or running:
            name = next(p.name for p in plans if p.number == running[0]) if len(running) == 1 else ""
            return f"{' '.join(map(str, running))} {len(plans)} {name} {counted}"
        if ahead:
            return (
                f"{ahead[0].number} {len(plans)} {ahead[0].name} {near(ahead[0].start, self.today)} {counted}"
            )
        return counted

    def tiles(self) -> list[str]:
        """The numbers of each figure; a page that is about no project has none."""
        if not self.keys:
            return []
        again, counts = self.again, self.groups
        found = [f"{counts['follows']} {len(self.keys)} {self._since()}"]
        if again.version.previous or counts["old"]:
            found.append(str(counts["old"]))
        late = counts["late"]
        found.append(f"{counts['must_act'] + late} {late or ''}")
        owing = {k for k in self.keys if again.group[k] in ("not_reported", "asked")} | self.facts
        found.append(f"{len(owing)} {counts['not_reported'] or ''}")
        if self.page.kind is not PageKind.PROJECTS:
            days = sorted((self._elect_by(key) or date.max, key) for key in self.elections)
            first = days[0][0] if days and days[0][0] != date.max else None
            found.append(f"{len(self.elections)} {near(first, self.today) if first else ''}")
        if self.whole:
            goal = again.forecast_day()
            found.append(near(goal, self.today) if goal else "")
        elif self.page.kind is PageKind.OFFICE:
            told_on = sorted(self._escalated())
            found.append(f"{len(told_on)} {near(told_on[0], self.today) if told_on else ''}")
        return found[:6]

    def _since(self) -> str:
        course = self.again.course()
        if not self.all or len(course) < 2:
            return ""
        more, on = course[-1][1] - course[-2][1], near(course[-2][0], self.today)
        return f"{abs(more)} {on}" if more else on

    def _elect_by(self, key: str) -> date | None:
        row = self.again.rows[key]
        waits = (
            self.again.standing[key] not in (*OUT, *SETTLED) and row.elected is None and row.bound_on is None
        )
        return row.elect_by if waits else None

    def _escalated(self) -> list[date]:
        """The day on which each project's next level is told, of what is late or soon due."""
        return [on for on, _ in self._next_levels()]

    def _next_levels(self) -> list[tuple[date, tuple]]:
        """That day of each project, and the level: after how many days, and who."""
        organization, found = self.again.slow.organization, []
        for key in self.keys:
            row, standing = self.again.rows[key], self.again.standing[key]
            if standing in OUT or row.stopped is not None:
                continue
            waited = {"binding": row.due, "failed": row.due, "unanswered": row.answer_by}.get(standing)
            levels = ladder(organization, row.office, organization.clocks.escalation, self.again.leader.id)
            if waited is not None and waited <= self.today + AHEAD and len(levels) > row.escalated:
                calendar = organization.offices[row.office].calendar
                level = levels[row.escalated]
                on = calendar.add_business_days(waited, level.after)
                found.append((on, (level.after, level.office, str(level.role))))
        return found

    def _due(self, key: str) -> date | None:
        return None if self.again.standing[key] in OUT else self.again.rows[key].due

    def _elector(self, key: str) -> str:
        plan = self.again.slow.network.plans.get(key)
        program = self.again.slow.organization.programs.get((plan.project.program or "") if plan else "")
        return program.id if program and (program.manager or program.deputy) else ""

    def bars(self) -> list[str]:
        """Each office with its counts, those large enough to be written into the bar, and how many follow."""
        if self.page.kind not in (*WHOLE, PageKind.PROGRAM):
            return []
        again = self.again
        counts = {
            office: Counter(again.group[key] for key in self.keys if again.rows[key].office == office)
            for office in sorted({again.rows[key].office for key in self.keys})
        }

        def worst(office: str) -> tuple[float, ...]:
            total = sum(counts[office].values())
            return tuple(-counts[office][group] / total for group in reversed(BEST_FIRST))

        found = []
        for office in sorted(counts, key=lambda office: (worst(office), office))[:MOST_OFFICES]:
            own, name = counts[office], again.slow.organization.offices[office].name
            total = sum(own.values())
            some = [own[group] for group in BEST_FIRST if own[group]]
            inside = [n for n in some if n / total >= 0.055]
            numbers = " ".join(map(str, [*some, *inside, own["follows"], total]))
            found.append(f"{name} {name} {numbers}")
        return found
