"""What a director reads adds up, names who must act, and never names a restricted project."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.delivery.held import REMEDIES, Cause, Held
from domain.delivery.wanted import WantedKind
from domain.organization.office import Role
from domain.reporting.rollout_report import rollout_report
from domain.reporting.sentence import Bucket
from domain.reporting.sweep_report import sweep_report
from domain.rollouts.rollout import RolloutState, Standing
from reports.made import made_of
from tests.reports import sample


@pytest.fixture(scope="module")
def report():
    return sample.a_rollout_report()


def test_the_worst_office_comes_first(report) -> None:
    shares = [line.counts[Bucket.LATE] / line.total for line in report.offices]
    assert shares == sorted(shares, reverse=True)


def test_the_offices_read_and_the_stale_one_are_known(report) -> None:
    assert (len(report.taking_part), len(report.read)) == (9, 8)
    assert [line.name for line in report.stale] == ["Santos"]


def test_a_report_whose_parts_do_not_add_up_is_refused(report) -> None:
    with pytest.raises(ValueError, match="counts add up to 61"):
        replace(report, counts={**report.counts, Bucket.LATE: report.counts[Bucket.LATE] + 1})
    with pytest.raises(ValueError, match="not to the 60 projects"):
        replace(report, offices=report.offices[1:])
    with pytest.raises(ValueError, match="the waves add up"):
        replace(report, waves=report.waves[1:])
    with pytest.raises(ValueError, match="the counts say"):
        replace(report, counts={**report.counts, Bucket.LATE: 3, Bucket.MUST_ACT: 11})
    with pytest.raises(ValueError, match="the sentence add up to 0"):
        replace(report, sentence=replace(report.sentence, parts=()))


def test_adoptions_that_are_not_the_members_are_refused() -> None:
    with pytest.raises(ValueError, match="has 60 members; these 59"):
        rollout_report(sample.given(), sample.rollout(), sample.members(), sample.adoptions()[1:])


def test_a_sweeps_report_needs_a_sweep() -> None:
    with pytest.raises(ValueError, match="needs the sweep"):
        sweep_report(sample.given(sweep=None))


def test_grandfathered_projects_do_not_count_as_following(report) -> None:
    assert report.counts[Bucket.FOLLOWS] == sum(a.standing is Standing.ADOPTED for a in sample.adoptions())
    assert report.forecast.goal == 48


def test_a_restricted_project_is_counted_and_never_named() -> None:
    hidden = sample.adoptions()[0].project
    given = sample.given(restricted=frozenset({hidden}))
    for made in (
        rollout_report(given, sample.rollout(), sample.members(), sample.adoptions()),
        sweep_report(given),
    ):
        row = next(row for row in made.rows if row.restricted)
        assert (row.project, row.title, row.why, row.judged) == ("", "", "", None)
        assert sum(made.counts.values()) == 60


def test_what_is_needed_names_role_office_day_and_consequence(report) -> None:
    assert report.needs
    for need in report.needs:
        assert need.office in sample.OFFICES
        assert isinstance(need.role, Role)
        assert need.what
        assert need.otherwise
        assert need.decides or need.by is None or need.by <= sample.TODAY + timedelta(days=7)
    assert any(need.overdue and need.office == "digital" for need in report.needs), (
        "the parent office hears of it"
    )


def test_every_late_project_is_needed_of_somebody(report) -> None:
    late = {row.project for row in report.rows if row.group == Bucket.LATE}
    assert late <= {key for need in report.needs if need.overdue for key in need.projects}


def test_a_halted_rollout_waits_for_the_strategic_office(report) -> None:
    halted = sample.a_rollout_report(
        replace(sample.rollout(), state=RolloutState.HALTED, note="wave 2: 3 failed")
    )
    assert halted.decisions == report.decisions + 1
    assert (halted.needs[0].office, halted.needs[0].role) == ("hub", Role.APPROVER)
    assert "wave 2: 3 failed" in halted.needs[0].what


def test_the_plan_ends_with_every_member_and_the_course_with_today(report) -> None:
    assert report.plan[-1][1] == 60
    assert report.course[-1].on == sample.TODAY
    assert [point.on for point in report.course] == sorted({point.on for point in report.course})


def test_the_as_of_date_is_that_of_the_strategic_office() -> None:
    late_evening = sample.NOW.replace(hour=23, minute=30)
    assert sample.a_sweep_report(now=late_evening).heading.as_of == date(2027, 3, 2)


def test_what_does_not_stand_in_a_tool_is_counted_by_reason_and_names_no_key() -> None:
    things = [
        Held(f"ask/gdansk/{n}", "gdansk", WantedKind.QUESTION, Cause.REFUSED, "422: brak pola", sample.NOW)
        for n in range(3)
    ]
    report = sample.a_rollout_report(held=things)
    (line,) = [each for each in report.offices if each.held]
    assert line.id == "gdansk"
    assert [(each.count, each.things, each.why) for each in line.held] == [
        (3, "3 questions", "422: brak pola")
    ]
    page = made_of(report).details.pages[f"o-{line.number}"].decode()
    assert "3 questions" in page
    assert "brak pola" in page
    assert REMEDIES[Cause.REFUSED].text in page
    assert "ask/gdansk" not in page
    plain = made_of(sample.a_rollout_report()).details.pages
    assert not [name for name, each in plain.items() if b"What does not stand in its tool" in each]


def test_a_trend_has_a_point_for_each_day_the_last_sweep_of_it_and_this_one_last() -> None:
    report = sample.a_sweep_report()
    assert [point.on for point in report.trend] == [
        date(2027, 1, 11) + timedelta(days=7 * n) for n in range(8)
    ]
    assert [point.passed for point in report.trend[:-1]] == [9, 11, 14, 15, 19, 21, 23]
    last = report.trend[-1]
    assert (last.passed, last.judged) == (report.counts["pass"], 60)
    assert last.must == report.counts["fail"] + report.counts["unknown"] + report.counts["error"]


def test_who_must_do_what_adds_up_to_what_is_not_kept_of_those_that_may_be_named() -> None:
    hidden = frozenset(sample.keys()[::9])
    report = sample.a_sweep_report(restricted=hidden)
    broken = {
        (row.office, finding.role, row.number, finding.rule)
        for row in report.rows
        for finding in row.findings
        if finding.result in ("fail", "unknown", "error")
    }
    assert sum(duty.findings for duty in report.duties) == len(broken) > 0
    for duty in report.duties:
        own = [each for each in broken if each[:2] == (duty.office, duty.role)]
        assert (duty.findings, duty.projects) == (len(own), len({each[2] for each in own}))
    numbers = {row.number for row in report.rows if row.project in hidden}
    assert not [each for each in broken if each[2] in numbers]
