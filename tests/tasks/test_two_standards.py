"""Two published standards: every project is judged by both, and status, sweep and reports say so."""

from __future__ import annotations

import pytest

from runtime.overview import Overview
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
    (other,) = period.swept.others
    assert (period.swept.version, other.version) == ("delivery-method/2.0", "quay-rules/1.0")
    assert other.judged == period.swept.judged == 60
    assert other.sentence in period.swept.sentence
    about = [page.about for page in period.pages]
    assert {"sweep-delivery-method-2-0", "sweep-quay-rules-1-0"} <= set(about)
    sweeps = Overview(two.application).status()["sweeps"]
    assert [each["standard"] for each in sweeps] == ["delivery-method", "quay-rules"]
    for page in period.pages:
        content = (
            two.application.settings.state / "reports" / f"{page.url.rpartition('/')[2]}.html"
        ).read_text()
        besides = "delivery-method 2.0" if page.about == "sweep-quay-rules-1-0" else "quay-rules 1.0"
        assert f" pass {besides}" in content
        assert "Other standards that bind these projects" in content
