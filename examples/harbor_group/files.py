"""The generated YAML: tools.yaml and the weeks, written so that people can read them easily."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date

from examples.harbor_group.agencies import AGENCIES, ITEM, PROJECT, QUESTION, Agency
from examples.harbor_group.columns import (
    MONEY,
    QUESTIONS_SHEET,
    REQUESTS_SHEET,
    item_columns,
    project_columns,
    question_columns,
    request_columns,
    sheet_names,
)
from examples.harbor_group.desks import APART, DESKS, Desk
from examples.harbor_group.languages import KINDS, STAGES, STATUSES
from examples.harbor_group.story import OfficeWeek, Week

PLAIN = re.compile(r"[^\W\d_][\w .()/'-]*")
RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def scalar(value: object) -> str:
    """A value as YAML writes it: quoted wherever it could be read as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | date):
        return str(value)
    text = str(value)
    if PLAIN.fullmatch(text) and text.casefold() not in RESERVED and text == text.strip():
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(values: Mapping[str, object]) -> str:
    """A mapping on one line."""
    inside = ", ".join(
        f"{scalar(k)}: {flow(v) if isinstance(v, Mapping) else scalar(v)}" for k, v in values.items()
    )
    return f"{{{inside}}}"


def tools_yaml(*, project_files: bool = True) -> str:
    """The register of tools: one workbook per office, and how each is read.

    Without `project_files` the agency that plans in Microsoft Project keeps a workbook as the others do.
    """
    lines = [
        "# One workbook per office. Access: six offices let Interoffice write, two let it ask, one only lets it read.",
        "# The agencies at the end take a plan by a deployment; one of them plans in Microsoft Project.",
        "tools:",
    ]
    for desk in (*DESKS.values(), APART):
        lines += [
            f"  - id: {desk.office}-workbook",
            "    kind: workbook",
            f'    version: "{desk.program_version}"',
            f"    settings: {{file: {desk.file}}}",
        ]
    for agency in AGENCIES.values():
        in_project = agency.in_project and project_files
        lines += [
            f"  - id: {agency.office}-plan",
            f"    kind: {'project-file' if in_project else 'workbook'}",
            '    version: "2021"',
            f"    settings: {{file: {agency.plan if in_project else agency.book}}}",
        ]
    lines += ["", "partitions:"]
    for desk in (*DESKS.values(), APART):
        lines += _partition(desk)
    for agency in AGENCIES.values():
        lines += _agency_partition(agency, in_project=agency.in_project and project_files)
    return "\n".join(lines) + "\n"


def _partition(desk: Desk) -> list[str]:
    projects, items, _ = sheet_names(desk)
    note = ["  # Of the diverse subtree: registered, and never read."] if desk is APART else []
    return [
        *note,
        f"  - office: {desk.office}",
        f"    tool: {desk.office}-workbook",
        f"    access: {desk.access}",
        "    settings:",
        "      projects:",
        f"        sheet: {scalar(projects)}",
        *_project_lines(desk),
        "      items:",
        f"        sheet: {scalar(items)}",
        "        columns:",
        *_column_lines(desk, item_columns(desk)),
        f"        words: {{kind: {flow(_words(desk.words.kinds, KINDS))}}}",
        f"        statuses: {{open: [{', '.join(STATUSES[:-1])}], done: [{STATUSES[-1]}]}}",
        "      questions:",
        f"        sheet: {QUESTIONS_SHEET}",
        "        columns:",
        *_column_lines(desk, question_columns(desk)),
        "      deviations:",
        f"        sheet: {REQUESTS_SHEET}",
        "        columns:",
        *_column_lines(desk, request_columns(desk)),
    ]


def _agency_partition(agency: Agency, *, in_project: bool) -> list[str]:
    lines = [f"  - office: {agency.office}", f"    tool: {agency.office}-plan", "    access: write"]
    if in_project:
        return [*lines, f"    settings: {{project: {{id: {agency.project_id}}}}}"]
    projects, items, questions = agency.sheets.split("|")
    named = agency.columns(ITEM, agency.item)
    columns: dict[str, object] = dict(named.items())
    columns |= {
        "work": {"header": named["work"], "unit": "hours"},
        "percent": {"header": named["percent"], "unit": "percent"},
    }
    return [
        *lines,
        "    settings:",
        f"      projects: {{sheet: {scalar(projects)}, columns: {flow(agency.columns(PROJECT, agency.project))}}}",
        f"      items: {{sheet: {scalar(items)}, columns: {flow(columns)}}}",
        f"      questions: {{sheet: {scalar(questions)}, columns: {flow(agency.columns(QUESTION, agency.question))}}}",
    ]


