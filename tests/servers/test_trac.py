"""What is Trac's own, on the real Trac 1.6: rights, locks, calls of many, pages, dates, and what people do there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import Refused
from connectors.protocol import Done
from connectors.trac.connector import PAGE
from domain.organization.office import Access
from tests import live
from tests.connectors.deciding import decided
from tests.connectors.workbook.books import item, put, question
from tests.contract import trac_bench
from tests.contract.remembered import Remembered
from tests.contract.trac_bench import asked, at, connector, numbers, settings
from tests.servers.relay import Relay

pytestmark = pytest.mark.servers
trac, own_trac = live.trac, live.own_trac
LATER = date(2027, 3, 31)
LOREM = "Ünïcödé ñ Ж ﷺ שלום 日本語 🚢 [[Macro]] {{{ == ''wiki'' #1 || | & ~^$!"


@pytest.fixture
def component(trac) -> Iterator[str]:
    """A component with one project of its office's own, P-1; gone after the test."""
    name = trac_bench.component_of_its_own(trac)
    trac_bench.project(trac, name, "P-1")
    yield name
    trac_bench.remove(trac, name)


@pytest.fixture
def tool(trac, component):
    return connector(trac, settings(component))


def number_of(entry, component: str, key: str) -> int:
    (number,) = asked(entry, "ticket.query", f"component={component}&interoffice_key={key}&max=0")
    return number


def edit(entry, number: int, comment: str = "", user: str = trac_bench.PLANNER, **values: object) -> None:
    asked(entry, "ticket.update", number, comment, {"action": "leave", **values}, user=user)


def attributes(entry, number: int) -> dict:
    return asked(entry, "ticket.get", number)[3]


def done(written) -> list[Done]:
    return [result.done for result in written.results]


def test_a_check_of_what_fits_has_no_remark_and_writes_nothing(trac, tool, component):
    before = numbers(trac, component)
    health = tool.check()
    assert (health.readable, health.writable, health.remarks) == (True, True, ())
    assert numbers(trac, component) == before


def test_a_wrong_password_is_told_each_time_and_never_shown(trac, component):
    tool = connector(trac, settings(component), secret="wrong-password-of-ours")
    for _ in range(2):
        health = tool.check()
        assert not health.readable
        assert "401" in health.remarks[0]
        assert "credential" in health.remarks[0]
        assert "wrong-password" not in health.remarks[0]


def test_who_may_only_read_is_told_what_to_grant_and_nothing_more_is_sent(trac, component):
    tool = connector(trac, settings(component), user="reader")
    assert "TICKET_CREATE" in tool.check().remarks[0]
    written = put(tool, *(item(f"k/{n}") for n in range(3)))
    assert done(written) == [Done.REFUSED] * 3
    assert "TICKET_CREATE" in written.results[0].why
    assert len(written.calls) == 1
    assert connector(trac, settings(component), Access.OBSERVE, "reader").check().remarks == ()


def test_a_stranger_sees_nothing_and_is_told_so(trac, component):
    health = connector(trac, settings(component), user="outsider").check()
    assert not health.readable
    assert "TICKET_VIEW" in health.remarks[0]


def test_without_the_plugin_it_is_said_what_to_install(own_trac):
    before = connector(own_trac, settings()).check()
    assert before.readable
    ini = Path(own_trac["environment"]) / "conf" / "trac.ini"
    ini.write_text(ini.read_text("utf-8").replace("tracrpc.* = enabled", "tracrpc.* = disabled"), "utf-8")
    health = connector(own_trac, settings()).check()
    assert not health.readable
    assert "TracXMLRPC" in health.remarks[0]


def test_a_field_a_type_and_a_component_that_are_not_there_are_named(trac):
    use = settings("nowhere", due="Abgabe", start="Start")
    use = use.model_copy(update={"items": use.items.model_copy(update={"put_as": "Aufgabe"})})
    remarks = "\n".join(connector(trac, use).check().remarks)
    for said in ("no field 'Abgabe'", "start_date, start", "no type 'Aufgabe'", "no component 'nowhere'"):
        assert said in remarks


def test_asked_for_a_key_field_that_is_not_there_it_refuses_instead_of_taking_every_ticket(trac, component):
    tool = connector(trac, settings(component, key="no_such_field"))
    assert "no_such_field" in "\n".join(tool.check().remarks)
    with pytest.raises(Refused, match="no_such_field"):
        tool.find(["k/1"])


