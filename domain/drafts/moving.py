"""What becomes of a draft, move by move: opened, commented on, answered, closed, decided, published.

Refuses a move that it cannot make from where it stands. Silence is no consent: it only ends a period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from domain.drafts.draft import (
    Comment,
    Consulted,
    Draft,
    DraftState,
    DraftStepKind,
    OwnersAnswer,
    Said,
    Simulated,
)
from domain.organization.calendar import Calendar
from domain.standards.standard import Version
from domain.words import counted

UNREACHED = 2
"""After so many times its period an office that could not be reached is waited for no longer."""
LONGEST = 2000


class NoSuchMove(ValueError):
    """A draft cannot become that from where it stands; the text says what to do."""


def opened(draft: Draft, calendars: Mapping[str, Calendar], said: Said) -> Draft:
    """The draft as it is put to these offices, each by its own calendar.

    Raises NoSuchMove for one that is not the owner's any more, has flaws, or has nobody to be put to.
    """
    if draft.state is not DraftState.DRAFTED:
        raise NoSuchMove(f"{draft.version.id} is in {words(draft.state)} already: its owner may revise it")
    if draft.flaws:
        raise NoSuchMove(f"{draft.version.id} cannot be put to the offices yet: {'; '.join(draft.flaws)}")
    days = draft.version.consulted.days
    if days == 0:
        raise NoSuchMove(
            f"{draft.version.id} sets its consultation to 0 days, so nobody is asked: publish it by "
            "publish-standard, or set `consultation: {days: 10}` in its file"
        )
    if not calendars:
        raise NoSuchMove(
            f"there is no office to consult on {draft.version.id}: name some in its file, "
            "`consultation: {offices: [...]}`"
        )
    latest = {
        office: calendar.add_business_days(calendar.local_date(said.at), UNREACHED * days)
        for office, calendar in sorted(calendars.items())
    }
    asked = tuple(Consulted(office, day) for office, day in latest.items())
    there = replace(draft, consulted=asked, round=draft.round + 1, request="")
    return there.moved(DraftState.CONSULTATION, said.step(DraftStepKind.OPENED))


def delivered(draft: Draft, office: str, at: datetime, calendar: Calendar) -> Draft:
    """The draft that stands in an office's tool since then: its period runs from there. Once is enough."""
    place = draft.place(office)
    if draft.state is not DraftState.CONSULTATION or place is None or place.delivered is not None:
        return draft
    until = calendar.add_business_days(calendar.local_date(at), draft.version.consulted.days)
    return draft.placed(replace(place, delivered=at, until=until))


def commented(draft: Draft, text: str, said: Said, calendar: Calendar) -> Draft:
    """What an office says to it; the same text of the same office again changes nothing.

    Raises NoSuchMove for an office that is not asked, and after its period.
    """
    place = _asked(draft, said, calendar)
    bare = text.strip()
    if not bare or len(bare) > LONGEST:
        raise NoSuchMove(f"a comment has 1 to {LONGEST} characters, this one has {len(bare)}: shorten it")
    if any((each.office, each.text) == (said.office, bare) for each in draft.comments):
        return draft
    made = Comment(
        len(draft.comments) + 1, said.office, said.person, bare, said.at, said.channel, draft.content
    )
    there = replace(draft, comments=(*draft.comments, made)).placed(replace(place, silent=False))
    return _reached(there, said, calendar).moved(draft.state, said.step(DraftStepKind.COMMENTED, bare))


def without_comment(draft: Draft, said: Said, calendar: Calendar) -> Draft:
    """An office says that it has no comment: it is not waited for. Said again, it changes nothing.

    Raises NoSuchMove as `commented` does.
    """
    place = _asked(draft, said, calendar)
    if place.silent:
        return draft
    there = _reached(draft.placed(replace(place, silent=True)), said, calendar)
    return there.moved(draft.state, said.step(DraftStepKind.NO_COMMENT))


def _asked(draft: Draft, said: Said, calendar: Calendar) -> Consulted:
    place = draft.place(said.office)
    if draft.state is not DraftState.CONSULTATION:
        raise NoSuchMove(
            f"{draft.version.id} is in {words(draft.state)}: comments are taken while it is in consultation"
        )
    if place is None:
        names = ", ".join(each.office for each in draft.consulted)
        raise NoSuchMove(f"{said.office} is not consulted on {draft.version.id}; asked are {names}")
    if place.is_over(calendar.local_date(said.at)) and not place.silent:
        raise NoSuchMove(
            f"the period of {said.office} ended on {place.until or place.latest}: raise it as feedback on "
            "the rule or version (raise-feedback)"
        )
    return place


def _reached(draft: Draft, said: Said, calendar: Calendar) -> Draft:
    """Who comments was reached, whatever its tool says."""
    return delivered(draft, said.office, said.at, calendar)


