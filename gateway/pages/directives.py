"""The pages of directives, by a person's own link: those that their offices issued or got, and one of them.

They only show; a directive is answered in the office's tool or on its page. Refuses to say whether there is
one that none of the reader's offices issued or got.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.directives.directive import Directive
from domain.directives.sheet import lines, sheet_of
from gateway.pages.refused import NO_DIRECTIVE
from gateway.pages.shown import Seen, Shown
from reports.directives_page import directive_html, directives_html


def _all(directives: Sequence[Directive], seen: Seen) -> bytes:
    found = lines(directives, seen.organization, seen.person, seen.now, seen.says)
    return directives_html(found, seen.reader, seen.says)


def _one(directive: Directive, seen: Seen) -> bytes | None:
    sheet = sheet_of(directive, seen.organization, seen.person, seen.now, seen.says)
    return directive_html(sheet, seen.reader, seen.says) if sheet is not None else None


DIRECTIVES: Shown[Directive] = Shown("directives", NO_DIRECTIVE, lambda unit: unit.directives, _all, _one)
