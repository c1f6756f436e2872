"""Asking for deviations on the sample and deciding on them, for tests; its clock is moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from config.wiring import Application, FixedClock
from domain.decisions.request import Choice
from domain.deviations.deviation import Deviation
from domain.organization.office import Role
from domain.outcomes.deviations import DeviationAsked
from domain.standards.verdict import Result
from tasks import context
from tasks.ending import decide
from tasks.entering import request_deviation
from tasks.sweeping import sweep_network
from tests.tasks.conftest import Desk

MONDAY = date(2027, 1, 18)
AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
LAST = MONDAY + timedelta(days=59)
PROJECT, RULE, VERSION = "mersin/MR-01", "version-named", "delivery-method/2.0"
ASKS, HEAD, OTHER = "elif-kaya", "marijke-van-dijk", "hugo-vermeer"


def with_people(desk: Desk) -> None:
    """Two approvers in the office that leads, as a significant request takes two."""
    there = desk.application
    group = there.organization.offices["group"]
    group = replace(group, roles={**group.roles, Role.APPROVER: (HEAD, OTHER)})
    offices = {**there.organization.offices, "group": group}
    _keep(replace(there, organization=replace(there.organization, offices=offices)))


def _keep(application: Application) -> None:
    context.KEPT.__dict__["application"] = application


def at(day: date, hour: int = 9) -> None:
    """The sample's clock is moved."""
    now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    _keep(replace(context.current_application(), clock=FixedClock(now)))


def verdict(desk: Desk, project: str = PROJECT, rule: str = RULE) -> Result:
    swept = sweep_network(VERSION)
    with desk.application.store.read() as unit:
        sweep = unit.sweeps.get(swept.id)
    judged = next(each for each in sweep.judged if each.project == project)
    return next(each.result for each in judged.verdicts if each.rule == rule)


def ask(
    project: str = PROJECT,
    rule: str = RULE,
    person: str = ASKS,
    first: object = MONDAY,
    last: object = LAST,
    **terms,
) -> DeviationAsked:
    written = "; ".join(f"{name}={value}" for name, value in {"first": first, "last": last, **terms}.items())
    why = "the supplier cannot deliver before summer"
    rule = rule if " " in rule else f"{VERSION} {rule}"
    return request_deviation.fn(project, rule, written, person, why, dry_run=False)


def stored(desk: Desk, id_: str) -> Deviation:
    with desk.application.store.read() as unit:
        return unit.deviations.get(id_)


def approve(id_: str, *people: str, choice: Choice = Choice.APPROVE) -> str:
    return [decide.fn(id_, str(choice), each, "a test", dry_run=False) for each in people or (HEAD, OTHER)][
        -1
    ].state
