"""Raising feedback in an office's own workbook: a row is taken once, and what lacks is answered there."""

from __future__ import annotations

import openpyxl
import pytest

from domain.cases.case import Case
from domain.cases.kinds import AboutKind, CaseCause, Way
from domain.organization.office import Role
from domain.questions.question import NoticeKind
from tasks.case_answers import answer_case
from tasks.delivering import deliver_office
from tasks.reading import read_office
from tests.tasks.conftest import Desk, forget
from tests.tasks.deviating import LAST, MONDAY

pytestmark = [
    pytest.mark.servers,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]
OFFICE, OTHER = "mersin", "durban"
HEADERS = ["Talep", "Proje", "Kural", "Konu", "Neden", "İtiraz", "Gerekçe", "Son gün", "Diğer", "Durum"]
SETTINGS = """
      deviations:
        sheet: Talepler
        columns:
          {id: Talep, project: Proje, rule: Kural, about: Konu, cause: Neden, objection: İtiraz, why: Gerekçe,
           last: Son gün, terms: Diğer, standing: Durum}
  - office: durban
"""
WHY = "liman idaresi her saha için iki plan istiyor"
ABOUT = "rule delivery-method/2.0 plan-size"
TERMS = "deadline=2027-06-30; citation=Liman Kanunu 12; check=rule plan-size"
WHOLE = ["T-1", "MR-01", None, ABOUT, "regulatory", None, WHY, None, TERMS]


@pytest.fixture
def desk(published: Desk) -> Desk:
    tools = published.folder / "tools.yaml"
    text = tools.read_text("utf-8")
    text, _, after = text.partition("\n  - office: durban\n")
    text, _, _ = text.rpartition("\n      deviations:\n")  # its sheet of the sample
    tools.write_text(text + SETTINGS + after, "utf-8")
    forget()
    return published


def write(desk: Desk, *rows: list[object]) -> None:
    """The office writes its sheet of requests anew."""
    path = desk.folder / "workbooks" / f"{OFFICE}.xlsx"
    book = openpyxl.load_workbook(path)
    if "Talepler" in book.sheetnames:
        del book["Talepler"]
    sheet = book.create_sheet("Talepler")
    for row in (HEADERS, *rows):
        sheet.append(row)
    book.save(path)


def cases(desk: Desk) -> tuple[Case, ...]:
    with desk.application.store.read() as unit:
        return unit.cases.all()


def states(desk: Desk) -> list[object]:
    """What the column for how they stand has, row by row."""
    book = openpyxl.load_workbook(desk.folder / "workbooks" / f"{OFFICE}.xlsx")
    column = HEADERS.index("Durum") + 1
    return [row[0] for row in book["Talepler"].iter_rows(2, min_col=column, max_col=column, values_only=True)]


def answers(desk: Desk) -> list[str]:
    with desk.application.store.read() as unit:
        return [each.text for each in unit.notices.of(OFFICE) if each.kind is NoticeKind.CASE]


def test_a_row_raises_a_case_once_and_a_row_beside_it_asks_for_a_deviation(desk: Desk) -> None:
    deviation = ["T-2", "MR-01", "version-named", None, None, None, WHY, LAST, f"first={MONDAY}; gate=G3"]
    write(desk, WHOLE, deviation)
    assert read_office(OFFICE).requests == 2
    assert read_office(OFFICE).requests == 0, "read again, it changes nothing"
    (case,) = cases(desk)
    assert (case.about.kind, case.about.subject, case.about.project) == (
        AboutKind.RULE,
        "plan-size",
        "mersin/MR-01",
    )
    assert (case.counterpart, case.objection, case.deadline.citation) == ("group", False, "Liman Kanunu 12")
    (raiser,) = case.raisers
    assert (raiser.office, raiser.person, raiser.way) == (OFFICE, "", Way.TOOL)
    assert (raiser.cause, raiser.reason) == (CaseCause.REGULATORY, WHY)
    with desk.application.store.read() as unit:
        assert [each.reason for each in unit.deviations.of_office(OFFICE)] == [WHY]
    deliver_office(OFFICE, dry_run=False)
    book = openpyxl.load_workbook(desk.folder / "workbooks" / f"{OFFICE}.xlsx")
    told = "\n".join(str(c) for row in book["Interoffice"].iter_rows(values_only=True) for c in row if c)
    assert case.id in told, "how it stands is said beside it"
    assert states(desk) == ["raised", "waiting"]
    head = desk.application.organization.offices["group"].roles[Role.HEAD][0]
    answer_case.fn(case.id, "group", "acknowledge", head, "", dry_run=False)
    deliver_office(OFFICE, dry_run=False)
    assert states(desk) == ["acknowledged", "waiting"]
    assert read_office(OFFICE).requests == 0, "what we write there is no new request"
    delivered = deliver_office(OFFICE, dry_run=False)
    assert (delivered.create, delivered.update) == (0, 0)


