"""A directive in two real tools: each addressee is asked once in its own, and answers there; a withdrawn one is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from domain.directives.directive import Directive, state_of
from tasks.issuing import issue, take_back
from tests import live
from tests.contract import trac_bench
from tests.contract.redmine_bench import issue as issue_of
from tests.servers.two_tools import ADMIN, InRedmine, InTrac, Place, planned_there, round_of, the_one
from tests.tasks import conftest, deviating
from tests.tasks.conftest import Desk
from tests.tasks.deviating import MONDAY

pytestmark = pytest.mark.servers
redmine, new_project, trac = live.redmine, live.new_project, live.trac
as_read, published = conftest.as_read, conftest.published
HEAD, HEADS = "marijke-van-dijk", {"mersin": "elif-kaya", "durban": "thandeka-mkhize"}
TEXT, WHY = "Have every crane inspected before the storm season", "last year two of them failed"
TERMS = "due=2027-02-19; evidence=attested: every crane was inspected"
WHOM = "office=mersin; office=durban"


@pytest.fixture
def places(
    published: Desk, redmine: Mapping, trac: Mapping, new_project, monkeypatch
) -> Iterator[dict[str, Place]]:
    facts = {"stage": "Execution", "percent_complete": 40}
    in_trac = InTrac(trac, trac_bench.component_of_its_own(trac))
    trac_bench.project(trac, in_trac.component, "D-1")
    project = new_project("Mersin", facts)
    issue_of(redmine, project, "What the office does")
    found: dict[str, Place] = {"mersin": InRedmine(redmine, project), "durban": in_trac}
    planned_there(published, found, HEADS, monkeypatch)
    deviating.at(MONDAY)
    yield found
    trac_bench.remove(trac, in_trac.component)


def standings(desk: Desk, directive: str) -> dict[str, str]:
    there = stored(desk, directive)
    return {each.office: str(state_of(there, each)) for each in there.addressees}


def stored(desk: Desk, directive: str) -> Directive:
    with desk.application.store.read() as unit:
        found = unit.directives.get(directive)
    assert found is not None
    return found


def asked_there(place: Place, directive: str) -> int:
    """The number of the newest ticket that asks about the directive."""
    return the_one(place, f"directive/{directive}/").number


def test_each_addressee_answers_in_its_own_tool_and_a_withdrawn_one_is_told_there(
    published: Desk, places: dict[str, Place]
) -> None:
    made = issue.fn(TEXT, WHOM, TERMS, HEAD, WHY, dry_run=False).directive
    round_of(*places)
    for office, place in places.items():
        asked = the_one(place, f"directive/{made}/")
        assert TEXT in asked.fields["description"]
        assert the_one(place, f"directed/{office}/head/{made}").standing == "delivered, not acknowledged"
    round_of(*places)  # it is found there, and its clocks run
    assert_written_once(places)
    acknowledged_by_who_may(published, places, made)
    places["mersin"].comment(asked_there(places["mersin"], made), "done")
    round_of(*places)
    assert standings(published, made) == {"mersin": "fulfilled", "durban": "acknowledged"}
    assert the_one(places["mersin"], f"directed/mersin/head/{made}").standing == "fulfilled"
    take_back.fn(made, HEAD, "the season is over", "", "", dry_run=False)
    round_of(*places)
    assert standings(published, made) == {"mersin": "fulfilled", "durban": "withdrawn"}
    told = {
        office: the_one(place, f"directed/{office}/head/{made}").standing for office, place in places.items()
    }
    assert told == {"mersin": "fulfilled", "durban": "withdrawn"}
    notices = [
        each for each in places["durban"].heads() if "the season is over" in each.fields["description"]
    ]
    assert len(notices) == 1, "it is told why, once"
    assert_written_once(places)
    with published.application.store.read() as unit:
        assert unit.ledger.verify() is None


def acknowledged_by_who_may(desk: Desk, places: dict[str, Place], made: str) -> None:
    """Somebody without an account answers for nobody; the head does, and is recorded as that person."""
    for place in places.values():
        place.comment(asked_there(place, made), "acknowledge", user=ADMIN)
    round_of(*places)
    assert set(standings(desk, made).values()) == {"delivered"}
    for place in places.values():
        asked = the_one(place, f"directive/{made}/")
        assert "nobody who is known here has the account" in asked.fields["description"]
        place.comment(asked.number, "acknowledge")
    round_of(*places)
    assert set(standings(desk, made).values()) == {"acknowledged"}
    steps = [(each.office, each.person, each.entered) for each in stored(desk, made).steps if each.person]
    assert steps[1:] == [(office, HEADS[office], False) for office in ("mersin", "durban")]


def assert_written_once(places: dict[str, Place]) -> None:
    """Each of our keys stands in one ticket, and a second run writes nothing."""
    before = {office: place.tickets() for office, place in places.items()}
    for tickets in before.values():
        keys = [each.key for each in tickets if each.key]
        assert len(set(keys)) == len(keys)
    assert [(each.create, each.update) for each in round_of(*places)] == [(0, 0), (0, 0)]
    assert {office: place.tickets() for office, place in places.items()} == before
