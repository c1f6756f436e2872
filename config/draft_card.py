"""What the approvers are shown of a draft: what it changes, what each office said, what it would do."""

from __future__ import annotations

from collections.abc import Iterator

from domain.decisions.card import Card, Effect, FactShown, Reader
from domain.decisions.request import Request
from domain.drafts.differences import differences
from domain.drafts.draft import Comment, Draft
from domain.drafts.telling import MOST_LINES
from domain.language import Language
from store.unit import Unit


def draft_card(unit: Unit, request: Request, reader: Reader) -> Card:
    """The request as that person is shown it. Raises LookupError for a draft that is not stored."""
    draft = unit.drafts.get(request.subject)
    if draft is None:
        raise LookupError("no draft has its id")
    says, version = reader.language, draft.version
    base = unit.versions.get(version.standard, version.previous) if version.previous else None
    lines = differences(version, base, says)
    return Card(
        title=says.say(
            "May {version} be published, from {day} on?", version=version.id, day=version.effective_from
        ),
        asks=_asks(draft, reader),
        why=draft.why,
        facts=tuple(_facts(draft, says)),
        yes=(
            Effect(
                says.say("It may be published, and then rolled out as any version."),
                lines[:MOST_LINES],
                max(0, len(lines) - MOST_LINES),
            ),
            *_comments(draft, says),
        ),
        no=(Effect(says.say("The version before stays; another draft has to be made.")),),
    )


def _asks(draft: Draft, reader: Reader) -> str:
    """Who drafted it, and whom it was put to."""
    says, person = reader.language, reader.organization.people.get(draft.person)
    asked = (
        says.say("Drafted by {person}.", person=person.name)
        if person is not None
        else says.say("Drafted because a rule is under review.")
    )
    silent = sum(not any(c.office == each.office for c in draft.comments) for each in draft.consulted)
    told = says.count(len(draft.consulted), "{n} office was consulted", "{n} offices were consulted")
    return f"{asked} {told}; {says.say('{n} said nothing.', n=silent)}"


def _facts(draft: Draft, says: Language) -> Iterator[FactShown]:
    """What the simulation found, office by office, as one text each."""
    found = draft.simulation
    for office, each in found.offices.items() if found is not None else ():
        told = says.say(
            "{relieved} of {projects} would keep a rule more, {burdened} one less", relieved=each.relieved,
            projects=each.projects, burdened=each.burdened,
        )  # fmt: skip
        yield FactShown(office, told, "")


def _comments(draft: Draft, says: Language) -> Iterator[Effect]:
    for each in draft.comments:
        yield Effect(_comment(each, says))


def _comment(comment: Comment, says: Language) -> str:
    answer = comment.answer
    values = {"office": comment.office, "text": comment.text, "reason": answer.reason if answer else "-"}
    if answer is not None and answer.accepted:
        return says.say("Comment of {office}, accepted: {text} ({reason})", **values)
    return says.say("Comment of {office}, declined: {text} ({reason})", **values)
