"""The head of the ledger, kept in the tool of each strategic office: an anchor that we cannot take back.

One notice a month and office. Refuses to say more than the number of the newest entry and its hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.organization.office import Organization, Role
from domain.questions.question import Notice, NoticeKind


def head_notices(organization: Organization, number: int, head: str, now: datetime) -> Iterator[Notice]:
    """A notice to the head of each strategic office, in that office's language; its key names the month."""
    for office in organization.strategic_offices():
        today, says = office.calendar.local_date(now), organization.language_of(office.id)
        text = says.say(
            "The ledger has {entries}; its head is {head}. Keep this line: `interoffice ledger verify --head"
            " {head}` finds whether anything before it was changed or cut off",
            entries=says.count(number, "{n} entry", "{n} entries"),
            head=head,
        )
        key = f"{NoticeKind.LEDGER}/{office.id}/{today:%Y-%m}"
        yield Notice(key, NoticeKind.LEDGER, office.id, str(Role.HEAD), today, {}, text, says.tag)
