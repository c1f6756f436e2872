"""The hospitals' workbooks as their people keep them; the facts are those of the lists, the cells are theirs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.offices_of_others.truth import Row, known, of, own, project_of, table, write_days

ROMAN = "I II III IV V VI VII VIII IX X XI XII".split()
GENITIVE = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split()
STAGES = {
    "execution": "w realizacji", "planning": "planowanie", "closing": "zamykany", "closed": "zakończony",
    "on_hold": "wstrzymany", "proposed": "wniosek",
}  # fmt: skip
HEADS = [
    "Lp.", "Nr projektu", "Nazwa zadania inwestycyjnego", "Etap", "Kierownik", "Początek", "Koniec",
    "Koniec wg planu bazowego", "% realizacji", "Budżet [zł]", "Wydatki [zł]", "Waluta", "Ostatni raport",
    "Brama 1", "Brama 2",
]  # fmt: skip
FACTS = [
    "stage",
    "lead",
    "start",
    "finish",
    "baseline",
    "percent",
    "budget",
    "actual",
    "currency",
    "report",
    "G1",
    "G2",
]


def write(folder: Path) -> None:
    """Write the three workbooks into a folder."""
    projects, items = table("hospitals", "projects"), table("hospitals", "items")
    lublin(folder / "lublin.xlsx", of(projects, "lublin"), of(items, "lublin"))
    zamosc(folder / "zamosc.xlsx", of(projects, "zamosc"), of(items, "zamosc"))
    chelm(folder / "chelm.xlsx", of(projects, "chelm"), of(items, "chelm"))


def said_day(day: date | None, how: int) -> str | None:
    """A day as somebody in Lublin types it: in one of four ways."""
    if day is None:
        return None
    return (
        f"{day.day} {ROMAN[day.month - 1]} {day.year}",
        f"{day:%Y.%m.%d} r.",
        f"{day:%d.%m.%Y}\N{NO-BREAK SPACE}",
        f"{day.day}. {day.month}. {day.year} r.",
    )[how % 4]


def zloty(amount: float | None) -> str | None:
    """1 234 567,00 zł, with spaces that do not break."""
    if amount is None:
        return None
    return f"{amount:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",") + "\N{NO-BREAK SPACE}zł"


def lublin(path: Path, projects: list[Row], items: list[Row]) -> None:
    """Title rows, groups with headings and subtotals, dates and money as text, a copied row, a footnote."""
    book = xlsxwriter.Workbook(path)
    bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0%"})
    sheet = book.add_worksheet("Rejestr inwestycji")
    sheet.merge_range("A1:O1", "REJESTR ZADAŃ INWESTYCYJNYCH SZPITALA", bold)
    sheet.write("A2", "stan na dzień 4.01.2027 r.")
    sheet.write_row(3, 0, HEADS, bold)
    sheet.freeze_panes(4, 3)
    sheet.set_column("L:L", None, None, {"hidden": True})
    row = 4
    for group, some in (("Pion medyczny", projects[:2]), ("Pion techniczny", projects[2:])):
        sheet.merge_range(row, 1, row, 14, f"{group} (2026-2027)", bold)
        first = row + 1
        for at, each in enumerate(some, first):
            sheet.write(at, 0, at - first + 1)
            lublin_row(sheet, at, each, share)
        row = first + len(some)
        sheet.write(row, 1, f"Razem {group.lower()}", bold)
        for column in (9, 10):
            letter = "JK"[column - 9]
            sheet.write_formula(row, column, f"=SUBTOTAL(9,{letter}{first + 1}:{letter}{row})", bold, 1000.0)
        row += 1
    sheet.write(row, 1, "OGÓŁEM", bold)
    sheet.write_formula(row, 9, f"=SUBTOTAL(9,J6:J{row})", bold, 2000.0)
    lublin_row(sheet, row + 1, projects[1], share)  # somebody copied a row to the end
    sheet.write(row + 3, 1, "*) kwoty brutto, narastająco od 1 I 2026")
    sheet.write_comment("B6", "Do wyjaśnienia z NFZ")
    lublin_plan(book.add_worksheet("Harmonogram"), items)
    book.close()


def lublin_row(sheet: Any, at: int, each: Row, share: Any) -> None:
    """One project: every row writes its dates and its percentage in another way."""
    values = {name: known(each, name) for name in FACTS}
    for name in ("start", "finish", "baseline", "report", "G1", "G2"):
        values[name] = said_day(values[name], at)
    values["stage"] = STAGES[each["stage"]]
    values["budget"] = zloty(values["budget"]) if at % 2 else values["budget"]
    values["actual"] = zloty(values["actual"])
    if own(each) == "SZP/2026/05":
        values["finish"] = "31.06.2027"
    percent = values.pop("percent")
    sheet.write_row(
        at,
        1,
        [own(each), f" {each['title']}  ", *(values[n] for n in FACTS if n in values and n in FACTS[:5])],
    )
    if at % 3 == 0:
        sheet.write(at, 8, f"{percent:g}".replace(".", ",") + "\N{NO-BREAK SPACE}%")
    elif at % 3 == 1:
        sheet.write(at, 8, percent / 100, share)
    else:
        sheet.write(at, 8, percent)
    sheet.write_row(at, 9, [values[n] for n in FACTS[6:]])


def lublin_plan(sheet: Any, items: list[Row]) -> None:
    """The project stands once, merged over its rows; empty rows between projects; hours and days in words."""
    sheet.write("A1", "HARMONOGRAM RZECZOWY")
    sheet.write_row(
        2, 0, ["Projekt", "ID", "Zadanie", "Rodzaj", "Wykonawca", "Od", "Do", "Nakład", "Postęp", "Stan"]
    )
    row = 3
    for key in dict.fromkeys(map(project_of, items)):
        some = [each for each in items if project_of(each) == key]
        name = key.partition("/")[2]
        if len(some) > 1:
            sheet.merge_range(row, 0, row + len(some) - 1, 0, name)
        for each in some:
            work = known(each, "work")
            said = None if work is None else f"{work / 8:g} dni" if work % 8 == 0 else f"{work:g} godz."
            kind = {"task": "czynność", "milestone": "kamień milowy"}[each["kind"]]
            days = [said_day(known(each, name), row) for name in ("start", "due")]
            percent = f"{known(each, 'percent'):g}%"
            sheet.write_row(
                row, 1,
                [each["key"].rpartition("/")[2], each["title"], kind, known(each, "owner"), *days, said, percent, each["status"]],
            )  # fmt: skip
            row += 1
        row += 1


def zamosc(path: Path, projects: list[Row], items: list[Row]) -> None:
    """A filter with hidden rows, a second table beside, a pivot's leftovers below, percentages of all kinds."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Projekty"
    heads = [
        "Kod", "Nazwa\nprojektu", "Faza", "Prowadzi", "Start", "Meta", "Meta (baza)", "Zaawansowanie", "Budżet tys. zł",
        "Wydano tys. zł", "Waluta", "Raport", "B1", "B2", None, "Kontakt", "Telefon",
    ]  # fmt: skip
    sheet.append(heads)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    shares: dict[str, Any] = {"ZA-01": "35%", "ZA-02": 45, "ZA-03": 0.1, "ZA-04": 0.33, "ZA-05": 100}
    for each in projects:
        code = own(each)
        money = [None if known(each, n) is None else known(each, n) / 1000 for n in ("budget", "actual")]
        days = [known(each, name) for name in ("start", "finish", "baseline")]
        gates = [known(each, name) for name in ("report", "G1", "G2")]
        sheet.append(
            [f"{code}\N{NO-BREAK SPACE}", each["title"], STAGES[each["stage"]], known(each, "lead") or "\N{EN DASH}", *days, shares[code],
             *money, "zł", *gates, None, "dr Nowak", "84 555 01 02"]
        )  # fmt: skip
        sheet.cell(sheet.max_row, 4).comment = Comment("odchodzi w lutym", "kadry")
        for column in (5, 6, 7, 12, 13, 14):
            sheet.cell(sheet.max_row, column).number_format = "dd.mm.yyyy"
    sheet["H5"].number_format = "0%"
    sheet.auto_filter.ref = "A1:N6"
    sheet.row_dimensions[4].hidden = True
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["K"].hidden = True
    for leftover in ([], [], ["Etykiety wierszy", "Liczba", "Suma"], ["Chirurgia", 2, 24996], ["Interna", 3, 23173.5], ["Suma końcowa", 5, 48169.5]):  # fmt: skip
        sheet.append(leftover)
        for cell in sheet[sheet.max_row]:
            cell.font = Font(italic=True)
    sheet.cell(9, 1, "Etykiety wierszy")
    zamosc_plan(book.create_sheet("Zadania"), items)
    book.save(path)


