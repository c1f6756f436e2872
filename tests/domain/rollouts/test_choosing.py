"""A simulation is chosen by name and day or by the beginning of its digest, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from domain.rollouts.choosing import Named, choices, chosen


def named(digest: str, day: int = 1, version: str = "2.0") -> Named:
    return Named(digest.ljust(64, "0"), "method", version, date(2027, 3, day))


MONDAY, TUESDAY = named("3f2a91bc01"), named("7d11aa22", day=2)
AGAIN = named("3f2a91bc02")
"""Made on the same day as MONDAY, and its digest begins alike."""


def test_a_simulation_is_named_by_its_version_and_day() -> None:
    assert choices([TUESDAY, MONDAY]) == ("method 2.0, 2027-03-02", "method 2.0, 2027-03-01")


def test_two_of_one_day_are_told_apart_by_their_digests() -> None:
    other = named("99887766")
    assert choices([MONDAY, other]) == (
        "method 2.0, 2027-03-01 (3f2a91bc)",
        "method 2.0, 2027-03-01 (99887766)",
    )
    assert chosen("method 2.0, 2027-03-01 (99887766)", [MONDAY, other]) == other


@pytest.mark.parametrize(
    "text",
    ["method 2.0, 2027-03-01", " method 2.0, 2027-03-01 ", "3f2a91bc", "3F2A91BC", MONDAY.digest],
)
def test_whatever_means_one_simulation_finds_it(text: str) -> None:
    assert chosen(text, [TUESDAY, MONDAY]) == MONDAY


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("method 2.0, 2027-03-01", [MONDAY, AGAIN], "means 2 simulations: choose one of method 2.0"),
        ("3f2a91bc", [MONDAY, AGAIN], f"give more characters of one of {MONDAY.digest}, {AGAIN.digest}"),
        ("3f2a91b", [MONDAY], "too short for a digest: give its first 8 characters"),
        ("ffffffff", [MONDAY], "choose one of method 2.0, 2027-03-01 (3f2a91bc)"),
        ("method 3.0, 2027-03-01", [MONDAY], "or run simulate-standard for a new one"),
        ("", [MONDAY], "no simulation is called ''"),
        ("3f2a91bc", [], "none was made yet, so run simulate-standard first"),
        (MONDAY.digest + "0", [MONDAY], "no simulation is called"),
        ("3f2a91bx", [MONDAY], "no simulation is called"),
    ],
)
def test_what_means_none_or_several_is_refused_with_those_that_there_are(
    text: str, known: list[Named], said: str
) -> None:
    with pytest.raises(LookupError) as refused:
        chosen(text, known)
    assert said in str(refused.value)


def test_of_many_the_newest_are_listed_and_the_others_counted() -> None:
    many = [named(f"{number:08x}", day=number + 1) for number in range(12)]
    with pytest.raises(LookupError, match=r"\(00000007\) and 4 older"):
        chosen("ffffffff", many)
