"""A YAML file as plain values with the line of each: it refuses what is read differently than it looks.

Refused are duplicate keys, anchors and aliases, tags, tabs, several documents in one file, byte order marks,
other encodings than UTF-8, and files that are too large or nested too deeply; characters that are invisible
or disguise others, wherever they stand (`config/characters.py`); and numbers in any form but plain digits.
YAML 1.2 applies: `no` and `17:00` are texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.characters import named, unfit
from config.problems import Problem, Problems
from domain.standards.standard import Where

MOST_BYTES = 400_000
DEEPEST = 20
LARGEST_INTEGER = 2**53
MOST_TOLD = 10
"""Most lines of one file that are reported for a character that is not permitted."""
PROSE = frozenset({"applies", "changes", "check", "reason", "remedy"})
"""The keys whose texts may have several lines. All others are names, ids and the like: one line each."""
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)\.?[0-9]*|\.[0-9]+)")
LONGEST_FORM = 20
NAMED = {"timestamp": "date or time"}
TAG = "tag:yaml.org,2002:"
MARKS = {b"\xef\xbb\xbf": "UTF-8 with", b"\xff\xfe": "UTF-16 with", b"\xfe\xff": "UTF-16 with"}

At: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The mapping in one file; `lines` has the line (from 1) of every key and list entry."""

    file: str
    value: Mapping[str, object]
    lines: Mapping[At, int]

    def where(self, *at: str | int) -> Where:
        """The place of a key or list entry; of one that is not there, the nearest place around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return Where(self.file, self.lines.get(at, 1))


def read(folder: Path, file: str, problems: Problems) -> YamlDocument | None:
    """The document in `folder/file`; None, with the reasons in `problems`, where it cannot be used."""
    for char in unfit(file):
        problems.add(Where(file, 1), f"the name of the file holds {char.name}", "rename the file")
        return None
    raw = _bytes(folder / file, file, problems)
    if raw is None:
        return None
    return _told(raw, file, problems)


def read_text(text: str, file: str, problems: Problems) -> YamlDocument | None:
    """The document in a text that would stand in `file`; None, with the reasons, where it cannot be used."""
    return _told(text.encode("utf-8"), file, problems)


def _told(raw: bytes, file: str, problems: Problems) -> YamlDocument | None:
    document, found = _understood(raw, file)
    for problem in found:
        problems.add(problem.where, problem.message, problem.instead)
    return document


@lru_cache(maxsize=256)
def _understood(raw: bytes, file: str) -> tuple[YamlDocument | None, tuple[Problem, ...]]:
    """The document in these bytes, or what is wrong with them. The same bytes are not parsed again."""
    problems = Problems()
    text = _text(raw, file, problems)
    root = None if text is None else _composed(text, file, problems)
    if root is None:
        return None, tuple(problems.errors)
    reading = _Reading(file, problems)
    value = reading.value(root, ())
    if isinstance(value, dict):
        document = None if problems.errors else YamlDocument(file, value, reading.lines)
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
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as reason:
        line = raw[: reason.start].count(b"\n") + 1
        problems.add(Where(file, line), "the file is not UTF-8", "save it as UTF-8")
        return None
    lines = enumerate(text.split("\n"), 1)
    unseen = [(number, char) for number, line in lines for char in islice(unfit(line), 1)]
    for number, char in unseen[:MOST_TOLD]:
        problems.add(Where(file, number), f"{char.name} stands here", char.instead)
    return None if unseen else text


def _composed(text: str, file: str, problems: Problems) -> Node | None:
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        problems.add(Where(file, 1), "the file is nested too deeply", "flatten it")
    except MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        what = " ".join(str(reason.problem or reason.context or "it cannot be read").split())
        problems.add(Where(file, mark.line + 1 if mark else 1), f"not YAML: {what}", _repair(what))
    except (YAMLError, ValueError, AttributeError, IndexError, KeyError, TypeError, AssertionError) as reason:
        # Errors inside the parser, on texts that no editor writes.
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
            if wrong := _unfit(name, several_lines=False):
                self.problems.add(Where(self.file, line), f"a key holds {wrong[0]}", wrong[1])
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
        if wrong := _unfit(text.rstrip("\n"), several_lines=bool(at) and at[-1] in PROSE):
            what = f"`{at[-1]}`" if at and isinstance(at[-1], str) else "what stands here"
            return self.refuse(at, f"{what} holds {wrong[0]}", wrong[1])
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
        """An integer that JSON can hold, written in plain digits."""
        if WHOLE.fullmatch(text) is None:
            return self.odd(text, at)
        if len(text) > LONGEST_FORM or abs(int(text)) > LARGEST_INTEGER:
            return self.refuse(at, "the number is too large", "write it in quotes if it is a text")
        return int(text)

    def number(self, text: str, at: At) -> object:
        """A number with decimals, written in plain digits."""
        plain = DECIMAL.fullmatch(text) is not None
        if text.lstrip("+-").lower() in (".inf", ".nan") or (plain and not isfinite(float(text))):
            return self.refuse(at, f"`{text[:40]}` is no finite number", "write digits, or remove it")
        return float(text) if plain else self.odd(text, at)

    def odd(self, text: str, at: At) -> object:
        """Refuse a number that is read differently than it looks: `0x10`, `010`, `1_000`, `1e3`."""
        meant = _in_digits(text)
        instead = f"write {meant}" if meant else "write digits only"
        return self.refuse(
            at, f"`{text[:40]}` is no number in plain digits", f"{instead}, or put it in quotes as a text"
        )

    def refuse(self, at: At, message: str, instead: str) -> object:
        """Add a problem at the key or entry itself; the value is None."""
        self.problems.add(Where(self.file, self.lines[at]), message, instead)
        return None


def _unfit(text: str, *, several_lines: bool) -> tuple[str, str] | None:
    """The first character of a text that is not permitted, and what to do; None where there is none."""
    for found in unfit(text):
        return found.name, found.instead
    for char, instead in (("\n", "write it on one line"), ("\t", "write a space instead")):
        if char in text and not several_lines:
            return named(char), instead
    return None


def _in_digits(text: str) -> str:
    """A number in another form written in plain digits; empty where it is no number, or too long."""
    plain = text.replace("_", "").lower()
    try:
        if plain.lstrip("+-")[:2] in ("0x", "0o", "0b"):
            return str(int(plain, 0)) if len(plain) <= LONGEST_FORM else ""
        value = Decimal(plain)
        return f"{value.normalize():f}" if abs(value.adjusted()) <= LONGEST_FORM else ""
    except (InvalidOperation, ValueError):
        return ""
