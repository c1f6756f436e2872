"""A pack as one document of canonical JSON (RFC 8785), for other programs: every value, exactly.

Numbers with decimals are texts, as JSON's own numbers lose digits; a gap is an object with its reason. Our
own keys of projects, questions and facts are in it, so that other programs can join them. It refuses what
`canonical` refuses.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal

from domain.canonical import canonical
from domain.reporting.figures import Gap
from domain.reporting.pack import Pack, PackHead, PackId

FORM = "interoffice.pack/1"
LARGE = 2**53
"""From here on whole numbers are texts too."""


def document(pack: Pack) -> bytes:
    """The pack as JSON; equal packs give equal bytes."""
    return canonical({"form": FORM, "pack": _plain(pack)}) + b"\n"


def _plain(value: object) -> object:
    """The value in what JSON can say: what `canonical` writes itself stays as it is."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, PackId) or (isinstance(value, int) and abs(value) >= LARGE):
        return str(value)
    if type(value) is str:
        return value.encode("utf-8", "replace").decode()
    if is_dataclass(value) and not isinstance(value, type):
        named = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        if isinstance(value, PackHead) and not value.said_in:
            del named["said_in"]  # the document of an older pack is the same as ever
        return {"gap": named} if isinstance(value, Gap) else named
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
