"""Writes the golden files anew, all or those that are named; only when a person asks for it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from tests.golden.files import path_of, write
from tests.golden.play import play
from tests.golden.subjects import SUBJECTS


def main(names: list[str]) -> int:
    """Play the sample once and write these subjects; all where none is named."""
    unknown = sorted(set(names) - set(SUBJECTS))
    if unknown:
        sys.exit(f"no subject {', '.join(unknown)}; give some of: {', '.join(sorted(SUBJECTS))}")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
        played = play(Path(folder), environment)
        for name in names or sorted(SUBJECTS):
            changed = write(name, SUBJECTS[name](played))
            print(f"{path_of(name)}: {'written anew' if changed else 'is the same'}")  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
