"""The campuses' workbooks: headers in two rows, millions and thousands, weeks, titles instead of ids."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment

from tests.offices_of_others.truth import Row, known, of, own, project_of, table

MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
STAGES = {
    "execution": "byggskede", "planning": "projektering", "closing": "slutskede", "closed": "avslutad",
    "on_hold": "vilande", "proposed": "idé",
}  # fmt: skip


def write(folder: Path) -> None:
    """Write the two workbooks into a folder."""
    projects, items = table("campus", "projects"), table("campus", "items")
    nord(folder / "nord.xlsx", of(projects, "campus-nord"), of(items, "campus-nord"))
    syd(folder / "syd.xlsx", of(projects, "campus-syd"), of(items, "campus-syd"))


def nord(path: Path, projects: list[Row], items: list[Row]) -> None:
    """Start and Slut stand twice, below Plan and below Utfall; notes and a summary by year stand below."""
    book = xlsxwriter.Workbook(path)
    day, number = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": '"PRJ-"0000'})
    part = book.add_format({"num_format": "0 %"})
    sheet = book.add_worksheet("Byggprojekt")
    sheet.merge_range("A1:P1", "BYGGPROGRAM 2026\N{EN DASH}2028")
    sheet.merge_range("A3:A4", "Nr")
    sheet.merge_range("B3:B4", "Benämning")
    sheet.merge_range("C3:C4", "Skede")
    sheet.merge_range("D3:D4", "Ansvarig")
    sheet.merge_range("E3:G3", "Plan")
    sheet.merge_range("H3:J3", "Utfall")
    sheet.merge_range("K3:M3", "Ekonomi")
    sheet.merge_range("N3:O3", "Grindar")
    sheet.merge_range("P3:P4", "Senaste rapport")
    sheet.write_row(
        "E4",
        [
            "Start",
            "Slut",
            "Baslinje slut",
            "Start",
            "Slut",
            "Klart",
            "Beslutad (Mkr)",
            "Upparbetat (tkr)",
            "Valuta",
            "G1",
            "G2",
        ],
    )
    sheet.freeze_panes(4, 2)
    row = 4
    for at, each in enumerate(projects):
        row += 1 if at in (2, 4) else 0  # an empty row between the stages of the program
        sheet.write_number(row, 0, int(own(each)[4:]), number)
        sheet.write_row(row, 1, [each["title"], STAGES[each["stage"]], known(each, "lead")])
        columns = {4: "start", 5: "finish", 6: "baseline", 13: "G1", 14: "G2", 15: "report"}
        for column, name in columns.items():
            if known(each, name):
                sheet.write_datetime(row, column, known(each, name), day)
        sheet.write_datetime(row, 7, date(2025, 1, 7), day)  # when somebody first worked on it; not ours
        sheet.write_number(row, 9, known(each, "percent") / 100, part)
        sheet.write_number(row, 10, known(each, "budget") / 1_000_000)
        if known(each, "actual") is not None:
            sheet.write_formula(
                row, 11, "=SUMIF(Huvudbok!A:A,A5,Huvudbok!B:B)", None, known(each, "actual") / 1000
            )
        sheet.write(row, 12, "SEK")
        row += 1
    sheet.write(row, 0, "SUMMA")
    sheet.write_formula(row, 10, f"=SUBTOTAL(109,K5:K{row})", None, 91.568)
    sheet.write(row + 2, 0, "1) Beslutad ram inkl. moms, 2) upparbetat t.o.m. december 2026")
    sheet.write_row(row + 4, 0, ["År", "Antal", "Mkr"])
    sheet.write_row(row + 5, 0, [2026, 4, 52.4])
    sheet.write_row(row + 6, 0, [2027, 2, 39.2])
    nord_plan(book.add_worksheet("Aktiviteter"), items)
    book.add_worksheet("Huvudbok").write_row(0, 0, ["Konto", "Belopp"])
    book.close()


def nord_plan(sheet: Any, items: list[Row]) -> None:
    """Projects by number or by id, work in hours, days and weeks, as words."""
    sheet.write_row(
        1,
        0,
        ["Akt", "Projekt", "Aktivitet", "Typ", "Vem", "Börjar", "Klar senast", "Insats", "Färdigt", "Läge"],
    )
    for at, each in enumerate(items, 2):
        key = own_of(each)
        work = known(each, "work")
        said = None
        if work is not None:
            said = (
                f"{work / 40:g} v"
                if work % 40 == 0
                else f"{work / 8:g} dagar"
                if work % 8 == 0
                else f"{work:g} tim"
            )
        kind = {"task": "aktivitet", "milestone": "hållpunkt"}[each["kind"]]
        days = [f"{d:%Y-%m-%d}" if (d := known(each, name)) else None for name in ("start", "due")]
        sheet.write_row(
            at, 0,
            [each["key"].rpartition("/")[2], int(key[4:]) if at % 2 else key, each["title"], kind, known(each, "owner"),
             *days, said, f"{known(each, 'percent'):g} %", each["status"]],
        )  # fmt: skip


def own_of(item: Row) -> str:
    """The id of an item's project, as its office displays it."""
    return project_of(item).partition("/")[2]


