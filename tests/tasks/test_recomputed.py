"""Every number of every short report equals a separate slow recomputation from plans, ledger and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random

import pytest

from config.wiring import Application
from domain.compliance.network import Network
from domain.reporting import rollout_report
from domain.reporting.entry import ReportEntry
from domain.reporting.given import Given
from domain.reporting.sweep_report import Report
from domain.rollouts.rollout import Rollout
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from flows.tables import of_simulation
from gateway.pages.dashboard import dashboard_of
from reports.environment import environment
from reports.made import Made, made_of
from reports.render import index_html
from store.unit import Unit
from tasks import advancing, reporting, sweeping
from tasks.given import Gathered
from tasks.network import load_network
from tasks.rolling import simulate_rollout
from tasks.transactions import short
from tests.reports.figures import Read, tokens
from tests.reports.role_lists import lines as listed
from tests.reports.role_lists import words
from tests.reports.slow import Page, Slow, duty_lines, rollout_page, simulated, sweep_page
from tests.reports.slow_index import index_page, lines
from tests.tasks.conftest import Desk, copy_of, leave
from tests.tasks.grown import Grown
from tests.tasks.test_random_networks import some


def differences(html: bytes, page: Page) -> Iterator[str]:
    """Where a page says another number than the recomputation, one of them lacks it, or it bears no mark."""
    read = Read(html)
    for mark, places in read.figures.items():
        if mark not in page.figures:
            if any(places):
                yield f"{mark}: the page says {places}, and nothing computes it again"
            continue
        told = page.figures[mark]
        wanted = tokens(told) if isinstance(told, str) else told
        for found in places:
            if found != wanted:
                yield f"{mark}: the page says {found}, recomputed {wanted}"
    missing = [mark for mark in page.figures if mark not in read.figures]
    if missing:
        yield f"not on the page: {missing}"
    if read.loose:
        yield f"without a mark: {read.loose}"


@dataclass(frozen=True)
class Compared:
    """A report, the recomputed figures of its first page, and the lines of who must do what."""

    name: str
    report: Report
    page: Page
    duties: Sequence[str] | None = None

    def differences(self, report: Report | None = None, made: Made | None = None) -> Iterator[str]:
        """Those of the report, unless it is made already; or of the same one made again, as with a fault."""
        html = (made or made_of(report or self.report)).content
        yield from (f"{self.name}: {each}" for each in differences(html, self.page))
        if self.duties is not None:
            yield from (f"{self.name}: {each}" for each in of_duties(html, self.duties))


@dataclass(frozen=True)
class Seen:
    """What is stored, read once: the reports that are made of it, and what recomputes them."""

    unit: Unit
    rulebook: Rulebook
    now: datetime
    pages: dict[int, Made] = field(default_factory=dict)

    def made(self, report: Report) -> Made:
        """The pages of one of its reports, made once for all comparisons."""
        if id(report) not in self.pages:
            self.pages[id(report)] = made_of(report)
        return self.pages[id(report)]

    @cached_property
    def network(self) -> Network:
        return load_network(self.unit, self.rulebook, self.now)

    @cached_property
    def rollouts(self) -> list[tuple[Rollout, Given, Report]]:
        """Each rollout with what its report is made of, and the report."""
        gathered = Gathered(self.unit, self.network)
        found = [(each, gathered) for each in self.unit.rollouts.all()]
        return [(each, *reporting._rollout(self.unit, self.network, of, each)) for each, of in found]

    @cached_property
    def sweeps(self) -> list[tuple[Version, Report]]:
        """Each version that was swept, and the report of its newest sweep."""
        gathered, versions = Gathered(self.unit, self.network), self.unit.versions.all()
        found = [(each, reporting._sweep(self.network, gathered, each)) for each in versions]
        return [(each, swept[1]) for each, swept in found if swept is not None]

    @property
    def reports(self) -> list[Report]:
        return [*(report for *_, report in self.rollouts), *(report for _, report in self.sweeps)]

    @cached_property
    def slow(self) -> Slow:
        return Slow(self.unit, self.rulebook, self.now)


def compared(seen: Seen) -> Iterator[Compared]:
    """The report of every rollout, and of the newest sweep of each version, each recomputed."""
    slow = seen.slow
    for rollout, _, report in seen.rollouts:
        yield Compared("rollout", report, rollout_page(slow, rollout))
    for version, report in seen.sweeps:
        lines_of = duty_lines(slow, version, report.heading.as_of)
        yield Compared(f"sweep of {version.id}", report, sweep_page(slow, version), lines_of)


def checked(seen: Seen) -> Iterator[str]:
    """The differences of the reports of every rollout and of the newest sweep of each version."""
    for each in compared(seen):
        yield from each.differences(made=seen.made(each.report))


def of_duties(html: bytes, duties: Sequence[str]) -> Iterator[str]:
    """Where the first screen of a compliance review says otherwise who must do what."""
    there, again = listed(html.decode(), "h-duties"), list(map(words, duties))
    if there[: len(again)] != again or len(there) > len(again) + 1:
        yield f"duties: the page says {there}, recomputed {again}"


def of_dashboard(application: Application, seen: Seen) -> Iterator[str]:
    """The same of the index of the reports that are kept."""
    entries = [each for each in seen.unit.reports.all() if each.kind != "pages"]
    yield from of_index(application, seen.unit, entries, seen.slow)


def of_index(
    application: Application, unit: Unit, entries: Sequence[ReportEntry], slow: Slow
) -> Iterator[str]:
    """Where the index of these reports says something else than the recomputation."""
    files = {each.slug: () for each in entries}
    html = index_html(dashboard_of(application, unit, entries, everything=True), files)
    yield from differences(html, index_page(slow, entries))
    there = sections(html.decode())
    for part, again in lines(slow).items():
        if there[part] != list(map(words, again)):
            yield f"{part}: the index says {there[part]}, recomputed {list(map(words, again))}"


def sections(html: str) -> dict[str, list[str]]:
    """The lines of each section of the index, and the notices above them."""
    rows = re.search(r'aria-labelledby="h-offices">.*?<tbody>(.*?)</tbody>', html, re.DOTALL)
    cards = re.search(r'aria-labelledby="h-rollouts">(.*?)</section>', html, re.DOTALL)
    return {
        "h-waits": listed(html, "h-waits"),
        "h-offices": list(map(words, re.findall(r"<tr>(.*?)</tr>", rows[1], re.DOTALL))) if rows else [],
        "notices": list(map(words, re.findall(r'<p class="notice">(.*?)</p>', html, re.DOTALL))),
        "states": list(map(words, re.findall(r"</p><p>(.*?)</p></div>", cards[1], re.DOTALL)))
        if cards
        else [],
    }


@contextmanager
def seen_by(desk: Desk) -> Iterator[Seen]:
    """What the sample's store holds now."""
    application = desk.application
    with application.store.read() as unit:
        yield Seen(unit, application.rulebook, application.clock.now())


