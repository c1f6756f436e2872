"""Feedback and objections as they stand in an office's tool: lines with terms, and the reason around them.

    about: rule delivery-method/2.0 plan-size
    cause: regulatory
    The port authority demands two plans of each site.

What has a line `about`, and none that names the rule of a deviation, raises a case.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.cases.asking import ONCE, SEVERAL
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.deviations.written import said
from domain.ids import ProjectKey, own_id
from domain.language import Message
from domain.plans.project import Requested

OWN = ("about", "objection", "project")
YES = frozenset({"yes", "true", "1", "ja", "oui", "sí", "si", "sim"})
NO = frozenset({"no", "false", "0", "nein", "non", "não", "nao"})


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """What a ticket or row raises: what it is about, whether it objects, the terms, the reason."""

    about: str
    objection: bool
    terms: str
    reason: str


def raises_a_case(requested: Requested) -> bool:
    """Whether it says what feedback is about, and asks for no deviation."""
    own = said(requested.text, (*OWN, "rule"), ()).own
    return "about" in own and "rule" not in own


def read_case(requested: Requested, office: str) -> WrittenCase:
    """What a ticket or row of an office raises, for the project in which it stands unless it names another.

    Raises Flawed for an `objection` that is neither yes nor no.
    """
    found = said(requested.text, OWN, (*(each for each in ONCE if each not in OWN), *SEVERAL))
    objects = found.own.get("objection", "no").strip().casefold()
    if objects not in YES | NO:
        what, instead = Message("{given} is neither yes nor no"), Message("write `objection: yes`")
        raise Flawed((Flaw("objection", what, instead, given=quoted(objects, 20)),))
    project = found.own.get("project", requested.project)
    key = (f"project={ProjectKey(office, own_id(office, project))}",) if project else ()
    return WrittenCase(found.own["about"], objects in YES, "; ".join((*found.terms, *key)), found.reason)
