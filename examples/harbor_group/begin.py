"""What stands in the project lists when the sample begins: values by our names, with planted gaps.

It refuses to know of any week after week 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from domain.plans.project import Scalar
from examples.harbor_group.demands import State, attest, half, link, rest, sponsor_of
from examples.harbor_group.desks import Desk
from examples.harbor_group.fates import FATES, Fate
from examples.harbor_group.plans import Row, chance, done_share, items, worked
from examples.harbor_group.projects import Seed

MONDAY = date(2027, 1, 4)
"""The Monday of week 0."""
PLANNED = ("planning", "execution", "closing", "on_hold")
BEGUN = ("execution", "closing", "on_hold")
SIZE = {"EUR": 1, "SGD": 1, "BRL": 6, "SAR": 4, "TRY": 40, "ZAR": 20, "NOK": 11}

PLANTED: Mapping[str, Mapping[str, Scalar | None]] = {
    "group/GP-03": {"baseline_finish": date(2027, 7, 2), "field.risk_register": None},
    "mersin/MR-03": {"percent_complete": None},
    "mersin/MR-01": {"field.risk_register": None},
    "hamburg/TA-07": {"forecast_cost": None},
    "santos/SP-07": {"forecast_cost": None},
    "dammam/DM-04": {"finish": None},
    "dammam/DM-06": {"forecast_cost": None},
    "lehavre/LH-02": {"sponsor": None},
    "lehavre/LH-07": {"forecast_cost": None},
    "antwerp/AW-01": {"percent_complete": None},
    "antwerp/AW-02": {"finish": None},
    "antwerp/AW-03": {"percent_complete": None},
    "antwerp/AW-04": {"attested.business_case.valid_until": date(2027, 2, 28)},
    "antwerp/AW-06": {"actual_cost": None},
    "durban/DB-04": {"sponsor": None},
    "durban/DB-05": {"baseline_finish": date(2027, 9, 17)},
    "singapore/GC-08": {"attested.business_case.valid_until": date(2027, 1, 31)},
}
"""What is missing or wrong at the beginning, by project; None is an empty cell, a cost a share of the budget."""
OWNERLESS = {"lehavre/LH-06": 3, "santos/SP-03": 2, "antwerp/AW-05": 1}
DATELESS = {"dammam/DM-06": 3, "singapore/GC-02": 1}
"""By project, how many of the last tasks have no owner, or no due date."""


def first_rows(seed: Seed, desk: Desk) -> tuple[Row, ...]:
    """The items as they stand in week 0."""
    rows = items(seed, desk)
    lag = FATES.get(seed.key, Fate()).behind_from
    until = desk.report_day(MONDAY) + timedelta(weeks=min(0, lag))
    return worked(rows, until)


def is_blank(seed: Seed, number: int, row: Row, count: int) -> tuple[bool, bool]:
    """Whether the owner, and the due date, of an item are missing."""
    place = count - 4 - number
    task = row.kind == "task"
    return (
        task and 0 <= place < OWNERLESS.get(seed.key, 0),
        task and 0 <= place < DATELESS.get(seed.key, 0),
    )


def first_state(seed: Seed, desk: Desk) -> State:
    """What the project list says of a project in week 0."""
    dice = chance(f"{seed.key}/list")
    names = desk.names
    span = (seed.finish - seed.start).days
    share = min(1.0, max(0.0, (MONDAY - seed.start).days / span))
    budget = 10_000 * dice.randint(30, 420) * SIZE[desk.currency]
    state: State = {
        "id": seed.id,
        "title": seed.title,
        "stage": seed.stage,
        "lead": names[2 + dice.randrange(len(names) - 2)],
        "start": seed.start,
        "finish": seed.finish,
        "currency": desk.currency,
        "budget": budget,
        "last_report": desk.report_day(MONDAY),
        "standard_version": "1.0",
    }
    if seed.program:
        state["program"] = seed.program
    if seed.stage in PLANNED:
        state["sponsor"] = sponsor_of(seed, desk)
        state["field.risk_register"] = link(seed, "risk_register")
        state["gate.G1"] = desk.working_day(seed.start + timedelta(days=round(span * 0.08)))
        for subject in ("business_case", "charter"):
            state |= attest(seed, desk, subject, seed.start + timedelta(days=dice.randint(5, 20)))
    if seed.stage in BEGUN:
        state |= _running(seed, desk, round(budget * share / 1000) * 1000, budget)
    if FATES.get(seed.key, Fate()).ready == 0:
        state |= {**half(seed, desk, desk.report_day(MONDAY)), **rest(seed, desk)}
    return _planted(seed, state, budget)


def _running(seed: Seed, desk: Desk, spent: int, budget: int) -> State:
    dice = chance(f"{seed.key}/money")
    span = (seed.finish - seed.start).days
    return {
        "baseline_finish": seed.finish - timedelta(days=dice.choice((0, 0, 7, 11))),
        "percent_complete": int(done_share(first_rows(seed, desk))),
        "actual_cost": min(spent, round(budget * 0.97)),
        "forecast_cost": round(budget * dice.uniform(0.97, 1.06) / 1000) * 1000,
        "gate.G2": desk.working_day(seed.start + timedelta(days=round(span * 0.125))),
    }


def _planted(seed: Seed, state: State, budget: int) -> State:
    for name, value in PLANTED.get(seed.key, {}).items():
        if value is None:
            state.pop(name, None)
        elif name == "forecast_cost" and isinstance(value, float):
            state[name] = round(budget * value / 1000) * 1000
        else:
            state[name] = value
    return state


def blanked(seed: Seed, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The items with the owners that nobody entered left out."""
    return tuple(
        replace(row, owner="") if is_blank(seed, number, row, len(rows))[0] else row
        for number, row in enumerate(rows)
    )
