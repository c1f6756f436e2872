"""Which drafts wait for an owner of the standard. Refuses to know where that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from domain.drafts.draft import Draft, DraftState
from domain.organization.office import Organization, Role


def drafts_of(drafts: Iterable[Draft], person: str, present: Organization) -> tuple[Draft, ...]:
    """The drafts that wait for that person as an owner of the standard.

    They are to be put to the offices, or have comments that are to be answered.
    """
    return tuple(
        each
        for each in drafts
        if (each.state is DraftState.DRAFTED or each.unanswered)
        and each.owner in present.offices
        and person in present.offices[each.owner].roles.get(Role.STANDARDS_OWNER, ())
    )