def test_a_ticket_that_somebody_changed_meanwhile_is_looked_at_again_and_both_changes_stand(
    trac, tool, component
):
    digest = put(tool, item("k/1")).digest
    number = number_of(trac, component, "k/1")
    edit(trac, number, owner="planner")
    written = tool.put(decided(item("k/1", due=LATER)), digest)
    assert done(written) == [Done.UPDATED]
    assert len(written.calls) == 2, "refused by the lock, then written"
    there = attributes(trac, number)
    assert (there["owner"], there["due_date"]) == ("planner", at(LATER))


def test_what_somebody_else_wrote_meanwhile_as_we_want_it_is_left(trac, tool, component):
    digest = put(tool, item("k/1")).digest
    number = number_of(trac, component, "k/1")
    edit(trac, number, due_date=at(LATER))
    before = asked(trac, "ticket.changeLog", number)
    assert len(tool.put(decided(item("k/1", due=LATER)), digest).calls) == 1
    assert asked(trac, "ticket.changeLog", number) == before


def test_of_many_that_are_created_at_once_only_the_one_that_fails_is_refused(trac, component):
    tool = connector(trac, settings(component, standing="answer_by"))  # a field that takes only dates
    put(tool, item("k/0", standing=""))
    written = put(tool, item("k/1", standing=""), item("k/2", standing="open"), item("k/3", standing=""))
    assert done(written) == [Done.CREATED, Done.REFUSED, Done.CREATED]
    assert written.results[1].why
    assert len(written.calls) == 1
    assert len(numbers(trac, component)) == 1 + 3


def test_what_was_refused_for_another_reason_than_a_change_is_refused(trac, component):
    tool = connector(trac, settings(component, standing="answer_by"))
    put(tool, item("k/1", standing=""))
    written = put(tool, item("k/1", standing="open"))
    assert done(written) == [Done.REFUSED]
    assert len(written.calls) == 1


def test_an_answer_that_is_lost_leaves_all_of_its_tickets_unknown_and_a_look_finds_them(trac, component):
    with Relay(trac["url"], lose=lambda body: b"ticket.create" in body and b"k/1" in body) as relay:
        put(connector(trac, settings(component)), item("k/0"))
        tool = connector({**trac, "url": relay.url}, settings(component))
        written = put(tool, *(item(f"k/{n}") for n in range(1, 4)))
        assert done(written) == [Done.UNKNOWN] * 3
        assert (relay.lost, len(written.calls)) == (1, 1)
    again = put(connector(trac, settings(component)), *(item(f"k/{n}") for n in range(1, 4)))
    assert (done(again), again.calls) == ([Done.SAME] * 3, ())


def test_a_second_time_nothing_is_written_by_any_call(trac, tool, component):
    wanted = [item(f"k/{n}", after="k/1" if n > 1 else "", parent="k/2" if n > 2 else "") for n in range(5)]
    wanted += [question("q/1"), item("k/9", start=date(2027, 1, 4), work=12.5)]
    put(tool, *wanted)
    before = [asked(trac, "ticket.get", number) for number in numbers(trac, component)]
    fresh = connector(trac, settings(component))
    written = put(fresh, *wanted)
    assert (done(written), written.calls) == ([Done.SAME] * 7, ())
    assert [asked(trac, "ticket.get", number) for number in numbers(trac, component)] == before


def test_a_dry_run_lists_the_calls_by_what_they_do(trac, tool, component):
    before = numbers(trac, component)
    written = put(tool, item("k/1"), item("k/2", parent="k/1", after="k/1 +2d"), dry_run=True)
    assert [call.partition("rpc ")[2] for call in written.calls] == [
        "system.multicall of 1 ticket.create", "system.multicall of 1 ticket.create", "ticket.update",
    ]  # fmt: skip
    assert numbers(trac, component) == before


