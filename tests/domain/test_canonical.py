"""Canonical JSON as RFC 8785 publishes it, and equal bytes for equal values of ours."""

import json
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.canonical import canonical, digest, plain, read

AT = datetime(2027, 1, 4, 7, 0, 0, 120, tzinfo=UTC)

# RFC 8785, appendix B: the bits of an IEEE 754 double, and how it is written.
DOUBLES = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


def double(bits: str) -> float:
    return struct.unpack(">d", bytes.fromhex(bits))[0]


@pytest.mark.parametrize(("bits", "written"), DOUBLES)
def test_numbers_are_written_as_in_the_rfcs_appendix_b(bits: str, written: str) -> None:
    assert canonical(double(bits)).decode() == written


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_numbers_that_the_rfc_calls_an_error_are_refused(bits: str) -> None:
    with pytest.raises(ValueError, match="not representable"):
        canonical(double(bits))


@pytest.mark.parametrize(
    ("given_json", "written"),
    [
        (  # 3.2.2
            r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}""",
            (
                '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
                r""""string":"€$\u000f\nA'B\"\\\\\"/"}"""
            ),
        ),
        (  # 3.2.3: sorted by UTF-16 code units, so that the smiley stands before the Hebrew letter
            r"""{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
                 "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
                 "\u00f6": "Latin Small Letter O With Diaeresis"}""",
            (
                '{"\\r":"Carriage Return","1":"One","\x80":"Control","ö":"Latin Small Letter O With Diaeresis",'
                '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
            ),
        ),
        (  # nested, with an empty key
            r"""{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ { } ], "A": { }}""",
            r"""{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}""",
        ),
        (r"""{"decomposed": "A\u030a"}""", '{"decomposed":"A\u030a"}'),
    ],
)
def test_objects_and_texts_are_written_as_in_the_rfc(given_json: str, written: str) -> None:
    assert canonical(json.loads(given_json)).decode() == written


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@example(2.0**53)
@example([-(2.0**70)])
@settings(database=None, deadline=None)
@given(JSON)
def test_what_is_written_reads_back_and_is_written_the_same(value: object) -> None:
    back = read(canonical(value))
    assert back == value
    assert canonical(back) == canonical(value)


@pytest.mark.parametrize(
    "zone",
    [timezone(timedelta(hours=9)), timezone(timedelta(hours=-3, minutes=-30)), ZoneInfo("Europe/Lisbon")],
)
def test_equal_instants_give_equal_bytes(zone: timezone) -> None:
    assert canonical(AT.astimezone(zone)) == canonical(AT) == b'"2027-01-04T07:00:00.000120+00:00"'


def test_the_hour_that_a_clock_shows_twice_is_two_instants() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Lisbon"))
    assert canonical(first) != canonical(first.replace(fold=1))


@pytest.mark.parametrize("value", [AT.replace(tzinfo=None), {"at": [AT.replace(tzinfo=None)]}])
def test_a_time_without_a_zone_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        canonical(value)


@pytest.mark.parametrize(
    "value",
    [Decimal("1.5"), b"x", object(), int, {"x": [Decimal(1)]}, {1.5: "x"}, {None: 1}, {True: 1}, {(1,): 1}],
)
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("inf"), "\ud800", {"\udfff": 1}])
def test_what_json_cannot_hold_exactly_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"domain|representable|UTF-8|surrogates"):
        canonical(value)


def test_two_keys_that_would_become_one_are_refused() -> None:
    with pytest.raises(ValueError, match="two keys become one"):
        canonical({1: "a", "1": "b"})


class Word(StrEnum):
    """A value of ours that is a text."""

    YES = "yes"


class Size(Enum):
    """A value of ours that is a number."""

    BIG = 3


class Old(str, Enum):  # noqa: UP042 - its str() is not its value
    """A text whose str() is something else."""

    NO = "no"


@dataclass(frozen=True)
class Thing:
    """A value of ours."""

    name: Word
    parts: frozenset[object]
    by_day: dict[object, object]


def test_our_values_are_written_by_what_they_mean() -> None:
    thing = Thing(
        Word.YES, frozenset({"b", "a"}), {date(2027, 1, 4): Size.BIG, Old.NO: (time(17), None), 7: 1.0}
    )
    assert canonical(thing) == (
        b'{"by_day":{"2027-01-04":3,"7":1,"no":["17:00:00",null]},"name":"yes","parts":["a","b"]}'
    )
    assert plain(Old.NO) == "no"


def test_equal_sets_give_equal_bytes_however_they_were_made() -> None:
    one, other = frozenset([10, 9.5, 1, "x", (1, 2)]), frozenset(["x", 1.0, (1.0, 2), 9.5, 10.0])
    assert one == other
    assert canonical(one) == canonical(other)


def test_the_order_of_keys_does_not_matter_and_that_of_lists_does() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest([1, 2]) != digest([2, 1])


def test_a_digest_is_the_sha256_of_the_canonical_form() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
