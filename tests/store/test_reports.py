"""The index of reports keeps what was said of each when it was written, on both databases."""

from dataclasses import replace
from datetime import date

from domain.reporting.entry import ReportEntry
from store import Store

ONE = ReportEntry(
    slug="rollout-dm-2-0-2027-03-01-0123456789ab",
    about="rollout-dm-2-0",
    kind="rollout",
    standard="Delivery method 2.0",
    as_of=date(2027, 3, 1),
    sentence="24 of 60 projects follow it.",
    ledger_head="9c1f" * 16,
    ledger_entry=412,
)
TWO = replace(ONE, slug="rollout-dm-2-0-2027-03-08-0123456789ab", as_of=date(2027, 3, 8), ledger_entry=0)
OTHER = replace(ONE, slug="Sweep", about="sweep-dm-2-0", kind="sweep", sentence="Gdańsk: رصيف")


def test_what_was_entered_comes_out_by_slug_and_all_of_it_in_their_order(store: Store) -> None:
    with store.begin() as unit:
        assert unit.reports.is_empty()
        assert [unit.reports.add(each) for each in (TWO, OTHER, ONE)] == [True, True, True]
        unit.commit()
    with store.read() as unit:
        assert not unit.reports.is_empty()
        assert unit.reports.all() == (OTHER, ONE, TWO)
        assert unit.reports.get(TWO.slug) == TWO
        assert unit.reports.get("sweep") is None
        assert unit.reports.subjects() == ("rollout-dm-2-0", "sweep-dm-2-0")


def test_what_was_said_of_a_report_stays(store: Store) -> None:
    with store.begin() as unit:
        unit.reports.add(ONE)
        assert not unit.reports.add(replace(ONE, about="sweep-dm-2-0"))
        assert unit.reports.all() == (ONE,)
        assert unit.reports.subjects() == (ONE.about,)
