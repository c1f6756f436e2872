"""Makes one `Reading` of tables of records: projects, items, answers, what is ours, what is not understood.

A blank cell is a missing fact. Refuses to guess: what cannot be understood is listed with its address and
left out; of a project or key that stands twice the first is taken and both addresses are reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from connectors.records import values as cells
from connectors.records.columns import AttestedColumns
from connectors.records.dates import Unclear
from connectors.records.mapping import DATES, OWNED_ASKED, OWNED_ITEM, Parts, columns_of, in_words
from connectors.records.naming import Projects
from connectors.records.planning import planned
from connectors.records.reader import Line, Reader, Table, Tables
from connectors.records.requests import requests
from connectors.records.values import Counted, Value
from domain.ids import ItemKey, ProjectKey, is_given
from domain.plans.asking import AskOwnerKey
from domain.plans.left_out import LeftOutKind, counted_up
from domain.plans.project import (
    Answer,
    Ask,
    Attestation,
    Item,
    ItemKind,
    ItemState,
    Placed,
    Plan,
    Project,
    Reading,
    Scalar,
    Stage,
    ToolDescription,
)
from domain.words import counted

T = TypeVar("T")


def read(tables: Tables, settings: Parts, office: str, digest: str, tool: ToolDescription) -> Reading:
    """All that the tables of a tool say; `digest` is that of what was read, `tool` describes the tool."""
    reader = Reader(office, settings, tables)
    projects = _projects(reader)
    placed, items = _items(reader, projects)
    asked, answers, asks = _questions(reader)
    plans = tuple(_plan(reader, project, items.get(project.key, ())) for project in projects.by_id.values())
    asked_for, said = requests(reader, tables.deviations)
    every = (tables.projects, tables.items, tables.questions, tables.deviations)
    found = [each for each in every if each is not None]
    passed = [*(each for table in found for each in table.passed_over), *reader.passed_over]
    told = tuple(reader.unreadable)
    placed_there = (*placed, *asked, *said)
    left_out = counted_up(passed)
    return Reading(
        office,
        digest,
        plans,
        tool,
        placed_there,
        answers,
        told,
        left_out=left_out,
        requests=asked_for,
        asks=asks,
    )


def _projects(reader: Reader) -> Projects:
    """The projects by the office's own id."""
    table = reader.tables.projects
    projects = Projects()
    for line in table.lines():
        identity = reader.identity(table, line)
        if identity is None:
            continue
        here = table.ref(line.number, "id")
        other = projects.twice(identity)
        if other:
            said = (
                f"the project {identity} stands twice"
                if other == identity
                else (f"the project {identity} and {other} differ by dashes or spaces only: it stands twice")
            )
            reader.tell(
                here, identity, f"{said}, {projects.by_id[other].ref} and {here}; give one another id"
            )
            continue
        project = _project(reader, table, line, identity)
        if not project.title:
            reader.tell(
                table.ref(line.number, "title"), "", f"the project {identity} has no title; write one"
            )
        projects.add(identity, project, line.values.get("id"))
    reader.tell_words()
    return projects


PROJECT_TEXTS = ("program", "lead", "sponsor", "standard_version")
PROJECT_DAYS = ("start", "finish", "baseline_finish", "last_report")
PROJECT_MONEY = ("budget", "actual_cost", "forecast_cost")


def _project(reader: Reader, table: Table, line: Line, identity: str) -> Project:
    part = reader.settings.projects
    units = {name: getattr(column, "unit", None) for name, column in columns_of(part)}
    stage = reader.word(table, line, reader.stages)
    percent = partial(cells.as_percent, unit=units.get("percent_complete"))
    texts = {name: reader.text(table, line, name) for name in PROJECT_TEXTS}
    days = {name: reader.day(table, line, name) for name in PROJECT_DAYS}
    money = {
        name: reader.take(table, line, name, partial(cells.as_money, unit=units.get(name) or "1"))
        for name in PROJECT_MONEY
    }
    own = partial(cells.as_scalar, counted=table.counted)
    return Project(
        key=str(ProjectKey(reader.office, identity)),
        office=reader.office,
        title=reader.text(table, line, "title") or "",
        ref=table.ref(line.number, "id"),
        stage=Stage(stage) if stage else None,
        percent_complete=reader.percent(table, line, "percent_complete", percent),
        gates=_known({gate: reader.day(table, line, f"gate.{gate}") for gate in part.gates}),
        attestations=_attestations(reader, table, line, part.attested),
        fields=_known({name: reader.take(table, line, f"field.{name}", own) for name in part.fields}),
        program=texts["program"],
        lead=texts["lead"],
        sponsor=texts["sponsor"],
        currency=reader.take(table, line, "currency", cells.as_currency),
        standard_version=texts["standard_version"],
        start=days["start"],
        finish=days["finish"],
        baseline_finish=days["baseline_finish"],
        last_report=days["last_report"],
        budget=money["budget"],
        actual_cost=money["actual_cost"],
        forecast_cost=money["forecast_cost"],
    )


