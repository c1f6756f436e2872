"""`interoffice person erase` and `person export`: what is written of a person, given out or taken away.

The ledger is never changed: it has a pseudonym only, and erasing forgets whose that is. Refuses to erase
while anything else may write, while the organization's files still name the person, and what it cannot tell
apart.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.characters import visible
from domain.ledger.chain import Event
from domain.organization.erasing import Eraser, Indistinct, Written, written
from domain.words import counted
from runtime import erasing
from runtime.privacy import create
from runtime.problem import Problem

if TYPE_CHECKING:
    from config.wiring import Application
    from runtime.place import Place
    from store.erasing import Rewritten

KIND = "erasure"
"""Of the ledger's entries: a person was erased; `subject` is the pseudonym."""
PER_ENTRY = 200
"""How many rows or files one entry of the ledger names."""
SHOWN = 3
"""How many places a message names."""
PEOPLE = "people.yaml"
AROUND = 40
"""Characters shown on each side of what was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rows and the files that have a person."""

    rows: tuple[Rewritten, ...]
    files: tuple[erasing.Changed, ...]

    def counts(self) -> Mapping[str, int]:
        """How many rows of each table, and how many files."""
        counts = Counter(row.table for row in self.rows)
        return dict(sorted(counts.items())) | {"files": len(self.files)}


def export(place: Place, application: Application, person: str, also: Sequence[str], target: Path) -> int:
    """Write all that is stored of a person as one JSON file; how many places that are."""
    who = _who(application, person, also)
    eraser = Eraser(who, "-")
    with application.store.read() as unit:
        pseudonym = unit.pseudonyms.all().get(person, "")
        rows = [
            {"table": table, "key": key, "text": text} for table, key, text in unit.erasing.named(eraser.text)
        ]
        entries = [
            {"number": each.number, "kind": each.event.kind, "subject": each.event.subject,
             "at": each.event.at.isoformat(), "detail": dict(each.event.detail)}
            for each in unit.ledger.entries() if pseudonym and _names(each.event, pseudonym)
        ]  # fmt: skip
    files = [
        {"file": each.path, "places": _lines(place.folder.root / each.path, eraser)}
        for each in erasing.erase(place.folder, eraser, write=False)
    ]
    known = application.organization.people.get(person)
    said = {
        "person": person,
        "searched": [*who.identifiers, *who.texts],
        "people_yaml": None if known is None else {
            "name": known.name, "address": known.address, "accounts": dict(known.accounts),
            "language": known.language, "until": known.until and known.until.isoformat(),
        },
        "pseudonym": pseudonym,
        "ledger": entries,
        "rows": rows,
        "files": files,
    }  # fmt: skip
    with create(target) as out:
        json.dump(said, out, indent=2, ensure_ascii=False)
        out.write("\n")
    return len(rows) + len(files) + len(entries)


def look(place: Place, application: Application, person: str, also: Sequence[str]) -> tuple[Found, list[str]]:
    """What erasing would write anew, and what keeps it from being done now; nothing is written."""
    eraser = Eraser(_who(application, person, also), "p-" + "0" * 16)
    with application.store.rehearse() as unit:
        rows = unit.erasing.rewrite(eraser.text)
    found = Found(rows, tuple(erasing.erase(place.folder, eraser, write=False)))
    return found, [*_still_named(eraser, place), *_at_work(place, application)]


def erase(
    place: Place, application: Application, person: str, also: Sequence[str]
) -> tuple[str, Found, list[erasing.Left]]:
    """Write anew all that has the person; the pseudonym, what was changed, and what still has the person.

    Whose pseudonym it is stays known until the files are done, so after a kill the same command goes on.
    Raises Problem where something keeps it from being done.
    """
    _, obstacles = look(place, application, person, also)
    if obstacles:
        raise Problem("; ".join(obstacles))
    who = _who(application, person, also)
    with _alone(place):
        with application.store.begin() as unit:
            eraser = Eraser(who, unit.pseudonyms.of(person))
            rows = unit.erasing.rewrite(eraser.text)
            found = Found(rows, tuple(erasing.erase(place.folder, eraser, write=False)))
            for event in _events(eraser.pseudonym, found, application):
                unit.ledger.append(event)
            unit.commit()
        for _ in erasing.erase(place.folder, eraser, write=True):
            pass
        with application.store.begin() as unit:
            for each in (*who.identifiers, *who.texts):
                unit.pseudonyms.erase(each)
            unit.commit()
        application.store.compact()
    return eraser.pseudonym, found, [*_in_tables(application, eraser), *erasing.left(place.folder, eraser)]


