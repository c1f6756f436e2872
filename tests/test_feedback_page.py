"""docs/feedback.md: its commands print what the page says, and its tables name what the code knows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from cli import main
from config.version_file import version_file
from domain.cases.asking import ONCE, SEVERAL
from domain.cases.case import AGREED_DAYS
from domain.cases.checking import check_of
from domain.cases.escalating import OBJECTION_DAYS
from domain.cases.kinds import AboutKind, CaseCause
from domain.directives import asking as directive_asking
from domain.drafts import terms
from domain.drafts.amending import amended
from domain.questions.answers import WORDS
from domain.questions.cases import ANSWERS
from domain.questions.directives import ANSWERS as DIRECTIVE_ANSWERS
from domain.standards.standard import CONSULTED_DAYS
from examples.harbor_group import player
from tasks import context
from tasks.drafting import draft_version
from tests.tasks.conftest import Desk, at_desk, forget, leave
from tests.tasks.deviating import MONDAY, at
from tests.tasks.test_cases import ABOUT, raised
from tests.tasks.test_directives import issued
from tests.test_operating_page import absent, sessions

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "feedback.md").read_text("utf-8")


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Iterable[Desk]:
    """The sample as it is committed, with its versions published."""
    player.copy_sample(tmp_path / "organization")
    found = at_desk(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    found.application.store.upgrade()
    found.publish()
    yield found
    leave()


def directive_terms() -> list[str]:
    """What may stand in the addressees and terms of a directive."""
    return [*directive_asking.WHOM, *directive_asking.ONCE, *directive_asking.SEVERAL]


def draft_next(desk: Desk) -> None:
    """The next version stands in the files, and is put to two offices."""
    base = desk.application.versions["delivery-method/2.0"]
    offices = ("mersin", "durban")
    made = amended(
        base, "2.1", date(2027, 5, 3), "ports", rule="overdue-share", limit=25, days=10, offices=offices
    )
    (desk.folder / "standards/delivery-method/2.1.yaml").write_text(version_file(made), "utf-8")
    context.current_application().store.close()
    forget()
    at(MONDAY)
    draft_version.fn(made.id, "", "adebayo-okafor", "ports ask for it", dry_run=False)


@pytest.mark.servers
def test_every_command_of_the_page_prints_what_the_page_says(desk: Desk, capsys) -> None:
    at(MONDAY)
    raised(about=ABOUT, terms="cause=regulatory; project=mersin/MR-01; check=rule version-named")
    until = "due=2027-02-19; evidence=attested: every crane was inspected; acknowledge=5"
    issued(
        "Have every crane inspected before the storm season",
        "subtree=hamburg; except=santos; role=head",
        until,
    )
    draft_next(desk)
    found = sessions(PAGE)
    assert len(found) == 5
    for command, printed in found:
        assert main.main(shlex.split(command)) == 0, command
        assert capsys.readouterr().out.rstrip("\n") == printed, command


def test_the_page_names_every_term_cause_word_and_thing() -> None:
    assert absent(PAGE, [*ONCE, *SEVERAL, *AboutKind, *directive_terms()]) == []
    assert absent(PAGE, [*terms.ONCE, *terms.SEVERAL, *terms.Step]) == []
    assert f"it is {CONSULTED_DAYS} business days" in PAGE
    assert [each for each in CaseCause if each not in PAGE] == []
    answers = (*ANSWERS.values(), *DIRECTIVE_ANSWERS.values())
    words = {WORDS[each]["en"][0] for asked in answers for each in asked}
    assert [each for each in (*words, "dissent") if not re.search(rf"\b{each}\b", PAGE)] == ["approve"], (
        "accept is the same"
    )
    assert f"{OBJECTION_DAYS} business days" in PAGE
    assert f"closes; {AGREED_DAYS} |" in PAGE
    for line in PAGE.splitlines():
        if line.startswith(("| `rule ", "| `fact ", "| `cel ", "| `attested")):
            assert check_of(line.split("`")[1]).text
