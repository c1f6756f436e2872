"""What a program of ours says that cannot begin: one line with what to do, and no secret."""

import subprocess
import sys

import pytest

from runtime.making_tables import alone
from runtime.problem import Problem
from tests.test_house import ROOT


def test_a_database_that_cannot_be_reached_is_told_with_what_to_do_and_without_its_password() -> None:
    with pytest.raises(Problem) as told, alone("postgresql://anna:geheim@127.0.0.1:9/prefect"):
        pass
    assert "-> start it, or correct INTEROFFICE_PREFECT_DATABASE_URL" in str(told.value)
    assert "refused" in str(told.value)
    assert "geheim" not in str(told.value)


def test_a_problem_that_a_person_can_put_right_is_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "runtime.begin", "runtime.prefect_server", "3"],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("error: PREFECT_SERVER_API_AUTH_STRING is not set")
    assert len(done.stderr.splitlines()) == 1
