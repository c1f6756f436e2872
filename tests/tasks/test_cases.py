"""A case on the sample, from raising to its end: answered by forms and in the offices' tools."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cli import main
from config.permitting import NotPermitted
from config.standing_cases import case_files
from domain.cases.case import Case
from domain.cases.kinds import CaseState, Color, NoSuchMove, Side
from domain.decisions.request import Choice
from domain.deviations.flaws import Flawed
from domain.organization.office import Role
from domain.outcomes.cases import CaseAnswered, CaseRaised
from domain.questions.cases import Ask, CaseQuestionId, Unclear
from domain.questions.question import NoticeKind, QuestionState
from tasks.answering import read_message
from tasks.case_answers import answer_case
from tasks.delivering import deliver_office
from tasks.looking_after import escalate_cases
from tasks.network import load_network
from tasks.raising import raise_case
from tasks.reviewing import review_deviations
from tasks.wanting import wanted_in_tool
from tests.tasks.conftest import Desk
from tests.tasks.deviating import HEAD, MONDAY, OTHER, approve, at, with_people
from tests.tasks.test_answering import sent

slow = pytest.mark.servers
ELIF = "elif-kaya"
ABOUT, WHY = "rule delivery-method/2.0 version-named", "the port authority asks for another version"
TERMS = "cause=regulatory; project=mersin/MR-01; check=fact cost.overrun_percent <= 900"


@pytest.fixture
def desk(published: Desk) -> Desk:
    with_people(published)
    at(MONDAY)
    return published


def raised(office="mersin", about=ABOUT, terms=TERMS, person=ELIF, why=WHY, *, objection=False) -> CaseRaised:
    return raise_case.fn(office, about, terms, person, why, objection=objection, dry_run=False)


def answer(case: str, office: str, text: str, person: str, terms: str = "") -> CaseAnswered:
    word, _, why = text.partition(":")
    answer = f"{word}: {terms}" if terms else word
    return answer_case.fn(case, office, answer, person, why, dry_run=False)


def stored(desk: Desk, id_: str) -> Case:
    with desk.application.store.read() as unit:
        return unit.cases.get(id_)


def steps(desk: Desk) -> list[str]:
    with desk.application.store.read() as unit:
        assert unit.ledger.verify() is None
        return [e.event.detail["step"] for e in unit.ledger.entries() if e.event.kind == "case"]


def placed(desk: Desk, id_: str, day: date = MONDAY, said: str = "", by: str = "") -> None:
    """The question that waits stands in its office's tool, and is answered there."""
    with desk.application.store.begin() as unit:
        question = unit.questions.get(unit.cases.get(id_).question)
        question = replace(question, placed=day)
        if said:
            question = replace(
                question, state=QuestionState.ANSWERED, answer=said, answered_by=by, answered=day
            )
        unit.questions.save(question)
        unit.commit()


def test_a_mismatch_goes_through_a_counter_proposal_to_a_deviation_and_closes(desk: Desk) -> None:
    told = raised()
    assert (told.counterpart, told.joined, told.stops, told.new) == ("group", False, False, True)
    assert not raised().new, "raised again by the same office it is the same"
    answer(told.case, "group", "nothing: the version is right", HEAD)
    with pytest.raises(NoSuchMove, match="mersin has the turn"):
        answer(told.case, "group", "nothing: still", HEAD)
    last = MONDAY + timedelta(days=90)
    with pytest.raises(Flawed, match="it has no last day"):
        answer(told.case, "mersin", "deviation: until the audit", ELIF, "gate=G3")
    answer(told.case, "mersin", "deviation: until the audit is over", ELIF, f"last={last}; gate=G3")
    assert answer(told.case, "group", "accept", HEAD).state == CaseState.AGREED
    reference = stored(desk, told.case).agreement.reference
    assert escalate_cases.fn(dry_run=False).carried_out == 0, "the deviation waits for its own decision"
    approve(reference, HEAD, OTHER)
    review_deviations.fn()
    assert escalate_cases.fn(dry_run=True).carried_out == 1
    assert escalate_cases.fn(dry_run=False).carried_out == 1
    case = stored(desk, told.case)
    assert (case.state, case.turn.side) == (CaseState.TRIAL, Side.COUNTERPART), "the head says that it works"
    answer(told.case, "group", "works until 2027-12-31", HEAD)
    escalate_cases.fn(dry_run=False)
    assert stored(desk, told.case).state is CaseState.EFFECTIVE
    at(MONDAY + timedelta(days=15))
    assert escalate_cases.fn(dry_run=False).closed == 1
    assert escalate_cases.fn(dry_run=False).closed == 0
    at(date(2028, 1, 3))
    assert escalate_cases.fn(dry_run=False).reopened == 1, "the word was given until the end of the year"
    assert steps(desk) == [
        "raised", "proposed", "proposed", "agreed", "carried_out", "attested", "effective", "closed", "reopened",
    ]  # fmt: skip


