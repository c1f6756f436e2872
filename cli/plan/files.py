"""The files that a plan comes from and goes to; refuses what is no plain file, and to overwrite unasked."""

from __future__ import annotations

import argparse
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from cli.plan import office
from domain.ids import ProjectKey
from runtime.place import add_options
from runtime.problem import Problem

if TYPE_CHECKING:
    from connectors.plan_files.found import PlanRead


def add_source(parser: argparse.ArgumentParser) -> None:
    """Where a plan comes from, with all that belongs to it."""
    parser.add_argument(
        "source", metavar="FILE|OFFICE/PROJECT", help="a plan's file, or a project as it was last read"
    )
    parser.add_argument(
        "--project", default="", metavar="ID", help="which project, where a file holds several"
    )
    parser.add_argument(
        "--encoding", default="", metavar="NAME", help="how the letters of a .xer are written"
    )
    add_options(parser)


def source(arguments: argparse.Namespace) -> PlanRead:
    """The plan of a file where one is there, else of OFFICE/PROJECT."""
    path, key = Path(arguments.source), ProjectKey.find(arguments.source)
    if key is not None and not path.exists() and not path.suffix:
        return office.read(arguments, key)
    return read(path, code=arguments.project, encoding=arguments.encoding)


def read(path: Path, *, code: str = "", encoding: str = "") -> PlanRead:
    """The plan of a file. Raises Problem where there is none, ToolError where it cannot be used."""
    from connectors.files.package import MOST_PACKED  # noqa: PLC0415 - keeps --help quick
    from connectors.plan_files.reading import read_plan  # noqa: PLC0415 - keeps --help quick
    from connectors.project_file.encoding import codec  # noqa: PLC0415 - keeps --help quick

    if encoding:
        try:
            codec(encoding)
        except ValueError as wrong:
            raise Problem(f"--encoding: {wrong} -> write one such as cp1254") from None
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Problem(f"{path} is no file -> give a plan's file")
        if found.st_size > MOST_PACKED:
            raise Problem(
                f"{path} has {found.st_size:,} bytes, and at most {MOST_PACKED:,} are read -> split the plan"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise Problem(f"{path} is not there -> give a plan's file") from None
    except OSError as reason:
        raise Problem(f"{path} cannot be read: {reason.strerror} -> make it readable") from None
    return read_plan(data, path.name, code=code, encoding=encoding)


def write(path: Path, data: bytes, *, replace: bool) -> None:
    """Write a whole file or none. Raises Problem for one that is there, unless it is to be replaced."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("xb") as file:
            file.write(data)
        if not replace:
            path.open("xb").close()  # fails where it is there
        new.replace(path)
    except FileExistsError:
        raise Problem(f"{path} is there already -> name another file, or add --replace") from None
    except OSError as reason:
        raise Problem(
            f"{path} cannot be written: {reason.strerror} -> name a file in a folder of yours"
        ) from None
    finally:
        new.unlink(missing_ok=True)
