"""A directive on the sample, from issuing to its end: answered in the offices' tools and by forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.permitting import NotPermitted
from config.standing_directives import directive_files
from domain.cases.case import Case
from domain.cases.kinds import NoSuchMove
from domain.deviations.flaws import Flawed
from domain.directives.directive import Addressee, Directive, state_of
from domain.directives.kinds import ClockKind, EndingKind, NotPossible
from domain.ledger.chain import Entry
from domain.messages.outbox import happening
from domain.organization.office import Role
from domain.outcomes.directives import DirectiveAnswered, DirectiveEnded, DirectiveIssued
from domain.questions.directives import DirectiveAsk, DirectiveQuestionId, Unclear
from domain.questions.question import NoticeKind, QuestionState
from tasks import context
from tasks.answering import read_message
from tasks.case_answers import answer_case
from tasks.delivering import deliver_office
from tasks.directive_answers import answer_to
from tasks.issuing import issue, take_back
from tasks.looking_after import any_case, escalate_cases
from tasks.network import load_network
from tasks.raising import raise_case
from tasks.reading import read_office
from tasks.wanting import wanted_in_tool
from tests.tasks.conftest import Desk
from tests.tasks.deviating import HEAD, MONDAY, at, with_people
from tests.tasks.test_answering import sent

slow = pytest.mark.servers
ELIF, ISABELLE = "elif-kaya", "isabelle-moreau"
TEXT, WHOM = "Have every crane inspected before the storm season", "office=mersin, lehavre"
TERMS = "due=2027-02-19; evidence=attested: every crane was inspected; document=https://files.example/storms"
WHY = "last year two of them failed"
FACT = "due=2027-02-19; evidence=fact plan.without_owner <= 0"


@pytest.fixture
def desk(published: Desk) -> Desk:
    with_people(published)
    at(MONDAY)
    return published


def issued(text=TEXT, whom=WHOM, terms=TERMS, person=HEAD) -> DirectiveIssued:
    return issue.fn(text, whom, terms, person, WHY, dry_run=False)


def answer(directive: str, office: str, text: str, person: str, why: str = "") -> DirectiveAnswered:
    return answer_to.fn(directive, office, text, person, why, dry_run=False)


def ended(directive: str, why="it was too much at once", by="", office="", person=HEAD) -> DirectiveEnded:
    return take_back.fn(directive, person, why, by, office, dry_run=False)


def stored(desk: Desk, id_: str) -> Directive:
    with desk.application.store.read() as unit:
        return unit.directives.get(id_)


def of(desk: Desk, id_: str, office: str = "mersin") -> Addressee:
    return stored(desk, id_).of(office)[0]


def entries(desk: Desk) -> list[Entry]:
    with desk.application.store.read() as unit:
        assert unit.ledger.verify() is None
        return [each for each in unit.ledger.entries() if each.event.kind == "directive"]


def notices(desk: Desk, office: str) -> list[str]:
    with desk.application.store.read() as unit:
        return [each.key for each in unit.notices.of(office) if each.kind is NoticeKind.DIRECTIVE]


def placed(desk: Desk, id_: str, office: str, said: str = "", by: str = "", day: date = MONDAY) -> None:
    """The question that waits stands in that office's tool, and is answered there."""
    with desk.application.store.begin() as unit:
        question = unit.questions.get(of(desk, id_, office).question)
        question = replace(question, placed=day)
        if said:
            question = replace(
                question, state=QuestionState.ANSWERED, answer=said, answered_by=by, answered=day
            )
        unit.questions.save(question)
        unit.commit()