def _known(values: Mapping[str, T | None]) -> dict[str, T]:
    return {name: value for name, value in values.items() if value is not None}


def _attestations(
    reader: Reader, table: Table, line: Line, attested: Mapping[str, AttestedColumns]
) -> tuple[Attestation, ...]:
    """The attestation of each subject for which any field is filled."""
    found = []
    for subject in attested:
        at = f"attested.{subject}"
        if not any(line.values.get(f"{at}.{name}") for name in AttestedColumns.model_fields):
            continue
        found.append(
            Attestation(
                subject,
                reader.text(table, line, f"{at}.person"),
                reader.day(table, line, f"{at}.on"),
                reader.text(table, line, f"{at}.document"),
                reader.day(table, line, f"{at}.valid_until"),
            )
        )
    return tuple(found)


def _items(reader: Reader, projects: Projects) -> tuple[list[Placed], dict[str, list[Item]]]:
    """What is ours among the items, and all items by their project's key."""
    table = reader.tables.items
    placed: list[Placed] = []
    items: dict[str, list[Item]] = {}
    if table is None:
        return placed, items
    ours: dict[str, str] = {}
    taken: dict[str, str] = {}
    rows: list[tuple[Line, Item]] = []
    for line in table.lines():
        key = reader.text(table, line, "key")
        if key is not None:
            placed.append(_placed(table, line, key, OWNED_ITEM))
        if key is not None and _is_copy(reader, table, line, key, ours):
            key = None
            if line.values.get("id") is None:
                continue
        since = len(reader.unreadable)
        item = _item(reader, table, line, key, projects)
        if item is None:
            continue
        reader.about(since, item.project)
        if item.key in taken:
            both = f"{taken[item.key]} and {item.ref}"
            problem = f"the item {item.key} stands twice, {both}; give one another id"
            reader.tell(item.ref, item.key, problem)
            reader.about(since, item.project)
            continue
        taken[item.key] = item.ref
        rows.append((line, item))
    reader.tell_words()
    made = planned(reader, table, rows)
    for item in made:
        items.setdefault(item.project, []).append(item)
    if "order" in table.columns:
        behind = behind_of(made)
        placed = [_in_its_place(each, behind) for each in placed]
    _tell_unmapped(reader, [item for _, item in rows])
    return placed, items


def _plan(reader: Reader, project: Project, found: Sequence[Item]) -> Plan:
    """A project with its items; the office's own sums of other items are none, and are counted apart."""
    sums = tuple(item for item in found if item.plan is not None and item.plan.summary and not item.ours)
    reader.passed_over += [(LeftOutKind.SUMMARY_TASK, item.ref) for item in sums]
    apart = {item.key for item in sums}
    return Plan(project, tuple(item for item in found if item.key not in apart), sums)


def _tell_unmapped(reader: Reader, found: Sequence[Item]) -> None:
    """Note each status that nobody maps, once: where the office maps its words, or where it is missed."""
    part = reader.settings.items
    unmapped: dict[str, list[Item]] = {}
    for item in found:
        if item.status and item.state is None and not item.ours:
            unmapped.setdefault(in_words(item.status), []).append(item)
    for items in unmapped.values():
        missed = sum(item.percent is None for item in items)
        if missed or (part is not None and part.states):
            word = items[0].status or ""
            unknown = f", {missed} of which have no percent either," if missed else ""
            problem = (
                f"what the status {word!r} of {counted(len(items), 'item')}{unknown} means is not said; "
                "name it under items.statuses as open, done or canceled"
            )
            reader.tell(items[0].ref, word, problem)


def _is_copy(reader: Reader, table: Table, line: Line, key: str, seen: dict[str, str]) -> bool:
    """Whether our key was seen in an earlier row; if so it is noted with both addresses."""
    here = table.ref(line.number, "key")
    if key not in seen:
        seen[key] = here
        return False
    problem = f"our key stands twice, {seen[key]} and {here}: a copied row? Clear the key in the copy"
    reader.tell(here, key, problem)
    return True


