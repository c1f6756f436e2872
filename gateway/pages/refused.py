"""Why a page is not shown, in the language that the reader's browser asks for.

It follows from that request header alone, so that whether a link stands makes no difference to the answer.
Refuses to say more than the English text does; other texts are said as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.languages import LANGUAGES, nearest
from domain.language import ENGLISH, Language, Message

NO_LINK = Message("This link opens nothing, or nothing any more. Ask for a new one whoever gave it to you.")
BY_LINK = Message(
    "Reports are read by personal links. Have one made on the machine that runs this: interoffice link PERSON"
)
NO_PAGE_NOW = Message("This page cannot be looked up now. Ask again in a minute.")
NO_REPORTS_NOW = Message("The reports cannot be looked up now. Ask again in a minute.")
NO_REPORT = Message("There is no such report.")
NO_FILE = Message("There is no such file.")
NO_CASE = Message("There is no such case.")
NO_DIRECTIVE = Message("There is no such directive.")
NO_DEPLOYMENT = Message("There is no such deployment.")
NO_UPLOAD = Message("There is no such upload any more.")
NOT_YET = Message("There is no report yet. Ask again after the next one.")
NOT_FROM_PAGE = Message("This was not sent by the page itself. Open the desk again.")
CONFIDENTIAL = Message(
    "This names a project that was made confidential after it was written, so it is not handed out any more. "
    "Read the newest report."
)
TEXTS: Mapping[str, Message] = {
    each.text: each
    for each in (
        NO_LINK, BY_LINK, NO_PAGE_NOW, NO_REPORTS_NOW, NO_REPORT, NO_FILE, NO_CASE, NO_DIRECTIVE,
        NO_DEPLOYMENT, NO_UPLOAD, NOT_YET, NOT_FROM_PAGE, CONFIDENTIAL,
    )
}  # fmt: skip
"""What is translated, by its English text."""
LONGEST = 200
"""Characters of the header that are looked at."""


def why(detail: str, asked: str) -> str:
    """The reason in the first language of the header `Accept-Language` that there is, else in English."""
    message = TEXTS.get(detail)
    return detail if message is None else language_asked(asked).message(message)


def language_asked(header: str) -> Language:
    """The language that a browser asks for, the greatest weight first (RFC 9110, 12.5.4)."""
    weighed = [_weighed(part) for part in header[:LONGEST].split(",")]
    for tag, weight in sorted(weighed, key=lambda each: -each[1]):
        if weight <= 0:
            continue
        if tag.partition("-")[0] == ENGLISH.tag:
            break
        if tag and nearest(tag) != ENGLISH.tag:
            return LANGUAGES.of(tag)
    return ENGLISH


def _weighed(part: str) -> tuple[str, float]:
    """The tag and its weight: 1 where none stands, 0 where what stands is no number."""
    tag, _, weight = part.strip().partition(";q=")
    try:
        return tag.strip().lower(), float(weight) if weight else 1.0
    except ValueError:
        return tag.strip().lower(), 0.0
