"""What is chosen in a form or a command: a simulation by its name or digest, a person by their opaque id.

It refuses to guess, and says which there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import cast

from domain.organization.office import Person
from domain.rollouts.choosing import DIGEST, SHORTEST, Named, NoSuchChoice, chosen
from store.unit import Unit

ASK = "ask them"
"""Chosen instead of an approver: the approvers are asked in their own tool."""
OPAQUE = re.compile(r"p-[0-9a-f]{16}")
"""What an opaque id of a person looks like; it is the pseudonym that stands in the ledger."""
NEWEST = 30
"""How many simulations may be chosen by name; older ones by digest."""


def simulations(unit: Unit, most: int = NEWEST) -> tuple[Named, ...]:
    """The simulations that were made, the newest first."""
    return tuple(_named(unit, digest) for digest in unit.simulations.digests()[:most])


def simulation_of(unit: Unit, text: str) -> str:
    """The digest of the simulation that a text means. Raises NoSuchChoice saying which there are."""
    asked = text.strip().lower()
    digests = unit.simulations.digests()
    if DIGEST.fullmatch(asked) and len(asked) >= SHORTEST:
        found = [digest for digest in digests if digest.startswith(asked)]
        if found:
            return chosen(text, [_named(unit, digest) for digest in found]).digest
    return chosen(text, simulations(unit)).digest


def person_of(unit: Unit, text: str) -> str:
    """The id in people.yaml of the person who was chosen by an opaque id, or by that id itself.

    Raises NoSuchChoice for an opaque id that is nobody's.
    """
    asked = text.strip()
    if not OPAQUE.fullmatch(asked):
        return asked
    found = unit.pseudonyms.person(asked)
    if found is None:
        raise NoSuchChoice(
            f"nobody has the opaque id {asked} any more",
            "open the form anew and choose again; `interoffice person list` says who is who",
        )
    return found


def opaque_ids(unit: Unit, people: Mapping[str, Person]) -> Mapping[str, str]:
    """The opaque id of each person by their id; those who have none yet are given one."""
    return {person: unit.pseudonyms.of(person) for person in sorted(people)}


def _named(unit: Unit, digest: str) -> Named:
    known = _KNOWN.get(digest)
    if known is None:
        manifest = cast("Mapping[str, object]", (unit.simulations.get(digest) or {})["manifest"])
        standard, version = str(manifest["standard"]), str(manifest["version"])
        known = _KNOWN[digest] = Named(digest, standard, version, cast("date", manifest["as_of"]))
    return known


_KNOWN: dict[str, Named] = {}
"""Simulations never change, so each is read once in a process."""
