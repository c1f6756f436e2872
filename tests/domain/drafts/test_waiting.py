"""Which drafts wait for an owner of the standard: those to be put to the offices, and unanswered comments."""

from __future__ import annotations

from dataclasses import replace

from domain.drafts.draft import DraftState
from domain.drafts.moving import answered, commented, opened
from domain.drafts.waiting import drafts_of
from domain.organization.office import Role
from tests.domain.cases.sample import ORG
from tests.domain.drafts.test_moving import CALENDARS, by, draft

OWNED = replace(
    ORG,
    offices={**ORG.offices, "hq": replace(ORG.offices["hq"], roles={Role.STANDARDS_OWNER: ("mara",)})},
)


def test_a_draft_waits_for_its_owner_before_it_is_put_to_offices_and_while_a_comment_is_open() -> None:
    new = draft()
    asked = opened(new, CALENDARS, by("hq"))
    said = commented(asked, "five are too few", by("porto"), CALENDARS["porto"])
    done = answered(said, 1, "six then", by("hq"), accepted=True)
    drafts = (new, asked, said, done, replace(new, state=DraftState.WITHDRAWN))
    assert drafts_of(drafts, "mara", OWNED) == (new, said)
    assert drafts_of(drafts, "jan", OWNED) == ()
