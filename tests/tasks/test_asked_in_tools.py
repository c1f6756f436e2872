"""Asking for deviations in an office's own workbook: rows are taken once, and what lacks is answered there."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from config.deciding import law_of
from config.standing_in import set_absence
from domain.decisions.asking import asked_of
from domain.decisions.law import Bar
from domain.deviations.deviation import Deviation, State, Way
from domain.organization.absence import NOBODY, Absence
from domain.organization.office import Role
from domain.questions.question import NoticeKind
from tasks.delivering import deliver_office
from tasks.ending import decide
from tasks.reading import read_office
from tests.tasks.conftest import Desk, forget
from tests.tasks.deviating import HEAD, LAST, MONDAY, OTHER, VERSION, at, with_people

pytestmark = [
    pytest.mark.servers,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]
OFFICE = "mersin"
HEADERS = ["Talep", "Proje", "Kural", "Gerekçe", "Son gün", "Eşik", "Diğer"]
SETTINGS = """
      deviations:
        sheet: Sapmalar
        columns: {id: Talep, project: Proje, rule: Kural, why: Gerekçe, last: Son gün, limit: Eşik, terms: Diğer}
  - office: durban
"""
WHY = "tedarikçi yazdan önce teslim edemiyor"
COMPLETE = ["T-1", "MR-01", "version-named", WHY, LAST, None, f"first={MONDAY}; gate=G3"]


@pytest.fixture
def desk(published: Desk) -> Desk:
    tools = published.folder / "tools.yaml"
    text = tools.read_text("utf-8")
    text, _, after = text.partition("\n  - office: durban\n")
    text, _, _ = text.rpartition("\n      deviations:\n")  # its sheet of the sample
    tools.write_text(text + SETTINGS + after, "utf-8")
    forget()
    with_people(published)
    return published


def write(desk: Desk, *rows: list[object]) -> None:
    """The office writes its sheet of requests anew."""
    path = desk.folder / "workbooks" / f"{OFFICE}.xlsx"
    book = openpyxl.load_workbook(path)
    if "Sapmalar" in book.sheetnames:
        del book["Sapmalar"]
    sheet = book.create_sheet("Sapmalar")
    for row in (HEADERS, *rows):
        sheet.append(row)
    book.save(path)


def asked(desk: Desk) -> list[Deviation]:
    with desk.application.store.read() as unit:
        return list(unit.deviations.of_office(OFFICE))


def answers(desk: Desk) -> list[str]:
    with desk.application.store.read() as unit:
        found = [each for each in unit.notices.of(OFFICE) if each.kind is NoticeKind.DEVIATION]
    return [each.text for each in found]


def cells(desk: Desk) -> str:
    book = openpyxl.load_workbook(desk.folder / "workbooks" / f"{OFFICE}.xlsx")
    return "\n".join(str(c) for row in book["Interoffice"].iter_rows(values_only=True) for c in row if c)


def test_a_row_asks_once_and_counts_as_asked_by_everybody_of_the_office(desk: Desk) -> None:
    write(desk, COMPLETE)
    assert read_office(OFFICE).requests == 1
    assert read_office(OFFICE).requests == 0, "read again, it changes nothing"
    (made,) = asked(desk)
    assert (made.asked.person, made.asked.way, made.asked.place) == ("", Way.ROW, "Sapmalar!A2")
    assert (made.scope.project, made.reason, made.span.last) == ("mersin/MR-01", WHY, LAST)
    with desk.application.store.read() as unit:
        assert unit.decisions.get(made.request).tells_no_author
    deliver_office(OFFICE, dry_run=False)
    assert f"{made.id}: " in cells(desk)
    assert "Sapmalar!A2" in cells(desk)
    for person in (HEAD, OTHER):
        decide.fn(made.id, "approve", person, "a test", dry_run=False)
    assert asked(desk)[0].state is State.SCHEDULED


def test_nobody_of_the_office_decides_on_what_a_row_asks_for(desk: Desk) -> None:
    write(desk, COMPLETE)
    read_office(OFFICE)
    (made,) = asked(desk)
    there = desk.application.organization.offices[OFFICE]
    own = {person for held in there.roles.values() for person in held}
    with desk.application.store.read() as unit:
        law = law_of(unit, desk.application.organization, desk.application.clock.now())
        barred = law.barred(unit.decisions.get(made.request))
    assert own
    assert own <= set(barred)


def test_what_lacks_is_answered_in_the_workbook_once_and_taken_when_it_is_there(desk: Desk) -> None:
    write(desk, ["T-1", "MR-01", "version-named", "", "bilinmiyor", None, "price=3"])
    for _ in range(2):
        assert read_office(OFFICE).requests == 0
    (told,) = answers(desk)
    assert "Sapmalar!A2" in told
    for each in ("last: 'bilinmiyor' is no date; write it as 2027-03-18", "terms: 'price' is no term"):
        assert each in told
    assert asked(desk) == []
    write(desk, COMPLETE)
    assert read_office(OFFICE).requests == 1
    assert len(asked(desk)) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({2: ""}, "rule: it names no rule"),
        ({2: "delivery-method/9.0 version-named"}, "delivery-method/9.0 is not published"),
        ({1: "antwerp/AN-01"}, "no project 'mersin/antwerp/AN-01' was read"),
        ({1: None, 6: "office=antwerp; fact=project.stage=closing"}, "it is for projects of another office"),
        ({6: "deviation=dev-none"}, "there is no deviation 'dev-none'"),
        ({5: 4, 2: "version-named"}, "limit: the rule version-named has no limit"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(desk: Desk, change: dict[int, object], told: str) -> None:
    write(desk, [change.get(n, value) for n, value in enumerate(COMPLETE)])
    assert read_office(OFFICE).requests == 0
    (answer,) = answers(desk)
    assert told in answer
    assert asked(desk) == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "last: 'demain' ist kein Datum; bitte als 2027-03-18 schreiben"),
        ("fr", "last: 'demain' n'est pas une date; écrivez-la sous la forme 2027-03-18"),
        ("es", "last: 'demain' no es una fecha; escríbala como 2027-03-18"),
        ("pt", "last: 'demain' não é uma data; escreva-a como 2027-03-18"),
    ],
)
def test_what_lacks_is_said_in_the_language_of_the_office(desk: Desk, language: str, told: str) -> None:
    offices = desk.folder / "offices.yaml"
    text = offices.read_text("utf-8")
    offices.write_text(text.replace("language: tr", f"language: {language}", 1), "utf-8")
    forget()
    write(desk, ["T-1", "MR-01", "version-named", WHY, "demain", None, None])
    read_office(OFFICE)
    (answer,) = answers(desk)
    assert told in answer
    assert "is no date" not in answer


def test_a_row_that_changes_while_it_waits_is_not_taken_for_another_request(desk: Desk) -> None:
    write(desk, COMPLETE)
    read_office(OFFICE)
    later = [*COMPLETE[:4], LAST + timedelta(days=9), *COMPLETE[5:]]
    write(desk, later)
    assert read_office(OFFICE).requests == 0
    (made,) = asked(desk)
    assert made.span.last == LAST
    assert any("waits for its decision; withdraw it, and ask anew" in each for each in answers(desk))
    decide.fn(made.id, "return", HEAD, "until when exactly?", dry_run=False)
    assert asked(desk)[0].state is State.RETURNED
    assert read_office(OFFICE).requests == 1, "what was returned is submitted again as it is written now"
    assert asked(desk)[0].span.last == LAST + timedelta(days=9)


def test_two_rows_with_one_id_are_one_request_and_the_second_is_told(desk: Desk) -> None:
    write(desk, COMPLETE, [*COMPLETE[:2], "plan-size", *COMPLETE[3:5], 5, None])
    told = read_office(OFFICE)
    assert (told.requests, told.unreadable >= 1) == (1, True)
    with desk.application.store.read() as unit:
        problems = [each.problem for each in unit.readings.of(OFFICE).unreadable]
    assert any("the request T-1 stands twice, Sapmalar!A2 and Sapmalar!A3" in each for each in problems)


def test_below_significance_a_row_is_recorded_at_once(desk: Desk) -> None:
    at(date(2027, 1, 5))
    write(desk, ["T-7", "MR-01", f"{VERSION} plan-size", WHY, LAST, 5, f"first={MONDAY}"])
    assert read_office(OFFICE).requests == 1
    (made,) = asked(desk)
    assert (made.state, made.limit, made.significant) == (State.SCHEDULED, 5, False)


def with_state(path: Path) -> None:
    """The office adds a column in which we say how a deviation stands."""
    book = openpyxl.load_workbook(path)
    book["Sapmalar"].cell(1, len(HEADERS) + 1, "Durum")
    book.save(path)


def state_cells(desk: Desk) -> list[object]:
    book = openpyxl.load_workbook(desk.folder / "workbooks" / f"{OFFICE}.xlsx")
    return [row[-1] for row in book["Sapmalar"].iter_rows(min_row=2, values_only=True)]


def test_the_state_stands_beside_the_row_where_the_mapping_names_a_column_and_nothing_else_changes(
    desk: Desk,
) -> None:
    tools = desk.folder / "tools.yaml"
    mapped = tools.read_text("utf-8").replace("terms: Diğer}", "terms: Diğer, standing: Durum}")
    tools.write_text(mapped, "utf-8")
    forget()
    with_people(desk)
    second = ["T-2", *COMPLETE[1:5], None, "gate=G4"]
    write(desk, COMPLETE, second)
    path = desk.folder / "workbooks" / f"{OFFICE}.xlsx"
    with_state(path)
    assert read_office(OFFICE).requests == 2
    own = [row[:-1] for row in openpyxl.load_workbook(path)["Sapmalar"].iter_rows(values_only=True)]
    deliver_office(OFFICE, dry_run=False)
    assert state_cells(desk) == ["waiting", "waiting"]
    assert deliver_office(OFFICE, dry_run=False).update == 0
    assert read_office(OFFICE).requests == 0, "our cell is no part of what is asked"
    (first,) = [each for each in asked(desk) if each.asked.request == "T-1"]
    for person in (HEAD, OTHER):
        decide.fn(first.id, "approve", person, "a test", dry_run=False)
    deliver_office(OFFICE, dry_run=False)
    assert state_cells(desk) == ["approved", "waiting"]
    there = [row[:-1] for row in openpyxl.load_workbook(path)["Sapmalar"].iter_rows(values_only=True)]
    assert there == own
    write(desk, second)
    with_state(path)
    done = deliver_office(OFFICE, dry_run=False)
    assert (done.held, done.update) == (0, 1), "a row that the office removed holds nothing"
    assert state_cells(desk) == ["waiting"]


RIYADH = """    country: SA
    weekend: [fri, sat]
    time_zone: Asia/Riyadh
