"""The law of anchors: what was kept of the ledger outside its table has to be found in it.

A chain that was cut off, or rewritten as a whole, is valid by itself. So a head that was kept elsewhere must
be in it, at its end or before; and what is always recorded must have its entry. Refuses to guess which is
right where they differ: it says what does not fit, and after which entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.ledger.chain import GENESIS, Broken, Entry, Event, verify
from domain.words import counted

SHORT = 12
"""How many digits of a hash a message shows, and the fewest that a person may give."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head of the ledger that was kept elsewhere, whole or its first digits; `where` names the place.

    `number` is the entry's number; None where only the hash was kept.
    """

    where: str
    hash: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that the store holds and that is always recorded, so that the ledger must have its entry.

    `what` is the noun for it in messages. The entry is about `subject`, rests on `facts` where they are
    given, and has `detail`.
    """

    what: str
    kind: str
    subject: str
    facts: str = ""
    detail: tuple[str, object] | None = None

    def holds(self, event: Event) -> bool:
        """Whether an event of this kind and subject is the one that the claim needs."""
        if self.facts and event.facts != self.facts:
            return False
        return self.detail is None or event.detail.get(self.detail[0]) == self.detail[1]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in the ledger: its length and head; where the chain breaks; what does not fit it."""

    entries: int = 0
    head: str = GENESIS
    broken: Broken | None = None
    amiss: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the chain is unbroken and everything compared with it fits."""
        return self.broken is None and not self.amiss


def examine(
    entries: Iterable[Entry], anchors: Sequence[Anchor] = (), claims: Iterable[Claim] = (), sent: int = 0
) -> Examined:
    """Compare the chain, from its first entry on, with anchors, claims, and the newest entry that was sent.

    Where the chain itself breaks nothing else is compared: what follows the break says nothing.
    """
    passage = _Passage(tuple(claims))
    broken = verify(passage.through(entries))
    hashes = passage.hashes
    if broken is not None:
        return Examined(len(hashes), hashes[-1], broken)
    amiss = [*passage.without_entry(), *_against(anchors, hashes)]
    length = len(hashes) - 1
    if sent > length:
        amiss.append(f"{_cut(length)}: entry {sent} was sent to a receiver, and is not in it")
    return Examined(length, hashes[-1], None, tuple(amiss))


@dataclass(slots=True)
class _Passage:
    """Notes of the entries that pass: every hash by its number, and the claims that have their entry."""

    claims: tuple[Claim, ...]
    hashes: list[str] = field(default_factory=lambda: [GENESIS])
    found: set[Claim] = field(default_factory=set)

    def through(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries unchanged, each noted as it passes."""
        about: dict[tuple[str, str], list[Claim]] = {}
        for claim in self.claims:
            about.setdefault((claim.kind, claim.subject), []).append(claim)
        for entry in entries:
            for claim in about.get((entry.event.kind, entry.event.subject), ()):
                if claim.holds(entry.event):
                    self.found.add(claim)
            self.hashes.append(entry.hash)
            yield entry

    def without_entry(self) -> Iterator[str]:
        """Messages about what the store holds and the ledger has no entry for, by kind."""
        missing = [claim for claim in self.claims if claim not in self.found]
        for what, count in Counter(claim.what for claim in missing).items():
            first = min(claim.subject for claim in missing if claim.what == what)
            has = "has" if count == 1 else "have"
            beginning = (
                "the ledger is empty" if len(self.hashes) == 1 else "the ledger was shortened or changed"
            )
            yield f"{beginning}: {counted(count, what)} of the store {has} no entry in it, such as {first}"


def _against(anchors: Sequence[Anchor], hashes: Sequence[str]) -> Iterator[str]:
    """A message for each anchor that is not in the chain; the oldest first."""
    numbers = {each: number for number, each in enumerate(hashes)}
    places = {anchor: _place(anchor, hashes, numbers) for anchor in anchors}
    good = [place for place in places.values() if place is not None]
    wrong = [anchor for anchor, place in places.items() if place is None]
    for anchor in sorted(wrong, key=lambda each: each.number or len(hashes)):
        number, length = anchor.number, len(hashes) - 1
        if number is None:
            last = max(good, default=0)
            how = (
                _cut(length) if last == length else f"the ledger was shortened or changed after entry {last}"
            )
            yield f"{how}: {anchor.where} names the head {anchor.hash[:SHORT]}, which is not in it"
        elif number > length:
            yield f"{_cut(length)}: {anchor.where} names entry {number}, which is not in it"
        else:
            last = max((place for place in good if place < number), default=0)
            yield f"the ledger was changed after entry {last}: {anchor.where} names another entry {number}"


def _place(anchor: Anchor, hashes: Sequence[str], numbers: Mapping[str, int]) -> int | None:
    """The number of the entry that an anchor names; None where it is not in the chain.

    The hash before the first entry is in every chain, so without a number it names an empty chain only.
    """
    if anchor.number is None:
        place = numbers.get(anchor.hash)
        if place is None and len(anchor.hash) < len(GENESIS):
            place = next((n for n, each in enumerate(hashes) if each.startswith(anchor.hash)), None)
        return place if place or len(hashes) == 1 else None
    is_there = 0 <= anchor.number < len(hashes) and hashes[anchor.number] == anchor.hash
    return anchor.number if is_there else None


def _cut(length: int) -> str:
    return f"the ledger was shortened after entry {length}" if length else "the ledger was emptied"