def zamosc_plan(sheet: Any, items: list[Row]) -> None:
    """Projects are named with whatever dash is at hand; one row belongs to a project that is not there."""
    sheet.append(["Id", "Projekt", "Co", "Typ", "Kto", "Od", "Do", "Godziny", "Postęp %", "Status"])
    for at, each in enumerate(items):
        code = project_of(each).partition("/")[2].replace("-", "-\N{EN DASH}\N{NON-BREAKING HYPHEN}"[at % 3])
        days = [known(each, name) for name in ("start", "due")]
        kind = {"task": "zadanie", "milestone": "KM"}[each["kind"]]
        sheet.append(
            [each["key"].rpartition("/")[2], code, each["title"], kind, known(each, "owner"), *days, known(each, "work"),
             known(each, "percent"), each["status"]]
        )  # fmt: skip
    sheet.append(
        ["Z99", "ZA-09", "Przeprowadzka archiwum", "zadanie", None, None, date(2027, 3, 1), 8, 0, "w toku"]
    )
    for row in sheet.iter_rows(min_row=2, min_col=6, max_col=7):
        for cell in row:
            cell.number_format = "d mmm yyyy"


def chelm(path: Path, projects: list[Row], items: list[Row]) -> None:
    """Ids by a format, money in millions, a finish that shows its month only, totals typed as values."""
    book = xlsxwriter.Workbook(path)
    number, day = book.add_format({"num_format": '"CH-"000'}), book.add_format({"num_format": "dd-mm-yyyy"})
    month, share = book.add_format({"num_format": "mmmm yyyy"}), book.add_format({"num_format": "0.0%"})
    sheet = book.add_worksheet("Plan inwestycyjny")
    sheet.write_row(
        1,
        1,
        ["Numer", "Nazwa", *HEADS[3:8], "Realizacja", "Budżet (mln zł)", "Wydatki (mln zł)", *HEADS[11:]],
    )
    for at, each in enumerate(projects, 2):
        sheet.write_number(at, 1, int(own(each)[3:]), number)
        sheet.write_row(at, 2, [each["title"], STAGES[each["stage"]], known(each, "lead")])
        write_days(sheet, at, each, day)
        if own(each) == "CH-009":
            sheet.write_datetime(at, 6, date(2027, 3, 1), month)
        percent = known(each, "percent") / 100
        sheet.write_number(at, 8, percent, *([share] if at % 2 else []))
        for column, name in ((9, "budget"), (10, "actual")):
            if known(each, name) is not None:
                sheet.write_number(at, column, known(each, name) / 1_000_000)
        sheet.write(at, 11, "PLN")
    sheet.write_row(6, 1, ["Razem 4 projekty", None, None, None, None, None, None, None, 58.4155, 24.7946])
    chelm_plan(book.add_worksheet("Zadania"), items, day, share)
    book.close()


def chelm_plan(plan: Any, items: list[Row], day: Any, share: Any) -> None:
    """Projects by number or by id, work in weeks, percentages by their format."""
    plan.write_row(
        0, 0, ["Projekt", "Symbol", "Zadanie", "Rodzaj", "Kto", "Od", "Do", "Nakład (tyg.)", "%", "Stan"]
    )
    for at, each in enumerate(items, 1):
        digits = int(project_of(each).rpartition("-")[2])
        plan.write(at, 0, digits if at % 2 else f"CH-{digits:03d}")
        kind = {"task": "zadanie", "milestone": "kamień"}[each["kind"]]
        plan.write_row(at, 1, [each["key"].rpartition("/")[2], each["title"], kind, known(each, "owner")])
        for column, name in ((5, "start"), (6, "due")):
            if known(each, name):
                plan.write_datetime(at, column, known(each, name), day)
        if known(each, "work") is not None:
            plan.write(at, 7, known(each, "work") / 40)
        plan.write(at, 8, known(each, "percent") / 100, share)
        plan.write(at, 9, each["status"])
