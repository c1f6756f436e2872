"""The pages of directives as HTML: all that a person sees, and one with a line per addressee; no scripts.

Refuses undefined names, and to load anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.directives.sheet import DirectiveLine, DirectiveSheet
from domain.language import Language
from reports.render import filled


@dataclass(frozen=True, slots=True)
class DirectiveReader:
    """Whose pages they are: the name, until when the link lasts, and the path of their pages."""

    person: str
    until: date
    base: str


def directives_html(lines: Sequence[DirectiveLine], reader: DirectiveReader, language: Language) -> bytes:
    """The page of all directives: until when, and how many fulfilled them, object, or are late."""
    in_force = sum(each.open for each in lines)
    return filled("directives.html.j2", language, lines=lines, in_force=in_force, reader=reader)


def directive_html(sheet: DirectiveSheet, reader: DirectiveReader, language: Language) -> bytes:
    """The page of one directive."""
    return filled("directive.html.j2", language, sheet=sheet, reader=reader)
