"""What the played sample really wrote: ledger, questions, notices, writes to tools, sweeps, events, files.

All of it is read from the database by SQL and from the folders, never from our own values.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.golden.play import Played
from tests.golden.rows import asked, document, documents, ledger


def entries(played: Played) -> object:
    """Every kind of entry of the ledger with its subjects, and the names and values that its details have."""
    found: dict[str, dict[str, list[object]]] = {}
    for each in ledger(played.database):
        of_kind = found.setdefault(each["kind"], {})
        told = [each["at"][:10], each["actor"], each["version"], bool(each["facts"]), each["detail"]]
        of_kind.setdefault(each["subject"], []).append(told)
    return {kind: in_order(of_kind) for kind, of_kind in sorted(found.items())}


def questions(played: Played) -> object:
    """Every question by its id, as it ended."""
    return _by(documents(played.database, "SELECT document FROM questions"), "id")


def notices(played: Played) -> object:
    """Every notice by its key."""
    return _by(documents(played.database, "SELECT document FROM notices"), "key")


def intents(played: Played) -> object:
    """Every write to a tool by our key there: the names and values of its fields, and how it ended."""
    found = {}
    for key, office, kind, state, text in asked(
        played.database, "SELECT key, office, kind, state, document FROM intents"
    ):
        told = document(text)
        found[key] = [office, kind, state, told["note"], told["digest"], told["wanted"]["values"]]
    return in_order(found)


def sweeps(played: Played) -> object:
    """Every sweep by its id: when, under what, and what each band and each project's verdicts came to."""
    found = {}
    kept = dict(asked(played.database, "SELECT digest, document FROM judgments"))
    for number, name, standard, version, at in asked(
        played.database, "SELECT number, id, standard, version, at FROM sweeps ORDER BY number"
    ):
        ((digests,),) = asked(
            played.database,
            f"SELECT judgments FROM sweep_judgments WHERE sweep = {number}",  # noqa: S608 - our number
        )
        judged = [_plain(kept[digests[at : at + 32].hex()]) for at in range(0, len(digests), 32)]
        found[name] = {
            "of": [standard, version, at],
            "projects": {(told := json.loads(text))["project"]: [told["band"], sha(text)] for text in judged},
        }
    return found


def standings(played: Played) -> object:
    """Where every project stands at the end, and since when."""
    return _by(documents(played.database, "SELECT document FROM adoptions"), "project")


def messages(played: Played) -> object:
    """What came by webhook and what goes out, by ids and run keys, and every mark."""
    base = played.database
    columns = "id, source, key, kind, digest, state, tries, run, note"
    return {
        "messages": [list(row) for row in asked(base, f"SELECT {columns} FROM messages ORDER BY number")],  # noqa: S608 - our columns
        "bytes by source": in_order(dict(asked(base, "SELECT source, bytes FROM inboxes"))),
        "marks": {n: json.loads(d) for n, d in asked(base, "SELECT name, document FROM marks ORDER BY name")},
        "cursors": {n: json.loads(c) for n, c in asked(base, "SELECT office, cursor FROM cursors")},
    }


def events(played: Played) -> object:
    """Every event that other systems get, by its id, and the very text of the first."""
    return {
        "written as": next(iter(played.events.values())),
        "events": {name: json.loads(body) for name, body in played.events.items()},
    }


def reports(played: Played) -> object:
    """The name of every report that was written, and the hash of its bytes; of pages behind it, their own."""
    folder = played.folder / "state/reports"
    return {
        path.name: _unpacked(path) if path.suffix == ".zip" else sha(path.read_bytes())
        for path in sorted(folder.iterdir())
    }


def _unpacked(path: Path) -> str:
    """The hash of all that is packed together: how it is compressed is another matter on another machine."""
    with zipfile.ZipFile(path) as archive:
        return sha(b"".join(f"{name}\n".encode() + archive.read(name) for name in archive.namelist()))


def reports_stored(played: Played) -> object:
    """What the index says of every report, by its file's name without `.html`."""
    columns = ("about", "kind", "standard", "as_of", "sentence", "ledger_head", "ledger_entry")
    found = asked(played.database, f"SELECT slug, {', '.join(columns)} FROM reports ORDER BY slug")  # noqa: S608 - our columns
    return {slug: dict(zip(columns, row, strict=True)) for slug, *row in found}


def workbooks(played: Played) -> object:
    """Every office's workbook after the play: what stands in it is in its hash."""
    return _hashes(played.folder / "organization/workbooks")


def in_order(found: Mapping[str, object]) -> dict[str, object]:
    """The same, by its keys."""
    return {key: found[key] for key in sorted(found)}


def sha(content: bytes) -> str:
    """SHA-256, as hex."""
    return hashlib.sha256(content).hexdigest()


def _plain(stored: bytes) -> bytes:
    return json.dumps(document(stored)).encode()


def _by(found: Iterable[Mapping[str, object]], name: str) -> dict[str, object]:
    return in_order({str(each[name]): {n: v for n, v in each.items() if n != name} for each in found})


def _hashes(folder: Path) -> dict[str, object]:
    return {path.name: sha(path.read_bytes()) for path in sorted(folder.iterdir())}
