"""A rollout that is approved in a tool of tickets, as the sample's strategic office would on GitHub (a stand-in).

Only here is a decision asked for, and something of ours stands in a ticket and not in a workbook.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from examples.harbor_group import player
from tasks.advancing import advance_all
from tasks.deciding import ask_approval
from tasks.delivering import deliver_office
from tasks.reading import read_office
from tests.golden.rows import asked, documents, ledger, without_others
from tests.standins.github import GitHubStandIn
from tests.standins.world import served
from tests.tasks.conftest import Desk, at_desk, leave

LEADER, APPROVER, REPOSITORY = "group", "marijke-van-dijk", "porto/board"
TOOL = """  - id: group-board
    kind: github
    credentials: GOLDEN_BOARD_TOKEN
    settings: {{url: "{url}", allow: [127.0.0.1]}}
"""
PART = f"""  - office: {LEADER}
    tool: group-board
    access: write
    settings: {{projects: {{within: [{REPOSITORY}]}}}}
"""
BOOK = """    tool: group-workbook
    access: write
"""


def decided() -> object:
    """What stands in the tool before and after the decision, and what was recorded of it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
        return _decide(Path(folder), environment)


def _decide(place: Path, environment: pytest.MonkeyPatch) -> dict[str, object]:
    """Ask for the approval there, approve, and begin."""
    player.copy_sample(place / "organization")
    without_others(environment)
    environment.setenv("GOLDEN_BOARD_TOKEN", "ghp-interoffice")
    standin = GitHubStandIn()
    standin.description = None  # the vendor's own lies outside the project; other tests hold against it
    standin.add_repository(REPOSITORY)
    with served(standin) as url:
        _with_a_board(place / "organization", url)
        desk = at_desk(place, environment)
        try:
            before = _approved(desk, standin)
        finally:
            leave()
    database = place / "state/interoffice.db"
    events = [each for each in ledger(database) if each["kind"] in ("question", "delivery", "approval")]
    return {
        "asked": before,
        "approved": _tickets(standin),
        "questions": documents(database, "SELECT document FROM questions ORDER BY id"),
        "intents": [
            list(row) for row in asked(database, "SELECT key, office, kind, state FROM intents ORDER BY key")
        ],
        "remembered of": [
            list(row) for row in asked(database, "SELECT office, ref FROM mirror ORDER BY office, ref")
        ],
        "ledger": [[e["kind"], e["subject"], bool(e["facts"]), e["version"], e["detail"]] for e in events],
    }


def _approved(desk: Desk, standin: GitHubStandIn) -> list[object]:
    """What the ticket says before somebody approves in it."""
    desk.publish()
    read_office(LEADER)
    ask_approval.fn(desk.simulate(), "the board wants it", dry_run=False)
    delivered = deliver_office(LEADER, dry_run=False)
    assert (delivered.create, delivered.problem) == (1, "")
    tickets = _tickets(standin)
    (ticket,) = standin.issues.values()
    standin.comment(ticket, "rosa", "approve")
    read_office(LEADER)
    assert advance_all(dry_run=False).begun
    deliver_office(LEADER, dry_run=False)
    return tickets


def _with_a_board(folder: Path, url: str) -> None:
    """The strategic office plans in a tool of tickets too, and its approver has an account there."""
    tools, people = folder / "tools.yaml", folder / "people.yaml"
    text = tools.read_text("utf-8").replace(BOOK, BOOK.replace("write", "observe"), 1)
    text = text.replace("\npartitions:\n", f"{TOOL.format(url=url)}\npartitions:\n{PART}", 1)
    tools.write_text(text, "utf-8")
    entry = f"  - id: {APPROVER}\n"
    told = people.read_text("utf-8").replace(entry, f"{entry}    accounts: {{group-board: rosa}}\n", 1)
    people.write_text(told, "utf-8")


def _tickets(standin: GitHubStandIn) -> list[object]:
    """Every ticket as it stands there."""
    return [
        {
            "title": each.title,
            "state": each.state,
            "type": each.type,
            "labels": each.labels,
            "text": each.body.split("\n"),
        }
        for each in standin.issues.values()
    ]
