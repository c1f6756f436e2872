"""What a connector promises of plans: what it puts stands among its items, and what the office plans is all read."""

from dataclasses import fields, replace
from datetime import date

from connectors.protocol import Done
from domain.delivery.distribution import unlinked
from domain.plans.certificate import certificate
from domain.plans.item_plan import NOTHING_PLANNED, ItemPlan
from domain.plans.predecessor import LagUnit, Predecessor
from domain.plans.project import Item, Reading
from tasks.plan_targets import PlanTarget, ours
from tests.connectors.deciding import but
from tests.contract.bench import Bench, found, put
from tests.contract.clauses import clause
from tests.contract.clauses_of_all import dones
from tests.plans_to_place import derivation, local_plan, only_placed

DAY = 480


def items_of(reading: Reading) -> list[Item]:
    """All items, and the sums of others."""
    return [item for plan in reading.plans for item in (*plan.items, *plan.summaries)]


def by_titles(reading: Reading, titles: set[str]) -> dict[str, ItemPlan]:
    """The plans of the items with these titles; items are named by their titles in them."""
    names = {item.key: item.title for item in items_of(reading)}

    def named(plan: ItemPlan) -> ItemPlan:
        after = tuple(sorted(replace(each, key=names.get(each.key, each.key)) for each in plan.after))
        return replace(plan, parent=plan.parent and names.get(plan.parent, plan.parent), after=after)

    return {
        item.title: named(item.plan or NOTHING_PLANNED) for item in items_of(reading) if item.title in titles
    }


def in_days(each: Predecessor) -> Predecessor:
    """A lag in working days of eight hours, where it is in minutes: a file tells how long its days are."""
    if each.unit is not LagUnit.WORKING_MINUTES:
        return each
    return replace(each, lag=each.lag / DAY, unit=LagUnit.WORKING_DAYS)


@clause("links", "parents")
def what_is_put_with_links_and_parents_stands_so_among_the_items(bench: Bench) -> None:
    tool = bench.tool()
    before = {"start": date(2027, 1, 4), "due": date(2027, 1, 8)}
    later = {"start": date(2027, 1, 13), "due": date(2027, 1, 15)}
    wanted = [
        bench.item("k/1"),
        bench.item("k/2", parent="k/1", **before),
        bench.item("k/3", parent="k/1", after="k/2 +2d", **later),
    ]
    put(bench, tool, *wanted)
    reader = bench.tool()
    there = {item.ours: item for item in items_of(reader.read()) if item.ours}
    for each in wanted:
        fit, plan = tool.fit(each).values, there[each.key].plan
        assert plan is not None
        assert (plan.parent or "") == fit.get("parent", ""), f"the parent of {each.key}"
        assert tuple(map(in_days, plan.after)) == fit.get("after", ()), f"what {each.key} follows"
        assert plan.own_id, "an item of ours does not say its own id there"
        values = found(reader, each.key).values
        assert {name: values.get(name) or "" for name in ("parent", "after")} == {
            name: fit.get(name) or "" for name in ("parent", "after")
        }


@clause("links")
def what_follows_another_no_longer_may_begin_before_that_one_ends(bench: Bench) -> None:
    tool = bench.tool()
    first = bench.item("k/1", start=date(2027, 1, 4), due=date(2027, 1, 8))
    second = bench.item("k/2", after="k/1", start=date(2027, 1, 13), due=date(2027, 1, 15))
    put(bench, tool, first, second)
    earlier = but(second, after="", start=date(2027, 1, 4), due=date(2027, 1, 6))
    (result,) = put(bench, tool, earlier).results
    assert (result.done, result.why) == (Done.UPDATED, "")
    there = found(bench.tool(), "k/2").values
    fit = {
        name: value for name, value in tool.fit(earlier).values.items() if name in ("after", "start", "due")
    }
    assert {name: there.get(name) or () for name in fit} == {name: value or () for name, value in fit.items()}
    assert dones(put(bench, tool, first, earlier)) == [Done.SAME] * 2


BY_COLUMN = {"duration", "actual_start", "actual_finish", "constraint", "deadline", "cost", "role"}
"""What the settings of any tool may name a column for."""


@clause("planned")
def its_spec_says_which_parts_of_a_plan_it_reads(bench: Bench) -> None:
    told, (_, expected) = set(bench.tool().spec.plan), bench.planned()
    names = {each.name for each in fields(ItemPlan)}
    shown = {
        name
        for plan in expected.values()
        for name in names
        if getattr(plan, name) != getattr(NOTHING_PLANNED, name)
    }
    assert told <= names
    assert shown - BY_COLUMN <= told, "it reads more than it says"
    assert told - {"own_id"} - bench.unshown <= shown, "it says more than its bench shows"
    assert bench.unshown <= told - shown


@clause("planned")
def what_the_office_plans_is_read_as_its_tool_holds_it_and_nothing_else(bench: Bench) -> None:
    tool, expected = bench.planned()
    bench.settle()
    assert by_titles(tool.read(), set(expected)) == dict(expected)


@clause("items")
def a_plan_that_is_put_reads_back_as_its_certificate_says_and_is_the_office_s(bench: Bench) -> None:
    tool = bench.tool()
    project = str(bench.item("k/1").project)
    made = derivation(local_plan(14, plain=True), tool.office, project)
    target = PlanTarget(made, tool)
    put(bench, tool, *map(unlinked, target.fitted.wanted))
    if tool.plan_limits.links:
        put(bench, tool, *target.fitted.wanted)
    reading = bench.tool().read()
    assert not {item.ours for item in items_of(reading)} & {each.key for each in target.fitted.wanted}
    found = only_placed(ours(made, reading), target.fitted.plan)
    told = certificate(target.fitted.plan, found)
    changed = {each.field for each in told.fields if each.lost or each.approximated or each.added}
    assert changed <= {"task.assignee"}, told  # who does it is the office's to say
