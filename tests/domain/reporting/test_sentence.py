"""One sentence, whose parts always add up."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reporting.rollout_report import rollout_report
from domain.reporting.sentence import BUCKET_OF, Bucket, bucket, rollout_sentence, sweep_sentence
from domain.rollouts.rollout import Adoption, Standing
from domain.standards.verdict import Result
from domain.words import counted, day
from tests.reports import sample

TODAY = date(2027, 3, 1)


def parts_add_up(text: str) -> None:
    """Read the sentence as a person does: the first number is part of the second, the rest complete it."""
    text = (
        re.sub(r"\b\d+ (?:January|February|March|April|May|June)", "", text)
        .replace("2.0", "")
        .replace("1.0", "")
    )
    text = re.sub(r"including \d+ late", "", text)
    follow, total, *rest = map(int, re.findall(r"\d+", text))
    assert follow + sum(rest) == total


def test_it_reads_as_a_director_reads_it() -> None:
    counts = {Bucket.FOLLOWS: 38, Bucket.OLD: 7, Bucket.NOT_REPORTED: 3, Bucket.MUST_ACT: 8, Bucket.LATE: 4}
    assert str(rollout_sentence(counts, "2.0", "1.0", date(2027, 3, 31), TODAY)) == (
        "38 of 60 projects follow 2.0; 7 are completing under 1.0, 3 have not reported, "
        "12 require action by 31 March, including 4 late."
    )


def test_one_is_singular() -> None:
    text = str(rollout_sentence(dict.fromkeys(Bucket, 1), "2.0", "1.0", date(2028, 1, 7), TODAY))
    assert text == (
        "1 of 9 projects follows 2.0; 1 is completing under 1.0, 1 has an approved deviation, 1 has not reported, "
        "1 owes an answer, "
        "2 require action by 7 January 2028, including 1 late, 1 is not bound yet, 1 is excluded."
    )


def test_parts_that_are_zero_are_left_out() -> None:
    assert (
        str(rollout_sentence({Bucket.FOLLOWS: 60}, "2.0", "1.0", None, TODAY))
        == "60 of 60 projects follow 2.0."
    )
    assert (
        str(rollout_sentence({Bucket.FOLLOWS: 1}, "2.0", "1.0", None, TODAY)) == "1 of 1 project follows 2.0."
    )
    assert str(rollout_sentence({}, "2.0", None, None, TODAY)) == "No project is part of this rollout."


def test_who_is_all_late_has_no_date_ahead() -> None:
    text = str(rollout_sentence({Bucket.LATE: 3}, "2.0", None, None, TODAY))
    assert text == "0 of 3 projects follow 2.0; 3 require action and are late."


def test_every_standing_falls_into_exactly_one_phrase() -> None:
    assert set(BUCKET_OF) == set(Standing)


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_is_in_the_sentence(standing: Standing) -> None:
    found = bucket(Adoption("a/1", "a", 1, standing, TODAY), TODAY)
    made = rollout_sentence({found: 5}, "2.0", "1.0", None, TODAY)
    assert made.total == 5


def test_the_due_day_itself_is_in_time() -> None:
    bound = Adoption("a/1", "a", 1, Standing.BINDING, TODAY, due=TODAY)
    assert bucket(bound, TODAY) is Bucket.MUST_ACT
    assert bucket(bound, TODAY + timedelta(days=1)) is Bucket.LATE


@given(st.dictionaries(st.sampled_from(list(Bucket)), st.integers(0, 500), min_size=1))
def test_the_parts_of_a_rollouts_sentence_add_up(counts) -> None:
    if sum(counts.values()):
        made = rollout_sentence(counts, "2.0", "1.0", date(2027, 3, 31), TODAY)
        assert made.total == sum(counts.values())
        parts_add_up(str(made))


@given(st.dictionaries(st.sampled_from(list(Result)), st.integers(0, 500), min_size=1))
def test_the_parts_of_a_sweeps_sentence_add_up(bands) -> None:
    if sum(bands.values()):
        made = sweep_sentence(bands, "2.0", "1.0")
        assert made.total == sum(bands.values())
        parts_add_up(str(made))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(Standing)), st.integers(-40, 40)), min_size=60, max_size=60))
def test_whatever_the_standings_every_sum_of_a_report_is_the_members(dealt) -> None:
    members = tuple(
        replace(adoption, standing=standing, due=TODAY + timedelta(days=days))
        for adoption, (standing, days) in zip(sample.adoptions(), dealt, strict=True)
    )
    report = rollout_report(
        sample.given(sweep=None, before=None), sample.rollout(), sample.members(), members
    )
    assert sum(report.counts.values()) == report.sentence.total == sum(o.total for o in report.offices) == 60
    parts_add_up(str(report.sentence))


def test_nouns_are_counted() -> None:
    assert (counted(1, "project"), counted(0, "project"), counted(2, "delivery")) == (
        "1 project",
        "0 projects",
        "2 deliveries",
    )
    assert day(date(2028, 3, 1), TODAY) == "1 March 2028"
