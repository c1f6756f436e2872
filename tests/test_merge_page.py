"""docs/merge.md: its example runs and prints what stands there."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "merge.md").read_text("utf-8")


def printed(page: str) -> str:
    names: dict[str, object] = {}
    with redirect_stdout(io.StringIO()) as out:
        for block in re.findall(r"(?s)```python\n(.*?)```", page):
            exec(block, names)  # noqa: S102 - the page's own example
    return out.getvalue()


def shown(page: str) -> str:
    return "".join(re.findall(r"(?s)```text\n(.*?)```", page))


def test_the_example_prints_what_stands_there():
    assert printed(PAGE) == shown(PAGE)


def test_an_example_that_says_otherwise_is_seen():
    planted = PAGE.replace('task("T2", "Train the users", 8)', 'task("T2", "Train the users", 7)')
    assert printed(planted) != shown(planted)
