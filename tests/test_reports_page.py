"""docs/reports.md: its blocks are the sample's own, they load, and its formulas give what the page says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import yaml

from config.wiring import examine
from domain.standards.checks.answers import Given
from domain.standards.checks.evaluation import code_of, context_of, evaluated
from domain.standards.checks.formula import OF_NETWORK, formula_of
from domain.standards.formats import (
    Audience,
    Cadence,
    ChartKind,
    FilledFormat,
    FormatField,
    SectionKind,
    SourceRule,
    Total,
    Unit,
)  # fmt: skip
from tests.config.test_organization import loaded

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "examples" / "harbor_group"
PAGE = (ROOT / "docs" / "reports.md").read_text("utf-8")
FILES = "".join(
    (SAMPLE / name).read_text("utf-8") for name in ("organization.yaml", "standards/delivery-method/2.0.yaml")
)
NOW = datetime(2027, 1, 8, tzinfo=UTC)


def blocks(page: str) -> list[str]:
    return re.findall(r"(?s)```yaml\n(.*?)```", page)


def strangers(page: str) -> list[str]:
    """The blocks that do not stand in the sample's files, line by line."""
    return [block for block in blocks(page) if not set(block.splitlines()) <= set(FILES.splitlines())]


def test_every_block_of_the_page_is_the_samples_and_the_sample_loads() -> None:
    assert len(blocks(PAGE)) == 3
    assert strangers(PAGE) == []
    version = loaded(SAMPLE).versions["delivery-method/2.0"]
    said = yaml.safe_load(blocks(PAGE)[0])[0]
    status = next(each for each in version.reports if each.id == said["id"])
    assert isinstance(status, FilledFormat)
    assert [field.id for field in status.fields] == [each["id"] for each in said["fields"]]
    assert [each.audience for each in version.reports] == [Audience.OFFICES, Audience.BOARD]


def test_the_control_a_block_that_is_not_the_samples_is_found() -> None:
    assert strangers(PAGE.replace("plan.overdue > 0", "plan.overdue > 7"))


def test_the_page_names_every_value_that_a_format_may_have() -> None:
    for kind in (Audience, Cadence, ChartKind, SectionKind, SourceRule, Total):
        for each in kind:
            assert f"`{each}`" in PAGE or f": {each}`" in PAGE, each
    for name in OF_NETWORK:
        assert f"`{name}`" in PAGE


def test_the_formulas_of_the_page_give_what_it_says() -> None:
    def gives(formula: str, total: Total, **roots: dict) -> object:
        field = FormatField("x", "X", formula, Unit.NUMBER, total)
        names = {"figures": {}, "network": {}} if total is Total.NETWORK else {"plan": {}}
        return evaluated(code_of(formula_of(field).text), context_of({**names, **roots, "now": NOW}))

    assert gives("7 / 2", Total.SUM) == Given(3)
    plan = {"overdue": 7, "items": 2}
    assert gives("double(plan.overdue) / double(plan.items)", Total.SUM, plan=plan) == Given(3.5)
    figures = {"spent": 1.0, "budget": 4.0}
    share = "100.0 * figures.spent / figures.budget"
    assert share in PAGE
    assert gives(share, Total.NETWORK, figures=figures) == Given(25.0)


def test_every_page_that_it_links_to_is_there() -> None:
    for name in re.findall(r"\]\(([a-z-]+\.md)\)", PAGE):
        assert (ROOT / "docs" / name).is_file()
    assert not getattr(examine(SAMPLE), "errors", ())
