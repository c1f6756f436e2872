"""Drafts are kept whole, found by their version and case, and never twice under one id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.drafts import moving
from domain.drafts.draft import Said
from store.errors import Unknown
from tests.domain.drafts.test_moving import AT, commented, draft, opened, simulated


def test_a_draft_is_stored_whole_and_found_by_its_version_and_case(store) -> None:
    there = replace(simulated(commented(opened(), "porto", "too few")), case="case-1")
    there = moving.answered(there, 1, "they suffice", Said(AT, "mara", "hq"), accepted=False)
    with store.begin() as unit:
        assert not unit.drafts.any()
        assert unit.drafts.add(there)
        assert not unit.drafts.add(draft())
        assert unit.drafts.get("draft-1") == unit.drafts.locked("draft-1") == there
        found = (unit.drafts.all(), unit.drafts.open(), unit.drafts.of_version("method/2.0"))
        assert found == ((there,), (there,), (there,))
        assert unit.drafts.of_case("case-1") == unit.drafts.of_standard("method") == (there,)
        assert unit.drafts.of_version("method/2.1") == unit.drafts.of_version("no version") == ()
        assert unit.drafts.get("draft-0") is None
        assert not unit.drafts.save(there)
        with pytest.raises(Unknown):
            unit.drafts.save(replace(there, id="draft-0"))
        assert unit.drafts.save(moving.withdrawn(there, "not now", Said(AT, "mara", "hq")))
        assert (unit.drafts.open(), len(unit.drafts.all())) == ((), 1)
