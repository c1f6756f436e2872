"""Comment on a draft for an office, and answer a comment for its owner, in the name of a person."""

from __future__ import annotations

from prefect import task

from config.permitting import permitted
from domain.decisions.request import Channel
from domain.drafts.draft import Draft, Said
from domain.drafts.moving import NoSuchMove, answered, commented, without_comment
from domain.organization.actions import Action
from domain.outcomes.drafts import DraftCommented
from domain.questions.consultations import is_no_comment
from tasks.answering import actor_of, text_of
from tasks.context import current_application
from tasks.draft_steps import keep
from tasks.drafting import known_draft
from tasks.requesting import Room

ANSWERS = {"accepted": True, "declined": False}


@task(name="comment-draft")
def comment_draft(draft: str, office: str, person: str, why: str, *, dry_run: bool) -> DraftCommented:
    """Take an office's comment on a draft; `nothing` says that it has none. The same again changes nothing.

    Person and comment may refer to a message. Raises LookupError for a draft or office that is not there,
    NoSuchMove where it is not asked, or too late, PermissionError for a person who may not.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    draft, office = draft.strip(), office.strip()
    with store.read() as unit:
        found = known_draft(unit, draft)
        actor = actor_of(unit, organization.sources, person.strip(), {"draft": draft, "office": office})
        text = text_of(unit, organization.sources, why, "why")
    if office not in organization.offices:
        raise LookupError(f"there is no office {office[:60]!r}: give an id of offices.yaml")
    permitted(
        organization, store, clock, actor, Action.COMMENT, leader=organization.offices[office],
        concerned=office, subject=found.id, dry_run=dry_run,
    )  # fmt: skip
    with store.begin() as unit:
        room = Room(unit, clock, application.rulebook)
        before = unit.drafts.locked(found.id) or found
        done = take_comment(room, before, text, Said(clock.now(), actor.person, office, Channel.ENTERED))
        if not dry_run:
            unit.commit()
    number = 0 if is_no_comment(text) else _number(done, office, text)
    return DraftCommented(done.id, done.version.id, number, len(done.unanswered), before != done, dry_run)


def take_comment(room: Room, draft: Draft, text: str, said: Said) -> Draft:
    """The draft after what an office says to it, stored."""
    calendar = room.organization.offices[said.office].calendar
    if is_no_comment(text):
        return keep(room, draft, without_comment(draft, said, calendar))
    return keep(room, draft, commented(draft, text, said, calendar))


def _number(draft: Draft, office: str, text: str) -> int:
    return next(each.number for each in draft.comments if (each.office, each.text) == (office, text.strip()))


@task(name="answer-comment")
def answer_comment(
    draft: str, comment: int, answer: str, person: str, why: str, *, dry_run: bool
) -> DraftCommented:
    """Take the owner's answer to one comment: `accepted`, or `declined` with a reason.

    Raises LookupError for a draft that is not there, NoSuchMove for a comment that is not there or cannot be
    answered so, PermissionError for a person who may not.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    with store.read() as unit:
        found = known_draft(unit, draft)
        actor = actor_of(unit, organization.sources, person.strip(), {"draft": draft})
    accepted = ANSWERS.get(answer.strip())
    if accepted is None:
        raise NoSuchMove(f"{answer.strip()[:40]!r} answers no comment: write accepted or declined")
    leader = organization.leader_of(found.owner, clock.now().date())
    permitted(
        organization, store, clock, actor, Action.ANSWER_COMMENT, leader=leader, subject=found.id, why=why,
        dry_run=dry_run,
    )  # fmt: skip
    with store.begin() as unit:
        room = Room(unit, clock, application.rulebook)
        before = unit.drafts.locked(found.id) or found
        said = Said(clock.now(), actor.person, before.owner, Channel.ENTERED)
        done = keep(room, before, answered(before, comment, why, said, accepted=accepted))
        if not dry_run:
            unit.commit()
    return DraftCommented(
        done.id, done.version.id, comment, len(done.unanswered), before != done, dry_run, answered=True
    )
