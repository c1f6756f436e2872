"""The terms of an organization's decisions: how many approve, from what on one weighs, and who is left out.

Values only; the law that judges by them is in domain/decisions/law.py.
"""

from __future__ import annotations

from dataclasses import dataclass


class Lower(ValueError):
    """A decision that weighs more and takes fewer approvals; `level` is the one that does."""

    def __init__(self, level: str, given: int, ordinary: int) -> None:
        super().__init__(f"`{level}` is {given}, and an ordinary request takes {ordinary}")
        self.level = level


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organization asks of its decisions. Raises Lower for a level below the ordinary one."""

    quorum: int = 1
    """How many approve an ordinary request."""
    significant_quorum: int = 2
    """How many approve a significant one."""
    cost: float = 0.05
    """The share of the budget above which a request is a costly one."""
    own_office_decides: bool = True
    """Whether somebody of the office that asks may decide, if they did not ask themselves."""
    entered_count: bool = False
    """Whether a vote that an operator enters for somebody counts."""
    costly_quorum: int = 2
    """How many approve a costly one."""
    gate_quorum: int = 2
    """How many approve one that skips a gate."""

    def __post_init__(self) -> None:
        """What weighs more never takes fewer approvals."""
        for level, given in (
            ("significant", self.significant_quorum),
            ("costly", self.costly_quorum),
            ("gate", self.gate_quorum),
        ):
            if given < self.quorum:
                raise Lower(level, given, self.quorum)
