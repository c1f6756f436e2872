"""The words by which people read standings and bands; stores, events and tools keep the words of the code.

Refuses a standing or band without words.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.language import ENGLISH, Language, Message
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result

VERSION_BEFORE = Message("the version before")
COMPLETING = Message("completing under {old}")
DEVIATION = Message("approved deviation")
REQUESTED = Message("information requested")
ACTION = Message("action required")
EXCLUDED = Message("excluded", about="standing")
NOT_REPORTED = Message("not reported", about="standing")
NOT_JUDGED = Message("could not be judged")
STANDINGS: Mapping[Standing, Message] = {
    Standing.PLANNED: Message("planned", about="standing"),
    Standing.NOTIFIED: Message("notified", about="standing"),
    Standing.TRIAL: Message("pilot period", about="standing"),
    Standing.BINDING: ACTION,
    Standing.ADOPTED: Message("adopted", about="standing"),
    Standing.GRANDFATHERED: COMPLETING,
    Standing.DEVIATING: DEVIATION,
    Standing.QUESTIONED: REQUESTED,
    Standing.UNANSWERED: Message("no response", about="standing"),
    Standing.FAILED: Message("no longer follows", about="standing"),
    Standing.ROLLED_BACK: Message("rolled back", about="standing"),
    Standing.SKIPPED: EXCLUDED,
}
BANDS: Mapping[Result, Message] = {
    Result.PASS: Message("pass", about="band"),
    Result.FAIL: Message("fail", about="band"),
    Result.PERMITTED: DEVIATION,
    Result.GRANDFATHERED: COMPLETING,
    Result.NOT_APPLICABLE: Message("not applicable", about="band"),
    Result.UNKNOWN: NOT_REPORTED,
    Result.ERROR: NOT_JUDGED,
}
WORDS: Mapping[str, Message] = dict([*STANDINGS.items(), *BANDS.items()])
"""By the stored word; what is both a standing and a band has the same words as either."""


def shown(state: str, old: str | None = None, language: Language = ENGLISH) -> str:
    """The words for a standing or band; `old` is the version before, where one is known.

    Raises KeyError for what is neither.
    """
    return language.message(WORDS[state], old=before(old, language))


def before(old: str | None, language: Language = ENGLISH) -> str:
    """The version before, or words for it where none is known."""
    return old or language.message(VERSION_BEFORE)


def sentence_case(words: str) -> str:
    """The words as a heading begins."""
    return words[:1].upper() + words[1:]
