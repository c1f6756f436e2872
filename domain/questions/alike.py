"""Which of many titles are nearly equal: found by what they share, so that few are compared letter by letter.

Exact: it leaves out only pairs that cannot be alike. Two titles of T letters together that are alike by
difflib's ratio r match in M >= r T / 2 letters. The T - 2 M others lie between the matching pieces, so there
are at most T - 2 M + 1 pieces, and the titles share at least 3 M - T - 1 pairs of neighboring letters. Then
at least one of the rarest pairs of each is common to both: of as many as it may lack, and one more (prefix
filtering; Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins in data cleaning").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from math import ceil

ROUNDING = 1e-9
"""What a product of binary fractions may be too large by."""
Pair = tuple[str, str, int]
"""Two neighboring letters, and which of several such pairs in a title it is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A title with its letters and its pairs of neighboring letters."""

    text: str
    letters: Counter[str]
    pairs: frozenset[Pair]


def ratio(one: str, other: str) -> float:
    """How alike two titles are: difflib's ratio, 0 to 1."""
    return SequenceMatcher(None, one, other).ratio()


def nearly_equal(
    titles: Sequence[str],
    least: float,
    alike: Callable[[str, str], float] = ratio,
    wanted: Callable[[int, int], bool] = lambda _one, _other: True,
) -> tuple[tuple[int, int], ...]:
    """The positions of every two titles that are alike by `least` (0.8 to 1), the earlier first, in order.

    `alike` is asked for the ratio of the two titles, the earlier first, of those pairs that may be alike and
    that are `wanted`, by their positions.
    """
    seen = [Seen(title, Counter(title), _pairs(title)) for title in titles]
    rarity = Counter(pair for each in seen for pair in each.pairs)
    holders: defaultdict[Pair | None, list[int]] = defaultdict(list)
    found_alike = []
    for at, title in enumerate(seen):
        found = _rarest(title, rarity, least)
        near = {earlier for pair in found for earlier in holders[pair]}
        for earlier in sorted(each for each in near if wanted(each, at)):
            other = seen[earlier]
            if _may_be_alike(other, title, least) and alike(other.text, title.text) >= least:
                found_alike.append((earlier, at))
        for pair in found:
            holders[pair].append(at)
    return tuple(sorted(found_alike))


def _pairs(title: str) -> frozenset[Pair]:
    """Each pair of neighboring letters, numbered where it stands several times."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for pair in pairwise(title):
        found.append((*pair, seen[pair]))
        seen[pair] += 1
    return frozenset(found)


def _matching(letters: int, least: float) -> int:
    """In how many letters two titles match at least that have so many together and are alike."""
    return ceil(least * letters / 2 - ROUNDING)


def _shared(letters: int, least: float) -> int:
    """How many pairs two titles share at least that have so many letters together and are alike."""
    return 3 * _matching(letters, least) - letters - 1


@lru_cache(maxsize=4096)
def _needed(length: int, least: float) -> int:
    """How many pairs a title of that length shares at least with any title that is alike."""
    shortest = ceil(length * least / (2 - least) - ROUNDING)
    lengths = range(shortest, int(length * (2 - least) / least) + 2)
    return min(_shared(length + other, least) for other in lengths)


def _rarest(title: Seen, rarity: Counter[Pair], least: float) -> Sequence[Pair | None]:
    """The pairs of which each title that is alike shares one at least; with None where it need share none."""
    needed = _needed(len(title.text), least)
    if needed <= 0:
        return [None, *title.pairs]
    return sorted(title.pairs, key=lambda pair: (rarity[pair], pair))[: len(title.pairs) - needed + 1]


def _may_be_alike(one: Seen, other: Seen, least: float) -> bool:
    """Whether they share enough pairs, and letters in any order, to be alike."""
    letters = len(one.text) + len(other.text)
    if len(one.pairs & other.pairs) < _shared(letters, least):
        return False
    return (one.letters & other.letters).total() >= _matching(letters, least)