def _in_tables(application: Application, eraser: Eraser) -> Iterator[erasing.Left]:
    """Each row that names the person still: an entry of the ledger, which cannot be changed."""
    with application.store.read() as unit:
        for table, key, _ in unit.erasing.named(eraser.text):
            yield erasing.Left(f"table {table}, {key}", "the person stands in it, and it cannot be changed")


def _who(application: Application, person: str, also: Sequence[str]) -> Written:
    """How the person is written. Raises Problem for one that could not be told apart from something else."""
    organization = application.organization
    known = organization.people.get(person)
    if known is None and not also:
        raise Problem(
            f"{PEOPLE} names no {visible(person)!r} (any more) -> if that is the id, give the name as well:"
            " --also 'First Last', and --also for each address and account"
        )
    taken = {*organization.offices, *organization.programs, *organization.tools} - {""}
    if person in taken:
        raise Problem(
            f"{visible(person)!r} is the id of an office, a program or a tool too, and cannot be told apart"
            " -> give that another id first"
        )
    try:
        if known is None:
            return written(person, also=also)
        return written(person, known.name, known.address, known.accounts.values(), also)
    except Indistinct as why:
        raise Problem(str(why)) from None


def _still_named(eraser: Eraser, place: Place) -> Iterator[str]:
    """What in the organization's files would give the person work again, by file and line."""
    folder = place.settings.organization
    places = []
    for path in sorted(folder.rglob("*.yaml")):
        if path.name == PEOPLE or path.is_symlink():
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            words = line.partition("#")[0].replace("[", " ").replace("]", " ").replace(",", " ").split()
            if any(word.strip("\"'") in eraser.who.identifiers for word in words):
                places.append(f"{path.relative_to(folder)}:{number}")
    if places:
        more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        yield (
            f"the organization's files still name the person: {', '.join(places[:SHOWN])}{more}"
            " -> put somebody else there first"
        )


def _at_work(place: Place, application: Application) -> Iterator[str]:
    """Who may write meanwhile: the `up` of this folder, or of another host on the same database."""
    if place.folder.is_held:
        yield "`interoffice up` is at work here -> end it first"
    if not application.store.is_file:
        with application.store.read() as unit:
            alive = [host.name for host, each in unit.hosts.heartbeats().items() if not each.has_stopped]
        if alive:
            hosts = f"{counted(len(alive), 'host')}: {', '.join(sorted(alive))}"
            yield f"at work on this database: {hosts} -> end `interoffice up` there first"


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    with place.folder.held(print):
        yield


def _events(pseudonym: str, found: Found, application: Application) -> Iterator[Event]:
    """Entries that name every row and file by its hash before and after."""
    named = [(f"{row.table}:{row.key}", row.before, row.after) for row in found.rows]
    named += [(f"file:{each.path}", each.before, each.after) for each in found.files]
    parts = [named[at : at + PER_ENTRY] for at in range(0, len(named), PER_ENTRY)] or [[]]
    for number, part in enumerate(parts, 1):
        detail = {"part": number, "of": len(parts), "changed": [list(each) for each in part]}
        yield Event(KIND, pseudonym, "system", application.clock.now(), detail)


def _names(event: Event, pseudonym: str) -> bool:
    return pseudonym in {event.actor, event.subject} or pseudonym in json.dumps(dict(event.detail))


def _lines(path: Path, eraser: Eraser) -> list[str]:
    """What stands around each place of a text file; empty for a file that is none."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return []
    return [text[max(0, at - AROUND) : at + len(what) + AROUND] for at, what in eraser.places(text)]
