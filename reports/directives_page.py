"""The pages of directives as HTML: all that a person sees, and one with a line per addressee; no scripts.

Refuses undefined names, and to load anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.cases.objection import to_directive
from domain.directives.sheet import DirectiveLine, DirectiveSheet
from domain.language import Language
from reports.link_reader import LinkReader
from reports.render import filled


def directives_html(lines: Sequence[DirectiveLine], reader: LinkReader, language: Language) -> bytes:
    """The page of all directives: until when, and how many fulfilled them, object, or are late."""
    in_force = sum(each.open for each in lines)
    return filled("directives.html.j2", language, lines=lines, in_force=in_force, reader=reader)


def directive_html(sheet: DirectiveSheet, reader: LinkReader, language: Language) -> bytes:
    """The page of one directive."""
    return filled(
        "directive.html.j2", language, sheet=sheet, objects=to_directive(sheet.line.id), reader=reader
    )
