"""What an organization offers in the forms: the ids of its offices, versions and rollouts."""

from __future__ import annotations

from config.wiring import Application
from runtime.choices import Choices


def choices_of(application: Application) -> Choices:
    """The ids that the forms offer for this organization."""
    today = application.clock.now().date()
    organization = application.organization
    offices = (key for key in organization.offices if organization.takes_part(key, today))
    return Choices(
        tuple(sorted(key for key in offices if organization.partition(key) is not None)),
        tuple(sorted(application.versions)),
        tuple(sorted(plan.id for plan in application.rollouts)),
    )
