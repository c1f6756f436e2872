"""Every figure of a deployment's page equals a plain recomputation, for its sponsor and everybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from domain.deployments.deployment import Deployment, Receiver, Reply
from domain.deployments.progress import LocalStanding, OfficeStanding, Step
from domain.deployments.sharing import Deployments
from domain.deployments.sheet import DeploymentSheet, sheet
from domain.language import ENGLISH
from domain.organization.office import Organization, Person, Role
from reports.deployments.page import Reading, deployment_html
from tests.domain.builders import noon, office, organization
from tests.reports.role_lists import words
from tests.reports.slow_deployments import SlowDeployment
from tests.tasks.test_recomputed import planted

NETWORKS, FEW = 100, 10
TODAY = date(2027, 11, 8)
ROLES = [f"Role {n}" for n in range(7)]


def _reply(dice: Random) -> Reply | None:
    return Reply(dice.random() < 0.8, "jo", noon(TODAY)) if dice.random() < 0.85 else None


def _plan(dice: Random) -> LocalStanding:
    tasks = dice.choice([0, 1, 12])
    step = dice.choice([None, None, None, Step.LOCALIZE, Step.DISTRIBUTE])
    name = dice.choice(["", "Copy the data"])
    begins = TODAY + timedelta(days=dice.randrange(-30, 90)) if name and dice.random() < 0.7 else None
    ends = begins + timedelta(days=dice.randrange(40)) if begins and dice.random() < 0.5 else None
    return LocalStanding(
        dice.choice(list(OfficeStanding)), step, name, begins,
        dice.choice([None, TODAY + timedelta(days=dice.randrange(120))]),
        dice.randrange(tasks + 1), tasks, tuple(ROLES[: dice.randrange(len(ROLES))]),
        next_end=ends,
    )  # fmt: skip


def _network(dice: Random) -> tuple[Deployment, Organization, dict[str, LocalStanding]]:
    names = [f"o{n}" for n in range(dice.randrange(2, 12))]
    people = {f"head-{name}": Person(f"head-{name}", f"Head {name}") for name in names}
    people |= {
        f"call-{name}": Person(f"call-{name}", f"Call {name}", f"mailto://{name}@x.org") for name in names
    }
    people |= {"sponsor": Person("sponsor", "Sponsor"), "stranger": Person("stranger", "Stranger")}
    offices = (
        replace(office(name), name=name.upper(), roles={Role.HEAD: (f"head-{name}",)}) for name in names
    )
    there = organization(*offices, people=people)
    there.offices["hq"].roles[Role.SPONSOR] = ("sponsor",)
    receivers = tuple(
        Receiver(name, TODAY + timedelta(days=dice.randrange(-30, 90)), dice.choice([f"call-{name}", ""]),
                 _reply(dice))
        for name in names[1:]
    )  # fmt: skip
    closed = noon(TODAY) - timedelta(days=1) if dice.random() < 0.1 else None
    found = Deployment(
        "finance", "Finance", "Finance", "sponsor", names[0], "finance", receivers, noon(date(2027, 1, 4)),
        closed, _reply(dice),
    )  # fmt: skip
    return found, there, {name: _plan(dice) for name in names if dice.random() < 0.8}


def _html(found: DeploymentSheet, there: Organization) -> str:
    reading = Reading(there, "/x", date(2028, 1, 1), ENGLISH, TODAY)
    return deployment_html(found, reading).decode()


def differences(seed: int) -> Iterator[str]:
    """Where somebody's page of a random deployment says otherwise than the recomputation."""
    found, there, plans = _network(Random(seed))
    at: datetime = noon(TODAY)
    for person in there.people:
        again = SlowDeployment(found, person, there, plans, at)
        seen = sheet(found, person, Deployments((found,)), plans, there, ("hq",), at)
        may = person == found.sponsor or bool(again.mine and again.is_open)
        if (seen is not None) is not may:
            yield f"page of {person}: there is {'one' if seen else 'none'}"
        if seen is None:
            continue
        html = _html(seen, there)
        rows = re.search(r'id="offices".*?<tbody>(.*?)</tbody>', html, re.DOTALL)
        parts = {
            "first line": (re.findall(r"<h1>(.*?)</h1>", html), [again.headline()]),
            "offices": (re.findall(r"<tr>(.*?)</tr>", rows[1], re.DOTALL) if rows else [], again.rows()),
        }
        for part, (said, wanted) in parts.items():
            if list(map(words, said)) != list(map(words, wanted)):
                yield f"{part} of {person}: the page says {list(map(words, said))}, recomputed {wanted}"


def test_on_random_deployments_every_figure_of_everybodys_page_equals_its_recomputation() -> None:
    for seed in range(FEW):
        assert list(differences(seed)) == [], seed


@pytest.mark.servers
def test_on_100_random_deployments_every_figure_of_everybodys_page_equals_its_recomputation() -> None:
    for seed in range(FEW, NETWORKS):
        assert list(differences(seed)) == [], seed


FAULTS = {
    "first line": ("deployment.html.j2", "<h1>{{ foreign(line, 240) }}.", "<h1>{{ foreign(line, 240) }} 7."),
    "offices": ("deployment.html.j2", "{% for each in lines %}<tr>", "{% for each in lines[1:] %}<tr>"),
    "offices, when": ("deployment.html.j2", "{{ each.late }}", "{{ each.go_live }}"),
    "offices, what is overdue": ("deployment.html.j2", "{% if each.overdue %}", "{% if not each.overdue %}"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_control_a_fault_in_a_deployments_page_is_found(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    planted(monkeypatch, *FAULTS[fault])
    found = [each for seed in range(6) for each in differences(seed)]
    assert found
    assert all(each.startswith(fault.partition(",")[0]) for each in found)


def test_the_control_an_office_that_has_not_accepted_and_is_shown_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.deployments.sheet._sees", lambda *_: True)
    monkeypatch.setattr(DeploymentSheet, "waiting", property(lambda _: 0))
    assert any(each.startswith("first line") for seed in range(6) for each in differences(seed))
