"""A YAML file as plain values with the line of each: it refuses whatever reads differently than it looks.

Refused are duplicate keys, anchors and aliases, tags, tabs, several documents in one file, byte order
marks, other encodings than UTF-8, and files that are too large or nested too deeply. YAML 1.2 holds:
`no` and `17:00` are texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.problems import Problem, Problems
from domain.standard import Where

MOST_BYTES = 400_000
DEEPEST = 20
LARGEST_INTEGER = 2**53
NAMED = {"timestamp": "date or time", "int": "number", "float": "number"}
TAG = "tag:yaml.org,2002:"
MARKS = {b"\xef\xbb\xbf": "UTF-8 with", b"\xff\xfe": "UTF-16 with", b"\xfe\xff": "UTF-16 with"}

At: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The mapping that stands in one file; `lines` has the line (from 1) of every key and list entry."""

    file: str
    value: Mapping[str, object]
    lines: Mapping[At, int]

    def where(self, *at: str | int) -> Where:
        """The place of a key or list entry; of what is not there, the nearest place around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return Where(self.file, self.lines.get(at, 1))


def read(folder: Path, file: str, problems: Problems) -> Document | None:
    """The document in `folder/file`; None, with the reasons in `problems`, where it cannot be used."""
    raw = _bytes(folder / file, file, problems)
    if raw is None:
        return None
    document, found = _understood(raw, file)
    for problem in found:
        problems.add(problem.where, problem.message, problem.instead)
    return document


@lru_cache(maxsize=256)
def _understood(raw: bytes, file: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """What bytes say, or what is wrong with them. Those that were read before are not taken apart again."""
    problems = Problems()
    text = _text(raw, file, problems)
    root = None if text is None else _composed(text, file, problems)
    if root is None:
        return None, tuple(problems.errors)
    reading = _Reading(file, problems)
    value = reading.value(root, ())
    if isinstance(value, dict):
        document = None if problems.errors else Document(file, value, reading.lines)
        return document, tuple(problems.errors)
    problems.add(Where(file, reading.lines.get((), 1)), "this is not a mapping", "write `key: value` lines")
    return None, tuple(problems.errors)


def _bytes(path: Path, file: str, problems: Problems) -> bytes | None:
    try:
        if path.stat().st_size <= MOST_BYTES:
            return path.read_bytes()
    except OSError as reason:
        problems.add(Where(file, 1), f"cannot be read: {reason.strerror or reason}", "make it readable")
        return None
    problems.add(Where(file, 1), f"the file is larger than {MOST_BYTES:,} bytes", "split or shorten it")
    return None


def _text(raw: bytes, file: str, problems: Problems) -> str | None:
    for mark, name in MARKS.items():
        if raw.startswith(mark):
            problems.add(Where(file, 1), f"the file is {name} a byte order mark", "save it as plain UTF-8")
            return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as reason:
        line = raw[: reason.start].count(b"\n") + 1
        problems.add(Where(file, line), "the file is not UTF-8", "save it as UTF-8")
        return None


def _composed(text: str, file: str, problems: Problems) -> Node | None:
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        problems.add(Where(file, 1), "the file is nested too deeply", "flatten it")
    except MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        what = " ".join(str(reason.problem or reason.context or "it cannot be read").split())
        problems.add(Where(file, mark.line + 1 if mark else 1), f"not YAML: {what}", _repair(what))
    except YAMLError as reason:
        line = text[: getattr(reason, "position", 0) or 0].count("\n") + 1
        what = getattr(reason, "reason", "") or "it cannot be read"
        problems.add(Where(file, line), f"not YAML: {what}", "remove what is no text")
    except (ValueError, AttributeError, IndexError, KeyError, TypeError, AssertionError) as reason:
        # The parser's own faults on texts that no editor writes.
        problems.add(Where(file, 1), f"not YAML: {type(reason).__name__} while reading", "write plain YAML")
    else:
        if root is None:
            problems.add(Where(file, 1), "the file is empty", "write `key: value` lines, or remove the file")
        return root
    return None


def _repair(what: str) -> str:
    if "\\t" in what:
        return "indent with spaces, never with tabs"
    if "another document" in what:
        return "keep one document in a file: remove the `---` line"
    if "mapping values" in what:
        return "put the value in quotes, or a line break before it"
    if "alias" in what:
        return "write the value out; aliases are not read"
    return "check indentation, quotes and brackets on this line and the one before"


def _half_characters(text: str) -> bool:
    """Whether a text has a lone surrogate, which no file and no screen can hold."""
    return any("\ud800" <= each <= "\udfff" for each in text)


@dataclass(slots=True)
class _Reading:
    """One walk through the nodes of a file."""

    file: str
    problems: Problems
    lines: dict[At, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def value(self, node: Node, at: At) -> object:
        """The plain value of a node; what cannot be used is a problem and becomes None."""
        self.lines.setdefault(at, node.start_mark.line + 1)
        if id(node) in self.seen:
            return self.refuse(at, "an alias stands here", "write the value out; aliases are not read")
        self.seen.add(id(node))
        if len(at) > DEEPEST:
            return self.refuse(at, "the file is nested too deeply", "flatten it")
        if isinstance(node, MappingNode):
            return self.mapping(node, at)
        if isinstance(node, SequenceNode):
            return [self.value(entry, (*at, n)) for n, entry in enumerate(node.value)]
        return self.scalar(node, at)

    def mapping(self, node: MappingNode, at: At) -> object:
        """A mapping by the text of its keys."""
        found: dict[str, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self.problems.add(Where(self.file, line), "a key is a list or a mapping", "write a word")
                continue
            name = str(key.value)
            if _half_characters(name):
                self.problems.add(Where(self.file, line), "half of a character stands here", "write a word")
                continue
            if key.tag == f"{TAG}merge" or name == "<<":
                self.problems.add(Where(self.file, line), "`<<` merges are not read", "write the keys out")
                continue
            if name in found:
                first = self.lines[(*at, name)]
                what = f"`{name}` stands here twice, first on line {first}"
                self.problems.add(Where(self.file, line), what, "keep one of them")
                continue
            self.lines[(*at, name)] = line
            found[name] = self.value(value, (*at, name))
        return found

    def scalar(self, node: Node, at: At) -> object:
        """A single value by its YAML 1.2 type."""
        kind, text = str(node.tag).removeprefix(TAG), str(node.value)
        if _half_characters(text):
            return self.refuse(at, "half of a character stands here", "write the whole character")
        try:
            match kind:
                case "str":
                    return text
                case "null":
                    return None
                case "bool":
                    return text.casefold() in ("true", "yes", "on")
                case "int":
                    return self.whole(text, at)
                case "float":
                    return self.number(text, at)
                case "timestamp":
                    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            what = NAMED.get(kind, kind)
            return self.refuse(at, f"`{text[:40]}` is no {what}", "correct it, or put it in quotes as a text")
        return self.refuse(at, f"the tag `{kind[:40]}` is not read", "write a plain value")

    def whole(self, text: str, at: At) -> object:
        """An integer that JSON can hold."""
        plain = text.replace("_", "")
        value = int(plain, 0) if plain.lstrip("+-")[:2].lower() in ("0x", "0o", "0b") else int(plain)
        if abs(value) > LARGEST_INTEGER:
            return self.refuse(at, "the number is too large", "write it in quotes if it is a text")
        return value

    def number(self, text: str, at: At) -> object:
        """A finite number."""
        value = float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
        if not isfinite(value):
            return self.refuse(at, f"`{text[:40]}` is no finite number", "write digits, or remove it")
        return value

    def refuse(self, at: At, message: str, instead: str) -> object:
        """A problem at the key or entry itself; the value is nothing."""
        self.problems.add(Where(self.file, self.lines[at]), message, instead)
        return None
