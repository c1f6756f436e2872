"""What the gateway logs: a line of JSON each, with ids and counts, never a body, secret or name."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

FIELDS = (
    "source",
    "status",
    "message_id",
    "thing",
    "run",
    "office",
    "receiver",
    "number",
    "variable",
    "why",
    "count",
)


class Lines(logging.Formatter):
    """One object to a line: time, level, message, and the fields that are named above."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; line breaks within a text are escaped by JSON."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        told |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, "") != ""}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
        return json.dumps(told)


def begin() -> None:
    """Let this process log to its standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logger = logging.getLogger("interoffice.gateway")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def unexpected(problem: BaseException) -> str:
    """An unexpected error for the log: its type and place, without its text, which may quote a body."""
    place = problem.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    return f"{type(problem).__name__}{where}"
