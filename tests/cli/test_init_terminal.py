"""On a terminal `init` asks about each office, with a proposal; without one it asks nothing."""

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.organization import Loaded
from config.wiring import examine
from tests.cli.test_init import workbook

ROOT = Path(__file__).resolve().parents[2]
ENTER, CTRL_D = "\n", "\x04"


def listens() -> None:
    """As on a terminal, Ctrl-C is heard, though tests may run where a shell ignores or holds it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def interrupt(running: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C until it is heard: Python misses one that comes just before it begins to wait.

    Where the machine is so busy that one comes while the program ends already, that ends it at once.
    """
    for _ in range(30):
        os.killpg(running.pid, signal.SIGINT)
        try:
            running.wait(1)
        except subprocess.TimeoutExpired:
            continue
        return


def talk(arguments: list[object], answers: list[str]) -> tuple[int, str]:
    """Run `interoffice init` on a terminal; each answer is typed when a question stands there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cli.main", "init", *map(str, arguments)]
    running = subprocess.Popen(
        command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=listens,  # noqa: PLW1509 - no thread is at work here
    )  # fmt: skip
    os.close(theirs)
    said, left = b"", list(answers)
    while select.select([ours], [], [], 60)[0]:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
        if said.endswith(b"]: "):
            if not left:
                running.kill()
                break
            answer = left.pop(0)
            if answer == "interrupt":
                interrupt(running)
            else:
                os.write(ours, answer.encode())
    code = running.wait(60)
    os.close(ours)
    return code, said.decode()


def test_the_office_is_asked_for_with_a_proposal_and_a_wrong_answer_is_asked_again(tmp_path):
    file = workbook(tmp_path / "Büro Kiel.xlsx")
    answers = ["Kiel Süd\n", "kiel\n", ENTER, "DE-SH\n", "Berlin\n", ENTER, "Euro\n", "EUR\n", "Jo Maß\n"]
    code, said = talk([tmp_path / "org", file], answers)
    assert code == 0, said
    assert "the office's id [buro-kiel]:" in said
    assert "Kiel Süd is no id -> write kiel-sud" in said
    assert "its time zone [Europe/Berlin]:" in said
    assert "`Berlin` is no time zone" in said
    assert "who heads it" in said.rpartition("currency")[2], "the head is asked for last"
    found = examine(tmp_path / "org")
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    office = found.organization.offices["kiel"]
    assert (office.name, office.calendar.country, office.currency) == ("Büro Kiel", "DE-SH", "EUR")


@pytest.mark.servers  # seconds: a process on a terminal
def test_what_options_answer_is_not_asked(tmp_path):
    file = workbook(tmp_path / "kiel.xlsx")
    given = [
        "--office",
        "kiel",
        "--name",
        "Kiel",
        "--country",
        "DE",
        "--time-zone",
        "Europe/Berlin",
        "--currency",
        "EUR",
    ]
    code, said = talk([tmp_path / "org", file, *given], [ENTER])
    assert code == 0
    assert said.count("]: ") == 1
    assert "who heads it" in said


@pytest.mark.servers  # seconds: a process on a terminal
@pytest.mark.parametrize(
    ("answer", "said", "codes"),
    [
        (CTRL_D, "no answer came, and nothing was written", [1]),
        ("interrupt", "interrupted", [1, -signal.SIGINT]),
    ],
    ids=["end of input", "interrupted"],
)
def test_who_stops_in_the_middle_finds_nothing_written(tmp_path, answer, said, codes):
    file = workbook(tmp_path / "kiel.xlsx")
    code, text = talk([tmp_path / "org", file], [ENTER, "Kiel\n", answer])
    assert code in codes
    assert said in text
    assert "Traceback" not in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kiel.xlsx"]


@pytest.mark.servers  # seconds: a process
def test_without_a_terminal_nothing_is_asked_and_placeholders_are_left(tmp_path):
    file = workbook(tmp_path / "kiel.xlsx")
    command = [sys.executable, "-m", "cli.main", "init", str(tmp_path / "org"), str(file)]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "]: " not in done.stdout
    assert (tmp_path / "org" / "offices.yaml").read_text("utf-8").count("# CHANGE") == 6