def test_it_is_answered_in_the_tools_of_the_offices_and_ends_with_the_last_one(desk: Desk) -> None:
    assert issue.fn(TEXT, WHOM, TERMS, HEAD, WHY, dry_run=True).addressees == 2
    assert not any_case()
    told = issued()
    assert (told.issuer, told.offices, told.new, issued().new) == ("group", 2, True, False)
    assert any_case()
    with desk.application.store.read() as unit:
        question = unit.questions.get(of(desk, told.directive).question)
        assert TEXT in question.text
        assert "https://files.example/storms" in question.text
        network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
        wanted = {each.key: each for each in wanted_in_tool(unit, network, "mersin")}
        assert question.id in wanted
        assert f"directed/mersin/head/{told.directive}" in wanted
        assert all("directive" not in each.key for each in wanted_in_tool(unit, network, "antwerp"))
    placed(desk, told.directive, "mersin", "acknowledge", ELIF)
    placed(desk, told.directive, "lehavre", "fait : voir le rapport", ISABELLE)
    assert escalate_cases.fn(dry_run=True).directives.answered == 2
    assert escalate_cases.fn(dry_run=False).directives.answered == 2
    assert escalate_cases.fn(dry_run=False).directives.answered == 0
    mersin = of(desk, told.directive)
    assert DirectiveQuestionId.read(mersin.question).ask is DirectiveAsk.ATTEST
    assert of(desk, told.directive, "lehavre").attested.text == "voir le rapport"
    placed(desk, told.directive, "mersin", "done", ELIF)
    found = escalate_cases.fn(dry_run=False).directives
    assert (found.answered, found.ended) == (1, 1)
    assert stored(desk, told.directive).ending.kind is EndingKind.FULFILLED
    assert [each.event.detail["step"] for each in entries(desk)] == [
        "issued", "delivered", "acknowledged", "attested", "delivered", "acknowledged", "attested", "ended",
    ]  # fmt: skip
    assert not any("crane" in str(each.event.detail) for each in entries(desk)), "no text, no name"
    events = [happening(each, "harbor") for each in entries(desk)]
    assert [each.kind for each in events if each] == [
        "directive.issued", "directive.acknowledged", "directive.fulfilled", "directive.acknowledged",
        "directive.fulfilled",
    ]  # fmt: skip


@slow
def test_it_stands_in_the_offices_own_workbook_and_is_answered_in_its_row(desk: Desk) -> None:
    told = issued(whom="office=mersin")
    assert deliver_office("mersin", dry_run=False).create >= 2
    read_office("mersin")
    assert of(desk, told.directive).delivered is None
    escalate_cases.fn(dry_run=False)
    assert of(desk, told.directive).delivered is not None, "it was found in the tool"
    assert deliver_office("mersin", dry_run=False).update == 0, "its card said so from the first"


@slow
def test_who_is_silent_is_reminded_and_told_level_by_level_once(desk: Desk) -> None:
    told = issued(whom="office=mersin")
    placed(desk, told.directive, "mersin")
    found = []
    for days in range(70):
        at(MONDAY + timedelta(days=days), 22)
        found.append(escalate_cases.fn(dry_run=False).directives)
    mersin = of(desk, told.directive)
    assert sum(each.told for each in found) == len(mersin.told)
    levels = [(each.clock, each.office, each.role) for each in mersin.told]
    ladder = [("mersin", "head"), ("hamburg", "head"), ("group", "head"), ("group", "sponsor")]
    assert sorted(levels) == sorted((clock, *level) for clock in ClockKind for level in ladder)
    assert sum(each.reminded for each in found) == 2
    assert mersin.reminded == (date(2027, 2, 17), date(2027, 2, 19))
    assert state_of(stored(desk, told.directive), mersin) == "delivered", "silence fulfils nothing"
    with desk.application.store.read() as unit:
        (notice,) = [
            each for each in unit.notices.of("group") if each.role == "sponsor" and "fulfil" in each.key
        ]
    assert TEXT in notice.text


@slow
def test_a_fact_with_a_limit_shows_it_by_the_offices_open_projects(desk: Desk) -> None:
    told = issued(terms=FACT)
    placed(desk, told.directive, "mersin", "seen", ELIF)
    placed(desk, told.directive, "lehavre", "seen", ISABELLE)
    escalate_cases.fn(dry_run=False)
    assert of(desk, told.directive).question == "", "nothing else is asked"
    assert [of(desk, told.directive, each).color for each in ("mersin", "lehavre")] == ["green", "red"]
    at(date(2027, 2, 22))
    found = escalate_cases.fn(dry_run=False).directives
    assert (found.fulfilled, found.ended) == (1, 0)
    assert of(desk, told.directive).fulfilled is not None
    tight = issued(terms="due=2027-03-19; evidence=fact plan.overdue <= 0")
    placed(desk, tight.directive, "mersin", "done", ELIF)
    escalate_cases.fn(dry_run=False)
    with desk.application.store.read() as unit:
        asked = unit.questions.get(of(desk, tight.directive).question)
    assert asked.state is QuestionState.OPEN
    assert "nobody attests it, report the fact" in asked.text
    assert of(desk, tight.directive).color == "red"


