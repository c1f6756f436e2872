"""A new user, from `git clone` to a first own report, then to a first answer: with the commands of the README.

Three organizations that begin with their own files alone. Everything is done by commands, and edited is only what
one of them asked for; what was read is held against what was written down by hand.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from config.settings import read_settings
from config.wiring import wire
from tests import live
from tests.conftest import ROOT
from tests.contract import project_files, redmine_bench
from tests.newcomers import files

pytestmark = pytest.mark.servers
redmine, new_project = live.redmine, live.new_project
MOST = 8
"""Commands to the first own report, `git clone` among them."""
DOWNLOADED = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pip"
"""What pip has downloaded on this machine: a user of other projects has it too, and hashes are checked all the same."""


@dataclass
class NewUser:
    """Somebody with an empty home and a clone, who counts the commands."""

    clone: Path
    home: Path
    commands: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    """The variables that this user set: credentials, by the names that tools.yaml has."""

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: text for name, text in os.environ.items()
            if name.lower().startswith(("pip_", "ssl_", "requests_")) or name == "PATH"
        }  # fmt: skip
        shared = {"PIP_CACHE_DIR": str(DOWNLOADED), "HOME": str(self.home), "LANG": "C.UTF-8"}
        return {**shared, **kept, **self.secrets}

    def does(self, *command: str | Path, ends: int = 0) -> str:
        """What a command prints; it has to end so."""
        self.commands.append(" ".join(map(str, command)))
        ended = subprocess.run(
            [str(each) for each in command], cwd=self.clone if self.clone.exists() else self.home,
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == ends, (
            f"{self.commands[-1]}\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"
        )
        return ended.stdout + ended.stderr

    @property
    def program(self) -> Path:
        return self.clone / ".venv" / "bin" / "interoffice"

    def interoffice(self, *arguments: str | Path, ends: int = 0) -> str:
        return self.does(self.program, *arguments, ends=ends)

    @contextmanager
    def up(self, folder: Path) -> Iterator[str]:
        """`interoffice up` in another terminal, and what it said until its pages could be opened."""
        command = [str(self.program), "up", "--organization", str(folder)]
        self.commands.append(" ".join(command))
        said = self.home / f"{folder.name}.log"
        with (
            said.open("wb") as log,
            subprocess.Popen(
                command, cwd=self.clone, env=self.environment, stdout=log, stderr=log, start_new_session=True
            ) as running,
        ):
            try:
                while "serving until Ctrl-C" not in said.read_text("utf-8"):
                    assert running.poll() is None, said.read_text("utf-8")[-3000:]
                    time.sleep(0.2)
                yield said.read_text("utf-8")
            finally:
                running.send_signal(signal.SIGTERM)
                running.wait(90)


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> NewUser:
    home = tmp_path_factory.mktemp("home")
    user = NewUser(home / "interoffice", home)
    user.does("git", "clone", "--quiet", ROOT, user.clone)
    user.does("make", ".venv")
    return user


@pytest.fixture
def user(installed) -> NewUser:
    return NewUser(installed.clone, installed.home, list(installed.commands))


def projects(user: NewUser, folder: Path) -> Mapping[str, Any]:
    """Every project as it was read, by the office's own id."""
    (state,) = (user.clone / "var" / "organizations").glob(f"{folder.name}-*")
    settings = read_settings({"INTEROFFICE_STATE": str(state), "INTEROFFICE_ORGANIZATION": str(folder)})
    application = wire(settings)
    try:
        with application.store.read() as unit:
            return {stored.plan.project.key.partition("/")[2]: stored.plan for stored in unit.plans.current()}
    finally:
        application.store.close()


def facts(plan: Any) -> tuple[Any, ...]:
    project = plan.project
    return (
        project.title, str(project.stage) if project.stage else None, project.finish, project.baseline_finish,
        project.percent_complete, project.budget,
    )  # fmt: skip


def page(said: str) -> str:
    """The newest page of what was read."""
    (found,) = re.findall(r"Nothing outside (\S+) was touched", said)
    (path,) = (Path(found) / "reports").glob("reading-*.html")
    return re.sub("</?bdi>", "", path.read_text("utf-8"))


def test_from_the_clone_to_the_first_own_report_in_french_and_portuguese(user, tmp_path) -> None:
    folder, books = tmp_path / "rede", (files.transports(tmp_path), files.energia(tmp_path))
    before = [book.read_bytes() for book in books]
    for book, name, country, language, add in (
        (books[0], "reseau", "FR", "fr", ()),
        (books[1], "energia", "PT", "pt", ("--add",)),
    ):
        office = (f"{book}={name}", "--country", country, "--language", language)
        user.interoffice("init", folder, *add, *office, "--no-questions")
    assert "0 errors" in user.interoffice("check", folder, "--files")
    said = user.interoffice("up", "--organization", folder, "--once")
    _reported(user, folder, said, {**files.TRANSPORTS, **files.ENERGIA}, offices=2)
    assert [book.read_bytes() for book in books] == before, "they were only read"


