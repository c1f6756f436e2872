"""One digest for each person and morning, of what is new and what is due; none when there is nothing to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.languages import LANGUAGES
from domain.delivery.digests import Told, Waiting, digests, recipients, reminds, told_to_all
from domain.organization.calendar import Calendar
from domain.organization.office import Organization, Person, Role
from domain.questions.question import Notice, NoticeKind, Question, QuestionKind, QuestionState
from domain.rollouts.rollout import Adoption, Standing
from tests.domain import builders

MONDAY = date(2027, 1, 4)
LISBON = Calendar("PT", "Europe/Lisbon", holidays=frozenset({date(2027, 1, 6)}))
MORNING = datetime(2027, 1, 4, 8, tzinfo=UTC)


def organization(**languages: str) -> Organization:
    people = {
        "ana": Person("ana", "Ana", "ana@example.com", language=languages.get("ana", "")),
        "rui": Person("rui", "Rui", "rui@example.com"),
        "eva": Person("eva", "Eva"),
    }
    roles = {Role.HEAD: ("ana",), Role.REPORTER: ("rui",), Role.APPROVER: ("eva",)}
    porto = builders.office("porto", roles=roles, calendar=LISBON)
    return builders.organization(porto, people=people, languages=LANGUAGES)


def question(number: int, by: date, kind: QuestionKind = QuestionKind.FACT, **more) -> Question:
    placed = more.pop("placed", date(2026, 12, 28))
    asked = date(2026, 12, 28)
    return Question(f"q/{number}", "porto", "porto/P-1", kind, "x", "Text", asked, by, placed=placed, **more)


def notice(key: str = "n/1", role: Role = Role.REPORTER, office: str = "porto") -> Notice:
    return Notice(key, NoticeKind.DUE, office, str(role), MONDAY, {"projects": 2}, "2 projects are bound")


def due(by: date, standing: Standing = Standing.BINDING) -> Adoption:
    return Adoption("porto/P-1", "porto", 1, standing, MONDAY, "", due=by)


def found(
    waiting: Waiting, now: datetime = MORNING, told: dict | None = None, of=None
) -> dict[str, list[str]]:
    made = digests(of or organization(), waiting, told or {}, now)
    return {each.person.id: [line.text for line in each.lines] for each in made}


def test_everything_of_a_morning_stands_in_one_digest_in_the_person_s_language() -> None:
    waiting = Waiting(
        [question(1, MONDAY), question(2, MONDAY), question(3, MONDAY, QuestionKind.ELECTION)],
        [due(date(2027, 1, 5))],
        [notice(), notice("n/2", Role.HEAD)],
    )
    assert found(waiting) == {
        "rui": [
            "Porto: 2 projects are bound",
            "Porto: 2 questions are to be answered by 2027-01-04",
            "Porto: 1 project has to follow the version by 2027-01-05",
        ],
        "ana": ["Porto: 2 projects are bound", "Porto: 1 question is to be answered by 2027-01-04"],
    }
    german = found(waiting, of=organization(ana="de"))["ana"][1]
    assert german == "Porto: 1 Frage ist bis 4. Januar 2027 zu beantworten"


def test_an_election_is_told_to_the_program_s_manager_else_to_the_deputy_else_to_the_head() -> None:
    """Mia has a role in no office: the program's is hers. Without an address the head is told."""
    waiting = Waiting([question(1, MONDAY, QuestionKind.ELECTION, program="cranes")])
    line = ["Porto: 1 question is to be answered by 2027-01-04"]
    for named, address, who in (
        ("manager", "m@x.org", "mia"),
        ("deputy", "m@x.org", "mia"),
        ("manager", "", "ana"),
    ):
        of = organization()
        people = {**of.people, "mia": Person("mia", "Mia", address)}
        cranes = replace(builders.program("cranes", "porto"), **{named: "mia"})
        assert found(waiting, of=replace(of, people=people, programs={"cranes": cranes})) == {who: line}
    assert found(waiting) == {"ana": line}, "a program that is gone has no manager"


