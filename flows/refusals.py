"""What a run may be refused for: the request, the organization's files, a tool. Errors of our own are none.

A refusal is a sentence for whoever started the run; a traceback beside it would be read as a defect.
"""

from __future__ import annotations

from config.problems import UnusableOrganization
from config.settings import BadSettings
from connectors.errors import ToolError
from domain.words import counted
from store.errors import StoreError

PLAIN = (LookupError, ValueError, PermissionError)
"""Raised with a sentence of ours; what Python derives from them is raised by mistakes, such as KeyError."""
ROOMS = ("domain", "connectors", "store", "config", "tasks", "flows")
"""Whose own errors are refusals where they derive from these."""
REFUSALS = (*PLAIN, ToolError, StoreError, BadSettings, UnusableOrganization)


def is_refusal(problem: BaseException) -> bool:
    """Whether it says what is wrong with a request or its circumstances, as against an error of ours."""
    if not isinstance(problem, REFUSALS):
        return False
    kind = type(problem)
    return kind in PLAIN or kind.__module__.partition(".")[0] in ROOMS


def said(problem: Exception) -> str:
    """What is wrong and what to do, without what the organization's files say."""
    if isinstance(problem, UnusableOrganization):
        return (
            f"the organization's files have {counted(len(problem.problems.errors), 'error')}: `interoffice"
            " check` with the organization's folder names each with file and line; correct them and start"
            " this again"
        )
    return str(problem)