@slow
def test_an_objection_in_the_tool_is_a_case_and_the_clock_stands_once(desk: Desk) -> None:
    told = issued(whom="office=mersin")
    placed(desk, told.directive, "mersin", "object: no crane of ours stands in the open", ELIF)
    escalate_cases.fn(dry_run=False)
    mersin = of(desk, told.directive)
    with desk.application.store.read() as unit:
        case: Case = unit.cases.get(mersin.objection)
    assert (case.counterpart, case.objection, case.raisers[0].stops) == ("group", True, True)
    assert (mersin.stopped, mersin.question) == (True, "")
    at(MONDAY + timedelta(days=60))
    assert escalate_cases.fn(dry_run=False).directives.told == 0
    answer_case.fn(case.id, "mersin", "withdraw", ELIF, "we inspect them", dry_run=False)
    mersin = of(desk, told.directive)
    assert (mersin.stopped, mersin.objection) == (False, ""), "it runs again at once"
    assert DirectiveQuestionId.read(mersin.question).number == 2, "it is asked anew"
    again = raise_case.fn(
        "mersin",
        f"directive {told.directive}",
        "",
        ELIF,
        "we cannot after all",
        objection=True,
        dry_run=False,
    )
    assert (again.new, again.stops) == (True, False)
    assert of(desk, told.directive).running


@slow
def test_withdrawn_superseded_and_released_ones_are_told(desk: Desk) -> None:
    told, other = issued(), issued(text="Have the two old cranes inspected first")
    assert ended(told.directive, office="lehavre").told == 1
    assert notices(desk, "lehavre")
    found = ended(told.directive, by=other.directive)
    assert (found.state, found.told) == ("superseded", 1)
    with desk.application.store.read() as unit:
        (notice,) = [each for each in unit.notices.of("mersin") if each.kind is NoticeKind.DIRECTIVE]
        assert f"{other.directive} takes its place" in notice.text
        questions = [q for q in unit.questions.of("mersin") if q.about == told.directive]
    assert [each.state for each in questions] == [QuestionState.MOOT]
    steps = [each.event.detail["step"] for each in entries(desk)]
    assert steps == ["issued", "issued", "released", "superseded"]
    assert ended(other.directive).state == "withdrawn"


@slow
def test_who_comes_under_an_office_later_is_addressed_with_the_next_look(desk: Desk) -> None:
    told = issued(whom="subtree=hamburg")
    before = {each.office for each in stored(desk, told.directive).addressees}
    there = context.current_application()
    moved = replace(there.organization.offices["durban"], parent="hamburg")
    offices = {**there.organization.offices, "durban": moved}
    del offices["lehavre"]
    organization = replace(there.organization, offices=offices)
    context.KEPT.__dict__["application"] = replace(there, organization=organization)
    found = escalate_cases.fn(dry_run=False).directives
    assert (found.came, found.left) == (1, 1)
    assert {each.office for each in stored(desk, told.directive).current} == before - {"lehavre"} | {"durban"}


REFUSED = [
    (lambda: issued(person=ELIF), NotPermitted, "it takes the head, approver or sponsor of the strategic office"),
    (lambda: issued(whom="office=atlantis"), Flawed, "there is no office 'atlantis'"),
    (lambda: issued(whom="office=genoa"), Flawed, "genoa takes no part in a network that group leads"),
    (lambda: issued(terms="due=2027-02-19"), Flawed, "nothing shows that it is fulfilled"),
    (lambda: ended("directive-0"), LookupError, "`interoffice directives` lists"),
    (lambda: ended(issued().directive, why="no"), ValueError, "why: its addressees read why"),
    (lambda: ended(issued().directive, by="directive-0"), LookupError, "there is no directive 'directive-0'"),
    (lambda: ended(issued().directive, by=issued().directive), NotPossible, "cannot take its own place"),
    (lambda: ended(issued().directive, by="x", office="mersin"), ValueError, "give either `by` or `office`"),
    (lambda: ended(issued().directive, office="antwerp"), NotPossible, "antwerp owes nothing in"),
    (lambda: ended(issued().directive, person=ELIF), NotPermitted, "it takes"),
    (lambda: answer(issued().directive, "mersin", "maybe", ELIF), Unclear, "is no answer: write `acknowledge`"),
    (lambda: answer(issued().directive, "mersin", "object", ELIF), Unclear, "lacks its reason"),
    (lambda: answer(issued().directive, "antwerp", "seen", "bart-claes"), NotPossible, "is not addressed to antwerp"),
    (lambda: answer(issued(terms=FACT).directive, "mersin", "done", ELIF), NotPossible, "report the fact"),
    (
        lambda: raise_case.fn("mersin", "directive directive-0", "", ELIF, "we cannot do it", objection=True, dry_run=False),
        LookupError,
        "there is no directive 'directive-0'",
    ),
    (
        lambda: raise_case.fn("mersin", "update mersin/nothing/1", "", ELIF, "we cannot do it", objection=True, dry_run=False),
        LookupError,
        "is no plan of mersin that a template updates",
    ),
]  # fmt: skip