@slow
def test_a_declined_deviation_brings_the_two_offices_back_to_the_table(desk: Desk) -> None:
    told = raised()
    terms = f"last={MONDAY + timedelta(days=60)}; gate=G3"
    answer(told.case, "group", "deviation: for this project", HEAD, terms)
    answer(told.case, "mersin", "accept", ELIF)

    approve(stored(desk, told.case).agreement.reference, HEAD, choice=Choice.DECLINE)
    review_deviations.fn()
    escalate_cases.fn(dry_run=False)
    case = stored(desk, told.case)
    assert (case.state, case.turn.side, case.agreement) == (CaseState.JOINT_ANALYSIS, Side.COUNTERPART, None)


def test_answers_are_read_from_the_tools_of_both_offices_and_both_see_how_it_stands(desk: Desk) -> None:
    told = raised()
    with desk.application.store.read() as unit:
        case = unit.cases.get(told.case)
        question = unit.questions.get(case.question)
        assert (question.office, CaseQuestionId.read(question.id).ask) == ("group", Ask.PROPOSE)
        for office in ("group", "mersin"):
            network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
            keys = [each.key for each in wanted_in_tool(unit, network, office)]
            assert f"feedback/{office}/{told.case}" in keys
            assert (question.id in keys) == (office == "group")
    placed(desk, told.case, said="explanation: 2.0 is what the authority means", by=HEAD)
    assert escalate_cases.fn(dry_run=False).answered == 1
    assert escalate_cases.fn(dry_run=False).answered == 0
    placed(desk, told.case, said="check: rule version-named", by=ELIF)
    assert escalate_cases.fn(dry_run=False).answered == 1
    placed(desk, told.case, said="accept", by=ELIF)
    escalate_cases.fn(dry_run=False)
    case = stored(desk, told.case)
    assert (case.state, case.steps[-1].person, case.steps[-1].entered) == (CaseState.TRIAL, "", False)
    assert [each.entered for each in case.steps] == [True, False, False, False, False]
    assert case.colors == {Side.RAISER: Color.UNKNOWN, Side.COUNTERPART: Color.UNKNOWN}
    escalate_cases.fn(dry_run=False)
    assert stored(desk, told.case).colors[Side.RAISER] is Color.RED, "the project does not name it"


@slow
def test_an_answer_that_the_case_cannot_take_is_asked_again_and_says_why(desk: Desk) -> None:
    told = raised(about="template finance-system", terms="cause=quality; counterpart=group")
    placed(desk, told.case, said="deviation: last=2027-03-01", by=HEAD)
    assert escalate_cases.fn(dry_run=False).answered == 0
    with desk.application.store.read() as unit:
        question = unit.questions.get(unit.cases.get(told.case).question)
    assert question.state is QuestionState.OPEN
    assert "is about no rule: nothing can be departed from" in question.text


@slow
def test_silence_is_told_level_by_level_and_the_sponsor_above_decides(desk: Desk) -> None:
    told = raised()
    assert escalate_cases.fn(dry_run=False).told == 0, "it stands in no tool yet"
    placed(desk, told.case)
    counts = []
    for days in range(0, 60, 1):
        at(MONDAY + timedelta(days=days), 22)
        counts.append(escalate_cases.fn(dry_run=False).told)
    case = stored(desk, told.case)
    assert case.told[0].office == "group"
    assert sum(counts) == len(case.told) == len({(e.office, e.role) for e in case.told})
    assert case.state is CaseState.ESCALATED
    with desk.application.store.read() as unit:
        (notice,) = [
            n
            for n in unit.notices.of("group")
            if n.key.startswith(f"case level {case.id}") and n.role == "sponsor"
        ]
        assert notice.kind is NoticeKind.CASE
    with pytest.raises(NotPermitted, match="sponsor"):
        answer(told.case, "group", "nothing: no", HEAD)
    sponsor = desk.application.organization.offices["group"].roles["sponsor"][0]
    assert (
        answer(told.case, "group", "nothing: the authority asks for no such thing", sponsor).state
        == CaseState.TRIAL
    )


