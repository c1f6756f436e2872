"""Two published standards: every project is judged by both, and status, sweep and reports say so."""

from __future__ import annotations

import pytest

from domain.cases.case import Case
from domain.cases.kinds import Way
from domain.cases.reviewing import signals
from runtime.overview import Overview
from tasks.sweeping import sweep_network
from tests.tasks.conftest import Desk, forget

QUAY = """\
standard: quay-rules
version: "1.0"
title: How the quays deliver
owner: group
effective_from: 2026-01-01
rules:
  - uid: plan.items
    title: The plan is large
    kind: computed
    level: ceiling
    limit: 5
    check: plan.items <= limit
    remedy: Split the plan
    examples:
      pass: {plan: {items: 5}}
      fail: {plan: {items: 6}}
"""


@pytest.fixture
def two(begun: Desk) -> Desk:
    folder = begun.folder / "standards" / "quay-rules"
    folder.mkdir()
    (folder / "1.0.yaml").write_text(QUAY, "utf-8")
    forget()
    begun.publish()
    return begun


def test_each_standard_is_swept_and_reported_and_status_shows_both(two: Desk) -> None:
    period = two.period()
    other, works = period.swept.others
    assert (period.swept.version, other.version) == ("delivery-method/2.0", "quay-rules/1.0")
    assert works.version == "site-works/1.0", "the sample's own second standard"
    assert other.judged == period.swept.judged == 60
    assert other.sentence in period.swept.sentence
    about = [page.about for page in period.pages]
    assert {"sweep-delivery-method-2-0", "sweep-quay-rules-1-0"} <= set(about)
    sweeps = Overview(two.application).status()["sweeps"]
    assert [each["standard"] for each in sweeps] == ["delivery-method", "quay-rules", "site-works"]
    for page in period.pages:
        content = (
            two.application.settings.state / "reports" / f"{page.url.rpartition('/')[2]}.html"
        ).read_text()
        besides = "delivery-method 2.0" if page.about == "sweep-quay-rules-1-0" else "quay-rules 1.0"
        assert f" pass {besides}" in content
        assert "Other standards that bind these projects" in content


LARGE = (
    QUAY.replace("quay-rules", "yard-rules")
    .replace("2026-01-01", "2026-02-01")
    .replace("uid: plan.items", "uid: plan.split")
    .replace("plan.items <= limit", "plan.items >= limit")
    .replace("level: ceiling", "level: floor")
    .replace("limit: 5", "limit: 900")
    .replace("items: 5", "items: 900")
)
"""It demands 900 items where the other one permits five."""


def contradicted(desk: Desk, owner: str) -> list[Case]:
    """What two sweeps put between owners where the later of two standards is that office's."""
    for standard, text in (
        ("quay-rules", QUAY),
        ("yard-rules", LARGE.replace("owner: group", f"owner: {owner}")),
    ):
        folder = desk.folder / "standards" / standard
        folder.mkdir()
        (folder / "1.0.yaml").write_text(text, "utf-8")
    forget()
    desk.publish()
    desk.read()
    for _ in range(2):
        sweep_network("newest")
    with desk.application.store.read() as unit:
        return [each for each in unit.cases.all() if each.raisers[0].way is Way.CONTRADICTION]


def test_what_two_standards_contradict_is_put_between_their_owners_once(begun: Desk) -> None:
    (case,) = contradicted(begun, "antwerp")
    assert (case.raiser, case.counterpart) == ("antwerp", "group")
    assert (case.about.standard, case.about.subject) == ("quay-rules", "plan.items")
    reason = case.raisers[0].reason
    assert "yard-rules/1.0 plan.split: at least 900, against quay-rules/1.0 plan.items: at most 5" in reason
    assert list(signals((), (case,))) == [], "no office said anything against the rule by itself"


def test_one_office_that_owns_both_is_asked_nothing(begun: Desk) -> None:
    assert contradicted(begun, "group") == []