def _reported(user: NewUser, folder: Path, said: str, right: Mapping[str, Any], offices: int = 1) -> None:
    """The first own report of twelve projects each, within the promised commands, with everything right."""
    assert len(user.commands) <= MOST
    found = projects(user, folder)
    assert len(found) == 12 * offices
    assert {key: facts(found[key]) for key in right} == dict(right)
    html = page(said)
    read = re.findall(r"; (\d+) places? not understood", html)
    assert len(read) >= offices
    assert set(read) == {"0"}
    assert html.count("1 totals row") >= offices


def test_a_plan_of_microsoft_project_is_added_to_what_is_there(user, tmp_path) -> None:
    project_files.need_java()
    folder, plan = tmp_path / "mine", tmp_path / "Umzug.xml"
    user.does("make", "project-files")
    user.interoffice("init", folder, f"{files.klinik(tmp_path)}=klinik", "--country", "DE", "--no-questions")
    plan.write_text(project_files.plan(), "utf-8")
    was = (folder / "tools.yaml").read_text("utf-8")
    user.interoffice("init", folder, "--add", f"{plan}=bau", "--country", "AT", "--no-questions")
    for line in was.splitlines():
        assert line in (folder / "tools.yaml").read_text("utf-8"), "what stood there stays"
    said = user.interoffice("check", folder, "--files")
    assert re.search(r"^klinik \(\S+\): read$", said, re.MULTILINE)
    assert re.search(r"^bau \(\S+\): read$", said, re.MULTILINE)
    assert len(user.commands) <= MOST


def workday(day: date) -> date:
    """That day, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _run(folder: Path) -> tuple[str | Path, ...]:
    """How a flow is run by what `up` started."""
    return ("run", "--organization", folder, "--json")


def begin(user: NewUser, folder: Path, offices: Sequence[str]) -> None:
    """Publish the standard, simulate and approve the rollout's first wave for offices, and run its first day."""
    start = workday(datetime.now(UTC).date() - timedelta(days=1))
    standard = folder / "standards" / "delivery" / "1.0.yaml"
    effective = re.sub(r"effective_from: \S+", f"effective_from: {start}", standard.read_text("utf-8"))
    standard.write_text(effective, "utf-8")
    (folder / "rollouts" / "first.yaml").write_text(
        f'id: first\nstandard: delivery\nversion: "1.0"\nwaves:\n'
        f"  - {{number: 1, name: Pilot, offices: [{', '.join(offices)}], start: {start}}}\n",
        "utf-8",
    )
    organization = folder / "organization.yaml"
    entered = organization.read_text("utf-8").replace("decisions_count: false", "decisions_count: true")
    organization.write_text(entered, "utf-8")
    run, head = _run(folder), "person=head-of-portfolio"
    user.interoffice(*run, "publish-standard", "version=delivery/1.0", head, "why=first", "dry_run=false")
    simulated = outcome(user.interoffice(*run, "simulate-standard", "version=delivery/1.0", "why=look"))
    approval = (
        f"digest={simulated['digest'][:12]}",
        "approved_by=head-of-portfolio",
        "why=go",
        "dry_run=false",
    )
    user.interoffice(*run, "roll-out-standard", *approval)
    next_day(user, folder, "first day")


def next_day(user: NewUser, folder: Path, why: str) -> None:
    """Read, judge, ask and deliver once more."""
    user.interoffice(*_run(folder), "run-cycle", f"why={why}", "dry_run=false")


def pasted(text: str) -> list[str]:
    """What a command says to add to tools.yaml."""
    return re.findall(r"add `(.*?)`$", text, re.MULTILINE)


def test_access_first_questions_in_two_tools_their_answers_and_the_first_wave(
    user, tmp_path, redmine, new_project
) -> None:
    folder, book = tmp_path / "verbund", files.klinik(tmp_path)
    before = book.read_bytes()
    project, task = _harbor(redmine, new_project)
    user.secrets["HAFEN_KEY"] = redmine["users"]["interoffice"]["key"]
    user.interoffice(
        "init", folder, f"{book}=klinik", "--country", "DE-MV", "--head", "Anke Vogt", "--no-questions"
    )
    user.interoffice(
        "init", folder, "--add", "--tracker", redmine["url"], "--allow", "127.0.0.1", "--credentials",
        "HAFEN_KEY", "--office", "hafen", "--within", project, "--country", "DE", "--no-questions",
    )  # fmt: skip
    user.interoffice("new-standard", "delivery", "--organization", folder)
    with user.up(folder) as said:
        assert len(user.commands) <= MOST
        _read_only(user, folder, said, project)
        assert book.read_bytes() == before, "it was only read"
        assert [each["id"] for each in redmine_bench.issues(redmine, project)] == [task], "it was only read"
        _asked_and_answered(user, folder, book, redmine, project)
    assert "rollout     delivery 1.0, running" in user.interoffice("status", "--organization", folder)
    found = projects(user, folder)
    assert len(found) == 13, "the offices' own projects are what they were"
    assert found[project].project.finish is None, "what stands in its own cell is the office's"


