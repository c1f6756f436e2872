"""Three organizations unlike the sample: what is read, judged and reported is what lists made by hand say."""

from dataclasses import replace
from datetime import date

import pytest

from tests.offices_of_others.comparing import differences, pages_lack
from tests.offices_of_others.conftest import lay_out, run
from tests.offices_of_others.truth import ORGANIZATIONS


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_every_project_item_and_figure_is_that_of_the_list_and_what_is_left_out_is_listed(
    network, organization
):
    assert differences(organization, network(organization)) == []


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_the_report_names_every_project_and_every_value_that_was_not_understood(network, organization):
    assert pages_lack(organization, network(organization)) == []


def changed(network, key: str, **facts):
    """The network with facts of a project changed, as if they had been read so."""
    plan = network.plans[key]
    return replace(
        network, plans={**network.plans, key: replace(plan, project=replace(plan.project, **facts))}
    )


def without_item(network, key: str):
    """The network without the first item of a project."""
    plan = network.plans[key]
    return replace(network, plans={**network.plans, key: replace(plan, items=plan.items[1:])})


FAULTS = {
    "a total read as a project": (
        lambda n: replace(n, plans={**n.plans, "norte/Total geral": n.plans["norte/N-101"]}),
        "project norte/Total geral: read, not in the list",
    ),
    "a date read a day early": (
        lambda n: changed(n, "sul/S-201", finish=date(2027, 10, 19)),
        "sul/S-201 finish: 2027-10-20 in the list, 2027-10-19 read",
    ),
    "a percentage off by a hundred": (
        lambda n: changed(n, "leste/L-301", percent_complete=0.35),
        "leste/L-301 percent: 35 in the list, 0.35 read",
    ),
    "money off by a thousand": (
        lambda n: changed(n, "norte/N-104", budget=507.5),
        "norte/N-104 budget: 507500 in the list, 507.5 read",
    ),
    "an item lost": (
        lambda n: without_item(n, "norte/N-101"),
        "item norte/N-101/TN01: in the list, not read",
    ),
    "a line not told": (
        lambda n: replace(n, told={**n.told, "sul": ()}),
        "line sul Sul!K6: in the list, not read",
    ),
    "a row left out in silence": (
        lambda n: replace(n, left_out={**n.left_out, "sul": ()}),
        "left out sul: 1 totals row: Sul!A7: in the list, not read",
    ),
    "a figure worked out wrong": (
        lambda n: replace(n, facts={**n.facts, "sul/S-202": {**n.facts["sul/S-202"], "plan": {}}}),
        "sul/S-202 plan.overdue: 2 in the list, - read",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_a_difference(network, fault):
    plant, line = FAULTS[fault]
    assert line in differences("power", plant(network("power")))


def test_settings_that_mean_another_column_are_differences_down_to_the_bands(tmp_path):
    tools = lay_out("campus", tmp_path / "organization") / "tools.yaml"
    tools.write_text(tools.read_text("utf-8").replace("under: Plan", "under: Utfall"), "utf-8")
    found = differences("campus", run(tmp_path))
    assert "campus-nord/PRJ-0011 finish: 2027-09-24 in the list, - read" in found
    assert "campus-nord/PRJ-0011 project.slip_days: 0 in the list, - read" in found
    assert any(each.startswith("band unknown: 1 in the list") for each in found)
