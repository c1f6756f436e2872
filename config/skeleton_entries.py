"""The entries that `init` writes for an office into offices.yaml, people.yaml and tools.yaml, as YAML.

What nobody said is a placeholder, marked `# CHANGE`; what is proposed and not sure is marked `# CHECK`.
Refuses to read anything, and to write a secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.characters import plain
from config.offices import ReportingShape
from config.places import DAYS, weekday, weekend_of
from connectors.workbook.proposal import MappingProposal, OtherSheet, SheetProposal
from connectors.workbook.words import WordProposal

UNSURE = ("medium", "low")
OURS = "key"
"""The field that holds our own key: an office's sheet without it has nothing of ours."""
IN_A_LINE = 8
"""Headers of a sheet that was not recognized in one line of comment."""
HINTS = (
    "  # Headers of gates, of people's words and of the office's own fields are mapped by hand:",
    "  # gates: {G1: Gate 1}",
    "  # attested: {business_case: {person: Approved by, on: On, document: Link, valid_until: Valid until}}",
    "  # fields: {risk_register: Risk register}",
)
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfficeSaid:
    """What was said about a new office; what is empty becomes a placeholder. `head` is a person's id."""

    id: str
    name: str = ""
    country: str = ""
    time_zone: str = ""
    currency: str = ""
    language: str = ""
    head: str = ""
    likely_zone: str = ""
    """The time zone that is proposed where none was said."""
    likely_currency: str = ""


@dataclass(frozen=True, slots=True)
class ToolSaid:
    """A tool and an office's part of it: both entries, without dash and indentation."""

    id: str
    office: str
    tool: Lines
    partition: Lines


def office_entry(said: OfficeSaid, parent: str, head: str) -> Lines:
    """The office's entry; `parent` is the office above, `head` who heads it where nobody was named."""

    def given(key: str, value: str, instead: str, why: str) -> str:
        text = f"{key}: {value or instead}"
        return text if value else f"{text:<25}  # CHANGE{why}"

    name = quoted(said.name or said.id)
    return (
        f"id: {said.id}",
        f"name: {name}" if said.name else f"name: {name}        # CHANGE: its name",
        "kind: project",
        "mandate: supportive",
        f"parent: {parent}",
        given("country", said.country, "DE", ": its country, which gives weekend and holidays"),
        given("time_zone", said.time_zone, said.likely_zone or "Europe/Berlin", ""),
        given("currency", said.currency, said.likely_currency or "EUR", ""),
        given("language", said.language, "en", ""),
        *_reporting(said.country),
        "roles:",
        f"  head: [{said.head or head}]" + ("" if said.head else "  # CHANGE"),
    )


def _reporting(land: str) -> Iterator[str]:
    """When the office reports, where the usual Friday is a day off in its country: the last other day."""
    off = weekend_of(land) if land else frozenset()
    usual = weekday(ReportingShape().weekday)
    if usual in off:
        last = next(day for n in range(1, 7) if (day := (usual - n) % 7) not in off)
        yield f'reporting: {{weekday: {DAYS[last]}, by: "17:00"}}  # CHECK: {DAYS[usual]} is a day off there'


def person_entry(identity: str, name: str) -> Lines:
    """A person's entry, without an address."""
    return (f"id: {identity}", f"name: {quoted(name)}")


def workbook_entries(office: str, tool: str, file: str, found: MappingProposal, *, copied: bool) -> ToolSaid:
    """The entries of an office that plans in a workbook."""
    what = "a copy; put the office's own file here" if copied else "the office's own file; it is only read"
    parts = {sheet.part: sheet for sheet in found.sheets}
    settings: list[str] = []
    if "projects" not in parts:
        settings += [
            "projects:",
            "  sheet:                # CHANGE: the sheet with one row per project; none was recognized",
            "  columns: {id: , title: }  # CHANGE: their headers",
        ]
    for sheet in parts.values():
        settings += [f"# {line}" if OURS in sheet.missing else line for line in _sheet(sheet)]
    settings += [line for other in found.other_sheets for line in _other(other)]
    return ToolSaid(tool, office, _tool(tool, "workbook", file, what), _partition(office, tool, settings))


def _other(other: OtherSheet) -> Iterator[str]:
    """A sheet that was not recognized, with its headers, as comments."""
    yield f"# no part of ours: sheet {quoted(other.sheet)}"
    heads = [quoted(each.header) for each in other.columns]
    for n in range(0, len(heads), IN_A_LINE):
        yield f"#   {'its headers: ' if n == 0 else ''}{', '.join(heads[n : n + IN_A_LINE])}"


