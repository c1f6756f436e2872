"""Cases come back as they are, and are found by their offices and by what they are about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.cases.case import Said
from domain.cases.moving import withdrawn
from store import Store
from store.errors import Unknown
from tests.domain.cases.sample import AT, draft, on_trial, raise_one
from tests.domain.cases.walk import walk


def test_a_case_comes_back_as_it_is_and_one_that_is_there_stays(store: Store) -> None:
    there = raise_one(draft(terms="cause=legal; deadline=2027-03-01; citation=Act; check=attested: we may"))
    with store.begin() as unit:
        assert not unit.cases.any()
        assert unit.cases.add(there)
        assert not unit.cases.add(replace(there, counterpart="oslo"))
        assert unit.cases.get(there.id) == unit.cases.locked(there.id) == there
        assert unit.cases.all() == unit.cases.open() == unit.cases.about(there.about) == (there,)
        assert unit.cases.get("case-0") is None
        assert not unit.cases.save(there)
        with pytest.raises(Unknown, match="case-0 was never added"):
            unit.cases.save(replace(there, id="case-0"))


def test_every_case_of_a_walk_is_kept_whole(store: Store) -> None:
    cases = [*walk(7).cases.values(), on_trial()]
    with store.begin() as unit:
        for each in cases:
            unit.cases.add(each)
            assert unit.cases.get(each.id) == each


def test_an_office_sees_the_cases_in_which_it_takes_part_and_no_other(store: Store) -> None:
    first = raise_one(draft())
    both = raise_one(draft("dubai"), (first,))
    with store.begin() as unit:
        unit.cases.add(first)
        assert unit.cases.of_office("dubai") == ()
        assert unit.cases.save(both)
        assert unit.cases.of_office("dubai") == unit.cases.of_office("hq") == (both,)
        left = withdrawn(both, "porto", Said(AT, "carl"), "solved")
        unit.cases.save(left)
        assert unit.cases.of_office("porto") == ()
        unit.cases.save(withdrawn(left, "dubai", Said(AT, "amal"), "solved"))
        assert unit.cases.open() == ()
