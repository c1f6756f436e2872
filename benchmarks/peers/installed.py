"""The peers' own environment: what requirements-bench.lock pins, in var/bench-venv."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "var" / "bench-venv"
LOCK = ROOT / "requirements-bench.lock"


class Absent(Exception):
    """Something that the benchmark needs is not here; its text says how to get it."""


def peers() -> Path:
    """The Python in which the peers are installed as locked; made where it is missing or out of date.

    Raises Absent when they cannot be had.
    """
    python, stamp = PEERS / "bin" / "python", PEERS / "lock"
    if stamp.exists() and stamp.read_text("utf-8") == LOCK.read_text("utf-8"):
        return python
    print("installing the peers into var/bench-venv", file=sys.stderr)
    quiet = (python, "-I", "-m", "pip", "install", "-q", "--disable-pip-version-check")
    steps = (
        [sys.executable, "-m", "venv", "--clear", PEERS],
        [*quiet, "--no-deps", "--require-hashes", "-r", LOCK],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:]
            raise Absent(f"the peers cannot be installed: {''.join(last)}")
    stamp.write_text(LOCK.read_text("utf-8"), "utf-8")
    return python
