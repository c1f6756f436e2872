"""A report file is complete in itself, the same every time, and hostile text stays text."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from domain.compliance.sweep import OfficeState
from domain.plans.left_out import LeftOut, LeftOutKind
from domain.plans.project import Unreadable
from domain.questions.needed_facts import FactRow
from domain.reporting.entry import ReportEntry
from domain.reporting.reading_report import ColumnRead, OfficeReading, ReadingReport
from domain.reporting.rollout_report import rollout_report
from domain.reporting.sweep_report import preview_report, sweep_report
from domain.standards.reasons import fact_text
from reports.render import index_html, preview_html, reading_html, rollout_html, sweep_html
from reports.words import clean
from tests.reports import sample

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe\u2066 \u200f",
    "line one\r\nSet-Cookie: a=b\r\n\r\n",
    "{{ 7 * 7 }} {% raw %}",
    "a\x00b\x1b[31m\ud800",
    "x" * 1_000_000,
    "</title></style><style>*{display:none}</style>",
    "=HYPERLINK(1)",
]
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Ids, inner links and tags of a page; unbalanced elements are collected."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.ids, self.links, self.tags, self.open, self.wrong = [], [], [], [], []
        self.feed(html.decode())

    def handle_starttag(self, tag, attrs) -> None:
        known = dict(attrs)
        self.tags.append((tag, known))
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "a":
            self.links.append(known["href"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module", params=["rollout", "sweep"])
def page(request) -> bytes:
    return (
        rollout_html(sample.a_rollout_report())
        if request.param == "rollout"
        else sweep_html(sample.a_sweep_report())
    )


def test_it_reaches_for_nothing_outside_itself(page) -> None:
    text = page.decode()
    assert not re.search(r"https?:|<script|@import|@font-face|javascript:", text, re.IGNORECASE)
    assert not re.search(r"url\((?!#f-)", text), "only the patterns of the same file"
    assert {(tag, a.get("href")) for tag, a in Page(page).tags if tag == "link"} == {("link", "data:,")}
    assert not [
        tag for tag, _ in Page(page).tags if tag in {"script", "iframe", "object", "embed", "form", "img"}
    ]


def test_every_link_leads_to_a_place_in_the_file(page) -> None:
    found = Page(page)
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)
    assert not found.wrong
    assert not found.open


def test_every_project_has_its_facts(page) -> None:
    assert {f"p-{n}" for n in range(1, 61)} <= set(Page(page).ids)
    assert b"plan.overdue = " in page


def test_every_figure_links_to_rows_of_that_count() -> None:
    report = sample.a_rollout_report()
    text = rollout_html(report).decode()
    for group, count in report.counts.items():
        table = text.partition(f'id="g-{group}"')[2].partition("</table>")[0] if count else ""
        assert table.count("<tr>") == (count + 1 if count else 0), group


def test_the_same_values_give_the_same_bytes(page) -> None:
    again = rollout_html(sample.a_rollout_report()), sweep_html(sample.a_sweep_report())
    assert page in again


def test_the_order_in_which_values_arrive_does_not_matter() -> None:
    turned = rollout_report(
        sample.given(), sample.rollout(), sample.members(), sample.adoptions()[::-1], questions=sample.questions()[::-1], history=sample.history()[::-1]
    )  # fmt: skip
    assert rollout_html(turned) == rollout_html(sample.a_rollout_report())


def test_it_says_language_description_and_what_a_picture_shows(page) -> None:
    tags = Page(page).tags
    assert ("html", {"lang": "en", "dir": "ltr"}) in tags
    pictures = [a for tag, a in tags if tag == "svg" and a.get("aria-hidden") != "true"]
    assert pictures
    assert all(a.get("role") == "img" for a in pictures)
    assert page.count(b'role="img"') == len(re.findall(rb'role="img"[^>]*><title>[^<]+</title>', page))
    assert [tag for tag, _ in tags].count("h1") == 1


def test_the_ledgers_head_and_the_operators_entry_are_printed() -> None:
    text = rollout_html(sample.a_rollout_report()).decode()
    assert f"Ledger head <code>{'9c1f' * 16}</code>. Whoever" in text
    numbered = rollout_html(sample.a_rollout_report(ledger_entry=412))
    assert f"Ledger head <code>{'9c1f' * 16}</code> (entry 412). Whoever".encode() in numbered
    assert "as entered by an operator" in text
    assert "as entered by an operator" not in rollout_html(
        sample.a_rollout_report(replace(sample.rollout(), entered=False))
    ).decode()  # fmt: skip


def test_a_stale_office_does_not_look_like_one_that_was_read(page) -> None:
    bars = re.findall(r'<svg class="bar".*?</svg>', page.decode())
    pale = [bar for bar in bars if 'opacity=".45"' in bar]
    assert len(pale) == 1
    assert "Santos (stale, as last read)" in pale[0]
    assert b"8 of 9 offices read" in page


def test_an_unreadable_cell_is_listed_with_its_address(page) -> None:
    assert b"Projekty!F7" in page
    assert b"31.02.2027" in page


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text) -> None:
    titles = dict.fromkeys(sample.keys(), text)
    given = sample.given(titles=titles, unreadable={"porto": (Unreadable(text, text, text),)})
    hostile = replace(sample.rollout(), approved_by=text, reason=text, note=text)
    adoptions = [replace(a, why=text) for a in sample.adoptions()]
    plain = len(rollout_html(sample.a_rollout_report()))
    for html in (
        rollout_html(rollout_report(given, hostile, sample.members(), adoptions)),
        sweep_html(sweep_report(given)),
        preview_html(preview_report(given)),
        reading_html(a_reading(text)),
    ):
        found = Page(html)
        assert not [tag for tag, _ in found.tags if tag in {"script", "img"}]
        assert not [a for _, attrs in found.tags for a in attrs if a.startswith("on")]
        assert not found.wrong
        assert len(html) < plain * 2
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\u200e\u200f]", html.decode())
        assert html.count(b"<style>") == 1


def a_reading(text: str) -> ReadingReport:
    """What was read, all its texts that one."""
    at = datetime(2027, 3, 1, 17, tzinfo=UTC)
    office = OfficeReading(
        "porto", text, OfficeState("porto", at, stale=False, problem=text, unreadable=1), 2, 3,
        (ColumnRead(text, text, 1, 2), ColumnRead("item.predecessors", text, None, 3)),
        (Unreadable(text, text, text),), (LeftOut(LeftOutKind.TOTALS_ROW, 1, (text,)),), 1,
    )  # fmt: skip
    row = FactRow(text, "porto", (text,), (text,), (), (text,))
    return ReadingReport(text, at.date(), at, (office,), ((text, row),), (text,), "", 0)


def test_a_template_cannot_be_reached_by_a_title() -> None:
    html = sweep_html(sample.a_sweep_report(titles=dict.fromkeys(sample.keys(), "{{ 7 * 7 }}")))
    assert b"<bdi>{{ 7 * 7 }}</bdi>" in html


def test_foreign_text_stands_in_its_own_direction() -> None:
    html = sweep_html(sample.a_sweep_report(titles=dict.fromkeys(sample.keys(), "رصيف الميناء")))
    assert html.decode().count("<bdi>رصيف الميناء</bdi>") == html.decode().count("رصيف الميناء")


def test_a_restricted_project_is_named_nowhere() -> None:
    hidden = {a.project for a in sample.adoptions()[:7]}
    titles = {**sample.titles(), **dict.fromkeys(hidden, "Project Nightingale")}
    given = sample.given(restricted=frozenset(hidden), titles=titles)
    adoptions = [
        replace(a, why="because of Nightingale") if a.project in hidden else a for a in sample.adoptions()
    ]
    rollout = rollout_report(
        given,
        sample.rollout(),
        sample.members(),
        adoptions,
        questions=sample.questions(),
        history=sample.history(),
    )
    for html in (rollout_html(rollout), sweep_html(sweep_report(given))):
        assert b"Nightingale" not in html
        assert not [key for key in hidden if key.encode() in html]
        assert b"a restricted project" in html
        assert b"of 60 projects" in re.sub(rb"</?(span|a)[^>]*>", b"", html)


def test_no_person_is_shown_as_a_fact() -> None:
    assert fact_text("project.lead", "Ana Silva") == "named"
    assert fact_text("attested.person", "Ana Silva") == "named"
    assert fact_text("plan.titles", ("Call Ana",)) == "1 entries"
    assert fact_text("plan.overdue", 3) == "3"


def test_long_text_is_cut_where_one_sees_it() -> None:
    assert clean("a" * 300, 10) == "aaaaaaaaa…"
    assert clean("short") == "short"


def test_a_report_without_sweep_history_or_members_is_still_a_report() -> None:
    html = rollout_html(
        rollout_report(sample.given(sweep=None, before=None, versions=()), sample.rollout(), (), ())
    )
    assert b"No project is part of this rollout." in html
    first = rollout_report(sample.given(before=None), sample.rollout(), sample.members(), sample.adoptions())
    assert b"no sweep before this one" in rollout_html(first)


def test_the_list_is_newest_first_and_escaped() -> None:
    entries = [
        ReportEntry(f"r-{n}", "r", "sweep", "<b>x</b>", date(2027, 1, n), f"sentence {n}", "", 0)
        for n in (1, 3, 2)
    ]
    html = index_html(entries).decode()
    assert re.findall(r"sentence (\d)", html) == ["3", "2", "1"]
    assert "<b>x</b>" not in html
    assert "No report was made yet" in index_html([]).decode()


def test_an_office_s_part_says_what_was_left_out_and_of_which_items_nothing_is_known() -> None:
    passed = (
        LeftOut(LeftOutKind.TOTALS_ROW, 2, ("Projects!A9", "Projects!A17")),
        LeftOut(LeftOutKind.BLANK_ROW, 1),
    )
    shown = {"left_out": {"gdansk": passed}, "unknown": {"gdansk": 3, "porto": 1}}
    for html in (sweep_html(sample.a_sweep_report(**shown)), rollout_html(sample.a_rollout_report(**shown))):
        text = html.decode()
        assert (
            "Left out on purpose by the last reading: <bdi>2 totals rows: Projects!A9, Projects!A17</bdi>; "
            "<bdi>1 blank row</bdi>." in text
        )
        assert "3 items: neither status nor percent says whether they are open." in text
        assert "1 item: neither status nor percent says whether it is open." in text
        assert text.count("Left out on purpose") == 1
    plain = sweep_html(sample.a_sweep_report()).decode()
    assert "Left out on purpose" not in plain
    assert "neither status nor percent" not in plain
