"""A request for a deviation as it stands in an office's tool: lines with terms, and the reason around them.

    rule: delivery-method/2.0 plan-size
    last: 2027-03-18
    limit: 5
    The yard delivers two weeks later than it said.

Refuses to guess: a line that begins with no known name is part of the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from domain.deviations.entries import parted
from domain.deviations.flaws import Flaw
from domain.deviations.terms import ONCE, SEVERAL
from domain.ids import ProjectKey, own_id
from domain.language import Message
from domain.plans.project import Requested

CLASSES = ("office", "program")
REASONS = ("why", "reason")
TERMS = "terms"
OWN = ("rule", "project")
LINE = re.compile(r"[\s>*\u2022-]*(?P<name>[A-Za-z_ ]{3,20}?)[*_]*\s*[:=][*_]*\s*(?P<value>\S.*?)\s*")
NO_RULE = Flaw(
    "rule", Message("it names no rule"), Message("write a line such as `rule: delivery-method/2.0 plan-size`")
)


@dataclass(frozen=True, slots=True)
class Said:
    """What lines say: those that stand for themselves, the terms as `name=value`, and the reason."""

    own: dict[str, str]
    terms: tuple[str, ...]
    reason: str


def said(text: str, own: Collection[str], terms: Collection[str]) -> Said:
    """The lines of a ticket or row; of two that stand for themselves the second one is a term, and a flaw."""
    found: dict[str, str] = {}
    told: list[str] = []
    reason: list[str] = []
    for line in text.splitlines():
        match = LINE.fullmatch(line)
        name = match["name"].strip().lower().replace(" ", "_") if match else ""
        if match is None or name not in {*own, *terms, *REASONS, TERMS}:
            reason.append(line.strip())
        elif name in REASONS:
            reason.append(match["value"])
        elif name == TERMS:
            told += parted(match["value"])
        elif name in own and name not in found:
            found[name] = match["value"]
        else:
            told.append(f"{name}={match['value']}")
    return Said(found, tuple(told), " ".join(filter(None, reason)))


@dataclass(frozen=True, slots=True)
class Written:
    """What a request says: the project's key, the rule, the version before it, the terms, the reason."""

    project: str
    rule: str
    version: str
    terms: tuple[str, ...]
    reason: str

    @property
    def lacks(self) -> tuple[Flaw, ...]:
        """What is missing that no other check says."""
        return () if self.rule else (NO_RULE,)


def read(requested: Requested, office: str) -> Written:
    """What a ticket or row of an office asks for.

    It is for the project in which it stands, unless it names another of that office, or a class.
    """
    found = said(requested.text, OWN, (*ONCE, *SEVERAL))
    own, terms = found.own, found.terms
    of_class = any(entry.startswith(f"{name}=") for entry in terms for name in CLASSES)
    version, _, rule = own.get("rule", "").rpartition(" ")
    project = own.get("project", "" if of_class else requested.project)
    project = str(ProjectKey(office, own_id(office, project))) if project else ""
    return Written(project, rule, version.strip(), terms, found.reason)
