"""A project that was restricted after a report was written is named to nobody who may not see it, and the file stays."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from domain.plans.project import Plan, Project
from domain.reporting.entry import ReportEntry
from reports.made import BEHIND
from reports.masked import Names
from reports.pack.document import document
from reports.pack.filed import entry_of_pack
from reports.pack.page import page
from tests.domain.reporting.packs import example_pack
from tests.gateway.conftest import NOW
from tests.gateway.pages.test_links import Asked

TITLE = "Quay wall <south> & the long approach channel"
OTHER = "Crane rails, north quay"
KEY = "santos/SP-03"
HEAD, STRANGER = "luciana-prado", "katrin-brandt"
ENTRY = ReportEntry(
    "rollout-x-2027-03-01", "rollout-x", "rollout", "X 1.0", date(2027, 3, 1), "One waits.", "h", 1
)
PAGES = replace(ENTRY, slug="rollout-x-2027-03-01-pages", kind=BEHIND)


def kept(asked: Asked) -> None:
    """A report with the pages behind it, and a pack, as they were written before."""
    shown = page(example_pack()).decode()
    first = shown.replace(
        "</h1>",
        f"</h1><p><bdi>{TITLE.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</bdi>; {KEY}; {OTHER}; Quay wall &lt;south&gt; &amp; the long…</p>",
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("p-1.html", first)
        archive.writestr("p-2.html", shown)
        archive.writestr("o-1.html", first)
    (asked.reports / f"{ENTRY.slug}.html").write_text(first, "utf-8")
    (asked.reports / f"{PAGES.slug}.zip").write_bytes(packed.getvalue())
    pack = example_pack()
    named = replace(pack.projects[0], key=KEY, title=TITLE)
    packs = [
        replace(pack, projects=(named, *pack.projects[1:])),
        replace(pack, head=replace(pack.head, id=replace(pack.head.id, day=date(2027, 2, 5)))),
    ]
    with asked.application.store.begin() as unit:
        unit.plans.put("santos", [Plan(Project(KEY, "santos", title)) for title in (TITLE,)], NOW)
        for each in (ENTRY, PAGES, *map(entry_of_pack, packs)):
            unit.reports.add(each)
        for each in packs:
            unit.packs.add(each)
        unit.commit()
    for each in packs:
        name = entry_of_pack(each).slug
        (asked.reports / name).mkdir()
        (asked.reports / f"{name}.html").write_bytes(page(each))
        (asked.reports / name / "pack.json").write_bytes(document(each))


def restrict(asked: Asked) -> None:
    file = asked.people.parent / "offices.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("  - id: santos\n", "  - id: santos\n    restricted: [SP-03]\n"), "utf-8")


@pytest.fixture
def asked(tmp_path):
    made = Asked(tmp_path, own=False)
    kept(made)
    yield made
    made.application.store.close()


def says(asked: Asked, path: str, person: str = STRANGER) -> tuple[int, bool]:
    """The answer's code, and whether a name of the project stands in it."""
    answer = asked.get(f"{asked.link(person)}reports/{path}", host="pmo.example")
    names = Names(frozenset({TITLE}), frozenset({KEY}))
    return answer.status_code, names.stand_in(answer.text)


ADDRESSES = (ENTRY.slug, f"{PAGES.slug}/o-1", f"{PAGES.slug}/p-1", f"{PAGES.slug}/p-2")


def test_before_it_was_restricted_everybody_reads_it(asked) -> None:
    """The control: the names are found where they stand."""
    assert [says(asked, each) for each in ADDRESSES] == [(200, True), (200, True), (200, True), (200, False)]


def test_from_then_on_kept_pages_do_not_name_it_and_its_own_page_is_not_handed_out(asked) -> None:
    before = (asked.reports / f"{ENTRY.slug}.html").read_bytes()
    restrict(asked)
    assert [says(asked, each) for each in ADDRESSES] == [
        (200, False),
        (200, False),
        (403, False),
        (200, False),
    ]
    shown = asked.get(f"{asked.link(STRANGER)}reports/{ENTRY.slug}", host="pmo.example").text
    assert f"<bdi>a restricted project</bdi>; a restricted project; {OTHER}; " in shown
    assert (asked.reports / f"{ENTRY.slug}.html").read_bytes() == before, "the file stays as it was written"


def test_the_head_of_its_office_reads_it_as_before(asked) -> None:
    restrict(asked)
    assert [says(asked, each, HEAD) for each in ADDRESSES[:3]] == [(200, True)] * 3


def test_the_index_and_the_history_are_in_the_language_of_whom_the_link_names(asked) -> None:
    file = asked.people
    text = file.read_text("utf-8")
    file.write_text(text.replace(f"  - id: {STRANGER}\n", f"  - id: {STRANGER}\n    language: fr\n"), "utf-8")
    for person, tag in ((STRANGER, "fr"), ("marijke-van-dijk", "en")):
        for path in ("", "history"):
            page = asked.get(f"{asked.link(person)}{path}", host="pmo.example").text
            assert f'<html lang="{tag}"' in page, (person, path)


def test_files_of_a_pack_that_names_it_are_not_handed_out_and_those_of_others_are(asked) -> None:
    packs = [entry.slug for entry in (entry_of_pack(example_pack()),)]
    earlier = packs[0].replace("2027-03-05", "2027-02-05")
    assert says(asked, f"{packs[0]}/pack.json") == (200, True)
    restrict(asked)
    assert says(asked, f"{packs[0]}/pack.json") == (403, False)
    assert says(asked, packs[0]) == (200, False)
    other = next(each.name for each in asked.reports.iterdir() if each.is_dir() and "2027-02-05" in each.name)
    assert other.startswith(earlier[:20])
    assert says(asked, f"{other}/pack.json") == (200, False)
    assert says(asked, f"{packs[0]}/pack.json", HEAD) == (200, True)


def test_an_earlier_title_is_masked_too_and_words_that_only_begin_so_are_not() -> None:
    names = Names(frozenset({"Old quay", "New quay"}))
    said = names.masked(b"<p>Old quay, New quay, Old quays</p>", "a restricted project")
    assert said is None, "a word that begins like it is not handed out either"
    assert names.masked(b"<p>Old quay, New quay</p>", "one") == b"<p>one, one</p>"
    assert Names().masked(b"<p>Old quay</p>", "one") == b"<p>Old quay</p>"


def test_a_page_in_which_a_name_is_cut_otherwise_is_not_handed_out() -> None:
    long = "The replacement of every bollard along the inner harbor"
    assert Names(frozenset({long})).masked(f"<p>{long[:47]}…</p>".encode(), "one") is None
    assert Names(frozenset({long})).masked(f"<p>{long[:29]}…</p>".encode(), "one") == b"<p>one</p>"
