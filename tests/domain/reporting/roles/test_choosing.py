"""Which reports a page per role is about: reviews of versions that another one took the place of are left out."""

from __future__ import annotations

from dataclasses import replace

from domain.reporting.roles.choosing import in_order
from tests.domain.reporting.roles.planted import planted


def test_a_review_is_left_out_where_one_of_the_version_after_it_is_there() -> None:
    basis = replace(planted(1).basis, rollout=None)
    old = replace(basis, about="sweep-works-1.0", title="Works", version="1.0", old="")
    new = replace(basis, about="sweep-works-1.1", title="Works", version="1.1", old="1.0")
    other = replace(basis, about="sweep-other-1.0", title="Other", version="1.0", old="")
    assert {each.about for each in in_order((old, new, other))} == {new.about, other.about}
    assert in_order((old,)) == (old,)


def test_a_rollout_on_its_way_stays_beside_the_review_of_the_version_before_it() -> None:
    basis = planted(1).basis
    before = replace(basis, rollout=None, about="sweep-1.0", version=basis.old, old="")
    assert [each.about for each in in_order((before, basis))] == [basis.about, before.about]
