"""Offices' pages in the store: links, uploads and answers; of two answers the first one stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.pages.answering import PageQuestion
from domain.pages.link import PageLink
from domain.pages.upload import Findings, ProjectSeen, Upload
from store.pages import MOST_REFUSED

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
LINK = PageLink("l1", "porto", "ana", AT, AT + timedelta(days=14))
FOUND = Findings(
    1, 2, 0, (ProjectSeen("P!A2", "P-1", "Cais “novo”", "execution", percent=94.0),), ("P!C2: no",)
)
UPLOAD = Upload("u1", "porto", "book", "l1", "ana", AT, "a.xlsx", 7, "d" * 64, "", FOUND)


def test_a_link_is_found_listed_and_revoked_once(store) -> None:
    with store.begin() as unit:
        assert unit.page_links.add(LINK)
        assert not unit.page_links.add(LINK)
        assert unit.page_links.get("l1") == LINK
        assert unit.page_links.get("l2") is None
        assert unit.page_links.revoke("l1", AT)
        assert not unit.page_links.revoke("l1", AT + timedelta(days=1))
        assert unit.page_links.of("porto") == (replace(LINK, revoked=AT),)
        assert unit.page_links.of("oslo") == ()


def test_the_newest_accepted_upload_counts_and_few_refused_ones_are_kept(store) -> None:
    with store.begin() as unit:
        unit.uploads.add(UPLOAD)
        for number in range(MOST_REFUSED + 5):
            unit.uploads.add(replace(UPLOAD, id=f"r{number}", refused="no workbook", digest=""))
        assert unit.uploads.newest("porto", "book") == UPLOAD
        assert unit.uploads.get("porto", "r0") is None
        assert unit.uploads.get("porto", f"r{MOST_REFUSED + 4}") is not None
        assert unit.uploads.get("oslo", "u1") is None
        second = replace(UPLOAD, id="u2", digest="e" * 64)
        unit.uploads.add(second)
        assert unit.uploads.accepted("porto", "book", 5) == (second, UPLOAD)
        assert unit.uploads.newest("porto", "other") is None


def test_the_first_answer_stays_and_what_was_refused_is_forgotten_with_it(store) -> None:
    answer = PageQuestion("q/1", "porto", answer="94", person="ana", link="l1", answered=AT)
    with store.begin() as unit:
        assert unit.page_questions.open("q/1", "porto", "l1", AT)
        assert not unit.page_questions.open("q/1", "porto", "l2", AT + timedelta(days=1))
        unit.page_questions.refuse("q/1", "porto", "soon", "no number")
        assert unit.page_questions.of("porto")["q/1"].why == "no number"
        assert unit.page_questions.answer(answer)
        assert not unit.page_questions.answer(replace(answer, answer="95", person="bo"))
        found = unit.page_questions.of("porto")["q/1"]
        assert found == replace(answer, opened=AT, opened_by="l1")
        unit.page_questions.refuse("q/2", "porto", "", "")
        assert set(unit.page_questions.of("porto")) == {"q/1"}, "nothing is remembered of nothing"
        assert unit.page_questions.open("q/3", "porto", "l1", AT)
        assert unit.page_questions.of("oslo") == {}
