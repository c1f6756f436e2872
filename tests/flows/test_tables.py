"""The tables that runs leave in Prefect: headed in words, with ids and counts only, and nothing dropped."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.delivery.held import Cause, Held
from domain.delivery.wanted import WantedKind
from domain.outcomes.network import FilledPack
from domain.outcomes.rollouts import Effort
from domain.questions.needed_facts import FactGap
from flows import tables
from tasks.delivering import Delivered
from tasks.reading import OfficeRead
from tests.domain.outcomes.examples import SIMULATED, SWEPT

HEADER = re.compile(r"[A-Z][a-z]+(,? [a-z]+)*")
SECRET = "Nightingale"
SINCE = datetime(2027, 1, 4, tzinfo=UTC)
READS = (OfficeRead("coruna", 4, 30, 2, 1, 3), OfficeRead("aarhus", problem=f"{SECRET}.xlsx is locked"))
HELD = tuple(
    Held(f"key-{number}", "coruna", kind, cause, f"{SECRET}: {number}", SINCE)
    for number, (kind, cause) in enumerate(
        [(WantedKind.ITEM, Cause.NOT_GRANTED)] * 2 + [(WantedKind.QUESTION, Cause.WAITING)]
    )
)
DELIVERED = (
    Delivered("coruna", 3, 2, 12, 3, 2, holding=HELD, calls=("POST /a", "PUT /b"), seconds=90),
    Delivered("aarhus", problem=f"{SECRET}.xlsx is locked"),
)
FORESEEN = replace(SIMULATED, effort=(Effort("coruna", "project_manager", 7),))
TABLES = {
    "readings": tables.of_readings(READS),
    "deliveries": tables.of_deliveries(DELIVERED),
    "foreseen": tables.of_foreseen_deliveries(DELIVERED),
    "held": tables.of_held(DELIVERED),
    "simulation": tables.of_simulation(FORESEEN),
    "effort": tables.of_effort(FORESEEN),
    "gaps": tables.of_gaps([FactGap("cost.actual", ("coruna", "aarhus"))]),
    "no gaps": tables.of_gaps([]),
    "sweeps": tables.of_sweeps(replace(SWEPT, bands={"pass": 8, "not_applicable": 3, "unknown": 1})),
    "packs": tables.of_packs([FilledPack("river/board/coruna/2027-01", 12, 2, 1)]),
}


def not_in_words(table: tables.Table) -> list[str]:
    """The headers that are no words, and the rows that are headed otherwise than the first."""
    wrong = [name for name in table[0] if not HEADER.fullmatch(name)]
    return wrong + [str(row) for row in table if list(row) != list(table[0])]


@pytest.mark.parametrize("name", TABLES)
def test_every_header_is_in_words(name) -> None:
    assert not_in_words(TABLES[name]) == []


@pytest.mark.parametrize("planted", ["office", "not_reported", "Not_reported", "mustAct"])
def test_a_header_that_is_no_word_is_found(planted) -> None:
    assert not_in_words([{planted: 1}]) == [planted]


def test_no_text_of_a_tool_is_in_a_table() -> None:
    assert SECRET in str(READS) + str(DELIVERED[1]) + str(HELD), (
        "the control: it is in what the tables are of"
    )
    assert SECRET not in str(TABLES)


def test_no_stored_word_stands_in_a_cell() -> None:
    cells = [
        str(cell) for name in ("held", "effort", "sweeps") for row in TABLES[name] for cell in row.values()
    ]
    assert {"not granted", "project manager", "not applicable", "not reported"} <= set(cells)
    assert [cell for cell in cells if re.search(r"[a-z]_[a-z]", cell)] == []


def test_every_count_is_in_its_table() -> None:
    (office, unread), writes = TABLES["readings"], TABLES["deliveries"][0]
    assert list(office.values()) == ["coruna", "yes", 4, 30, 2, 1, 3]
    assert unread["Read"] == "no"
    assert list(writes.values()) == ["coruna", 3, 2, 12, 3, 2, "yes"]
    assert TABLES["foreseen"][0]["Minutes at least"] == 1.5
    assert sum(row["How many"] for row in TABLES["held"]) == len(HELD)
    assert sum(row["How many"] for row in TABLES["sweeps"]) == 12
    of = FORESEEN.per_office
    assert [sum(list(row.values())[1:]) for row in TABLES["simulation"]] == [
        each.members
        + each.follow
        + each.flip
        + each.eligible
        + each.not_reported
        + each.must_act
        + each.asked
        for each in of.values()
    ]


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ({"adopted": 1}, (100, "1 of 1 project adopted the version")),
        ({"adopted": 3, "binding": 9}, (25, "3 of 12 projects adopted the version")),
        ({}, (0, "0 of 0 projects adopted the version")),
    ],
)
def test_the_share_that_adopted_is_said_with_its_counts(standings, expected) -> None:
    assert tables.adopted(standings) == expected
