"""A commented skeleton of an organization, and what stands in it for a workbook that an office already has.

It refuses a folder in which something lies already, and never touches the office's own workbook.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TEMPLATE = Path(__file__).with_name("skeleton")
FIRST_OFFICE = "portfolio-office"
PARTS = ("projects", "items", "questions")
NEEDED = {
    "projects": ("id", "title"),
    "items": ("id", "project", "title"),
    "questions": ("key", "text", "answer"),
}


@dataclass(frozen=True, slots=True)
class Match:
    """One of our fields, the office's header for it, how sure that is (0 to 1), and why."""

    field: str
    header: str
    confidence: float
    why: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is proposed for one sheet: which of our parts it is, its matches, and headers nobody knows."""

    part: str
    sheet: str
    matches: tuple[Match, ...]
    unmapped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A workbook of an office, and what its headers seem to say."""

    office: str
    file: Path
    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...] = field(default=())


class NotEmpty(Exception):
    """Something lies in the folder already."""


def write_skeleton(folder: Path, found: Sequence[Found] = ()) -> tuple[Path, ...]:
    """Write the skeleton with a part for each workbook found, which is copied; the files that were written.

    Raises NotEmpty when anything lies in the folder, and OSError when it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(f"{folder} is not empty")
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    (folder / "workbooks").mkdir()
    for each in found:
        shutil.copy2(each.file, folder / "workbooks" / f"{each.office}.xlsx")
    if found:
        new = (each.office for each in found if each.office != FIRST_OFFICE)
        _append(folder / "offices.yaml", map(_office, new))
        (folder / "tools.yaml").write_text(_tools(found), "utf-8")
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def office_id(name: str) -> str:
    """An id made of a file's name: lower case letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "office"


def _append(path: Path, parts: Iterable[str]) -> None:
    text = path.read_text("utf-8")
    path.write_text(text + "".join(parts), "utf-8")


def _office(name: str) -> str:
    return f"""\
  - id: {name}
    name: {quoted(name)}        # CHANGE: its name
    kind: project
    mandate: supportive
    parent: {FIRST_OFFICE}
    country: DE                # CHANGE: its country, which gives weekend and holidays
    time_zone: Europe/Berlin   # CHANGE
    currency: EUR              # CHANGE
    language: en               # CHANGE
    roles:
      head: [head-of-portfolio]  # CHANGE
"""


def quoted(text: str) -> str:
    """A text as YAML reads it back, whatever stands in it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _tools(found: Sequence[Found]) -> str:
    head = (TEMPLATE / "tools.yaml").read_text("utf-8").partition("tools:")[0]
    tools = "".join(
        f"  - id: {each.office}-workbook\n    kind: workbook\n"
        f"    settings: {{file: workbooks/{each.office}.xlsx}}  # a copy; put the office's own file here\n"
        for each in found
    )
    return f"{head}tools:\n{tools}partitions:\n{''.join(_partition(each) for each in found)}"


def _partition(found: Found) -> str:
    lines = [
        f"  - office: {found.office}",
        f"    tool: {found.office}-workbook",
        "    access: observe          # nothing is ever written; later ask, then write",
        "    settings:",
    ]
    parts = {sheet.part: sheet for sheet in found.sheets}
    for part in PARTS:
        if part in parts or part == "projects":
            lines += _part(part, parts.get(part))
    return "\n".join(lines) + "\n"


def _part(part: str, sheet: Sheet | None) -> list[str]:
    name = quoted(sheet.sheet) if sheet else "  # CHANGE: the name of the sheet with one row per project"
    lines = [f"      {part}:", f"        sheet: {name}", "        columns:"]
    matches = sheet.matches if sheet else ()
    plain = [match for match in matches if "." not in match.field]
    there = {match.field for match in plain}
    lacking = (needed for needed in NEEDED[part] if needed not in there)
    lines += [
        f"          {needed}:  # CHANGE: the header of this column; none was found" for needed in lacking
    ]
    lines += [_column("          ", match.field, match) for match in plain]
    gates = [match for match in matches if match.field.startswith("gate.")]
    if gates:
        lines.append("        gates:")
        lines += [_column("          ", quoted(match.field.partition(".")[2]), match) for match in gates]
    lines += [f"        # not mapped: {quoted(header)}" for header in (sheet.unmapped if sheet else ())]
    return lines


def _column(indent: str, name: str, match: Match) -> str:
    header = quoted(match.header)
    value = f"{{header: {header}, unit: {quoted(match.unit)}}}" if match.unit else header
    why = " ".join(match.why.split())
    return f"{indent}{name}: {value}  # {match.confidence:.0%} sure" + (f": {why}" if why else "")
