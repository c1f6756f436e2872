"""Has an uploaded workbook looked through by a process of its own, which ends when it takes too much.

Refuses to open the workbook itself: what came from outside is parsed in that process alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from connectors.errors import Refused
from connectors.records.mapping import QuestionsSheet, ToolSettings, WorkbookSettings
from connectors.workbook.checking_process import ANSWERS, FOUND, INSTEAD, SHEETS, TOO_MUCH
from domain.pages.upload import Findings
from domain.plans.project import Answer

LONGEST = 60.0
"""Seconds, by the clock, that looking through one workbook may take."""
COMMAND = (sys.executable, "-I", "-m", "connectors.workbook.checking_process")


def checked(data: bytes, name: str, office: str, tool: ToolSettings, settings: WorkbookSettings) -> Findings:
    """What the workbook was found to hold. Raises Refused saying why it is not taken."""
    asked = {"name": name, "office": office, "tool": tool.model_dump_json()}
    found = _asked({**asked, "settings": settings.model_dump_json()}, data)
    return FOUND.validate_python(found["findings"])


def answered(
    data: bytes, name: str, tool: ToolSettings, sheets: tuple[QuestionsSheet, ...]
) -> tuple[Answer, ...]:
    """The answers in a filled-in workbook of questions, in one of these forms. Raises Refused."""
    questions = SHEETS.dump_json(sheets).decode()
    asked = {"name": name, "tool": tool.model_dump_json(), "questions": questions}
    found = _asked(asked, data)
    return ANSWERS.validate_python(found["answers"])


def _asked(question: Mapping[str, str], data: bytes) -> Mapping[str, Any]:
    """What the process says."""
    too_much = Refused(f"{question['name']}: {TOO_MUCH}; {INSTEAD}")
    try:
        done = subprocess.run(  # noqa: S603 - our own module, with the interpreter that runs us
            COMMAND, input=json.dumps(question).encode() + b"\n" + data, capture_output=True, timeout=LONGEST,
            check=False, env={"PATH": os.defpath, "LANG": "C.UTF-8"}, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise too_much from None
    if done.returncode < 0:
        raise too_much
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2].partition(":")[0]
        raise Refused(
            f"{question['name']}: it could not be looked through ({last}); tell who gave you the link"
        )
    said: Mapping[str, Any] = json.loads(done.stdout)
    if "refused" in said:
        raise Refused(str(said["refused"]))
    return said
