"""A hospital group in German: medical devices under design control beside ordinary IT, from file to report."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from cli import main
from domain.standards.position import Unplaced
from domain.standards.verdict import Result
from tasks.case_answers import answer_case
from tasks.drafting import draft_version
from tasks.network import load_network
from tasks.objecting import objected_projects
from tasks.raising import raise_case
from tasks.rolling import simulate_rollout
from tasks.starting import start_project_at
from tests.tasks.conftest import Desk, Period, at_desk, leave
from tests.tasks.test_role_pages import Visitor

RULES = """\
rules:
  - uid: traeger.benannt
    title: Jedes Projekt hat einen Sponsor
    kind: computed
    level: locked
    check: has(project.sponsor)
    remedy: Benennen Sie den Sponsor
    role: head
    days: 5
    examples: {pass: {project: {sponsor: A. Roth}}, fail: {project: {}}}
"""
DUE = """\
  - uid: design.vorgaben
    title: Die Designvorgaben sind freigegeben
    kind: computed
    level: locked
    check: has(field.vorgaben)
    remedy: Geben Sie die Designvorgaben frei
    role: head
    days: 5
    examples: {pass: {field: {vorgaben: D 7}}, fail: {field: {}}}
  - uid: design.risiko
    title: Die Risikoakte liegt vor
    kind: computed
    level: locked
    check: has(field.risiko)
    remedy: Legen Sie die Risikoakte vor
    role: head
    days: 5
    examples: {pass: {field: {risiko: R 7}}, fail: {field: {}}}
project_class: field.klasse
life_cycles:
  - uid: medizinprodukt
    name: Entwicklungslenkung
    classes: [Medizinprodukt]
    phases:
      - {name: Vorgaben, gate: D1, days: 20, deliverables: [design.vorgaben]}
      - {name: Ergebnisse, gate: D2, days: 60, deliverables: [design.risiko]}
  - uid: it
    name: IT-Projekte
    classes: [IT]
    phases:
      - {name: Umsetzung, gate: G1}
supersedes:
  - {old: traeger.benannt, fate: same}
consultation: {days: 0}
"""
HEAD = (
    'standard: methode\nversion: "{}"\ntitle: Projektmethode\nowner: traeger\neffective_from: 2026-11-0{}\n'
)
ROLES = "roles: {head: [eva], approver: [eva, uwe], standards_owner: [uwe], reporter: [eva]}"
FILES = {
    "organization.yaml": "id: kliniken\nname: Klinikverbund Süd\nlanguage: de\noperator_decisions_count: true\n",
    "people.yaml": "people:\n  - {id: eva, name: Eva Roth}\n  - {id: uwe, name: Uwe Kern}\n"
    "  - {id: ada, name: Ada Lang, accounts: {mappe: Ada Lang}}\n",
    "offices.yaml": f"""\
offices:
  - {{id: traeger, name: Träger, kind: strategic, mandate: directive, country: DE,
     time_zone: Europe/Berlin, currency: EUR, {ROLES}}}
  - {{id: ulm, name: Klinik Ulm, kind: project, mandate: supportive, parent: traeger, country: DE,
     time_zone: Europe/Berlin, currency: EUR, {ROLES}}}
""",
    "programs.yaml": "programs: []\n",
    "relations.yaml": "relations:\n  - {root: traeger, kind: network}\n",
    "agreements.yaml": "agreements: []\n",
    "clock.yaml": "as_of: 2027-01-04T07:00:00Z\n",
    "tools.yaml": """\
tools:
  - {id: mappe, kind: workbook, settings: {file: ulm.xlsx}}
partitions:
  - office: ulm
    tool: mappe
    access: write
    settings:
      projects:
        sheet: Projekte
        columns: {id: Nr, title: Name, sponsor: Sponsor, start: Beginn, lead: Leitung}
        gates: {D1: Tor 1, D2: Tor 2, G1: Abnahme}
        fields: {klasse: Klasse, vorgaben: Vorgaben, risiko: Risikoakte}
      items: {sheet: Aufgaben, columns: {id: Nr, project: Projekt, title: Aufgabe, due: Termin, key: Schlüssel}}
      questions: {sheet: Fragen, columns: {key: Schlüssel, text: Frage, answer: Antwort}}
""",
    "standards/methode/1.0.yaml": HEAD.format("1.0", 2) + RULES,
    "standards/methode/2.0.yaml": HEAD.format("2.0", 3) + 'previous: "1.0"\n' + RULES + DUE,
    "rollouts/methode-2.yaml": """\
