"""Writes a plan into a file that can be read back, and reads it back; refuses to decide what may be lost."""

from __future__ import annotations

from connectors.plan_files import mspdi_reading, mspdi_writing, plan_json, workbook_reading, workbook_writing
from connectors.plan_files.found import PlanRead, checked
from domain.plans.schedule.schedule import Schedule
from domain.plans.whole_plan import WholePlan

JSON, XML, XLSX = "json", "xml", "xlsx"


def written(plan: WholePlan, form: str, name: str, schedule: Schedule | None) -> bytes:
    """The plan as a file of that form. Raises `Refused` for a plan with which nobody could use the file."""
    checked(PlanRead(plan, form), name)
    if form == JSON:
        return plan_json.written(plan)
    return mspdi_writing.written(plan) if form == XML else workbook_writing.written(plan, schedule)


def read_back(data: bytes, form: str, name: str) -> WholePlan:
    """The plan that such a file holds."""
    readers = {JSON: plan_json.read, XML: mspdi_reading.read, XLSX: workbook_reading.read}
    return readers[form](data, name).plan
