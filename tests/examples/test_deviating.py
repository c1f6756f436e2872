"""The sample's deviations: what an operator enters week by week, and what becomes of each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.deviations.deviation import Cause, State, Timing
from domain.deviations.force import Force, force, state_at
from examples.harbor_group import deviating as sample
from examples.harbor_group.begin import MONDAY
from examples.harbor_group.script import Action, week_script
from tasks.ending import decide
from tasks.entering import request_deviation
from tasks.reviewing import review_deviations
from tests.tasks import conftest
from tests.tasks.conftest import Desk
from tests.tasks.deviating import at, stored

as_read, published = conftest.as_read, conftest.published
FLOWS = {"request-deviation": request_deviation.fn, "decide": decide.fn}
pytestmark = pytest.mark.servers


def enter(action: Action) -> None:
    """What concerns deviations; decisions on drafts are the feedback's."""
    given = dict(action.parameters)
    if action.flow in FLOWS and str(given.get("request", "dev-")).startswith("dev-"):
        FLOWS[action.flow](**given)


def test_each_becomes_what_the_readme_says(published: Desk) -> None:
    for week in range(1, 13):
        at(MONDAY + timedelta(weeks=week), 7)
        for action in week_script(week).operators:
            enter(action)
        review_deviations.fn()
    now = published.application.clock.now()
    found = {name: stored(published, getattr(sample, name).id) for name in (
        "IN_ADVANCE", "TOO_LATE", "BELOW", "ENDS", "ABSORBED", "BY_LAW"
    )}  # fmt: skip
    assert {name: str(state_at(each, now)) for name, each in found.items()} == {
        "IN_ADVANCE": "active", "TOO_LATE": "active", "BELOW": "active", "ENDS": "expired",
        "ABSORBED": "superseded", "BY_LAW": "under_review",
    }  # fmt: skip
    first, late, law = found["IN_ADVANCE"], found["TOO_LATE"], found["BY_LAW"]
    assert (first.timing, first.significant) == (Timing.IN_ADVANCE, True)
    assert (late.timing, late.significant) == (Timing.WAIVER, False)
    assert late.decided.date() == MONDAY + timedelta(weeks=9)
    below = found["BELOW"]
    assert (below.timing, below.significant) == (Timing.IN_ADVANCE, False)
    assert found["ENDS"].span.last == date(2027, 2, 19)
    assert (found["ABSORBED"].state, found["ABSORBED"].ending.cause) == (State.SUPERSEDED, Cause.ABSORBED)
    assert [force(each, now) for each in (first, late, law)] == [Force.FULL, Force.FULL, Force.INTERIM]
    with published.application.store.read() as unit:
        votes = [*unit.decisions.votes(first.request), *unit.decisions.votes(late.request)]
    assert [each.channel.value for each in votes] == ["entered"] * 3, "as every report says"
