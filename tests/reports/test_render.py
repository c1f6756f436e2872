"""A report's pages load nothing, are the same every time, lead only to each other; hostile text stays text."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from config.languages import LANGUAGES
from domain.compliance.sweep import OfficeState
from domain.language import ENGLISH
from domain.plans.left_out import LeftOut, LeftOutKind
from domain.plans.project import Unreadable
from domain.questions.needed_facts import FactRow
from domain.reporting.entry import ReportEntry
from domain.reporting.reading_report import ColumnRead, OfficeReading, ReadingReport
from domain.reporting.rollout_report import rollout_report
from domain.reporting.sentence import Bucket
from domain.reporting.sweep_report import preview_report, sweep_report
from domain.standards.reasons import fact_text
from reports.charts import BESIDE, PATTERNS, course
from reports.details import MOST_ROWS
from reports.fact_words import FactWords
from reports.made import Made, made_of
from reports.render import history_html, reading_html
from reports.words import clean, rule_title
from tests.reports import sample
from tests.reports.figures import plain

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
def made(request) -> Made:
    return made_of(sample.a_rollout_report() if request.param == "rollout" else sample.a_sweep_report())


@pytest.fixture
def page(made) -> bytes:
    return made.content


def everything(made: Made) -> dict[str, bytes]:
    """Every page of a report, the first under an empty name."""
    return {"": made.content, **made.details.pages}


def test_it_reaches_for_nothing_outside_itself(made) -> None:
    for html in everything(made).values():
        text = html.decode()
        assert not re.search(r"https?:|<script|@import|@font-face|javascript:", text, re.IGNORECASE)
        assert not re.search(r"url\((?!#f-)", text), "only the patterns of the same file"
        tags = Page(html).tags
        assert {(tag, a.get("href")) for tag, a in tags if tag == "link"} == {("link", "data:,")}
        assert not [tag for tag, _ in tags if tag in {"script", "iframe", "object", "embed", "form", "img"}]


def test_every_link_leads_to_a_place_in_the_page_or_to_a_page_that_is_there(made) -> None:
    for name, html in everything(made).items():
        found, prefix = Page(html), "" if name else f"{made.details.name}/"
        assert len(found.ids) == len(set(found.ids))
        inner = {link for link in found.links if link.startswith("#")}
        assert {link.removeprefix("#") for link in inner} <= set(found.ids)
        outer = set(found.links) - inner - {"../../"}
        assert outer <= {f"{prefix}{page}.html" for page in made.details.pages}, name
        assert not found.wrong, name
        assert not found.open, name


def test_a_link_to_a_page_that_is_not_there_would_be_seen(made) -> None:
    """The control of the test above."""
    lost = replace(made, details=replace(made.details, pages=dict(list(made.details.pages.items())[1:])))
    with pytest.raises(AssertionError):
        test_every_link_leads_to_a_place_in_the_page_or_to_a_page_that_is_there(lost)


def test_every_project_has_a_page_with_its_facts_and_no_fact_s_identifier(made) -> None:
    assert {f"p-{n}" for n in range(1, 61)} <= set(made.details.pages)
    assert any(b"open items that were due before today: " in html for html in made.details.pages.values())
    for name, html in everything(made).items():
        assert not identifiers(html), name


def identifiers(html: bytes) -> list[bytes]:
    """The identifiers of facts in a page."""
    return re.findall(
        rb"\b(?:plan|project|report|cost|tool|field|gates|attested)\.[A-Za-z_]+\b(?!html)", html
    )


def test_the_control_a_fact_s_identifier_is_found() -> None:
    assert identifiers(b"<td>not reported: plan.percent_complete</td>") == [b"plan.percent_complete"]


def test_every_figure_leads_to_as_many_projects() -> None:
    made = made_of(report := sample.a_rollout_report())
    for group, count in report.counts.items():
        html = made.details.pages.get(f"g-{group}", b"").decode()
        assert html.count('<tr><th scope="row">') == count, group


def test_the_same_values_give_the_same_bytes(made) -> None:
    again = made_of(sample.a_rollout_report()), made_of(sample.a_sweep_report())
    assert (made.content, made.details.content) in [(each.content, each.details.content) for each in again]


def test_the_name_of_a_report_follows_from_every_page_behind_it() -> None:
    plain = made_of(sample.a_sweep_report())
    titles = {**sample.titles(), sample.keys()[0]: "Another title, on its own page only"}
    other = made_of(sample.a_sweep_report(titles=titles))
    assert plain.details.name != other.details.name
    assert plain.entry.slug != other.entry.slug


def test_the_order_in_which_values_arrive_does_not_matter() -> None:
    turned = rollout_report(
        sample.given(), sample.rollout(), sample.members(), sample.adoptions()[::-1], questions=sample.questions()[::-1], history=sample.history()[::-1]
    )  # fmt: skip
    assert made_of(turned) == made_of(sample.a_rollout_report())


def test_it_says_language_description_and_what_a_picture_shows(page) -> None:
    tags = Page(page).tags
    assert ("html", {"lang": "en", "dir": "ltr"}) in tags
    pictures = [a for tag, a in tags if tag == "svg" and a.get("aria-hidden") != "true"]
    assert pictures
    assert all(a.get("role") == "img" for a in pictures)
    assert page.count(b'role="img"') == len(re.findall(rb'role="img"[^>]*><title[^>]*>[^<]+</title>', page))
    assert [tag for tag, _ in tags].count("h1") == 1


def test_the_ledgers_head_and_the_operators_entry_are_printed() -> None:
    text = made_of(sample.a_rollout_report()).content.decode()
    head = f'Ledger head <code class="ledger-head">{"9c1f" * 16}</code>'
    assert f"{head}. Whoever" in text
    numbered = made_of(sample.a_rollout_report(ledger_entry=412)).content
    assert f"{head} (entry 412). Whoever".encode() in plain(numbered)
    assert "as entered by an operator" in text
    unentered = made_of(sample.a_rollout_report(replace(sample.rollout(), entered=False)))
    assert b"as entered by an operator" not in unentered.content


def test_a_stale_office_does_not_look_like_one_that_was_read(page) -> None:
    bars = re.findall(r'<svg class="bar".*?</svg>', page.decode())
    pale = [bar for bar in bars if 'opacity=".45"' in bar]
    assert len(pale) == 1
    assert "Santos (stale, as last read)" in pale[0]
    assert b"8 of 9 offices read" in plain(page)


def test_an_unreadable_cell_is_listed_with_its_address_on_its_office_s_page(made) -> None:
    assert b"31.02.2027" not in made.content
    (office,) = [html for html in made.details.pages.values() if b"Projekty!F7" in html]
    assert b"31.02.2027" in office


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text) -> None:
    titles = dict.fromkeys(sample.keys(), text)
    given = sample.given(titles=titles, unreadable={"porto": (Unreadable(text, text, text),)})
    hostile = replace(sample.rollout(), approved_by=text, reason=text, note=text)
    adoptions = [replace(a, why=text) for a in sample.adoptions()]
    plain = made_of(sample.a_rollout_report())
    most = max(len(html) for html in everything(plain).values())
    reports = [
        rollout_report(given, hostile, sample.members(), adoptions), sweep_report(given), preview_report(given)
    ]  # fmt: skip
    pages = [html for report in reports for html in everything(made_of(report)).values()]
    for html in (*pages, reading_html(a_reading(text))):
        found = Page(html)
        assert not [tag for tag, _ in found.tags if tag in {"script", "img"}]
        assert not [a for _, attrs in found.tags for a in attrs if a.startswith("on")]
        assert not found.wrong
        assert len(html) < most * 3
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
    made = made_of(sample.a_sweep_report(titles=dict.fromkeys(sample.keys(), "{{ 7 * 7 }}")))
    assert b"<bdi>{{ 7 * 7 }}</bdi>" in made.details.pages["p-1"]


def test_foreign_text_stands_in_its_own_direction() -> None:
    made = made_of(sample.a_sweep_report(titles=dict.fromkeys(sample.keys(), "رصيف الميناء")))
    for html in everything(made).values():
        text = html.decode().partition("</title>")[2]
        assert text.count("<bdi>رصيف الميناء</bdi>") == text.count("رصيف الميناء")


def test_a_restricted_project_is_named_nowhere_and_has_no_page() -> None:
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
    for report in (rollout, sweep_report(given)):
        made = made_of(report)
        for html in everything(made).values():
            assert b"Nightingale" not in html
            assert not [key for key in hidden if key.encode() in html]
        shown = {row.number for row in report.rows if not row.restricted}
        assert {name for name in made.details.pages if name.startswith("p-")} == {f"p-{n}" for n in shown}
        assert any(b"a restricted project" in html for html in made.details.pages.values())
        assert b"including 7 restricted projects not named" in plain(made.content)
        assert b"of 60 projects" in re.sub(rb"</?(span|a)[^>]*>", b"", made.content)


def test_no_person_is_shown_as_a_fact() -> None:
    assert fact_text("project.lead", "Ana Silva") == "named"
    assert fact_text("attested.person", "Ana Silva") == "named"
    assert fact_text("plan.titles", ("Call Ana",)) == "1 entries"
    assert fact_text("plan.overdue", 3) == "3"


def test_long_text_is_cut_where_one_sees_it() -> None:
    assert clean("a" * 300, 10) == "aaaaaaaaa…"
    assert clean("short") == "short"


def test_a_report_without_sweep_history_or_members_is_still_a_report() -> None:
    bare = made_of(
        rollout_report(sample.given(sweep=None, before=None, versions=()), sample.rollout(), (), ())
    )
    assert b"No project is part of this rollout." in bare.content
    first = made_of(
        rollout_report(sample.given(before=None), sample.rollout(), sample.members(), sample.adoptions())
    )
    for made in (bare, first):
        assert b"Changed since last time" not in made.content, "no section is empty"
        assert not re.search(rb"<(ul|table|tbody|section)[^>]*>\s*</\1>", made.content)


def test_a_first_page_is_short_however_large_the_network_is() -> None:
    rows = 3000
    many = tuple(
        replace(a, project=f"{a.office}/X-{n:04}") for n, a in enumerate(sample.adoptions() * (rows // 60))
    )
    given = sample.given(sweep=sample.sweep(members=many), before=None, titles={}, unreadable={})
    made = made_of(sweep_report(given))
    small = made_of(sample.a_sweep_report(before=None))
    assert len(made.content) < len(small.content) * 1.2
    assert max(len(html) for html in made.details.pages.values()) < 1_000_000
    listed = [html.decode() for name, html in made.details.pages.items() if re.match(r"g-pass(-\d+)?$", name)]
    count = sweep_report(given).counts["pass"]
    assert len(listed) == -(-count // MOST_ROWS) > 1
    assert sum(html.count('<tr><th scope="row">') for html in listed) == count, "none is left out"


def test_the_list_is_newest_first_and_escaped() -> None:
    entries = [
        ReportEntry(f"r-{n}", "r", "sweep", "<b>x</b>", date(2027, 1, n), f"sentence {n}", "", 0)
        for n in (1, 3, 2)
    ]
    html = history_html(entries).decode()
    assert re.findall(r"sentence (\d)", html) == ["3", "2", "1"]
    assert "<b>x</b>" not in html


def test_patterns_differ_without_color_and_late_is_lighter_than_followed() -> None:
    def light(color: str) -> float:
        red, green, blue = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    drawn = {bucket: (ground, over) for bucket, (_, ground, over) in PATTERNS.items()}
    assert light(drawn[Bucket.LATE][0]) > light(drawn[Bucket.FOLLOWS][0]) + 0.3
    shapes = [re.sub(r'(stroke|fill)="#\w+"', "", over) for _, over in drawn.values()]
    for one, (first, shape) in enumerate(zip(drawn, shapes, strict=True)):
        for second, other in list(zip(drawn, shapes, strict=True))[one + 1 :]:
            apart = abs(light(drawn[first][0]) - light(drawn[second][0]))
            assert shape != other or apart > 0.15, (first, second)


def test_an_office_s_part_says_what_was_left_out_and_of_which_items_nothing_is_known() -> None:
    passed = (
        LeftOut(LeftOutKind.TOTALS_ROW, 2, ("Projects!A9", "Projects!A17")),
        LeftOut(LeftOutKind.BLANK_ROW, 1),
    )
    shown = {"left_out": {"gdansk": passed}, "unknown": {"gdansk": 3, "porto": 1}}
    for report in (sample.a_sweep_report(**shown), sample.a_rollout_report(**shown)):
        text = b"".join(made_of(report).details.pages.values()).decode()
        assert (
            "Left out on purpose by the last reading: <bdi>2 totals rows: Projects!A9, Projects!A17</bdi>; "
            "<bdi>1 blank row</bdi>." in text
        )
        assert "3 items: neither status nor percent says whether they are open." in text
        assert "1 item: neither status nor percent says whether it is open." in text
        assert text.count("Left out on purpose") == 1
    plain = b"".join(made_of(sample.a_sweep_report()).details.pages.values()).decode()
    assert "Left out on purpose" not in plain
    assert "neither status nor percent" not in plain


@pytest.mark.parametrize("width", [350, 580])
def test_the_label_of_today_stays_in_the_picture_where_today_is_its_last_day(width) -> None:
    report = sample.a_rollout_report()
    today = max(on for on, _ in report.plan)
    heading, last = replace(report.heading, as_of=today), replace(report.course[-1], on=today)
    gone = replace(report.forecast, on=None)
    late = replace(report, forecast=gone, heading=heading, course=(*report.course, last))
    drawn = course(late, width, 236, ENGLISH)
    x, anchor = re.search(
        r'<text class="note" x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)">today', drawn
    ).groups()
    assert (anchor, float(x) < width - BESIDE / 2) == ("end", True)


@pytest.mark.parametrize(
    ("path", "value", "language", "said"),
    [
        ("cost.budget", 13120000.0, "en", "approved budget: 13,120,000"),
        ("cost.budget", 13120000.0, "de", "genehmigtes Budget: 13.120.000"),
        ("cost.actual", 6267123.45, "en", "spent so far: 6,267,123.45"),
        ("plan.percent_done_work", 58.1152, "en", "done work / all work: 58.1152 %"),
        ("project.stage", "on_hold", "en", "stage: on hold"),
        ("project.lead", "Ana Reis", "de", "seine Projektleitung: benannt"),
        ("project.lead", "", "fr", "son chef de projet: non désigné"),
        ("cost.currency", "PLN", "en", "currency: PLN"),
    ],
)
def test_money_is_written_with_all_its_digits_and_a_stage_as_a_word(path, value, language, said) -> None:
    made = FactWords(LANGUAGES.of(language)).html({path: value}, ())
    assert made.replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_field_that_a_tool_has_to_have_is_called_in_words() -> None:
    named = [rule_title(f"tool.field.{each}") for each in ("risk_register", "gate.G3", "last_report")]
    assert [each.removeprefix("The tool has the field ") for each in named] == [
        "risk register",
        "gate G3",
        "last report",
    ]
    assert rule_title("tool.status.In progress") == "The tool has the status In progress", (
        "a tool's own word stays"
    )
