"""The report of a template, the figures of an office and the chart of an update in a browser: screen and phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from config.languages import LANGUAGES
from domain.deployments.progress import LocalStanding, OfficeStanding
from domain.deployments.report import Gathered, OfficeState, PlanState, report
from domain.organization.calendar import OFFICE_HOURS
from domain.organization.office import Organization
from domain.plans.merge.beside import Shown, side_rows
from domain.plans.savings.office import Deployment, Kind, Measure, Missing, SizeDriver, TaskFigures
from domain.plans.savings.savings import Avoided
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from reports.deployments.report_page import ReportPlace, figures_html, report_html
from reports.gantt.page import UpdateChart, update_page
from tests.domain.plans.savings.test_collected import done
from tests.reports.looked_at import faults
from tests.reports.pack.test_pictures import axe, browser

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.servers
WEEK = WorkCalendar("week", (OFFICE_HOURS,) * 5 + ((), ()))
HOURS = (82, 78, 85, 80, 74, 71, 77, 70, 66, 69, 64, 68)


def _office(n: int, hours: int) -> Deployment:
    """An office of one of three waves; the last has no size."""
    amounts = {Measure.EFFORT: Decimal(100), Measure.DURATION: Decimal(20), Measure.COST: Decimal(9000)}
    actual = {
        Measure.EFFORT: Decimal(hours),
        Measure.DURATION: Decimal(15),
        Measure.COST: Decimal(60 * hours),
    }
    tasks = (
        TaskFigures("A", Kind.REUSED, amounts, amounts, actual, name="Überführung der <offenen> Posten " * 3),
        TaskFigures("B", Kind.LOCAL, actual={measure: Decimal(1) for measure in Measure}, name="=1+1"),
        TaskFigures("C", Kind.BUILT_ONCE, amounts, amounts, name="Schnittstelle"),
    )
    size = SizeDriver("users", Decimal(100), Decimal(100))
    return Deployment(
        f"o{n}", 1 + n // 4, tasks, size if n else None, pilot_duration=Decimal(20), duration=Decimal(17),
        currency="EUR", kept={Measure.COST: Missing.RATE} if n == 1 else {},
    )  # fmt: skip


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """Twelve offices in German; the chart of an update with a question."""
    says = LANGUAGES.of("de")
    figures = tuple(_office(n, hours) for n, hours in enumerate(HOURS))
    standing = LocalStanding(OfficeStanding.RUNNING)
    offices = tuple(
        OfficeState(each.office, standing, PlanState(3 - n // 9, n % 3), own=n < 2) for n, each in enumerate(figures)
    )  # fmt: skip
    found = Gathered(offices, figures, (Avoided("Lizenz des alten Werkzeugs", Decimal(4000), "EUR", "p"),))
    shown = report("system", 3, found, {each.office for each in figures}, list(Measure))
    place = ReportPlace(
        "Finanzsystem <alpha>", "/person/x/deployments/system", "/person/x/desk", Organization("w", "Werk", {}),
        says, date(2027, 3, 1), date(2027, 4, 1),
    )  # fmt: skip
    four = replace(found, offices=offices[:4], figures=figures[:4])
    few = report("system", 3, four, {"o0", "o1", "o2"}, list(Measure))
    plan = WholePlan("Finanzsystem", "week", (WEEK,), tuple(
        replace(done(str(n), 3 * n, 3, 8, f"Aufgabe {n} " * 9), start=done("x", 3 * n, 3, 8).actual_start,
                finish=done("x", 3 * n, 3, 8).actual_finish) for n in range(30)))  # fmt: skip
    later = replace(plan, tasks=tuple(
        replace(each, start=each.start + timedelta(7), finish=each.finish + timedelta(7))
        for each in plan.tasks[3:] if each.start and each.finish))  # fmt: skip
    chart = UpdateChart(
        "Finanzsystem", "Version 3", {Shown.BASE: plan, Shown.OURS: plan, Shown.MERGED: later}, {"4"},
        ["Aufgabe 4: Vorlage oder behalten?"], "/person/x/deployments/system/report",
        choices=[("Aktualisierung 1 auf 2", "?update=1"), ("Aktualisierung 2 auf 3", "")],
    )  # fmt: skip
    earlier = UpdateChart(
        "Finanzsystem", "Aktualisierung 1 auf 2", {}, back=chart.back, rows=side_rows(chart.plans),
        choices=[("Aktualisierung 1 auf 2", ""), ("Aktualisierung 2 auf 3", "?")],
    )  # fmt: skip
    return {
        "report": report_html(shown, place),
        "report of four": report_html(few, place),
        "figures": figures_html(figures[5], shown, place),
        "not compared": figures_html(figures[1], shown, place),
        "chart": update_page(chart, WEEK, date(2027, 3, 12), says),
        "earlier chart": update_page(earlier, WEEK, date(2027, 3, 12), says),
    }


@pytest.mark.parametrize(
    "name", ["report", "report of four", "figures", "not compared", "chart", "earlier chart"]
)
def test_it_fits_a_screen_and_a_phone_and_axe_finds_nothing(
    name, pages, browser, axe, tmp_path: Path
) -> None:
    assert list(faults(pages[name], browser, axe, tmp_path, (1280, 390, 320))) == []


def test_below_five_offices_the_figures_of_those_that_the_reader_may_see_stand_open(pages) -> None:
    few, many = pages["report of four"].decode(), pages["report"].decode()
    assert '<details class="raw" open>' in few
    assert '<details class="raw">' in many
    table = few[few.index('id="raw"') : few.index("</table>")]
    assert table.count('<th scope="rowgroup"') == 3  # of the fourth office nothing may be seen
    assert ">79<" in table  # 78 hours, and one of a task that the office added
    assert "Kosten stehen in einer Währung ohne Kurs" in table
    assert "79 %" not in table


def test_what_offices_wrote_is_text_and_nothing_else(pages) -> None:
    assert b"<offenen>" not in pages["figures"]
    assert b"<alpha>" not in pages["report"]
    assert b"24 % weniger Aufwand" in pages["report"] or b"weniger Aufwand als der Pilot" in pages["report"]
    assert b"1 B\xc3\xbcro wird nicht verglichen: " in pages["report"]  # the one without a size
    assert pages["earlier chart"].count(b"<svg") == pages["chart"].count(b"<svg")
    assert "Kosten stehen in einer Währung ohne Kurs".encode() in pages["not compared"]
