"""Parents and links: cycles are reported by name, and a thing comes after those that it depends on."""

from connectors.tickets.lineage import above, circular, following, levels
from tests.connectors.workbook.books import item


def keys(wanted):
    return [each.key for each in wanted]


def test_all_above_a_thing_are_told_once_and_a_circle_ends():
    assert above("c", {"c": "b", "b": "a"}) == ("b", "a")
    assert above("a", {"a": "b", "b": "a"}) == ("b", "a")
    assert above("x", {}) == ()


def test_only_what_is_in_a_circle_or_below_it_is_told():
    wanted = [
        item("a", parent="b"), item("b", parent="a"), item("c", parent="b"), item("d", parent="d"), item("e", parent="x"),
    ]  # fmt: skip
    told = circular(wanted, {})
    assert set(told) == {"a", "b", "c", "d"}
    assert told["a"].startswith("it is its own ancestor")
    assert told["c"].startswith("b, below which it is wanted, is its own ancestor")


def test_what_stands_counts_where_nothing_else_is_wanted():
    assert set(circular([item("a", parent="b")], {"b": "a"})) == {"a"}
    assert circular([item("a", parent="b"), item("b", parent="")], {"b": "a"}) == {}
    assert circular([item("a", parent=""), item("z")], {"b": "c", "c": "b"}) == {}


def test_parents_and_what_is_followed_come_first():
    wanted = [item("a", parent="b"), item("b", after="c"), item("c"), item("d")]
    assert keys(following(wanted)) == ["c", "b", "a", "d"]
    assert [keys(level) for level in levels(wanted)] == [["b", "c", "d"], ["a"]]


def test_in_a_circle_all_come_all_the_same():
    wanted = [item("a", parent="b"), item("b", parent="a"), item("c", after="d"), item("d", after="c")]
    assert sorted(keys(following(wanted))) == ["a", "b", "c", "d"]
    assert sorted(key for level in levels(wanted) for key in keys(level)) == ["a", "b", "c", "d"]
