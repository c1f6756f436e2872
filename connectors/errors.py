"""What can go wrong at an office's tool, as one tree by what to do next.

    ToolError                 never raised itself
    |- Refused                the tool or its content says no: a person must change something
    |- TryLater               nothing was done: ask again, at `at` or `after` a while
    |- OutcomeUnknown         it was sent and no answer came: read the tool before anything is sent again
    `- Skip                   this one item only: leave it out and go on with the others

The text is redacted when the error is built, so no later caller has to redact it. Refuses to decide whether
something is tried again: it only says when that is worth while.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

HIDDEN = "***"
QUERY_NAMES = (
    r"access_?key|access_?token|api_?key|auth|client_?secret|code|credential|key|pass(?:word|wd)?|pwd|secret"
    r"|sig(?:nature)?|token"
)
SECRETS = (
    (re.compile(r"(?<=://)[^/\s@]*:[^/\s]*@"), f"{HIDDEN}@"),
    (re.compile(rf"(?i)([?&;](?:[\w.-]*[_-])?(?:{QUERY_NAMES})=)[^&;\s#'\"]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic|token)(\s+)[\w.~+/=-]{8,}"), rf"\1\2{HIDDEN}"),
    (
        re.compile(
            r"(?i)\b((?:x-)?(?:api[_-]?key|authorization|password|secret|token)['\"]?\s*[:=]\s*['\"]?)[^\s'\",;&]{4,}"
        ),
        rf"\1{HIDDEN}",
    ),
)


def redacted(text: str) -> str:
    """The text without what looks like a secret: query values, bearer tokens, `user:pass@` of an address."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


SIGNS = {code: chr(0x2400 + code) for code in range(32)} | {
    0x7F: "\N{SYMBOL FOR DELETE}",
    0x9B: "\N{REPLACEMENT CHARACTER}",
}
TURNED = dict.fromkeys((*range(8234, 8239), *range(8294, 8298), 8232, 8233), "�")


def in_one_line(text: str) -> str:
    """The text in one line without control characters, so that a tool cannot forge a line of a log."""
    return re.sub(r"\s*[\r\n]+\s*", " ", text).translate(SIGNS | TURNED)


class ToolError(Exception):
    """Something at a tool did not work; `text` is for people, one line, and holds no secret."""

    def __init__(self, text: str) -> None:
        self.text = redacted(in_one_line(text))
        super().__init__(self.text)


class Refused(ToolError):
    """The tool refuses, or its content does not permit it; it stays so until a person changes something."""


class TryLater(ToolError):
    """Nothing was done; worth another try at the time `at` (aware), or `after` a while from now."""

    def __init__(self, text: str, *, at: datetime | None = None, after: timedelta | None = None) -> None:
        super().__init__(text)
        self.at = at
        self.after = after

    def due(self, now: datetime) -> datetime:
        """When to try again, seen from `now`."""
        if self.at is not None:
            return max(self.at, now)
        return now + (self.after or timedelta())


class OutcomeUnknown(ToolError):
    """It was sent and no answer came; only reading the tool shows whether it was carried out."""


class Skip(ToolError):
    """This one item cannot be done; the others can."""