def test_a_plan_comes_back_as_it_went_and_links_of_the_office_stay(trac, tool, component):
    put(tool, item("k/1"), item("k/2", after="k/1 +2d", parent="k/1", work=7.25, start=date(2027, 1, 4)))
    own = trac_bench.task(trac, component, "P-1", "Der eigene Schritt")
    first, second = (number_of(trac, component, key) for key in ("k/1", "k/2"))
    assert attributes(trac, second)["follows"] == f"{first} +2d"
    edit(trac, second, follows=f"{first} +2d, #{own}")
    assert done(put(tool, item("k/2", after="k/1 +2d", parent="k/1", work=7.25))) == [Done.SAME]
    assert done(put(tool, item("k/2", after="", parent="k/1", work=7.25))) == [Done.UPDATED]
    assert attributes(trac, second)["follows"] == str(own)
    (found,) = tool.find(["k/2"])["k/2"]
    assert (found.values["parent"], found.values["work"], found.values["start"]) == (
        "k/1",
        7.25,
        date(2027, 1, 4),
    )


def test_text_of_any_script_and_length_comes_back_and_the_offices_words_stay(trac, tool, component):
    long = "\n".join(f"{n}. {LOREM}" for n in range(300))
    use = settings(component, role=None, standing=None)
    tool = connector(trac, use)
    put(tool, question("q/1", text=long), item("k/Ж|&~/日本", title=LOREM))
    assert tool.find(["q/1"])["q/1"][0].values["text"] == long
    (found,) = tool.find(["k/Ж|&~/日本"])["k/Ж|&~/日本"]
    assert found.values["title"] == LOREM
    number = int(found.ref.removeprefix("#"))
    said = attributes(trac, number)["description"]
    noted = f"Unsere Notiz\nZeile 2\n\n{said}".replace("\n", "\r\n")
    edit(trac, number, description=noted, user="admin")
    assert done(put(tool, item("k/Ж|&~/日本", title=LOREM, standing="done"))) == [Done.UPDATED]
    assert attributes(trac, number)["description"].startswith("Unsere Notiz\nZeile 2\n\n-- interoffice --\n")
    assert tool.find(["k/Ж|&~/日本"])["k/Ж|&~/日本"][0].values["standing"] == "done"


@pytest.mark.parametrize("key", ["~k", "!k", "^k", "$k", "k|k", "k&max=1", "k=~k", " k"])
def test_a_key_that_looks_like_a_question_to_trac_is_found_and_no_other(tool, key):
    put(tool, item("k"))
    expected = [Done.CREATED]
    assert done(put(tool, item(key.strip()))) == (expected if key.strip() != "k" else [Done.SAME])
    found = tool.find([key.strip(), "other"])
    assert [len(places) for places in found.values()] == [1, 0]


def test_a_comment_of_the_office_is_its_answer_and_ours_is_none(trac, tool, component):
    put(tool, question("q/1"))
    number = number_of(trac, component, "q/1")
    assert tool.read().answers == ()
    edit(trac, number, "A note of our own", user=trac_bench.US)
    assert tool.read().answers == ()
    edit(trac, number, "Erst dies")
    edit(trac, number, "Auftraggeberin ist\r\nDr. Ç. Şahin", owner="planner")
    (answer,) = tool.read().answers
    assert (answer.question, answer.by) == ("q/1", "planner")
    assert answer.text == "Auftraggeberin ist\nDr. Ç. Şahin"
    (ticket,) = [t for t in tool._tickets.all if t.key == "q/1"]
    assert [(c.field, c.after, c.by) for c in ticket.changes] == [("owner", "planner", "planner")]
    assert abs(ticket.changes[0].at - datetime.now(UTC)) < timedelta(minutes=5)


def test_after_one_edit_at_most_three_requests_read_it(trac, component):
    mirror = Remembered()
    tool = connector(trac, settings(component), mirror=mirror)
    put(tool, *(item(f"k/{n}") for n in range(4)), question("q/1"))
    digest = tool.read().digest
    fresh = connector(trac, settings(component), mirror=mirror)
    edit(trac, number_of(trac, component, "k/2"), owner="planner")
    reading = fresh.read()
    assert reading.digest != digest
    owners = {each.ours: each.owner for each in reading.plans[0].items}
    assert owners["k/2"] == "planner"
    assert fresh.http.calls <= 3 + 1, "fields, numbers, tickets, and the questions' logs where some are young"


