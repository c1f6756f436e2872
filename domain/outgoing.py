"""What the network tells other systems of itself, and when an event that was not taken is sent again."""

from __future__ import annotations

EVENTS = (
    "project.adopted",
    "project.grandfathered",
    "project.questioned",
    "project.late",
    "project.escalated",
    "rollout.halted",
)
"""The kinds of events, as receivers name them."""
