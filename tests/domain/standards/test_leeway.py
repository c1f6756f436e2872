"""Leeway: computed and explained, never guessed."""

from datetime import date

import pytest

from domain.plans.facts import facts_of
from domain.plans.project import ToolDescription
from domain.standards.leeway import Eligibility, decide_leeway
from tests.domain.builders import LEEWAY, MONDAY, item, noon, office, plan


def decided(today=MONDAY, leeway=LEEWAY, previous="1.0", **facts):
    values = {"percent_complete": 94.0, "weeks_remaining": 3.2, **facts}
    known = {k: v for k, v in values.items() if v is not None}
    return decide_leeway(
        leeway,
        {
            "plan": {k: v for k, v in known.items() if k == "percent_complete"},
            "project": {k: v for k, v in known.items() if k == "weeks_remaining"},
        },
        previous,
        today,
    )


def test_eligibility_is_computed_and_explained():
    found = decided()
    assert found.eligibility is Eligibility.ELIGIBLE
    assert found.why == "94 % >= 90 %, 3.2 weeks <= 6 weeks: may complete under 1.0 until 2027-03-31"
    assert found.until == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("facts", "eligibility"),
    [
        ({"percent_complete": 90, "weeks_remaining": 6}, Eligibility.ELIGIBLE),
        ({"percent_complete": 89.99}, Eligibility.NOT_ELIGIBLE),
        ({"weeks_remaining": 6.1}, Eligibility.NOT_ELIGIBLE),
    ],
)
def test_a_bound_itself_is_within(facts, eligibility):
    assert decided(**facts).eligibility is eligibility


def test_only_what_fails_explains_a_no():
    assert decided(percent_complete=40).why == "40 % < 90 %"


@pytest.mark.parametrize("missing", ["percent_complete", "weeks_remaining"])
def test_a_missing_fact_gives_unknown_and_is_named(missing):
    found = decided(**{missing: None})
    assert found.eligibility is Eligibility.UNKNOWN
    assert found.missing[0].endswith(missing)
    assert missing in found.why


def test_a_missing_fact_decides_nothing_where_another_condition_fails_anyway():
    assert decided(percent_complete=None, weeks_remaining=20).eligibility is Eligibility.NOT_ELIGIBLE


@pytest.mark.parametrize("value", ["94", True])
def test_what_is_no_number_is_missing_and_not_guessed(value):
    assert decided(percent_complete=value).eligibility is Eligibility.UNKNOWN


def test_leeway_holds_on_its_last_day_and_not_after_it():
    last = LEEWAY.until
    assert decided(last).eligibility is Eligibility.ELIGIBLE
    assert decided(date(2027, 4, 1)).why == "leeway ended on 2027-03-31"


def test_without_leeway_nobody_is_eligible():
    assert decided(leeway=None).eligibility is Eligibility.NOT_ELIGIBLE


def test_under_a_first_version_it_is_to_finish_without_it():
    found = decided(previous=None)
    assert found.eligibility is Eligibility.ELIGIBLE
    assert found.why.endswith("may complete without it until 2027-03-31")


def by_facts(reported, *items, finish=date(2027, 1, 20)):
    values = plan(percent_complete=reported, finish=finish, items=items)
    facts = facts_of(values, office(), ToolDescription("workbook"), noon(MONDAY))
    return decide_leeway(LEEWAY, facts, "1.0", MONDAY)


def test_the_lower_of_the_reported_percentage_and_the_done_work_counts():
    done = item(work=10.0, percent=100.0)
    half = item(work=10.0, percent=50.0)
    assert by_facts(99.0, done).eligibility is Eligibility.ELIGIBLE
    assert by_facts(99.0, done, half).why == "75 % < 90 %"
    assert by_facts(50.0, done).why == "50 % < 90 %"


def test_one_percentage_alone_is_not_enough():
    assert by_facts(99.0).missing == ("plan.percent_complete",)
    assert by_facts(None, item(work=10.0, percent=100.0)).missing == ("plan.percent_complete",)
    assert by_facts(99.0, item(work=10.0, percent=100.0), item(work=1.0)).missing == (
        "plan.percent_complete",
    )


def test_a_project_that_slips_is_not_eligible_any_more():
    done = item(work=10.0, percent=100.0)
    assert by_facts(99.0, done, finish=date(2027, 2, 15)).eligibility is Eligibility.ELIGIBLE
    assert by_facts(99.0, done, finish=date(2027, 3, 15)).why == "10 weeks > 6 weeks"
