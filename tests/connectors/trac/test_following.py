"""The field in which a ticket of Trac names those that it follows."""

import pytest

from connectors.trac.following import has_more, links_in, written


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("12", "12"),
        ("12, #14 +2d", "12, 14 +2d"),
        ("#12 #14", "12, 14"),
        ("12SS-1d; 13FF +2 h", "12SS -1d, 13FF +2h"),
        ("12fs+1.5ed", "12 +1.5ed"),
        ("12 SF", "12SF"),
        ("12SS+50%", "12SS +50%"),
        ("", ""),
    ],
)
def test_what_is_followed_is_read_with_type_and_lag_and_written_again(text: str, again: str) -> None:
    assert not has_more(text)
    assert ", ".join(map(written, links_in(text))) == again
    assert list(links_in(again)) == list(links_in(text))


def test_ours_are_written_as_they_always_were() -> None:
    assert [written(link) for link in links_in("12, 14 +2d")] == ["12", "14 +2d"]


@pytest.mark.parametrize("text", ["12 and 14", "12FX", "bald", "12 +2 zorp"])
def test_what_is_no_number_type_or_lag_is_seen(text: str) -> None:
    assert has_more(text)