@slow
def test_what_cannot_be_done_is_refused_with_what_to_do(desk: Desk) -> None:
    for act, refused, said in REFUSED:
        with pytest.raises(refused) as found:
            act()
        assert said in str(found.value)
    assert {each.event.detail["step"] for each in entries(desk)} == {"issued"}, (
        "what was refused left nothing"
    )


@slow
def test_an_operator_enters_what_an_office_says_and_it_is_recorded_as_that(desk: Desk) -> None:
    told = issued(whom="office=mersin; role=approver; role=head")
    assert {each.role for each in stored(desk, told.directive).addressees} == {"approver", "head"}
    done = answer(told.directive, "mersin", "seen", ELIF)
    assert (done.state, done.changed) == ("acknowledged", True)
    assert not answer(told.directive, "mersin", "seen", ELIF).changed
    objecting = answer(told.directive, "mersin", "object: it has no crane", ELIF)
    assert (objecting.state, bool(objecting.case)) == ("objection", True)
    with pytest.raises(NoSuchMove):
        answer_case.fn(objecting.case, "mersin", "accept", ELIF, "", dry_run=False)
    assert [e.entered for e in stored(desk, told.directive).steps][:3] == [True, False, True]


@slow
def test_directives_are_listed_shown_and_exported(desk: Desk, capsys) -> None:
    from cli import main

    folder = ["--organization", str(desk.folder)]
    assert main.main(["directives", *folder]) == 0
    assert capsys.readouterr().out == "No directive is in force.\n"
    told = issued()
    assert main.main(["directives", *folder]) == 0
    assert f"{told.directive}  group  by 2027-02-19; 0 of 2 fulfilled" in capsys.readouterr().out
    assert main.main(["directives", told.directive, *folder]) == 0
    shown = capsys.readouterr().out
    assert "mersin (head): not in its tool yet; not attested. No clock runs until" in shown
    assert main.main(["directives", "--json", *folder]) == 0
    assert '"state": "sent"' in capsys.readouterr().out
    with desk.application.store.read() as unit:
        files = directive_files(unit)
    assert 'office: "mersin"' in files[f"record/directives/{told.directive}.yaml"]
    roles = desk.application.organization.offices["mersin"].roles
    assert ELIF in roles[Role.HEAD]


def asked_by_message(desk: Desk, office: str, **other: str) -> Mapping[str, object]:
    """What a message asks for that names that office as the one that issues the directive."""
    said = {"text": TEXT, "addressees": WHOM, "terms": TERMS, "person": HEAD, "why": WHY}
    message = sent(desk, "directive.issued", office=office, **{**said, **other})
    asked = read_message.fn(message)
    assert asked.flow == "flows.issue_directive.issue_directive"
    assert not set(asked.parameters) - {"text", "addressees", "terms", "person", "why", "dry_run"}
    assert TEXT not in str(asked.parameters), "a run's page shows no text"
    return asked.parameters


@slow
def test_a_message_issues_a_directive_once_in_the_name_of_the_office_that_it_names(desk: Desk) -> None:
    leader = desk.leader().id
    told = issue.fn(**asked_by_message(desk, leader))
    assert (told.issuer, told.addressees, told.new) == (leader, 2, True)
    assert not issue.fn(**asked_by_message(desk, leader)).new, "the same again is the same directive"
    with pytest.raises(PermissionError, match="whoever is named may not issue a directive"):
        asked_by_message(desk, leader, person=ELIF)
    with pytest.raises(PermissionError, match="whoever is named may not issue a directive"):
        asked_by_message(desk, "mersin")
    with pytest.raises(Flawed, match="issuer: it is given twice; keep one of them"):
        issue.fn(**asked_by_message(desk, leader, terms=f"{TERMS}; issuer=mersin"))
    with pytest.raises(Flawed, match="office: there is no office 'atlantis'; give an id of"):
        issue.fn(**asked_by_message(desk, leader, addressees="office=atlantis"))
    assert len({each.event.subject for each in entries(desk)}) == 1, "what was refused left nothing"


@slow
def test_whom_it_does_not_reach_is_said(desk: Desk) -> None:
    told = issued(whom="subtree=group; role=head; role=standards_owner")
    addressed = {each.office for each in stored(desk, told.directive).addressees}
    assert "genoa" not in addressed, "it is of a diverse part without an agreement"
    assert told.left_out == len(desk.application.organization.offices) - len(addressed) - 1
    assert told.to_heads == sum(
        not desk.application.organization.offices[each].roles.get(Role.STANDARDS_OWNER) for each in addressed
    )
    assert "left out: no part in the network" in told.sentence
