"""Every standing and band has words of its own, and no stored word reaches a page."""

import re

import pytest

from domain.reporting.sentence import Bucket
from domain.reporting.shown import BANDS, STANDINGS, WORDS, shown
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result
from reports.words import group_label, group_meaning


def test_every_standing_and_band_has_words() -> None:
    assert set(STANDINGS) == set(Standing)
    assert set(BANDS) == set(Result)
    assert set(WORDS) == {str(each) for kind in (Standing, Result) for each in kind}


@pytest.mark.parametrize("table", [STANDINGS, BANDS])
def test_no_two_have_the_same_words_so_that_no_count_takes_the_place_of_another(table) -> None:
    assert len({shown(each) for each in table}) == len(table)


def test_what_is_both_a_standing_and_a_band_has_the_same_words_as_either() -> None:
    both = {str(each) for each in Standing} & {str(each) for each in Result}
    assert both == {"grandfathered"}
    assert all(STANDINGS[Standing(each)] == BANDS[Result(each)] for each in both)


@pytest.mark.parametrize(
    ("state", "old", "expected"),
    [
        (Standing.GRANDFATHERED, "1.0", "completing under 1.0"),
        (Result.GRANDFATHERED, None, "completing under the version before"),
        (Standing.TRIAL, "1.0", "pilot period"),
        (Result.PERMITTED, "1.0", "approved deviation"),
        (Standing.UNANSWERED, "1.0", "no response"),
        ("skipped", None, "excluded"),
    ],
)
def test_the_version_before_is_said_where_it_is_known(state, old, expected) -> None:
    assert shown(state, old) == expected


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(KeyError, match="running"):
        shown("running")


def test_no_word_of_the_code_is_in_what_people_read() -> None:
    read = [shown(word, "1.0") for word in WORDS]
    for group in (*Bucket, *Result):
        read += [group_label(group, "2.0", "1.0"), group_meaning(group, "2.0", "1.0")]
    stored = re.compile(r"grandfather|permitted|\btrial\b|skipped|[a-z]_[a-z]|[{}]")
    assert [text for text in read if stored.search(text)] == []
    assert all(map(stored.search, ("a trial", "not_reported"))), "the control: it finds them"
