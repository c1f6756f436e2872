"""What every connector must do, whatever its tool; each kind of the registry is put through it.

A kind joins by one entry in `BENCHES`: a place with a tool of its own to try, and what people do there. What
it must do is in the table of clauses, and is the same for all.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.registry import ConnectorKind
from connectors.tickets.lines import MARK, apart
from connectors.tickets.settings import TicketSettings, TicketTool
from domain.organization.office import Access
from domain.plans.item_plan import NOTHING_PLANNED, ItemPlan, Span
from domain.plans.predecessor import LagUnit, Predecessor
from tests.connectors.workbook import books
from tests.contract import (
    clauses_of_all,
    clauses_of_lines,
    clauses_of_plans,
    clauses_of_preparing,
    clauses_of_reading,
    clauses_of_starting,
    clauses_of_trackers,
    memory,
)
from tests.contract.bench import Bench, merged, missing
from tests.contract.clauses import CLAUSES, Clause
from tests.contract.clauses_of_all import LATER, SCRIPTS
from tests.standins.described import specs
from tests.standins.plain import PLANNER, PlainStandIn
from tests.standins.world import served

__all__ = ["BENCHES", "CLAUSES", "LATER", "SCRIPTS", "Bench", "Clause", "Entry", "missing"]
__all__ += ["clauses_of_all", "clauses_of_lines", "clauses_of_plans", "clauses_of_preparing"]
__all__ += ["clauses_of_reading"]
__all__ += ["clauses_of_starting", "clauses_of_trackers"]


@contextmanager
def workbook_bench(folder: Path) -> Iterator[Bench]:  # noqa: C901 - each hand of the office is a function
    """A workbook in a folder of its own."""
    path = books.plain(folder / "porto.xlsx")
    ours = {"Vorgänge": 12, "Fragen": 1}

    def change(act: Callable[[Any], None]) -> None:
        book = openpyxl.load_workbook(path)
        act(book)
        book.save(path)

    def foreign() -> Any:
        book = openpyxl.load_workbook(path)
        rows = {}
        for sheet in book:
            key = ours.get(sheet.title)
            rows[sheet.title] = [
                tuple(cell.value for cell in row)
                for row in sheet.iter_rows()
                if key is None or row[0].row == 1 or not row[key - 1].value
            ]
        return rows

    def work(book: Any) -> None:
        book["Projekte"]["B2"] = "Lagerhalle 1, umbenannt"

    def rows_of(book: Any, key: str) -> Iterator[tuple[Any, int]]:
        for name, column in ours.items():
            for row in list(book[name].iter_rows()):
                if row[column - 1].value == key:
                    yield book[name], row[0].row

    def copied(key: str, book: Any) -> None:
        for sheet, row in rows_of(book, key):
            sheet.append([cell.value for cell in sheet[row]])

    def written(key: str, values: dict[int, str], book: Any) -> None:
        for sheet, row in rows_of(book, key):
            for column, text in values.items():
                sheet.cell(row, column, text)

    def removed(key: str, book: Any) -> None:
        for sheet, row in rows_of(book, key):
            sheet.delete_rows(row)

    def note(key: str) -> str:
        book = openpyxl.load_workbook(path)
        ((sheet, row),) = rows_of(book, key)
        return str(sheet.cell(row, 10).value)

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        def plan(book: Any) -> None:
            sheet = book["Vorgänge"]
            heads = {
                "Ebene": 15,
                "Dauer": 16,
                "Vorgänger": 17,
                "Stichtag": 18,
                "Kosten": 19,
                "Kalender": 20,
                "Folge": 21,
            }
            for head, column in heads.items():
                sheet.cell(1, column, head)
            sheet.delete_rows(2, sheet.max_row)
            for row in (
                ("A", "P-1", "Plan A", 1, None, None),
                ("B", "P-1", "Plan B", 2, "5 Tage", None, date(2027, 4, 2), 1250.5, None, 3),
                ("C", "P-1", "Plan C", 2, 0.25, "BEA+2t", None, None, "Nacht", 2.5),
            ):
                sheet.append([*row[:3], *[None] * 11, *row[3:]])

        change(plan)
        columns = {
            **books.SETTINGS["items"]["columns"], "level": "Ebene", "after": "Vorgänger", "deadline": "Stichtag",
            "duration": {"header": "Dauer", "unit": "weeks"}, "cost": "Kosten",
            "calendar": "Kalender", "order": "Folge",
        }  # fmt: skip
        use = books.settings(items={**books.SETTINGS["items"], "columns": columns})
        told = {
            "Plan A": ItemPlan(order=1, summary=True),
            "Plan B": ItemPlan(
                "Plan A", 3, duration=Span(5), deadline=date(2027, 4, 2), cost=1250.5
            ),
            "Plan C": ItemPlan(
                "Plan A", 2, (Predecessor("Plan B", 2),), Span(0.25, LagUnit.WORKING_WEEKS), calendar="Nacht"
            ),
        }  # fmt: skip
        return books.connector(path, use=use), told

    yield Bench(
        planned=planned,
        connect=lambda access: books.connector(path, access),
        state=path.read_bytes,
        foreign=foreign,
        office_works=lambda: change(work),
        copy_row=lambda key: change(partial(copied, key)),
        item=books.item,
        question=books.question,
        annotate=lambda key, text: change(partial(written, key, {10: text})),
        annotation=note,
        answer=lambda key, text: change(partial(written, key, {7: text, 8: PLANNER})),
        answerer=PLANNER,
        remove=lambda key: change(partial(removed, key)),
        unfit=lambda: books.connector(folder / "nowhere.xlsx"),
        wanting=lambda: books.connector(path, use=asking_on_another_sheet()),
        fresh=lambda: (books.connector(path), "P-77"),
    )


def beyond(*within: str) -> Any:
    """Settings that name these projects."""
    return {"projects": {"within": list(within)}}


def asking_on_another_sheet() -> Any:
    """The settings of the bench's workbook, with questions on a sheet that is not there."""
    return books.settings(questions={**books.SETTINGS["questions"], "sheet": clauses_of_preparing.FRESH})


