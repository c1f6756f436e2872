"""Descriptions that are HTML: their text for reading, and our lines in a block of their own.

What else stands in a description is the office's and stays byte for byte. Refuses to format anything: text
becomes paragraphs, and none of it is read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from lxml import html

from connectors.tickets.lines import MARK, apart, together

BLOCK = re.compile(r'<pre class="interoffice">.*?</pre>', re.DOTALL | re.IGNORECASE)
LOOSE = re.compile(r"<pre[^>]*>\s*" + re.escape(MARK) + r".*?</pre>", re.DOTALL | re.IGNORECASE)
"""Our block as returned by a tool that removes attributes."""
BREAKS = ("p", "div", "br", "li", "tr", "pre", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote")


def plain(source: str) -> str:
    """The text of HTML, a line for every paragraph."""
    if not source.strip():
        return ""
    root = html.fragment_fromstring(source, create_parent="div")
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.lower() in BREAKS and element is not root:
            element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def read(source: str) -> tuple[str, dict[str, str]]:
    """The text of a description and our lines in it."""
    blocks = BLOCK.findall(source) or LOOSE.findall(source)
    rest = LOOSE.sub("", BLOCK.sub("", source))
    lines = apart(html.fragment_fromstring(blocks[-1]).text_content())[1] if blocks else {}
    return plain(rest), lines


def written(source: str, lines: Mapping[str, str], text: str | None = None) -> str:
    """A description with these lines; its other content stays, or becomes `text` where one is given."""
    kept = LOOSE.sub("", BLOCK.sub("", source)) if text is None else paragraphs(text)
    if not lines:
        return kept
    return f'{kept}<pre class="interoffice">{escape(together("", lines), quote=False)}</pre>'


def paragraphs(text: str) -> str:
    """A text as HTML that shows it."""
    return (
        "".join(f"<div>{escape(line, quote=False) or '<br>'}</div>" for line in text.split("\n"))
        if text
        else ""
    )