def _words(said: str, ours: list[str]) -> dict[str, str]:
    return dict(zip(said.split("|"), ours, strict=True))


def _column_lines(desk: Desk, columns: Mapping[str, str]) -> list[str]:
    return [f"          {name}: {_column(desk, name, header)}" for name, header in columns.items()]


def _column(desk: Desk, name: str, header: str) -> str:
    unit = ""
    if name in ("percent", "percent_complete"):
        unit = "fraction" if desk.fraction else "percent"
    elif name in MONEY:
        unit = '"1000"' if desk.thousands else '"1"'
    elif name == "work":
        unit = "days" if desk.work_days else "hours"
    return f"{{header: {scalar(header)}, unit: {unit}}}" if unit else scalar(header)


def _project_lines(desk: Desk) -> list[str]:
    columns = project_columns(desk)
    plain = {name: header for name, header in columns.items() if "." not in name}
    lines = ["        columns:", *_column_lines(desk, plain)]
    for group, key in (("gates", "gate."), ("fields", "field.")):
        found = {n.removeprefix(key): h for n, h in columns.items() if n.startswith(key)}
        lines += [
            f"        {group}:",
            *(f"          {name}: {scalar(header)}" for name, header in found.items()),
        ]
    lines.append("        attested:")
    subjects: dict[str, dict[str, str]] = {}
    for name, header in columns.items():
        if name.startswith("attested."):
            _, subject, part = name.split(".")
            subjects.setdefault(subject, {})[part] = header
    lines += [f"          {subject}: {flow(parts)}" for subject, parts in subjects.items()]
    return [*lines, f"        words: {{stage: {flow(_words(desk.words.stages, STAGES))}}}"]


def week_yaml(week: Week) -> str:
    """The file of one week."""
    lines = [
        f"# Week {week.number}: what the offices did to their workbooks before Monday, {week.monday}.",
        f"# {week.text}",
        f"week: {week.number}",
        f"as_of: {week.monday}T07:00:00Z",
    ]
    if week.tools:
        lines += ["tools:", *(f"  {tool}: {flow(said)}" for tool, said in week.tools.items())]
    if week.files:
        lines += ["# What a standards owner put into the organization's folder, and from where.", "files:"]
        lines += [f"  {scalar(target)}: {source}" for target, source in week.files.items()]
    if week.operators:
        lines += ["# Started by an operator, in this order, before the offices are read.", "operators:"]
        lines += [f"  - {flow(entry)}" for entry in week.operators]
    lines.append("offices:")
    for office, did in week.offices.items():
        lines += [f"  {office}:", *_office_lines(did)]
    if week.plans:
        lines += ["# What the agencies did to their plans of the finance system.", "plans:"]
        for office, edits in week.plans.items():
            lines += [f"  {office}:", *(f"    - {flow(each)}" for each in edits)]
    return "\n".join(lines) + "\n"


def _office_lines(did: OfficeWeek) -> list[str]:
    lines = [f"    reported: {did.reported}", f"    done_by: {did.reported}"]
    if did.behind:
        lines.append(f"    behind: [{', '.join(did.behind)}]")
    if did.percent:
        lines.append(f"    percent: {flow(did.percent)}")
    for heading, changes in (("projects", did.projects), ("items", did.items), ("new", did.new)):
        if changes:
            lines += [
                f"    {heading}:",
                *(f"      {key}: {flow(_grouped(said))}" for key, said in changes.items()),
            ]
    if did.requests:
        lines += ["    requests:", *(f"      - {flow(each)}" for each in did.requests)]
    if did.answers:
        lines += ["    answers:", *(f"      - {flow(answer)}" for answer in did.answers)]
    return lines


def _grouped(said: Mapping[str, object]) -> dict[str, object]:
    """Attestations as one value each: `attested.charter: {person, on, document, valid_until}`."""
    found: dict[str, object] = {}
    for name, value in said.items():
        if name.startswith("attested."):
            subject, part = name.rsplit(".", 1)
            held = found.setdefault(subject, {})
            if isinstance(held, dict):
                held[part] = value
        else:
            found[name] = value
    return found
