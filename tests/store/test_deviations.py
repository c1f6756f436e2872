"""Deviations come back as they are, and what stands is found without those that ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.deviations.deviation import Scope
from domain.deviations.ending import revoked
from store import Store
from store.errors import Unknown
from tests.domain.deviations.sample import AT, LAST, active, asked


def test_a_deviation_comes_back_as_it_is_and_one_that_is_there_stays(store: Store) -> None:
    there = active(limit=12, measures=("weekly",), citation="Ports Act")
    with store.begin() as unit:
        assert not unit.deviations.any()
        assert unit.deviations.add(there)
        assert not unit.deviations.add(replace(there, reason="another one, really"))
        assert unit.deviations.get("dev-1") == there
        assert unit.deviations.all() == unit.deviations.of_project("porto/1") == (there,)
        assert unit.deviations.of_office("porto") == unit.deviations.unended() == (there,)
        assert unit.deviations.get("dev-2") is None
        with pytest.raises(Unknown, match="dev-2 was never added"):
            unit.deviations.save(replace(there, id="dev-2"))


def test_what_stands_leaves_out_what_ended_and_what_is_over_everywhere(store: Store) -> None:
    waits, gone = replace(asked(), id="dev-2"), replace(active(), id="dev-3", scope=Scope("porto/9"))
    with store.begin() as unit:
        unit.deviations.put([active(), waits, gone])
        before = unit.deviations.fingerprint()
        unit.deviations.save(revoked(gone, AT, "ana", "solved"))
        assert unit.deviations.fingerprint() != before
        assert [each.id for each in unit.deviations.standing(LAST)] == ["dev-1", "dev-2"]
        assert len(unit.deviations.standing(LAST + timedelta(days=1))) == 2, "it is yesterday somewhere"
        assert unit.deviations.standing(LAST + timedelta(days=2)) == ()
        assert len(unit.deviations.unended()) == 2
        assert unit.deviations.standing(date(2028, 1, 1)) == ()
