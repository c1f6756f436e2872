"""Project files as offices make them, for the tests: Microsoft Project's XML by hand, the others by mpxj itself."""

import itertools
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from lxml import etree

from connectors.project_file import java
from connectors.project_file.connector import ProjectFile
from connectors.project_file.process import KEEPER
from connectors.project_file.settings import ProjectFileSettings
from domain.organization.office import Access
from domain.plans.item_plan import DayConstraint, ItemPlan, Span
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.task import ConstraintKind
from tests.connectors.workbook import books

SPACE = "{http://schemas.microsoft.com/project}"
SETTINGS: dict[str, Any] = {
    "project": {
        "id": "P-1",
        "columns": {"stage": "Phase", "program": "Programm"},
        "words": {"stage": {"Ausführung": "execution"}},
        "fields": {"risk_register": "Risikoliste"},
    }
}
TEXT = {n: 188743731 + 3 * (n - 1) for n in range(1, 7)} | {30: 188744016, 29: 188744015}
BASE = b"""<Calendars><Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar><BaseCalendarUID>-1</BaseCalendarUID><WeekDays>%b</WeekDays></Calendar></Calendars>""" % b"".join(
    b"<WeekDay><DayType>%d</DayType><DayWorking>%d</DayWorking>%b</WeekDay>"
    % (
        day, 1 < day < 7,
        b"<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime><WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"
        if 1 < day < 7 else b"",
    )
    for day in range(1, 8)
)  # fmt: skip


lacking = cache(java.lacking)


def need_java() -> None:
    """Skip the test where Java or mpxj is missing, with the reason."""
    if reason := lacking():
        pytest.skip(reason)


def settings(**changes: Any) -> ProjectFileSettings:
    """The settings of the sample file, with parts replaced."""
    return ProjectFileSettings.model_validate({**SETTINGS, **changes})


def connector(
    path: Path, access: Access = Access.WRITE, use: ProjectFileSettings | None = None
) -> ProjectFile:
    """The connector to a project file; those of Primavera are in the letters that mpxj writes."""
    encoding = "cp1252" if path.suffix == ".xer" else ""
    return ProjectFile(path, books.OFFICE, use or settings(), access, "2021", encoding)


def tag(name: str, *inner: object) -> str:
    """An element; text is escaped, elements (that begin with <) are not."""
    body = "".join(
        each if isinstance(each, str) and each.startswith("<") else escape(str(each)) for each in inner
    )
    return f"<{name}>{body}</{name}>"


def custom(number: int, value: str) -> str:
    """The value of a custom text field of a task."""
    return tag("ExtendedAttribute", tag("FieldID", TEXT[number]), tag("Value", value))


def task(uid: int, level: int, outline: str, name: str, *more: str, **values: object) -> str:
    """A task as Microsoft Project writes it; `values` replace its elements."""
    fields = {
        "UID": uid, "GUID": f"BADBC42C-BA93-49D1-8366-{uid:012X}", "ID": uid, "Name": name, "Active": 1, "Manual": 0,
        "Type": 0, "IsNull": 0, "CreateDate": "2026-02-01T09:00:00", "WBS": outline, "OutlineNumber": outline,
        "OutlineLevel": level, "Priority": 500, "StartText": "", "Start": "2026-11-02T08:00:00", "Finish": "2027-01-29T17:00:00",
        "Duration": "PT520H0M0S", "ManualDuration": "PT520H0M0S", "DurationFormat": 7, "FreeformDurationFormat": 7, "Work": "PT20H0M0S", "Estimated": 0, "Milestone": 0, "Summary": 0,
        "PercentComplete": 50, "Cost": 0, "ActualCost": 0, "ConstraintType": 0, "CalendarUID": -1, "HideBar": 0,
    } | values  # fmt: skip
    return tag("Task", "".join(tag(key, value) for key, value in fields.items()) + "".join(more))


