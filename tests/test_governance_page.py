"""docs/governance.md: its commands print what the page says, but for ids, which are new each time."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

import pytest

from cli import main
from config.decision_mail import LASTS
from domain.decisions.law import Terms
from domain.decisions.links import Over, Reply
from examples.harbor_group import player
from tests.tasks.conftest import Desk, at_desk, leave
from tests.test_operating_page import sessions

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "governance.md").read_text("utf-8")
ID = re.compile(r"\b[0-9a-f]{12}(?:[0-9a-f]{4})?\b")
NEW = (
    (re.compile(r"(?<=/person/)1\.[\w.-]+"), "LINK"),
    (re.compile(r"(?<=until )[0-9-]{10}(?=  stands)"), "A DAY"),
)
"""What is new each time besides: the secret of a link, and the day on which it ends."""


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Iterable[Desk]:
    """The sample as it is committed, with an empty store."""
    player.copy_sample(tmp_path / "organization")
    found = at_desk(tmp_path, monkeypatch)
    found.application.store.upgrade()
    yield found
    leave()


def plain(text: str) -> str:
    for pattern, instead in NEW:
        text = pattern.sub(instead, text)
    return text


def test_every_command_of_the_page_prints_what_the_page_says(desk: Desk, capsys) -> None:
    known: dict[str, str] = {}
    assert len(sessions(PAGE)) == 11
    for command, shown in sessions(PAGE):
        printed = plain(shown)
        given = ID.sub(lambda found: known.get(found[0], found[0]), command)
        refused = printed.startswith("error: ")
        assert main.main(shlex.split(given)) == (1 if refused else 0), command
        out, err = capsys.readouterr()
        said = plain((err if refused else out).rstrip("\n"))
        known.update(zip(ID.findall(printed), ID.findall(said), strict=True))
        assert ID.sub("ID", said) == ID.sub("ID", printed), command
    with desk.application.store.read() as unit:
        kinds = [e.event.kind for e in unit.ledger.entries() if e.event.kind.startswith(("absen", "deleg"))]
        texts = [str(e.event.detail) + e.event.actor for e in unit.ledger.entries()]
        assert unit.ledger.verify() is None
    assert kinds == ["absence", "delegation", "delegation_ended", "absence_ended"]
    assert not [text for text in texts if "katrin" in text or "lotte" in text]


@pytest.mark.parametrize(
    ("command", "code", "why"),
    [
        ("absent", 2, "something is missing"),
        ("absent katrin-brandt --from 2027-07-05", 2, "something is missing"),
        ("absent katrin-brandt --from 5.7.2027 --until 2027-07-16", 2, "is no day"),
        ("absent nobody --from 2027-07-05 --until 2027-07-16", 1, "nobody in people.yaml"),
        ("delegate katrin-brandt --to lotte-smit --of group --from 2027-07-05 --until 2027-07-16", 1, "nothing to delegate"),
        ("delegate katrin-brandt --to lotte-smit --of group --as king --from 2027-07-05 --until 2027-07-16", 2, "is no role"),
        ("end abc", 1, "nothing with the id"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_one_line_with_what_to_do(
    desk: Desk, capsys, command: str, code: int, why: str
) -> None:
    assert desk.folder.is_dir()
    assert main.main(["person", *shlex.split(command)]) == code
    said = capsys.readouterr().err
    assert why in said
    assert len(said.splitlines()) == 1


def test_the_numbers_of_the_page_are_those_of_the_law() -> None:
    terms = Terms()
    assert (terms.quorum, terms.significant_quorum, f"{terms.cost:.0%}") == (1, 2, "5%")
    assert "One for an ordinary request; two for a significant one" in PAGE
    assert "than 5 % of the budget" in PAGE


@pytest.mark.parametrize(
    ("command", "code", "why"),
    [
        ("--person nobody", 1, "is nobody in people.yaml"),
        ("--person marijke-van-dijk --upload group", 2, "give --person ID alone"),
        ("--person marijke-van-dijk --days 93", 2, "give --days from 1 to 92"),
        ("--revoke 9b2f4c01d7aa53e8", 1, "stands"),
        ("--decisions --list", 2, "give it alone"),
        ("--decisions marijke-van-dijk", 2, "give it alone"),
        ("--decisions --revoke 9b2f4c01d7aa53e8", 2, "give it alone"),
    ],
)
def test_a_link_that_cannot_be_made_or_ended_is_said_with_what_to_do(
    desk: Desk, capsys, command: str, code: int, why: str
) -> None:
    assert desk.folder.is_dir()
    assert main.main(["link", *shlex.split(command)]) == code
    assert why in capsys.readouterr().err


def test_every_reason_of_a_link_and_every_answer_stands_on_the_page() -> None:
    assert {str(each) for each in Reply} == {"approve", "decline", "return", "delegate"}
    for words in ("| approve |", "| decline |", "| return with a question |", "| let somebody else decide |"):
        assert words in PAGE
    table = PAGE.partition("| what the page says |")[2].partition("\n\n")[0]
    assert len(table.splitlines()) - 2 == len(Over) - 1, "one row for each, and one for two"
    assert f"after {LASTS.days} days" in PAGE
