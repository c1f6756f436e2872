"""Reads a plan from a file of any kind that is known, by its content; refuses all others with what to do."""

from __future__ import annotations

from dataclasses import replace

from connectors.errors import Refused
from connectors.files.package import MOST_PACKED
from connectors.plan_files import by_mpxj, mspdi_reading, plan_json, workbook_reading
from connectors.plan_files.found import PlanRead
from connectors.project_file.encoding import letters
from connectors.project_file.schedule import MPP, MSPDI, OLE, kind_of_text

ZIP = b"PK"
WORKBOOKS = (".xlsx", ".xlsm", ".xls")
CALENDAR = b"BEGIN:VCALENDAR"


def read_plan(data: bytes, name: str, *, code: str = "", encoding: str = "") -> PlanRead:
    """The plan of a file: canonical JSON, .xlsx, Microsoft Project's XML or .mpp, Primavera's .xer or XML.

    `name` is the file's name, for messages; `code` the id of the project that is meant where a file holds
    several; `encoding` how its letters are written where it does not say so itself. Raises `Refused` with the
    place and what to do, `TryLater` where Java did not answer.
    """
    if len(data) > MOST_PACKED:
        raise Refused(f"{name}: it has {len(data):,} bytes; at most {MOST_PACKED:,} are read; split the plan")
    if not data.strip():
        raise Refused(f"{name}: it is empty; restore it from a copy")
    suffix = name[name.rfind(".") :].lower()
    if data.startswith(ZIP) or (data.startswith(OLE) and suffix in WORKBOOKS):
        return workbook_reading.read(data, name)
    if data.startswith(OLE):
        return by_mpxj.read(data, MPP, name, code)
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")) or suffix == ".json":
        return plan_json.read(data, name)
    if start.startswith(CALENDAR):
        raise Refused(
            f"{name}: an iCalendar file holds milestones alone, and is only written; give the plan itself"
        )
    said = letters(data, name, encoding)
    kind = kind_of_text(said.data, name)
    found = (
        mspdi_reading.read(said.data, name) if kind == MSPDI else by_mpxj.read(said.data, kind, name, code)
    )
    return replace(found, letters=str(said))