id: methode-2
standard: methode
version: "2.0"
waves:
  - {number: 1, name: Alle, offices: [ulm], start: 2027-01-04, trial_days: 0}
""",
}
HEADERS = ["Nr", "Name", "Sponsor", "Beginn", "Klasse", "Tor 1", "Tor 2", "Abnahme", "Vorgaben", "Risikoakte"]
HEADERS.append("Leitung")
DAY, BEFORE = date(2026, 12, 1), date(2026, 12, 18)
PROJECTS = [
    ["P-1", "Infusionspumpe", "A. Roth", DAY, "Medizinprodukt", BEFORE, None, None, "D 7", None, "Ada Lang"],
    ["P-2", "Beatmung", "A. Roth", DAY, "Medizinprodukt", None, BEFORE, None, None, "R 2", "Ada Lang"],
    ["P-3", "Patientenportal", "A. Roth", DAY, "IT", None, None, None, None, None],
    ["P-4", "Neubau", "A. Roth", DAY, "Bau", None, None, None, None, None],
    ["P-5", "Labor", "A. Roth", DAY, None, None, None, None, None, None],
]


def set_up(place: Path) -> None:
    folder = place / "organization"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    book = openpyxl.Workbook()
    book.active.title = "Projekte"
    for row in (HEADERS, *PROJECTS):
        book.active.append(row)
    book.create_sheet("Aufgaben").append(["Nr", "Projekt", "Aufgabe", "Termin", "Schlüssel"])
    book.create_sheet("Fragen").append(["Schlüssel", "Frage", "Antwort"])
    book.save(folder / "ulm.xlsx")
    assert main.main(["check", str(folder)]) == 0


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The group with both versions published, and its workbook read."""
    set_up(tmp_path)
    found = at_desk(tmp_path, monkeypatch)
    found.publish()
    found.read()
    yield found
    leave()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Period]]:
    """The same after the rollout of 2.0 ran twice, with its last period."""
    place = tmp_path_factory.mktemp("kliniken")
    set_up(place)
    with pytest.MonkeyPatch.context() as monkeypatch:
        found = at_desk(place, monkeypatch)
        found.begin()
        found.period()
        yield found, found.period()
        leave()


def judged(desk: Desk):
    with desk.application.store.read() as unit:
        sweep = unit.sweeps.latest("methode", "2.0")
    assert sweep is not None
    return {each.project: each for each in sweep.judged}


def tasks_of(desk: Desk, project: str) -> list[tuple[object, object]]:
    sheet = openpyxl.load_workbook(desk.folder / "ulm.xlsx")["Aufgaben"]
    return [(row[2].value, row[3].value) for row in sheet.iter_rows(min_row=2) if row[1].value == project]


def page_of(desk: Desk, kind: str, title: str) -> str:
    """The page behind the newest report of that kind that has this heading, as plain words."""
    (behind,) = (desk.application.settings.state / "reports").glob(f"{kind}*-pages.zip")
    with zipfile.ZipFile(behind) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist()]
    (found,) = (each for each in pages if re.search(rf"<h1>(<bdi>)?{title}", each))
    return words(found)


def words(page: str) -> str:
    return html.unescape(
        re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
    )


def test_the_simulation_counts_what_will_be_asked_at_the_next_gates(ran: tuple[Desk, Period]) -> None:
    """One overdue rule of P-2 and one to come of P-1 for the head; two classes for who reports."""
    del ran
    found = simulate_rollout.fn("methode/2.0")
    assert {(each.office, each.role, each.items) for each in found.effort} == {
        ("ulm", "head", 2), ("ulm", "reporter", 2),
    }  # fmt: skip


