"""The pages at which an office answers for its plan, and the plan's chart, in a real browser: a screen and a phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.languages import LANGUAGES
from domain.organization.absence import Absence
from domain.pages.localizing import Asked, Input, estimate_screen, problems, screens
from domain.plans.localization.local_plan import totals
from domain.plans.localization.localizing import localize
from reports.localizing_page import LocalizingPlace, local_gantt, result_html, screen_html
from tests.domain.plans.localization.by_chance import cases
from tests.reports.looked_at import faults
from tests.reports.pack.test_pictures import axe, browser

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.servers
WIDTHS = (1280, 390, 320)


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """A screen with problems, the plan that follows, and its chart, in German."""
    says = LANGUAGES.of("de")
    found = ((case, localize(case.release, case.answers, case.receiver)) for case in cases(60))
    case, local = next(each for each in found if len(each[1].vacancies) > 2 and len(each[1].plan.tasks) > 9)
    absent = tuple(
        Absence(person, local.start.date(), local.finish.date(), "ana") for person in ("omar", "wen")
    )
    local = localize(case.release, case.answers, replace(case.receiver, absences=absent))
    assert local.away
    place = LocalizingPlace(
        "Biuro Gdańsk", "Jan Kos", date(2027, 3, 1), "/person/x/plans/gdansk/system", "Finanzsystem", 12, says
    )
    asked = screens(case.release.template, case.receiver, says)[0]
    fields = {"on": "bald", "anchor": "", "target": "new", "project": "P-1", "durations": "planned"}
    wrong = problems(asked, fields, says)
    money = (
        Asked("currency", says.say("In which currency is the plan? Empty: {currency}", currency="PLN"),
              Input.CURRENCY, needed=False),
        Asked("language", says.say("In which language are the names of tasks?"), Input.CHOICE,
              (("", "polski"), ("en", "English")), needed=False),
        Asked("half-days", says.say("Half days that your calendar does not have, with commas between them"),
              Input.DAYS, needed=False),
    )  # fmt: skip
    said = {"currency": "Zloty", "half-days": "Heiligabend", "language": ""}
    return {
        "money": screen_html(place, 2, 5, money, said, problems(money, said, says)),
        "estimate": screen_html(place, 0, 5, estimate_screen(case.receiver, says), {}, {}),
        "screen": screen_html(place, 1, 5, asked, fields, wrong),
        "plan": result_html(
            place,
            local,
            totals(local),
            None,
            case.receiver.people,
            target="nichts",
            is_made=False,
            late=(local.finish.date(), local.start.date()),
        ),
        "chart": local_gantt(local, local.start.date() + timedelta(5), case.receiver.people, says),
    }


@pytest.mark.parametrize("name", ["estimate", "screen", "money", "plan", "chart"])
def test_it_fits_a_screen_and_a_phone_and_axe_finds_nothing(
    name, pages, browser, axe, tmp_path: Path
) -> None:
    assert list(faults(pages[name], browser, axe, tmp_path, WIDTHS)) == []
