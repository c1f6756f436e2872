"""Zip archives whose bytes depend on their content alone: no time of writing in them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The least time that a zip can hold."""


def with_fixed_times(archive: bytes) -> bytes:
    """The archive with the same members in the same order, each as of 1 January 1980."""
    written = BytesIO()
    with ZipFile(BytesIO(archive)) as read, ZipFile(written, "w") as target:
        for member in read.infolist():
            fixed = ZipInfo(member.filename, FIRST_DAY)
            fixed.compress_type = ZIP_DEFLATED
            fixed.create_system = 0
            target.writestr(fixed, read.read(member))
    return written.getvalue()
