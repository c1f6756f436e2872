"""Every kind of thing that a pack can say has its words; numbers are written as people read them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.language import ENGLISH
from domain.organization.office import Role
from domain.reporting.figures import ChangeCause, Gap, GapReason
from domain.standards.formats import Audience, Cadence, Unit
from reports.pack.filed import FORMS
from reports.pack.page import CADENCES, FOR, page
from reports.pack.spoken_pack import spoken_pack
from reports.pack.words import (
    CAUSES,
    GAPS,
    ROLES,
    bare,
    difference,
    shown,
    signed,
    standard_words,
    version_words,
)
from tests.domain.reporting.packs import example_pack


@pytest.mark.parametrize(
    ("words", "kinds"),
    [(GAPS, GapReason), (CAUSES, ChangeCause), (ROLES, Role), (FOR, Audience), (CADENCES, Cadence)],
)
def test_every_kind_has_its_words(words, kinds) -> None:
    assert set(words) == set(kinds)
    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, Unit.PROJECTS, "1 project"),
        (Decimal("1.0"), Unit.DAYS, "1 day"),
        (Decimal("4.5"), Unit.WEEKS, "4.5 weeks"),
        (0, Unit.OFFICES, "0 offices"),
        (1234567, Unit.ITEMS, "1,234,567 items"),
        (Decimal("33.333333"), Unit.PERCENT, "33.3 %"),
        (Decimal("100.0"), Unit.PERCENT, "100 %"),
        (Decimal(100), Unit.NUMBER, "100"),
        (Decimal("1200.5"), Unit.MONEY, "CHF 1,200.50"),
        (Decimal("-0.004"), Unit.MONEY, "CHF 0"),
        (Decimal("-3.5"), Unit.MONEY, "−CHF 3.50"),  # noqa: RUF001 - a real minus
        (Decimal("1E+40"), Unit.NUMBER, f"{10**40:,}"),
        (date(2027, 3, 1), Unit.DATE, "1 March 2027"),
        (Gap(GapReason.RATE, "No rate for ISK"), Unit.MONEY, "no rate"),
    ],
)
def test_a_value_is_written_in_its_unit(value, unit, said) -> None:
    assert shown(value, unit, "CHF") == said


def test_a_noun_is_left_out_where_the_heading_says_it_and_differences_have_a_sign() -> None:
    assert bare(3, Unit.PROJECTS) == "3"
    assert difference(3, 1, Unit.PROJECTS, "", "5 March") == "2 more than on 5 March"
    assert (
        difference(Decimal(20), Decimal(25), Unit.PERCENT, "", "5 March") == "5 points less than on 5 March"
    )
    assert difference(3, None, Unit.PROJECTS, "", "5 March") == ""
    assert difference(3, Gap(GapReason.FACT, "x"), Unit.PROJECTS, "", "5 March") == "not reported on 5 March"
    assert signed(Decimal(-2), Unit.PROJECTS, "") == "−2"  # noqa: RUF001 - a real minus
    assert signed(None, Unit.PROJECTS, "") == ""


def test_a_version_is_said_by_its_standards_title() -> None:
    pack = example_pack()
    assert version_words(spoken_pack(pack, ENGLISH), "river-works/2.0") == "How we build on rivers 2.0"
    assert standard_words(spoken_pack(pack, ENGLISH)) == "How we build on rivers 1.0, 2.0"
    assert b"river-works" not in page(pack)


def test_the_page_on_reports_names_every_file_and_no_other() -> None:
    told = (
        (Path(__file__).resolve().parents[3] / "docs" / "reports.md")
        .read_text("utf-8")
        .partition("## The files")[2]
    )
    assert set(re.findall(r"^\| `([a-z.]+)` \|", told, re.MULTILINE)) == set(FORMS)
