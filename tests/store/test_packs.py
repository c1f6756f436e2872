"""A pack stays as it was filled, and what each plan held at a cut-off is found again; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.plans.project import Plan, Project
from domain.reporting.pack import PackId
from store import Store
from store.errors import Unstorable
from tests.domain.reporting.packs import example_pack

AT = datetime(2027, 3, 1, 7, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_pack_is_kept_once_and_comes_out_as_it_was(store: Store) -> None:
    pack = example_pack(30)
    other = replace(pack, verdict="otherwise")
    later = replace(pack, head=replace(pack.head, id=replace(pack.head.id, day=date(2027, 4, 2))))
    with store.begin() as unit:
        assert [unit.packs.add(each) for each in (pack, other, later)] == [True, False, True]
        unit.commit()
    with store.read() as unit:
        assert unit.packs.get(pack.head.id) == pack
        assert unit.packs.get(PackId("other", "basel", date(2027, 3, 5))) is None
        assert unit.packs.has(later.head.id)
        assert unit.packs.latest("river-works.board", "basel") == later
        assert unit.packs.latest("river-works.board", "basel", date(2027, 4, 2)) == pack
        assert unit.packs.latest("river-works.board", "lyon") is None
        assert unit.packs.heads() == (pack.head, later.head)


def test_a_damaged_pack_is_named(store: Store) -> None:
    pack = example_pack()
    with store.begin() as unit:
        unit.packs.add(pack)
        unit.commit()
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE packs SET document = :bytes"), {"bytes": b"no pack"})
    with store.read() as unit, pytest.raises(Unstorable, match=r"pack/river-works\.board/basel/2027-03-05"):
        unit.packs.get(pack.head.id)


def plan(key: str, title: str) -> Plan:
    return Plan(Project(f"porto/{key}", "porto", title))


def test_what_a_plan_held_at_a_time_is_found_again(store: Store) -> None:
    with store.begin() as unit:
        unit.plans.put("porto", [plan("1", "a"), plan("2", "x")], AT)
        unit.plans.put("porto", [plan("1", "b"), plan("2", "x")], AT + DAY)
        unit.plans.put("porto", [plan("1", "b")], AT + 2 * DAY)
        unit.plans.put("porto", [plan("1", "c"), plan("2", "x")], AT + 3 * DAY)
        unit.plans.put("lisbon", [], AT)
        unit.commit()
    with store.read() as unit:
        held = [
            (each.project, each.at - AT, each.plan.project.title if each.plan else None)
            for each in unit.plans.history("porto", AT + DAY)
        ]
        assert held == [
            ("porto/2", 0 * DAY, "x"),
            ("porto/1", DAY, "b"),
            ("porto/2", 2 * DAY, None),
            ("porto/1", 3 * DAY, "c"),
            ("porto/2", 3 * DAY, "x"),
        ]
        assert len(unit.plans.history("porto", AT - DAY)) == 6
        assert unit.plans.history("lisbon", AT) == ()