def test_what_waits_for_somebody_without_an_address_stands_on_the_head_s_digest() -> None:
    assert found(Waiting(notices=[notice(role=Role.APPROVER)])) == {"ana": ["Porto: 2 projects are bound"]}
    assert [each.id for each in recipients(organization(), "porto", Role.SPONSOR)] == ["ana"]


def test_reminders_come_two_business_days_before_and_on_the_day_and_never_twice() -> None:
    by = date(2027, 1, 8)  # the 6th is a holiday, so two business days before is the 5th
    last, told = MONDAY - timedelta(days=1), []
    for n in range(8):
        today = MONDAY + timedelta(days=n)
        if LISBON.is_business_day(today) and reminds(LISBON, by, last, today):
            told.append(today)
            last = today
    assert told == [date(2027, 1, 5), by]


def test_after_an_outage_one_digest_makes_up_for_the_mornings_that_were_missed() -> None:
    waiting = Waiting([question(1, date(2027, 1, 8))], notices=[notice()])
    thursday = datetime(2027, 1, 7, 8, tzinfo=UTC)
    assert found(waiting, thursday, {"rui": Told(MONDAY)})["rui"] == [
        "Porto: 2 projects are bound",
        "Porto: 1 question is to be answered by 2027-01-08",
    ]
    assert found(waiting, thursday, {"rui": Told(date(2027, 1, 7)), "ana": Told(MONDAY)}) == {}


@pytest.mark.parametrize(
    ("now", "sends"),
    [
        (datetime(2027, 1, 4, 6, 59, tzinfo=UTC), False),
        (datetime(2027, 1, 4, 7, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 4, 23, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 6, 8, tzinfo=UTC), False),
        (datetime(2027, 1, 9, 8, tzinfo=UTC), False),
    ],
)
def test_nothing_is_told_before_the_morning_on_a_holiday_and_on_a_weekend(now: datetime, sends) -> None:
    assert bool(found(Waiting(notices=[notice()]), now)) is sends


def test_a_morning_is_that_of_the_person_s_own_office() -> None:
    of = organization()
    east = replace(of.offices["porto"], calendar=Calendar("SG", "Asia/Singapore"))
    there = replace(of, offices={**of.offices, "porto": east})
    assert found(Waiting(notices=[notice()]), datetime(2027, 1, 3, 23, 30, tzinfo=UTC), of=there)
    assert not found(Waiting(notices=[notice()]), datetime(2027, 1, 3, 23, 30, tzinfo=UTC))


def test_a_day_without_a_line_has_no_digest() -> None:
    far, answered = date(2027, 2, 1), QuestionState.ANSWERED
    nothing = Waiting(
        [
            question(1, far), question(2, MONDAY, state=answered), question(3, MONDAY, placed=None),
            question(4, MONDAY - timedelta(days=1)),
        ],
        [due(far), due(MONDAY, Standing.ADOPTED)],
    )  # fmt: skip
    assert found(nothing) == {}


def test_a_new_question_is_told_once_and_one_for_a_fact_by_its_notice() -> None:
    far = date(2027, 2, 1)
    new = Waiting([question(1, far, QuestionKind.ELECTION, placed=MONDAY), question(2, far, placed=MONDAY)])
    assert found(new, told={"ana": Told(MONDAY - timedelta(days=3))}) == {
        "ana": ["Porto: 1 new question, to be answered by 2027-02-01"]
    }
    tuesday = MORNING + timedelta(days=1)
    assert found(new, tuesday, {"ana": Told(MONDAY), "rui": Told(MONDAY)}) == {}


def test_a_notice_is_done_when_everybody_was_told_or_nobody_can_be() -> None:
    of, told = organization(), {"rui": Told(MONDAY, ("n/1",))}
    assert told_to_all(of, notice(), told)
    assert not told_to_all(of, notice(), {})
    assert told_to_all(of, notice(office="hq"), {}), "nobody has an address there"
    assert found(Waiting(notices=[notice()]), MORNING + timedelta(days=1), told) == {}
