"""What every connector promises of its tool's preparation: what is lacking is said, and made once or told."""

from typing import Any

import pytest

from connectors.errors import Refused
from connectors.preparation import Demands, Making, Told
from domain.organization.office import Access
from tests.contract.bench import Bench
from tests.contract.clauses import clause

FRESH = "Fresh and ours"


def wanting(bench: Bench) -> Any:
    """A connector whose settings name something that is not there, called FRESH."""
    if bench.wanting:
        return bench.wanting()
    if bench.with_settings:
        return bench.with_settings({"items": {"columns": {"standing": FRESH}}})
    pytest.skip(f"this bench of {bench.tool().spec.kind} has nothing that can be lacking")


def of_before(bench: Bench, before: Any) -> Any:
    """What is foreign now, of what there was before: a new sheet is none of the office's."""
    now = bench.foreign()
    return {name: now[name] for name in before} if isinstance(before, dict) else now


@clause()
def where_all_is_there_nothing_is_lacking_and_looking_writes_nothing(bench: Bench) -> None:
    before = bench.state()
    assert bench.tool().lacking() == ()
    assert bench.state() == before


@clause()
def nothing_is_made_where_we_may_only_look(bench: Bench) -> None:
    before = bench.state()
    with pytest.raises(Refused, match="observe"):
        bench.tool(Access.OBSERVE).make([Making("something of ours", "it would be made")])
    assert bench.state() == before


@clause()
def what_is_lacking_is_made_once_or_told_with_what_to_do(bench: Bench) -> None:
    tool, foreign, before = wanting(bench), bench.foreign(), bench.state()
    steps = tool.lacking()
    assert any(FRESH in step.what for step in steps), steps
    assert bench.state() == before, "looking wrote something"
    assert all(len(f"{step.what} {step.how}".split()) > 5 for step in steps if isinstance(step, Told))
    making = [step for step in steps if isinstance(step, Making)]
    for each in making:
        assert FRESH in each.how
    assert [each.problem for each in tool.make(making)] == ["" for _ in making]
    again = wanting(bench)
    assert not [step for step in again.lacking() if isinstance(step, Making)], "it is lacking still"
    after = bench.state()
    assert all(each.problem for each in again.make(making)), "it was made twice"
    assert bench.state() == after
    assert of_before(bench, foreign) == foreign


@clause()
def what_a_version_demands_and_is_not_named_is_told(bench: Bench) -> None:
    tool = bench.tool()
    there = min(tool.read().tool.fields)
    steps = tool.lacking(Demands("method/1", (there, "unheard_of"), ("Never so",)))
    said = [step.what for step in steps]
    assert not [what for what in said if f"field {there}," in what]
    for name in ("unheard_of", "'Never so'"):
        told = [step for step in steps if "method/1" in step.what and name in step.what]
        assert len(told) == 1, steps
        assert isinstance(told[0], Told)
        assert told[0].how
