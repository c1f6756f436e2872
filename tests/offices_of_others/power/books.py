"""The distributor's workbook: every region has its sheet, its habits and its totals; money and dates are text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.offices_of_others.truth import Row, known, of, own, project_of, table, write_days

STAGES = {
    "execution": "Em execução", "planning": "Em planejamento", "closing": "Em encerramento", "closed": "Encerrada",
    "on_hold": "Paralisada", "proposed": "Proposta",
}  # fmt: skip
HEADS = [
    "Obra", "Descrição", "Situação da obra", "Chave auxiliar", "Gestor", "Início", "Término", "Término LB", "Físico",
    "Aprovado", "Realizado", "Moeda", "Último boletim", "Marco 1", "Marco 2",
]  # fmt: skip
PLAN = ["Cód.", "Atividade", "Tipo", "Resp.", "De", "Até", "HH", "Avanço", "Situação"]
KINDS = {"task": "Atividade", "milestone": "Marco"}


def write(folder: Path) -> None:
    """Write the one workbook into a folder."""
    projects, items = table("power", "projects"), table("power", "items")
    book = xlsxwriter.Workbook(folder / "obras.xlsx")
    cover = book.add_worksheet("Capa")
    cover.merge_range("B2:F2", "CARTEIRA DE OBRAS 2027")
    norte(book, of(projects, "norte"))
    sul(book, of(projects, "sul"))
    leste(book, of(projects, "leste"))
    below_headings(book.add_worksheet("Atividades Norte"), of(projects, "norte"), of(items, "norte"))
    by_title(book.add_worksheet("Atividades Sul"), of(projects, "sul"), of(items, "sul"))
    with_sums(book.add_worksheet("Atividades Leste"), of(items, "leste"))
    summary = book.add_worksheet("Resumo")
    summary.write_row("A1", ["Obra", "Descrição", "Aprovado"])
    summary.write_row("A2", ["N-101", "copiado do Norte", 1])
    book.close()


def said_day(day: date | None) -> str | None:
    """03/04/2027: day first, as everybody writes there."""
    return f"{day:%d/%m/%Y}" if day else None


def reais(amount: float | None) -> str | None:
    """R$ 1.234.567,89."""
    if amount is None:
        return None
    return "R$ " + f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def share(percent: float) -> str:
    """62,5%."""
    return f"{percent:.1f}".replace(".", ",") + "%"


def line(each: Row) -> list[Any]:
    """A project as the regions type it: all text, with a column of the macro that nobody sees."""
    days = {
        name: said_day(known(each, name)) for name in ("start", "finish", "baseline", "report", "G1", "G2")
    }
    return [
        own(each), each["title"], STAGES[each["stage"]], f"{own(each)}|2027", known(each, "lead"), days["start"],
        days["finish"], days["baseline"], share(known(each, "percent")), reais(known(each, "budget")),
        reais(known(each, "actual")), "BRL", days["report"], days["G1"], days["G2"],
    ]  # fmt: skip


def norte(book: Any, projects: list[Row]) -> None:
    """Subtotals of values that somebody pasted, a hidden helper column, a hidden row."""
    sheet = book.add_worksheet("Norte")
    sheet.write("A1", "Regional Norte")
    sheet.write_row(2, 0, HEADS)
    sheet.set_column("D:D", None, None, {"hidden": True})
    for at, each in enumerate(projects, 3):
        sheet.write_row(at, 0, line(each))
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.write_row(
        7, 0, ["Subtotal Norte", None, None, None, None, None, None, None, None, "R$ 47.828.000,00"]
    )
    sheet.write_row(
        8, 0, ["Total geral", "4 obras", None, None, None, None, None, None, None, "R$ 47.828.000,00"]
    )


def sul(book: Any, projects: list[Row]) -> None:
    """Numbers and dates of the program's own, sums by formulas without an id, an error in a cell."""
    sheet = book.add_worksheet("Sul")
    money = book.add_format({"num_format": "[$R$-416] #,##0.00"})
    day, part = book.add_format({"num_format": "dd/mm/yy"}), book.add_format({"num_format": "0.0%"})
    sheet.write_row(0, 0, HEADS)
    sheet.autofilter("A1:O6")
    for at, each in enumerate(projects, 1):
        sheet.write_row(at, 0, [own(each), each["title"], STAGES[each["stage"]], None, known(each, "lead")])
        write_days(sheet, at, each, day)
        sheet.write_number(at, 8, known(each, "percent") / 100, part)
        sheet.write_formula(at, 9, f"=SUM(Q{at + 1}:R{at + 1})", money, known(each, "budget"))
        if own(each) == "S-205":
            sheet.write_formula(at, 10, "=VLOOKUP(A6,Resumo!A:C,9,0)", money, "#REF!")
        else:
            sheet.write_number(at, 10, known(each, "actual"), money)
        sheet.write(at, 11, "BRL")
    sheet.write(6, 4, "Total Sul")
    for column in (9, 10):
        sheet.write_formula(6, column, f"=SUM({'JK'[column - 9]}2:{'JK'[column - 9]}6)", money, 5.0)


