"""A version is consulted on before it is published: drafted, commented on, answered, approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cli import main
from config.permitting import NotPermitted
from config.standing_drafts import draft_files
from config.version_file import version_file
from domain.cases.kinds import CaseState
from domain.deviations.flaws import Flawed
from domain.drafts.amending import amended
from domain.drafts.draft import Draft, DraftState, Origin
from domain.drafts.ids import ConsultationId
from domain.drafts.moving import NoSuchMove
from domain.outcomes.drafts import DraftCommented, VersionDrafted
from domain.plans.project import COMMENT, Changed
from domain.questions.question import NoticeKind, Question, QuestionKind, QuestionState
from domain.standards.standard import Version
from tasks import context
from tasks.answering import read_message
from tasks.commenting import answer_comment, comment_draft
from tasks.drafting import draft_version
from tasks.ending import decide
from tasks.looking_after import escalate_cases
from tasks.publishing import publish_version
from tasks.requesting import Room
from tasks.sweeping import sweep_network
from tasks.tool_votes import take_votes
from tasks.versions import choose
from tests.tasks.conftest import Desk, forget
from tests.tasks.deviating import HEAD, MONDAY, OTHER, at, with_people
from tests.tasks.test_answering import sent
from tests.tasks.test_cases import answer, raised
from tests.tasks.test_cases import stored as stored_case
from tests.tasks.test_under_review import OFFICES, asked

slow = pytest.mark.servers
OWNER, ELIF = "adebayo-okafor", "elif-kaya"
NEXT = "delivery-method/2.1"
WHY = "ports report to their authority by another rhythm"
RULE, SLIP = "overdue-share", "slip-within-limit"


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


def amended_by(desk: Desk, limit: int) -> Version:
    base = desk.application.versions["delivery-method/2.0"]
    return amended(base, "2.1", date(2027, 5, 3), "more may be overdue", rule=RULE, limit=limit)


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


def test_the_newest_version_is_one_in_force_and_of_several_standards_one_that_has_the_rule(
    desk: Desk,
) -> None:
    with desk.application.store.begin() as unit:
        before = choose(unit, "newest", date(2027, 1, 3)).id
        unit.versions.publish(amended_by(desk, limit=25), desk.application.clock.now())
        today = choose(unit, "newest", MONDAY).id
        later = choose(unit, "newest", date(2027, 5, 3)).id
        of_rule = choose(unit, "newest", MONDAY, "handover-steps").id
        early = choose(unit, "newest", date(2020, 1, 1)).id
    assert (before, today, later) == ("site-works/1.0", "delivery-method/2.0", "delivery-method/2.1")
    assert of_rule == "site-works/1.0"
    assert early == "delivery-method/2.1", "before anything is in force"


@slow
def test_a_version_of_the_files_is_published_only_after_its_consultation(desk: Desk) -> None:
    text = version_file(amended_by(desk, limit=25))
    filed(desk, text)
    with pytest.raises(ValueError, match=r"delivery-method/2\.1 was not consulted on: run draft-amendment"):
        publish_version.fn(NEXT, "a test", OWNER, dry_run=False)
    made = drafted(NEXT, person=HEAD)
    assert (made.state, made.flaws, made.changed) == ("consultation", 0, True)
    assert made.offices > 5, "every office below the owner that takes part"
    there = stored(desk, made.draft)
    assert all(each.office not in ("group", "asuncion") for each in there.consulted)
    assert there.simulation.offices["mersin"].projects > 0
    with pytest.raises(ValueError, match="offices may comment on it, until"):
        publish_version.fn(NEXT, "a test", OWNER, dry_run=False)
    filed(desk, text.replace("limit: 25", "limit: 26"))
    with pytest.raises(ValueError, match="is not the draft draft-"):
        publish_version.fn(NEXT, "a test", OWNER, dry_run=False)
    assert drafted(NEXT).state == "consultation", "the offices are asked anew"
    assert stored(desk, made.draft).round == 2
    at(MONDAY + timedelta(days=60))
    assert escalate_cases.fn(dry_run=False).to_approvers == 1
    assert not decide.fn(made.draft, "approve", HEAD, "mine", dry_run=True).counted, "who drafted it"
    decide.fn(made.draft, "decline", OTHER, "not now", dry_run=False)
    assert stored(desk, made.draft).state is DraftState.DECLINED
    with pytest.raises(ValueError, match="was not consulted on"):
        publish_version.fn(NEXT, "a test", OWNER, dry_run=False)


@slow
def test_a_rule_under_review_has_a_draft_with_the_loosest_limit_that_was_asked_for(desk: Desk) -> None:
    sweep_network("newest")
    asked(desk, OFFICES, 3, rule=SLIP, limits=(11, 14, 13))
    assert escalate_cases.fn(dry_run=False).under_review == 1
    with desk.application.store.read() as unit:
        (case,) = unit.cases.all()
        (there,) = unit.drafts.all()
    assert (there.origin, there.case, there.state) == (Origin.REVIEW, case.id, DraftState.DRAFTED)
    assert next(each.limit for each in there.version.rules if each.uid == SLIP) == 14
    assert there.flaws == ()
    assert there.is_simulated
    relieved = {office: each.relieved for office, each in there.simulation.offices.items() if each.relieved}
    assert relieved == {"durban": 1, "group": 1}, "10.8 and 12.4 percent are within 14"
    assert "(slip-within-limit: 10 -> 14)" in there.version.changes
    escalate_cases.fn(dry_run=False)
    with desk.application.store.read() as unit:
        assert unit.drafts.all() == (there,)
        texts = [e.event for e in unit.ledger.entries() if e.event.kind == "draft"]
    assert [each.actor for each in texts] == ["system"]
    assert drafted(case.id, "days=5; office=durban").state == "consultation"
    assert drafted(there.id, "step=withdraw").state == "withdrawn"


@slow
@pytest.mark.usefixtures("desk")
def test_an_example_that_holds_with_the_new_limit_no_more_keeps_a_draft_from_the_offices() -> None:
    case = agreed_case()
    with pytest.raises(
        NoSuchMove, match=r"2\.1\.yaml:\d+: the example `fail` of rule `overdue-share` gives pass"
    ):
        drafted(case, "limit=40")
    made = drafted(case, "limit=40; step=keep")
    assert (made.state, made.flaws) == ("drafted", 1)


BAD = {
    "no such subject": (lambda: drafted("delivery-method/9"), LookupError, "give an id of `interoffice drafts`"),
    "published before": (lambda: drafted("delivery-method/2.0"), LookupError, "give the new content a new version"),
    "a case without one": (
        lambda: drafted(raised(about=f"rule delivery-method/2.0 {RULE}").case), LookupError, "agree on one there",
    ),
    "bad terms": (lambda: drafted(agreed_case(), "days=0; office=atlantis"), Flawed, "there is no office"),
    "no such rule": (lambda: drafted(agreed_case(), "limit=3; rule=none"), LookupError, "has no rule 'none'"),
    "who may not": (lambda: drafted(agreed_case(), person=ELIF), NotPermitted, "it takes the standards owner"),
    "no such draft": (lambda: said("draft-0", "mersin", ELIF, "x"), LookupError, "`interoffice drafts` lists them"),
    "no such office": (lambda: said(open_draft(), "atlantis", ELIF, "x"), LookupError, "give an id of offices.yaml"),
    "of another office": (lambda: said(open_draft(), "durban", ELIF, "x"), NotPermitted, "whoever is named may not"),
    "too long": (lambda: said(open_draft(), "mersin", ELIF, "x" * 2001), NoSuchMove, "shorten it"),
    "no such comment": (lambda: settled(open_draft(), 7, "accepted", ""), NoSuchMove, "it has 0 comments"),
    "no such answer": (lambda: settled(open_draft(), 1, "perhaps", ""), NoSuchMove, "write accepted or declined"),
    "not an owner": (lambda: settled(open_draft(), 1, "accepted", "", ELIF), NotPermitted, "it takes the"),
}  # fmt: skip


def open_draft() -> str:
    return drafted(agreed_case(), "limit=28; office=mersin; office=durban").draft


@slow
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_what_to_do_and_leaves_nothing(desk: Desk, name: str) -> None:
    act, error, told = BAD[name]
    with pytest.raises(error) as found:
        act()
    assert told in str(found.value)
    with desk.application.store.read() as unit:
        assert all(not each.comments and each.version.id == NEXT for each in unit.drafts.all())


@slow
def test_a_message_comments_and_the_command_line_shows_and_exports(desk: Desk, capsys, tmp_path) -> None:
    draft = open_draft()
    message = sent(
        desk, "draft.commented", draft=draft, office="mersin", person=ELIF, why="25 are enough for a port"
    )
    sources = desk.application.organization.sources
    sources["board"] = replace(sources["board"], offices=frozenset({"mersin"}))
    found = read_message.fn(message)
    assert found.flow == "flows.comment_draft.comment_draft"
    assert "25 are enough" not in str(found.parameters)
    comment_draft.fn(**found.parameters)
    assert main.main(["drafts"]) == 0
    assert (
        f"{draft}  {NEXT}  in consultation since 2027-01-18; 2 offices may comment" in capsys.readouterr().out
    )
    assert main.main(["drafts", NEXT]) == 0
    told = capsys.readouterr().out
    for each in (
        "changes overdue-share: the limit 10 becomes 28",
        "consulted durban: 0 comments, until",
        "comment 1 of mersin: 25 are enough for a port (to be answered)",
    ):
        assert each in told
    place = tmp_path / "out"
    assert main.main(["draft", "export", draft, str(place)]) == 0
    assert main.main(["draft", "export", NEXT, str(place)]) == 0
    file = place / "standards/delivery-method/2.1.yaml"
    assert "limit: 28" in file.read_text("utf-8")
    file.write_text("mine", "utf-8")
    assert main.main(["draft", "export", draft, str(place)]) == 1
    assert "is there with other content -> move it away" in capsys.readouterr().err
    assert main.main(["drafts", "draft-0"]) == 1
    assert "`interoffice drafts --all` lists them" in capsys.readouterr().err
    assert main.main(["export", str(tmp_path / "all")]) == 0
    assert "25 are enough" in (tmp_path / f"all/record/drafts/{draft}.yaml").read_text("utf-8")


@slow
def test_a_case_that_comes_to_another_end_withdraws_its_draft(desk: Desk) -> None:
    case = agreed_case()
    reference = stored_case(desk, case).agreement.reference
    answer(case, "group", "cannot: the board says no", HEAD)
    answer(case, "group", "nothing: it stays as it is", HEAD)
    answer(case, "mersin", "accept", ELIF)
    escalate_cases.fn(dry_run=False)
    assert stored(desk, reference).state is DraftState.WITHDRAWN


def put_to_approvers() -> str:
    """A draft that waits for its approvers."""
    draft = open_draft()
    for office, person in (("mersin", ELIF), ("durban", "thandeka-mkhize")):
        said(draft, office, person, "nothing")
    assert escalate_cases.fn(dry_run=False).to_approvers == 1
    return draft


def asked_in_tool(desk: Desk) -> Question:
    """The question to the approvers in the tool of the office that leads."""
    with desk.application.store.read() as unit:
        (found,) = (q for q in unit.questions.of("group") if q.kind is QuestionKind.DRAFT_DECISION)
    return found


def wrote(desk: Desk, account: str, text: str) -> bool:
    """Somebody writes a comment on the decision there."""
    application, question = desk.application, asked_in_tool(desk)
    change = Changed(question.id, COMMENT, "", text, account, application.clock.now())
    with application.store.begin() as unit:
        room = Room(unit, application.clock, application.rulebook)
        found = take_votes(room, question, [change], {"mvd": HEAD, "hv": OTHER})
        unit.commit()
    return found


@slow
def test_approvers_decide_on_a_draft_in_the_tool_of_the_office_that_leads(desk: Desk) -> None:
    draft = put_to_approvers()
    assert NEXT in asked_in_tool(desk).text
    assert not wrote(desk, "stranger", "approve")
    assert wrote(desk, "mvd", "approve")
    assert not wrote(desk, "mvd", "approve"), "it is taken once"
    assert stored(desk, draft).state is DraftState.DECISION, "it takes two"
    assert wrote(desk, "hv", "approve: it is what the ports need")
    assert stored(desk, draft).state is DraftState.APPROVED
    assert (asked_in_tool(desk).state, asked_in_tool(desk).answer) == (QuestionState.ANSWERED, "approved")


@slow
def test_what_is_decided_otherwise_is_asked_in_the_tool_no_more(desk: Desk) -> None:
    draft = put_to_approvers()
    assert decide.fn(draft, "decline", HEAD, "not now", dry_run=False).state == "declined"
    assert stored(desk, draft).state is DraftState.DECLINED
    assert (asked_in_tool(desk).state, asked_in_tool(desk).answer) == (QuestionState.ANSWERED, "rejected")
    assert not wrote(desk, "mvd", "approve"), "it is over"
