"""What `init` prints: what was found with samples, what is left to fill in, and the next command.

Refuses to print the values of columns that look restricted or secret.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from config.credentials import looks_secret
from config.files import FOLDER
from connectors.survey.server import Server
from connectors.workbook.headers import REQUIRED
from connectors.workbook.proposal import MappingProposal, OtherSheet, SheetProposal, Unmapped
from domain.words import counted

if TYPE_CHECKING:
    from cli.init.looked import Looked

LONGEST = 24
MANY = 10
ONE_PROJECT = "trac"
"""The kind of server that is one project."""
RESTRICTED = re.compile(
    r"passw|kennwort|mot de passe|contrase|senha|wachtwoord|has[lł]o|lösenord|parola|secret|geheim|token"
    r"|api.?key|gehalt|salary|salaire|sal[aá]rio|stipendio|salaris|wynagrodz|pensja|lön\b|maaş|iban"
    r"|konto(nr|nummer)|account n|birth|geburt|naissance|nacimiento|nascita|geboorte|urodz|födelse"
    r"|medical|health|krank|sant[eé]\b|salud|sa[uú]de|ziek|zdrow|sjuk|sağlık|do[gğ]um"  # noqa: RUF001
    r"|personalnummer|ssn\b|social sec|pesel"
    r"|palkka|salasana|henkilötunnus|\bhetu\b|lønn?\b|mzda|heslo|fizetés|jelszó",
    re.IGNORECASE,
)
"""Headers of columns whose values are shown to nobody."""
PARTS = {"projects": "one row per project", "items": "one row per task"}
"""What a sheet may be that was not recognized."""
MARKS = ("# CHANGE", "# CHECK")


def table(looked: Looked, office: str) -> list[str]:
    """What was found, as people read it."""
    how = "it was only read" if looked.is_file else "it was only asked"
    return [f"{looked.named}, office {office} ({how})", *looked.lines(), ""]


def samples(header: str, values: Sequence[str]) -> str:
    """Three values of a column, shortened; not those of a restricted column."""
    if RESTRICTED.search(header) or any(looks_secret(each) for each in values):
        return "(not shown)"
    cut = (each if len(each) <= LONGEST else f"{each[:LONGEST]}..." for each in values)
    return " | ".join(cut) or "no values"


def of_workbook(found: MappingProposal) -> Iterator[str]:
    """Every sheet: its columns with samples, what its words mean, what was not mapped."""
    for sheet in found.sheets:
        yield f"  sheet {sheet.sheet!r} as {sheet.part}: {sheet.reason}"
        yield from _columns(sheet)
        yield from _words(sheet)
        yield from (_not_mapped(each) for each in sheet.unmapped)
        if sheet.missing:
            yield f"    no header was recognized for: {', '.join(sheet.missing)}"
        for row in sheet.again:
            yield f"    row {row} is a second row of headers, and is left out"
    for other in found.other_sheets:
        yield from _other(other, [part for part in PARTS if part not in {each.part for each in found.sheets}])
    if not found.sheets:
        yield "  no sheet was recognized: name sheet and headers in tools.yaml"


def _other(other: OtherSheet, free: Sequence[str]) -> Iterator[str]:
    """A sheet that was not recognized: every column with samples, and what to write to have it read.

    `free` are the parts for which no other sheet was found.
    """
    if other.header_row is None:
        yield f"  sheet {other.sheet!r} is no part of ours: no row of it has headers"
        return
    yield f"  sheet {other.sheet!r} was not recognized; its row {other.header_row} looks like headers:"
    yield from (_not_mapped(each) for each in other.columns)
    yield "    to have it read, write into the office's `settings` in tools.yaml, each with a header of it:"
    name = json.dumps(other.sheet, ensure_ascii=False)
    for part in free:
        fields = ", ".join(f"{each}: HEADER" for each in REQUIRED[part])
        yield f"      {part}: {{sheet: {name}, columns: {{{fields}}}}}   # {PARTS[part]}"
    if not free:
        yield f"      its name as the `sheet` of {' or '.join(PARTS)}, which are taken from other sheets now"
    yield "    docs/organization.md names the other fields that a column may hold"


def _not_mapped(each: Unmapped) -> str:
    guess = f", perhaps {each.guess}" if each.guess else ""
    return f"    not mapped: {each.header} ({each.looks}{guess}): {samples(each.header, each.samples)}"


def _columns(sheet: SheetProposal) -> Iterator[str]:
    rows = [("ours", "its header", "unit", "sure", "samples", "why")]
    rows += [
        (c.field, c.placed, c.unit, c.confidence, samples(c.header, c.samples), c.reason)
        for c in sheet.columns
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
        yield f"    {'  '.join(cells)}  {row[5]}".rstrip()


def _words(sheet: SheetProposal) -> Iterator[str]:
    for each in sheet.words:
        said = [f"{ours} = {', '.join(words)}" for ours, words in each.by_meaning.items()]
        if said:
            yield f"    words of {each.header!r}: {'; '.join(said)}"
        if each.unknown:
            yield f"    words of {each.header!r} that are not known: {', '.join(each.unknown)}"


def of_server(found: Server, within: Sequence[str]) -> Iterator[str]:
    """What the server has, with what is proposed of it."""
    chosen = within or [each.id for each in found.projects]
    yield f"  {found.kind}{f' {found.version}' if found.version else ''}: {found.why}"
    if found.projects or found.kind != ONE_PROJECT:
        yield from _projects(found, chosen)
    for ours in ("open", "done", "canceled"):
        words = [each.name for each in found.statuses if each.meaning == ours]
        if words:
            yield f"    statuses that mean {ours}: {', '.join(words)}"
    unknown = [each.name for each in found.statuses if not each.meaning]
    if unknown:
        yield f"    statuses that are not known: {', '.join(unknown)}"
    for field in found.fields:
        meant = f"as {field.meaning}" if field.meaning else "not mapped"
        yield f"    field {field.name!r} {meant}: {samples(field.name, field.samples)}"
    for each in found.unread:
        yield f"    not read: {each}"


def _projects(found: Server, chosen: Sequence[str]) -> Iterator[str]:
    shown = ", ".join(f"{each.id} ({each.title})" for each in found.projects[:MANY])
    more = f" and {len(found.projects) - MANY} more" if len(found.projects) > MANY else ""
    yield f"    {counted(len(found.projects), 'project')}: {shown or 'none that we may see'}{more}"
    yield f"    taken as the office's: {', '.join(chosen[:MANY]) or 'none'}"


def ending(folder: Path, written: Sequence[Path], *, added: bool, served: bool) -> list[str]:
    """What was written, where the placeholders stand, and what to run next."""
    what = "changed" if added else "wrote"
    lines = [f"{what} {counted(len(written), 'file')} in {folder}:"]
    lines += [f"  {path.relative_to(folder)}" for path in written]
    if not added:
        lines.append(
            f"  {FOLDER}/: their JSON Schemas, by which an editor completes and checks what is written"
        )
    places = list(_places(folder))
    lines.append(f"{counted(len(places), 'place')} to fill in{':' if places else ''}")
    how = "--files --connect" if served else "--files"
    first = "fill them in, then " if places else ""
    return [*lines, *places, f"next: {first}`interoffice check {shlex.quote(str(folder))} {how}`"]


def _places(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.yaml")):
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if any(mark in line for mark in MARKS):
                yield f"  {path}:{n}: {line.strip()}"
