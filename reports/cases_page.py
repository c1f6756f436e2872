"""The pages of cases as HTML: all that a person sees, and the timeline of one; no scripts.

Refuses undefined names, and to load anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.cases.sheet import CaseLine, CaseSheet
from domain.language import Language
from reports.link_reader import LinkReader
from reports.render import filled


def cases_html(lines: Sequence[CaseLine], reader: LinkReader, language: Language) -> bytes:
    """The page of all cases: whose turn it is, since when, until when, and what happens otherwise."""
    waiting = sum(each.open for each in lines)
    return filled("cases.html.j2", language, lines=lines, waiting=waiting, reader=reader)


def case_html(sheet: CaseSheet, reader: LinkReader, language: Language) -> bytes:
    """The page of one case."""
    return filled("case.html.j2", language, sheet=sheet, reader=reader)
