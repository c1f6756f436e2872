"""What every connector promises of a project that is started there: once, in our name, or said what to do."""

from datetime import date

import pytest

from connectors.errors import Refused
from connectors.protocol import Done
from domain.delivery.wanted import ProjectFields, Wanted
from domain.ids import StartKey
from domain.organization.office import Access
from tests.contract.bench import Bench, put
from tests.contract.clauses import clause

UNHEARD = "unheard-of-1"


def started_as(bench: Bench, project: str) -> Wanted:
    """A project that is to be started."""
    office = bench.tool().office
    fields = ProjectFields(project=project, start=date(2027, 3, 1), versions="method/2.0")
    return Wanted(str(StartKey(f"{office}/{project}")), office, fields)


@clause()
def no_project_is_started_without_the_right_to_write(bench: Bench) -> None:
    before = bench.state()
    for access in (Access.OBSERVE, Access.ASK):
        with pytest.raises(Refused, match=f"access is {access}"):
            bench.tool(access).start(started_as(bench, UNHEARD))
    assert bench.state() == before


@clause()
def a_project_that_we_cannot_start_there_is_refused_with_what_people_do(bench: Bench) -> None:
    tool, before = bench.tool(), bench.state()
    why = tool.startable(UNHEARD)
    if why:
        assert len(why.split()) > 6
        with pytest.raises(Refused, match=r"\w+"):
            tool.start(started_as(bench, UNHEARD))
    assert bench.state() == before


@clause("fresh")
def a_project_is_started_once_and_takes_items_from_then_on(bench: Bench) -> None:
    tool, own = bench.fresh()
    wanted, foreign = started_as(bench, own), bench.foreign()
    assert tool.startable(own) == ""
    assert tool.started(own) is None
    foreseen = tool.start(wanted, dry_run=True)
    assert (foreseen.done, bool(foreseen.why)) == (Done.CREATED, True)
    assert tool.started(own) is None, "the dry run made it"
    assert bench.foreign() == foreign
    sent = []

    class Guard:
        def __call__(self, keys):
            sent.extend(keys)
            return self

        def __enter__(self):
            return None

        def __exit__(self, *problem):
            return None

    result = tool.start(wanted, Guard())
    assert (result.done, bool(result.ref), sent) == (Done.CREATED, True, [wanted.key])
    again, _ = bench.fresh()
    place = again.started(own)
    assert place is not None
    assert (place.key in ("", wanted.key), place.ref) == (True, result.ref)
    if place.key:
        assert place.key == wanted.key
    (item,) = put(bench, again, bench.item("first/porto/P-77/gates/1", project=own)).results
    assert item.done is Done.CREATED, item.why
    projects = [plan.project for plan in again.read().plans if plan.project.key.endswith(f"/{own}")]
    assert len(projects) == 1
