"""A commented skeleton of an organization, with settings for the workbooks that its offices already have.

It refuses a folder that is not empty, and never touches an office's own workbook.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.characters import plain
from config.files import FOLDER
from config.schemas import write_schemas
from connectors.workbook.proposal import MappingProposal, SheetProposal

TEMPLATE = Path(__file__).with_name("skeleton")
FIRST_OFFICE = "portfolio-office"
UNSURE = ("medium", "low")
OURS = "key"
"""The field that holds our own key: an office's sheet without it has nothing of ours."""


HINTS = (
    "  # Headers of gates, of people's words and of the office's own fields are mapped by hand:",
    "  # gates: {G1: Gate 1}",
    "  # attested: {business_case: {person: Approved by, on: On, document: Link, valid_until: Valid until}}",
    "  # fields: {risk_register: Risk register}",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A workbook of an office, and the mapping that its headers suggest."""

    office: str
    file: Path
    proposal: MappingProposal


class NotEmpty(Exception):
    """The folder is not empty."""


def write_skeleton(folder: Path, found: Sequence[Found] = ()) -> tuple[Path, ...]:
    """Write the skeleton with a part for each workbook found, which is copied; returns the folder's files.

    The schemas that its files name are written too, and are not among what is returned. Raises NotEmpty when
    the folder holds anything, and OSError when it cannot be written.
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
    write_schemas(folder)
    written = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != FOLDER)
    return tuple(sorted(written))


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
    """A text in quotes that YAML reads back, on one line, without the characters that no file may hold."""
    return json.dumps(plain(text), ensure_ascii=False)


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
    parts = {sheet.part: sheet for sheet in found.proposal.sheets}
    if "projects" not in parts:
        lines += [
            "      projects:",
            "        sheet:                # CHANGE: the sheet with one row per project; none was recognized",
            "        columns: {id: , title: }  # CHANGE: their headers",
        ]
    for sheet in parts.values():
        lines += [f"      # {line}" if OURS in sheet.missing else f"      {line}" for line in _part(sheet)]
    lines += [f"      # no part of ours: sheet {quoted(name)}" for name in found.proposal.other_sheets]
    return "\n".join(lines) + "\n"


def _part(sheet: SheetProposal) -> list[str]:
    """The settings of one sheet, each column with the confidence in it."""
    lines = [f"{sheet.part}:  # {_plain(sheet.reason)}", f"  sheet: {quoted(sheet.sheet)}", "  columns:"]
    lines += [
        f"    {name}:  # CHANGE: the header of this column; none was recognized" for name in sheet.missing
    ]
    for column in sheet.columns:
        said = column.column
        value = quoted(said) if isinstance(said, str) else _flow(said)
        doubt = "CHECK, " if column.confidence in UNSURE else ""
        lines.append(f"    {column.field}: {value}  # {doubt}{column.confidence}: {_plain(column.reason)}")
    left = [f"  # not mapped: {quoted(each.header)} ({_plain(each.looks)})" for each in sheet.unmapped]
    return [*lines, *left, *(HINTS if left and sheet.part == "projects" else ())]


def _flow(pairs: Mapping[str, str]) -> str:
    """Names and texts in one line of YAML."""
    return "{" + ", ".join(f"{name}: {quoted(text)}" for name, text in pairs.items()) + "}"


def _plain(text: str) -> str:
    """A reason as a comment may hold it: on one line, printable characters only."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())
