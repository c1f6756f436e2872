"""The laws of the merge, each a function that says whether it holds; plans are compared in their normal form.

They are of plans without flaws of their own and, but for the first, third and last, of an office that has not
begun any task; nothing was removed or declined before.
"""

from __future__ import annotations

from domain.plans.merge.change import Fate, Why
from domain.plans.merge.merging import merge
from domain.plans.merge.sides import normal
from domain.plans.whole_plan import WholePlan


def nothing_new_changes_nothing(base: WholePlan, ours: WholePlan) -> bool:
    """merge(b, b, o) = o: without a change of the template the office's plan stays as it is."""
    found = merge(base, base, ours)
    return found.plan == normal(ours) and not found.conflicts


def nothing_local_takes_all(base: WholePlan, theirs: WholePlan) -> bool:
    """merge(b, t, b) = t: an office that changed nothing gets the new version."""
    found = merge(base, theirs, base)
    return found.plan == normal(theirs) and not found.conflicts


def the_same_is_taken_once(base: WholePlan, both: WholePlan) -> bool:
    """merge(b, x, x) = x: what both did alike stands once and is not asked."""
    found = merge(base, both, both)
    return found.plan == normal(both) and not found.conflicts


def sides_may_be_exchanged(base: WholePlan, theirs: WholePlan, ours: WholePlan) -> bool:
    """merge(b, t, o) = merge(b, o, t) where no change of one concerns what the other changed."""
    one, other = merge(base, theirs, ours), merge(base, ours, theirs)
    return one.plan == other.plan


def a_second_time_changes_nothing(base: WholePlan, theirs: WholePlan, ours: WholePlan) -> bool:
    """merge(b, t, m) = m with m = merge(b, t, o), and so it is once the new version is the base."""
    first = merge(base, theirs, ours)
    second = merge(base, theirs, first.plan, past=first.past)
    third = merge(theirs, theirs, first.plan, past=first.past)
    return first.plan == second.plan == third.plan


def is_disjoint(base: WholePlan, theirs: WholePlan, ours: WholePlan) -> bool:
    """Whether no place was changed by both sides, and nothing that one did excludes what the other did."""
    found = (*merge(base, theirs, ours).changes, *merge(base, ours, theirs).changes)
    return all(change.fate in (Fate.TAKEN, Fate.KEPT) and change.why is Why.CLEAR for change in found)
