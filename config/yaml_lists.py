"""An entry added to a list in a YAML file that people wrote: every byte that is there stays as it is.

The entry goes behind the last one of the list and behind the comments that belong to it. Refuses a list in
another form than one entry per `- ` line, and to add where the result would not read back as it should.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


class NotAList(Exception):
    """Nothing can be added there; the text says why, `line` is where."""

    def __init__(self, text: str, line: int = 1) -> None:
        super().__init__(text)
        self.line = line


def added(text: str, key: str, entry: Sequence[str]) -> str:
    """The text of a file with one more entry in the list under `key`.

    `entry` are the lines of a mapping, without the dash and without indentation: `id: porto`. Raises
    NotAList.
    """
    if not entry:
        raise ValueError("an entry has lines")
    newline = "\r\n" if "\r\n" in text else "\n"
    found = _list(text, key)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    if found is None:
        at, indent = len(lines), 2
        lines.append(f"{key}:{newline}")
        at += 1
    elif found.value:
        indent = int(found.start_mark.column)
        at = _behind(lines, _last_line(found), indent)
    else:
        at, indent = _opened(lines, found), 2
    ahead = " " * indent
    block = [f"{ahead}{'- ' if n == 0 else '  '}{line}".rstrip() + newline for n, line in enumerate(entry)]
    new = "".join([*lines[:at], *block, *lines[at:]])
    _reads_back(text, new, key, entry)
    return new


def _list(text: str, key: str) -> SequenceNode | None:
    """The list under a key of the top; None where the key is not there."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        raise NotAList("it is not YAML", mark.line + 1 if mark else 1) from None
    if root is None:
        return None
    if not isinstance(root, MappingNode):
        raise NotAList("it is not a mapping", int(root.start_mark.line) + 1)
    for name, value in root.value:
        if name.value == key:
            line = int(name.start_mark.line) + 1
            if isinstance(value, SequenceNode) and not (value.flow_style and value.value):
                return value
            if isinstance(value, ScalarNode) and not value.value:
                return SequenceNode(value.tag, [], name.end_mark, name.end_mark)
            raise NotAList(f"`{key}` does not have one entry per `- ` line", line)
    return None


def _last_line(node: Node) -> int:
    """The index of the last line that a node takes."""
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        return _last_line(node.value[-1])
    if isinstance(node, MappingNode) and node.value and not node.flow_style:
        return _last_line(node.value[-1][1])
    end = node.end_mark
    block = isinstance(node, ScalarNode) and node.style in ("|", ">")
    return int(end.line) - (1 if block and end.column == 0 else 0)


def _behind(lines: Sequence[str], last: int, indent: int) -> int:
    """The index behind a line and behind the comments below it that are deeper than the list's dashes."""
    at = last + 1
    for n in range(last + 1, len(lines)):
        line = lines[n].strip()
        if not line:
            continue
        if not line.startswith("#") or len(lines[n]) - len(lines[n].lstrip()) <= indent:
            break
        at = n + 1
    return at


def _opened(lines: list[str], empty: SequenceNode) -> int:
    """Take the brackets of an empty list out of its line; the index of the line behind it."""
    start, end = empty.start_mark, empty.end_mark
    n = int(start.line)
    if empty.flow_style and start.line == end.line:
        line = lines[n]
        rest = line[end.column :]
        head = line[: start.column].rstrip()
        lines[n] = head + (f"  {rest.lstrip()}" if rest.strip() else rest.lstrip(" \t"))
    elif empty.flow_style:
        raise NotAList("the brackets of an empty list stand on several lines", n + 1)
    return n + 1


def _reads_back(old: str, new: str, key: str, entry: Sequence[str]) -> None:
    """Raises NotAList unless the new text says what the old one said, and the entry."""
    yaml = YAML(typ="safe", pure=True)
    alone = "".join(f"{'- ' if n == 0 else '  '}{line}\n" for n, line in enumerate(entry))
    try:
        before, after, (wanted,) = (yaml.load(StringIO(text)) or {} for text in (old, new, alone))
    except YAMLError:
        after = None
    if after is None or after != {**before, key: [*(before.get(key) or []), wanted]}:
        raise NotAList(f"an entry of `{key}` added to it would not read back as it should")
