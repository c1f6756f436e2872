"""Questions that a report format puts to offices before a cut-off, for facts that its figures lack.

Pure. Refuses to ask what an answer or a cell of the project could not mend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from domain.ids import ReportQuestionId
from domain.language import ENGLISH, Language
from domain.organization.office import Office
from domain.plans.project import Plan, Project
from domain.questions.missing_facts import BASIS, unfilled
from domain.questions.question import Question, QuestionKind
from domain.reporting.cut_offs import Period
from domain.reporting.figures import Gap, GapReason
from domain.reporting.parts import Added
from domain.rollouts.asking import not_reported


def answer_by(office: Office, coming: Period, today: date) -> date | None:
    """The last business day before the cut-off, if the time for it has come and is not over; else None.

    It has come when no more business days than the office has for an answer lie ahead.
    """
    last = coming.day - timedelta(days=1)
    while last > today and not office.calendar.is_business_day(last):
        last -= timedelta(days=1)
    if last <= today or office.calendar.business_days_between(today, last) > office.answer_days:
        return None
    return last


def lacking(added: Iterable[Added], projects: Mapping[str, Project]) -> Iterator[tuple[str, str]]:
    """The projects and facts of which a question can be asked, of what figures lack.

    A value is asked for once: who says the planned finish is not asked for the slip that needs it.
    """
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for each in added:
        gap = each.part.value
        if isinstance(gap, Gap) and gap.reason is GapReason.FACT and gap.fact in BASIS:
            found[each.key, gap.fact] = unfilled(gap.fact, projects[each.key])
    asked: set[tuple[str, str]] = set()
    for (key, fact), values in sorted(found.items(), key=lambda one: (one[0][0], len(one[1]), one[0][1])):
        wanted = {(key, value) for value in values}
        if not wanted or not wanted <= asked:
            asked |= wanted
            yield key, fact


def report_question(
    name: str, coming: Period, plan: Plan, fact: str, days: tuple[date, date], language: Language = ENGLISH
) -> Question:
    """The question for one missing fact of a project, in the office's language; `name` is the format's.

    `days` are the day on which it is asked and the last one for the answer.
    """
    asked, by = days
    return Question(
        id=str(ReportQuestionId(name, coming.day.isoformat(), plan.project.key, fact)),
        office=coming.office,
        project=plan.project.key,
        kind=QuestionKind.FACT,
        about=fact,
        text=not_reported(fact, plan, language),
        asked=asked,
        answer_by=by,
        language=language.tag,
    )
