"""Things that are put behind others, and the numbers of rows that follow from it."""

import random

import pytest

from connectors.records.ordering import arranged
from connectors.workbook.ordering import RowOrder


@pytest.mark.parametrize(
    ("behind", "found"),
    [
        ({}, "abcd"),
        ({"c": None, "a": "d"}, "cdab"),
        ({"d": "a"}, "adbc"),
        ({"b": "x"}, "abcd"),  # there is no x
        ({"b": "b"}, "abcd"),
        ({"a": "b", "b": "a"}, "abcd"),  # in a circle: nothing is lost
    ],
)
def test_what_is_put_behind_another_stands_there_and_nothing_is_lost(behind, found):
    assert "".join(arranged(list("abcd"), behind)) == found


def behind_of(order):
    return dict(zip(order, [None, *order], strict=False))


@pytest.mark.parametrize("seed", range(200))
def test_any_order_comes_about_from_what_differs_alone(seed):
    chance = random.Random(seed)
    now = list("abcdefgh"[: chance.randint(2, 8)])
    wanted = now + list("xyz"[: chance.randint(0, 3)])
    chance.shuffle(wanted)
    before, after = behind_of(now), behind_of(wanted)
    differs = {each: at for each, at in after.items() if each not in before or before[each] != at}
    assert arranged(now + [each for each in wanted if each not in now], differs) == wanted
    rows = RowOrder(dict.fromkeys(now, ""), numbers={each: float(at) for at, each in enumerate(now, 1)})
    for key, at in differs.items():
        rows.note(key, {"behind": at or ""})
    numbers = rows.numbers | rows.numbered()
    assert sorted(wanted, key=numbers.__getitem__) == wanted


def test_a_new_plan_is_numbered_as_its_outline_and_a_row_that_is_not_moved_keeps_its_number():
    rows = RowOrder()
    for key, parent, at in [("p", "", ""), ("a", "p", ""), ("b", "p", "a"), ("q", "", "p"), ("c", "q", "")]:
        rows.note(key, {"parent": parent, "behind": at})
    assert rows.numbered() == {"p": 1, "a": 2, "b": 3, "q": 4, "c": 5}
    later = RowOrder({"a": "", "b": "a", "c": "b"}, numbers={"a": 1, "b": 2, "c": 3})
    later.note("n", {"behind": "a"})
    assert later.numbered() == {"n": 1.5}
    assert RowOrder({"a": "", "b": "a"}, numbers={"a": 1}).numbered() == {}
