"""What a run may be refused for: the request, the organization's files, a tool. Errors of our own are none.

A refusal is a sentence for whoever started the run; a traceback beside it would be read as a defect. An error
of ours keeps its traceback.
"""

from __future__ import annotations

import logging

from config.problems import UnusableOrganization
from config.settings import BadSettings
from connectors.errors import ToolError
from domain.words import counted
from store.errors import StoreError

PLAIN = (LookupError, ValueError, PermissionError)
"""Raised with a sentence of ours; what Python derives from them is raised by mistakes, such as KeyError."""
REFUSALS = (*PLAIN, ToolError, StoreError, BadSettings, UnusableOrganization)
LOGGERS = ("prefect.flow_runs", "prefect.task_runs")


def is_refusal(problem: BaseException) -> bool:
    """Whether it says what is wrong with a request or its circumstances, as against an error of ours."""
    if not isinstance(problem, REFUSALS):
        return False
    kind = type(problem)
    return kind in PLAIN or kind.__module__.partition(".")[0] not in ("builtins", "pydantic_core", "json")


def said(problem: Exception) -> str:
    """What is wrong and what to do, without what the organization's files say."""
    if isinstance(problem, UnusableOrganization):
        return (
            f"the organization's files have {counted(len(problem.problems.errors), 'error')}: `interoffice"
            " check` with the organization's folder names each with file and line; correct them and start"
            " this again"
        )
    return str(problem)


def keep_tracebacks_for_errors() -> None:
    """From now on the logs of runs say a refusal in one line; done again, it changes nothing."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    problem = record.exc_info[1] if record.exc_info else None
    if problem is not None and is_refusal(problem):
        record.exc_info = record.exc_text = None
        record.msg, record.args = "Refused: %s", (said(problem),) if isinstance(problem, Exception) else ()
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True
