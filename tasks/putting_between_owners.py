"""Open a case between the owners of two standards that contradict each other for a project that both bind.

Run again, it changes nothing: what was put to an owner once is not put again. The compliance review says what
contradicts either way.
"""

from __future__ import annotations

from collections.abc import Collection

from domain.cases.case import Said
from domain.cases.contradicting import between, opposed
from domain.cases.moving import raised
from domain.ids import VersionId
from domain.standards.limits import Contradiction
from tasks.case_steps import keep
from tasks.requesting import Room
from tasks.versions import version_of


def put_between_owners(room: Room, found: Collection[Contradiction]) -> int:
    """How many cases are new."""
    named = {VersionId.read(side.version) for each in found for side in (each.own, each.other)}
    versions = {str(each): version_of(room.unit, each.standard, each.version) for each in named}
    new = 0
    for each in opposed(found, versions):
        made = between(each, room.organization.language_of(each.owner), room.now)
        if room.unit.cases.get(made.id) is None:
            keep(room, None, raised(made, Said(room.now)))
            new += 1
    return new