@slow
def test_equal_cases_are_one_and_every_office_that_raised_it_is_told(desk: Desk) -> None:
    told = raised()
    other = raised("lehavre", terms="cause=quality", person="isabelle-moreau")
    assert (other.case, other.joined) == (told.case, True)
    answer(told.case, "group", "explanation: this is why", HEAD)
    with desk.application.store.read() as unit:
        for office in ("mersin", "lehavre"):
            keys = [each.key for each in unit.notices.of(office) if each.kind is NoticeKind.CASE]
            assert any(key.endswith(" 3") for key in keys), office
    with pytest.raises(NoSuchMove, match="mersin speaks for those who raised"):
        answer(told.case, "lehavre", "accept", "isabelle-moreau")


REFUSED = [
    (lambda: raised(person=HEAD), NotPermitted, "it takes"),
    (lambda: raised(about="rule delivery-method/9.0 x"), LookupError, "not published"),
    (lambda: raised(about="rule delivery-method/2.0 nonsense"), LookupError, "has no rule 'nonsense'"),
    (
        lambda: raised(about="template nothing-here"),
        LookupError,
        "no template 'nothing-here' is released",
    ),
    (lambda: raised(office="atlantis"), Flawed, "there is no office"),
    (lambda: raised(office="group", person=HEAD), LookupError, "answers for it itself"),
    (lambda: answer("case-0", "group", "accept", HEAD), LookupError, "`interoffice cases` lists"),
    (lambda: answer(raised().case, "group", "hello", HEAD), Unclear, "is no answer"),
    (lambda: answer(raised().case, "group", "nothing", HEAD), Unclear, "lacks its text"),
    (lambda: answer(raised().case, "group", "accept", HEAD), NoSuchMove, "nothing is proposed"),
    (lambda: answer(raised().case, "atlantis", "accept", HEAD), LookupError, "there is no office"),
    (lambda: answer(raised().case, "antwerp", "seen", "pieter-claes"), (NoSuchMove, NotPermitted), "."),
    (lambda: answer(raised().case, "group", "works until noon", HEAD), Unclear, "is no date"),
]


@slow
def test_what_cannot_be_done_is_refused_with_what_to_do(desk: Desk) -> None:
    for act, refused, said in REFUSED:
        with pytest.raises(refused) as found:
            act()
        assert said in str(found.value)
    with desk.application.store.read() as unit:
        assert len(unit.cases.all()) == 1, "what was refused left nothing"


@slow
def test_a_message_raises_feedback_and_a_dry_run_keeps_nothing(desk: Desk) -> None:
    told = raise_case.fn("mersin", ABOUT, TERMS, ELIF, WHY, objection=False, dry_run=True)
    assert told.new
    assert stored(desk, told.case) is None
    leader = desk.leader().id
    message = sent(desk, "feedback.raised", about=ABOUT, office=leader, terms=TERMS, person=HEAD, why=WHY)
    asked = read_message.fn(message)
    assert asked.flow == "flows.raise_feedback.raise_feedback"
    assert set(asked.parameters) == {"about", "office", "terms", "person", "why", "dry_run"}
    assert WHY not in str(asked.parameters), "a run's page shows no text"


@slow
def test_cases_are_listed_shown_and_exported(desk: Desk, capsys) -> None:
    told = raised(about="version delivery-method/2.0", terms="", objection=True)
    assert told.stops
    folder = ["--organization", str(desk.folder)]
    assert main.main(["cases", *folder]) == 0
    assert (
        f"{told.case}  mersin to group  the version delivery-method/2.0  objection: raised"
        in capsys.readouterr().out
    )
    assert main.main(["cases", told.case, *folder]) == 0
    assert (
        "raised: the port authority asks for another version for mersin by elif-kaya"
        in capsys.readouterr().out
    )
    with desk.application.store.read() as unit:
        files = case_files(unit)
    assert "objection: true" in files[f"record/cases/{told.case}.yaml"]


@slow
def test_an_office_that_withdraws_while_another_stays_sees_that_it_is_over_for_it(desk: Desk) -> None:
    told = raised()
    durban = desk.application.organization.offices["durban"].roles[Role.HEAD][0]
    assert raised("durban", terms="cause=regulatory", person=durban).joined
    deliver_office("mersin", dry_run=False)
    answer(told.case, "mersin", "withdraw: it is solved", ELIF)
    with desk.application.store.read() as unit:
        network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
        (card,) = [
            each for each in wanted_in_tool(unit, network, "mersin") if each.key.startswith("feedback/")
        ]
    assert (card.fields.standing, card.ended) == ("withdrawn", True)
    assert stored(desk, told.case).is_open
    assert deliver_office("mersin", dry_run=False).update >= 1, "it is said in its tool"
    assert deliver_office("mersin", dry_run=False).update == 0
