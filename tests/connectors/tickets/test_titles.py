"""Titles that are too long: they are cut between what people see as characters, by the tool's own measure."""

import pytest

from connectors.tickets.titles import Longest, Unit, characters

SHIP, FLAG, THUMB = "\U0001f6a2", "\U0001f1f5\U0001f1f9", "\U0001f44d\U0001f3fd"


@pytest.mark.parametrize(
    "whole", [SHIP, FLAG, THUMB, "e\u0301", "\U0001f469\u200d\U0001f692", "\u2764\ufe0f"]
)
def test_what_people_see_as_one_character_stays_whole(whole):
    assert list(characters(whole * 3)) == [whole] * 3
    for most in range(2, 30):
        cut = Longest(most).cut(whole * 40)
        assert len(cut) <= most
        assert set(characters(cut.removesuffix("…"))) <= {whole}


def test_two_hundred_emoji_are_too_many_units_and_not_too_many_characters():
    title = SHIP * 200
    assert Longest(255).cut(title) == title
    assert Longest(255, Unit.UTF16).cut(title) == SHIP * 127 + "…"
    assert Longest(255, Unit.UTF16).of(SHIP * 127 + "…") == 255


def test_a_title_that_was_cut_is_not_cut_again():
    cut = Longest(255, Unit.UTF16).cut(f"{SHIP} " * 200)
    assert Longest(255, Unit.UTF16).cut(cut) == cut
