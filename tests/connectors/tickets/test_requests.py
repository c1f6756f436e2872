"""Tickets by which an office asks for a deviation: by their type or their title, and never what is ours."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.protocol import Done
from connectors.tickets.offering import Has, lacks
from connectors.tickets.settings import DeviationsFields, TicketSettings
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.contract import memory

TEXT = "rule: plan-size\nlast: 2027-03-18\nder Stahl kommt später"


def reading(standin, **asks):
    return memory.connector(standin, settings={**memory.SETTINGS, "deviations": asks}).read()


def test_a_ticket_asks_by_its_type_or_by_the_beginning_of_its_title_and_is_no_item() -> None:
    standin = memory.furnished()
    by_title = standin.add("P-1", "[Abweichung] Stahl", text=TEXT)
    by_type = standin.add("P-2", "Kran", type="Question", text=TEXT)
    other = standin.add("P-1", "Keine [Abweichung]", text=TEXT)
    found = reading(standin, type="Question", title="[ABWEICHUNG]")
    assert [(each.ref, each.project, each.text, each.author) for each in found.requests] == [
        (f"#{by_title}", "P-1", TEXT, ""),
        (f"#{by_type}", "P-2", TEXT, ""),
    ], "a tool that does not say who made a ticket tells no author"
    items = {item.ref for plan in found.plans for item in plan.items}
    assert f"#{other}" in items
    assert not items & {f"#{by_title}", f"#{by_type}"}


def test_a_closed_ticket_asks_for_nothing_and_neither_does_one_of_ours() -> None:
    standin = memory.furnished()
    standin.add("P-1", "[deviation] over", text=TEXT, closed=True)
    tool = memory.connector(standin, settings={**memory.SETTINGS, "deviations": {"title": "[deviation]"}})
    put = tool.put(decided(books.item(title="[deviation] ours")), tool.read().digest)
    assert [each.done for each in put.results] == [Done.CREATED]
    assert tool.read().requests == ()


def test_without_the_setting_no_ticket_asks() -> None:
    standin = memory.furnished()
    standin.add("P-1", "[deviation] Stahl", text=TEXT)
    assert memory.connector(standin).read().requests == ()


@pytest.mark.parametrize("said", [{}, {"type": " "}, {"title": ""}])
def test_a_setting_that_names_no_ticket_is_refused(said) -> None:
    with pytest.raises(ValidationError, match="give a `type` or a `title`"):
        DeviationsFields.model_validate(said)


def test_a_type_that_the_tool_does_not_have_is_told_and_not_taken_for_no_requests() -> None:
    settings = TicketSettings.model_validate({**memory.SETTINGS, "deviations": {"type": "Abweichung"}})
    (lack,) = lacks(settings, Has(types={"Task", "Question"}))
    assert str(lack) == "deviations.type: there is no type 'Abweichung'; there are Question, Task"
    assert lacks(settings, Has(types={"Abweichung"})) == ()
