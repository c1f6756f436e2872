"""The words by which people read standings and bands; stores, events and tools keep the words of the code.

Refuses a standing or band without words.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result

VERSION_BEFORE = "the version before"
COMPLETING = "completing under {old}"
DEVIATION = "approved deviation"
REQUESTED = "information requested"
ACTION = "action required"
EXCLUDED = "excluded"
NOT_REPORTED = "not reported"
NOT_JUDGED = "could not be judged"
STANDINGS: Mapping[Standing, str] = {
    Standing.PLANNED: "planned",
    Standing.NOTIFIED: "notified",
    Standing.TRIAL: "pilot period",
    Standing.BINDING: ACTION,
    Standing.ADOPTED: "adopted",
    Standing.GRANDFATHERED: COMPLETING,
    Standing.DEVIATING: DEVIATION,
    Standing.QUESTIONED: REQUESTED,
    Standing.UNANSWERED: "no response",
    Standing.FAILED: "no longer follows",
    Standing.ROLLED_BACK: "rolled back",
    Standing.SKIPPED: EXCLUDED,
}
BANDS: Mapping[Result, str] = {
    Result.PASS: "pass",
    Result.FAIL: "fail",
    Result.PERMITTED: DEVIATION,
    Result.GRANDFATHERED: COMPLETING,
    Result.NOT_APPLICABLE: "not applicable",
    Result.UNKNOWN: NOT_REPORTED,
    Result.ERROR: NOT_JUDGED,
}
WORDS: Mapping[str, str] = dict([*STANDINGS.items(), *BANDS.items()])
"""By the stored word; what is both a standing and a band has the same words as either."""


def shown(state: str, old: str | None = None) -> str:
    """The words for a standing or band; `old` is the version before, where one is known.

    Raises KeyError for what is neither.
    """
    return WORDS[state].format(old=old or VERSION_BEFORE)


def sentence_case(words: str) -> str:
    """The words as a heading begins."""
    return words[:1].upper() + words[1:]
