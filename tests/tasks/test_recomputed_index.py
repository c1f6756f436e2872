"""Every figure and line of the index of reports equals a separate slow recomputation from the stored rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from config.settings import Settings
from config.wiring import Application
from domain.cases.case import About, Case, CaseTurn, Raised
from domain.cases.kinds import AboutKind, CaseCause, CaseState, Side
from domain.decisions.request import DecisionKind, Request, RequestState, Shown
from domain.delivery.held import Cause, Held
from domain.delivery.wanted import WantedKind
from domain.plans.not_read import NotRead
from domain.plans.project import Unreadable
from domain.reporting.entry import ReportEntry
from reports.made import made_of
from tests.tasks.grown import Grown
from tests.tasks.test_random_networks import empty, in_memory
from tests.tasks.test_recomputed import Seen, grown, of_index, planted

__all__ = ["empty", "in_memory"]
SMALL = 1
"""The seed of a network of few offices."""
FIRST_REPORTS = date(2026, 12, 1)


def entries_of(seen: Seen) -> list[ReportEntry]:
    """The reports of now, an older one of each, and two of other kinds."""
    found = [made_of(report).entry for report in seen.reports]
    older = [replace(each, slug=f"{each.slug}-old", as_of=FIRST_REPORTS, sentence="7 old") for each in found]
    others = [
        replace(found[0], slug=f"read-{n}", about=f"reading-{n}", kind="reading", sentence=f"{n} cells read")
        for n in (3, 4)
    ]
    return [*older, *found, *others]


def burdened(made: Grown, seed: int) -> None:
    """Things are held, cases and requests wait, and tools were not read, or not understood."""
    dice, now = Random(seed), made.clock.now()
    with made.store.begin() as unit:
        for office in made.offices:
            held = [
                Held(f"{office}/{n}", office, WantedKind.ITEM, dice.choice(list(Cause)), "no",
                     now - timedelta(days=dice.randrange(1, 50)))
                for n in range(dice.randrange(9))
            ]  # fmt: skip
            unit.held.replace(office, held)
            chance = dice.randrange(4)
            cells = (
                [Unreadable(f"A{n}", "?", "no day") for n in range(dice.randrange(1, 9))]
                if chance == 1
                else []
            )
            if chance < 3:
                failure = (
                    dice.choice([NotRead.REFUSED, NotRead.AWAY, NotRead.NOT_KEPT, None])
                    if not chance
                    else None
                )
                unit.readings.add(
                    office, now, "e", "the file is gone" if not chance else "", cells, failure=failure
                )
        for n in range(dice.randrange(12)):
            unit.cases.add(_case(n, made, dice))
        for n in range(dice.randrange(12)):
            unit.decisions.add(_request(n, made, dice))
        unit.commit()


def _case(n: int, made: Grown, dice: Random) -> Case:
    now, state = made.clock.now(), dice.choice(list(CaseState))
    turn = CaseTurn(dice.choice(list(Side)), 1, now, now, now if dice.random() < 0.3 else None)
    return Case(
        f"case-{n}", About(AboutKind.RULE, f"rule-{n}", "method", "2.0"),
        (Raised(dice.choice(made.offices), "jo", now, CaseCause.QUALITY, "no"),), "hq",
        objection=dice.random() < 0.4, state=state, turns=(turn,) if dice.random() < 0.8 else (),
    )  # fmt: skip


def _request(n: int, made: Grown, dice: Random) -> Request:
    now = made.clock.now()
    return Request(
        f"request-{n}", DecisionKind.DEVIATION, f"o0/P{n}", dice.choice(["hq", "hq", "o0"]), Shown("f", "t", "r"),
        complete=now if dice.random() < 0.8 else None, due=now.date() + timedelta(days=dice.randrange(-20, 9)),
        in_time=dice.random() < 0.8, state=dice.choice([RequestState.OPEN, RequestState.OPEN, RequestState.APPROVED]),
    )  # fmt: skip


@contextmanager
def of_reports(made: Grown) -> Iterator[Callable[[], Iterator[str]]]:
    """The reports of a network, made once: each call makes their index and says where it differs."""
    with made.store.read() as unit:
        organization = made.rulebook.organization
        application = Application(Settings(), organization, {}, (made.plan,), made.store, made.clock)
        seen = Seen(unit, made.rulebook, made.clock.now())
        yield partial(of_index, application, unit, entries_of(seen), seen.slow)


def of_grown(made: Grown) -> Iterator[str]:
    """Where the index of a network's reports says something else than the recomputation."""
    with of_reports(made) as index_differences:
        yield from index_differences()


def test_on_a_random_network_the_index_of_reports_equals_its_recomputation(
    empty: Path, in_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one; many are compared with the pages behind their reports."""
    made = grown(empty, in_memory / "small", SMALL)
    burdened(made, SMALL)
    with of_reports(made) as index_differences:
        assert list(index_differences()) == []
        planted(monkeypatch, "index.html.j2", "count(board.earlier,", "count(board.earlier + 1,")
        found = list(index_differences())
        assert found, "the control"
        assert all(each.startswith("earlier: ") for each in found)
    made.close()


FAULTS = {
    "waits-more": ("{% set more = [(board.waiting", "{% set more = 1 + [(board.waiting"),
    "h-waits": (
        '{{ foreign(each.office, 60) }}: {{ count(each.count, "{n} thing',
        '{{ count(each.count, "{n} thing',
    ),
    "h-offices": ("{{ not_read(each, 120) }}", ""),
    "h-offices, stale": ("{% if each.stale %}", "{% if 0 %}"),
    "notices": ("{{ feedback.notices(board) }}", ""),
    "cases": ("count(of.cases,", "count(of.cases + 1,"),
    "earlier": ("count(board.earlier,", "count(board.earlier + 1,"),
    "other-1-sentence": ('{{ listed(entry, "other-"', '{{ listed(board.others[-1], "other-"'),
    "states": ("{{ state_line(card.rollout,", "{{ 7 if 1 else state_line(card.rollout,"),
    "pending-1": ("{% for each in board.pending %}", "{% for each in board.pending[1:] %}"),
}


@pytest.mark.servers
def test_the_control_a_fault_in_the_index_of_reports_is_found(
    empty: Path, in_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a network of many offices with something in every section, whose reports are made once."""
    made = grown(empty, in_memory / "faulty", 10, 14)
    burdened(made, 10)
    with of_reports(made) as index_differences:
        assert list(index_differences()) == []
        for part, (was, now) in FAULTS.items():
            with monkeypatch.context() as patch:
                template = "feedback.html.j2" if was.startswith("count(of.") else "index.html.j2"
                planted(patch, template, was, now)
                section = part.partition(",")[0]
                start = (section, f"not on the page: ['{section}")
                assert any(each.startswith(start) for each in index_differences()), part
    made.close()