def test_a_division_under_a_regulator_has_its_own_gates_from_simulation_to_the_report(
    ran: tuple[Desk, Period],
) -> None:
    desk, period = ran
    found = judged(desk)
    places = {key: (at.life_cycle, at.gate, at.missing) for key, at in positions(found)}
    assert places == {
        "ulm/P-1": ("medizinprodukt", "D2", ("design.risiko",)),
        "ulm/P-2": ("medizinprodukt", "", ()),
        "ulm/P-3": ("it", "G1", ()),
        "ulm/P-4": ("", "", ()),
        "ulm/P-5": ("", "", ()),
    }
    assert [found[f"ulm/P-{n}"].band for n in range(1, 6)] == [
        Result.PASS, Result.FAIL, Result.PASS, Result.FAIL, Result.UNKNOWN,
    ]  # fmt: skip
    assert found["ulm/P-5"].position.unplaced is Unplaced.NOT_REPORTED
    (report,) = (page for page in period.pages if page.about == "sweep-methode-2-0")
    text = words((desk.application.settings.state / "reports" / f"{Path(report.url).name}.html").read_text())
    assert "Lebenszyklen" in text
    assert "Entwicklungslenkung Ergebnisse D2 1 0 1" in text
    assert "Klasse nicht gemeldet" in text
    assert "Klasse ohne Lebenszyklus" in text
    project = page_of(desk, "sweep-methode-2-0", "Infusionspumpe")
    assert "Entwicklungslenkung : Ergebnisse . Der nächste Meilenstein ist D2 , fällig am" in project
    assert "Es fehlt zu D2 : Die Risikoakte liegt vor" in project
    assert "Die Klasse des Projekts ist eine, die einen Lebenszyklus hat" in project
    asked = "Geben Sie die Klasse des Projekts ein, eine von: Medizinprodukt, IT"
    assert asked in page_of(desk, "sweep-methode-2-0", "Neubau")
    assert "Ausgelassene Meilensteine: D1" in page_of(desk, "sweep-methode-2-0", "Beatmung")
    assert "Entwicklungslenkung Ergebnisse D2 1 0 1" in page_of(desk, "sweep-methode-2-0", "Klinik Ulm")


def test_the_page_of_an_offices_head_counts_by_life_cycle_and_phase(ran: tuple[Desk, Period]) -> None:
    desk, _ = ran
    visitor = Visitor(desk)
    page = words(visitor.get(f"{visitor.of('eva')}/office/ulm").text)
    assert "Lebenszyklen Lebenszyklus Phase" in page
    assert "Entwicklungslenkung Ergebnisse D2 1 0 1" in page
    assert "Entwicklungslenkung nach dem letzten Meilenstein 1 0 0" in page


def test_a_project_manager_is_told_what_comes_due_at_the_next_gate_with_its_day_and_cell(
    ran: tuple[Desk, Period],
) -> None:
    """P-1 keeps all that holds now; P-2 passed its last gate, and does not keep what was due before."""
    desk, _ = ran
    visitor = Visitor(desk)
    page = words(visitor.get(f"{visitor.of('ada')}/projects").text)
    assert "Legen Sie die Risikoakte vor Infusionspumpe : Es fehlt zu D2: Die Risikoakte liegt vor" in page
    assert page.count("Es fehlt zu") == 1
    assert "Risikoakte, bei" in page
    assert "25.02." in page or "25. Februar 2027" in page
    assert "Beatmung : Nicht eingehalten: Die Designvorgaben sind freigegeben" in page


def positions(found):
    return ((key, each.position) for key, each in found.items())


def test_what_is_missing_at_the_next_gate_stands_in_the_offices_own_tool_with_its_day(
    ran: tuple[Desk, Period],
) -> None:
    desk, _ = ran
    due = dict(tasks_of(desk, "P-1"))
    assert list(due) == ["Legen Sie die Risikoakte vor"]
    assert str(due["Legen Sie die Risikoakte vor"]).startswith("2027-02-25"), "60 business days there"
    assert [title for title, _ in tasks_of(desk, "P-2")] == ["Geben Sie die Designvorgaben frei"]
    assert tasks_of(desk, "P-3") == []
    assert [title for title, _ in tasks_of(desk, "P-4")] == [
        "Geben Sie die Klasse des Projekts ein, eine von: Medizinprodukt, IT"
    ]


def test_a_work_item_that_stands_keeps_its_words_when_its_office_gets_a_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the class, which no standard says itself: it stood there in English before the office had German."""
    set_up(tmp_path)
    path = tmp_path / "organization" / "organization.yaml"
    german = path.read_text("utf-8")
    path.write_text(german.replace("language: de", "language: en"), "utf-8")
    desk = at_desk(tmp_path, monkeypatch)
    desk.begin()
    desk.period()
    english = "Enter the class of the project, one of: Medizinprodukt, IT"
    assert [title for title, _ in tasks_of(desk, "P-4")] == [english]
    path.write_text(german, "utf-8")
    retyped(desk, "P-3", 4, "Bau")
    leave()
    desk.period()
    assert [title for title, _ in tasks_of(desk, "P-4")] == [english]
    new = "Geben Sie die Klasse des Projekts ein, eine von: Medizinprodukt, IT"
    assert [title for title, _ in tasks_of(desk, "P-3")] == [new]
    leave()


def retyped(desk: Desk, project: str, column: int, value: str) -> None:
    """Somebody enters another value for a project in the office's workbook."""
    path = desk.folder / "ulm.xlsx"
    book = openpyxl.load_workbook(path)
    next(each for each in book["Projekte"].iter_rows() if each[0].value == project)[column].value = value
    book.save(path)


