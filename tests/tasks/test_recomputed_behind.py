"""Every number of every page behind a report equals a separate slow recomputation from plans, ledger and rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.decisions.request import Significance
from domain.deviations.deviation import (
    ENDS,
    WAITING,
    Asked,
    Basis,
    Cause,
    Deviation,
    Ending,
    Scope,
    Span,
    State,
    Timing,
    Weighed,
)
from domain.reporting.sweep_report import Report
from domain.standards.tailoring import Rulebook
from reports import details
from reports.fact_words import FactWords
from reports.made import Made, made_of
from reports.project_page import Verdicts
from reports.rows import Rows
from tasks import context
from tests.reports.blocks import Blocks, numbers
from tests.reports.figures import tokens
from tests.reports.slow_behind import behind_rollout, behind_sweep
from tests.tasks.conftest import Desk, copy_of, leave
from tests.tasks.grown import Grown
from tests.tasks.test_random_networks import empty, in_memory
from tests.tasks.test_recomputed import Seen, checked, grown, of_dashboard, planted, seen_by
from tests.tasks.test_recomputed_index import burdened, of_grown
from tests.tasks.test_recomputed_roles import differences as of_roles
from tests.tasks.test_recomputed_roles import peopled

__all__ = ["empty", "in_memory"]
NETWORKS = 10
"""Of the hundred of `make crash ARGS=figures`, the first."""
FACT_ID = re.compile(r"\b(?:project|plan|report|cost|tool|field|gates|attested)\.[a-z]\w+")
WEEKS = (3, 4, 5, 6)
"""Of those that `make crash ARGS=figures` plays to the end of the sample."""


def differences(pages: Mapping[str, bytes], wanted: Mapping[str, list[str]]) -> Iterator[str]:
    """Where a page says other numbers than the recomputation, or one of them has a page that the other lacks."""
    if pages.keys() != wanted.keys():
        yield f"pages of one side only: {sorted(pages.keys() ^ wanted.keys())}"
    for name in sorted(pages.keys() & wanted.keys()):
        said = numbers(pages[name])
        again = [found for found in map(tokens, wanted[name]) if found]
        for n in range(max(len(said), len(again))):
            there, here = said[n] if n < len(said) else None, again[n] if n < len(again) else None
            if there != here:
                yield f"{name}: the page says {there}, recomputed {here}"
                break


@dataclass(frozen=True)
class Compared:
    """A report, and the recomputed pages behind it."""

    name: str
    report: Report
    wanted: Mapping[str, list[str]]

    def differences(self, made: Made | None = None) -> Iterator[str]:
        """Those of its pages, unless they are made already."""
        pages = (made or made_of(self.report)).details.pages
        yield from (f"{self.name} {each}" for each in differences(pages, self.wanted))


def compared(seen: Seen) -> Iterator[Compared]:
    """The reports of every rollout and of the newest sweep of each version."""
    slow, most = seen.slow, details.MOST_ROWS
    for rollout, _, report in seen.rollouts:
        yield Compared("rollout", report, behind_rollout(slow, rollout, most))
    for version, report in seen.sweeps:
        yield Compared(version.id, report, behind_sweep(slow, version, report.heading.as_of, most))


def all_differences(reports: Iterable[Compared]) -> list[str]:
    return [line for each in reports for line in each.differences()]


def behind(seen: Seen) -> list[str]:
    """The differences of the pages behind every report, which are those that its first pages lead to."""
    return [line for each in compared(seen) for line in each.differences(seen.made(each.report))]


def is_found(told: str, reports: Iterable[Compared]) -> bool:
    """Whether a difference says this; the search ends at the first one."""
    return any(told in line for each in reports for line in each.differences())


@pytest.fixture(scope="module")
def sample(stages: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """The reports of the sample after two weeks of its rollout, each looked at once more."""
    with pytest.MonkeyPatch.context() as patch:
        with seen_by(copy_of(stages, 2, tmp_path_factory.mktemp("behind"), patch)) as seen:
            found = list(compared(seen))
        leave()
    return found


def test_after_two_weeks_of_the_sample_every_number_behind_a_report_equals_its_recomputation(
    sample: list[Compared],
) -> None:
    assert all_differences(sample) == []


def with_ids(reports: Iterable[Compared]) -> list[str]:
    """The ids of facts that somebody sees on a page behind a report."""
    texts = (
        text
        for each in reports
        for page in made_of(each.report).details.pages.values()
        for text in Blocks(page).texts
    )
    return [found for text in texts for found in FACT_ID.findall(text)]


def test_no_page_behind_a_report_shows_the_id_of_a_fact(
    sample: list[Compared], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert with_ids(sample) == []
    monkeypatch.setattr(FactWords, "name", lambda _, path: path)
    assert with_ids(sample), "the control"


@pytest.mark.servers
def test_in_weeks_of_the_sample_every_number_of_and_behind_a_report_equals_its_recomputation(
    running: Desk,
) -> None:
    for week in WEEKS:
        assert recounted_week(running, week) == [], week


def recounted_week(desk: Desk, week: int) -> list[str]:
    """Play the next week of the sample; where a page says another number than its recomputation."""
    desk.play(week)
    desk.period()
    with seen_by(desk) as seen:
        return [*checked(seen), *of_dashboard(desk.application, seen), *behind(seen)]


@pytest.mark.servers
def test_on_random_networks_reports_the_index_and_every_role_s_page_equal_their_recomputation(
    empty: Path, in_memory: Path
) -> None:
    assert sum(recounted(empty, in_memory / str(seed), seed) for seed in range(NETWORKS)) > NETWORKS
    context.KEPT.forget()


def recounted(empty: Path, folder: Path, seed: int) -> int:
    """Compare all pages of a network with their recomputation; how many reports it has. Raises AssertionError.

    In every second one each office has restricted projects, and lists go on on further pages after few lines.
    Every tenth has many offices. The index and the pages per role are of the same networks, with more in them.
    """
    made = grown(empty, folder, seed, 14 if seed % 10 == 0 else 0)
    with made.store.open(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(details, "MOST_ROWS", 300 if seed % 2 else 3)
        reports = agree(made, seed)
    made.store.close()
    return reports


def agree(made: Grown, seed: int) -> int:
    """Everything of one network equals its recomputation; how many reports it has."""
    with made.store.read() as unit:
        assert list(checked(Seen(unit, made.rulebook, made.clock.now()))) == [], seed
    deviating(made, seed)
    with made.store.read() as unit:
        seen = Seen(unit, made.rulebook, made.clock.now())
        assert list(checked(seen)) == [], f"{seed} with deviations"
        hiding = seen if seed % 2 else Seen(unit, restricting(made.rulebook), seen.now)
        assert behind(hiding) == [], seed
    burdened(made, seed)
    assert list(of_grown(made)) == [], f"the index of {seed}"
    rulebook = peopled(made)
    with made.store.read() as unit:
        found = of_roles(Seen(unit, rulebook, made.clock.now()))
        assert list(found) == [], f"the pages per role of {seed}"
    return len(seen.rollouts) + len(seen.sweeps)


RULES = ("crane-log", "berth-plan", "tide-table")
"""Rules that no version here has: what is asked of them changes no verdict."""


def deviating(made: Grown, seed: int) -> None:
    """Deviations of every state and way are in the store: some wait, some hold, some ended or came too late."""
    dice, today = Random(seed), made.clock.now().date()
    states = [
        State.UNDER_REVIEW,
        State.RETURNED,
        State.SCHEDULED,
        State.SCHEDULED,
        State.REJECTED,
        State.REVOKED,
    ]
    found = []
    for n in range(dice.randrange(1, 25)):
        state, asked = dice.choice(states), made.clock.now() - timedelta(hours=dice.randrange(24, 2000))
        first = today + timedelta(days=dice.randrange(-40, 20))
        decided = None if state in WAITING else asked + timedelta(hours=dice.randrange(1, 20))
        office = dice.choice(made.offices)
        plain = Deviation(
            f"dev-{n}", "method", "2.0", dice.choice(RULES), Scope(f"{office}/P{dice.randrange(4)}"),
            Span(first, first + timedelta(days=dice.randrange(5, 60)), "Europe/Istanbul"), "x",
            Asked(office, "jo", asked), Basis(""), state=state, submitted=asked, decided=decided,
            citation=dice.choice(["", "Act 7"]), timing=dice.choice(list(Timing)),
            weighed=Weighed(dice.choice(list(Significance))),
            activated=decided if state is State.SCHEDULED else None,
            ending=Ending(state, decided, Cause.DECIDED) if state in ENDS else None,
        )  # fmt: skip
        found.append(plain)
    with made.store.begin() as unit:
        unit.deviations.put(found)
        unit.commit()


def restricting(rulebook: Rulebook) -> Rulebook:
    """The rulebook, with two restricted projects at every office."""
    organization = rulebook.organization
    offices = {
        key: replace(each, restricted=frozenset({"P0", "P2"})) for key, each in organization.offices.items()
    }
    return replace(rulebook, organization=replace(organization, offices=offices))


@pytest.mark.servers
@pytest.mark.parametrize(
    ("template", "was", "now", "told"),
    [
        ("list.html.j2", "{{ lead }}", "{{ lead }}<p>7</p>", "rollout offices: "),
        ("office_lead.html.j2", "<b>{{ line.counts[group] }}</b>", "<b>{{ line.total }}</b>", "rollout o-1: "),
        ("needs.html.j2", "{{ short_day(need.by) }}", "", "rollout needs: "),
        ("waves.html.j2", "{{ line.count.settled }}", "{{ line.members }}", "rollout waves: "),
        ("method.html.j2", "n=report.rows | length", "n=report.offices | length", " method: "),
        ("method.html.j2", "{% if report.heading.not_consulted %}", "{% if 0 %}", "delivery-method/2.0 method: "),
        ("duties.html.j2", "{{ duty.findings }}", "{{ duty.projects }}", "delivery-method/2.0 duties: "),
    ],
)  # fmt: skip
def test_the_control_a_fault_in_a_template_of_a_page_behind_is_found(
    sample: list[Compared], monkeypatch: pytest.MonkeyPatch, template: str, was: str, now: str, told: str
) -> None:
    planted(monkeypatch, template, was, now)
    assert is_found(told, sample)


@pytest.mark.servers
def test_the_control_a_fault_in_the_page_of_deviations_is_found(
    empty: Path, in_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = grown(empty, in_memory / "faulty", 7)
    deviating(made, 7)
    with made.store.read() as unit:
        found = list(compared(Seen(unit, made.rulebook, made.clock.now())))
    assert all_differences(found) == []
    for was, now in FAULTS_OF_DEVIATIONS:
        with monkeypatch.context() as patch:
            planted(patch, "deviations.html.j2", was, now)
            assert is_found(" deviations: ", found), was
    made.close()


FAULTS_OF_DEVIATIONS = [
    ("n=m.in_force", "n=m.in_force + 1"),
    ("{{ short_day(line.last) }}", ""),
    ("{{ of.in_force + of.interim }}", "{{ of.in_force + of.interim + 1 }}"),
    ("{{ of.oldest_days }}", "{{ of.oldest_days + 1 }}"),
]


def shifted(patch: pytest.MonkeyPatch, at: object, name: str, change: Callable[[Any], Any]) -> None:
    """What the function makes is changed."""
    whole = getattr(at, name)
    patch.setattr(at, name, lambda *args, **more: change(whole(*args, **more)))


@pytest.mark.servers
@pytest.mark.parametrize(
    ("at", "name", "change", "told"),
    [
        (Rows, "_day", lambda _: "1 Jan", "rollout g-must_act: "),
        (Rows, "_worst", lambda text: text.replace("and ", "and 1"), "delivery-method/2.0 g-fail: "),
        (Verdicts, "of", lambda html: html.replace("10", "11"), "rollout p-1: "),
        (Verdicts, "of", lambda html: html.replace("</ul>", "<li>1</li></ul>"), "delivery-method/2.0 p-1: "),
        (details, "turns", lambda found: found[1:], "'changes'"),
        (details._Pages, "_office_row", lambda row: row.replace(">6<", ">5<"), "rollout offices: "),
        (details._Pages, "_office_row", lambda row: row.replace("18 Jan", "17 Jan"), "2.0 offices: "),
    ],
)
def test_the_control_a_fault_in_what_makes_a_page_behind_is_found(
    sample: list[Compared],
    monkeypatch: pytest.MonkeyPatch,
    at: object,
    name: str,
    change: Callable[[Any], Any],
    told: str,
) -> None:
    shifted(monkeypatch, at, name, change)
    assert is_found(told, sample)
