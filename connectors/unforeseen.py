"""An answer that its connector did not foresee stays its office's: refused in one line, and logged whole."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.errors import Refused, ToolError, redacted

LOG = logging.getLogger("interoffice.tools")
UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading an answer raises that is not of the shape that its tool's description gives."""


@contextmanager
def one_offices(office: str, passing: type[Exception] = ToolError) -> Iterator[None]:
    """Raises Refused, which ends nothing of other offices, where an answer was not understood.

    `passing` is a kind of error that goes through as it is, besides those of tools.
    """
    try:
        yield
    except (ToolError, passing):
        raise
    except UNFORESEEN as problem:
        whole = redacted("".join(traceback.format_exception(problem)))
        LOG.error("%s: an answer of its tool was not understood\n%s", office, whole)  # noqa: TRY400 - redacted
        raise Refused(
            f"an answer of the tool was not understood ({type(problem).__name__}: {problem}); "
            "the log of the run has the whole error: report it with the tool's version"
        ) from problem
