"""Kept reports for readers who may not see a project that was restricted after they were written.

The kept file stays as it is; what is handed out is without the project's names. Names are found as text: the
title that it has or ever had, whole or as pages cut it, and its key. Refuses to hand out a page in which a
name is left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from markupsafe import escape

from reports.words import clean

CUTS = (30, 40, 60, 80, 90)
"""At how many characters pages cut a title."""
LEAST = 24
"""Characters of a title by which one that was cut otherwise is still found."""


@dataclass(frozen=True)
class Names:
    """All names of projects that one reader may not see."""

    titles: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.titles or self.keys)

    def masked(self, page: bytes, instead: str) -> bytes | None:
        """The page (HTML, UTF-8) with these words in place of each name; None where one is left."""
        text = self._whole.sub(lambda _: str(escape(instead)), page.decode())
        return None if self._begun.search(text) else text.encode()

    def stand_in(self, text: str) -> bool:
        """Whether one of the names stands in a text as it is, or as HTML has it."""
        return self._begun.search(text) is not None

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        titles = {clean(title, most) for title in self.titles for most in (*CUTS, len(title) + 1)}
        return _any([*titles, *self.keys])

    @cached_property
    def _begun(self) -> re.Pattern[str]:
        begun = {title if len(title) <= LEAST else title[:LEAST] for title in map(clean, self.titles)}
        return _any([*begun, *self.keys], ends=False)


def _any(names: Iterable[str], *, ends: bool = True) -> re.Pattern[str]:
    """Any of the names, as a text, HTML or JSON has it, the longest first; none for no names."""
    said = {
        name
        for each in names
        if each
        for name in (each, str(escape(each)), json.dumps(each, ensure_ascii=False)[1:-1])
    }
    listed = "|".join(re.escape(each) for each in sorted(said, key=lambda each: (-len(each), each)))
    end = r"(?!\w)" if ends else ""
    return re.compile(rf"(?<!\w)(?:{listed}){end}" if listed else r"(?!)")
