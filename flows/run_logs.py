"""What stands in the log of a run on its page: first what came of it, and of a refusal one line.

Prefect's own lines about the start of a run stay in the worker's log only. It hides no error of ours: such a
one keeps its traceback. It reads Prefect's lines only to shorten them, never to learn what happened.
"""

from __future__ import annotations

import ast
import logging
import re

from flows.refusals import is_refusal

LOGGERS = ("prefect.flow_runs", "prefect.flow_runs.worker", "prefect.task_runs")
STARTING = re.compile(r"(Beginning (flow|subflow) run|Worker '.*' submitting|Flow run '.*' submitted)")
FAILED = re.compile(r"Finished in state Failed\((['\"]Refused: .*)\)", re.DOTALL)


def shorten() -> None:
    """From now on the runs of this process are logged so; done again, it changes nothing."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(shortened)


def shortened(record: logging.LogRecord) -> bool:
    """Whether the record is kept; it is shortened on the way."""
    text = record.getMessage()
    if STARTING.match(text):
        record.send_to_api = False
    if record.exc_info and record.exc_info[1] is not None and is_refusal(record.exc_info[1]):
        _refused.add(getattr(record, "task_run_id", None))
        return False  # the flow says it
    if record.name == "prefect.task_runs" and getattr(record, "task_run_id", None) in _refused:
        return False
    if found := FAILED.fullmatch(text):
        record.msg, record.args = ast.literal_eval(found[1]), ()
    return True


_refused: set[str | None] = set()
"""The task runs that were refused in this process, which is a run's own."""