REQUIRED = {
    "Effort class": {"required": True, "kind": "number"},
    "Cost center": {"required": True, "options": ["4711 Ö", "0815"]},
}


def plain_bench(standin: PlainStandIn, url: str = "", make: type[memory.Memory] = memory.Memory) -> Bench:
    """A plain server, in this process or over HTTP."""

    def number(key: str) -> int:
        return int(standin.bearing(key)[0]["number"])

    def annotate(key: str, text: str) -> None:
        old = standin.bearing(key)[0]["text"]
        mark = old.index(MARK) if MARK in old else len(old)
        standin.change(number(key), text=f"{text}\n\n{old[mark:]}")

    def redate(key: str) -> None:
        standin.change(number(key), due="2027-02-25")

    def fill(count: int) -> None:
        for n in range(count):
            standin.add("P-1", f"Noch ein Schritt {n}", due="2027-01-29")

    def disown(key: str) -> None:
        ticket = standin.states[number(key)][-1][1]
        for each in (*ticket["comments"], *ticket["changes"]):
            del each["by"]
        ticket["comments"].append({"by": None, "at": standin.now.isoformat(), "text": None})

    def connect(access: Access = Access.WRITE, **more: Any) -> memory.Memory:
        return memory.connector(standin, access, url, make, **more)

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        first = standin.add("P-1", "Plan A")
        second = standin.add("P-1", "Plan B", parent=first)
        after = [{"id": 9, "before": second, "lag": 2}]
        standin.add("P-1", "Plan C", parent=first, after=after, start="2027-03-01", due="2027-03-05")
        return connect(), {
            "Plan A": NOTHING_PLANNED,
            "Plan B": ItemPlan("Plan A"),
            "Plan C": ItemPlan("Plan A", after=(Predecessor("Plan B", 2),)),
        }

    return Bench(
        planned=planned,
        connect=connect,
        state=standin.tickets,
        foreign=lambda: [ticket for ticket in standin.tickets() if not ticket["key"]],
        office_works=lambda: standin.change(1, title="Schritt 0, umbenannt"),
        copy_row=lambda key: standin.copy_of(number(key)) and None,
        item=books.item,
        question=books.question,
        settle=lambda: standin.pass_time(seconds=standin.lag.total_seconds()),
        again=connect,
        fill=fill,
        redate=redate,
        annotate=annotate,
        annotation=lambda key: apart(standin.bearing(key)[0]["text"])[0],
        answer=lambda key, text: standin.comment(number(key), text),
        answerer=PLANNER,
        decide=lambda key: standin.change(number(key), status="accepted"),
        disown=disown,
        unkey=lambda off: setattr(standin, "keyless", off),
        bar=standin.barred.add,
        require=lambda: standin.fields.update(REQUIRED),
        with_settings=lambda over: connect(settings=merged(memory.SETTINGS, over)),
        derive=lambda key: standin.compute(number(key)),
        fresh=lambda: (connect(settings=merged(memory.SETTINGS, beyond("P-1", "P-2", "P-77"))), "P-77"),
        remove=lambda key: standin.remove(number(key)),
        unfit=lambda: connect(secret=lambda: "nobody's"),
        standin=standin if url else None,
        count=lambda key: len(standin.bearing(key)),
        kind=ConnectorKind(make, TicketTool, TicketSettings),
    )


