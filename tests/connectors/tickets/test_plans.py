"""What trackers hold of plans: fields that the settings name, ranks, links elsewhere, and copies of older code."""

from dataclasses import replace
from datetime import date

from connectors.tickets import pulling
from connectors.tickets.ticket import Link, Shape, Ticket, TicketPlan, kept, ticket_of
from connectors.tickets.typed import DAWN
from domain.plans.item_plan import DayConstraint, ItemPlan, Span
from domain.plans.mirror import Kept
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.task import ConstraintKind
from tests.contract import memory
from tests.contract.bench import merged
from tests.contract.clauses_of_plans import by_titles
from tests.contract.remembered import Remembered

COLUMNS = {
    "duration": {"header": "Dauer", "unit": "days"},
    "actual_start": "Ist-Beginn",
    "not_before": "Nicht vor",
    "deadline": "Stichtag",
    "cost": {"header": "Kosten T€", "unit": "1000"},
    "role": "Rolle",
}
FIELDS = {
    "Dauer": "1,5 Wochen", "Ist-Beginn": "2027-03-01", "Nicht vor": "2027-02-01", "Stichtag": "irgendwann",
    "Kosten T€": 12.5, "Rolle": "Einkauf",
}  # fmt: skip


def test_fields_that_the_settings_name_are_read_in_any_tracker_and_what_is_odd_is_told():
    standin = memory.furnished()
    number = standin.add("P-1", "Einkauf", fields=FIELDS)
    settings = merged(memory.SETTINGS, {"items": {"columns": COLUMNS}})
    reading = memory.connector(standin, settings=settings).read()
    plan = by_titles(reading, {"Einkauf"})["Einkauf"]
    assert plan == ItemPlan(
        duration=Span(1.5, LagUnit.WORKING_WEEKS),
        actual_start=date(2027, 3, 1),
        constraint=DayConstraint(ConstraintKind.START_NO_EARLIER_THAN, date(2027, 2, 1)),
        cost=12500.0,
        role="Einkauf",
    )
    assert [each.ref for each in reading.unreadable if each.ref[0] == "#"] == [f"#{number} Stichtag"]


def test_a_link_to_what_is_not_read_is_named_as_the_tool_names_it():
    standin = memory.furnished()
    standin.add("P-1", "Letzter", after=[{"id": 7, "before": 4711, "lag": 1}], parent=4712)
    reading = memory.connector(standin).read()
    assert by_titles(reading, {"Letzter"})["Letzter"] == ItemPlan("#4712", after=(Predecessor("#4711", 1),))


def test_a_ticket_is_remembered_with_all_that_it_holds_of_a_plan():
    link = Link("#2", 1.5, "9", LinkType.START_TO_START, LagUnit.ELAPSED_HOURS)
    plan = TicketPlan(Span(5), milestone=True, manual=False, rank="0|i0001:")
    ticket = Ticket("#1", Shape.ITEM, DAWN, "Umbau", after=(link, Link("#3", 2)), plan=plan)
    assert ticket_of(kept(ticket)) == ticket
    ranked = replace(ticket, plan=TicketPlan(rank=20.5))
    assert ticket_of(kept(ranked)) == ranked


def test_a_copy_that_older_code_remembered_is_read_again_in_full(monkeypatch):
    standin, mirror = memory.furnished(), Remembered()
    first = standin.add("P-1", "Erster")
    standin.add("P-1", "Zweiter", parent=first, after=[{"id": 7, "before": first, "lag": 1}])
    standin.pass_time(minutes=5)
    standin.add("P-1", "Dritter")
    monkeypatch.setattr(pulling, "FORM", 2)
    memory.connector(standin, mirror=mirror).read()
    for thing in mirror.things():
        bare = replace(ticket_of(thing), after=(), parent="", plan=None)
        mirror.keep([Kept(thing.ref, thing.stamp, kept(bare).body)], mirror.cursor())
    standin.pass_time(minutes=10)
    older = memory.connector(standin, mirror=mirror).read()
    assert by_titles(older, {"Zweiter"})["Zweiter"] == ItemPlan(), "the copy was not taken from"
    monkeypatch.undo()
    newer = memory.connector(standin, mirror=mirror).read()
    assert by_titles(newer, {"Zweiter"})["Zweiter"] == ItemPlan("Erster", after=(Predecessor("Erster", 1),))
