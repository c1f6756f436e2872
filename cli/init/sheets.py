"""`init --template` and `init --from`: an organization.xlsx to fill in, and the folder made of it.

Refuses to write a folder while a cell is wrong, and to replace a workbook that is there.
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from cli.init.inputs import placed
from cli.init.shown import ending
from config.characters import LINES, visible
from config.skeleton import NotEmpty
from config.skeleton_book import write_book
from config.skeleton_from import WrongCells, write_from
from config.skeleton_sheets import read_sheets
from config.wiring import examine
from connectors.errors import ToolError
from domain.words import counted
from runtime.problem import Problem, UsageProblem

WITH_FILES = ("files", "add", "copy", "workbook", "tracker")


def template(arguments: argparse.Namespace) -> int:
    """Write the workbook, and say what to do with it."""
    path: Path = arguments.template
    if arguments.folder is not None or arguments.source is not None or _others(arguments):
        raise UsageProblem("--template writes a workbook and nothing else -> give its file alone")
    if path.suffix.lower() != ".xlsx":
        raise UsageProblem(f"{path} is no name of a workbook -> write {path.with_suffix('.xlsx')}")
    try:
        write_book(path)
    except FileExistsError:
        raise Problem(f"{path} is there already -> name another file, or move it away") from None
    except OSError as reason:
        raise Problem(f"{path} cannot be written: {reason.strerror} -> name another place") from None
    print(visible(f"wrote {path}: a sheet each for offices, people, programs and tools"))
    print(visible(f"next: fill it in, then `interoffice init DIR --from {shlex.quote(str(path))}`"))
    return 0


def from_sheets(arguments: argparse.Namespace) -> int:
    """Make the folder of a workbook that was filled in."""
    folder: Path = arguments.folder
    source: Path = arguments.source
    if _others(arguments):
        raise UsageProblem("--from takes everything from the workbook -> leave files and servers out")
    if source.is_dir():
        raise Problem(f"{source} is a folder -> name the workbook in it")
    if not source.exists():
        raise Problem(f"{source}: there is no such file -> make it with `interoffice init --template FILE`")
    try:
        sheets = read_sheets(source)
        written = write_from(folder, source, sheets, examine)
    except ToolError as error:
        raise Problem(placed(source, error)) from None
    except WrongCells as wrong:
        many = f"{counted(len(wrong.lines), 'cell')} of {source.name} to correct, nothing was written:"
        raise Problem("\n".join([many, *wrong.lines])) from None
    except NotEmpty:
        raise Problem(f"{folder} is not empty -> name a folder that is not there yet") from None
    except OSError as reason:
        raise Problem(f"{folder} cannot be written: {reason.strerror} -> name another folder") from None
    served = any(row.text("url") for row in sheets.rows["Tools"])
    print(visible("\n".join(ending(folder, written, added=False, served=served)), kept=LINES))
    return 0


def _others(arguments: argparse.Namespace) -> bool:
    return any(getattr(arguments, name) for name in WITH_FILES) or arguments.add is not None
