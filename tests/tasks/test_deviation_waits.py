"""While a complete request in time waits for the office that leads, its project's clock stands; not that of others."""

from __future__ import annotations

from datetime import timedelta

from domain.ids import ProjectKey
from domain.organization.office import Role
from domain.rollouts.rollout import Adoption
from tasks.advancing import advance_all
from tasks.ending import end_deviation
from tests.tasks.conftest import Desk
from tests.tasks.deviating import ask, with_people


def adoptions(desk: Desk) -> dict[str, Adoption]:
    with desk.application.store.read() as unit:
        (rollout,) = unit.rollouts.all()
        return {each.project: each for each in unit.adoptions.of(rollout.id)}


def test_a_request_in_time_that_the_office_leaves_unanswered_makes_nobody_late(running: Desk) -> None:
    with_people(running)
    project = next(key for key, each in adoptions(running).items() if each.due is not None)
    today = running.application.clock.now().date()
    head = running.application.organization.offices[ProjectKey.read(project).office].roles[Role.HEAD][0]
    told = ask(
        project, person=head, first=today + timedelta(days=3), last=today + timedelta(days=50), gate="G3"
    )
    assert (told.in_advance, told.office) == (True, "group")
    advance_all(dry_run=False)
    stopped = {key: each.stopped for key, each in adoptions(running).items() if each.stopped is not None}
    assert stopped == {project: today}
    end_deviation.fn(told.deviation, head, "not needed any more", dry_run=False)
    advance_all(dry_run=False)
    assert adoptions(running)[project].stopped is None, "nothing waits any more"
