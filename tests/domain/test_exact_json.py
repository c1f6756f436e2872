"""The fast way to canonical JSON writes what the slow one writes, byte for byte, and refuses what it refuses."""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from itertools import islice
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from domain import exact_json
from domain.canonical import by_the_rfc, canonical
from domain.exact_json import Inexact


class Word(StrEnum):
    """Texts of ours."""

    YES = "yes"
    STRANGE = "\U0001f600"


class Size(Enum):
    """Values of several kinds."""

    BIG = 2.0**70
    SMALL = (1, "x")


class Rank(IntEnum):
    """Whole numbers of ours."""

    FIRST = 1


class Old(str, Enum):  # noqa: UP042 - its str() is not its value
    """A text whose str() is something else."""

    NO = "no"


class Text(str):
    """A text with a type of its own."""

    __slots__ = ()


class Number(float):
    """A number with a type of its own."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values, named against the order of the alphabet."""

    second: object
    first: object


@dataclass
class Lone:
    """One value."""

    only: object


Strange = make_dataclass("Strange", ["\ufa0e", "\U00010400"])
"""Its names stand the other way round in UTF-16."""

ZONES = (UTC, timezone(timedelta(hours=9)), ZoneInfo("Europe/Lisbon"), None)
ENDS = (
    0.0,
    -0.0,
    1e-4,
    9.999999999999999e-5,
    1e-6,
    1e-7,
    2.0**53,
    2.0**53 - 1,
    1e16,
    1e15,
    1e21,
    1e22,
    5e-324,
)
RANGES = ((0x20, 0x7E), (0, 0x1F), (0x7F, 0xFF), (0x100, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))
REFUSED = (
    float("nan"),
    float("inf"),
    -float("inf"),
    "\ud800",
    "a\udfff",
    Decimal(1),
    b"x",
    object(),
    int,
    1j,
)
MEMBERS = (*Word, *Size, *Rank, *Old, Text("text"), Text("\ud800"), Number(1.5), Number(3))


def text(chance: Random) -> str:
    low, high = RANGES[chance.choice((0, 0, 0, 0, 1, 2, 3, 4, 5))]
    return (
        "".join([chr(chance.randint(low, high)) for _ in range(chance.randrange(4))])
        + 'a"\\\u2028'[: chance.randrange(4)]
    )


def double(chance: Random) -> float:
    """Any double by its bits, or a usual one, or one at an end of a range."""
    kind = chance.randrange(4)
    if kind == 0:
        return struct.unpack(">d", chance.randbytes(8))[0]
    if kind == 1:
        return chance.choice(ENDS) * chance.choice((1, -1))
    return round(chance.uniform(-1000, 1000), chance.randrange(4)) * 10 ** chance.randrange(-8, 20, 3)


def whole(chance: Random) -> int:
    edge = chance.choice((0, 0, 2**53, -(2**53), 10**30))
    return edge + chance.randint(-2, 2)


def moment(chance: Random) -> date | time:
    at = datetime(2027, 1, 1, tzinfo=ZONES[chance.choice((0, 0, 0, 1, 2, 2, 3))])
    at += timedelta(seconds=chance.randrange(10**7), microseconds=chance.choice((0, 0, 7)))
    return chance.choice((at, at.date(), at.date(), at.time()))


def key(chance: Random) -> object:
    kind = chance.randrange(40)
    if kind < 30:
        return text(chance)
    return chance.choice((moment, whole, lambda c: c.choice((*Word, *Old, 1, "1", True, None, 1.5, (1,)))))(
        chance
    )


def few(chance: Random, depth: int) -> Iterator[object]:
    return (value(chance, depth + 1) for _ in range(chance.randrange(4)))


def hashable(chance: Random) -> object:
    return chance.choice(
        (text, whole, double, moment, lambda c: (text(c), double(c)), lambda c: frozenset({text(c)}))
    )(chance)


