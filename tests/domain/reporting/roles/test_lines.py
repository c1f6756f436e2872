"""What a page says of needs and escalations comes to what the laws themselves say, day by day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.organization.ladder import ladder, reached
from domain.organization.office import Role
from domain.reporting.roles.lines import AHEAD, LineKind, escalations, needs_of
from tests.domain.reporting.roles.planted import TODAY, planted


@pytest.mark.parametrize("seed", range(6))
def test_each_project_is_escalated_on_the_day_that_the_ladder_says_and_to_whom(seed) -> None:
    network = planted(seed)
    organization, basis = network.organization, network.basis
    said = {
        project.key: (each.on, each.level)
        for each in escalations(basis, basis.projects, organization)
        for project in each.projects
    }
    expected = {}
    for project in basis.projects:
        if project.waited is None or project.waited > TODAY + AHEAD:
            continue
        levels = ladder(organization, project.office, organization.clocks.escalation, basis.leader)
        calendar = organization.offices[project.office].calendar
        for days in range(60):
            day = project.waited + timedelta(days=days)
            told = reached(levels, calendar.business_days_between(project.waited, day))
            if len(told) > project.escalated:
                expected[project.key] = (day, told[project.escalated])
                break
    assert expected
    assert said == expected


@pytest.mark.parametrize("seed", range(6))
def test_every_late_project_and_every_question_stands_in_exactly_one_line(seed) -> None:
    network = planted(seed)
    basis = network.basis
    lines = needs_of(basis, basis.projects, network.organization)
    late = [p.key for line in lines if line.kind is LineKind.LATE for p in line.projects]
    assert sorted(late) == sorted(p.key for p in basis.projects if p.late)
    asked = [p.key for line in lines if line.kind in (LineKind.ELECT, LineKind.ANSWER) for p in line.projects]
    assert sorted(asked) == sorted(q.project for q in basis.questions)


@pytest.mark.parametrize("seed", range(6))
def test_elections_wait_for_the_program_s_manager_where_the_question_says_so_and_else_for_the_head(
    seed,
) -> None:
    basis = planted(seed).basis
    lines = needs_of(basis, basis.projects, planted(seed).organization)
    programs = {q.project: q.program for q in basis.questions}
    elections = [line for line in lines if line.kind is LineKind.ELECT]
    assert elections
    for line in elections:
        assert {programs[each.key] for each in line.projects} == {line.program}
        assert line.role is (Role.PROGRAM_MANAGER if line.program else Role.HEAD)
