"""What a connector to a ticket tool promises besides: pages, changes, order of writing, locks, comments."""

import time
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.errors import ToolError, TryLater
from connectors.protocol import Done, Keeping, Proof
from connectors.tickets.remarks import NO_REQUEST
from connectors.tickets.ticket import Shape, Ticket, ticket_of
from connectors.tickets.tracker import CONTAINER
from domain.delivery.delivery import Step
from domain.delivery.wanted import DecisionFields, RemarkFields, Wanted, WantedKind
from domain.organization.office import Access, Conflict
from domain.plans.mirror import Kept
from domain.plans.predecessor import text_of
from domain.plans.project import COMMENT
from tests.connectors.deciding import but, decided, delivered_before
from tests.contract.bench import Bench, found, put
from tests.contract.clauses import clause
from tests.contract.clauses_of_all import LATER, dones, is_approximated, moved_or_told_why_not
from tests.contract.remembered import Remembered

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
DAYS = (date(2027, 2, 1), date(2027, 2, 22), date(2027, 3, 22))
"""What follows another comes weeks after it, so that no tool has a reason to move it."""


class Watched(Remembered):
    """A memory that notes each time when something was kept."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[str, ...]] = []

    def keep(self, things: Iterable[Kept], cursor: str, gone: Iterable[str] = ()) -> None:
        things = tuple(things)
        self.kept.append(tuple(thing.ref for thing in things))
        super().keep(things, cursor, tuple(gone))


def paged(tool, around=None):
    """Every call for a page is noted; `around(number)` is called before each."""
    real, asked = tool.page, []

    def page(since, token):
        asked.append((since, token))
        if around:
            around(len(asked))
        return real(since, token)

    tool.page = page
    return asked


def tickets(tool) -> list[Ticket]:
    """What is remembered, without the projects."""
    return [ticket_of(kept) for kept in tool._mirror.things() if not kept.ref.startswith(CONTAINER)]


def three_pages(bench: Bench) -> int:
    """The office fills three pages at least, the last not wholly; how many things that makes, with those there."""
    tool = bench.tool()
    size = bench.page or tool.spec.page
    tool.read()
    there = len(tickets(tool))
    total = max(3 * size - 1, 2 * size + 1, there + 1)
    bench.fill(total - there)
    bench.settle()
    return total


def pages_of(bench: Bench, total: int) -> int:
    """How many pages so many things fill."""
    return -(-total // (bench.page or bench.tool().spec.page))


# Reading by changes.


@clause("tracker", "fill")
def every_page_is_read_and_each_once(bench: Bench) -> None:
    total = three_pages(bench)
    tool = bench.tool()
    asked = paged(tool)
    tool.read()
    assert len(asked) == pages_of(bench, total)
    assert len(tickets(tool)) == total


@clause("tracker", "fill")
def a_second_reading_asks_for_changes_only(bench: Bench) -> None:
    three_pages(bench)
    tool = bench.tool()
    tool.read()
    asked = paged(tool)
    before = tool.http.calls
    tool.read()
    assert all(since is not None for since, _ in asked)
    assert tool.http.calls - before <= 2 * len(asked) + 4, "a page costs a call, and one for its links"


@clause("tracker", "fill", "again")
def each_page_is_kept_before_the_next_is_asked_for(bench: Bench) -> None:
    three_pages(bench)
    memory = Watched()
    tool = bench.again(mirror=memory)
    so_far: list[int] = []
    paged(tool, lambda _: so_far.append(len(memory.things())))
    tool.read()
    assert len(so_far) == 3
    assert so_far[0] < so_far[1] < so_far[2], "a page was asked for before the one before was kept"


@clause("tracker", "fill", "again")
def a_reading_that_broke_off_is_taken_up_where_it_was(bench: Bench) -> None:
    total = three_pages(bench)
    memory = Watched()
    tool = bench.again(mirror=memory)

    def stop(number):
        if number == 3:
            raise TryLater("the line is dead")

    paged(tool, stop)
    with pytest.raises(TryLater):
        tool.read()
    other = bench.again(mirror=memory)
    asked = paged(other)
    other.read()
    assert asked[0][1], "it began from the first page again"
    assert len(tickets(other)) == total


@clause("tracker", "fill", "again")
def what_slides_between_pages_is_not_lost(bench: Bench) -> None:
    total = three_pages(bench)
    tool = bench.again(mirror=Remembered())

    def slide(number):
        if number == 2:
            bench.office_works()
            bench.settle()

    paged(tool, slide)
    tool.read()
    assert len(tickets(tool)) == total


@clause("tracker")
def what_comes_twice_is_there_once(bench: Bench) -> None:
    once = [item.title for plan in bench.tool().read().plans for item in plan.items]
    tool = bench.tool()
    real = tool.page
    tool.page = lambda since, token: replace(
        page := real(since, token), tickets=(*page.tickets, *page.tickets)
    )
    assert [item.title for plan in tool.read().plans for item in plan.items] == once
    assert tool.read().unreadable == ()


@clause("tracker")
def older_never_replaces_newer(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    (old,) = [ticket for ticket in tickets(tool) if ticket.key == "k/1"]
    if tool.spec.proof is Proof.SERVER:
        time.sleep(1.1)  # a server's stamps may have whole seconds
    put(bench, tool, bench.item("k/1", due=LATER))
    bench.settle()
    tool.read()
    real = tool.page
    tool.page = lambda since, token: replace(page := real(since, token), tickets=(*page.tickets, old))
    (there,) = [place for place in tool.read().placed if place.key == "k/1"]
    assert there.values["due"] == LATER


@clause("tracker")
def two_states_of_one_time_are_told_apart(bench: Bench) -> None:
    tool = bench.tool()
    real, first = tool.page, {}

    def coarse(since, token):
        """Whatever happens to a ticket, its time of change stays: a server's times may have whole seconds."""
        page = real(since, token)
        return replace(
            page,
            tickets=tuple(
                replace(each, updated=first.setdefault(each.ref, each.updated), revision="")
                for each in page.tickets
            ),
        )

    tool.page = coarse
    reading = tool.read()
    bench.office_works()
    bench.settle()
    assert tool.changed(reading.digest)