def value(chance: Random, depth: int = 0) -> object:
    """Any value, seldom one that is refused."""
    kind = chance.randrange(100)
    if kind < 12:
        return chance.choice((None, True, False))
    if kind < 50 or depth > 2:
        return (text, double, whole, moment)[(0, 0, 1, 1, 2, 3)[kind % 6]](chance)
    if kind < 51:
        return chance.choice(REFUSED)
    if kind < 56:
        return chance.choice(MEMBERS)
    if kind < 74:
        members = {key(chance): item for item in few(chance, depth)}
        return MappingProxyType(members) if kind == 73 else members
    if kind < 84:
        return [*few(chance, depth)] if kind % 2 else (*few(chance, depth),)
    if kind < 90:
        return frozenset([hashable(chance) for _ in range(chance.randrange(4))])
    pair = (value(chance, depth + 1), value(chance, depth + 1))
    return Lone(pair[0]) if kind < 93 else Strange(*pair) if kind < 94 else Pair(*pair)


def values(count: int) -> Iterator[object]:
    chance = Random(8785)
    return (value(chance) for _ in range(count))


def outcome(write: Callable[[object], bytes], of: object) -> object:
    """The bytes, or how it was refused."""
    try:
        return write(of)
    except (ValueError, TypeError) as refusal:
        return type(refusal), str(refusal)


def differences(of: Iterable[object]) -> Iterator[object]:
    """The values which are written, or refused, in two ways."""
    return (each for each in of if outcome(canonical, each) != outcome(by_the_rfc, each))


@pytest.mark.servers
def test_a_hundred_thousand_values_are_written_and_refused_as_the_reference_does() -> None:
    assert next(differences(values(100_000)), None) is None


def test_the_values_of_this_comparison_are_of_every_kind_and_most_take_the_fast_way() -> None:
    found = [outcome(exact_json.exact_json, each) for each in values(5_000)]
    slow = [each for each in values(5_000) if isinstance(outcome(exact_json.exact_json, each), tuple)]
    refused = [each for each in slow if isinstance(outcome(by_the_rfc, each), tuple)]
    assert len(found) // 2 < len(found) - len(slow)
    assert 200 < len(refused) < len(slow) - 200


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("FIRST_SURROGATE", "\U0010ffff"),  # keys of any plane by code points
        ("SMALLEST", 1e-7),  # 1e-05 as Python writes it
        ("EXACT", 2**53 + 1),  # a whole number that JSON does not hold
        ("EXACT", 10**23),  # 1e+22 with all of its digits
        ("_name", str),  # a key by its str()
    ],
)
def test_a_fast_way_with_a_fault_is_found_by_the_comparison(
    name: str, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact_json, name, fault)
    assert len(list(islice(differences(values(20_000)), 3))) == 3


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (float, repr),  # 1e16, and whole doubles with a point
        (int, str),
        (str, lambda text: f'"{text}"'),
        (datetime, lambda at: f'"{at.isoformat()}"'),
        (frozenset, lambda items: exact_json._WRITERS[list](sorted(items, key=repr))),
    ],
)
def test_a_type_that_is_written_wrongly_is_found_by_the_comparison(
    kind: type, fault: Callable[[object], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exact_json._WRITERS, kind, fault)
    found = list(islice(differences(values(20_000)), 3))
    assert len(found) == 3


@pytest.mark.parametrize(
    "value",
    [2**53, 2.0**53, 1e16, 9e-5, float("nan"), {"\U0001f600": 1, "\ufb33": 2}, {1: 1, "1": 1}, Decimal(1)],
)
def test_what_might_come_out_otherwise_is_left_to_the_slow_way(value: object) -> None:
    with pytest.raises(Inexact):
        exact_json.exact_json(value)


def test_a_value_that_is_nested_too_deeply_for_the_fast_way_takes_the_slow_one() -> None:
    deep: list[object] = []
    for _ in range(330):
        deep = [deep]
    assert canonical(deep) == b"[" * 331 + b"]" * 331