def test_a_row_objects_to_a_version(desk: Desk) -> None:
    write(desk, ["T-3", None, None, "version delivery-method/2.0", "capacity", "yes", WHY, None, None])
    assert read_office(OFFICE).requests == 1
    (case,) = cases(desk)
    assert case.objection
    assert case.about.kind is AboutKind.VERSION


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({3: "plan-size"}, "about: 'plan-size' does not say what it is about; write `rule delivery-method/2.0"),
        ({3: "rule delivery-method/9.0 plan-size"}, "delivery-method/9.0"),
        ({3: "rule delivery-method/2.0 weather"}, "has no rule 'weather'"),
        ({4: "boredom"}, "cause: 'boredom' is no cause; there are regulatory, legal"),
        ({4: None}, "cause: it says no cause"),
        ({5: "belki"}, "objection: 'belki' is neither yes nor no; write `objection: yes`"),
        ({5: "yes"}, "about: nobody objects to that: rule; raise it as feedback"),
        ({6: "dar"}, "why: it gives no reason"),
        ({8: "deadline=2026-02-30; citation=x"}, "deadline: '2026-02-30' is no date"),
        ({8: "price=3"}, "terms: 'price' is no term"),
        ({8: "counterpart=mersin"}, "counterpart: it is the office that raises it"),
        ({8: "sponsor=atlantis"}, "sponsor: there is no office 'atlantis'"),
        ({8: "check=fact weather.rain <= 1"}, "check: 'weather.rain' is no fact"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why_and_is_taken_when_it_is_mended(
    desk: Desk, changed: dict[int, object], told: str
) -> None:
    write(desk, [changed.get(n, value) for n, value in enumerate(WHOLE)])
    for _ in range(2):
        assert read_office(OFFICE).requests == 0
    (answer,) = answers(desk)
    assert "Talepler!A2" in answer
    assert told in answer
    assert cases(desk) == ()
    write(desk, WHOLE)
    assert read_office(OFFICE).requests == 1
    assert len(cases(desk)) == 1


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "cause: 'boredom' ist keine Ursache; es gibt regulatory"),
        ("fr", "cause: 'boredom' n'est pas une cause"),
        ("es", "cause: 'boredom' no es una causa"),
        ("pt", "cause: 'boredom' não é uma causa"),
    ],
)
def test_what_lacks_is_said_in_the_language_of_the_office(desk: Desk, language: str, told: str) -> None:
    offices = desk.folder / "offices.yaml"
    offices.write_text(
        offices.read_text("utf-8").replace("language: tr", f"language: {language}", 1), "utf-8"
    )
    forget()
    write(desk, [*WHOLE[:4], "boredom", *WHOLE[5:]])
    read_office(OFFICE)
    (answer,) = answers(desk)
    assert told in answer
    assert "is no cause" not in answer


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ("rule delivery-method/2.0 plan-sise", "delivery-method/2.0 não tem a regra 'plan-sise'"),
        ("template nothing", "nenhum modelo 'nothing' foi publicado"),
    ],
)
def test_why_it_is_put_to_nobody_is_said_in_the_language_of_the_office(
    desk: Desk, about: str, told: str
) -> None:
    offices = desk.folder / "offices.yaml"
    offices.write_text(offices.read_text("utf-8").replace("language: tr", "language: pt", 1), "utf-8")
    forget()
    write(desk, [*WHOLE[:3], about, *WHOLE[4:8], None])
    read_office(OFFICE)
    (answer,) = answers(desk)
    assert told in answer