def leste(book: Any, projects: list[Row]) -> None:
    """Empty rows in between, a budget that is still open, a year of two digits, remarks below."""
    sheet = book.add_worksheet("Leste")
    sheet.write_row(1, 0, HEADS)
    for at, each in enumerate(projects):
        cells = line(each)
        if own(each) == "L-304":
            cells[9] = "a definir"
        if own(each) == "L-303":
            cells[6] = "25/04/27"
        sheet.write_row(2 + 2 * at, 0, cells)
    sheet.write(10, 0, "Obs.: valores sem impostos, base dez/2026")
    sheet.write(11, 0, "Fonte: SAP em 30/12/2026")


def activity(each: Row) -> list[Any]:
    """An item without its project."""
    return [
        each["key"].rpartition("/")[2], each["title"], KINDS[each["kind"]], known(each, "owner"),
        said_day(known(each, "start")), said_day(known(each, "due")), known(each, "work"),
        share(known(each, "percent")), each["status"],
    ]  # fmt: skip


def below_headings(sheet: Any, projects: list[Row], items: list[Row]) -> None:
    """The project stands above its activities, in a row of its own."""
    sheet.write_row(0, 0, PLAN)
    row = 1
    for project in projects:
        sheet.merge_range(row, 0, row, 8, f"{own(project)} \N{EN DASH} {project['title'].upper()}")
        row += 1
        for each in items:
            if project_of(each) == project["key"]:
                sheet.write_row(row, 0, activity(each))
                row += 1
    sheet.merge_range(row, 0, row, 8, "N-199 \N{EN DASH} OBRA CANCELADA")
    sheet.write_row(
        row + 1, 0, ["TN90", "Distrato", "Atividade", None, None, "01/03/2027", 8, "0%", "Não iniciada"]
    )


def by_title(sheet: Any, projects: list[Row], items: list[Row]) -> None:
    """Activities name their project by its title, or by id and title."""
    titles = {each["key"]: each["title"] for each in projects}
    sheet.write_row(0, 0, ["Obra", *PLAN])
    for at, each in enumerate(items, 1):
        key = project_of(each)
        name = titles[key] if at % 2 else f"{key.partition('/')[2]} - {titles[key]}"
        sheet.write_row(at, 0, [name, *activity(each)])


def with_sums(sheet: Any, items: list[Row]) -> None:
    """A subtotal below every project's activities, and a total of all."""
    sheet.write_row(0, 0, ["Obra", *PLAN])
    row = 1
    for key in dict.fromkeys(map(project_of, items)):
        first = row + 1
        for each in items:
            if project_of(each) == key:
                sheet.write_row(row, 0, [key.partition("/")[2], *activity(each)])
                row += 1
        sheet.write(row, 0, f"{key.partition('/')[2]} Total")
        sheet.write_formula(row, 7, f"=SUBTOTAL(9,H{first}:H{row})", None, 1.0)
        row += 1
    sheet.write(row, 2, "Total geral")
    sheet.write_formula(row, 7, f"=SUBTOTAL(9,H2:H{row})", None, 1.0)
