"""Which report a page per role is about when there are several; refuses to mix two in one figure."""

from __future__ import annotations

from collections.abc import Iterable

from domain.reporting.roles.basis import RoleBasis
from domain.rollouts.rollout import RolloutState


def in_order(bases: Iterable[RoleBasis]) -> tuple[RoleBasis, ...]:
    """Rollouts on their way first, then reviews, then rollouts that are over; of each the newest first.

    Of a version that is on its way by a rollout the review is left out: the rollout says more of its members.
    So is that of a version in whose place another one is reviewed.
    """
    found = tuple(bases)
    left = {(each.title, each.version) for each in found if _rank(each) == 0}
    left |= {(each.title, each.old) for each in found if each.rollout is None}
    kept = [e for e in found if e.rollout is not None or (e.title, e.version) not in left]
    return tuple(sorted(kept, key=lambda each: (_rank(each), -each.at.timestamp(), each.about)))


def _rank(basis: RoleBasis) -> int:
    if basis.rollout is None:
        return 1
    return 2 if basis.rollout.state is RolloutState.COMPLETED else 0
