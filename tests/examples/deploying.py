"""The sample's deployment, played in this process: what operators start, what agencies edit, what cycles do.

Each week is played as `make run` plays it, but for Prefect around it and the rollout beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.plans.templates.template import RecallKind, Standing
from examples.harbor_group import player
from examples.harbor_group.script import PlanEdit
from tasks.capturing import capture_draft
from tasks.delivering import deliver_office
from tasks.deploying import open_deployment_of, reply_to_deployment, share_template_of
from tasks.distributing import put_part
from tasks.localizing import localize_plan_of
from tasks.network import with_local_plans
from tasks.reading import read_local_plans
from tasks.releasing import recall_version, release_draft
from tasks.undoing_updates import undo_update_of
from tasks.updating import plans_of, update_plan
from tests.tasks.conftest import forget


@dataclass
class Deploying:
    """A copy of the sample, and what each action of its weeks came to."""

    folder: Path
    came_to: dict[tuple[int, str, str], Any] = field(default_factory=dict)
    """By week, flow and what it was about."""
    plans_elsewhere: Mapping[str, Callable[[Sequence[PlanEdit]], None]] = field(default_factory=dict)
    """What makes the edits of agencies that keep their plan neither in a workbook nor in a file."""

    def play(self, week: int) -> None:
        """One week: the agencies' edits, what operators start, and a cycle."""
        actions = player.play(self.folder, week, plans_elsewhere=self.plans_elsewhere)
        forget()
        for action in actions:
            if action.flow in STARTED:
                about, done = STARTED[action.flow](dict(action.parameters))
                self.came_to[week, action.flow, about] = done
        self.cycle()

    def cycle(self) -> None:
        """Read and deliver as a cycle does, of the offices with local plans."""
        offices = tuple(with_local_plans())
        read_local_plans.fn(offices)
        for office in offices:
            deliver_office(office, dry_run=False)

    def again(self) -> list[Any]:
        """All plans updated once more, as on the next day."""
        return [
            each for _, each in sorted(_updated({"template": "finance-system", "why": "again"})[1].items())
        ]


def _captured(said: Mapping[str, Any]) -> tuple[str, Any]:
    wanted = (said["plan"], said["template"], said["why"], said["confirm"], said["person"])
    return said["plan"], capture_draft.fn(*wanted, dry_run=False)


def _released(said: Mapping[str, Any]) -> tuple[str, Any]:
    wanted = (said["draft"], said["person"], said["why"], Standing.UNSTATED)
    return said["draft"], release_draft.fn(*wanted, dry_run=False)


def _opened(said: Mapping[str, Any]) -> tuple[str, Any]:
    wanted = (said["system"], said["template"], said["receivers"], said["person"], said["why"])
    return said["system"], open_deployment_of.fn(*wanted, dry_run=False)


def _accepted(said: Mapping[str, Any]) -> tuple[str, Any]:
    wanted = (said["deployment"], said["office"], said["person"], said["why"])
    return said["office"], reply_to_deployment.fn(*wanted, accepts=True, dry_run=False)


def _shared(said: Mapping[str, Any]) -> tuple[str, Any]:
    wanted = (said["template"], said["under"], "", said["person"], said["why"])
    return said["under"], share_template_of.fn(*wanted, dry_run=False)


def _localized(said: Mapping[str, Any]) -> tuple[str, Any]:
    wanted = (said["office"], said["released"], said["person"], said["why"], said["answers"])
    return said["office"], localize_plan_of.fn(*wanted, dry_run=False)


def _distributed(said: Mapping[str, Any]) -> tuple[str, Any]:
    plan, person, why = said["derivation"], said["person"], said["why"]
    part = put_part.fn(plan, person, why, ())
    while part.more:
        part = put_part.fn(plan, person, why, part.refused)
    return plan.split("/")[0], part.outcome


def _updated(said: Mapping[str, Any]) -> tuple[str, Any]:
    chosen = plans_of.fn(said["template"], "", "", said["why"], dry_run=False)
    return said["template"], {
        each.office: update_plan.fn(each.derivation, dry_run=False) for each in chosen.plans
    }


def _undone(said: Mapping[str, Any]) -> tuple[str, Any]:
    plan = said["derivation"]
    return plan.split("/")[0], undo_update_of.fn(plan, said["person"], said["why"], dry_run=False)


def _recalled(said: Mapping[str, Any]) -> tuple[str, Any]:
    wanted = (said["released"], RecallKind(said["recall"]), said["person"], said["why"])
    return said["released"], recall_version.fn(*wanted, dry_run=False)


STARTED: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, Any]]] = {
    "capture-plan": _captured,
    "release-template": _released,
    "open-deployment": _opened,
    "accept-deployment": _accepted,
    "share-plan": _shared,
    "localize-plan": _localized,
    "distribute-plan": _distributed,
    "update-plans": _updated,
    "undo-update": _undone,
    "recall-template": _recalled,
}
"""What a flow does, by its name: what it is about, and what it came to."""
