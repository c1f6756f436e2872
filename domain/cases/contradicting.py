"""Two standards that contradict each other: one case between the offices that own them.

The owner of the standard that came later raises it, about the rule that was there before. Refuses to choose
between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.canonical import digest
from domain.cases.case import About, Case, Raised
from domain.cases.kinds import AboutKind, CaseCause, Way
from domain.ids import VersionId
from domain.language import Language
from domain.standards.limits import Bound, Contradiction
from domain.standards.standard import Version


@dataclass(frozen=True, slots=True)
class Opposed:
    """Two rules of which no value of a fact keeps both, and the offices that own them."""

    later: Bound
    earlier: Bound
    raiser: str
    owner: str


def opposed(found: Iterable[Contradiction], versions: Mapping[str, Version]) -> Iterator[Opposed]:
    """Each pair of rules once, by their ids; `versions` are those that the bounds name, by their ids.

    Two rules that one office owns are left out: it has nobody to agree with.
    """
    sides: dict[tuple[tuple[str, str], ...], tuple[Bound, Bound]] = {}
    for each in found:
        first, second = sorted((each.own, each.other), key=lambda side: _since(side, versions))
        pair = tuple((side.version, side.rule) for side in (first, second))
        sides[pair] = (first, second)
    for _, (earlier, later) in sorted(sides.items()):
        raiser, owner = versions[later.version].owner, versions[earlier.version].owner
        if raiser != owner:
            yield Opposed(later, earlier, raiser, owner)


def _since(bound: Bound, versions: Mapping[str, Version]) -> tuple[object, ...]:
    return versions[bound.version].effective_from, bound.version, bound.rule


def between(found: Opposed, says: Language, now: datetime) -> Case:
    """The case of a pair; the same pair has the same id, so that it is opened once."""
    version = VersionId.read(found.earlier.version)
    about = About(AboutKind.RULE, found.earlier.rule, version.standard, version.version)
    reason = says.say(
        "Two rules bind the same projects and contradict each other, as no value keeps both: {later}, against"
        " {earlier}",
        later=str(found.later),
        earlier=str(found.earlier),
    )
    who = Raised(found.raiser, "", now, CaseCause.CONFLICT, reason, Way.CONTRADICTION)
    pair = [(each.version, each.rule) for each in (found.earlier, found.later)]
    return Case(
        id=f"case-{digest(['contradiction', pair])[:12]}",
        about=about,
        raisers=(who,),
        counterpart=found.owner,
    )
