"""Tickets by which an office asks the owner of a template: by their type, on GitHub a label, or by their title."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.protocol import Done
from connectors.tickets.offering import Has, lacks
from connectors.tickets.settings import TicketSettings
from tests import live
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.contract import github_bench, memory, redmine_bench
from tests.standins.described import specs
from tests.standins.world import served

redmine, new_project = live.redmine, live.new_project
ASKS = {"Frage Finanzsystem": "finance-system"}


def reading(standin: Any, **settings: Any):
    return memory.connector(standin, settings={**memory.SETTINGS, **settings}).read()


def titles(found: Any) -> set[str]:
    return {item.title for plan in found.plans for item in plan.items}


def test_a_ticket_of_the_type_asks_with_its_title_and_is_no_item_of_the_plan() -> None:
    standin = memory.furnished()
    by_type = standin.add("P-1", " Welche Bank: die alte? ", type="Frage Finanzsystem")
    by_title = standin.add("P-2", "ask-owner/payroll: Wer?")
    standin.add("P-1", "Die Bank fragen")
    found = reading(standin, ask_owner=ASKS)
    assert sorted((each.ref, each.template, each.text) for each in found.asks) == [
        (f"#{by_type}", "finance-system", "Welche Bank: die alte?"),
        (f"#{by_title}", "payroll", "Wer?"),
    ]
    assert "Die Bank fragen" in titles(found)
    assert not {title for title in titles(found) if "Welche Bank" in title}


def test_without_the_setting_the_type_asks_nobody_and_the_ticket_is_an_item() -> None:
    standin = memory.furnished()
    standin.add("P-1", "Welche Bank?", type="Frage Finanzsystem")
    found = reading(standin)
    assert found.asks == ()
    assert "Welche Bank?" in titles(found)


def test_a_closed_ticket_of_the_type_asks_nothing_and_neither_does_one_of_ours() -> None:
    standin = memory.furnished()
    standin.add("P-1", "Vor einem Jahr gefragt", type="Question", closed=True)
    tool = memory.connector(
        standin, settings={**memory.SETTINGS, "ask_owner": {"Question": "finance-system"}}
    )
    put = tool.put(decided(books.question()), tool.read().digest)
    assert [each.done for each in put.results] == [Done.CREATED]
    found = tool.read()
    assert found.asks == ()
    assert "Vor einem Jahr gefragt" not in titles(found)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"ask_owner": {"Task": "finance-system"}}, "'Task' is items.put_as too"),
        (
            {"ask_owner": {"Ask": "finance-system"}, "deviations": {"type": "Ask"}},
            "'Ask' is deviations.type too",
        ),
        ({"ask_owner": {"Ask": "the finance system"}}, "'the finance system' is no id of a template"),
        ({"ask_owner": {"Ask": ""}}, "ask_owner.Ask"),
        ({"ask_owner": "Ask"}, "ask_owner"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_its_place(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        TicketSettings.model_validate({**memory.SETTINGS, **said})


def test_a_type_that_the_tool_does_not_have_is_said() -> None:
    settings = TicketSettings.model_validate({**memory.SETTINGS, "ask_owner": ASKS})
    (lack,) = lacks(settings, Has(types={"Task", "Question"}))
    assert str(lack) == "ask_owner: there is no type 'Frage Finanzsystem'; there are Question, Task"
    assert lacks(settings, Has(types={"Frage Finanzsystem"})) == ()


@specs("github.json")
@pytest.mark.parametrize("types_are", ["labels", "issue types"])
def test_on_github_a_label_asks_among_others(types_are: str) -> None:
    standin = github_bench.furnished()
    asks = {"ask: finance": "finance-system"}
    settings = {**github_bench.SETTINGS, "types_are": types_are, "ask_owner": asks}
    standin.add("porto/lagerhalle-1", "Que banco era?", labels=["urgent", "ask: finance"])
    standin.add("porto/lagerhalle-1", "Perguntar ao banco", labels=["urgent"])
    standin.pass_time(minutes=5)
    with served(standin) as url:
        found = github_bench.connector(url, settings=settings).read()
    assert [(each.template, each.text) for each in found.asks] == [("finance-system", "Que banco era?")]
    assert "Perguntar ao banco" in titles(found)
    assert "Que banco era?" not in titles(found)


@pytest.mark.servers
def test_in_the_real_redmine_a_tracker_asks(redmine, new_project) -> None:
    project = new_project("Finanzas Ñ")
    question = {"tracker_id": redmine["kinds"]["Question"]}
    number = redmine_bench.issue(redmine, project, "¿Qué banco era?", **question)
    redmine_bench.issue(redmine, project, "Preguntar al banco")
    use = redmine_bench.settings(project, more={"ask_owner": {"Question": "finance-system"}})
    found = redmine_bench.connector(redmine, use).read()
    assert [(each.ref, each.template, each.text) for each in found.asks] == [
        (f"#{number}", "finance-system", "¿Qué banco era?")
    ]
    assert "Preguntar al banco" in titles(found)
    assert "¿Qué banco era?" not in titles(found)
