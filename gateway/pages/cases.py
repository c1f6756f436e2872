"""The pages of cases, by a person's own link: those of their offices, and the timeline of one.

They only show; a case is answered in the office's tool or on its page. Refuses to say whether there is a case
in which none of the reader's offices takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.case import Case
from domain.cases.sheet import lines, sheet_of
from domain.drafts.consultation import with_consultation
from domain.drafts.draft import Draft
from gateway.pages.refused import NO_CASE
from gateway.pages.shown import Seen, Shown
from reports.cases_page import case_html, cases_html
from store.unit import Unit


@dataclass(frozen=True, slots=True)
class CaseWhole:
    """A case, and the drafts that it led to where it is shown alone."""

    case: Case
    drafts: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class CasesWhole:
    """Where the cases are kept with their drafts."""

    unit: Unit

    def get(self, id_: str, /) -> CaseWhole | None:
        """That case with its drafts; None when there is none."""
        case = self.unit.cases.get(id_)
        return CaseWhole(case, self.unit.drafts.of_case(id_)) if case is not None else None

    def all(self) -> Sequence[CaseWhole]:
        """All of them."""
        return tuple(map(CaseWhole, self.unit.cases.all()))


def _all(found: Sequence[CaseWhole], seen: Seen) -> bytes:
    cases = (each.case for each in found)
    return cases_html(
        lines(cases, seen.organization, seen.person, seen.now, seen.says), seen.reader, seen.says
    )


def _one(found: CaseWhole, seen: Seen) -> bytes | None:
    case, reads = found.case, (seen.organization, seen.person)
    sheet = sheet_of(case, *reads, seen.now, seen.says)
    if sheet is None:
        return None
    return case_html(with_consultation(sheet, case, found.drafts, reads, seen.says), seen.reader, seen.says)


CASES: Shown[CaseWhole] = Shown("cases", NO_CASE, CasesWhole, _all, _one)
