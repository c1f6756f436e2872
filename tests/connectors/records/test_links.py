"""Cells of predecessors and of durations, in the ten languages of the vocabulary."""

import pytest

from connectors.records.dates import Unclear
from connectors.records.links import as_span, entries, languages_of, languages_of_lengths, meant
from connectors.records.values import Value
from domain.plans.predecessor import Predecessor, predecessors_of, text_of

KNOWN = {"12", "13", "T-4", "A-3", "Aufbau FF", "adopt/method/2.0/P-1/case"}


def column(*cells: str, language: str | None = None) -> list[list[str]]:
    """What the cells of one column mean, as text."""
    told = [entries(Value("text", text=cell), lambda text: text if text in KNOWN else None) for cell in cells]
    speaking = languages_of([each for one in told for each in one], language)
    return [
        [f"{m.ref} {m.type} {m.lag:+g}{m.unit}" for m in (meant(each, speaking) for each in one)]
        for one in told
    ]


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("12", ["12 FS +0d"]),
        ("12FS+2d", ["12 FS +2d"]),
        ("12 ss - 1.5 days", ["12 SS -1.5d"]),
        ("12EA+2t", ["12 FS +2d"]),
        ("12AE-3 Std", ["12 SF -3h"]),
        ("12EA+2ft", ["12 FS +2ed"]),
        ("12FD+2j", ["12 FS +2d"]),
        ("12DF+1,5j; 13", ["12 SF +1.5d", "13 FS +0d"]),
        ("12FD+1je", ["12 FS +1ed"]),
        ("12FC+2d", ["12 FS +2d"]),
        ("12CF-1 sem", ["12 SF -1w"]),
        ("12TI+2d", ["12 FS +2d"]),
        ("12TT-4h", ["12 FF -4h"]),
        ("12FI+2g", ["12 FS +2d"]),
        ("12EB+2 dagen", ["12 FS +2d"]),
        ("12ZR+2 dni", ["12 FS +2d"]),
        ("12ZZ+1t", ["12 FF +1w"]),
        ("12AS+2t", ["12 FS +2h"]),
        ("12FS+2 gün", ["12 FS +2d"]),
        ("12FS+50%", ["12 FS +50%"]),
        ("12FF+1ew", ["12 FF +1ew"]),
        ("12FS\N{MINUS SIGN}2d", ["12 FS -2d"]),
        ("12, 13FF\nT-4", ["12 FS +0d", "13 FF +0d", "T-4 FS +0d"]),
        ("12FS+1,5d,13", ["12 FS +1.5d", "13 FS +0d"]),
        ("A-3,13FF", ["A-3 FS +0d", "13 FF +0d"]),
        ("Aufbau FF", ["Aufbau FF FS +0d"]),
        ("adopt/method/2.0/P-1/case SS+1d", ["adopt/method/2.0/P-1/case SS +1d"]),
    ],
)
def test_predecessors_are_read_in_ten_languages(cell: str, means: list[str]) -> None:
    assert column(cell) == [means]


def test_what_means_two_things_is_decided_by_the_rest_of_the_column_or_by_the_settings() -> None:
    with pytest.raises(Unclear, match=r"can mean FF \+0d or SS \+0d; say the `language`"):
        column("12AA")
    assert column("12AA", "13EA")[0] == ["12 SS +0d"]
    assert column("12AA", "13AS")[0] == ["12 FF +0d"]
    assert column("12AA", language="sv") == [["12 FF +0d"]]
    assert column("12+2t", "13EA")[0] == ["12 FS +2d"]
    with pytest.raises(Unclear, match="can mean"):
        column("12+2t")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("FS+2d", "names no predecessor"),
        ("12FS+2", "a lag without a unit; write 12FS\\+2d"),
        ("12FS+2 zorp", "is no link that is known"),
        (";;x" * 2000, "at most 4000 are read"),
    ],
)
def test_what_is_no_predecessor_says_what_to_write(cell: str, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        column(cell)


def test_a_number_with_a_fraction_is_no_list_of_predecessors() -> None:
    with pytest.raises(Unclear, match=r"12\.13 is one number with a fraction; write"):
        entries(Value("number", 12.13, "12.13"), lambda text: text)


@pytest.mark.parametrize(
    ("cell", "span"),
    [
        ("5d", "5d"), ("5 Tage", "5d"), ("40h", "40h"), ("1,5 j", "1.5d"), ("3 sem.", "3w"), ("2 hafta", "2w"),
        ("5 eDays", "5ed"), ("5 days?", "5d"), ("30 min", "30min"), ("2 godz", "2h"), ("1 mån", "1mo"),
        ("0", "0d"),
    ],
)  # fmt: skip
def test_durations_are_read_in_ten_languages(cell: str, span: str) -> None:
    assert str(as_span(Value("text", text=cell), None)) == span


def test_a_letter_that_means_two_units_is_decided_by_its_column() -> None:
    cell = Value("text", text="3 t")
    with pytest.raises(Unclear, match="can be d or h or w; say the column's `language`"):
        as_span(cell, None)
    german = languages_of_lengths([cell, Value("text", text="5 Tage")], None)
    assert str(as_span(cell, None, german)) == "3d"
    assert str(as_span(cell, None, languages_of_lengths([cell], "pl"))) == "3w"


@pytest.mark.parametrize("cell", ["5", "quelque temps", "-3d", "4 zorp"])
def test_what_is_no_duration_is_refused(cell: str) -> None:
    with pytest.raises(Unclear):
        as_span(Value("text", text=cell), None)


def test_every_predecessor_is_the_same_after_it_was_a_text() -> None:
    units = "min h d w mo emin eh ed ew emo %".split()
    each = tuple(sorted(Predecessor("k/1", -1.5, "SS", unit) for unit in units))
    assert predecessors_of(text_of(each)) == each