@pytest.fixture(scope="module")
def sample(stages: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """The reports of the sample after two weeks of its rollout, each looked at once more."""
    with pytest.MonkeyPatch.context() as patch:
        with seen_by(copy_of(stages, 2, tmp_path_factory.mktemp("reports"), patch)) as seen:
            found = list(compared(seen))
        leave()
    return found


def test_after_two_weeks_of_the_sample_every_number_equals_its_recomputation(
    sample: list[Compared], running: Desk
) -> None:
    assert [line for each in sample for line in each.differences()] == []
    with seen_by(running) as seen:
        assert list(of_dashboard(running.application, seen)) == []


COLUMNS = {
    "Projects": "members",
    "Follow it already": "follow",
    "May complete under the version before": "eligible",
    "May be elected beyond the rule": "discretion",
    "Not reported": "not_reported",
    "Information would be requested": "asked",
    "Action required": "must_act",
    "Follow the version before, not this one": "flip",
}


def test_every_number_of_a_simulation_equals_its_recomputation(running: Desk) -> None:
    application = running.application
    plan = application.rollouts[0]
    found = simulate_rollout.fn(f"{plan.standard}/{plan.version}")
    with application.store.read() as unit:
        slow = Slow(unit, application.rulebook, application.clock.now())
        wanted = simulated(slow, plan, slow.version(plan.standard, plan.version))
    table = of_simulation(found)
    assert {row["Office"] for row in table} == set(wanted) - {""}
    for row in table:
        counts = wanted[row["Office"]]
        assert {head: value for head, value in row.items() if head != "Office"} == {
            head: counts[kind] for head, kind in COLUMNS.items()
        }
    order = ("members", "follow", "eligible", "not_reported", "asked", "must_act", "flip")
    assert tokens(found.sentence.partition("; digest")[0]) == [str(wanted[""][kind]) for kind in order]


@pytest.mark.servers
def test_from_the_first_period_on_every_number_equals_its_recomputation(begun: Desk) -> None:
    for week in (0, 1):
        if week:
            begun.play(week)
        begun.period()
        with seen_by(begun) as seen:
            assert list(checked(seen)) == [], week
            assert list(of_dashboard(begun.application, seen)) == [], week


def grown(empty: Path, folder: Path, seed: int, offices: int = 0) -> Grown:
    """A random network after a few weeks: stepped and swept each week; of so many offices if that is given."""
    made = some(empty, folder, seed, offices)
    dice = Random(seed)
    with made.store.open():
        for _ in range(dice.randrange(1, 4)):
            sweeping.sweep(short(made.store), made.clock, made.rulebook, "method/2.0")
            made.clock.at += timedelta(days=dice.randrange(3, 15))
            advancing._advance(short(made.store), made.clock, (made.plan,), made.rulebook)
        sweeping.sweep(short(made.store), made.clock, made.rulebook, "method/2.0")
    return made


FAULTS = {
    "settled": lambda patch: patch.setattr(
        rollout_report.RolloutReport, "settled", property(lambda report: report.course[-1].adopted + 100)
    ),
    "duty-1-points": lambda patch: patch.setattr(
        "domain.reporting.duties.OPEN_RESULTS", frozenset({"unknown"})
    ),
    "trend": lambda patch: patch.setattr("domain.reporting.trend.OPEN_RESULTS", frozenset({"fail", "pass"})),
}
"""A fault of the domain that changes the figure."""


@pytest.mark.parametrize("fault", ["settled", "duty-1-points", "trend"])
def test_the_control_a_fault_in_the_domain_is_found(
    running: Desk, sample: list[Compared], monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    FAULTS[fault](monkeypatch)
    with seen_by(running) as seen:
        again = seen.reports
    found = [line for each, report in zip(sample, again, strict=True) for line in each.differences(report)]
    assert any(f": {fault}: the page says" in each for each in found)


def planted(patch: pytest.MonkeyPatch, template: str, was: str, now: str) -> None:
    """The template with other text in one place."""
    loader, whole = environment().loader, environment().loader.get_source
    assert was in whole(environment(), template)[0]

    def source(env, name):
        text, file, fresh = whole(env, name)
        return (text.replace(was, now) if name == template else text), file, fresh

    patch.setattr(loader, "get_source", source)
    patch.setattr(environment(), "cache", {})


@pytest.mark.parametrize(
    ("template", "was", "now", "told"),
    [
        ("rollout.html.j2", 'figure("old", report.counts["old"])', 'figure("old", report.counts["out"] + 7)', "old: "),
        ("sweep.html.j2", 'figure("judged", report.rows | length)', "report.rows | length", "without a mark: ['60']"),
        ("sweep.html.j2", "{% block approval %}", '{% block approval %}{{ figure("new", 5) }}', "new: the page says"),
        ("sweep.html.j2", "{{ role_words(duty.role) }}", "{{ duty.role }}", "duties: "),
        ("sweep.html.j2", "{{ office(duty.office) }}:", "{{ duty.office }}:", "duties: "),
        ("parts.html.j2", "all=line.total", "all=line.total + 1", "bar-1-of: "),
    ],
)  # fmt: skip
def test_the_control_a_fault_in_a_template_is_found(
    sample: list[Compared], monkeypatch: pytest.MonkeyPatch, template: str, was: str, now: str, told: str
) -> None:
    planted(monkeypatch, template, was, now)
    assert any(told in line for each in sample for line in each.differences())