@clause("tracker")
def every_stamp_is_the_server_s_and_in_a_zone(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"), bench.question("q/1"))
    tool.read()
    stamps = [ticket.updated for ticket in tickets(tool)]
    assert stamps
    assert all(stamp.utcoffset() is not None for stamp in stamps)
    first = max(stamps)
    put(bench, tool, bench.item("k/1", due=LATER))
    tool.read()
    (mine,) = [ticket for ticket in tickets(tool) if ticket.key == "k/1"]
    assert mine.updated >= first - timedelta(seconds=2)
    (again,) = [ticket.updated for ticket in tool.look(["k/1"])]
    assert again == mine.updated, "the time of change is another one at each look"


@clause("tracker", "remove", "again")
def a_daily_look_through_all_finds_what_was_removed(bench: Bench) -> None:
    memory = Remembered()
    now = [datetime.now(UTC)]
    tool = bench.again(mirror=memory, now=lambda: now[0])
    put(bench, tool, bench.item("k/1"), bench.item("k/2"))
    bench.remove("k/1")
    bench.settle()
    now[0] += timedelta(hours=25)
    assert [place.key for place in tool.read().placed] == ["k/2"]


@clause("tracker", "again")
def what_slides_during_the_daily_look_is_not_taken_for_removed(bench: Bench) -> None:
    now, looks = [datetime.now(UTC)], []
    tool = bench.again(mirror=Remembered(), now=lambda: now[0])
    put(bench, tool, bench.item("k/1"), bench.item("k/2"))
    tool.read()
    there = {ticket.ref for ticket in tickets(tool)}
    real = tool.alive

    def slid():
        """One thing is on none of the pages of the first look, as somebody changed another one meanwhile."""
        looks.append(sorted(real()))
        return looks[0][1:] if len(looks) == 1 else looks[-1]

    tool.alive = slid
    now[0] += timedelta(hours=25)
    tool.read()
    assert looks
    assert {ticket.ref for ticket in tickets(tool)} == there


@clause("tracker")
def what_was_found_by_its_key_is_not_made_again(bench: Bench) -> None:
    put(bench, bench.tool(), bench.item("k/1"))
    bench.settle()
    tool = bench.tool()
    real = tool.page

    def behind(since, token):
        """The list of changes does not show it yet."""
        page = real(since, token)
        return replace(page, tickets=tuple(each for each in page.tickets if each.key != "k/1"))

    tool.page = behind
    reading = tool.read()
    assert not reading.placed
    assert len(tool.find(["k/1"])["k/1"]) == 1
    tool.page = real
    (result,) = tool.put(decided(bench.item("k/1", due=LATER)), reading.digest).results
    assert result.done is Done.UPDATED
    bench.settle()
    assert len(tool.find(["k/1"])["k/1"]) == 1


@clause("tracker")
def its_lag_is_declared(bench: Bench) -> None:
    tool = bench.tool()
    before = len(tool.read().placed)
    tool.put(decided(bench.item("k/1"), bench.question("q/1")), tool.read().digest)
    if tool.spec.read_lag:
        bench.settle()
    assert len(tool.find(["k/1"])["k/1"]) == 1, "it does not show its own write within its read lag"
    assert len(tool.read().placed) == before + 2


# The order of writing.


@clause("parents")
def parents_stand_before_their_children(bench: Bench) -> None:
    tool = bench.tool()
    wanted = [bench.item("k/3", parent="k/2"), bench.item("k/2", parent="k/1"), bench.item("k/1")]
    assert dones(put(bench, tool, *wanted)) == [Done.CREATED] * 3
    assert {key: found(tool, key).values.get("parent", "") for key in ("k/1", "k/2", "k/3")} == {
        "k/1": "",
        "k/2": "k/1",
        "k/3": "k/2",
    }
    assert dones(put(bench, tool, *wanted)) == [Done.SAME] * 3


@clause("parents")
def a_child_waits_for_its_parent(bench: Bench) -> None:
    tool = bench.tool()
    result = put(bench, tool, bench.item("k/2", parent="k/nowhere")).results[0]
    assert result.done is Done.LATER
    assert "k/nowhere" in result.why
    assert tool.find(["k/2"]) == {"k/2": ()}


@clause("parents")
def its_own_ancestor_is_put_nowhere(bench: Bench) -> None:
    tool = bench.tool()
    below = {"k/1": "k/2", "k/2": "k/1", "k/3": "k/2", "k/9": ""}
    try:
        *lost, innocent = put(
            bench, tool, *(bench.item(key, parent=over) for key, over in below.items())
        ).results
    except ToolError as problem:
        pytest.fail(f"one circle ended all: {problem}")
    assert [result.done for result in lost] == [Done.REFUSED] * 3
    assert all("ancestor" in result.why for result in lost)
    assert innocent.done is Done.CREATED
    assert {key: len(places) for key, places in tool.find(list(below)).items()} == {
        **dict.fromkeys(below, 0),
        "k/9": 1,
    }


@clause("parents")
def what_stands_there_becomes_no_ancestor_of_its_own(bench: Bench) -> None:
    tool = bench.tool()
    wanted = (bench.item("k/1"), bench.item("k/2", parent="k/1"))
    assert dones(put(bench, tool, *wanted)) == [Done.CREATED] * 2
    before = bench.state()
    try:
        (result,) = put(bench, tool, bench.item("k/1", parent="k/2")).results
    except ToolError as problem:
        pytest.fail(f"one circle ended all: {problem}")
    assert result.done in (Done.REFUSED, Done.LATER)
    assert "ancestor" in result.why
    assert bench.state() == before
    assert dones(put(bench, tool, *wanted)) == [Done.SAME] * 2


@clause("parents")
def a_parent_is_exchanged_and_taken_away(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"), bench.item("k/2"), bench.item("k/3", parent="k/1"))
    for parent in ("k/2", ""):
        moved_or_told_why_not(bench, tool, {"parent": parent}, bench.item("k/3", parent=parent))


@clause("parents")
def a_parent_and_its_part_change_places(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1", parent=""), bench.item("k/2", parent="k/1"))
    below = {"k/1": "k/2", "k/2": ""}
    results = put(bench, tool, *(bench.item(key, parent=over) for key, over in below.items())).results
    if all(result.done is Done.UPDATED for result in results):
        assert {key: found(tool, key).values.get("parent", "") for key in below} == below
    else:
        assert is_approximated(tool, "parent")
        assert [result.done for result in results] == [Done.LATER, Done.REFUSED]
        assert "by hand" in results[1].why
        assert found(tool, "k/2").values["parent"] == "k/1"


@clause("parents")
def a_thing_takes_its_parts_to_another_project(bench: Bench) -> None:
    tool = bench.wide()
    put(bench, tool, bench.item("k/1"), bench.item("k/2", parent="k/1"))
    place = bench.item("k/1", project=bench.elsewhere).values["project"]
    wanted = (
        bench.item("k/2", project=bench.elsewhere, parent="k/1"),
        bench.item("k/1", project=bench.elsewhere),
    )
    results = put(bench, tool, *wanted).results
    for result in results:
        there = found(tool, result.key).values
        assert there.get("parent", "") == ("k/1" if result.key == "k/2" else "")
        if result.done is Done.REFUSED:
            assert "by hand" in result.why
        else:
            assert result.done in (Done.UPDATED, Done.SAME), result.why
            assert there["project"] == place
    again = [Done.REFUSED if result.done is Done.REFUSED else Done.SAME for result in results]
    assert dones(put(bench, tool, *wanted)) == again


@clause("links")
def links_stand_there_in_the_end_and_go_when_they_are_not_wanted(bench: Bench) -> None:
    tool = bench.tool()
    wanted = [
        bench.item("k/1", due=DAYS[2], after="k/2; k/3"),
        bench.item("k/2", due=DAYS[1], after="k/3"),
        bench.item("k/3", due=DAYS[0]),
    ]
    assert dones(put(bench, tool, *wanted)) == [Done.CREATED] * 3
    assert text_of(found(tool, "k/1").values["after"]) == "k/2; k/3"
    assert dones(put(bench, tool, *wanted)) == [Done.SAME] * 3
    fewer = but(wanted[0], after="k/3")
    assert dones(put(bench, tool, fewer)) == [Done.UPDATED]
    assert text_of(found(tool, "k/1").values["after"]) == "k/3"


@clause("links")
def days_between_are_held_or_said_to_be_lost(bench: Bench) -> None:
    tool = bench.tool()
    wanted = [bench.item("k/1", due=DAYS[1], after="k/2 +2d"), bench.item("k/2", due=DAYS[0])]
    fit = tool.fit(wanted[0])
    assert text_of(fit.values["after"]) in ("k/2 +2d", "k/2")
    put(bench, tool, *wanted)
    assert found(tool, "k/1").values["after"] == fit.values["after"]
    assert dones(put(bench, tool, *wanted)) == [Done.SAME] * 2


@clause("links")
def a_link_waits_for_its_other_end(bench: Bench) -> None:
    tool = bench.tool()
    late, early = bench.item("k/1", due=DAYS[1], after="k/2"), bench.item("k/2", due=DAYS[0])
    result = put(bench, tool, late).results[0]
    assert result.done is Done.LATER
    assert "k/2" in result.why
    assert dones(put(bench, tool, late, early))[1] is Done.CREATED
    put(bench, tool, late, early)
    assert text_of(found(tool, "k/1").values["after"]) == "k/2"


@clause("links")
def a_link_that_cannot_be_held_is_refused_alone(bench: Bench) -> None:
    tool = bench.tool()
    wanted = (bench.item("k/1", after="k/9 (SS +2d)"), bench.item("k/2", after="k/2"), bench.item("k/9"))
    first, second, innocent = put(bench, tool, *wanted).results
    assert [first.done, second.done, innocent.done] == [Done.REFUSED, Done.REFUSED, Done.CREATED]
    assert "finish to start" in first.why
    assert "follow itself" in second.why


@clause("tracker", "standin")
def a_title_that_is_too_long_is_cut_between_characters_by_the_tool_s_own_measure(bench: Bench) -> None:
    tool = bench.tool()
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    titles = ["\U0001f6a2" * 200, "\U0001f6a2" * 300, f"{family}e\u0301" * 60, "x" * 300]
    wanted = [bench.item(f"k/{n}", title=title) for n, title in enumerate(titles)]
    assert dones(put(bench, tool, *wanted)) == [Done.CREATED] * 4
    for each, title in zip(wanted, titles, strict=True):
        there = str(found(tool, each.key).values["title"])
        whole = there.removesuffix("\N{HORIZONTAL ELLIPSIS}")
        assert title.startswith(whole)
        assert len(whole) > 110
        rest = title[len(whole) :]
        assert there == title or rest[:1] in (titles[0][0], family[0], "e", "x"), "a character was cut in two"
    assert dones(put(bench, bench.tool(), *wanted)) == [Done.SAME] * 4
    (told,) = [hold.how for hold in tool.holds(WantedKind.ITEM) if hold.field == "title"]
    assert str(tool.longest_title) in told


@clause("parents", "derive")
def dates_that_the_tool_computes_from_parts_are_neither_written_nor_a_change_of_the_office(
    bench: Bench,
) -> None:
    tool = bench.tool()
    before = [bench.item("k/1", due=DAYS[0]), bench.item("k/2", parent="k/1", due=DAYS[1])]
    assert dones(put(bench, tool, *before)) == [Done.CREATED] * 2
    bench.derive("k/1")
    wanted = [but(before[0], due=DAYS[2], standing="late"), but(before[1], due=DAYS[2])]
    results = put(bench, tool, *wanted).results
    assert [(each.done, each.fields) for each in results] == [
        (Done.UPDATED, ("standing",)),
        (Done.UPDATED, ("due",)),
    ]
    bench.settle()
    for each in wanted:
        (place,) = tool.find([each.key])[each.key]
        decision = delivered_before(tool.fit(each), tool.fit(each), [place])
        assert (decision.step, decision.conflicts) == (Step.SAME, ()), decision.why
    assert tool.check().notes or tool.spec.kind == "memory"


CONSTANTS = {"Effort class": 3, "Cost center": "4711 Ö"}
"""What `Bench.require` makes required, each with a value."""


@clause("tracker", "require", "with_settings")
def a_required_field_is_told_beforehand_and_filled_by_the_settings(bench: Bench) -> None:
    bench.require()
    tool = bench.tool()
    remarks = tool.check().remarks
    for name in CONSTANTS:
        told = next((remark for remark in remarks if f"'{name}'" in remark), "")
        assert f'constants: {{"{name}": ' in told, told
    (refused,) = put(bench, tool, bench.item("k/1")).results
    assert (refused.done, refused.ref) == (Done.REFUSED, "")
    assert any(name in refused.why for name in CONSTANTS), refused.why
    filled = bench.with_settings({"constants": CONSTANTS})
    assert filled.check().remarks == ()
    assert dones(put(bench, filled, bench.item("k/1"))) == [Done.CREATED]
    assert dones(put(bench, filled, bench.item("k/1"))) == [Done.SAME]
    wrong = bench.with_settings({"constants": {**CONSTANTS, "Cost center": "4712", "Efort class": 1}})
    said = "\n".join(wrong.check().remarks)
    assert "4711 Ö" in said or "Cost center" in said
    assert "Effort class" in said


@clause("tracker", "with_settings")
def what_the_settings_name_and_the_tool_has_not_is_not_offered_and_told(bench: Bench) -> None:
    as_it_is = bench.tool().read().tool
    columns = {"owner": "Zustaendige", "standing": "Standng"}
    tool = bench.with_settings({"items": {"columns": columns, "statuses": ["Erledigt", "no such status"]}})
    reading = tool.read()
    assert "item.owner" in as_it_is.fields
    assert "item.owner" not in reading.tool.fields, "a field that is not there counts as offered"
    assert reading.tool.fields < as_it_is.fields
    assert "no such status" not in reading.tool.statuses
    told = {each.text for each in reading.unreadable}
    assert {"Zustaendige", "Standng", "no such status"} <= told, told
    said = "\n".join(tool.check().remarks)
    for name in ("Zustaendige", "Standng", "no such status"):
        (line,) = [each for each in tool.check().remarks if name in each]
        assert "there are " in line or "nearest" in line or "none at all" in line, said


# Rights that end at a project, and a key that is left out.


@clause("tracker", "bar")
def a_right_missing_in_one_project_holds_up_only_what_goes_there(bench: Bench) -> None:
    tool = bench.wide()
    here, there = bench.item("k/1"), bench.item("k/2", project=bench.elsewhere)
    assert dones(put(bench, tool, here, there)) == [Done.CREATED] * 2
    bench.bar(bench.elsewhere)
    barred = [but(there, due=LATER), *(bench.item(f"k/{n}", project=bench.elsewhere) for n in (3, 4))]
    written = put(bench, bench.wide(), *barred, but(here, due=LATER), bench.item("k/5"))
    assert dones(written) == [Done.REFUSED] * 3 + [Done.UPDATED, Done.CREATED]
    assert all(each.why for each in written.results[:3])
    assert len(bench.wide().read().placed) == 3


@clause("tracker", "unkey", "count")
def a_key_that_is_left_out_is_told_and_nothing_is_made_twice(bench: Bench) -> None:
    bench.unkey(True)
    wanted, before = [bench.item(f"k/{n}") for n in range(3)], len(everything(bench))
    results = put(bench, bench.tool(), *wanted).results
    assert [each.done for each in results] == [Done.REFUSED] * 3
    assert all("key" in each.why for each in results), results
    assert len(everything(bench)) == before + 1, "after one without the key nothing more is made"
    again = put(bench, bench.tool(), *wanted)
    assert dones(again) == [Done.SAME] + [Done.REFUSED] * 2
    assert len(everything(bench)) == before + 1
    tool = bench.tool()
    tool.read()
    health = tool.check()
    assert not health.writable
    assert any(results[0].ref in remark for remark in health.remarks), health.remarks
    bench.unkey(False)
    assert dones(put(bench, tool, *wanted)) == [Done.SAME] + [Done.CREATED] * 2
    assert [bench.count(each.key) for each in wanted] == [1] * 3
    assert len(everything(bench)) == before + 3
    assert tool.check().remarks == ()


def everything(bench: Bench) -> list[Ticket]:
    """All that is in the tool, read anew."""
    tool = bench.tool()
    tool.read()
    return tickets(tool)


# Somebody was faster.


@clause("tracker", "annotate", "annotation")
def what_somebody_writes_between_our_look_and_our_write_stays(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    tool.read()
    bench.annotate("k/1", "zwischendurch")
    written = tool.put(decided(bench.item("k/1", due=LATER, standing="late")), tool._tickets.digest)
    bench.settle()
    assert dones(written) in ([Done.UPDATED], [Done.LATER])
    assert bench.annotation("k/1") == "zwischendurch"
    put(bench, tool, bench.item("k/1", due=LATER, standing="late"))
    assert found(tool, "k/1").values["standing"] == "late"
    assert bench.annotation("k/1") == "zwischendurch"


@clause("locks", "annotate", "annotation")
def a_lock_stops_what_was_changed_in_the_last_moment(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    times: list[int] = []

    @contextmanager
    def meanwhile(_keys):
        times.append(1)
        bench.annotate("k/1", f"im letzten Moment {len(times)}")
        yield

    result = put(bench, tool, bench.item("k/1", standing="late"), guard=meanwhile).results[0]
    assert result.done is Done.LATER, "what somebody wrote in the last moment was written over"
    assert len(times) == 2, "it is looked at again once, not for ever"
    assert bench.annotation("k/1") == "im letzten Moment 2"
    assert found(tool, "k/1").values["standing"] == "open"


@clause("tracker", "redate")
def a_field_of_ours_that_somebody_changed_is_seen(bench: Bench) -> None:
    tool = bench.tool()
    wanted = bench.item("k/1")
    put(bench, tool, wanted)
    bench.redate("k/1")
    bench.settle()
    theirs = wanted.values["due"] - timedelta(days=1)
    (there,) = [place for place in tool.read().placed if place.key == "k/1"]
    assert there.values["due"] == theirs
    result = put(bench, tool, wanted).results[0]
    assert (result.done, result.fields) == (Done.UPDATED, ("due",))


@clause("tracker", "redate")
def an_edit_after_the_reading_goes_as_it_was_agreed(bench: Bench) -> None:
    tool = bench.tool()
    before = tool.fit(bench.item("k/1"))
    put(bench, tool, before)
    reading = tool.read()
    wanted = tool.fit(bench.item("k/1", due=LATER, standing="late"))
    there = [place for place in reading.placed if place.key == "k/1"]
    decision = delivered_before(wanted, before, there, Conflict.THEIRS)
    assert decision.conflicts == ()
    bench.redate("k/1")
    (result,) = tool.put([decision], reading.digest).results
    assert (result.done, result.fields, result.conflicts) == (Done.UPDATED, ("standing",), ("due",)), (
        result.why
    )
    bench.settle()
    values = found(tool, "k/1").values
    assert values["due"] == before.values["due"] - timedelta(days=1)
    assert values["standing"] == "late"


@clause("tracker")
def what_the_office_moved_stays_there_where_that_is_agreed(bench: Bench) -> None:
    tool = bench.wide()
    before = tool.fit(bench.item("k/1"))
    put(bench, tool, before)
    moved = put(bench, tool, bench.item("k/1", project=bench.elsewhere)).results[0]
    if moved.done is Done.REFUSED:
        assert "by hand" in moved.why, moved.why
        if bench.move is None:
            return
        bench.move("k/1", bench.elsewhere)
        bench.settle()
    wanted = tool.fit(bench.item("k/1", standing="late"))
    decision = delivered_before(wanted, before, tool.find(["k/1"])["k/1"], Conflict.THEIRS)
    (result,) = tool.put([decision], tool.read().digest).results
    assert (result.done, result.fields, result.conflicts) == (Done.UPDATED, ("standing",), ("project",)), (
        result.why
    )
    bench.settle()
    values = found(tool, "k/1").values
    assert values["project"] == tool.fit(bench.item("k/1", project=bench.elsewhere)).values["project"]
    assert values["standing"] == "late"


@clause("tracker")
def every_field_that_the_office_changed_stays_where_that_is_agreed(bench: Bench) -> None:
    tool = bench.tool()
    held = {hold.field for hold in tool.holds(WantedKind.ITEM) if hold.keeping is not Keeping.LOST}
    theirs = {"title": "Ihr Titel", "due": DAYS[2], "start": DAYS[1], "work": 12.0, "role": "ihre"}
    theirs = {name: value for name, value in theirs.items() if name in held}
    given = {"start": DAYS[0], "due": DAYS[0], "work": 8.0}
    before = tool.fit(bench.item("k/1", **given))
    assert dones(put(bench, tool, before)) == [Done.CREATED]
    assert dones(put(bench, tool, but(before, **theirs))) == [Done.UPDATED]
    for count, standing in enumerate(("late", "done")):
        wanted = but(before, standing=standing, title="Unser neuer Titel", due=DAYS[0] + timedelta(days=1))
        decision = delivered_before(tool.fit(wanted), before, tool.find(["k/1"])["k/1"], Conflict.THEIRS)
        (result,) = tool.put([decision], tool.read().digest).results
        assert (result.done, result.fields) == (Done.UPDATED, ("standing",)), (count, result)
        assert set(result.conflicts) == set(theirs)
        bench.settle()
        values = found(tool, "k/1").values
        assert {name: values[name] for name in theirs} == theirs
        before = but(before, standing=standing)


# People's words.


@clause("tracker", "answer", "again")
def it_is_known_when_an_answer_was_given(bench: Bench) -> None:
    tool = bench.again(access=Access.ASK)
    put(bench, tool, bench.question("q/1"))
    bench.answer("q/1", "ja")
    bench.settle()
    tool.read()
    (asked,) = [ticket for ticket in map(tool._shaped, tickets(tool)) if ticket.shape is Shape.ASKED]
    (said,) = [comment for comment in asked.comments if comment.by == bench.answerer]
    assert said.text == "ja"
    assert said.at.utcoffset() is not None
    assert said.at > LONG_AGO
    assert said.at <= asked.updated + timedelta(seconds=2)


@clause("tracker", "decide")
def who_changed_a_question_s_ticket_is_known_and_when(bench: Bench) -> None:
    tool = bench.tool(Access.ASK)
    put(bench, tool, bench.question("q/1"))
    bench.decide("q/1")
    bench.settle()
    tool.read()
    (asked,) = [ticket for ticket in tickets(tool) if ticket.key == "q/1"]
    theirs = [change for change in asked.changes if change.by == bench.answerer]
    assert theirs, f"nothing is told of what {bench.answerer} changed"
    assert all(change.field and change.at.utcoffset() is not None for change in theirs)
    assert max(change.at for change in theirs) <= asked.updated + timedelta(seconds=2)


@clause("tracker", "answer", "authors")
def a_decision_stands_there_and_it_is_known_who_made_it_and_when(bench: Bench) -> None:
    tool = bench.tool(Access.ASK)
    question = bench.question("q/1", kind="decision: approval")
    asked = replace(question, fields=DecisionFields(**question.values))
    assert dones(put(bench, tool, asked)) == [Done.CREATED]
    assert found(tool, "q/1").values["kind"] == "decision: approval"
    bench.answer("q/1", "approve")
    bench.settle()
    (told,) = [each for each in tool.read().changes if each.field == COMMENT]
    assert (told.key, told.after.strip(), told.by) == ("q/1", "approve", bench.answerer)
    assert told.at.utcoffset() is not None
    assert told.at > LONG_AGO
    assert dones(put(bench, tool, asked)) == [Done.SAME]


@clause("tracker", "answer")
def of_two_answers_the_later_one_counts(bench: Bench) -> None:
    tool = bench.tool(Access.ASK)
    put(bench, tool, bench.question("q/1"))
    bench.answer("q/1", "ja")
    bench.answer("q/1", "doch nicht")
    bench.settle()
    assert [answer.text for answer in tool.read().answers] == ["doch nicht"]


@clause("tracker", "with_settings")
def what_is_said_at_an_office_s_own_ticket_stands_there_once_and_changes_nothing_of_it(bench: Bench) -> None:
    own = next(item for plan in bench.tool().read().plans for item in plan.items if not item.ours)
    asks = {"deviations": {"title": own.title}}
    tool = bench.with_settings(asks)
    request, *_ = tool.read().requests
    text = "Abweichung dev-1: wartet. Sie hält vom 1. bis zum 5. März <an>."
    remark = Wanted("remark/dev-1/0123456789ab", tool.office, RemarkFields(request=request.id, standing=text))
    again = but(replace(remark, key="remark/dev-1/ba9876543210"), standing="Abweichung dev-1: in Kraft.")
    assert [hold.keeping for hold in tool.holds(WantedKind.REMARK)] == [Keeping.KEPT] * 3
    assert dones(put(bench, tool, remark)) == [Done.CREATED]
    assert dones(put(bench, tool, remark, again)) == [Done.SAME, Done.CREATED], "each once"
    for fresh in (tool, bench.with_settings(asks)):
        bench.settle()
        reading = fresh.read()
        assert [each for each in reading.requests if each.id == request.id] == [request]
        assert [(each.key, each.ref) for each in reading.placed if each.key in (remark.key, again.key)] == [
            (remark.key, request.ref), (again.key, request.ref),
        ]  # fmt: skip
        assert found(fresh, remark.key).ref == request.ref
    gone = replace(remark, key="remark/dev-1/000000000000").holding({"request": "none", "standing": text})
    (told,) = put(bench, tool, gone).results
    assert (told.done, told.why) == (Done.SAME, NO_REQUEST)


@clause("tracker")
def an_office_s_own_ticket_is_no_question_of_ours(bench: Bench) -> None:
    tool = bench.tool()
    tool.read()
    assert all(ticket.shape is not Shape.ASKED for ticket in map(tool._shaped, tickets(tool)))
    assert tool.read().answers == ()
