"""What to run after a run: the next command from a standard to its first answers. It runs nothing."""

from __future__ import annotations

import argparse
import shlex

from domain.outcomes.outcome import Cycled, Outcome
from domain.outcomes.rollouts import ApprovalAsked, Approved, Simulated
from domain.outcomes.standards import Published


def same_place(arguments: argparse.Namespace) -> str:
    """The options that name the same organization and state in a next command, as they were given."""
    return "".join(
        f" --{name} {shlex.quote(str(given))}"
        for name in ("organization", "state")
        if (given := getattr(arguments, name, None)) is not None
    )


def next_step(outcome: Outcome | None, arguments: argparse.Namespace) -> str:
    """The next command, for the same organization and state; empty where none follows."""
    if outcome is None or getattr(outcome, "dry_run", False):
        return ""
    where = same_place(arguments)
    cycle = f'interoffice run run-cycle why="..." dry_run=false{where}'
    match outcome:
        case Published(version=version):
            return (
                "name its offices and days in a file below rollouts/, then: "
                f'interoffice run simulate-standard version={version} why="..."{where}'
            )
        case Simulated(digest=digest):
            return (
                f'interoffice run roll-out-standard digest={digest[:12]} why="..." dry_run=false{where}'
                " asks the approvers in their own tool (approved_by=PERSON enters who approved elsewhere)"
            )
        case ApprovalAsked():
            return f"when the approvers have answered in their tool: {cycle}"
        case Approved(missing=missing) if missing:
            return "run it again with `approved_by` of another approver, who approved elsewhere"
        case Approved():
            return cycle
        case Cycled(advanced=advanced) if not advanced.dry_run:
            return f"interoffice status{where}, and for the reports: interoffice link PERSON{where}"
        case _:
            return ""
