"""The Gantt page: sheets that print, every task once, legible without colors; foreign text does no harm."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from lxml import etree

from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import schedule
from reports.gantt.layout import ROWS, chart
from reports.gantt.page import VacantRole, gantt_page
from tests.chromium import chromium
from tests.domain.plans.schedule.generated_plans import START, plans
from tests.domain.plans.schedule.small_plans import plan, summary, task, when

TODAY = date(2027, 3, 3)


def page(made, today=TODAY) -> str:
    return gantt_page(schedule(made, FromStart(START)), today).decode()


def pictures(text: str) -> list[etree._Element]:
    return [
        etree.fromstring(each) for each in re.findall(r'<svg class="gantt".*?</svg>(?=\n)', text, re.DOTALL)
    ]


def chain(count: int, **facts):
    tasks = [summary("S"), *(task(f"T{n}", "1d", parent="S", **facts) for n in range(count))]
    return plan(*tasks, links="; ".join(f"T{n} > T{n + 1}" for n in range(count - 1)))


def test_every_task_stands_on_one_row_and_the_rows_on_as_many_sheets_as_they_need():
    text = page(chain(2 * ROWS))
    found = pictures(text)
    assert [len(each.findall("g")) for each in found] == [ROWS, ROWS, 1]
    assert "sheet 3 of 3" in text
    numbers = [
        each.text for picture in found for each in picture.findall("text") if each.get("class") == "number"
    ]
    assert numbers == [str(n + 1) for n in range(2 * ROWS + 1)]
    titles = [each.findtext("title") for picture in found for each in picture.findall("g")]
    assert titles[:2] == [
        "S: 1 March 2027 to 27 May 2027, critical",
        "T0: 1 March 2027 to 1 March 2027, critical",
    ]


def test_the_same_schedule_gives_the_same_bytes_and_nothing_is_loaded_from_outside():
    for made in plans("summaries", 5):
        assert page(made) == page(made)
        assert not re.search(r"https?:|<script|url\((?!#)|@import|src=", page(made))


def test_foreign_text_is_escaped_and_cannot_leave_its_place():
    name = "<script>alert(1)</script>\u202e & \x00\nمرحلة"
    made = plan(task("A", "1d", milestone=False))
    hostile = type(made)(
        name,
        made.calendar,
        made.calendars,
        (type(made.tasks[0])("A", name, duration=made.tasks[0].duration),),
    )
    text = page(hostile)
    assert "<script" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    (picture,) = pictures(text)
    assert picture.find("svg/text").text.endswith("مرحلة")


def shapes(made) -> dict[str, etree._Element]:
    """What is drawn for each task, by its name."""
    return {
        group.findtext("title").partition(":")[0]: group
        for picture in pictures(page(made))
        for group in picture.findall("g")
    }


def light(color: str) -> float:
    """How light a color is without its hue, 0 to 255."""
    red, green, blue = (int(color[n : n + 2], 16) for n in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_what_is_critical_is_told_from_the_rest_without_colors():
    found = shapes(
        plan(task("A", "9d"), task("B", "1d"), task("M", "0d"), task("N", "0d"), links="A > M; B > N")
    )
    assert light(found["B"].find("rect").get("fill")) - light(found["A"].find("rect").get("fill")) > 100
    assert light(found["N"].find("path").get("fill")) - light(found["M"].find("path").get("fill")) > 100


def test_what_is_done_is_a_line_in_the_bar_as_long_as_its_share():
    found = shapes(plan(task("A", "5d", actual_start="2027-03-01", percent=40), task("B", "9d")))
    bar, done = found["A"].findall("rect")
    assert float(done.get("width")) == pytest.approx(0.4 * float(bar.get("width")), abs=0.1)
    assert len(found["B"].findall("rect")) == 1


@pytest.mark.parametrize(("today", "lines"), [(TODAY, 1), (date(2026, 1, 1), 0), (date(2029, 1, 1), 0)])
def test_todays_line_stands_where_today_is(today, lines):
    (picture,) = pictures(page(chain(5), today))
    said = [each for each in picture.findall("text") if each.text == "today"]
    assert len(said) == lines


def test_links_are_arrows_and_from_another_sheet_the_number_of_its_row():
    found = pictures(page(chain(ROWS + 3)))
    arrows = [
        sum(each.get("marker-end") is not None for each in picture.findall("path")) for picture in found
    ]
    assert arrows == [ROWS - 2, 3]  # the first sheet has the summary too
    said = [
        [each.text for each in picture.findall("text") if each.get("class") == "from"] for picture in found
    ]
    assert said == [[], [f"{ROWS} →"]]


@pytest.mark.parametrize("days", [1, 30, 190, 900, 4000])
def test_whatever_the_length_all_lies_on_the_sheet_and_labels_do_not_meet(days):
    last = START + timedelta(days=days)
    made = plan(
        task("A", "1d"), task("B", "1d", held="start_no_earlier_than", at=f"{last:%Y-%m-%d}"), task("M", "0d")
    )
    (picture,) = pictures(page(made))
    _, _, width, height = (float(each) for each in picture.get("viewBox").split())
    for each in picture.iter():
        assert -10 <= float(each.get("x", 0)) <= width
        assert -10 <= float(each.get("y", 0)) <= height
    for kind, apart in (("day", 30), ("month", 25)):
        places = [float(each.get("x")) for each in picture.findall("text") if each.get("class") == kind]
        assert all(two - one >= apart for one, two in pairwise(places)), kind


def test_a_deadline_behind_the_last_finish_is_on_the_chart():
    made = plan(task("A", "1d", deadline="2027-06-01 17:00"))
    found = chart(schedule(made, FromStart(when("2027-03-01"))))
    assert found.scale.last == date(2027, 6, 1)


@pytest.mark.servers
def test_it_prints_one_sheet_on_a_page_in_a_real_browser(tmp_path):
    file = tmp_path / "gantt.html"
    file.write_text(page(chain(2 * ROWS + 5)), "utf-8")
    with chromium() as browser:
        shown = browser.new_page(viewport={"width": 1200, "height": 800})
        shown.goto(file.as_uri())
        wide = shown.evaluate("document.documentElement.scrollWidth")
        printed = shown.pdf(prefer_css_page_size=True)
    assert wide <= 1200
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 3
    assert len(printed) < 500_000


def test_a_vacancy_is_listed_with_its_owner_and_day_and_marked_at_each_of_its_tasks():
    vacant = (
        VacantRole("Trainer", "Ana Reis", date(2027, 3, 4), ("T1", "T3")),
        VacantRole("Tester", "", date(2027, 3, 5), ("T2",)),
    )
    made = schedule(chain(5), FromStart(START))
    said = gantt_page(made, TODAY, vacant).decode()
    text = re.sub(r"<[^>]+>", "", said)
    assert re.search(r"Trainer\W+to be filled by Ana Reis until 4 March 2027 \(rows 3, 5\)", text)
    assert re.search(r"Tester\W+to be filled until 5 March 2027; the office has no head \(row 4\)", text)
    assert (said.count("vacant: Trainer"), said.count("vacant: Tester")) == (2, 1)
    assert "to be filled" not in gantt_page(made, TODAY).decode(), "the control"
