"""Where a project manager types a missing fact: in the columns that are empty, as the office's tool calls them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.plans.project import Project
from domain.reporting.roles.gathering import Named

PROJECT = Project("porto/1", "porto", "Quay 7")
BOTH = {"finish": "Ende", "baseline_finish": "Ende (Basisplan)", "gate.G3": "Gate 3"}
FINISH = date(2027, 3, 31)


def test_only_what_is_empty_is_named() -> None:
    known = replace(PROJECT, finish=FINISH)
    assert Named(BOTH, known).fields(("project.slip_days",)) == ("Ende (Basisplan)",)
    assert Named(BOTH, PROJECT).fields(("project.slip_days",)) == ("Ende", "Ende (Basisplan)")


def test_a_column_that_is_filled_is_not_named_for_one_that_the_tool_has_not() -> None:
    known = replace(PROJECT, finish=FINISH)
    assert Named({"finish": "Ende"}, known).fields(("project.slip_days",)) == ()


def test_where_nothing_is_empty_all_that_the_fact_is_computed_from_is_named() -> None:
    known = replace(PROJECT, finish=FINISH, baseline_finish=FINISH)
    assert Named(BOTH, known).fields(("project.slip_days", "gates.G3")) == (
        "Ende",
        "Ende (Basisplan)",
        "Gate 3",
    )
    assert Named(BOTH, None).fields(("project.finish",)) == ("Ende",)