def _harbor(redmine: Mapping, new_project: Any) -> tuple[str, int]:
    """A project of a Redmine with one task: their keys there."""
    known = {
        "stage": "Execution",
        "percent_complete": 95,
        "baseline_finish": date(2027, 3, 31),
        "budget": 250000,
    }
    project = new_project("Kaimauer Nord", known)
    return project, redmine_bench.issue(redmine, project, "Spundwand", estimated_hours=80.0, done_ratio=95)


def _read_only(user: NewUser, folder: Path, said: str, project: str) -> None:
    """What the first report shows of both offices is what stands in their tools."""
    found = projects(user, folder)
    assert {key: facts(found[key]) for key in files.KLINIK} == dict(files.KLINIK)
    harbor = found[project]
    assert facts(harbor) == ("Kaimauer Nord", "execution", None, date(2027, 3, 31), 95.0, 250000.0)
    assert [(item.title, item.work, item.percent) for item in harbor.items] == [("Spundwand", 80.0, 95.0)]
    html = page(said)
    assert set(re.findall(r"; (\d+) places? not understood", html)) == {"0"}
    assert "1 totals row" in html


def _asked_and_answered(user: NewUser, folder: Path, book: Path, redmine: Mapping, project: str) -> None:
    """From the access that two offices grant to their answers, which are understood."""
    tools = folder / "tools.yaml"
    granted = tools.read_text("utf-8").replace("access: observe  ", "access: write  ")
    assert granted.count("access: write  ") == 2
    tools.write_text(granted, "utf-8")
    said = user.interoffice(
        "prepare", "klinik", "--organization", folder, "--write", ends=1
    )  # the rest is for a person
    questions, key = pasted(said)
    text = tools.read_text("utf-8")
    text = text.replace("      items:  #", f"      {questions}\n      items:  #", 1)
    text = text.replace('          id: "Nr."', f'          {key}\n          id: "Nr."', 1)
    tools.write_text(text, "utf-8")
    checked = user.interoffice("check", folder, "--connect")
    assert checked.count("read, can be written") == 2
    begin(user, folder, ("klinik", "hafen"))
    asked = {row["interoffice key"]: row for row in rows(book)}
    weeks = next(key for key in asked if key.endswith("/K-05/project.weeks_remaining"))
    assert asked[weeks]["Project"], "whom it is about stands beside it"
    assert asked[weeks]["Answer by"]
    (there,) = _questions(redmine, project)
    assert "Fill in finish" in there["description"]
    answer(book, weeks, "2027-06-30")
    redmine_bench.edit(redmine, there["id"], notes="2027-06-30")
    next_day(user, folder, "second day")
    (answered,) = [row for row in rows(book) if row["interoffice key"] == weeks]
    assert answered["Standing"] == "answered"
    (answered_there,) = _questions(redmine, project)
    assert "standing: answered" in answered_there["description"]


def _questions(redmine: Mapping, project: str) -> list[dict[str, Any]]:
    """The issues of the project that ask for a fact, by our key on them."""
    number = redmine["issue_fields"]["interoffice_key"]
    found = redmine_bench.issues(redmine, project)
    return [
        e
        for e in found
        if any(f["id"] == number and str(f["value"]).startswith("ask/") for f in e["custom_fields"])
    ]


def outcome(printed: str) -> Mapping[str, Any]:
    """The outcome in what `run --json` prints, which other programs' lines may surround."""
    return json.loads(printed[printed.index("{\n") : printed.rindex("}\n") + 1])["outcome"]


def rows(book: Path) -> list[dict[str, Any]]:
    """The rows of the sheet of questions, by their headers."""
    sheet = openpyxl.load_workbook(book)["Questions"]
    header, *below = list(sheet.iter_rows(values_only=True))
    return [dict(zip(header, row, strict=True)) for row in below]


def answer(book: Path, key: str, said: str) -> None:
    """Write an answer as the office would."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["Questions"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[header.index("interoffice key")].value == key:
            row[header.index("Answer")].value = said
            row[header.index("Answered by")].value = "Anke Vogt"
    opened.save(book)
