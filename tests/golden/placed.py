"""An item and a question of ours as each kind of tool holds them: fields, labels, descriptions, cells.

Kinds that only a real server or Java can hold (redmine, trac, project-file) are not asked here.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from connectors.registry import KINDS
from domain.organization.office import Access
from tests.connectors.workbook.books import put
from tests.contract.contract import BENCHES

ITEM, QUESTION = "adopt/method/2.0/P-1/a-rule", "ask/method-2/P-1/project.finish"
STAMP = re.compile(r'("(?:updated|updatedAt|createdAt|System.ChangedDate)": )"[^"]*"')
"""When the tool says that it was written: that depends on how many calls there were."""
SERVER = re.compile(r"http://127\.0\.0\.1:\d+")


def placed() -> object:
    """What stands in each tool after one delivery, as the tool itself keeps it."""
    return {
        name: list(_put(name))
        for name, entry in sorted(BENCHES.items())
        if name in KINDS and not any(mark.name == "servers" for mark in entry.marks)
    }


def _put(name: str) -> Iterator[object]:
    with tempfile.TemporaryDirectory() as folder, BENCHES[name].make(Path(folder)) as bench:
        if bench.standin is not None:
            bench.standin.description = (
                None  # the vendor's own lies outside the project; other tests hold against it
            )
        put(bench.connect(Access.WRITE), bench.item(ITEM), bench.question(QUESTION))
        state = bench.state()
        for row in _rows(state) if isinstance(state, bytes) else state:
            text = json.dumps(row, default=str, sort_keys=True)
            if ITEM in text or QUESTION in text:
                yield json.loads(SERVER.sub("http://the-tool", STAMP.sub(r'\1"a time"', text)))


def _rows(content: bytes) -> Iterator[object]:
    """Every row of a workbook, by the headers above it."""
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        headers, *rows = sheet.iter_rows(values_only=True)
        for row in rows:
            yield {"sheet": sheet.title, **dict(zip(map(_said, headers), row, strict=True))}


def _said(header: Any) -> str:
    return str(header)
