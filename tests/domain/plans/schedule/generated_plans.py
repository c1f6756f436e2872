"""The plans by chance that the benchmark uses too, and the program in which MPXJ schedules them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from connectors.project_file.java import engine
from domain.plans.whole_plan import WholePlan

FOLDER = Path(__file__).resolve().parents[4] / "benchmarks" / "scheduling"


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmarks_scheduling_generated", FOLDER / "generated.py")
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


generated = _module()
CLASSES = tuple(generated.CLASSES)
START = generated.START


def plans(kind: str, count: int) -> Iterator[WholePlan]:
    """So many plans of a class, of 5 to 28 tasks, always the same."""
    for number in range(count):
        yield generated.CLASSES[kind](Random(f"{kind} {number}"), 5 + number % 24)


def by_mpxj(made: Sequence[WholePlan]) -> list[dict[str, Any] | None]:
    """What MPXJ's MicrosoftScheduler says of these plans, None of one with a cycle."""
    use = engine()
    case = {
        "library": str(use.library),
        "jars": [str(jar) for jar in use.jars],
        "plans": [generated.wire(each) for each in made],
    }
    done = subprocess.run(
        [sys.executable, FOLDER / "by_mpxj.py"],
        input=json.dumps(case) + '\n{"say": true}\n',
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)["said"]
