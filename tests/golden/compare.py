"""What is held beside what was found, as a message for the person who changed something."""

from __future__ import annotations

import json
from collections.abc import Iterator

SHOWN = 15
ADVICE = """\
These values stand outside the code: in offices' tools, in databases, in files, in other systems.
- If you only renamed or moved code, the value went along by mistake: give it back its text.
- If the change is meant, say in CHANGELOG.md what becomes of the data that is there already, write the file anew
  with `.venv/bin/python -m tests.golden {name}`, and look at `git diff tests/golden/data/{name}.json`."""


def difference(name: str, held: object, found: object) -> str:
    """What is missing, new and changed, and what to do; empty where there is no difference."""
    was, now = dict(leaves(held)), dict(leaves(found))
    if was == now:
        return ""
    missing = [f"{place} = {shown(was[place])}" for place in was.keys() - now.keys()]
    new = [f"{place} = {shown(now[place])}" for place in now.keys() - was.keys()]
    changed = [
        f"{place}: {shown(was[place])} became {shown(now[place])}"
        for place in was.keys() & now.keys()
        if was[place] != now[place]
    ]
    lines = [f"what tests/golden/data/{name}.json holds is no longer what there is"]
    for word, some in (("missing", missing), ("new", new), ("changed", changed)):
        lines += [f"  {word}: {each}" for each in sorted(some)[:SHOWN]]
        if len(some) > SHOWN:
            lines.append(f"  {word}: and {len(some) - SHOWN} more")
    return "\n".join([*lines, ADVICE.format(name=name)])


def leaves(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every value that has no parts, as JSON, by its place; true is not 1, and 1.0 is not 1."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from leaves(each, f"{place} > {key}" if place else str(key))
    elif isinstance(value, list) and value:
        for number, each in enumerate(value):
            yield from leaves(each, f"{place} > [{number}]" if place else f"[{number}]")
    else:
        yield place, json.dumps(value, ensure_ascii=False)


def shown(text: str) -> str:
    """A value, short enough for a line."""
    return text if len(text) <= 120 else f"{text[:117]}..."
