"""The outermost shell of a Microsoft Project .mpp: a compound file with the few streams that are read first."""

import struct
from collections.abc import Mapping

SECTOR = 512
FREE, END, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LEAST = 4096
"""A stream of at least so many bytes stands in sectors of its own."""


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3) whose root holds these streams, each padded to 4,096 bytes."""
    padded = {name: data.ljust(LEAST, b"\0") for name, data in streams.items()}
    names = sorted(padded, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, child=1 if names else FREE)]
    chains: list[int] = []
    body = b""
    for at, name in enumerate(names, start=1):
        first, count = len(chains), -(-len(padded[name]) // SECTOR)
        chains += [*range(first + 1, first + count), END]
        body += padded[name].ljust(count * SECTOR, b"\0")
        entries.append(_entry(name, 2, first, len(padded[name]), right=at + 1 if at < len(names) else FREE))
    directory = b"".join(entries)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    first_directory, count = len(chains), len(directory) // SECTOR
    chains += [*range(first_directory + 1, first_directory + count), END]
    fat_at = len(chains)
    fat = struct.pack(f"<{SECTOR // 4}I", *[*chains, OF_FAT, *[FREE] * (SECTOR // 4 - len(chains) - 1)])
    header = struct.pack(
        "<8s16s5H6s8I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, first_directory, 0, LEAST, END, 0, END,
    ) + struct.pack("<I", 0) + struct.pack("<109I", fat_at, *[FREE] * 108)  # fmt: skip
    return header + body + directory + fat


def _entry(
    name: str, kind: int, start: int = 0, size: int = 0, *, right: int = FREE, child: int = FREE
) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBB3I16sIQQIQ",
        wide,
        len(wide),
        kind,
        1,
        FREE,
        right,
        child,
        b"",
        0,
        0,
        0,
        start if kind == 2 else END,
        size,
    )


def locked_mpp() -> bytes:
    """What a reader meets first in an .mpp of 2010 and later that wants a password to be opened."""
    said = b"MSProject.MPP14\0"
    about = b"\x01\0\xfe\xff\x03\x0a\0\0" + b"\xff" * 4 + b"\0" * 16
    for text in (b"Microsoft Project\0", said, said):
        about += struct.pack("<I", len(text)) + text
    asked, hashed = 893386752, 893386756
    items = struct.pack("<III", 1, asked, 0) + b"\x01\0" + struct.pack("<III", 4, hashed, 0) + b"\x07" * 4
    properties = struct.pack("<IIIHH", 0, 16 + len(items), 0, 2, 0) + items
    return compound({"\x01CompObj": about, "Props14": properties})
