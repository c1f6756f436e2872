"""The answers about each office: by options, else asked on a terminal, else left as places to fill in.

Refuses an answer that the files could not hold, and to go on when no answer comes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from cli.init.inputs import Input
from cli.init.looked import Looked
from config.places import country, currency, currency_of, time_zone
from config.problems import WrongValue
from config.skeleton import (
    LONGEST_ID,
    TEMPLATE,
    Addition,
    CannotAdd,
    Standing,
    id_of,
    office_id,
    standing_of,
)
from config.skeleton_entries import OfficeSaid
from domain.words import counted
from runtime.problem import Problem, UsageProblem

Check = Callable[[str], str]
FIELDS = ("office", "tool", "name", "country", "time_zone", "currency", "language", "head")


def an_id(text: str) -> str:
    """The text where it is an id. Raises WrongValue with the one that it could be."""
    if office_id(text) != text:
        raise WrongValue(f"{text} is no id", f"write {office_id(text)}")
    return text


def a_line(text: str) -> str:
    """Any text of one line."""
    return " ".join(text.split())


CHECKS: dict[str, Check] = {
    "office": an_id,
    "tool": an_id,
    "country": country,
    "time_zone": time_zone,
    "currency": currency,
}


@dataclass
class Answering:
    """Where the answers come from: the options, a terminal, what stands in the folder."""

    given: dict[str, list[str]]
    asks: bool
    adds: bool
    copies: bool
    there: Standing
    inputs: Sequence[Input] = ()
    taken: set[str] = field(default_factory=set)
    named: dict[str, str] = field(default_factory=dict)
    """The names of people by the ids that were made of them."""

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Answering:
        """The answers that the options give, each checked. Raises UsageProblem."""
        adds = arguments.add is not None
        if adds and not arguments.folder.is_dir():
            raise UsageProblem(f"{arguments.folder} is no folder -> leave out --add to make it")
        given = {name: list(getattr(arguments, name)) for name in FIELDS}
        for name, texts in given.items():
            for text in texts:
                try:
                    CHECKS.get(name, a_line)(text)
                except WrongValue as wrong:
                    raise UsageProblem(f"--{name.replace('_', '-')}: {wrong}") from None
        asks = not arguments.no_questions and sys.stdin.isatty() and sys.stdout.isatty()
        try:
            there = standing_of(arguments.folder if adds else TEMPLATE)
        except CannotAdd as reason:
            raise Problem(str(reason)) from None
        return cls(given, asks, adds, arguments.copy is not None, there)

    def fits(self, inputs: Sequence[Input]) -> None:
        """Raises UsageProblem unless there is one answer of each kind for all inputs, or one for each."""
        self.inputs = inputs
        for name, texts in self.given.items():
            option = f"--{name.replace('_', '-')}"
            if texts and not inputs:
                what = "is about an office's file or server"
                raise UsageProblem(f"{option} {what} -> give one with it, as in --workbook FILE")
            alone = name in ("office", "tool", "name")
            if len(texts) not in ((0, len(inputs)) if alone else (0, 1, len(inputs))):
                each = "one for each" if alone else "one, or one for each"
                many = f"{counted(len(texts), 'time')} for {counted(len(inputs), 'input')}"
                raise UsageProblem(f"{option} is given {many} -> {each}")
        for one in inputs:
            if one.office and office_id(one.office) != one.office:
                raise UsageProblem(f"{one.office} is no id -> write {office_id(one.office)}")
        names = [
            one.office or self._option("office", n) or (office_id(one.file.stem) if one.file else "")
            for n, one in enumerate(inputs)
        ]
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice and not self.asks and not self.given["tool"]:
            raise UsageProblem(
                f"two inputs are for the office {twice[0]} -> give each its own, FILE=OFFICE, or each tool "
                "its own id with --tool"
            )

    def _option(self, name: str, n: int) -> str:
        texts = self.given[name]
        return texts[n] if len(texts) > 1 else texts[0] if texts else ""

    def proposed(self, n: int, looked: Looked) -> str:
        """The office id that was given, or is proposed."""
        return self.inputs[n].office or self._option("office", n) or looked.suggested

    def addition(self, n: int, looked: Looked, folder: Path) -> Addition:
        """What is added for one input, everything about its office answered or left open."""
        office = self._office_id(n, looked)
        there = office in self.there.offices or office in self.taken
        self.taken.add(office)
        tool = self._option("tool", n) or f"{office}-{looked.suffix}"
        copy = looked.copy_place(self._option("tool", n) or office) if self.copies else None
        entries = looked.entries(office, tool, folder, copy[1] if copy else "")
        further = bool(self.given["tool"])
        if there:
            return Addition(OfficeSaid(office), entries, copy=copy, further=further)
        name = self._answer("name", n, "the office's name", looked.title if self.asks else "")
        land = self._answer("country", n, "its country (DE, or DE-BY)", self.there.country)
        zone = self._answer("time_zone", n, "its time zone", _zone(land) or self.there.time_zone)
        money = self._answer("currency", n, "its currency", currency_of(land) or self.there.currency)
        head = self._head(n)
        person = self._person(head, office) if head else ""
        said = OfficeSaid(
            office,
            name,
            land,
            zone,
            money,
            self._option("language", n),
            person,
            _zone(land),
            currency_of(land),
        )
        return Addition(said, entries, head, copy)

    def _person(self, head: str, office: str) -> str:
        """The id of who heads an office: the one that is there, else one made of the name.

        Where the name gives none, as one in Arabic, or gives another person's, it is made of the office's id.
        """
        if head in self.there.people:
            return head
        known = next((key for key, name in self.named.items() if name == head), "")
        if known:
            return known
        made = id_of(head)
        is_whole = all(id_of(letter) for letter in head if letter.isalpha())
        if not made or made in self.named or (made in self.there.people and not is_whole):
            made = f"head-of-{office}"[:LONGEST_ID].strip("-")
        self.named[made] = head
        return made

    def _office_id(self, n: int, looked: Looked) -> str:
        given = self.inputs[n].office or self._option("office", n)
        if given or not self.asks:
            return given or looked.suggested
        while True:
            office = ask("the office's id", looked.suggested, an_id)
            if (office in self.taken or office in self.there.planning) and not self.given["tool"]:
                print(f"  {office} has its tool already -> name another office")
            else:
                return office

    def _head(self, n: int) -> str:
        people = ", ".join(self.there.people[:5])
        return self._answer("head", n, f"who heads it (an id: {people}; or a name)", self.there.head)

    def _answer(self, name: str, n: int, label: str, proposal: str) -> str:
        """The answer of an option, else of the terminal, else none."""
        given = self._option(name, n)
        if given or not self.asks:
            return given
        return ask(label, proposal, CHECKS.get(name, a_line))


def ask(label: str, proposal: str, check: Check) -> str:
    """An answer on the terminal; Enter takes the proposal. Raises Problem when no answer comes."""
    while True:
        try:
            text = input(f"  {label} [{proposal}]: ").strip() or proposal
        except EOFError:
            raise Problem(
                "no answer came, and nothing was written -> answer by options, as in --office ID"
            ) from None
        try:
            return check(text) if text else ""
        except WrongValue as wrong:
            print(f"  {wrong}")


@cache
def _zones() -> dict[str, str]:
    """The first time zone of each country."""
    found: dict[str, str] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found.setdefault(code, zone)
    return found


def _zone(land: str) -> str:
    return _zones().get(land[:2], "")