@dataclass(frozen=True, slots=True)
class PlanSaid:
    """A project file: our id for its project, its id in a file of several, how its letters are written."""

    project: str
    code: str = ""
    encoding: str = ""


def plan_entries(office: str, tool: str, file: str, plan: PlanSaid, *, copied: bool) -> ToolSaid:
    """The entries of an office that plans in a project file."""
    what = "a copy; put the office's own file here" if copied else "the office's own file; it is only read"
    code = f", code: {quoted(plan.code)}" if plan.code else ""
    settings = [f"project: {{id: {quoted(plan.project)}{code}}}  # CHECK: our id, which never changes"]
    entry = _tool(tool, "project-file", file, what, plan.encoding)
    return ToolSaid(tool, office, entry, _partition(office, tool, settings))


def tracker_entries(
    office: str, tool: str, kind: str, credentials: str, own: Mapping[str, object], settings: Sequence[str]
) -> ToolSaid:
    """The entries of an office that plans on a server; `credentials` is the name of a variable."""
    named = [f"credentials: {credentials}  # the NAME of the environment variable"] if credentials else []
    inner = ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in own.items())
    entry = (f"id: {tool}", f"kind: {kind}", *named, f"settings: {{{inner}}}")
    return ToolSaid(tool, office, entry, _partition(office, tool, settings))


def _tool(tool: str, kind: str, file: str, what: str, encoding: str = "") -> Lines:
    more = f", encoding: {encoding}" if encoding else ""
    return f"id: {tool}", f"kind: {kind}", f"settings: {{file: {quoted(file)}{more}}}  # {what}"


def _partition(office: str, tool: str, settings: Sequence[str]) -> Lines:
    return (
        f"office: {office}",
        f"tool: {tool}",
        "access: observe          # nothing is ever written; later ask, then write",
        "settings:" if settings else "settings: {}",
        *(f"  {line}" for line in settings),
    )


def _sheet(sheet: SheetProposal) -> Iterator[str]:
    """The settings of one sheet, each column with the confidence in it."""
    yield f"{sheet.part}:  # {one_line(sheet.reason)}"
    yield f"  sheet: {quoted(sheet.sheet)}"
    if sheet.again:
        yield f"  ignore_rows: {list(sheet.again)}  # CHECK: a second row of headers, and no record"
    yield "  columns:"
    for name in sheet.missing:
        yield f"    {name}:  # CHANGE: the header of this column; none was recognized"
    for column in sheet.columns:
        said = column.column
        value = quoted(said) if isinstance(said, str) else _flow(said)
        doubt = "CHECK, " if column.confidence in UNSURE else ""
        yield f"    {column.field}: {value}  # {doubt}{column.confidence}: {one_line(column.reason)}"
    for words in sheet.words:
        yield from word_lines(words)
    for each in sheet.unmapped:
        guess = f"; perhaps {each.guess}" if each.guess else ""
        yield f"  # not mapped: {quoted(each.header)} ({one_line(each.looks)}{guess})"
    if sheet.unmapped and sheet.part == "projects":
        yield from HINTS


def word_lines(found: WordProposal) -> Iterator[str]:
    """The office's words, each with ours; those that nobody knows are named, for a person to add."""
    if found.known and found.subject == "status":
        yield f"  statuses:  # CHECK: the words of {quoted(found.header)}"
        for ours, words in found.by_meaning.items():
            yield f"    {ours}: [{', '.join(map(quoted, words))}]"
    elif found.known:
        yield f"  words:  # CHECK: the words of {quoted(found.header)}"
        yield f"    {found.subject}: {{{', '.join(f'{quoted(a)}: {b}' for a, b in found.known.items())}}}"
    if found.unknown:
        where = "statuses" if found.subject == "status" else f"words.{found.subject}"
        said = ", ".join(map(quoted, found.unknown))
        yield f"  # CHANGE: in {quoted(found.header)} these are not known, add them to {where}: {said}"


def quoted(text: str) -> str:
    """A text in quotes that YAML reads back, on one line, without the characters that no file may hold."""
    return json.dumps(plain(text), ensure_ascii=False)


def one_line(text: str) -> str:
    """A reason as a comment may hold it: on one line, printable characters only."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())


def _flow(pairs: Mapping[str, str]) -> str:
    """Names and texts in one line of YAML."""
    return "{" + ", ".join(f"{name}: {quoted(text)}" for name, text in pairs.items()) + "}"
