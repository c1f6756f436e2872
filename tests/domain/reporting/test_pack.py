"""A pack is kept as it is, and what it says adds up."""

from datetime import date
from decimal import Decimal

import pytest

from domain.reporting.figures import Gap
from domain.reporting.pack import Pack, PackId
from domain.standards.formats import Total
from store.document import DocumentForm
from tests.domain.reporting.packs import example_pack


def test_a_pack_comes_out_of_the_store_as_it_went_in() -> None:
    form, pack = DocumentForm(Pack), example_pack(40)
    again = form.read(form.write(pack))
    assert again == pack
    assert [type(figure.value) for figure in again.figures] == [type(figure.value) for figure in pack.figures]


def test_the_example_adds_up() -> None:
    for figure in example_pack(40).figures:
        if figure.total in (Total.COUNT, Total.SUM):
            assert sum(step.tally.amount or 0 for step in figure.bridge) == Decimal(str(figure.value))
            assert sum(step.tally.amount or 0 for step in figure.offices) == Decimal(str(figure.value))


def test_a_pack_lists_its_gaps_and_finds_its_figures() -> None:
    pack = example_pack()
    assert {gap.office for gap in pack.gaps()} >= {"turin"}
    assert isinstance(pack.figure("headroom").value, Gap)
    with pytest.raises(KeyError, match="unheard"):
        pack.figure("unheard")


def test_an_id_is_read_back() -> None:
    key = PackId("river-works.board", "basel", date(2027, 3, 5))
    assert PackId.read(str(key)) == key
    assert PackId.find("pack/x/basel/yesterday") is None
