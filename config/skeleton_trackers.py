"""The settings that are proposed for an office's part of a server, as lines of YAML.

Refuses to guess: where our key belongs, and which of several types is meant, is a place to fill in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.skeleton_entries import quoted, word_lines
from connectors.survey.found import Server, ServerField
from connectors.workbook.words import vocabulary

NEEDS_KEY = ("redmine",)
"""Kinds whose settings have to name the field of our key."""
MEANT = {"open": "open", "done": "done", "canceled": "canceled"}
WORK = ("task", "aufgabe", "tâche", "tarea", "tarefa", "attività", "taak", "zadanie", "uppgift", "görev")
MONEY, SHARE = ("budget", "actual_cost", "forecast_cost"), ("percent_complete", "percent")
KEY = "interoffice key"


def settings_of(server: Server, within: Sequence[str] = ()) -> list[str]:
    """The settings of an office's part; the lines are those of a mapping."""
    return [*_projects(server, within), *_items(server), *_questions(server)]


def _projects(server: Server, within: Sequence[str]) -> Iterator[str]:
    found = list(within) or [each.id for each in server.projects]
    mapped = [each for each in server.fields if each.of_projects and each.meaning]
    if server.kind == "trac":
        found = list(within)
        if not found and not mapped:
            return
    yield "projects:"
    if within:
        yield f"  within: [{', '.join(map(quoted, within))}]"
    elif found:
        yield f"  within: [{', '.join(map(quoted, found))}]  # CHECK: all that we may see; keep the office's"
    elif server.kind != "trac":
        yield "  within:  # CHANGE: the office's projects there, as in [terminal]; none was shown to us"
    yield from _columns(mapped, [])
    for words in (each.words for each in mapped if each.words):
        yield from word_lines(words)
    yield from _left(server, of_projects=True)


def _items(server: Server) -> Iterator[str]:
    mapped = [each for each in server.fields if not each.of_projects and each.meaning]
    own = next((each.name for each in server.fields if each.name.casefold() == KEY), "")
    key = []
    if server.kind in NEEDS_KEY:
        key = [
            f"key: {quoted(own)}"
            if own
            else "key:  # CHANGE: the custom field of issues of our key; make one where there is none"
        ]
    lines = [*_columns(mapped, key), *_types(server), *_statuses(server), *_left(server, of_projects=False)]
    if any(not line.lstrip().startswith("#") for line in lines):
        yield "items:"
        yield from lines


def _types(server: Server) -> Iterator[str]:
    named = [each for each in server.types if vocabulary("kind").get(each.casefold()) == "task"]
    exact = [each for each in named if each.casefold() in WORK]
    chosen = (exact or named or [""])[0]
    if chosen and chosen != "Task":
        yield f"  put_as: {quoted(chosen)}  # CHECK: the type of what we put there, once access is write"
    elif not chosen and server.types:
        types = ", ".join(map(quoted, server.types))
        yield f"  # put_as: is the type of what we put there, once access is write; there are {types}"


def _questions(server: Server) -> Iterator[str]:
    chosen = next((line for line in _types(server) if line.startswith("  put_as")), "")
    if chosen:
        yield "questions:"
        yield chosen.replace("what we put there, once access is write", "our questions")


def _statuses(server: Server) -> Iterator[str]:
    known = {ours: [each.name for each in server.statuses if each.meaning == ours] for ours in MEANT}
    if any(known.values()):
        yield "  statuses:  # CHECK: what each status means"
        for ours, names in known.items():
            if names:
                yield f"    {ours}: [{', '.join(map(quoted, names))}]"
    unknown = [each.name for each in server.statuses if not each.meaning]
    if unknown:
        yield f"  # CHANGE: these statuses are not known, add them: {', '.join(map(quoted, unknown))}"


def _columns(mapped: Sequence[ServerField], first: Sequence[str]) -> Iterator[str]:
    lines, seen = list(first), set[str]()
    for each in mapped:
        if each.meaning in seen:
            continue
        seen.add(each.meaning)
        header = quoted(each.name)
        unit = '"1"' if each.meaning in MONEY else "percent" if each.meaning in SHARE else ""
        value = f"{{header: {header}, unit: {unit}}}" if unit else header
        lines.append(f"{each.meaning}: {value}  # CHECK: by the name of the field")
    if lines:
        yield "  columns:"
        yield from (f"    {line}" for line in lines)


def _left(server: Server, *, of_projects: bool) -> Iterator[str]:
    here = (each for each in server.fields if each.of_projects is of_projects and not each.meaning)
    for name in dict.fromkeys(each.name for each in here if each.name.casefold() != KEY):
        yield f"  # not mapped: {quoted(name)}"
