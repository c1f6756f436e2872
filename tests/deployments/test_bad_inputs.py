"""How many bad inputs are tried: where they stand, and their number.

The test of each list asserts that the refusal names the place and what to do: by `lacks`, those of the answers of an
office by their line and `instead`.
"""

from __future__ import annotations

import pytest

from tests.deployments import test_deploying, test_report
from tests.remedies import lacks
from tests.tasks import test_distributing, test_localizing

TRIED = {
    "deployments": [said for _, _, said in test_deploying.BAD],
    "what an owner states of costs": [said for _, said in test_report.WRONG],
    "localization": [
        *(told for *_, told in test_localizing.WRONG),
        *(told for _, told in test_localizing.ELSEWHERE),
    ],
    "distribution": [
        *(told for *_, told in test_distributing.BAD.values()),
        *(told for *_, told in test_distributing.WITHHELD),
        *(told for *_, told in test_distributing.UNPLACEABLE),
    ],
}


def test_there_are_forty_bad_inputs_and_more_and_each_subject_has_some() -> None:
    counted = {name: len(set(told)) for name, told in TRIED.items()}
    assert min(counted.values()) >= 10, counted
    assert sum(counted.values()) >= 40, counted


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("receivers, entry 1: '12.05.2027' is no date; write it as 2027-05-12", []),
        ("receivers, entry 1: '12.05.2027' is no date.", ["remedy"]),
        ("This cannot be; write something else", ["place"]),
        ("It failed.", ["place", "remedy"]),
        ("receivers: it is empty;\nwrite an office", ["one line"]),
    ],
)
def test_a_refusal_without_its_place_or_without_a_remedy_would_be_found(
    text: str, lacking: list[str]
) -> None:
    assert lacks(text) == lacking
