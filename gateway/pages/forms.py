"""Forms as browsers send them: fields, and one file, within limits; nothing of them touches a disk.

Refuses what is no form of ours with a status, and a file that is not taken with a reason for the next page.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from connectors.workbook.checked import MOST_BYTES, SMALLER
from gateway.limits import CLOSE, Rejected, body_of

AROUND = 2**16
"""Bytes of a form around its file."""
LONGEST = 120.0
"""Seconds that a file may take to arrive."""
MOST_READ = 256 * 2**20
"""Bytes of a too large file that are read and thrown away, so that its sender sees why it is refused."""
FIELDS = 2**20
"""Bytes of a form without a file."""
NAME = 120
TYPES = frozenset(
    {
        "", "application/octet-stream", "application/zip", "application/x-zip-compressed",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.ms-excel",
    }
)  # fmt: skip
"""What browsers say of an .xlsx, with and without a spreadsheet program installed."""


class Unfit(Exception):
    """A file that is not taken: the reason, its name as far as it can be shown, and its size."""

    def __init__(self, why: str, name: str = "", size: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.name = name
        self.size = size


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came by a form."""

    name: str
    data: bytes


class _Parser(MultiPartParser):
    spool_max_size = MOST_BYTES + AROUND


async def file_of(request: Request, field: str) -> Sent:
    """The one file of a form. Raises Rejected for no such form, Unfit for a file that is not taken."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise Rejected(415, "a file comes by the form of the page: multipart/form-data")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MOST_BYTES + AROUND:
        await _read_away(request, int(declared))
        text = f"the file has {int(declared):,} bytes; at most {MOST_BYTES:,} are taken: {SMALLER}"
        raise Unfit(text, size=int(declared))
    body = await body_of(request, MOST_BYTES + AROUND, LONGEST)
    try:
        if not body.rstrip(b"\r\n").endswith(b"--"):
            raise ValueError("it is cut off")  # noqa: TRY301 - as the parser says of others
        form = await _Parser(request.headers, _once(body), max_files=8, max_fields=8).parse()
    except (MultiPartException, KeyError, UnicodeDecodeError, ValueError):
        raise Rejected(400, "the form is broken or cut off: send it again from the page") from None
    try:
        files = [file for file in form.getlist(field) if isinstance(file, UploadFile) and file.filename]
        if not files:
            raise Unfit("no file was chosen: choose the workbook, then press the button")
        if len(files) > 1:
            raise Unfit(f"{len(files)} files came at once: choose one")
        return await _taken(files[0])
    finally:
        await form.close()


async def _taken(file: UploadFile) -> Sent:
    name, data = file.filename or "", await file.read()
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)[:NAME]
    if shown != name or re.search(r"[/\\:\u202a-\u202e\u2066-\u2069]", name):
        raise Unfit(
            "the file's name is too long, or holds signs that no name has: rename it", shown, len(data)
        )
    if not name.lower().endswith(".xlsx"):
        what = (
            f"{shown} is not an .xlsx workbook: save it as .xlsx (without macros) in your spreadsheet program"
        )
        raise Unfit(what, shown, len(data))
    if (file.content_type or "").partition(";")[0].strip().lower() not in TYPES:
        what = (
            f"{shown} was sent as {(file.content_type or '')[:60]}, not as a workbook: save it anew as .xlsx"
        )
        raise Unfit(what, shown, len(data))
    return Sent(name, data)


async def fields_of(request: Request) -> Mapping[str, str]:
    """The fields of a form without a file, the first of each name. Raises Rejected for no such form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Rejected(415, "answers come by the form of the page")
    request._body = await body_of(request, FIELDS)  # noqa: SLF001 - Starlette reads it from there
    try:
        form = await request.form(max_fields=4000)
    except (UnicodeDecodeError, ValueError, MultiPartException):
        raise Rejected(400, "the form is broken: send it again from the page") from None
    return {name: value for name, value in reversed(form.multi_items()) if isinstance(value, str)}


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _read_away(request: Request, declared: int) -> None:
    """Read what is not taken, without keeping it. Raises Rejected for more than anybody waits for."""
    if declared > MOST_READ:
        raise Rejected(413, f"a file has at most {MOST_BYTES:,} bytes", CLOSE)
    try:
        async with asyncio.timeout(LONGEST):
            async for _ in request.stream():
                pass
    except (TimeoutError, ClientDisconnect):
        raise Rejected(413, f"a file has at most {MOST_BYTES:,} bytes", CLOSE) from None
