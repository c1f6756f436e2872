"""What is said at an office's own ticket: once, also after a lost answer, by our account alone, and no edit."""

from __future__ import annotations

import pytest

from connectors.protocol import Done
from connectors.tickets import remarks, tracker
from domain.delivery.wanted import RemarkFields, Wanted
from domain.organization.office import Access
from tests.connectors.deciding import decided
from tests.contract import memory
from tests.standins.plain import PLANNER, US, PlainStandIn

ASKS = {**memory.SETTINGS, "deviations": {"title": "[deviation]"}}
KEY = "remark/dev-1/0123456789ab"
TEXT = "Abweichung dev-1: wartet."


@pytest.fixture
def standin() -> PlainStandIn:
    found = memory.furnished()
    found.add("P-1", "[deviation] Stahl", text="rule: plan-size")
    return found


def wanted(standin: PlainStandIn, office: str) -> Wanted:
    number = max(ticket["number"] for ticket in standin.tickets())
    return Wanted(KEY, office, RemarkFields(request=f"#{number}", standing=TEXT))


def said(standin: PlainStandIn) -> list[str]:
    return [each["text"] for ticket in standin.tickets() for each in ticket["comments"]]


def put(standin: PlainStandIn, tool=None, **more):
    tool = tool or memory.connector(standin, settings=ASKS)
    return tool.put(decided(wanted(standin, tool.office)), tool.read().digest, **more).results[0]


def test_it_is_said_once_and_the_ticket_stays_as_it_was(standin) -> None:
    before = standin.tickets()
    assert put(standin, dry_run=True).done is Done.CREATED
    assert standin.tickets() == before, "a dry run says nothing"
    assert [put(standin).done for _ in range(3)] == [Done.CREATED, Done.SAME, Done.SAME]
    assert said(standin) == [f"{TEXT}\n\n[{KEY}]"]
    own = [{**each, "comments": [], "revision": 0, "updated": ""} for each in standin.tickets()]
    assert own == [{**each, "comments": [], "revision": 0, "updated": ""} for each in before]


def test_after_an_answer_that_was_lost_it_is_found_and_not_said_again(standin, monkeypatch) -> None:
    tool = memory.connector(standin, settings=ASKS)
    real = tool.http.call

    def lost(call):
        reply = real(call)
        if call.method == "POST":
            raise tool.http._unanswered(call, "the line broke")
        return reply

    monkeypatch.setattr(tool.http, "call", lost)
    assert put(standin, tool).done is Done.UNKNOWN
    monkeypatch.undo()
    assert len(said(standin)) == 1
    assert [each.ref for each in tool.find([KEY])[KEY]] == [wanted(standin, tool.office).fields.request]
    assert put(standin).done is Done.SAME
    assert len(said(standin)) == 1


def test_the_control_without_looking_for_our_key_it_is_said_twice(standin, monkeypatch) -> None:
    for room in (remarks, tracker):
        monkeypatch.setattr(room, "placed_remarks", lambda _tickets: iter(()))
    monkeypatch.setattr(tracker, "seen_again", lambda results, _tickets: iter(results))
    assert [put(standin).done for _ in range(2)] == [Done.CREATED, Done.CREATED]
    assert len(said(standin)) == 2


def test_a_person_who_quotes_our_comment_does_not_say_it_for_us(standin) -> None:
    number = int(wanted(standin, "").fields.request.removeprefix("#"))
    standin.comment(number, f"> [{KEY}]\nwhat does it mean?", by=PLANNER)
    assert put(standin).done is Done.CREATED
    standin.comment(number, f"> [{KEY}]\nand now?", by=PLANNER)
    assert put(standin).done is Done.SAME


def test_what_was_said_twice_is_held_and_nothing_is_added(standin) -> None:
    assert put(standin).done is Done.CREATED
    number = int(wanted(standin, "").fields.request.removeprefix("#"))
    standin.comment(number, said(standin)[0], by=US)
    told = put(standin)
    assert (told.done, "stands 2 times" in told.why) == (Done.HELD, True)


def test_an_office_that_lets_us_only_look_is_told_nothing_at_its_ticket(standin) -> None:
    tool = memory.connector(standin, Access.OBSERVE, settings=ASKS)
    assert put(standin, tool).done is Done.REFUSED
    assert said(standin) == []
    assert put(standin, memory.connector(standin, Access.ASK, settings=ASKS)).done is Done.CREATED


def test_a_tool_that_takes_a_comment_and_shows_none_is_not_believed(standin, monkeypatch) -> None:
    monkeypatch.setattr(standin, "comment", lambda *_, **__: None)
    told = put(standin)
    assert (told.done, told.why) == (Done.REFUSED, remarks.UNSEEN)


def test_a_ticket_that_is_gone_or_asks_no_more_gets_nothing_and_holds_nothing_up(standin) -> None:
    tool = memory.connector(standin, settings=ASKS)
    thing = wanted(standin, tool.office)
    number = int(thing.fields.request.removeprefix("#"))
    standin.change(number, title="Stahl")
    (told,) = tool.put(decided(thing), tool.read().digest).results
    assert (told.done, told.why) == (Done.SAME, remarks.NO_REQUEST)
    standin.remove(number)
    (told,) = tool.put(decided(thing), tool.read().digest).results
    assert (told.done, told.why) == (Done.SAME, remarks.NO_REQUEST)
    assert said(standin) == []
