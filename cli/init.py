"""`interoffice init DIR`: a commented skeleton, and what the headers of existing workbooks seem to mean.

It refuses a folder that is not empty, and only ever reads an office's workbook.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from config.characters import LINES, visible
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.skeleton import Found

NAME = "init"
HELP = "write a commented skeleton of an organization, with the headers of existing workbooks mapped to ours"


def configure(parser: argparse.ArgumentParser) -> None:
    """The new folder, and the workbooks to look at."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that is not there yet, or empty")
    parser.add_argument(
        "--workbook",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="an office's .xlsx, which is only read; may be given several times",
    )
    parser.add_argument("--office", metavar="ID", help="the office of the workbook, else named like the file")


def run(arguments: argparse.Namespace) -> int:
    """Write the skeleton and say what is left to fill in."""
    from config.files import FOLDER  # noqa: PLC0415 - keeps --help quick
    from config.skeleton import NotEmpty, write_skeleton  # noqa: PLC0415 - keeps --help quick

    folder: Path = arguments.folder
    found = _looked_at(arguments.workbook, arguments.office)
    try:
        written = write_skeleton(folder, found)
    except NotEmpty:
        raise Problem(f"{folder} is not empty -> name a folder that is not there yet") from None
    except OSError as reason:
        raise Problem(f"{folder} cannot be written: {reason.strerror} -> name another folder") from None
    for each in found:
        print(visible("\n".join(_table(each)), kept=LINES))
    print(f"wrote {len(written)} files to {folder}:")
    print("\n".join(f"  {path.relative_to(folder)}" for path in written))
    print(f"  {FOLDER}/: their JSON Schemas, by which an editor completes and checks what is written")
    print(visible(_left_to_do(folder, written), kept=LINES))
    return 0


def _looked_at(files: Sequence[Path], office: str | None) -> list[Found]:
    """What the workbooks' headers seem to say. Raises UsageProblem, and Refused for a damaged one."""
    from config.skeleton import office_id  # noqa: PLC0415 - keeps --help quick

    if office is not None and len(files) != 1:
        raise UsageProblem("--office names the office of one workbook -> give one --workbook with it")
    if office is not None and office_id(office) != office:
        raise UsageProblem(f"{office} is no id -> write {office_id(office)}")
    names = [office or office_id(file.stem) for file in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageProblem(f"two workbooks are for the office {twice[0]} -> rename one of the files")
    if not files:
        return []
    from config.skeleton import Found  # noqa: PLC0415 - slow
    from connectors.workbook.headers import propose  # noqa: PLC0415 - slow

    return [Found(name, file, propose(file)) for name, file in zip(names, files, strict=True)]


def _table(found: Found) -> list[str]:
    """What was recognized, as people read it."""
    lines = [f"{found.file}, office {found.office} (it was only read)"]
    for sheet in found.proposal.sheets:
        heads = ("ours", "its header", "unit", "sure", "why")
        rows = [heads, *((c.field, c.placed, c.unit, c.confidence, c.reason) for c in sheet.columns)]
        widths = [max(len(row[n]) for row in rows) for n in range(4)]
        lines.append(f"  sheet {sheet.sheet!r} as {sheet.part}: {sheet.reason}")
        for row in rows:
            cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
            lines.append(f"    {'  '.join(cells)}  {row[4]}".rstrip())
        if sheet.unmapped:
            lines.append(
                f"    not mapped: {', '.join(f'{each.header} ({each.looks})' for each in sheet.unmapped)}"
            )
        if sheet.missing:
            lines.append(f"    no header was recognized for: {', '.join(sheet.missing)}")
    if found.proposal.other_sheets:
        lines.append(f"  no part of ours: {', '.join(found.proposal.other_sheets)}")
    return [*lines, ""]


def _left_to_do(folder: Path, written: Sequence[Path]) -> str:
    """Where the placeholders stand, and what to do next."""
    places = [
        f"  {path}:{n}: {line.strip()}"
        for path in written
        if path.suffix == ".yaml"
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "# CHANGE" in line or "# CHECK" in line
    ]
    head = [f"{len(places)} places to fill in:", *places] if places else []
    return "\n".join([*head, f"next: fill in names and calendars, then `interoffice check {folder}`"])
