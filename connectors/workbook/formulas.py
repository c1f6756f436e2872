"""What a formula's text says without being calculated: whether it sums other rows.

Functions have their English names in the file, whatever the program's language. Refuses to calculate.
"""

from __future__ import annotations

import re

OF_THIS_SHEET = re.compile(r"""\"[^"]*"|(?:'[^']*'|[\w.\[\]]+)!\$?[A-Za-z]*\$?\d*(?::\$?[A-Za-z]*\$?\d*)?""")
"""What of a formula is no reference to its own sheet: texts, and references to others."""
ALWAYS_SUMS = re.compile(r"\b(?:SUBTOTAL|AGGREGATE)\s*\(", re.IGNORECASE)
SUMS = re.compile(r"\b(?:SUM|SUMIFS?|SUMPRODUCT|COUNTA?|COUNTIFS?|AVERAGE|AVERAGEIFS?)\s*\(", re.IGNORECASE)
ROW_OF = re.compile(r"(?<![\w.])\$?[A-Za-z]{1,3}\$?(\d{1,7})(?![\w.(])")
WHOLE = re.compile(r"(?<![\w.])\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(])|\[[^\[\]@#]+\]")
"""Whole columns: B:B, and those of a table, [Budget]."""


def sums_rows(formula: str) -> bool:
    """Whether a formula sums, counts or averages several rows of its own sheet, or of a table's column."""
    if not (SUMS.search(formula) or ALWAYS_SUMS.search(formula)):
        return False
    here = OF_THIS_SHEET.sub("", formula)
    return bool(ALWAYS_SUMS.search(here) or WHOLE.search(here) or len(set(ROW_OF.findall(here))) > 1)
