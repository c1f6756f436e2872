"""What the other engines are handed: each project's facts, ready; and how each process is asked and answers.

A process gets its case as its first line and a round by each line after it, and answers each with a line:
what the round cost in CPU, its living children included, and, where it is asked to, every verdict.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rules import Held, rules, tailored

try:
    import psutil
except ImportError:
    psutil = None
    """Not in the peers' environment, where none starts a process."""

Judge = Callable[[int], Sequence[Sequence[str]]]
"""Judges every so manieth project; the results by project and rule."""


class Facts(NamedTuple):
    """One project's facts, and its office."""

    office: str
    facts: Mapping[str, Mapping[str, Any]]


class Case(NamedTuple):
    """What an engine that is handed the facts works on."""

    now: datetime
    projects: Sequence[Facts]
    held: Mapping[str, Sequence[Held]]


def write(path: Path, case: Mapping[str, Any]) -> None:
    """Lay a case down: times as objects with one member."""
    path.write_text(json.dumps(case, default=lambda at: {"$at": at.isoformat()}), "utf-8")


def read(asked: Mapping[str, Any]) -> Case:
    """The case that was laid down."""
    text = Path(asked["case"]).read_text("utf-8")
    found = json.loads(text, object_hook=lambda m: datetime.fromisoformat(m["$at"]) if "$at" in m else m)
    projects = [Facts(each["office"], each["facts"]) for each in found["projects"]]
    return Case(found["now"].astimezone(UTC), projects, tailored(rules(asked["rules"]), found["offices"]))


def cpu() -> float:
    """The CPU seconds of this process and of all its children, those that live and those that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + _living()


def _living() -> float:
    """The CPU seconds of the children that live."""
    if psutil is None:
        return 0.0
    found = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            spent = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        found += spent.user + spent.system
    return found


def serve(prepare: Callable[[Mapping[str, Any]], Judge]) -> None:
    """Answer round by round until nobody asks any more."""
    judge = prepare(json.loads(sys.stdin.readline()))
    gc.collect()
    gc.freeze()  # as in the processes that judge: no collection looks at what was there before
    for line in sys.stdin:
        asked = json.loads(line)
        began = cpu()
        found = judge(asked["every"])
        spent = cpu() - began
        told = {"cpu": spent, "verdicts": sum(len(each) for each in found)}
        print(
            json.dumps({**told, "said": [list(each) for each in found]} if asked["say"] else told), flush=True
        )
