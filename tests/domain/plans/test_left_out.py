"""What a reading passes over is counted by kind, and its places are named as far as they fit."""

from domain.plans.left_out import SHOWN_REFS, LeftOut, LeftOutKind, counted_up, together


def test_what_is_passed_over_is_counted_by_kind_and_named():
    passed = [
        (LeftOutKind.TOTALS_ROW, "A!A9"),
        (LeftOutKind.BLANK_ROW, ""),
        (LeftOutKind.TOTALS_ROW, "A!A17"),
    ]
    blank, totals = counted_up(passed)
    assert (str(blank), str(totals)) == ("1 blank row", "2 totals rows: A!A9, A!A17")


def test_beyond_the_first_places_only_their_number_is_told():
    (found,) = counted_up([(LeftOutKind.SUMMARY_TASK, f"UID {n}") for n in range(SHOWN_REFS + 3)])
    assert found.count == SHOWN_REFS + 3
    assert str(found).endswith(f"UID {SHOWN_REFS - 1} and 3 more")


def test_readings_of_several_tools_are_counted_together():
    totals, blank = LeftOut(LeftOutKind.TOTALS_ROW, 1, ("A!A9",)), LeftOut(LeftOutKind.BLANK_ROW, 3)
    assert together([[totals], [totals, blank]]) == (
        blank,
        LeftOut(LeftOutKind.TOTALS_ROW, 2, ("A!A9", "A!A9")),
    )
    assert together([]) == ()