@contextmanager
def memory_bench(folder: Path, make: type[memory.Memory] = memory.Memory, **rules: Any) -> Iterator[Bench]:
    """A plain server in this process."""
    del folder
    yield plain_bench(memory.furnished(**rules), make=make)


@contextmanager
def plain_http_bench(
    folder: Path, make: type[memory.Memory] = memory.Memory, **rules: Any
) -> Iterator[Bench]:
    """A plain server over real HTTP on loopback."""
    del folder
    standin = memory.furnished(**rules)
    with served(standin) as url:
        yield plain_bench(standin, url, make)


@contextmanager
def standin_bench(module: str, folder: Path, **more: Any) -> Iterator[Bench]:
    """A vendor's stand-in, by the module of its bench: `furnished`, and `<kind>_bench(url, standin)`."""
    del folder
    found = importlib.import_module(f"tests.contract.{module}")
    standin = found.furnished()
    with served(standin) as url:
        yield replace(getattr(found, module)(url, standin), standin=standin, **more)


@contextmanager
def file_bench(module: str, name: str, folder: Path) -> Iterator[Bench]:
    """A file in a folder of its own, by the module of its bench."""
    yield getattr(importlib.import_module(f"tests.contract.{module}"), name)(folder)


@dataclass(frozen=True)
class Entry:
    """How a kind's bench is made; `servers` names the fixture of `tests.live` that it needs."""

    make: Callable[..., AbstractContextManager[Bench]]
    marks: tuple[pytest.MarkDecorator, ...] = ()
    server: str = ""


@contextmanager
def server_bench(module: str, entry: Any) -> Iterator[Bench]:
    """A real server's part that is the bench's own."""
    made = getattr(importlib.import_module(f"tests.contract.{module}"), module)(entry)
    try:
        yield made
    finally:
        made.close()


def on_standin(module: str, *descriptions: str) -> Entry:
    """A bench on a vendor's stand-in, held against the vendor's descriptions."""
    return Entry(partial(standin_bench, module), (specs(*descriptions),))


def on_server(module: str, server: str) -> Entry:
    """A bench on a real server; `make test-servers` runs it."""
    return Entry(partial(server_bench, module), (pytest.mark.servers,), server)


BENCHES: dict[str, Entry] = {
    "azure-devops": on_standin(
        "azure_devops_bench", "azure-devops-wit-7.1.json", "azure-devops-core-7.1.json"
    ),
    "jira-cloud": on_standin("jira_cloud_bench", "jira-cloud-v3.json"),
    "jira-dc": on_standin("jira_dc_bench", "jira-dc-10.3.json"),
    "github": on_standin("github_bench", "github.json"),
    "memory": Entry(memory_bench),
    "openproject": on_standin("openproject_bench", "openproject-v3.json"),
    "plain over HTTP": Entry(plain_http_bench),
    "project-file": Entry(partial(file_bench, "project_files", "project_file_bench"), (pytest.mark.servers,)),
    "redmine": on_server("redmine_bench", "redmine"),
    "trac": on_server("trac_bench", "trac"),
    "workbook": Entry(workbook_bench),
}
"""Every kind of the registry by its name, and beyond it the tool in memory, here and over HTTP."""
BEYOND = {"memory", "plain over HTTP"}
