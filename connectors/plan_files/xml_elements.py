"""The elements of a large XML file one by one, with their lines, so that memory holds one of them at a time.

The file was found well-formed and without a DOCTYPE before. Refuses more elements of a section than are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ParserCreate

from connectors.errors import Refused

AT_ONCE = 1 << 16
SECTION, MEMBER = 2, 3
"""How deep a section of the project and its members stand."""


@dataclass(slots=True)
class Element:
    """An element: its name, its line, its text where it has no elements in it, and these."""

    name: str
    line: int
    text: str = ""
    kids: list[Element] = field(default_factory=list)

    def kid(self, name: str) -> Element | None:
        """The first element of that name."""
        return next((each for each in self.kids if each.name == name), None)

    def said(self, name: str) -> str:
        """The stripped text of the first element of that name; empty where there is none."""
        found = self.kid(name)
        return found.text.strip() if found else ""

    def all(self, name: str) -> Iterator[Element]:
        """Every element of that name."""
        return (each for each in self.kids if each.name == name)


class _Reading:
    """Builds the elements of the parser's events."""

    def __init__(self, name: str, limits: Mapping[str, int], passed_over: Collection[str]) -> None:
        self.name, self.limits, self.passed_over = name, limits, passed_over
        self.ready: list[tuple[str, Element]] = []
        self.counts: dict[str, int] = {}
        self.stack: list[Element] = []
        self.texts: list[str] = []
        self.skipped = 0
        self.parser = ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.begin, self.end
        self.parser.CharacterDataHandler = self.texts.append

    def begin(self, tag: str, _: Mapping[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.texts.clear()
        if self.skipped or name in self.passed_over:
            self.skipped += 1
            if self.skipped == 1:
                # That it is there is told, without what is in it.
                self.stack[-1].kids.append(Element(name, self.parser.CurrentLineNumber))
            return
        element = Element(name, self.parser.CurrentLineNumber)
        if len(self.stack) >= MEMBER:
            self.stack[-1].kids.append(element)
        self.stack.append(element)

    def end(self, _: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        element = self.stack.pop()
        element.text = "" if element.kids else "".join(self.texts)
        self.texts.clear()
        depth = len(self.stack)
        if depth == MEMBER - 1:
            section = self.stack[-1].name
            self.counts[section] = self.counts.get(section, 0) + 1
            most = self.limits.get(section)
            if most is not None and self.counts[section] > most:
                raise Refused(
                    f"{self.name}, line {element.line}: it has more than {most:,} {section.lower()}; "
                    "split the plan into several files"
                )
            self.ready.append((section, element))
        elif depth == SECTION - 1 and element.name not in self.counts:
            self.ready.append(("", element))


def elements(
    data: bytes, name: str, limits: Mapping[str, int], passed_over: Collection[str] = ()
) -> Iterator[tuple[str, Element]]:
    """Each member of a section with the section's name, and each plain element of the root with an empty one.

    `limits` say how many members a section may have; what is `passed_over` keeps its name alone.
    """
    reading = _Reading(name, limits, passed_over)
    for at in range(0, len(data), AT_ONCE):
        reading.parser.Parse(data[at : at + AT_ONCE], False)  # noqa: FBT003 - expat's own way
        yield from reading.ready
        reading.ready.clear()
    reading.parser.Parse(b"", True)  # noqa: FBT003 - expat's own way
    yield from reading.ready
