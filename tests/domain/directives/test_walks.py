"""Random sequences over directives: no wrong clock runs, each level is told once, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import SystemRandom

import pytest

from domain.directives import addressing, clocks, directive, following
from domain.directives.directive import Addressee, Directive
from domain.directives.kinds import AddresseeState
from tests.domain.directives.walk import Broken, walk

FAST, MORE = 60, 1_500
"""`make crash ARGS=feedback` walks 5,000 of them, and 5,000 of cases and objections."""


def test_no_law_of_directives_is_broken_in_random_sequences() -> None:
    seed = SystemRandom().randrange(10**6)
    walks = [walk(seed + n) for n in range(FAST)]
    seen = {state for each in walks for state in each.states}
    assert seen == set(AddresseeState) - {AddresseeState.SUPERSEDED}, f"from the seed {seed}"
    assert sum(len(each.levels) for each in walks) > FAST, f"levels were told, from the seed {seed}"
    assert sum(len(each.stopped) for each in walks) > FAST / 4, f"clocks were stopped, from the seed {seed}"


@pytest.mark.servers
def test_no_law_of_directives_is_broken_in_more_random_sequences() -> None:
    walks = [walk(1_000_000 + n, 25) for n in range(MORE)]
    assert sum(len(each.directives) for each in walks) > MORE, "each has some"
    assert sum(len(each.levels) for each in walks) > MORE / 2
    assert sum(len(each.stopped) for each in walks) > MORE / 8


def _tells_again(kept: Callable[..., Directive]) -> Callable[..., Directive]:
    """It is forgotten which levels were told."""

    def told(of: Directive, *rest: object) -> Directive:
        forgot = replace(of, addressees=tuple(replace(each, told=()) for each in of.addressees))
        done = kept(forgot, *rest)
        pairs = zip(of.addressees, done.addressees, strict=True)
        return replace(done, addressees=tuple(replace(b, told=(*a.told, *b.told)) for a, b in pairs))

    return told


def _never_halts(kept: Callable[..., Addressee]) -> Callable[..., Addressee]:
    """A clock is never stopped."""
    del kept
    return lambda addressee, _at: addressee


def _stops_again(kept: Callable[..., Addressee]) -> Callable[..., Addressee]:
    """It is forgotten that an objection stopped the clock before."""
    return lambda addressee, *rest: kept(replace(addressee, stops=0), *rest)


def _green_is_enough(kept: Callable[..., Directive]) -> Callable[..., Directive]:
    """What is missing counts as within the limit."""
    return lambda of, colors, *rest: kept(of, dict.fromkeys(colors, directive.Color.GREEN), *rest)


def _loses(kept: Callable[..., Directive]) -> Callable[..., Directive]:
    """Who leaves is taken out."""

    def led(of: Directive, *rest: object) -> Directive:
        done = kept(of, *rest)
        return replace(done, addressees=tuple(each for each in done.addressees if each.left is None))

    return led


def _silence_ends(kept: Callable[..., Directive]) -> Callable[..., Directive]:
    """Whoever acknowledged it has fulfilled it."""

    def led(of: Directive, at: object) -> Directive:
        done = [
            replace(each, fulfilled=each.fulfilled or at, turns=each.halted(at).turns)
            if each.acknowledged and each.waits
            else each
            for each in of.addressees
        ]
        return kept(replace(of, addressees=tuple(done)), at)

    return led


def _walks(count: int) -> None:
    for n in range(count):
        walk(n)


FAULTS = [
    (clocks, "escalated", _tells_again, "was told twice"),
    (directive.Addressee, "halted", _never_halts, "runs where it must not"),
    (following, "_stopped", _stops_again, "was stopped twice"),
    (following, "judged", _green_is_enough, "while the fact is not within its limit"),
    (addressing, "readdressed", _loses, "is lost"),
    (following, "finished", _silence_ends, "nobody attested it|is not within its limit"),
]


@pytest.mark.parametrize(("where", "name", "fault", "said"), FAULTS, ids=[f[2].__name__ for f in FAULTS])
def test_a_planted_fault_is_found(where, name, fault, said, monkeypatch) -> None:
    monkeypatch.setattr(where, name, fault(getattr(where, name)))
    with pytest.raises((Broken, ValueError), match=said):
        _walks(FAST)
