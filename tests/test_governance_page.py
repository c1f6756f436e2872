"""docs/governance.md: its commands print what the page says, but for ids, which are new each time."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cli import main
from config.decision_mail import LASTS
from config.wiring import examine
from domain.decisions.links import Over
from domain.decisions.links import Reply as LinkReply
from domain.deviations.terms import ONCE, SEVERAL, draft_of
from domain.organization.terms import Terms
from domain.questions.answers import Reply, reply
from domain.questions.elections import BEYOND_RULE
from domain.questions.question import Question, QuestionKind
from domain.questions.registry import kind_of
from domain.rollouts.discretion import most_of
from domain.standards.standard import Discretion
from examples.harbor_group import player
from tests.config import test_decisions as bad_files
from tests.config.good import write
from tests.domain.deviations import test_asking as bad_requests
from tests.tasks import test_deviations as bad_terms
from tests.tasks.conftest import Desk, at_desk, leave
from tests.test_operating_page import sessions

COUNT, TWO = "operator_decisions_count: true\n", "decisions: {approvals: {ordinary: 2}}\n"
DAY = date(2027, 1, 4)
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
    monkeypatch.chdir(tmp_path)
    found.application.store.upgrade()
    yield found
    leave()


def strict(folder: Path) -> None:
    """The good organization where two approve and one approver is named."""
    folder.mkdir()
    write(folder)
    for name, was, now in (
        ("organization.yaml", COUNT, COUNT + TWO),
        ("offices.yaml", "approver: [ana, bo]", "approver: [ana]"),
    ):
        path = folder / name
        text = path.read_text("utf-8")
        assert was in text
        path.write_text(text.replace(was, now), "utf-8")


def test_the_warning_of_the_page_is_what_the_check_says(tmp_path: Path) -> None:
    strict(tmp_path / "strict")
    found = [str(each) for each in examine(tmp_path / "strict").warnings]
    (shown,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    assert shown in found


def test_sixty_bad_inputs_are_told_with_their_place_and_what_to_do() -> None:
    """Each is tried where it is listed: in the files of an organization, and in requests for a deviation."""
    files = {name: (place, instead) for name, (_, place, _, instead) in bad_files.BAD.items()}
    asked = {name: told for name, (_, told) in bad_requests.BAD.items()}
    assert not files.keys() & asked.keys()
    assert len(files) + len(asked) + len(bad_terms.BAD) >= 60
    assert all(re.search(r"\.yaml:\d+$", place) for place, _ in files.values())
    assert sum(bool(instead) for _, instead in files.values()) >= len(files) - 4, (
        "a bound says itself what to do"
    )


def test_the_terms_of_the_page_are_the_defaults_and_load(tmp_path: Path) -> None:
    (block,) = [each for each in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "decisions:" in each]
    (write(tmp_path) / "organization.yaml").write_text(f"id: quay\nname: Quay\n{block}", "utf-8")
    assert examine(tmp_path).organization.terms == Terms()


def test_the_words_of_the_page_are_understood_and_its_reason_is_one() -> None:
    table = PAGE.partition("| word | what becomes of the project |")[2].partition("\n\n")[0]
    listed = re.findall(r"(?m)^\| `([a-z]+)` \|", table)
    assert [reply(each) for each in listed] == [Reply.FINISH, Reply.GATE, Reply.ADOPT]
    (line,) = re.findall(r"(?m)^    (finish: .*)$", PAGE)
    question = Question("q", "porto", "porto/1", QuestionKind.ELECTION, BEYOND_RULE, "", DAY, DAY)
    assert kind_of(question).understood(question, line, None) == "finish_old"
    band = Discretion()
    assert f"from {band.at_least:g} to {band.at_most:g} % complete" in PAGE
    assert "of a program of four nobody may, of nine one" in re.sub(r"\s+", " ", PAGE)
    assert (most_of(4, band.share), most_of(9, band.share)) == (0, 1)


def plain(text: str) -> str:
    for pattern, instead in NEW:
        text = pattern.sub(instead, text)
    return text


def test_every_command_of_the_page_prints_what_the_page_says(desk: Desk, capsys) -> None:
    known: dict[str, str] = {}
    assert len(sessions(PAGE)) == 14
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
    assert kinds == ["absence", "delegation", "delegation_ended", "absence_ended", "absence"]
    assert not (desk.folder.parent / "stored" / "record" / "delegations.yaml").exists()
    read = YAML(typ="safe").load(
        (desk.folder.parent / "stored" / "record" / "absences.yaml").read_text("utf-8")
    )
    (row,) = read["absences"]
    said = (row["person"], row["first"], row["last"], row["deputy"], row["entered_by_operator"])
    assert said == ("lotte-smit", "2027-08-02", "2027-08-06", "adebayo-okafor", True)
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


def test_the_terms_of_the_page_can_be_read_and_every_term_stands_there() -> None:
    (terms,) = re.findall(r"(?m)^terms +(.*)$", PAGE)
    draft = draft_of("mersin/MR-01", "plan-size", "the supplier plans the rest", terms, date(2027, 1, 4))
    assert (draft.limit, draft.costs.money, draft.costs.days) == (5, 12000, 10)
    assert draft.measures == ("weekly review",)
    assert [name for name in (*ONCE, *SEVERAL) if f"`{name}`" not in PAGE] == []


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
    assert {str(each) for each in LinkReply} == {"approve", "decline", "return", "delegate"}
    for words in ("| approve |", "| decline |", "| return with a question |", "| let somebody else decide |"):
        assert words in PAGE
    table = PAGE.partition("| what the page says |")[2].partition("\n\n")[0]
    assert len(table.splitlines()) - 2 == len(Over) - 1, "one row for each, and one for two"
    assert f"after {LASTS.days} days" in PAGE
