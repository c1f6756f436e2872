"""A finding says the fact, the limit and its source, the remedy, the role and the day."""

from dataclasses import replace
from datetime import timedelta

from domain.compliance.findings import findings
from domain.standards.standard import ToolDemand
from domain.standards.verdict import Result
from tests.domain.builders import (
    GULF,
    MONDAY,
    adjust,
    network,
    office,
    organization,
    plan,
    rule,
    tailoring,
    version,
)

LATE = rule(
    "late", "plan.overdue <= limit", limit=0, level="ceiling", role="head", days=5, title="Nothing is late"
)
NEW = version(LATE, rule("sponsor"))
TOLERANT = tailoring("porto-terms", [replace(adjust("late"), limit=-1)], office="porto")


def test_a_finding_says_what_has_to_be_done_by_whom_and_by_when() -> None:
    at = network(plan(sponsor="Ana"), org=organization(office(calendar=GULF)), tailorings=(TOLERANT,))
    judged = at.judged("porto/1", NEW)
    (found,) = findings(judged, NEW, GULF, MONDAY)
    assert (found.rule, found.title, found.result) == ("late", "Nothing is late", Result.FAIL)
    assert found.why == "plan.overdue = 0, the limit is -1"
    assert (found.facts, found.limit) == ({"plan.overdue": 0}, -1)
    assert found.source == "porto-terms: limit -1 (a regulator demands it)"
    assert (found.remedy, found.role, found.by) == ("mend late", "head", MONDAY + timedelta(days=7))


def test_before_the_version_binds_a_project_there_are_days_and_no_day() -> None:
    (found,) = findings(network(plan()).judged("porto/1", NEW), NEW, GULF)
    assert (found.rule, found.by, found.days) == ("sponsor", None, 20)


def test_what_a_version_says_of_tools_has_a_remedy_too() -> None:
    new = replace(NEW, tools=(ToolDemand("redmine"),))
    *_, found = findings(network(plan()).judged("porto/1", new), new, GULF)
    assert found.remedy == "Bring the tool in line: kept in workbook; the version names redmine"
    assert (found.role, found.days, found.source) == ("reporter", 20, "method/2.0")
