"""The golden files: JSON with a line per thing, so that a difference is read line by line.

It writes only when `tests.golden.__main__` asks for it.
"""

from __future__ import annotations

import json
from pathlib import Path

DATA = Path(__file__).parent / "data"
WIDTH = 150


def path_of(name: str) -> Path:
    """Where a subject's file lies."""
    return DATA / f"{name}.json"


def read(name: str) -> object:
    """What is held of a subject."""
    return json.loads(path_of(name).read_text("utf-8"))


def write(name: str, found: object) -> bool:
    """Hold this of a subject from now on; whether it is another thing than before."""
    path, text = path_of(name), f"{pretty(found)}\n"
    if path.exists() and path.read_text("utf-8") == text:
        return False
    path.write_text(text, "utf-8")
    return True


def compact(value: object) -> str:
    """JSON as the store writes it: no blanks, nothing but ASCII."""
    return json.dumps(value, separators=(",", ":"))


def pretty(value: object, indent: int = 0, before: int = 0) -> str:
    """JSON in which a value that fits stands on one line, and any other has a line for each of its parts."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (indent and indent + before + len(line) <= WIDTH):
        return line
    inner, pad = indent + 1, " " * (indent + 1)
    if isinstance(value, dict):
        keys = {key: f"{json.dumps(key, ensure_ascii=False)}: " for key in value}
        parts = [f"{pad}{keys[key]}{pretty(each, inner, len(keys[key]))}" for key, each in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [f"{pad}{pretty(each, inner)}" for each in value]
        opening, closing = "[", "]"
    return f"{opening}\n" + ",\n".join(parts) + f"\n{' ' * indent}{closing}"
