"""Who has left has no role any more, and `check` says where the files still name them."""

from __future__ import annotations

from datetime import date

from config.people import people_now
from config.wiring import examine
from tests.config.good import write


def test_who_left_has_no_role_from_the_day_after_and_is_warned_of(tmp_path) -> None:
    folder = write(tmp_path)
    path = folder / "people.yaml"
    text = path.read_text("utf-8")
    name = "    name: Bo Lind\n"
    assert name in text
    for day, there in (("2027-01-04", True), ("2027-01-03", False)):
        path.write_text(text.replace(name, f"{name}    until: {day}\n"), "utf-8")
        found = examine(folder)
        assert found.organization.people["bo"].until == date.fromisoformat(day)
        held = {
            person
            for office in found.organization.offices.values()
            for some in office.roles.values()
            for person in some
        }
        warned = [str(each) for each in found.warnings if "left on" in str(each)]
        assert ("bo" in held, bool(warned)) == (there, not there)
        assert ("bo" in people_now(folder, date(2027, 1, 4))) is there
        assert "bo" in people_now(folder)
    assert any("offices.yaml" in each and "`bo` left on 2027-01-03" in each for each in warned)
