"""The drafts of a case in the timeline of that case: who was asked, who said what, what was answered.

In the language of whoever reads. Refuses to say what was said to a draft where the case names a project that
the reader may not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.cases.case import Case
from domain.cases.sheet import CaseMoment, CaseSheet, office_of
from domain.cases.telling import named
from domain.drafts.draft import Comment, Draft, DraftStep, DraftStepKind, OwnersAnswer
from domain.drafts.telling import STEPS, step_words
from domain.language import Language
from domain.organization.office import Organization


def with_consultation(
    sheet: CaseSheet, case: Case, drafts: Iterable[Draft], seen: tuple[Organization, str], says: Language
) -> CaseSheet:
    """The sheet of a case with what became of its drafts among its moments, the first one first.

    `seen` are the organization and the person who reads.
    """
    organization, person = seen
    hidden = not named(case, organization, office_of(case, organization, person))
    told = (each for draft in drafts for each in moments_of(draft, organization, says, hidden=hidden))
    return replace(sheet, moments=tuple(sorted((*sheet.moments, *told), key=lambda each: each.at)))


def moments_of(
    draft: Draft, organization: Organization, says: Language, *, hidden: bool = False
) -> Iterator[CaseMoment]:
    """What was done with a draft, in its order; `hidden` leaves out what was said with it."""
    comments = iter(draft.comments)
    answers = [(each, each.answer) for each in draft.comments if each.answer is not None]
    for step in draft.steps:
        told = _step(draft, step, says, hidden=hidden)
        if step.kind is DraftStepKind.COMMENTED and (comment := next(comments, None)) is not None:
            told = _comment(draft, comment, says, hidden=hidden)
        elif step.kind is DraftStepKind.ANSWERED:
            last = [each for each in answers if each[1].at == step.at and step.person == each[1].person]
            if last:
                answers.remove(last[0])
                told = _answer(draft, *last[0], says, hidden=hidden)
        office = step.office or (draft.owner if step.kind is DraftStepKind.ANSWERED else "")
        known = organization.offices.get(office)
        yield CaseMoment(step.at, told, known.name if known is not None else office, step.entered)


def _step(draft: Draft, step: DraftStep, says: Language, *, hidden: bool) -> str:
    done = says.message(STEPS[step.kind]) if hidden else step_words(step, says)
    return says.say("draft {version}: {done}", version=draft.version.id, done=done)


def _comment(draft: Draft, comment: Comment, says: Language, *, hidden: bool) -> str:
    told = says.say("comment {n} on the draft {version}", n=comment.number, version=draft.version.id)
    return told if hidden else f"{told}: {comment.text}"


def _answer(draft: Draft, comment: Comment, answer: OwnersAnswer, says: Language, *, hidden: bool) -> str:
    values = {"n": comment.number, "version": draft.version.id}
    if answer.accepted:
        told = says.say("comment {n} on the draft {version} was accepted", **values)
    else:
        told = says.say("comment {n} on the draft {version} was declined", **values)
    return told if hidden or not answer.reason else f"{told}: {answer.reason}"
