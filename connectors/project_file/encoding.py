"""How the letters of a project file are written: found by its first bytes and its declaration, or set.

Everything else gets UTF-8. Refuses to guess: bytes that are not what the file says are refused by the name of
the encoding, and so is a Primavera .xer whose letters could be those of several languages.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from connectors.errors import Refused

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
"""The marks at the beginning of a file; that of UTF-32 begins like that of UTF-16."""
WIDE = (
    (b"<\0\0\0", "utf-32-le", "UTF-32"),
    (b"\0\0\0<", "utf-32-be", "UTF-32"),
    (b"<\0", "utf-16-le", "UTF-16"),
    (b"\0<", "utf-16-be", "UTF-16"),
    (b"E\0R\0", "utf-16-le", "UTF-16"),
    (b"\0E\0R", "utf-16-be", "UTF-16"),
)
"""How files without a mark begin, where a letter takes several bytes."""
DECLARED = re.compile(r"""^(<\?xml[^>]*?\sencoding\s*=\s*)(["'])([\w.:-]+)\2""")
NOT_OURS = frozenset(
    ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "mbcs", "oem")
)
"""Codecs that are none of letters in files, or differ by the machine."""
OTHER_NAMES = {
    "windows-31j": "cp932",
    "shift_jis": "cp932",
    "gb2312": "gbk",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "cp950",
}
"""What programs of Windows mean by these names: the same letters, and more of them."""
HEAD = 1024
REMEDY = (
    "name the one that it is written in as `encoding` in the tool's settings (--encoding of `plan read`), "
    "such as cp1251 or gbk"
)


@dataclass(frozen=True, slots=True)
class Letters:
    """A file in UTF-8, the encoding that it was written in, and how that is known."""

    data: bytes
    encoding: str
    known: str

    def __str__(self) -> str:
        """In one line, for people."""
        return f"its letters are written in {self.encoding}, {self.known}"


def codec(encoding: str) -> str:
    """The codec of that name; raises `ValueError` for one that is not known, or is none of letters."""
    name = OTHER_NAMES.get(encoding.strip().lower(), encoding.strip().lower())
    for each in (name, name.removeprefix("x-"), name.replace("windows-", "cp"), name.replace("ibm-", "cp")):
        try:
            found = codecs.lookup(each)
        except LookupError:
            continue
        if getattr(found, "_is_text_encoding", True) and found.name.replace("_", "-") not in NOT_OURS:
            return found.name
    raise ValueError(f"{encoding!r} is no encoding that is known; write one such as utf-8, cp1251 or gbk")


def letters(data: bytes, name: str, encoding: str = "") -> Letters:
    """The file in UTF-8, by the mark it begins with, the settings' `encoding`, or what it declares.

    Raises `Refused` where these contradict one another, or the bytes are not what they say.
    """
    mark = next((each for each in MARKS if data.startswith(each[0])), None)
    if mark is not None:
        start, found, called = mark
        if encoding and codec(encoding) not in (found, f"{found}-sig", found.rsplit("-", 1)[0], "utf-8-sig"):
            raise Refused(
                f"{name}: it begins with the mark of {called}, and the settings say {encoding}; "
                "take `encoding` out of the tool's settings"
            )
        return _read(data[len(start) :], name, found, called, "as its first bytes say")
    if encoding:
        return _read(data, name, codec(encoding), encoding, "as the settings say")
    wide = next((each for each in WIDE if data.startswith(each[0])), None)
    if wide is not None:
        return _read(data, name, wide[1], wide[2], "as its first bytes say")
    if data.startswith(b"ERMHDR"):
        return _of_xer(data, name)
    return _declared(data, name)


def _declared(data: bytes, name: str) -> Letters:
    """An XML file by its declaration; without one it is UTF-8."""
    said = DECLARED.match(data[:HEAD].decode("latin-1"))
    if said is None:
        return _read(data, name, "utf-8", "UTF-8", "as XML is that declares nothing else")
    declared = said[3]
    try:
        found = codec(declared)
    except ValueError:
        raise Refused(f"{name}: it declares the encoding {declared}, which is not known; {REMEDY}") from None
    if found.startswith(("utf-16", "utf-32")):
        return _read(data, name, "utf-8", "UTF-8", f"though it declares {declared}")
    return _read(data, name, found, declared, "as it declares")


def _of_xer(data: bytes, name: str) -> Letters:
    """A file of Primavera, which never says how it is written: plain letters, or surely UTF-8."""
    if data.isascii():
        return Letters(data, "ASCII", "as all of its letters are")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(
            f"{name}: it does not say how its letters are written, and that is not UTF-8; {REMEDY} "
            "(cp1252 for Western Europe)"
        ) from None
    return Letters(data, "UTF-8", "as all of its letters are")


def _read(data: bytes, name: str, found: str, called: str, known: str) -> Letters:
    """The bytes read by a codec and written as UTF-8, with a declaration that says so."""
    try:
        text = data.decode(found)
    except UnicodeError as error:
        at = f" (byte {error.start + 1:,})" if isinstance(error, UnicodeDecodeError) else ""
        raise Refused(f"{name}: it is not written in {called}, {known}{at}; {REMEDY}") from None
    said = DECLARED.match(text[:HEAD])
    if said is not None and codec_or_none(said[3]) != "utf-8":
        text = f"{said[1]}{said[2]}UTF-8{said[2]}{text[said.end() :]}"
    try:
        return Letters(text.encode("utf-8"), called, known)
    except UnicodeEncodeError:
        raise Refused(f"{name}: it holds halves of letters; save it anew in its own program") from None


def codec_or_none(encoding: str) -> str | None:
    """The codec of that name; None where there is none."""
    try:
        return codec(encoding)
    except ValueError:
        return None
