"""Which strategic office leads what an action is about; it decides nothing about who may act there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from config.wiring import Application
from domain.organization.actions import TABLE, Action
from domain.organization.office import Office
from domain.rollouts.rollout import leader_of_waves


def leader_about(
    application: Application,
    action: Action,
    subject: str,
    of_all: Callable[[date], Office] | None = None,
    concerned: str = "",
) -> Office:
    """The office that leads what `subject` names, at the application's time.

    A planned rollout, by its id or by the version that it brings, is led by the office of its waves; a
    version by the one that leads its owner, who publishes it. What only roles of the office concerned may do
    is led by that office, so that it needs no strategic one; a directive by the office that issues it.
    Anything else concerns the whole organization.
    Raises LookupError where no strategic office leads it. `of_all` says who leads the whole organization on
    a day, for those who ask so often that they keep it: finding it takes a look at every office.
    """
    own = application.organization.offices.get(concerned)
    row = TABLE[action]
    if own is not None and (action is Action.DIRECT or (row.concerned and not row.roles)):
        return own
    organization, today = application.organization, application.clock.now().date()
    for plan in application.rollouts:
        if subject == plan.id or (subject == plan.target and action is not Action.PUBLISH):
            return leader_of_waves(organization, plan.waves)
    if subject in application.versions:
        return organization.leader_of(application.versions[subject].owner, today)
    return (of_all or organization.leader_of_all)(today)
