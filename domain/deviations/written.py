"""A request for a deviation as it stands in an office's tool: lines with terms, and the reason around them.

    rule: delivery-method/2.0 plan-size
    last: 2027-03-18
    limit: 5
    The yard delivers two weeks later than it said.

Refuses to guess: a line that begins with no known name is part of the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.deviations.entries import parted
from domain.deviations.flaws import Flaw
from domain.deviations.terms import ONCE, SEVERAL
from domain.ids import ProjectKey, own_id
from domain.language import Message
from domain.plans.project import Requested

CLASSES = ("office", "program")
REASONS = ("why", "reason")
OWN = ("rule", "project", "terms", *REASONS)
LINE = re.compile(r"[\s>*\u2022-]*(?P<name>[A-Za-z_ ]{3,20}?)[*_]*\s*[:=][*_]*\s*(?P<value>\S.*?)\s*")
NO_RULE = Flaw(
    "rule", Message("it names no rule"), Message("write a line such as `rule: delivery-method/2.0 plan-size`")
)


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
    own: dict[str, str] = {}
    terms: list[str] = []
    reason: list[str] = []
    for line in requested.text.splitlines():
        found = LINE.fullmatch(line)
        name = found["name"].strip().lower().replace(" ", "_") if found else ""
        if found is None or name not in {*ONCE, *SEVERAL, *OWN}:
            reason.append(line.strip())
        elif name in REASONS:
            reason.append(found["value"])
        elif name == "terms":
            terms += parted(found["value"])
        elif name in OWN and name not in own:
            own[name] = found["value"]
        else:
            terms.append(f"{name}={found['value']}")
    of_class = any(entry.startswith(f"{name}=") for entry in terms for name in CLASSES)
    version, _, rule = own.get("rule", "").rpartition(" ")
    project = own.get("project", "" if of_class else requested.project)
    project = str(ProjectKey(office, own_id(office, project))) if project else ""
    return Written(project, rule, version.strip(), tuple(terms), " ".join(filter(None, reason)))
