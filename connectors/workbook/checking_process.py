"""The process that looks through one uploaded workbook: it may take so much time and memory, and then ends.

Reads what is asked for from its input as one line of JSON, then the file's bytes; writes one JSON object. It
is started anew for each file, so that none can harm what comes after it. Refuses to write any file.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Mapping
from functools import partial
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from connectors.errors import ToolError
from connectors.records.mapping import QuestionsSheet, ToolSettings, WorkbookSettings
from connectors.workbook.checked import answers, findings
from connectors.workbook.xlsx import Book
from domain.pages.upload import Findings
from domain.plans.project import Answer

SECONDS = 20
"""CPU seconds for one workbook."""
MEMORY = 3 << 29
"""Bytes of address space."""
TOO_MUCH = "reading it takes more time or memory than one workbook may"
INSTEAD = "delete the empty rows, columns and formats below and beside your tables, and upload it again"
FOUND = TypeAdapter(Findings)
SHEETS = TypeAdapter(tuple[QuestionsSheet, ...])
ANSWERS = TypeAdapter(tuple[Answer, ...])


def main() -> None:
    """Answer the one question that stands in the input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        said = _answer(asked, data)
    except ToolError as problem:
        said = {"refused": problem.text}
    except MemoryError:
        said = {"refused": f"{asked['name']}: {TOO_MUCH}; {INSTEAD}"}
    sys.stdout.write(json.dumps(said))


def _answer(asked: Mapping[str, str], data: bytes) -> Mapping[str, object]:
    tool = ToolSettings.model_validate_json(asked["tool"])
    opened = partial(
        Book,
        zone=ZoneInfo(tool.zone) if tool.zone else None,
        day_first=tool.dates == "day_first" if tool.dates else None,
    )
    if "questions" in asked:
        sheets = SHEETS.validate_json(asked["questions"])
        return {"answers": ANSWERS.dump_python(answers(data, asked["name"], sheets, opened), mode="json")}
    settings = WorkbookSettings.model_validate_json(asked["settings"])
    found = findings(data, asked["name"], asked["office"], settings, opened)
    return {"findings": FOUND.dump_python(found, mode="json")}


if __name__ == "__main__":
    main()