"""


def test_an_office_elsewhere_whose_head_is_away_with_a_deputy_of_the_office_that_asks(desk: Desk) -> None:
    """The office that decides is in Riyadh; its approver is on leave; the deputy leads the office that asks."""
    offices = desk.folder / "offices.yaml"
    text = offices.read_text("utf-8")
    there = "    country: NL\n    time_zone: Europe/Amsterdam\n"
    assert text.count(there) == 1
    offices.write_text(text.replace(there, RIYADH), "utf-8")
    forget()
    with_people(desk)
    thursday = date(2027, 1, 7)
    at(thursday)
    there = desk.application
    with there.store.read() as unit:
        deputies = there.organization.offices[OFFICE].roles[Role.HEAD]
        assert unit.stand_ins.known(entered_count=True) == NOBODY
    away = Absence(HEAD, thursday, thursday + timedelta(days=30), deputies[0])
    set_absence(there.organization, there.store, there.clock, away, HEAD)
    write(desk, COMPLETE)
    assert read_office(OFFICE).requests == 1
    (made,) = asked(desk)
    with there.store.read() as unit:
        request = unit.decisions.get(made.request)
        law = law_of(unit, there.organization, there.clock.now())
    assert request.office == "group"
    assert request.due.weekday() not in (4, 5), "no day of decision is a Friday or Saturday there"
    assert request.due == law.organization.offices["group"].calendar.add_business_days(thursday, 10)
    assert request.due == date(2027, 1, 21)
    assert law.barred(request)[deputies[0]] in (Bar.NO_AUTHOR, Bar.STANDS_IN)
    assert asked_of(law, request) == tuple(sorted((HEAD, OTHER))), "who is away, as the deputy may not decide"
    refused = decide.fn(made.id, "approve", deputies[0], "a test", dry_run=False)
    assert (refused.counted, refused.why) == (False, "separation of duties")
    for person in (HEAD, OTHER):
        decide.fn(made.id, "approve", person, "a test", dry_run=False)
    assert asked(desk)[0].state is State.SCHEDULED
