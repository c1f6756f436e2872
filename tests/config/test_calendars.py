"""Half days that are none are warned of."""

from __future__ import annotations

from datetime import date

from config.wiring import examine
from tests.config.good import FILES, write


def test_a_half_day_on_which_nobody_works_is_warned_of(tmp_path) -> None:
    folder = write(tmp_path)
    days = "    half_days: [{date: 2027-02-05, name: A Friday}, {date: 2027-02-08, name: A Monday}]\n    half_weekdays: [sat, sun]\n"
    text = FILES["offices.yaml"].replace(
        "    working_days: [2027-02-22]\n", f"    working_days: [2027-02-22]\n{days}"
    )
    (folder / "offices.yaml").write_text(text, "utf-8")
    found = examine(folder)
    warned = [each.message for each in found.warnings if "half day" in each.message]
    assert warned == [
        "2027-02-05 is no working day here, so it is no half day",
        "`sat` is the weekend here, so it is no half day",
    ]
    assert (
        found.organization.offices["jeddah"].calendar.business_days_between(
            date(2027, 2, 6), date(2027, 2, 8)
        )
        == 1
    )