def test_a_new_project_gets_the_phases_of_its_class_once_the_class_is_there(desk: Desk) -> None:
    begun = ("ulm", "P-9", date(2027, 1, 11), "eva", "neu")
    assert start_project_at.fn(*begun, dry_run=False).items == 0
    retyped(desk, "P-9", 4, "Medizinprodukt")
    desk.read()
    assert start_project_at.fn(*begun, dry_run=False).put == 4
    assert [title for title, _ in tasks_of(desk, "P-9")] == [
        "Die Designvorgaben sind freigegeben", "D1: Vorgaben", "Die Risikoakte liegt vor", "D2: Ergebnisse",
    ]  # fmt: skip


def test_a_case_of_the_division_leads_to_a_phase_of_its_own_in_the_next_version(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both sides agree on an amendment; its file is exported, gets the phase, and is drafted and simulated."""
    about, terms = "rule methode/2.0 design.risiko", "cause=regulatory; project=ulm/P-1"
    case = raise_case.fn(
        "ulm", about, terms, "eva", "Die Behörde prüft früher", objection=False, dry_run=False
    ).case
    answer_case.fn(case, "traeger", "amendment: eine eigene Phase", "eva", "ja", dry_run=False)
    answer_case.fn(case, "ulm", "accept", "eva", "ja", dry_run=False)
    assert main.main(["draft", "export", "methode/2.1", str(desk.folder)]) == 0
    path = desk.folder / "standards" / "methode" / "2.1.yaml"
    text = path.read_text("utf-8")
    phase = '- name: "Ergebnisse"\n    gate: "D2"\n    days: 60\n'
    assert phase in text
    due = '    deliverables:\n    - "design.risiko"\n'
    review = '- name: "Vorprüfung"\n    gate: "D1a"\n    days: 40\n'
    path.write_text(text.replace(phase + due, review + due + "  " + phase), "utf-8")
    leave()
    draft_version.fn("methode/2.1", "", "uwe", "Die Behörde verlangt es", dry_run=False)
    capsys.readouterr()
    assert main.main(["drafts", "methode/2.1"]) == 0
    said = capsys.readouterr().out
    assert "Entwicklungslenkung: the phase Vorprüfung with the gate D1a is new" in said
    assert "Entwicklungslenkung: design.risiko is due at D1a, and was at D2" in said
    with desk.application.store.read() as unit:
        (draft,) = unit.drafts.of_version("methode/2.1")
    assert draft.is_simulated
    assert draft.flaws == ()


def test_an_office_may_object_to_what_is_asked_of_it_at_a_gate(ran: tuple[Desk, Period]) -> None:
    desk, _ = ran
    item = "item adopt/methode/2.0/ulm/P-2/design.vorgaben"
    told = raise_case.fn(
        "ulm", item, "counterpart=traeger", "eva", "Die Vorgaben liegen beim Hersteller", objection=True,
        dry_run=False,
    )  # fmt: skip
    assert told.stops
    with desk.application.store.read() as unit:
        (rollout,) = unit.rollouts.all()
        network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
        assert objected_projects(unit, network, rollout) == {"ulm/P-2"}


@pytest.mark.usefixtures("ran")
def test_a_rule_that_is_due_at_a_gate_is_tried_on_its_examples_and_on_a_project(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    tried = ["rule", "try", "methode/2.0", "design.risiko"]
    assert main.main(tried) == 0
    assert "not_applicable" not in capsys.readouterr().out
    assert main.main([*tried, "ulm/P-1"]) == 0
    said = capsys.readouterr().out
    assert 'gate in ["D2"]' in said
    assert "not_applicable" in said
    assert main.main([*tried[:3], "life-cycle.class", "ulm/P-5"]) == 0
    assert "not reported: field.klasse" in capsys.readouterr().out
