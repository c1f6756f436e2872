"""Which strategic office leads where, on which day: the nearest one up the tree, or one by agreement."""

from __future__ import annotations

from datetime import date

import pytest

from domain.organization.office import Agreement, OfficeKind
from domain.rollouts.rollout import leader_of_waves
from tests.domain.builders import MONDAY, diverse, office, organization, wave

LATER = date(2027, 7, 1)


def agreement(giver, taker, since=MONDAY, until=None):
    return Agreement(f"{giver}-{taker}", giver, taker, frozenset({"reports"}), since, until)


def two(**changes):
    """Two subtrees, each under a strategic office of its own; and one strategic office below another."""
    return organization(
        office("porto"),
        office("tech", kind=OfficeKind.STRATEGIC),
        office("lab", "tech"),
        office("marine", None, kind=OfficeKind.STRATEGIC),
        office("oslo", "marine"),
        office("trade", None),
        **changes,
    )


def led(there, name, on=MONDAY):
    return there.leader_of(name, on).id


def test_the_nearest_strategic_office_up_the_tree_leads():
    assert {name: led(two(), name) for name in ("hq", "porto", "tech", "lab", "marine", "oslo")} == {
        "hq": "hq", "porto": "hq", "tech": "tech", "lab": "tech", "marine": "marine", "oslo": "marine",
    }  # fmt: skip


def test_several_offices_are_led_by_the_nearest_one_above_them_all():
    there = two()
    assert there.leader_over({"lab": MONDAY, "tech": MONDAY}).id == "tech"
    assert there.leader_over({"lab": MONDAY, "porto": MONDAY}).id == "hq"
    assert there.leader_over({"porto": MONDAY, "lab": MONDAY}).id == "hq"


def test_offices_of_two_trees_have_no_leader_in_common():
    with pytest.raises(LookupError, match="no strategic office leads porto, oslo: put them under one"):
        two().leader_over({"porto": MONDAY, "oslo": MONDAY})
    with pytest.raises(LookupError):
        two().leader_over({})


def test_a_rollout_is_led_by_who_leads_all_of_its_waves():
    there = two()
    assert leader_of_waves(there, [wave(1, ["lab"]), wave(2, ["porto"])]).id == "hq"
    assert leader_of_waves(there, [wave(1, ["oslo"])]).id == "marine"


def test_a_single_strategic_office_leads_everywhere():
    there = organization(office("porto"), office("alone", None))
    assert led(there, "alone") == "hq"
    assert there.takes_part("alone", MONDAY)


def test_of_two_neither_leads_where_none_is_above_until_there_is_an_agreement():
    there = two()
    assert not there.takes_part("trade", MONDAY)
    with pytest.raises(LookupError, match="no strategic office leads trade"):
        there.leader_of("trade", MONDAY)
    agreed = two(agreements=(agreement("marine", "trade", LATER),))
    assert not agreed.takes_part("trade", MONDAY)
    assert agreed.takes_part("trade", LATER)
    assert led(agreed, "trade", LATER) == "marine"


def test_in_a_diverse_subtree_the_agreement_in_force_that_day_says_who_leads():
    there = two(
        relations=(diverse("porto"),),
        agreements=(agreement("marine", "porto", MONDAY, date(2027, 6, 30)), agreement("hq", "porto", LATER)),
    )
    assert (led(there, "porto"), led(there, "porto", LATER)) == ("marine", "hq")
    assert there.takes_part("porto", MONDAY)
    assert not there.takes_part("porto", date(2026, 12, 31))


def test_an_agreement_with_one_strategic_office_opens_a_diverse_office_to_no_other():
    there = two(relations=(diverse("porto"),), agreements=(agreement("marine", "porto"),))
    assert there.leader_over({"porto": MONDAY, "oslo": MONDAY}).id == "marine"
    with pytest.raises(LookupError):
        there.leader_over({"porto": MONDAY, "lab": MONDAY})


def test_an_agreement_changes_nothing_where_the_office_is_no_diverse_one():
    there = two(agreements=(agreement("marine", "porto"),))
    assert led(there, "porto") == "hq"
    with pytest.raises(LookupError):
        there.leader_over({"porto": MONDAY, "oslo": MONDAY})


def test_an_agreement_with_an_office_that_is_not_strategic_lets_nobody_take_part():
    there = two(relations=(diverse("porto"),), agreements=(agreement("oslo", "porto"),))
    assert not there.takes_part("porto", MONDAY)


def test_the_whole_organization_is_led_by_who_leads_all_that_take_part_else_by_the_first():
    assert organization(office("porto")).leader_of_all(MONDAY).id == "hq"
    assert two().leader_of_all(MONDAY).id == "hq"
    nested = organization(office("tech", kind=OfficeKind.STRATEGIC), office("lab", "tech"))
    assert nested.leader_of_all(MONDAY).id == "hq"
