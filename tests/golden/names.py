"""Names of files and forms of links, as people, browsers and scripts know them."""

from __future__ import annotations

import contextlib
import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from cli.main import VERBS, main
from config.keyfile import auth_string, link_key
from domain.messages.outbox import Happening
from gateway.pages.links import Reader, sign
from gateway.signing import signed
from runtime.folder import StateFolder
from tests.golden.play import Played
from tests.golden.rows import asked, ledger

UNTIL = datetime(2027, 3, 31, tzinfo=UTC)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
LINES = 3


def links(played: Played) -> object:
    """A link for all reports and one for some, signed with a known key; addresses, headers and figures."""
    key = bytes(range(32))
    happening = Happening("group-7-abc", "project.adopted", UNTIL, {"rollout": "method-2"})
    return {
        "token for everything": sign(key, Reader("ana-reis"), UNTIL),
        "token for one subject": sign(key, Reader("ana-reis", "rollout-method-2-0"), UNTIL),
        "subjects of reports": {
            f"{slug}.html": about
            for slug, about in asked(
                played.database, "SELECT slug, about FROM reports WHERE kind != 'pages' ORDER BY slug"
            )
        },
        "pages": played.pages,
        "addresses of the gateway": played.addresses,
        "figures": played.figures,
        "headers of an event": dict(signed(happening, (key,), UNTIL)),
    }


def files(played: Played) -> object:
    """What lies in a state folder, the ledger's head beside the database, and the form of an exported entry."""
    state = played.folder / "state"
    exported = played.exported.splitlines()
    return {
        "written by the play": sorted(
            path.name for path in state.iterdir() if not path.name.endswith(("-wal", "-shm"))
        ),
        "made for `up`": _made(played.folder / "made"),
        "head of the ledger": (state / "ledger.head").read_text("utf-8"),
        "entries": sum(1 for _ in ledger(played.database)),
        "exported": [*exported[:LINES], exported[-1]],
    }


def commands() -> object:
    """Every verb of the command line, and its options."""
    return {verb: sorted(set(OPTION.findall(_help(verb)))) for verb in sorted(VERBS)}


def _made(root: Path) -> dict[str, object]:
    folder = StateFolder(root)
    folder.make()
    with folder.held(lambda _: None):
        folder.note(stage="serving", ui="http://127.0.0.1:4200", api="http://127.0.0.1:4200/api")
        notes = sorted(folder.notes())
    link_key(root), auth_string(root)
    places = {
        "prefect": folder.prefect, "logs": folder.logs, "reports": folder.reports, "scratch": folder.scratch,
        "sample": folder.sample, "live": folder.live, "database": folder.database,
    }  # fmt: skip
    return {
        "places": {name: os.path.relpath(path, root) for name, path in places.items()},
        "there": sorted(path.name for path in root.iterdir()),
        "notes": notes,
    }


def _help(verb: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([verb, "--help"])
    return said.getvalue()
