"""How values are written for people: labels, dates, facts, and foreign text made harmless.

Foreign text (titles, reasons, cells) is data: control characters and directional overrides are taken
out, its length is limited. Escaping is the templates' job. Refuses to show a person's name: of a fact that
holds one it says only that it is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from domain.compliance.glossary import MEANINGS as MEANINGS_OF_WORDS
from domain.compliance.glossary import Word
from domain.compliance.sweep import FlipCause
from domain.reporting import shown
from domain.reporting.sentence import Bucket
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result

MOST_TITLE = 90
MOST_TEXT = 240
KEPT_FORMATS = frozenset("\u200c\u200d")
"""Joiners that scripts and emoji need; every other format character is removed."""
GROUPS: Mapping[str, str] = {
    Bucket.FOLLOWS: "Follow {new}",
    Bucket.OLD: shown.sentence_case(shown.COMPLETING),
    Bucket.DEVIATES: shown.sentence_case(shown.DEVIATION),
    Bucket.OUT: shown.sentence_case(shown.EXCLUDED),
    Bucket.NOT_YET: "Not bound yet",
    Bucket.ASKED: shown.sentence_case(shown.REQUESTED),
    Bucket.MUST_ACT: shown.sentence_case(shown.ACTION),
    Bucket.NOT_REPORTED: shown.sentence_case(shown.NOT_REPORTED),
    Bucket.LATE: "Late",
    Result.PASS: "Pass {new}",
    Result.GRANDFATHERED: shown.sentence_case(shown.COMPLETING),
    Result.PERMITTED: shown.sentence_case(shown.DEVIATION),
    Result.NOT_APPLICABLE: "No rule applies",
    Result.UNKNOWN: shown.sentence_case(shown.NOT_REPORTED),
    Result.FAIL: "Fail",
    Result.ERROR: shown.sentence_case(shown.NOT_JUDGED),
}
MEANINGS: Mapping[str, str] = {
    Bucket.FOLLOWS: "Every rule of {new} is kept, or departed from by an approved deviation in force.",
    Bucket.OLD: "Nearly complete, so by leeway they complete under {old}. They do not follow {new}.",
    Bucket.DEVIATES: "An approved deviation in force takes them out of {new}. They do not follow it.",
    Bucket.OUT: "A named person excluded them or rolled them back, or they closed. No share counts them.",
    Bucket.NOT_YET: "They do not follow {new}. Their wave has not begun, or they are in its pilot period.",
    Bucket.ASKED: "They do not follow {new}. They were asked for what their leeway depends on.",
    Bucket.MUST_ACT: "{new} binds them and they do not keep it yet; or they settled before and fail now.",
    Bucket.NOT_REPORTED: MEANINGS_OF_WORDS[Word.REPORTED],
    Bucket.LATE: f"They must act. {MEANINGS_OF_WORDS[Word.LATE]}",
    Result.PASS: "Every rule of {new} that applies is kept.",
    Result.GRANDFATHERED: "Judged by {old}, under which they may complete. They do not comply with {new}.",
    Result.PERMITTED: "An approved deviation covers what they do not keep. They do not comply with {new}.",
    Result.NOT_APPLICABLE: "No rule applies to them.",
    Result.UNKNOWN: MEANINGS_OF_WORDS[Word.REPORTED],
    Result.FAIL: "A rule is broken.",
    Result.ERROR: "A check broke. That is never counted as kept.",
}
CAUSES: Mapping[FlipCause, str] = {
    FlipCause.PROJECT: "The project",
    FlipCause.VERSION: "The version",
    FlipCause.LEEWAY: "Leeway",
    FlipCause.DEVIATION: "Deviation",
    FlipCause.CONNECTOR: "The connection to the tool",
    FlipCause.MISSING_DATA: "Missing data",
}


def group_label(group: str, new: str, old: str | None) -> str:
    """A bucket or band as a heading."""
    return GROUPS[group].format(new=new, old=old or shown.VERSION_BEFORE)


def group_meaning(group: str, new: str, old: str | None) -> str:
    """What a bucket or band means, in one sentence or two."""
    return MEANINGS[group].format(new=new, old=old or shown.VERSION_BEFORE)


@lru_cache(maxsize=8192)
def clean(text: str, most: int = MOST_TEXT) -> str:
    """The text on one line, without control and directional characters, at most `most` characters long."""
    kept = []
    for char in text[: 4 * most]:
        category = unicodedata.category(char)
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Cf", "Cs", "Co", "Cn") or char in KEPT_FORMATS:
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1].rstrip()}…"


def foreign(text: object, most: int = MOST_TEXT) -> Markup:
    """Foreign text in its own directional isolate, escaped."""
    return _isolated(str(text), most)


@lru_cache(maxsize=8192)
def _isolated(text: str, most: int) -> Markup:
    return Markup(f"<bdi>{escape(clean(text, most))}</bdi>")  # noqa: S704 - escaped


def short_day(on: date) -> str:
    """`31 Mar`, for tables and axes."""
    return f"{on.day} {on:%b}"


def long_day(on: date) -> str:
    """`31 March 2027`."""
    return f"{on.day} {on:%B} {on.year}"


def state_words(state: Result | Standing | None, old: str | None = None) -> str:
    """A result or standing in words, with the version before where it is known; a dash for none."""
    return shown.shown(state, old) if state is not None else "—"