def plan(tasks: int = 6, **values: str) -> str:
    """A plan of one phase with tasks in a chain, people, costs and custom fields of its office."""
    top = task(
        0, 0, "0", "Lagerhalle 1 Ö", custom(1, "Ausführung"), custom(2, "hafen"), custom(3, "ja"),
        tag("Baseline", tag("Number", 0), tag("Finish", "2027-04-30T17:00:00"), tag("Cost", 125000000)),
        Summary=1, PercentComplete=94, Cost=130000000, ActualCost=110000000, Start="2026-03-02T08:00:00", Finish="2027-05-31T17:00:00",
    )  # fmt: skip
    rows = [top, task(1, 1, "1", "Phase 1", Summary=1, Work="PT120H0M0S")]
    for n in range(2, tasks + 2):
        link = tag(
            "PredecessorLink", tag("PredecessorUID", n - 1), tag("Type", 1), tag("CrossProject", 0),
            tag("LinkLag", 4800), tag("LagFormat", 7),
        )  # fmt: skip
        finish = "2027-05-31T17:00:00" if n == tasks + 1 else "2027-01-29T17:00:00"
        rows.append(task(n, 2, f"1.{n - 1}", f"Schritt {n - 1}", link if n > 2 else "", Finish=finish))
    people = tag("Resource", tag("UID", 1), tag("ID", 1), tag("Name", "J. Kim"), tag("Type", 1))
    work = "".join(
        tag("Assignment", tag("UID", n), tag("TaskUID", n), tag("ResourceUID", 1), tag("Units", 1), tag("Work", "PT20H0M0S"))
        for n in range(2, tasks + 2)
    )  # fmt: skip
    names = {1: "Phase", 2: "Programm", 3: "Risikoliste"}
    defined = "".join(
        tag("ExtendedAttribute", tag("FieldID", TEXT[n]), tag("FieldName", f"Text{n}"), tag("Alias", alias))
        for n, alias in names.items()
    )
    head = {
        "SaveVersion": "14", "Name": "plan.xml", "Title": "Lagerhalle 1 Ö", "Manager": "A. Braun", "ScheduleFromStart": "1",
        "StartDate": "2026-03-02T08:00:00", "FinishDate": "2027-05-31T17:00:00", "CurrencyCode": "EUR", "CalendarUID": "1",
        "MinutesPerDay": "480", "MinutesPerWeek": "2400", "DaysPerMonth": "20", "StatusDate": "2026-12-31T17:00:00",
    } | values  # fmt: skip
    body = "".join(tag(key, value) for key, value in head.items())
    body += (
        "<Maps/><OutlineCodes/><WBSMasks/>"
        + tag("ExtendedAttributes", defined)
        + BASE.decode()
        + tag("Tasks", "".join(rows))
    )
    body += tag("Resources", people) + tag("Assignments", work)
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Project xmlns="{SPACE[1:-1]}">{body}</Project>'


def spread(xml: str) -> str:
    """The same with an element to a line, by tabs and carriage returns."""
    depth = 0
    out = []
    for piece in re.split(r"(?<=>)(?=<)", xml):
        closing = piece.startswith("</")
        depth -= closing
        out.append("\r\n" + "\t" * max(depth, 0) + piece if out else piece)
        depth += not closing and "</" not in piece and not piece.startswith("<?") and not piece.endswith("/>")
    return "".join(out)


def plain(path: Path, tasks: int = 6, change: Callable[[str], str] = str) -> Path:
    """A plan in a file."""
    path.write_text(change(plan(tasks)), "utf-8", newline="")
    return path


def converted(data: bytes, to: str) -> bytes:
    """A Microsoft Project XML as mpxj writes it in another format."""
    answer = KEEPER.ask({"do": "convert", "kind": "mspdi", "to": to}, data, "sample")
    return str(answer["text"]).encode("latin-1")


def tree(path: Path) -> Any:
    """The file as another reader sees it."""
    return etree.parse(path, etree.XMLParser(resolve_entities=False, huge_tree=True)).getroot()


def tasks_of(path: Path) -> list[Any]:
    """The elements of the tasks, in their order."""
    return tree(path).findall(f"{SPACE}Tasks/{SPACE}Task")


def said(node: Any, name: str) -> str | None:
    """The text of an element of a task."""
    return node.findtext(SPACE + name)


def value(node: Any, number: int) -> str | None:
    """A custom text of a task."""
    for each in node.findall(f"{SPACE}ExtendedAttribute"):
        if said(each, "FieldID") == str(TEXT[number]):
            return said(each, "Value")
    return None


def edited(path: Path, change: Callable[[Any], None]) -> None:
    """The office saves the file with its own program."""
    root = tree(path)
    change(root)
    path.write_bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))


