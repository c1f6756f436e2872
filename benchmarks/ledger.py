"""An exported ledger of 100,000 entries, verified by itself: CPU seconds and memory, and how both grow."""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from domain.ledger.chain import GENESIS, Entry, Event, chain  # noqa: E402 - found by the line above
from domain.ledger.exported import Head, examine_file, exported  # noqa: E402 - found by the line above

ENTRIES = 100_000
MOST = 60.0
"""Seconds of CPU for as many entries."""
EVENT = Event(
    "adoption",
    "delivery-method/2.0/porto/PRJ-0042",
    "p-0123456789abcdef",
    datetime(2027, 1, 4, 7, tzinfo=UTC),
    {"was": "notified", "becomes": "adopted", "wave": 2, "reason": "b" * 64},
    "f" * 64,
    "delivery-method/2.0",
)


def entries(count: int) -> Iterator[Entry]:
    """A chain of entries such as a rollout makes."""
    before = GENESIS
    for number in range(1, count + 1):
        event = replace(EVENT, subject=f"{EVENT.subject}{number}", at=EVENT.at + timedelta(seconds=number))
        entry = chain(event, number, before)
        before = entry.hash
        yield entry


def write(path: Path, count: int) -> int:
    """Export so many entries; the bytes that they take."""
    *_, newest = entries(count)
    lines = exported(Head(count, newest.hash), entries(count))
    return path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def verify(path: Path) -> tuple[float, int]:
    """Verify a file: seconds of CPU, and how many entries held."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    with path.open("rb") as lines:
        found = examine_file(lines)
    after = resource.getrusage(resource.RUSAGE_SELF)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, found.entries if found.good else 0


def main() -> int:
    """Print the figures; 0 when what is promised holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="interoffice-bench-") as folder:
        path = Path(folder) / "ledger.jsonl"
        size = write(path, asked.entries)
        took, held = verify(path)
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = {
        "entries": asked.entries,
        "bytes": size,
        "cpu_seconds": round(took, 2),
        "most_mib": kib // 1024,
    }
    good = held == asked.entries and took <= MOST * asked.entries / ENTRIES
    if asked.json:
        print(json.dumps({"bench": "ledger", **figures, "good": good}))
    else:
        print(
            f"{held:,} of {asked.entries:,} entries ({size / 1e6:.1f} MB) hold: {took:.2f} s of CPU, "
            f"{kib // 1024} MiB at most"
        )
        print("what is promised is " + ("kept" if good else "BROKEN"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
