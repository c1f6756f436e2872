"""The columns of each office's sheets: our names with its headers, in the order of its workbook.

One source for the workbooks and for the mapping in tools.yaml, so that they agree.
"""

from __future__ import annotations

from examples.harbor_group.desks import Desk
from examples.harbor_group.languages import (
    FIELDS,
    GATES,
    ITEM,
    KEY_HEADER,
    PARTS,
    PROJECT,
    QUESTION,
    REQUEST,
    SUBJECTS,
)

QUESTIONS_SHEET = "Interoffice"
REQUESTS_SHEET = "Interoffice requests"
MONEY = ("budget", "actual_cost", "forecast_cost")
DATES = ("start", "finish", "baseline_finish", "last_report", "due")


def sheet_names(desk: Desk) -> list[str]:
    """Projects, items, overview."""
    return desk.words.sheets.split("|")


def project_columns(desk: Desk) -> dict[str, str]:
    """Every column of the project list."""
    words = desk.words
    found = words.headers(PROJECT, words.project)
    thousand = words.units.split("|")[0]
    unit = f" ({thousand} {desk.currency})" if desk.thousands else f" ({desk.currency})"
    found = {name: f"{header}{unit}" if name in MONEY else header for name, header in found.items()}
    found |= {f"gate.{gate}": words.gate.format(gate[1:]) for gate in GATES}
    fields = words.headers(FIELDS, words.fields)
    found |= {f"field.{name}": header for name, header in fields.items()}
    parts = words.headers(PARTS, words.parts)
    for subject, header in words.headers(SUBJECTS, words.subjects).items():
        found |= {f"attested.{subject}.{part}": f"{header}: {text}" for part, text in parts.items()}
    return found


def item_columns(desk: Desk) -> dict[str, str]:
    """Every column of the item list that is read or ours; the key comes last and is hidden."""
    words = desk.words
    found = words.headers([name for name in ITEM if name != "key"], words.item)
    _, hours, days = words.units.split("|")
    found["work"] += f" ({days if desk.work_days else hours})"
    return {**found, "key": KEY_HEADER}


def question_columns(desk: Desk) -> dict[str, str]:
    """Every column of the questions; the key comes last and is hidden."""
    words = desk.words
    found = words.headers([name for name in QUESTION if name != "key"], words.question)
    return {**found, "key": KEY_HEADER}


def request_columns(desk: Desk) -> dict[str, str]:
    """Every column of the sheet on which the office asks and objects; the last one is ours."""
    return desk.words.headers(REQUEST, desk.words.request)
