"""The pages of cases, by a person's own link: those of their offices, and the timeline of one.

They only show; a case is answered in the office's tool or on its page. Refuses to say whether there is a case
in which none of the reader's offices takes part.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.cases.case import Case
from domain.cases.sheet import lines, sheet_of
from gateway.pages.refused import NO_CASE
from gateway.pages.shown import Seen, Shown
from reports.cases_page import case_html, cases_html


def _all(cases: Sequence[Case], seen: Seen) -> bytes:
    found = lines(cases, seen.organization, seen.person, seen.now, seen.says)
    return cases_html(found, seen.reader, seen.says)


def _one(case: Case, seen: Seen) -> bytes | None:
    sheet = sheet_of(case, seen.organization, seen.person, seen.now, seen.says)
    return case_html(sheet, seen.reader, seen.says) if sheet is not None else None


CASES: Shown[Case] = Shown("cases", NO_CASE, lambda unit: unit.cases, _all, _one)
