"""Plays the sample's weeks: changes a copy of the offices' workbooks as their people did, and moves its clock.

Every change sets a cell to a value, so that a week played twice, or killed and played again, leaves the
same bytes. It refuses to touch the committed sample, cells that the product owns, and any but the last or
the next week.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from config.documents import read
from config.problems import Problems
from connectors.records.mapping import ToolSettings, WorkbookSettings
from connectors.workbook.connector import Workbook
from examples.harbor_group import file_work, plan_work
from examples.harbor_group.agencies import AGENCIES
from examples.harbor_group.desk_work import edits
from examples.harbor_group.editing import edit
from examples.harbor_group.files import tools_yaml
from examples.harbor_group.script import Action, OfficeWeek, PlanEdit, WeekScript, week_script

HERE = Path(__file__).parent
FIRST = "2027-01-04T07:00:00"
WEEKS = 12
COPIED = (
    "*.yaml",
    "standards/*/*.yaml",
    "tailorings/*.yaml",
    "rollouts/*.yaml",
    "workbooks/*.xlsx",
    "plans/*.xml",
    "answers/*.yaml",
    "pilots/*",
)
CLOCK = "clock.yaml"
AS_OF = re.compile(r"^as_of: *(\S+)$", re.MULTILINE)


def copy_sample(
    target: Path,
    changed: Callable[[str, bytes], bytes | None] | None = None,
    *,
    project_files: bool = True,
) -> bool:
    """Copy the organization to `target`, unless a copy is there; whether it was copied.

    `changed` gives a file's content in the copy, or None to leave it out. Without `project_files` the office
    that plans in Microsoft Project keeps a workbook, as it does where Java is missing. The clock is copied
    last, so that a copy with a clock is complete.
    """
    if (target / CLOCK).exists():
        return False
    files = sorted({path for pattern in COPIED for path in HERE.glob(pattern)})
    for path in sorted(files, key=lambda each: each.name == CLOCK):
        name = path.relative_to(HERE).as_posix()
        content = path.read_bytes()
        if name == "tools.yaml" and not project_files:
            content = tools_yaml(project_files=False).encode()
        found = changed(name, content) if changed else content
        if found is not None:
            _place(target / name, found)
    return True


def weeks_played(folder: Path) -> int:
    """How many weeks were played in the copy, by its clock; 0 is the beginning."""
    gone = _clock(folder) - datetime.fromisoformat(f"{FIRST}+00:00")
    return gone.days // 7


def play(
    folder: Path,
    week: int,
    elsewhere: Mapping[str, Callable[[OfficeWeek], None]] | None = None,
    plans_elsewhere: Mapping[str, Callable[[Sequence[PlanEdit]], None]] | None = None,
) -> tuple[Action, ...]:
    """Change the copy in `folder` as the offices did in that week; returns what operators start in it.

    `elsewhere` has the offices that keep no workbook, each with a function that makes their changes;
    `plans_elsewhere` those that keep the deployment's plan neither in a workbook nor in a file. Playing
    the week again changes nothing. Raises ValueError for a week that is neither the last nor the next.
    """
    if folder.resolve() == HERE:
        raise ValueError("the committed sample is not played on: copy it first")
    script = week_script(week)
    at = weeks_played(folder)
    if week not in (at, at + 1):
        raise ValueError(f"week {week} cannot be played when {at} weeks were")
    books = _workbooks(folder)
    for office, did in script.offices.items():
        if elsewhere and office in elsewhere:
            elsewhere[office](did)
            continue
        book = books[office]
        edit(book.path, book.settings, list(edits(book.read(), did)))
    for office, plan_edits in script.plans.items():
        if plans_elsewhere and office in plans_elsewhere:
            plans_elsewhere[office](plan_edits)
        elif office in books:
            plan_work.work(books[office], plan_edits)
        else:
            file_work.work(folder / AGENCIES[office].plan, plan_edits)
    for target, source in script.files.items():
        _place(folder / target, (HERE / source).read_bytes())
    _register(folder, script)
    _set_clock(folder, script)
    return script.operators


def _workbooks(folder: Path) -> Mapping[str, Workbook]:
    """Each office's workbook, read as tools.yaml says; offices with another tool have none."""
    problems = Problems()
    document = read(folder, "tools.yaml", problems)
    if document is None:
        raise ValueError("; ".join(str(each) for each in problems))
    register = _Register.model_validate(document.value)
    files = {
        tool.id: folder / (ToolSettings.model_validate(tool.settings).file or "")
        for tool in register.tools
        if tool.kind == Workbook.spec.kind
    }
    return {
        part.office: Workbook(files[part.tool], part.office, WorkbookSettings.model_validate(part.settings))
        for part in register.partitions
        if part.tool in files
    }


class _Tool(BaseModel):
    id: str
    kind: str
    settings: Mapping[str, Any]


class _Partition(BaseModel):
    office: str
    tool: str
    settings: Mapping[str, Any]


class _Register(BaseModel):
    """The parts of tools.yaml that the player needs."""

    tools: tuple[_Tool, ...]
    partitions: tuple[_Partition, ...]


def _register(folder: Path, script: WeekScript) -> None:
    """Write what the register of tools says from this week on: a version, in its own line."""
    path = folder / "tools.yaml"
    text = path.read_text(encoding="utf-8")
    for tool, said in script.tools.items():
        pattern = rf'(- id: {re.escape(tool)}\n    kind: \S+\n    version: )"[^"\n]*"'
        text = re.sub(pattern, rf'\g<1>"{said["version"]}"', text)
    _replace(path, text.encode())


def _clock(folder: Path) -> datetime:
    found = AS_OF.search((folder / CLOCK).read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{folder / CLOCK} has no as_of")
    return datetime.fromisoformat(found[1])


def _set_clock(folder: Path, script: WeekScript) -> None:
    """Set the clock, last of all: a week that the clock shows was played to its end."""
    text = (folder / CLOCK).read_text(encoding="utf-8")
    now = script.as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    _replace(folder / CLOCK, AS_OF.sub(f"as_of: {now}", text).encode())


def _place(path: Path, content: bytes) -> None:
    """Put the content there, in a folder that may be new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, content)


def _replace(path: Path, content: bytes) -> None:
    """Put the content there in one step; the same content is left alone."""
    if path.exists() and path.read_bytes() == content:
        return
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