def _item(reader: Reader, table: Table, line: Line, key: str | None, projects: Projects) -> Item | None:
    """One item; None, and noted, when it has no id or no project that is known."""
    part = reader.settings.items
    identity = reader.text(table, line, "id") if key else reader.identity(table, line)
    if part is None or (identity is None and key is None):
        return None
    said = reader.text(table, line, "project")
    try:
        project = projects.meant(reader.office, line.values.get("project"), said).key
    except Unclear as unclear:
        reader.tell(table.ref(line.number, "project"), said or "", str(unclear))
        return None
    convert = reader.items
    kind = reader.word(table, line, convert.kind)
    status, percent = (
        reader.text(table, line, "status"),
        reader.percent(table, line, "percent", convert.percent),
    )
    state = convert.states.get(in_words(status)) if status else None
    return Item(
        key=key or str(ItemKey(project, str(identity))),
        project=project,
        title=reader.text(table, line, "title") or "",
        kind=ItemKind(kind) if kind else ItemKind.TASK,
        ref=table.ref(line.number, "id"),
        owner=reader.text(table, line, "owner"),
        start=reader.day(table, line, "start"),
        due=reader.day(table, line, "due"),
        work=reader.take(table, line, "work", convert.work),
        percent=percent,
        status=status,
        ours=key if key is not None and not is_given(key) else "",
        state=state or _told_by_tool(line.values.get("state"), percent),
    )


def _told_by_tool(said: Value | None, percent: float | None) -> ItemState | None:
    """What the tool itself says: closed is done; that it is open says no more than a percent does."""
    state = ItemState(said.text) if said is not None else None
    return state if state is ItemState.DONE or percent is None else None


def _placed(table: Table, line: Line, key: str, owned: tuple[str, ...]) -> Placed:
    """What of ours stands in a row: blank text is empty text, a blank date is not there."""
    values: dict[str, Scalar] = {}
    for name in owned:
        if name not in table.columns:
            continue
        value = line.values.get(name)
        found = held(value, is_date=name in DATES, counted=table.counted)
        if found is not None:
            values[name] = found
    return Placed(key, table.ref(line.number), values)


def behind_of(items: Iterable[Item]) -> Mapping[str, str]:
    """The thing of ours that each one stands behind among the parts of the same item, by keys."""
    there = [item for item in items if item.plan is not None and (item.ours or is_given(item.key))]
    last: dict[tuple[str, str | None], str] = {}
    found: dict[str, str] = {}
    for item in sorted(there, key=lambda each: each.plan.order or 0 if each.plan else 0):
        over = (item.project, item.plan.parent if item.plan else None)
        key = item.ours or item.key
        found[key], last[over] = last.get(over, ""), key
    return found


def _in_its_place(placed: Placed, behind: Mapping[str, str]) -> Placed:
    if placed.key not in behind:
        return placed
    return replace(placed, values={**placed.values, "behind": behind[placed.key]})


def held(value: Value | None, *, is_date: bool, counted: Counted) -> Scalar | None:
    """A field of ours as it stands, whatever the office made of it; text keeps its white space."""
    if value is None:
        return None if is_date else ""
    try:
        if is_date:
            return cells.as_date(value, counted=counted)
        return value.text if value.kind == "text" else cells.as_text(value)
    except Unclear:
        return cells.raw(value)


def _questions(reader: Reader) -> tuple[list[Placed], tuple[Answer, ...], tuple[Ask, ...]]:
    """Our questions and notices there, the answers, and what the office asks in a row of its own.

    The answer in a copied row is not taken.
    """
    table = reader.tables.questions
    placed: list[Placed] = []
    answers: list[Answer] = []
    asks: list[Ask] = []
    seen: dict[str, str] = {}
    for line in table.lines() if table else ():
        if table is None:
            break
        key = reader.text(table, line, "key")
        said = reader.take(table, line, "answer", partial(cells.as_said, counted=table.counted))
        if key is None:
            if said:
                where = table.ref(line.number, "key")
                reader.tell(where, said, "an answer without our key; copy the key of its question here")
            continue
        if to_owner := AskOwnerKey.find(key):
            asks.append(
                Ask(to_owner.template, reader.text(table, line, "text") or "", table.ref(line.number))
            )
            continue
        placed.append(_placed(table, line, key, OWNED_ASKED))
        if _is_copy(reader, table, line, key, seen) or not said:
            continue
        by = reader.text(table, line, "answered_by") or ""
        at = line.values.get("answered_at")
        when = datetime.fromisoformat(at.text) if at is not None else None
        answers.append(Answer(key, said, by, table.ref(line.number, "answer"), when))
    return placed, tuple(answers), tuple(asks)
