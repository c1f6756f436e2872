"""A page behind a report for a reader who may open some of those that it links to, and not all of them.

Only links that we made ourselves are looked at: what others wrote is escaped in these pages and makes none.
Refuses to change anything but links: the text of one that opens nothing stays as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def with_links(page: bytes, opens: Callable[[str], bool]) -> bytes:
    """The page (UTF-8) without the links that `opens` says no to; links within the page stay."""

    def shown(found: re.Match[str]) -> str:
        return found[0] if found[1].startswith("#") or opens(found[1]) else found[2]

    return LINK.sub(shown, page.decode()).encode()
