"""The page at which an office raises feedback or objects: a form without scripts, and what became of it.

Every field has a label, an error stands at its field and is named by it. Refuses undefined names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.cases.kinds import CaseCause
from domain.cases.telling import CAUSES
from domain.language import Language
from domain.pages.raising import PageRaising
from reports.link_reader import LinkReader
from reports.render import filled


@dataclass(frozen=True, slots=True)
class RaisingForm:
    """The form: the offices for which the reader may speak, what was typed, and what is wrong, by field.

    `looked` says that it was looked at and nothing is wrong: the next button raises it. `mark` proves that
    the form is the page's own.
    """

    offices: Mapping[str, str]
    fields: Mapping[str, str]
    problems: Mapping[str, str]
    looked: bool
    mark: str


def raising_html(
    form: RaisingForm, before: Sequence[PageRaising], reader: LinkReader, language: Language
) -> bytes:
    """The page."""
    causes = {str(each): language.message(CAUSES[each]) for each in CaseCause}
    return filled(
        "raising.html.j2", language, form=form, fields=form.fields, problems=form.problems,
        causes=causes, before=before, reader=reader,
    )  # fmt: skip
