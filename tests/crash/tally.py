"""What a harness found, in one vocabulary: attempted, acknowledged, lost, duplicated, unexpected, recovered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.delivery.delivery import IntentState
from domain.delivery.wanted import Wanted

HEADINGS = ("points", "attempted", "acknowledged", "lost", "duplicated", "unexpected", "recovered")


@dataclass
class Tally:
    """The figures of one harness, over all of its points; a control must show duplicates or losses.

    acknowledged: what our store says is done. lost: wanted, or acknowledged, and not there. duplicated: there
    once more than once. unexpected: there and not wanted, or not as it is after an undisturbed run. recovered:
    interrupted, and there exactly once in the end.
    """

    name: str
    control: bool = False
    points: int = 0
    attempted: int = 0
    acknowledged: int = 0
    lost: int = 0
    duplicated: int = 0
    unexpected: int = 0
    recovered: int = 0
    wrong: list[str] = field(default_factory=list)
    """What went wrong with the harness or the product, in words; a fault that never fired among them."""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether the promise held; of a control, whether it was caught."""
        clean = not (self.lost or self.duplicated or self.unexpected)
        return not self.wrong and (not clean if self.control else clean)

    def expect(self, holds: object, otherwise: str) -> None:
        """Something that must hold at a point."""
        if not holds:
            self.wrong.append(otherwise)

    def count(
        self,
        wanted: Iterable[Wanted],
        there: Mapping[str, list[Any]],
        states: Mapping[str, IntentState],
        undisturbed: Mapping[str, list[Any]],
    ) -> None:
        """Add what stands outside in the end of one point."""
        keys = {each.key for each in wanted}
        done = {key for key, state in states.items() if state is IntentState.DONE}
        self.points += 1
        self.attempted += len(keys)
        self.acknowledged += len(done & keys)
        self.lost += len((keys | done) - set(there))
        self.duplicated += sum(len(each) - 1 for each in there.values())
        self.unexpected += len(set(there) - keys)
        self.unexpected += sum(undisturbed[key][0] not in there.get(key, ()) for key in keys & set(there))

    def told(self) -> dict[str, Any]:
        """As data."""
        figures = {name: getattr(self, name) for name in HEADINGS}
        told = {"name": self.name, **figures, "control": self.control, "good": self.good}
        return {**told, **self.notes, **({"wrong": self.wrong} if self.wrong else {})}


def table(tallies: Iterable[Tally]) -> str:
    """For people: a line for each harness."""
    rows = [("", *HEADINGS, "")]
    for each in tallies:
        verdict = "caught" if each.control and each.good else "ok" if each.good else "FAILED"
        rows.append((each.name, *(f"{getattr(each, name):,}" for name in HEADINGS), verdict))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    ]
    return "\n".join(lines)
