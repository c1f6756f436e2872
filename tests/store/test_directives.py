"""Directives come back as they are, and are found by their offices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.directives.following import withdrawn
from store import Store
from store.errors import Unknown
from tests.domain.directives.sample import made, said, with_porto, written
from tests.domain.directives.walk import walk


def test_a_directive_comes_back_as_it_is_and_one_that_is_there_stays(store: Store) -> None:
    there = with_porto()
    with store.begin() as unit:
        assert not unit.directives.any()
        assert unit.directives.add(there)
        assert not unit.directives.add(replace(there, issuer="board"))
        assert unit.directives.get(there.id) == unit.directives.locked(there.id) == there
        assert unit.directives.all() == unit.directives.open() == unit.directives.of_issuer("hq") == (there,)
        assert unit.directives.any()
        assert unit.directives.get("directive-0") is None
        assert not unit.directives.save(there)
        with pytest.raises(Unknown, match="directive-0 was never added"):
            unit.directives.save(replace(there, id="directive-0"))


def test_every_directive_of_a_walk_is_kept_whole(store: Store) -> None:
    directives = [each for seed in (7, 8, 9) for each in walk(seed).directives.values()]
    with store.begin() as unit:
        for each in directives:
            unit.directives.add(each)
            assert unit.directives.get(each.id) == each


def test_an_office_finds_what_it_issued_or_got_and_nothing_else(store: Store) -> None:
    first, other = made(written("office=porto")), made(written("office=oslo"))
    with store.begin() as unit:
        unit.directives.add(first)
        unit.directives.add(other)
        assert unit.directives.of_office("porto") == (first,)
        assert set(unit.directives.of_office("hq")) == {first, other}
        assert unit.directives.of_office("dubai") == ()
        grown = replace(other, addressees=(*other.addressees, replace(other.addressees[0], office="dubai")))
        assert unit.directives.save(grown)
        assert unit.directives.of_office("dubai") == (grown,)
        unit.directives.save(withdrawn(grown, "no need", said()))
        assert unit.directives.open() == (first,)
