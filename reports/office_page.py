"""An office's own page as HTML: its upload, what was read of it, and its questions as a form without scripts.

Every field has a label, an error stands at its field and is named by it, and what has an error is where the
page opens. Refuses undefined names, and to load anything from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.language import ENGLISH, Language
from domain.pages.upload import Upload
from domain.questions.kind import Entry
from reports.render import filled


@dataclass(frozen=True, slots=True)
class Place:
    """Whose page it is, and what is shown on each of its pages."""

    office: str
    person: str
    until: date
    base: str
    """The path of the page, up to its last slash."""
    uploads: bool
    """Whether the office's workbook is uploaded here."""
    most: str
    """How large a file may be, in words."""
    language: Language = ENGLISH
    """The language of its pages."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question of the form."""

    name: str
    """Of its field."""
    seen: str
    text: str
    project: str
    why: str
    """What kind of question it is, and what happens without an answer."""
    answer_by: date
    late: bool
    entry: Entry
    elsewhere: str = ""
    """Where it is answered, if not here."""
    given: str = ""
    """What was written last and not taken."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that was taken here."""

    text: str
    project: str
    answer: str
    person: str
    on: date
    state: str


@dataclass(frozen=True, slots=True)
class MissedAnswer:
    """What was written here, is not taken, and cannot be answered any more."""

    text: str
    written: str
    why: str


def office_html(place: Place, newest: Upload | None, new: int, waiting: int) -> bytes:
    """The first page: the upload, what was read last, and how many questions there are."""
    return filled("office.html.j2", place.language, place=place, newest=newest, new=new, waiting=waiting)


def upload_html(place: Place, upload: Upload) -> bytes:
    """What became of one upload."""
    return filled("upload.html.j2", place.language, place=place, upload=upload, found=upload.findings)


def questions_html(
    place: Place,
    asked: tuple[AskedQuestion, ...],
    given: tuple[GivenAnswer, ...],
    missed: tuple[MissedAnswer, ...],
    new: int,
    sheet: Upload | None,
) -> bytes:
    """The questions that were opened, as a form; what was answered; what became of a filled-in workbook."""
    return filled(
        "questions.html.j2",
        place.language,
        place=place,
        asked=asked,
        given=given,
        missed=missed,
        new=new,
        sheet=sheet,
        problems=sum(bool(each.problem) for each in asked) + len(missed),
    )


def stopped_html(text: str) -> bytes:
    """A page that says why something was not done."""
    return filled("stopped.html.j2", text=text)
