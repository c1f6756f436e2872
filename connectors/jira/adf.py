"""Descriptions in Jira Cloud's Atlassian Document Format: their text for reading, our lines in one node.

Our lines are a code block that begins with our mark. Every other node is the office's and stays as it is,
known to us or not. Refuses to format anything: text becomes paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.tickets.lines import MARK, apart, together

INLINE = frozenset(
    {"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status", "placeholder", "mediaInline"}
)


def plain(node: object) -> str:
    """The text of a document or node, a line for every paragraph; empty for what has no text."""
    if not isinstance(node, Mapping):
        return ""
    inside = node.get("content")
    if not isinstance(inside, list):
        return _inline(node)
    if any(isinstance(each, Mapping) and each.get("type") in INLINE for each in inside):
        return "".join(plain(each) for each in inside)
    return "\n".join(plain(each) for each in inside if _says(each))


def _says(node: object) -> bool:
    """Whether a block holds text or is an empty line; pictures and rulers are neither."""
    return isinstance(node, Mapping) and ("content" in node or node.get("type") == "paragraph")


def _inline(node: Mapping[str, Any]) -> str:
    given = node.get("attrs")
    attributes = given if isinstance(given, Mapping) else {}
    match node.get("type"):
        case "text":
            return str(node.get("text", ""))
        case "hardBreak":
            return "\n"
        case "date":
            return _day(attributes.get("timestamp"))
        case "inlineCard" | "blockCard":
            return str(attributes.get("url", ""))
        case _:
            return str(attributes.get("text") or attributes.get("shortName") or "")


def _day(milliseconds: object) -> str:
    try:
        return datetime.fromtimestamp(int(str(milliseconds)) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def read(document: object) -> tuple[str, dict[str, str]]:
    """The text of a description, and our lines in it."""
    nodes = list(_nodes(document))
    ours = [node for node in nodes if _ours(node)]
    text = plain({"content": [node for node in nodes if not _ours(node)]})
    return text, apart(plain(ours[-1]))[1] if ours else {}


def written(document: object, lines: Mapping[str, str], text: str | None = None) -> dict[str, object]:
    """A description with these lines where ours were, or at its end; the rest stays, or becomes `text`."""
    nodes = list(_nodes(document))
    at = next((place for place, node in enumerate(nodes) if _ours(node)), len(nodes))
    before, after = nodes[:at], [node for node in nodes[at:] if not _ours(node)]
    if text is not None:
        before, after = paragraphs(text), []
    block = [{"type": "codeBlock", "content": [_text(together("", lines).rstrip("\n"))]}] if lines else []
    frame = {"version": 1, "type": "doc", **(document if isinstance(document, Mapping) else {})}
    return {**frame, "content": [*before, *block, *after]}


def paragraphs(text: str) -> list[dict[str, Any]]:
    """A text as paragraphs, one for every line."""
    return [
        {"type": "paragraph", "content": [_text(line)] if line else []}
        for line in (text.split("\n") if text else ())
    ]


def whole(text: str) -> dict[str, object]:
    """A text as a document of its own."""
    return {"version": 1, "type": "doc", "content": paragraphs(text)}


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def _nodes(document: object) -> Iterator[dict[str, Any]]:
    inside = document.get("content") if isinstance(document, Mapping) else None
    if isinstance(inside, list):
        yield from (node for node in inside if isinstance(node, dict))


def _ours(node: Mapping[str, Any]) -> bool:
    return node.get("type") == "codeBlock" and plain(node).lstrip().startswith(MARK)
