"""Who may object from a page: the link to the form stands there for them alone.

Refuses to take an objection: the form does (raising.py), which asks the same again.
"""

from __future__ import annotations

from config.standing_in import entitled_now
from config.wiring import Application
from domain.ids import VersionId
from domain.organization.actions import Account, Action, Permission, permit
from gateway.pages.role_links import Caller
from store.unit import Unit


def may_object(application: Application, unit: Unit, come: Caller, office: str) -> bool:
    """Whether the person may object for that office now, by their own role or as a stand-in."""
    there = entitled_now(unit, come.organization, application.clock)
    return isinstance(permit(there, Account(come.person), Action.OBJECT, office, office), Permission)


def target_of(unit: Unit, rollout: str) -> VersionId | None:
    """The version that a rollout is about; None for none."""
    found = unit.rollouts.get(rollout) if rollout else None
    return found.manifest.target if found is not None else None
