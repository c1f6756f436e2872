"""The page on which an approver decides, as HTML: one form, no scripts; and what its link says afterwards.

Every field has a label, an error stands at its field and is named by it. Refuses undefined names, and to load
anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.decisions.card import Card
from domain.decisions.links import LONGEST, Draft, Over, Problem, Reply
from domain.decisions.request import RequestState
from domain.language import Language, Message
from reports.render import filled

ENDS: Mapping[Over, Message] = {
    Over.UNKNOWN: Message(
        "This link is not complete, or was changed. Copy it from the letter again, the whole of it."
    ),
    Over.USED: Message("This link was used, and decides nothing any more."),
    Over.EXPIRED: Message("This link has ended. While the decision waits, a new one is sent to you."),
    Over.REPLACED: Message("A newer link was sent to you in place of this one. Open that."),
    Over.WITHDRAWN: Message("It is not asked for any more: it was withdrawn, or is being changed."),
    Over.DECIDED: Message("It is decided already."),
    Over.RETURNED: Message("It was returned with a question. You are asked again when that is answered."),
    Over.ENDED: Message("Its time is over without a decision. It has to be asked for anew."),
    Over.NO_ROLE: Message("You may not decide on it: your role is another one by now."),
    Over.BARRED: Message(
        "You may not decide on it: you asked for it or changed it last, stand in for somebody who did, or are"
        " of the office that asks."
    ),
    Over.OTHER_FORM: Message("What was sent is not the form of this link. Open the link again."),
}
PROBLEMS: Mapping[Problem, Message] = {
    Problem.NO_CHOICE: Message("Choose what you decide."),
    Problem.NO_REASON: Message("Write why, so that whoever asks knows what to do."),
    Problem.TOO_LONG: Message("Shorten it to {n} sign.", "Shorten it to {n} signs."),
    Problem.NO_DELEGATE: Message("Choose who decides in your place."),
    Problem.UNFIT_DELEGATE: Message(
        "This person cannot stand in: they are away, have left, or somebody stands in for them. Choose"
        " another."
    ),
    Problem.CHANGED: Message("It changed since it was shown to you. Look at it again, then decide."),
}
FIELDS: Mapping[Problem, str] = {
    Problem.NO_CHOICE: "choice",
    Problem.NO_REASON: "why",
    Problem.TOO_LONG: "why",
    Problem.NO_DELEGATE: "to",
    Problem.UNFIT_DELEGATE: "to",
    Problem.CHANGED: "choice",
}
"""At which field of the form each is told."""
REPLIED: Mapping[str, Message] = {
    Reply.APPROVE: Message("You approved it."),
    Reply.DECLINE: Message("You declined it."),
    Reply.RETURN: Message("You returned it with a question."),
    Reply.DELEGATE: Message("You let somebody else decide, who gets a link of their own."),
}
STATES: Mapping[RequestState, Message] = {
    RequestState.DRAFT: Message("It is being written."),
    RequestState.OPEN: Message("It waits for others who decide."),
    RequestState.RETURNED: Message("It waits for an answer to the question."),
    RequestState.APPROVED: Message("It is approved, and takes effect with the next run."),
    RequestState.DECLINED: Message("It is declined."),
    RequestState.WITHDRAWN: Message("It was withdrawn."),
    RequestState.ENDED: Message("It ended without a decision."),
}
OUTCOMES: Mapping[RequestState, Message] = {
    RequestState.APPROVED: Message("approved", about="decision"),
    RequestState.DECLINED: Message("declined", about="decision"),
}


@dataclass(frozen=True, slots=True)
class Before:
    """A decision on something like it that was made before."""

    subject: str
    outcome: RequestState
    on: date
    entered: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it stands on the page of one approver."""

    card: Card
    office: str
    person: str
    address: str
    """The path that the form is sent to."""
    shown: str
    """The digest of what is shown."""
    form: str
    """The mark of this very form."""
    due: date | None
    link_until: date
    needed: int
    approved: tuple[str, ...]
    """Who approved it so far."""
    others: tuple[str, ...]
    """Who else may decide."""
    otherwise: tuple[str, ...]
    before: tuple[Before, ...] = ()
    delegates: tuple[tuple[str, str], ...] = ()
    """To whom the person may delegate it: ids and names; none where they may not."""
    draft: Draft | None = None


def decision_html(asked: Asked, language: Language) -> bytes:
    """The page with the form."""
    draft = asked.draft
    problem = draft.problem if draft is not None else None
    words = ""
    if problem is not None:
        message = PROBLEMS[problem]
        words = language.message(message, n=LONGEST) if message.many else language.message(message)
    at = FIELDS[problem] if problem is not None else ""
    return filled(
        "decision.html.j2",
        language,
        asked=asked,
        card=asked.card,
        draft=draft,
        problem=words,
        at=at,
        longest=LONGEST,
        outcomes=OUTCOMES,
    )


def over_html(why: Over, language: Language, state: RequestState | None = None, reply: str = "") -> bytes:
    """What somebody is told whose link decides nothing, and what was answered by it."""
    said = [language.message(ENDS[why])]
    if why is Over.USED and reply in REPLIED:
        said.append(language.message(REPLIED[reply]))
    if why in (Over.USED, Over.DECIDED) and state is not None:
        said.append(language.message(STATES[state]))
    return filled("decision_over.html.j2", language, said=said, done=False)


def done_html(reply: str, state: RequestState, language: Language) -> bytes:
    """What was answered just now, and how the request stands."""
    said = [language.message(REPLIED[reply])] if reply in REPLIED else []
    return filled("decision_over.html.j2", language, said=[*said, language.message(STATES[state])], done=True)