def answered(draft: Draft, number: int, reason: str, said: Said, *, accepted: bool) -> Draft:
    """The owner answers one comment; one that is declined needs a reason. The same again changes nothing.

    Raises NoSuchMove for a comment that is not there, and once the approval is asked for.
    """
    if draft.state not in (DraftState.CONSULTATION, DraftState.ANSWERING):
        raise NoSuchMove(f"{draft.version.id} is in {words(draft.state)}: its comments are not answered now")
    found = next((each for each in draft.comments if each.number == number), None)
    if found is None:
        raise NoSuchMove(
            f"{draft.version.id} has no comment {number}: it has {counted(len(draft.comments), 'comment')}, "
            f"see `interoffice drafts {draft.id}`"
        )
    if not accepted and len(reason.strip()) < SHORTEST:
        raise NoSuchMove(f"comment {number} is declined without a reason: give one, {draft.owner} is asked")
    made = OwnersAnswer(accepted, reason.strip(), said.person, said.at)
    if found.answer is not None and replace(found.answer, at=said.at) == made:
        return draft
    there = tuple(replace(each, answer=made) if each.number == number else each for each in draft.comments)
    return replace(draft, comments=there).moved(
        draft.state, said.step(DraftStepKind.ANSWERED, f"{number}: {reason.strip()}".strip())
    )


SHORTEST = 3
"""Characters of a reason at least."""


def closed(draft: Draft, days: Mapping[str, date], now: datetime) -> Draft:
    """The draft after a look at the periods; `days` is each office's day. Closed when all are over."""
    if draft.state is not DraftState.CONSULTATION:
        return draft
    if any(not each.is_over(days[each.office]) for each in draft.consulted if each.office in days):
        return draft
    return draft.moved(DraftState.ANSWERING, Said(now).step(DraftStepKind.CLOSED))


def is_ready(draft: Draft) -> bool:
    """Whether the approvers can be asked: the period is over, all is answered, this content is simulated."""
    return draft.state is DraftState.ANSWERING and not draft.unanswered and draft.is_simulated


def asked(draft: Draft, request: str, now: datetime) -> Draft:
    """The draft whose approval is asked for. Raises NoSuchMove where it is not ready."""
    if not is_ready(draft):
        raise NoSuchMove(f"{draft.version.id} is not ready to be decided on: its comments wait for answers")
    return replace(draft, request=request).moved(DraftState.DECISION, Said(now).step(DraftStepKind.ASKED))


def decided(draft: Draft, said: Said, *, approved: bool) -> Draft:
    """The draft after the decision on it; decided before, it stays as it is."""
    if draft.state is not DraftState.DECISION:
        return draft
    if approved:
        return draft.moved(DraftState.APPROVED, said.step(DraftStepKind.APPROVED))
    return draft.moved(DraftState.DECLINED, said.step(DraftStepKind.DECLINED))


def returned(draft: Draft) -> Draft:
    """The draft that was returned with a question: its owner answers, or revises it."""
    return (
        replace(draft, request="", state=DraftState.ANSWERING)
        if draft.state is DraftState.DECISION
        else draft
    )


def revised(draft: Draft, version: Version, flaws: Iterable[str], said: Said) -> Draft:
    """The draft with other content. In answer to a comment that was accepted nobody is asked anew.

    Otherwise the offices are asked again, by another round: what they saw is not what is decided on.
    Unchanged with the same content. Raises NoSuchMove where it is over.
    """
    if not draft.is_open:
        raise NoSuchMove(f"{draft.version.id} is {words(draft.state)}: draft another version")
    told = tuple(flaws)
    if version.digest == draft.content and told == draft.flaws:
        return draft
    there = replace(draft, version=version, flaws=told, editor=said.person, request="")
    step = said.step(DraftStepKind.REVISED)
    if draft.state is DraftState.DRAFTED:
        return there.moved(DraftState.DRAFTED, step)
    if told or not _in_answer(draft):
        return there.moved(DraftState.DRAFTED, step)
    after = DraftState.CONSULTATION if draft.state is DraftState.CONSULTATION else DraftState.ANSWERING
    return there.moved(after, step)


def _in_answer(draft: Draft) -> bool:
    """Whether a comment was accepted of the content as it is: the revision is what follows from it."""
    return any(
        each.answer is not None and each.answer.accepted and each.content == draft.content
        for each in draft.comments
    )


def simulated(draft: Draft, found: Simulated) -> Draft:
    """The draft with what a simulation of its content found; one of other content is not attached."""
    return replace(draft, simulation=found) if found.content == draft.content else draft


def published(draft: Draft, said: Said) -> Draft:
    """The draft that is published."""
    return draft.moved(DraftState.PUBLISHED, said.step(DraftStepKind.PUBLISHED))


def withdrawn(draft: Draft, why: str, said: Said) -> Draft:
    """The draft that its owner takes back. Raises NoSuchMove for one that is over."""
    if not draft.is_open:
        raise NoSuchMove(f"{draft.version.id} is {words(draft.state)}: nothing is left to withdraw")
    return draft.moved(DraftState.WITHDRAWN, said.step(DraftStepKind.WITHDRAWN, why))


def words(state: DraftState) -> str:
    """A state as it is said in English."""
    return {DraftState.DRAFTED: "preparation", DraftState.ANSWERING: "answering comments"}.get(
        state, str(state)
    )
