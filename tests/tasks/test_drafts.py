"""A version is consulted on before it is published: drafted, commented on, answered, approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.standing_drafts import draft_files
from domain.cases.kinds import CaseState
from domain.drafts.draft import Draft, DraftState
from domain.drafts.ids import ConsultationId
from domain.drafts.moving import NoSuchMove
from domain.outcomes.drafts import DraftCommented, VersionDrafted
from domain.questions.question import NoticeKind, QuestionState
from tasks import context
from tasks.commenting import answer_comment, comment_draft
from tasks.drafting import draft_version
from tasks.ending import decide
from tasks.looking_after import escalate_cases
from tasks.publishing import publish_version
from tests.tasks.conftest import Desk, forget
from tests.tasks.deviating import HEAD, MONDAY, OTHER, at, with_people
from tests.tasks.test_cases import answer, raised
from tests.tasks.test_cases import stored as stored_case

slow = pytest.mark.servers
OWNER, ELIF = "adebayo-okafor", "elif-kaya"
NEXT = "delivery-method/2.1"
WHY = "ports report to their authority by another rhythm"
RULE = "overdue-share"


@pytest.fixture
def desk(published: Desk) -> Desk:
    with_people(published)
    at(MONDAY)
    return published


def drafted(subject: str, terms: str = "", person: str = OWNER, *, dry_run: bool = False) -> VersionDrafted:
    return draft_version.fn(subject, terms, person, WHY, dry_run=dry_run)


def said(draft: str, office: str, person: str, text: str) -> DraftCommented:
    return comment_draft.fn(draft, office, person, text, dry_run=False)


def settled(draft: str, comment: int, word: str, why: str, person: str = OWNER) -> DraftCommented:
    return answer_comment.fn(draft, comment, word, person, why, dry_run=False)


def stored(desk: Desk, id_: str) -> Draft:
    with desk.application.store.read() as unit:
        return unit.drafts.get(id_)


def agreed_case() -> str:
    told = raised(about=f"rule delivery-method/2.0 {RULE}", terms="cause=regulatory; project=mersin/MR-01")
    answer(told.case, "group", "amendment: ports may have more overdue items", HEAD)
    answer(told.case, "mersin", "accept", ELIF)
    return told.case


def filed(desk: Desk, text: str) -> None:
    """The draft's file stands in the organization's folder, and the process reads it."""
    place = desk.folder / "standards/delivery-method/2.1.yaml"
    place.write_text(text, "utf-8")
    now = desk.application.clock.now()
    context.current_application().store.close()
    forget()
    with_people(desk)
    at(now.date())


def exported(desk: Desk, id_: str) -> str:
    with desk.application.store.read() as unit:
        files = draft_files(unit)
    return files[f"drafts/{id_}/{NEXT}.yaml"]


def test_a_case_leads_to_a_draft_that_is_consulted_on_approved_published_and_carries_it_out(
    desk: Desk,
) -> None:
    case = agreed_case()
    reference = stored_case(desk, case).agreement.reference
    there = stored(desk, reference)
    assert (there.version.id, there.state, there.case) == (NEXT, DraftState.DRAFTED, case)
    assert any("it changes nothing" in each for each in there.flaws), (
        "no limit was asked for: nothing is guessed"
    )
    with pytest.raises(NoSuchMove, match=r"it changes nothing of delivery-method/2\.0"):
        drafted(case)
    terms = "limit=28; days=10; office=mersin; office=durban; effective=2027-03-01"
    assert drafted(case, terms, dry_run=True).state == "consultation"
    assert stored(desk, reference).state is DraftState.DRAFTED
    made = drafted(case, terms)
    assert (made.draft, made.state, made.offices) == (reference, "consultation", 2)
    assert stored(desk, reference).is_simulated
    assert not drafted(case).changed
    said(NEXT, "mersin", ELIF, "28 is too many: 25 are enough")
    assert not said(NEXT, "mersin", ELIF, "28 is too many: 25 are enough").changed
    with pytest.raises(NoSuchMove, match="group is not consulted"):
        said(NEXT, "group", HEAD, "we are the owner")
    tell_in_tool(desk, reference, "durban", "nothing", "thandeka-mkhize")
    assert escalate_cases.fn(dry_run=False).to_approvers == 0
    assert stored(desk, reference).place("durban").silent
    at(MONDAY + timedelta(days=20))
    escalate_cases.fn(dry_run=False)
    assert stored(desk, reference).state is DraftState.ANSWERING
    with pytest.raises(NoSuchMove, match="declined without a reason"):
        settled(reference, 1, "declined", "")
    settled(reference, 1, "accepted", "25 then")
    filed(desk, exported(desk, reference).replace("limit: 28", "limit: 25"))
    assert drafted(NEXT).changed
    assert stored(desk, reference).state is DraftState.ANSWERING, "what was accepted is changed: no new round"
    assert escalate_cases.fn(dry_run=False).to_approvers == 1
    with pytest.raises(ValueError, match="it waits for the approvers"):
        publish_version.fn(NEXT, "a test", OWNER, dry_run=False)
    assert decide.fn(reference, "approve", HEAD, "a test", dry_run=False).state == "open"
    assert decide.fn(NEXT, "approve", OTHER, "a test", dry_run=False).state == "approved"
    assert publish_version.fn(NEXT, "a test", OWNER, dry_run=False).new
    assert stored(desk, reference).state is DraftState.PUBLISHED
    escalate_cases.fn(dry_run=False)
    assert stored_case(desk, case).state is CaseState.AGREED, "it is published and not effective yet"
    at(date(2027, 3, 1))
    assert escalate_cases.fn(dry_run=False).carried_out == 1
    assert stored_case(desk, case).state is CaseState.TRIAL
    with desk.application.store.read() as unit:
        assert unit.ledger.verify() is None
        kinds = [e.event.detail["step"] for e in unit.ledger.entries() if e.event.kind == "draft"]
        (entry,) = [e for e in unit.ledger.entries() if e.event.kind == "version" and e.event.subject == NEXT]
        told = [each.text for each in unit.notices.of("mersin") if each.kind is NoticeKind.DRAFT]
    assert entry.event.detail["consultation"] == "consulted"
    assert kinds == [
        "drafted", "revised", "opened", "commented", "no_comment", "closed", "answered", "revised", "asked",
        "approved", "published",
    ]  # fmt: skip
    assert any("(draft-" in each for each in told)


def tell_in_tool(desk: Desk, draft: str, office: str, text: str, by: str, day: date = MONDAY) -> None:
    """The question stands in the office's tool, and is answered there."""
    with desk.application.store.begin() as unit:
        there = unit.drafts.get(draft)
        question = unit.questions.get(str(ConsultationId(draft, there.round, office)))
        question = replace(
            question, placed=day, state=QuestionState.ANSWERED, answer=text, answered_by=by, answered=day
        )
        unit.questions.save(question)
        unit.commit()