def test_many_tickets_of_one_instant_are_all_read_with_few_requests(trac, component):
    moment = {"__jsonclass__": ["datetime", "2026-01-12T08:00:00"]}
    told = {"type": "task", "component": component, "project": "P-1"}
    steps = [
        {"method": "ticket.create", "params": [f"Schritt {n}", "", told, False, moment], "id": n}
        for n in range(PAGE + 50)
    ]
    assert all(each["error"] is None for each in asked(trac, "system.multicall", *steps, user="admin"))
    mirror = Remembered()
    tool = connector(trac, settings(component), mirror=mirror)
    assert len(tool.read().plans[0].items) == PAGE + 50
    assert tool.http.calls <= 1 + 2 + 2 + 3
    (last,) = asked(trac, "ticket.query", f"component={component}&order=id&desc=1&max=1")
    edit(trac, last, owner="planner")
    fresh = connector(trac, settings(component), mirror=mirror)
    assert sum(each.owner == "planner" for each in fresh.read().plans[0].items) == 1
    assert fresh.http.calls <= 3


def test_what_changes_while_pages_are_read_comes_again(trac, tool, component, monkeypatch):
    monkeypatch.setattr("connectors.trac.connector.PAGE", 3)
    made = [trac_bench.task(trac, component, "P-1", f"Schritt {n}") for n in range(6)]
    first = tool.page(None, "")
    edit(trac, made[0], owner="planner")
    seen, token = list(first.tickets), first.token
    while token:
        page = tool.page(None, token)
        seen, token = [*seen, *page.tickets], page.token
    assert {ticket.ref for ticket in seen} == {f"#{number}" for number in numbers(trac, component)}
    (again,) = [ticket for ticket in seen if ticket.owner == "planner"]
    assert again.ref == f"#{made[0]}"


def test_a_ticket_that_was_removed_is_gone_after_the_daily_look(trac, component):
    hours = [0]
    tool = connector(trac, settings(component), now=lambda: datetime.now(UTC) + timedelta(hours=hours[0]))
    put(tool, item("k/1"), item("k/2"))
    asked(trac, "ticket.delete", number_of(trac, component, "k/1"), user="admin")
    assert tool.find(["k/1"]) == {"k/1": ()}
    hours[0] = 25
    assert {each.key for each in tool.read().placed} == {"k/2"}


def test_a_ticket_that_was_removed_between_reading_and_writing_is_held_for_a_person(trac, tool, component):
    digest = put(tool, item("k/1")).digest
    asked(trac, "ticket.delete", number_of(trac, component, "k/1"), user="admin")
    written = tool.put(decided(item("k/1", due=LATER)), digest)
    assert done(written) == [Done.HELD]
    assert "gone" in written.results[0].why


def test_a_closed_ticket_of_ours_is_found_updated_and_stays_closed(trac, tool, component):
    put(tool, item("k/1"))
    number = number_of(trac, component, "k/1")
    asked(
        trac, "ticket.update", number, "", {"action": "resolve", "action_resolve_resolve_resolution": "fixed"}
    )
    assert tool.find(["k/1"])["k/1"]
    assert done(put(tool, item("k/1", due=LATER))) == [Done.UPDATED]
    assert attributes(trac, number)["status"] == "closed"


def test_a_date_is_that_of_the_offices_time_zone(trac, component):
    tool = connector(trac, settings(component), zone="Asia/Singapore")
    evening = {"__jsonclass__": ["datetime", "2027-01-03T16:00:00"]}  # midnight of the 4th in Singapore
    trac_bench.task(trac, component, "P-1", "Kaimauer", due_date=evening)
    put(tool, item("k/1", due=date(2027, 1, 4)))
    assert {each.due for each in tool.read().plans[0].items} == {date(2027, 1, 4)}
    assert attributes(trac, number_of(trac, component, "k/1"))["due_date"] == evening
    (utc, _) = sorted(each.due for each in connector(trac, settings(component)).read().plans[0].items)
    assert utc == date(2027, 1, 3), "read in another zone it is another day"


def test_settings_that_changed_are_heeded_though_no_ticket_did(trac, component):
    mirror = Remembered()
    (number,) = numbers(trac, component)
    edit(trac, number, budget="1250500", actual_cost="77")
    before = connector(trac, settings(component), mirror=mirror).read().plans[0].project
    assert (before.budget, before.actual_cost) == (1250500.0, None)
    use = settings(component)
    columns = use.projects.columns.model_copy(update={"actual_cost": use.projects.columns.budget})
    use = use.model_copy(
        update={"projects": use.projects.model_copy(update={"columns": columns, "type": "project"})}
    )
    after = connector(trac, use, mirror=mirror).read().plans[0].project
    assert after.actual_cost == 1250500.0
