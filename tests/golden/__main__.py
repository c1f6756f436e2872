"""Writes the golden files anew, all or those that are named; only when a person asks for it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from tests.golden.files import path_of, write
from tests.golden.play import play
from tests.golden.subjects import NAMES, OF_CODE, OF_PLAY


def main(names: list[str]) -> None:
    """Write these subjects, all where none is named; the sample is played only for those that need it."""
    if unknown := sorted(set(names) - set(NAMES)):
        sys.exit(f"no subject {', '.join(unknown)}; give some of: {', '.join(NAMES)}")
    wanted = names or NAMES
    found = {name: OF_CODE[name]() for name in wanted if name in OF_CODE}
    if any(name in OF_PLAY for name in wanted):
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
            played = play(Path(folder), environment)
            found |= {name: OF_PLAY[name](played) for name in wanted if name in OF_PLAY}
    for name in wanted:
        changed = write(name, found[name])
        print(f"{path_of(name)}: {'written anew' if changed else 'is the same'}")  # noqa: T201 - a command


if __name__ == "__main__":
    main(sys.argv[1:])
