"""Values of ours as they would be read back from a field of records."""

from __future__ import annotations

import re
from datetime import date, datetime

from connectors.errors import Skip
from connectors.records.dates import EARLIEST, LATEST, Unclear, from_text
from connectors.records.mapping import DATES
from domain.ids import own_id
from domain.plans.project import FieldValue, Scalar

LONGEST_TEXT = 32_767


CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"}


IMPOSSIBLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def fitting(name: str, value: FieldValue, office: str) -> Scalar:
    """A value as it would be read back from its column; raises `Skip` when it cannot stand there.

    Dates are days; characters that a workbook cannot hold are replaced by visible signs; a project of the
    office itself is named by the office's own id.
    """
    if name in DATES:
        return _day(name, value)
    text = str(value)
    if name == "project":
        text = own_id(office, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS)
    text = IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise Skip(f"{name} has {len(text):,} characters; a cell holds at most {LONGEST_TEXT:,}")
    return text if text.strip() else ""


def _day(name: str, value: FieldValue) -> date:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str):
        try:
            value = from_text(value)
        except Unclear as unclear:
            raise Skip(f"{name}: {unclear}") from None
    if not isinstance(value, date) or not EARLIEST <= value <= LATEST:
        raise Skip(f"{name}: {value!r} is no date between 1990 and 2100")
    return value