def is_ours(node: Any) -> bool:
    """Whether a task is one of ours, by the first two custom fields that are taken."""
    return value(node, 30) is not None or "Interoffice" in (said(node, "Name") or "")


def foreign(path: Path) -> Any:
    """Everything that is not ours in the file: each task of the office's, and all around the tasks."""
    loose = etree.XMLParser(remove_blank_text=True, resolve_entities=False, huge_tree=True)
    root = etree.parse(path, loose).getroot()
    for node in root.findall(f"{SPACE}Tasks/{SPACE}Task"):
        if is_ours(node):
            node.getparent().remove(node)
    for section, name in (("ExtendedAttributes", "Alias"), ("Assignments", "ResourceUID")):
        for node in root.findall(f"{SPACE}{section}/*"):
            if (said(node, name) or "").startswith(("interoffice", "-65535")):
                node.getparent().remove(node)
    return etree.tostring(root, method="c14n")


def copied(root: Any, key: str) -> None:
    """Somebody copies the tasks with our key: all of it, but the numbers that the program gives anew."""
    holder = root.find(f"{SPACE}Tasks")
    numbers = itertools.count(1 + max(int(said(node, "UID")) for node in holder))
    for node in list(holder):
        if value(node, 30) != key:
            continue
        twin = etree.fromstring(etree.tostring(node))
        number = str(next(numbers))
        for name in ("UID", "ID"):
            twin.find(SPACE + name).text = number
        twin.remove(twin.find(f"{SPACE}GUID"))
        holder.append(twin)


def project_file_bench(folder: Path) -> Any:
    """A plan as Microsoft Project saves it as XML, in a folder of its own; needs Java."""
    from tests.contract.contract import Bench

    need_java()
    path = plain(folder / "plan.xml")

    def works() -> None:
        edited(path, lambda root: setattr(root.find(f"{SPACE}Title"), "text", "Lagerhalle 1, umbenannt"))

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        link = tag(
            "PredecessorLink", tag("PredecessorUID", 92), tag("Type", 3), tag("CrossProject", 0),
            tag("LinkLag", 9600), tag("LagFormat", 7),
        )  # fmt: skip
        held = {
            "ConstraintType": 4,
            "ConstraintDate": "2027-03-08T08:00:00",
            "Deadline": "2027-04-02T17:00:00",
        }
        rows = (
            task(91, 1, "2", "Plan A", Summary=1),
            task(
                92,
                2,
                "2.1",
                "Plan B",
                Manual=1,
                Duration="PT20H0M0S",
                Work="PT18H30M0S",
                ActualWork="PT18H30M0S",
                ActualStart="2027-03-01T08:00:00",
                ActualFinish="2027-03-03T12:00:00",
                PercentComplete=100,
                **held,
            ),
            task(
                93,
                2,
                "2.2",
                "Plan C",
                link,
                Duration="PT0H0M0S",
                Milestone=1,
                Cost=125050,
                PercentComplete=0,
                CalendarUID=1,
            ),
        )
        plain(path, change=lambda xml: xml.replace("</Tasks>", "".join(rows) + "</Tasks>"))
        after = Predecessor("Plan B", 960, LinkType.START_TO_START, LagUnit.WORKING_MINUTES)
        no_earlier = DayConstraint(ConstraintKind.START_NO_EARLIER_THAN, date(2027, 3, 8))
        minutes = LagUnit.WORKING_MINUTES
        return connector(path), {
            "Plan A": ItemPlan(order=9, summary=True),
            "Plan B": ItemPlan(
                "Plan A", 10, duration=Span(1200, minutes), manual=True, actual_start=date(2027, 3, 1),
                actual_finish=date(2027, 3, 3), constraint=no_earlier, deadline=date(2027, 4, 2),
                spent=18.5,
            ),
            "Plan C": ItemPlan("Plan A", 11, (after,), Span(0, minutes), milestone=True, cost=1250.5,
                               calendar="Standard"),
        }  # fmt: skip

    return Bench(
        planned=planned,
        connect=lambda access: connector(path, access),
        state=path.read_bytes,
        foreign=lambda: foreign(path),
        office_works=works,
        copy_row=lambda key: edited(path, lambda root: copied(root, key)),
        item=books.item,
        question=books.question,
        fresh=lambda: (connector(folder / "new.xml", use=settings(project={"id": "P-77"})), "P-77"),
    )
