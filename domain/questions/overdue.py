"""Open decisions past their date: who is told, level by level; silence decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.organization.ladder import EscalationLevel, ladder
from domain.organization.office import Organization
from domain.organization.turns import late_levels
from domain.questions.deciding import OPEN
from domain.questions.question import Notice, NoticeKind, Question
from domain.questions.registry import kind_of


def overdue(organization: Organization, questions: Iterable[Question], now: datetime) -> Iterator[Notice]:
    """A notice for each level that an open decision past its date has reached by now.

    The key names question and level, so that each is given once however late it is found. A question that
    does not stand in its office's tool yet is not late.
    """
    for each in questions:
        office = organization.offices.get(each.office)
        if office is None or each.state not in OPEN or each.placed is None or not kind_of(each).is_decision:
            continue
        levels = ladder(organization, office.id, organization.clocks.escalation)
        today = office.calendar.local_date(now)
        for n, level in enumerate(late_levels(office.calendar, each.answer_by, today, levels), 1):
            yield _notice(organization, each, (n, level), now)


def _notice(
    organization: Organization, question: Question, reached: tuple[int, EscalationLevel], now: datetime
) -> Notice:
    number, level = reached
    key = f"{NoticeKind.OVERDUE}/{question.id}/{number}"
    says = organization.language_of(level.office)
    text = says.say(
        "A decision that {office} was asked for on {asked} is past its date, {by}. Nothing is decided by "
        "silence: it waits",
        office=organization.offices[question.office].name,
        asked=question.asked,
        by=question.answer_by,
    )
    today = organization.offices[level.office].calendar.local_date(now)
    counts = {"decisions": 1}
    return Notice(key, NoticeKind.OVERDUE, level.office, str(level.role), today, counts, text, says.tag)
