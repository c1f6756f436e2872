"""A tracker's value is what its field declares, never what it looks like; a moment is a day of the tool's zone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.connectors.workbook import books
from tests.contract import azure_devops_bench, jira_dc_bench, openproject_bench
from tests.contract.bench import put
from tests.standins.described import specs
from tests.standins.world import served

AZURE = specs("azure-devops-wit-7.1.json", "azure-devops-core-7.1.json")
JIRA = specs("jira-dc-10.3.json")
OPENPROJECT = specs("openproject-v3.json")
EVENING = "2027-03-28T22:00:00Z"
"""Midnight of 29 March in Berlin, in whose summer time it already is."""
FIELDS = {
    "customfield_10031": ("Handover", {"type": "datetime"}, "2027-03-29T00:30:00.000+0200"),
    "customfield_10032": ("Approver", {"type": "user"}, {"name": "ana", "displayName": "Ana Reis"}),
    "customfield_10033": ("Phase", {"type": "option"}, {"id": "10107", "value": "Build"}),
    "customfield_10034": (
        "Place",
        {"type": "option-with-child"},
        {"value": "Porto", "child": {"value": "Leça"}},
    ),
    "customfield_10035": ("Regions", {"type": "array", "items": "option"}, [{"value": "N"}, {"value": "S"}]),
    "customfield_10036": (
        "Reviewers",
        {"type": "array", "items": "user"},
        [{"displayName": "Ana"}, {"name": "b"}],
    ),
    "customfield_10037": ("Code", {"type": "string"}, "2027-03-29T00:30:00.000+0200"),
    "customfield_10038": ("Points", {"type": "number"}, 6),
    "customfield_10039": ("Gate", {"type": "date"}, "2027-03-29"),
}


def ticket(tool: Any, title: str) -> Any:
    (found,) = [each for each in tool._tickets.all if each.title == title]
    return found


@AZURE
@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Berlin", EVENING, date(2027, 3, 29)),
        ("Europe/Berlin", "2027-01-28T23:00:00Z", date(2027, 1, 29)),
        ("America/Sao_Paulo", "2027-03-29T03:00:00Z", date(2027, 3, 29)),
        ("Pacific/Kiritimati", "2027-03-28T10:00:00Z", date(2027, 3, 29)),
        (None, "2027-03-29T00:00:00Z", date(2027, 3, 29)),
        (None, EVENING, None),
    ],
)
def test_a_moment_is_the_day_of_the_zone_in_which_it_was_set(zone, at, day):
    standin = azure_devops_bench.furnished()
    standin.change(3, Due_Date=at)
    with served(standin) as url:
        tool = azure_devops_bench.connector(url, zone=zone)
        reading = tool.read()
    assert ticket(tool, "Schritt 0").due == day
    lines = [(told.ref, "name the `zone`" in told.problem) for told in reading.unreadable]
    assert lines == ([] if day else [("#3 fields.Microsoft.VSTS.Scheduling.DueDate", True)])


@AZURE
def test_what_we_write_is_midnight_there_and_comes_back_as_the_day():
    standin = azure_devops_bench.furnished()
    with served(standin) as url:
        bench = azure_devops_bench.azure_devops_bench(url, standin)
        tool = azure_devops_bench.connector(url, zone="America/New_York")
        wanted = books.item("k/1", project="#1", due=date(2027, 3, 29))
        put(bench, tool, wanted)
        (place,) = tool.find(["k/1"])["k/1"]
    (made,) = [each for each in standin.items.values() if each["fields"].get(azure_devops_bench.KEY) == "k/1"]
    assert made["fields"]["Microsoft.VSTS.Scheduling.DueDate"] == "2027-03-29T04:00:00Z"
    assert place.values["due"] == date(2027, 3, 29)


@AZURE
def test_a_text_field_of_azure_devops_that_looks_like_a_moment_stays_a_text():
    standin = azure_devops_bench.furnished()
    standin.change(3, Role=EVENING, Title="HAF1-02-Umbau Lager Z")
    with served(standin) as url:
        tool = azure_devops_bench.connector(url)
        assert tool.read().unreadable == ()
    assert ticket(tool, "HAF1-02-Umbau Lager Z").fields["Role"] == EVENING


def jira(zone: str | None = None) -> Any:
    standin = jira_dc_bench.furnished()
    standin.description = None
    standin.custom |= {name: (label, schema) for name, (label, schema, _) in FIELDS.items()}
    standin.change(standin.at("HAF-1"), own={name: value for name, (_, _, value) in FIELDS.items()})
    standin.pass_time(minutes=1)
    labels = [label for label, _, _ in FIELDS.values()]
    projects = {"within": ["HAF"], "type": "Epic", "fields": {label: label for label in labels}}
    with served(standin) as url:
        tool = jira_dc_bench.connector(
            url, settings={**jira_dc_bench.SETTINGS, "projects": projects}, zone=zone
        )
        tool.read()
        tool._mirror.begin()
        return ticket(tool, "Schritt 0").fields, {each.ref: each for each in tool._mirror.tickets()}[
            "HAF-1"
        ].fields


@JIRA
@pytest.mark.parametrize(("zone", "day"), [(None, date(2027, 3, 29)), ("America/Lima", date(2027, 3, 28))])
def test_jira_s_fields_are_what_they_declare_also_as_they_are_remembered(zone, day):
    for fields in jira(zone):
        assert {name: fields[name] for name, _, _ in FIELDS.values()} == {
            "Handover": day,
            "Approver": "Ana Reis",
            "Phase": "Build",
            "Place": "Porto - Leça",
            "Regions": "N, S",
            "Reviewers": "Ana, b",
            "Code": "2027-03-29T00:30:00.000+0200",
            "Points": 6,
            "Gate": date(2027, 3, 29),
        }


def links(*titles: str | None) -> Any:
    told = [{"href": title and f"/api/v3/x/{n}", "title": title} for n, title in enumerate(titles)]
    return told if len(told) > 1 else told[0]


@OPENPROJECT
@pytest.mark.parametrize(
    ("kind", "value", "link", "read"),
    [
        ("User", None, links("Ana Reis"), "Ana Reis"),
        ("User", None, links(None), None),
        ("CustomOption", None, links("6"), "6"),
        ("[]CustomOption", None, links("Nord", "Süd"), "Nord, Süd"),
        ("Version", None, links("1.0"), "1.0"),
        ("String", "2027-01-31", None, "2027-01-31"),
        ("Date", "2027-01-31", None, date(2027, 1, 31)),
        ("Formattable", {"format": "markdown", "raw": "2027-01-31", "html": ""}, None, "2027-01-31"),
        ("Integer", 6, None, 6),
        ("Boolean", False, None, False),
    ],
)
def test_openproject_s_fields_are_what_its_schema_declares(kind, value, link, read, monkeypatch):
    monkeypatch.setitem(
        openproject_bench.OpenProjectStandIn.__init__.__globals__["KINDS"], "customField8", kind
    )
    standin = openproject_bench.furnished()
    standin.description = None
    real: Callable[[Any], dict[str, Any]] = standin._package

    def package(each: Any) -> dict[str, Any]:
        told = {**real(each), "customField8": value}
        if link is not None:
            del told["customField8"]
            told["_links"]["customField8"] = link
        return told

    standin._package = package
    with served(standin) as url:
        tool = openproject_bench.connector(url)
        assert tool.read().unreadable == ()
    assert {each.fields["Role"] for each in tool._tickets.all if each.ref[0] == "#"} == {read}


@OPENPROJECT
def test_a_project_is_found_among_many_of_like_names():
    standin = openproject_bench.furnished()
    for n in range(40, 70):
        standin.add_project(f"XP-1{n}", f"P-1 und {n}")
    standin.projects = dict(sorted(standin.projects.items(), key=lambda pair: -pair[0]))
    last = max(standin.projects)
    standin.projects[last + 1] = standin.projects.pop(10)
    with served(standin) as url:
        reading = openproject_bench.connector(url).read()
    assert [plan.project.key for plan in reading.plans] == ["porto/P-1", "porto/P-2"]
    assert standin.calls[next(name for name in standin.calls if name.endswith("projects"))] > 2
