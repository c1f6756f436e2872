"""What is said of a run that was refused, and that a mistake of ours is never taken for a refusal."""

from __future__ import annotations

import logging

import pytest
from pydantic import TypeAdapter, ValidationError

from config.permitting import NotPermitted
from config.problems import Problems, UnusableOrganization
from config.settings import BadSettings
from connectors.errors import TryLater
from domain.standards.standard import Where
from flows.outcome import refused
from flows.refusals import is_refusal
from flows.run_logs import shortened
from store.errors import Busy
from tasks.alerting import NotTaken


def invalid() -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(int).validate_python("x")
    return refused.value


@pytest.mark.parametrize(
    "problem",
    [
        LookupError("no office"), ValueError("give a reason"), PermissionError("may not"), Busy("busy"),
        NotTaken("dead"), BadSettings(("INTEROFFICE_X is no setting",)),
    ],
)  # fmt: skip
def test_what_says_what_is_wrong_with_a_request_is_a_refusal(problem: Exception) -> None:
    assert is_refusal(problem)


def test_classes_of_ours_are_refusals() -> None:
    assert issubclass(NotPermitted, PermissionError)
    assert is_refusal(TryLater.__new__(TryLater))


@pytest.mark.parametrize(
    "problem",
    [KeyError("author"), IndexError("0"), UnicodeError("x"), TypeError("x"), invalid(), OSError("x")],
)
def test_a_mistake_is_none(problem: Exception) -> None:
    assert not is_refusal(problem)


def record(name: str, message: str, problem: Exception | None = None, task: str = "t-1") -> logging.LogRecord:
    made = logging.LogRecord(
        name, logging.ERROR, "", 1, message, (), (type(problem), problem, None) if problem else None
    )
    made.task_run_id = task
    return made


def test_of_a_refusal_the_log_has_one_line_and_no_traceback() -> None:
    refusal = LookupError("no office atlantis")
    assert not shortened(record("prefect.task_runs", "Task run failed", refusal, "refused"))
    assert not shortened(record("prefect.task_runs", "Finished in state Failed('x')", None, "refused"))
    last = record("prefect.flow_runs", "Finished in state Failed(\"Refused: no office 'atlantis'\")")
    assert shortened(last)
    assert last.getMessage() == "Refused: no office 'atlantis'"


def test_a_mistake_keeps_its_traceback_and_its_lines() -> None:
    failed = record("prefect.task_runs", "Task run failed", KeyError("author"), "broken")
    assert shortened(failed)
    assert failed.exc_info
    for message in ("Finished in state Failed('x')", "Finished in state Completed('8 of 12 follow.')"):
        kept = record("prefect.task_runs", message, None, "broken")
        assert shortened(kept)
        assert kept.getMessage() == message


def test_how_a_run_starts_stays_out_of_its_page() -> None:
    begun = record("prefect.flow_runs", "Beginning flow run 'x' for flow 'y'")
    assert shortened(begun)
    assert begun.send_to_api is False
    assert not hasattr(record("prefect.flow_runs", "antwerp: 3 projects"), "send_to_api")


def test_files_that_cannot_be_used_are_counted_and_their_texts_stay_out_of_prefect() -> None:
    problems = Problems()
    problems.add(Where("people.yaml", 3), "Ana Reis is nobody")
    unusable = UnusableOrganization(problems)
    assert is_refusal(unusable)
    message = refused(unusable).message
    assert message.startswith("Refused: the organization's files have 1 error: `interoffice check`")
    assert "Ana Reis" not in message
