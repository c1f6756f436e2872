"""How many bad inputs are tried, each refused with its place and what to do: where they stand, and their number."""

from __future__ import annotations

import pytest

from tests.domain.cases import test_cases as cases
from tests.domain.directives import test_directives as directives
from tests.domain.drafts import test_amending as drafts
from tests.tasks import test_cases as raised
from tests.tasks import test_directives as issued
from tests.tasks import test_drafts as drafted

TRIED = {
    "cases": [*(told for _, told in cases.WRONG), *(told for *_, told in raised.REFUSED)],
    "objections": [told for _, told in cases.OBJECTED],
    "directives": [*(told for _, told in directives.BAD), *(told for *_, told in issued.REFUSED)],
    "drafts": [*(told for _, told in drafts.WRONG), *(told for *_, told in drafted.BAD.values())],
}


@pytest.mark.parametrize("subject", TRIED)
def test_each_subject_of_feedback_has_ten_bad_inputs_at_least(subject: str) -> None:
    assert len(set(TRIED[subject])) >= 10


def test_there_are_forty_bad_inputs_of_feedback_and_more() -> None:
    assert sum(len(set(told)) for told in TRIED.values()) >= 40