def in_words(day: date | None) -> str | None:
    """29 juli 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else None


def syd(path: Path, projects: list[Row], items: list[Row]) -> None:
    """Days in words, a person who left, totals typed as values, a contact list beside the table."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Projekt"
    sheet["A1"] = "Campus Syd"
    sheet.append([])
    sheet.append(
        ["Projektnr", "Projekt\nnamn", "Skede", "Projektledare", "Byggstart", "Färdigt", "Färdigt enl. baslinje", "% klart",
         "Budget kr", "Utfall kr", "Valuta", "Rapport", "Grind 1", "Grind 2", None, "Namn", "Telefon"]
    )  # fmt: skip
    for at, each in enumerate(projects):
        days = [in_words(known(each, name)) for name in ("start", "finish", "baseline")]
        later = [known(each, name) for name in ("report", "G1", "G2")]
        if own(each) == "Å26-3":
            days[1] = "2027-02-30"
        money = [f"{known(each, n):,.0f} kr".replace(",", "\N{NO-BREAK SPACE}") for n in ("budget", "actual")]
        percent = known(each, "percent")
        sheet.append(
            [own(each), each["title"], STAGES[each["stage"]], known(each, "lead"), *days,
             percent if at % 2 else f"{percent:g}".replace(".", ","), *money, "SEK", *later, None, f"Entreprenör {at}", "063-12 34"]
        )  # fmt: skip
        if at == 2:
            sheet.append(["Summa", None, None, None, None, None, None, None, 17439000])
    sheet["D4"].comment = Comment("slutar 31/1", "HR")
    sheet.append(["Totalt 6 projekt", None, None, None, None, None, None, None, 77718000])
    sheet.column_dimensions["K"].hidden = True
    syd_plan(book.create_sheet("Tidplan"), {each["key"]: each["title"] for each in projects}, items)
    book.save(path)


def syd_plan(sheet: Any, titles: dict[str, str], items: list[Row]) -> None:
    """Every item names its project by the title, some in capitals; one id stands twice."""
    sheet.append(["ID", "Projekt", "Moment", "Typ", "Ansvar", "Från", "Till", "Timmar", "% klart", "Status"])
    for at, each in enumerate(items):
        title = titles[project_of(each)]
        kind = {"task": "moment", "milestone": "hållpunkt"}[each["kind"]]
        days = [in_words(known(each, name)) if at % 2 else known(each, name) for name in ("start", "due")]
        sheet.append(
            [each["key"].rpartition("/")[2], title.upper() if at % 3 == 0 else title, each["title"], kind,
             known(each, "owner"), *days, known(each, "work"), known(each, "percent"), each["status"]]
        )  # fmt: skip
    sheet.append(
        [
            "B01",
            titles["campus-syd/Å26-1"],
            "Städning",
            "moment",
            None,
            None,
            date(2027, 2, 1),
            8,
            0,
            "planerad",
        ]
    )
    sheet.append(
        ["B98", "Bibliotek", "Flytt av böcker", "moment", None, None, date(2027, 2, 1), 8, 0, "planerad"]
    )
