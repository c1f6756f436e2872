"""What a tool can hold of a plan, and an office's plan with what its tool cannot hold put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from domain.plans.whole_plan import WholePlan

Fit: TypeAlias = Callable[[WholePlan], WholePlan]
"""A plan as it would be read back from a tool after it was written there.

Done twice it changes nothing more, and each field depends on its own task or link alone.
"""


def exact(plan: WholePlan) -> WholePlan:
    """Of a tool that holds everything."""
    return plan
