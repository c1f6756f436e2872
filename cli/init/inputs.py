"""What `init` is to look at: files and servers, each of a kind that is known, with the office that was given.

Refuses what cannot be an office's tool, every wrong input in one run, each with what to do.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.init.looked import Looked, LookedPlan, LookedTracker, LookedWorkbook
from config.credentials import credential_name
from config.problems import WrongValue
from config.skeleton import office_id
from config.skeleton_columns import SHEETS
from config.wiring import SystemClock, secret_of
from connectors.errors import ToolError, TryLater
from connectors.files import saving
from connectors.project_file import schedule
from connectors.project_file.encoding import codec, letters
from connectors.project_file.java import engine
from connectors.project_file.settings import ENDINGS
from connectors.survey.server import Address, Server, surveyed
from connectors.workbook.headers import propose
from domain.organization.office import Tool
from runtime.problem import Problem, UsageProblem

WORKBOOKS = (".xlsx",)
REMEDIES = {
    ".xls": "it is an old .xls; save it as .xlsx",
    ".xlsm": "it holds macros; save it as .xlsx without macros",
    ".xlsb": "it is a binary workbook; save it as .xlsx",
    ".xltx": "it is a template; save it as .xlsx",
    ".ods": "it is an OpenDocument table; save it as .xlsx",
    ".csv": "it is a text without sheets; open it in a spreadsheet program and save it as .xlsx",
    ".tsv": "it is a text without sheets; open it in a spreadsheet program and save it as .xlsx",
    ".txt": "it is a text; save the plan as .xlsx, or as XML from Microsoft Project",
    ".pdf": "it is a printed page; ask for the workbook or the project file itself",
}


@dataclass(frozen=True, slots=True)
class Input:
    """A file, or the address of a server; `office` where an id was given with it."""

    file: Path | None
    url: str = ""
    office: str = ""

    @property
    def named(self) -> str:
        """The input as people named it."""
        return self.url or str(self.file)


def inputs_of(arguments: argparse.Namespace) -> list[Input]:
    """The inputs in their order: files, then servers. Raises UsageProblem for what is none."""
    texts = [*arguments.files, *(arguments.add or ()), *(arguments.copy or ()), *arguments.workbook]
    if arguments.copy is not None and not texts:
        raise UsageProblem("--copy copies files -> name the files")
    if arguments.add is not None and not (texts or arguments.tracker):
        raise UsageProblem(
            "there is nothing to add -> name a FILE, or the address of a server with --tracker"
        )
    if arguments.add is not None and not arguments.folder.is_dir():
        raise UsageProblem(f"{arguments.folder} is no folder -> leave out --add to make it")
    return [*map(_file, texts), *(Input(None, url) for url in arguments.tracker)]


def _file(text: str) -> Input:
    name, mark, office = text.rpartition("=")
    if mark and name and "/" not in office and not Path(text).exists():
        return Input(Path(name), office=office)
    return Input(Path(text))


def looked_at(inputs: Sequence[Input], arguments: argparse.Namespace) -> list[Looked]:
    """What stands in each; nothing is written. Raises Problem with a line for each that is no use."""
    plans = [each for each in inputs if each.file is not None and each.file.suffix.lower() in ENDINGS]
    if (arguments.project or arguments.encoding) and len(plans) != 1:
        raise UsageProblem("--project and --encoding are about one project file -> add the files one by one")
    found: list[Looked] = []
    wrong: list[str] = []
    for each in inputs:
        try:
            found.append(_server(each.url, arguments) if each.file is None else _look(each.file, arguments))
        except ToolError as error:
            wrong.append(_with_remedy(each, error))
        except UsageProblem:
            raise
        except Problem as error:
            wrong.append(str(error))
    if wrong:
        raise Problem("\n".join(wrong))
    return found


def _look(file: Path, arguments: argparse.Namespace) -> Looked:
    ending = file.suffix.lower()
    try:
        folder, there = file.is_dir(), file.exists()
    except OSError as reason:
        why = reason.strerror or "it cannot be reached"
        raise Problem(f"{file}: {why} -> grant the right to read it, or name another file") from None
    if folder:
        raise Problem(f"{file} is a folder -> name the file in it in which the office plans")
    if not there:
        raise Problem(f"{file}: there is no such file -> check its name")
    if ending in WORKBOOKS:
        found = propose(file)
        names = {*(each.sheet for each in found.sheets), *(each.sheet for each in found.other_sheets)}
        if {each.name for each in SHEETS} <= names:
            raise Problem(f"{file} is an organization's own workbook -> give it with --from")
        return LookedWorkbook(file, found)
    if ending in ENDINGS:
        return _plan(file, arguments.project or "", arguments.encoding or "")
    known = ", ".join((*WORKBOOKS, *ENDINGS))
    raise Problem(f"{file}: {REMEDIES.get(ending, f'it is of no kind that is read; known are {known}')}")


def _plan(file: Path, code: str, encoding: str) -> Looked:
    try:
        codec(encoding or "utf-8")
    except ValueError as wrong:
        raise UsageProblem(f"--encoding: {wrong}") from None
    data = saving.load(file)
    if not data.startswith(schedule.OLE):
        try:
            letters(data, file.name, encoding)
        except ToolError as error:
            raise Problem(f"{placed(file, error)}; for `init`: --encoding NAME") from None
    if not encoding:
        schedule.kind_of(data, file.name)
    _java(file)
    return LookedPlan(file, schedule.read(data, file.name, (), code, encoding), code, encoding)


def _java(file: Path) -> None:
    """Raises Problem where Java or what reads project files is not installed."""
    try:
        engine()
    except ToolError as error:
        raise Problem(f"{file} was not read: {error.text}") from None


def _server(url: str, arguments: argparse.Namespace) -> Looked:
    name = arguments.credentials or ""
    try:
        credential_name(name)
    except WrongValue as wrong:
        raise UsageProblem(f"--credentials: {wrong}") from None
    tool = Tool(office_id(url), arguments.kind or "", "", "", name, {})
    address = Address(
        url,
        (lambda: secret_of(tool)) if name else None,
        SystemClock().now,
        arguments.user or "",
        tuple(arguments.allow),
    )
    found: Server = surveyed(address, arguments.kind or "")
    return LookedTracker(
        url, name, arguments.user or "", tuple(arguments.allow), found, tuple(arguments.within)
    )


def _with_remedy(each: Input, error: ToolError) -> str:
    """An error with its place: the address, or the whole path instead of the file's name."""
    late = (
        " -> check the address, and whether it can be reached from here"
        if isinstance(error, TryLater)
        else ""
    )
    if each.file is None:
        place = "--tracker" if "@" in each.url else each.url
        return f"{place}: {error.text}{late}"
    return placed(each.file, error)


def placed(file: Path, error: ToolError) -> str:
    """An error of a file with the whole path: its text begins with the file's name."""
    return error.text if file.parent == Path() else f"{file.parent}/{error.text}"
