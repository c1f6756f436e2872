"""The sample, played once without Prefect around it; what it left behind is looked at by all golden tests.

Its pseudonyms are given before it begins, so that the ledger, and every report that prints its head, come out
byte for byte the same in every run.
"""

from __future__ import annotations

import contextlib
import io
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from domain.messages.outbox import happening
from examples.harbor_group import player
from gateway.app import create_app, gateway_of
from gateway.prefect import Prefect
from tasks.advancing import advance_all
from tasks.reporting import write_reports
from tasks.sweeping import sweep_network
from tests.golden.interventions import first_week, late_week
from tests.golden.rows import without_others
from tests.tasks.conftest import Desk, at_desk, leave

WEEKS = 9
QUIET = (2, 6, 7)
"""Weeks in which the offices work and nothing of ours runs."""
REPORTED = 4
"""The week in which reports are written, besides the last one."""


@dataclass(frozen=True)
class Played:
    """What the play left behind: its folder, the events that other systems would get, and what it serves."""

    folder: Path
    events: dict[str, str]
    pages: list[list[str]]
    addresses: dict[str, list[str]]
    figures: list[str]
    exported: str

    @property
    def database(self) -> Path:
        return self.folder / "state/interoffice.db"


def play(place: Path, environment: pytest.MonkeyPatch) -> Played:
    """Play nine weeks and what comes after them; the variables of this process are set for as long."""
    without_others(environment)
    player.copy_sample(place / "organization")
    desk, pages = at_desk(place, environment), []
    try:
        _name_people(desk, place / "state/interoffice.db")
        desk.begin()
        period(desk, reports=False)
        first_week(desk)
        for week in range(1, WEEKS + 1):
            desk.play(week)
            if week not in QUIET:
                pages += period(desk, reports=week in (REPORTED, WEEKS))
            if week == WEEKS - 1:
                late_week(desk)
        events = _events(desk)
        addresses, figures = _served(desk)
    finally:
        leave()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        assert main(["ledger", "export"]) == 0
    return Played(place, events, pages, addresses, figures, said.getvalue())


def period(desk: Desk, *, reports: bool) -> list[list[str]]:
    """Read, advance, deliver and judge; and write the reports: what each is about, and its address."""
    desk.read()
    advance_all(dry_run=False)
    desk.deliver()
    sweep_network("newest")
    return [[page.about, page.url] for page in write_reports()] if reports else []


def _name_people(desk: Desk, database: Path) -> None:
    """Give everybody a pseudonym, by id and by name, before the ledger would give them one by chance.

    The agencies' people come last: they do nothing here, and the others keep their pseudonyms.
    """
    organization = desk.application.organization
    agencies = [each for each in organization.offices.values() if "agencies" in (each.id, each.parent)]
    last = {person for each in agencies for holders in each.roles.values() for person in holders}
    named = [
        (each.id in last, name) for each in organization.people.values() for name in (each.id, each.name)
    ]
    people = [name for _, name in sorted(named)]
    with contextlib.closing(sqlite3.connect(database)) as connection:
        given = [(person, f"p-{number:016x}") for number, person in enumerate(people)]
        connection.executemany("INSERT INTO pseudonyms (person, pseudonym) VALUES (?, ?)", given)
        connection.commit()


def _events(desk: Desk) -> dict[str, str]:
    """Every event that other systems would get, by its id, as they read it."""
    application = desk.application
    with application.store.read() as unit:
        found = [happening(entry, application.organization.id) for entry in unit.ledger.entries()]
    return {each.id: each.body.decode() for each in found if each is not None}


def _served(desk: Desk) -> tuple[dict[str, list[str]], list[str]]:
    """The addresses that the gateway answers, each with its methods, and the names of its figures."""
    gateway = gateway_of(desk.application, Prefect(""))
    app = create_app(desk.application.settings.state / "reports", gateway)
    addresses: dict[str, list[str]] = {}
    for path, methods in _routes(app.routes):
        addresses[path] = sorted({*addresses.get(path, ()), *methods})
    told = gateway.metrics.text().decode().splitlines()
    return dict(sorted(addresses.items())), sorted(line for line in told if line.startswith("# TYPE"))


def _routes(routes: Iterable[Any]) -> Iterator[tuple[str, set[str]]]:
    """Every address with its methods, also of routers within."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes)
        else:
            yield route.path, route.methods
