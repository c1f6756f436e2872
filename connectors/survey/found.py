"""What was found on a server: plain values, with what each may mean to us. Refuses to ask anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connectors.errors import Refused
from connectors.tickets.typed import Typed
from connectors.workbook.meanings import meanings
from connectors.workbook.vocabulary import synonyms
from connectors.workbook.words import WordProposal, meaning, propose_words
from domain.plans.project import Stage

SHOWN = 3
OWN = frozenset(("id", "title", "project", "key", "kind", "percent", "status", "role", "standing"))
"""What a tool of tickets holds itself, and what is ours to write: never proposed by a name alone."""


@dataclass(frozen=True, slots=True)
class ServerProject:
    """A container of tickets: its id as settings name it, and its title."""

    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A status of tickets, and what it means: open, done, canceled; empty where nobody knows."""

    name: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class ServerField:
    """A field that people added, the fact that it may hold, and three of its values."""

    name: str
    of_projects: bool = False
    meaning: str = ""
    samples: tuple[str, ...] = ()
    words: WordProposal | None = None
    """What its values mean, where it holds stages."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server; `types` are the types of ticket, `unread` what it did not show and why."""

    kind: str
    version: str = ""
    projects: tuple[ServerProject, ...] = ()
    statuses: tuple[Status, ...] = ()
    types: tuple[str, ...] = ()
    fields: tuple[ServerField, ...] = ()
    unread: tuple[str, ...] = ()
    why: str = ""
    """How it was recognized."""


def status_of(name: str, *, closed: bool | None) -> Status:
    """A status with its meaning: what the server says of it, and the word where that says more."""
    said = meaning(name, "status")
    if closed is None:
        return Status(name, said)
    if closed:
        return Status(name, "canceled" if said == "canceled" else "done")
    return Status(name, "open")


def field_of(name: str, samples: Iterable[str], *, of_projects: bool) -> ServerField:
    """A field with the fact that its name means; the tool's own fields are not asked for."""
    part = "projects" if of_projects else "items"
    folded = name.casefold()
    owners = [field for field, names in synonyms()[1][part].items() if folded in names]
    said = (
        owners if len(owners) == 1 else [each for each, _ in sorted(meanings(name, part), key=lambda m: m[1])]
    )
    meant = next((each for each in said if each not in OWN), "")
    values = tuple(dict.fromkeys(" ".join(each.split()) for each in samples if each.strip()))
    words = propose_words("stage", name, values, tuple(Stage)) if of_projects and meant == "stage" else None
    return ServerField(name, of_projects, meant, values[:SHOWN], words)


def tried(unread: list[str], what: str, read: Callable[[], list[Typed]]) -> list[Typed]:
    """What `read` gives; where the server refuses it, nothing, and a line in `unread`."""
    try:
        return read()
    except Refused as refused:
        unread.append(f"{what}: {refused.text}")
        return []
