"""How many bad inputs are tried, each refused with its place and what to do: where they stand, and their number."""

from __future__ import annotations

from tests.deployments import test_deploying, test_report
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
