"""Ours: the same plans scheduled from their values, in a process of its own; asked and answering as by_mpxj.

The first line says which seeds; plans are made by chance here, as they are for the other one.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

sys.path.insert(0, sys.argv[1])

from generated import START, many

from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import TaskDates, schedule

NAMES = {
    "early_start": "EarlyStart",
    "early_finish": "EarlyFinish",
    "late_start": "LateStart",
    "late_finish": "LateFinish",
    "start": "Start",
    "finish": "Finish",
}


def told(dates: TaskDates) -> dict[str, str]:
    """A task's dates under the other scheduler's names."""
    return {other: getattr(dates, name).isoformat()[:16] for name, other in NAMES.items()}


def main() -> int:
    """Answer until nobody asks any more."""
    begin = json.loads(sys.stdin.readline())
    plans = many(begin["plans"], begin["tasks"])
    gc.collect()
    gc.freeze()  # no collection looks at what was there before
    for line in sys.stdin:
        said: list[Any] | None = [] if json.loads(line).get("say", False) else None
        began = time.process_time()
        for each in plans:
            found = schedule(each, FromStart(START))
            if said is not None:
                said.append({uid: told(dates) for uid, dates in found.dates.items()})
        cpu = time.process_time() - began
        print(json.dumps({"cpu": cpu, "said": said}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
