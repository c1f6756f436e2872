"""The five ship agencies that take the finance system: how each keeps its plan, and the files of the beginning.

The same bytes each time. What the product must know of the offices stands in offices.yaml, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import xlsxwriter

from connectors.plan_files import mspdi_writing
from domain.plans.task import Duration, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar

MADE = datetime(2027, 1, 3, 18, 0, tzinfo=UTC).replace(tzinfo=None)
BEGINS = datetime(2027, 1, 11, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
DAY = 480
OWN_DUE = date(2027, 1, 12)
"""When the tasks that stand there before are due."""
PROJECT = "id|title|stage|lead|start|finish".split("|")
ITEM = (
    "id|project|title|owner|start|due|duration|work|percent|parent|after|role|actual_start|actual_finish|standing|key"
).split("|")
QUESTION = "kind|project|text|asked|answer_by|answer|answered_by|standing|key".split("|")
KEY = "interoffice key"


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency: its project that takes the plan, its own tasks, and the words of its workbook.

    `sheets`, `project`, `item` and `question` are parted by bars, in the order of the names above. One that
    plans in Microsoft Project has them for where no Java is there to read its file.
    """

    office: str
    project_id: str
    title: str
    lead: str
    own: tuple[str, ...]
    """The tasks that stand there before the template comes."""
    sheets: str
    project: str
    item: str
    question: str
    in_project: bool = False
    """Whether it plans in Microsoft Project."""

    @property
    def book(self) -> str:
        """Its workbook, inside the organization's folder."""
        return f"workbooks/{self.office}.xlsx"

    @property
    def plan(self) -> str:
        """Its file of Microsoft Project, inside the organization's folder."""
        return f"plans/{self.office}.xml"

    def columns(self, names: list[str], words: str) -> dict[str, str]:
        """Our names with its headers; our key comes last."""
        headers = words.split("|")
        return dict(zip(names, [*headers, KEY] if "key" in names else headers, strict=True))


AGENCIES: Mapping[str, Agency] = {
    each.office: each
    for each in (
        Agency(
            "genoa", "GE-FIN", "Sistema finanziario", "Paolo Traverso",
            ("Scegliere la sala del progetto", "Informare i sindaci"),
            "Progetti|Attività|Interoffice", "Codice|Progetto|Fase|Responsabile|Inizio|Fine",
            "Codice|Progetto|Attività|Chi|Inizio|Scadenza|Durata|Ore|Avanzamento %|Fa parte di|Dopo|Ruolo|Iniziata il"
            "|Finita il|Stato",
            "Tipo|Progetto|Domanda|Chiesto il|Rispondere entro|Risposta|Risposto da|Stato", in_project=True,
        ),
        Agency(
            "piraeus", "PI-FIN", "Οικονομικό σύστημα", "Eleni Vlachou", ("Ενημέρωση της τράπεζας",),
            "Έργα|Εργασίες|Interoffice", "Αριθμός|Τίτλος|Φάση|Υπεύθυνος|Έναρξη|Λήξη",
            "Αρ.|Έργο|Εργασία|Ποιος|Έναρξη|Προθεσμία|Διάρκεια|Ώρες|Ποσοστό|Ανήκει σε|Μετά από|Ρόλος"
            "|Ξεκίνησε|Τελείωσε|Κατάσταση",
            "Είδος|Έργο|Ερώτηση|Ρωτήθηκε|Απάντηση έως|Απάντηση|Απάντησε|Κατάσταση",
        ),
        Agency(
            "vigo", "VI-FIN", "Sistema financiero", "Carmen Otero", ("Avisar a la gestoría",),
            "Proyectos|Tareas|Interoffice", "Código|Proyecto|Fase|Responsable|Inicio|Fin",
            "Código|Proyecto|Tarea|Quién|Inicio|Fecha límite|Duración|Horas|Avance %|Dentro de|Después de|Función"
            "|Empezada|Terminada|Estado",
            "Tipo|Proyecto|Pregunta|Preguntado|Responder antes de|Respuesta|Respondido por|Estado",
        ),
        Agency(
            "portsaid", "PS-FIN", "النظام المالي", "Mona Fawzy", ("إخطار مصلحة الضرائب",),
            "المشروعات|المهام|Interoffice", "الرقم|المشروع|المرحلة|المسؤول|البداية|النهاية",
            "الرقم|المشروع|المهمة|المنفذ|البداية|الموعد|المدة|ساعات|نسبة الإنجاز|ضمن|بعد|الدور"
            "|بدأت|انتهت|الحالة",
            "النوع|المشروع|السؤال|تاريخ السؤال|الرد حتى|الرد|من رد|الحالة",
        ),
        Agency(
            "kochi", "KO-FIN", "Finance system", "Thomas Kurian", ("Renew the bank mandate", "Move the archive"),
            "Projects|Tasks|Interoffice", "Code|Project|Stage|Lead|Start|Finish",
            "Code|Project|Task|Who|Start|Due|Duration|Hours|Done %|Part of|After|Role|Started"
            "|Finished|Standing",
            "Kind|Project|Question|Asked|Answer by|Answer|Answered by|Standing",
        ),
    )
}  # fmt: skip
"""By office."""


def write(folder: Path) -> list[Path]:
    """The agencies' files of the beginning."""
    written = []
    for agency in AGENCIES.values():
        for name in (agency.book, agency.plan) if agency.in_project else (agency.book,):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            written.append(folder / name)
        _book(agency, folder / agency.book)
        if agency.in_project:
            (folder / agency.plan).write_bytes(mspdi_writing.written(_plan(agency)))
    return written


def _plan(agency: Agency) -> WholePlan:
    """The tasks that stand there before, as a plan."""
    tasks = tuple(
        PlanTask(str(number), title, duration=Duration(2 * DAY), assignee=agency.lead, start=BEGINS)
        for number, title in enumerate(agency.own, 1)
    )
    return WholePlan(agency.title, "Standard", (WorkCalendar("Standard"),), tasks, (), BEGINS)


def _book(agency: Agency, path: Path) -> None:
    """The agency's workbook: its list of projects, its tasks, and a sheet on which we may ask."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": agency.title, "author": agency.lead, "created": MADE})
    head, day = (
        book.add_format({"bold": True, "bg_color": "#D9E1F2"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    projects, items, questions = agency.sheets.split("|")
    sheets = {
        projects: agency.columns(PROJECT, agency.project),
        items: agency.columns(ITEM, agency.item),
        questions: agency.columns(QUESTION, agency.question),
    }
    starts = datetime.combine(BEGINS.date(), time())
    rows = {
        projects: [{"id": agency.project_id, "title": agency.title, "stage": "planning", "lead": agency.lead, "start": starts}],
        items: [
            {"id": f"{agency.project_id}.{n}", "project": agency.project_id, "title": title, "owner": agency.lead,
             "start": starts, "due": datetime.combine(OWN_DUE, time()), "percent": 0}
            for n, title in enumerate(agency.own, 1)
        ],
    }  # fmt: skip
    for name, columns in sheets.items():
        sheet = book.add_worksheet(name)
        if agency.office == "portsaid":
            sheet.right_to_left()
        for place, (field, header) in enumerate(columns.items()):
            sheet.set_column(
                place, place, 46 if field in ("title", "text") else 13, None, {"hidden": field == "key"}
            )
            sheet.write_string(0, place, header, head)
        sheet.freeze_panes(1, 0)
        for line, values in enumerate(rows.get(name, ()), 1):
            for place, field in enumerate(columns):
                if field in values:
                    value = values[field]
                    sheet.write(line, place, value, day if isinstance(value, datetime) else None)
    book.close()
