"""A zip package whose members can be replaced while every other byte of it stays as it is.

Members that are not replaced are copied raw with their headers, descriptors and padding; only the offsets in
the directory change. Refuses what is not a plain, whole zip: encrypted, split, with names twice, or growing
beyond its limits when unpacked.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

MOST_PACKED = 64 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_RATIO = 200
RATIO_MATTERS_FROM = 8 * 1024 * 1024
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, UTF8 = 0x1, 0x8, 0x800
PLAIN_VERSION, FIRST_DATE = 20, 0x21
NOT_HERE, NOT_COUNTED = 0xFFFFFFFF, 0xFFFF
ZIP64 = 0x0001

END = struct.Struct("<4s4H2LH")
LOCATOR = struct.Struct("<4sLQL")
END64 = struct.Struct("<4sQ2H2L4Q")
ENTRY = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")


class NotAPackage(ValueError):
    """The bytes are not a whole, plain zip; the text says in what way."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the directory: where its record and its own bytes are."""

    name: str
    record: int
    record_end: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    end: int = 0
    """Where the next member or the directory begins."""


class Package:
    """A zip held in memory. `read` gives a member's content, `replaced` the bytes with other content."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        if len(data) > MOST_PACKED:
            raise NotAPackage(f"it has {len(data):,} bytes; at most {MOST_PACKED:,} are read")
        self._end, count, self._directory, directory_size = _find_directory(data)
        if self._directory + directory_size > self._end:
            raise NotAPackage("its directory is cut off")
        found = _members(data, count, self._directory, self._directory + directory_size)
        self._members = {member.name: member for member in _with_ends(found, self._directory)}
        self._order = found
        if len(self._members) < len(found):
            raise NotAPackage("a member's name stands in it twice")
        _check_sizes(found)

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names, in the directory's order."""
        return tuple(member.name for member in self._order)

    @property
    def unpacked(self) -> int:
        """Bytes of all members, unpacked."""
        return sum(member.size for member in self._order)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """A member's content, unpacked and checked."""
        member = self._members[name]
        start = member.offset + LOCAL.size
        if self.data[member.offset : member.offset + 4] != b"PK\x03\x04":
            raise NotAPackage(f"{name} has no header where the directory says")
        name_size, extra_size = struct.unpack_from("<2H", self.data, member.offset + 26)
        start += name_size + extra_size
        packed = self.data[start : start + member.packed]
        if len(packed) < member.packed or start + member.packed > member.end:
            raise NotAPackage(f"{name} is cut off")
        content = _unpacked(member, packed)
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            raise NotAPackage(f"{name} is damaged")
        return content

    def replaced(self, contents: Mapping[str, bytes], added: Mapping[str, bytes] | None = None) -> bytes:
        """The package with these members' contents; all other bytes as they are, in the same order.

        What is `added` stands behind the members that were there.
        """
        moved: dict[str, tuple[bytes, int]] = {}
        first = min(member.offset for member in self._members.values())
        body = [self.data[:first]]
        at = first
        for member in sorted(self._members.values(), key=lambda each: each.offset):
            record = self.data[member.record : member.record_end]
            if member.name in contents:
                piece, record = self._packed_anew(member, contents[member.name], record)
            else:
                piece = self.data[member.offset : member.end]
            moved[member.name] = (record, at)
            body.append(piece)
            at += len(piece)
        records = b"".join(_moved(*moved[member.name]) for member in self._order)
        for name, content in (added or {}).items():
            if name in self._members:
                raise NotAPackage(f"a member {name} is there already")
            piece, record = _new_member(name, content, at)
            body.append(piece)
            records += record
            at += len(piece)
        end = _moved_end(self.data, self._end, at, len(records), self._directory, len(added or {}))
        return b"".join([*body, records, end])

    def _packed_anew(self, member: Member, content: bytes, record: bytes) -> tuple[bytes, bytes]:
        """The member with other content: same name, time, method; its record without a descriptor."""
        packed = content
        if member.method == DEFLATED:
            deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = deflate.compress(content) + deflate.flush()
        flags = member.flags & ~DESCRIPTOR
        sizes = (zlib.crc32(content), len(packed), len(content))
        head = list(LOCAL.unpack_from(self.data, member.offset))
        name_end = member.offset + LOCAL.size + head[9]
        extra = _without_zip64(self.data[name_end : name_end + head[10]])
        head[2], head[6:9], head[10] = flags, sizes, len(extra)
        local = LOCAL.pack(*head) + self.data[member.offset + LOCAL.size : name_end] + extra + packed
        fields = list(ENTRY.unpack_from(record))
        kept_extra = _without_zip64(record[ENTRY.size + fields[10] : ENTRY.size + fields[10] + fields[11]])
        comment = record[ENTRY.size + fields[10] + fields[11] :]
        fields[3], fields[7:10], fields[16] = flags, sizes, 0
        name = record[ENTRY.size : ENTRY.size + fields[10]]
        fields[11] = len(kept_extra)
        return local, ENTRY.pack(*fields) + name + kept_extra + comment


def _new_member(name: str, content: bytes, offset: int) -> tuple[bytes, bytes]:
    """A member that was not there before, and its record; it bears the earliest date that a zip knows."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = deflate.compress(content) + deflate.flush()
    called, sizes = name.encode(), (zlib.crc32(content), len(packed), len(content))
    flags = 0 if name.isascii() else UTF8
    fields = (PLAIN_VERSION, flags, DEFLATED, 0, FIRST_DATE, *sizes, len(called), 0)
    local = LOCAL.pack(b"PK\x03\x04", *fields) + called + packed
    return local, ENTRY.pack(b"PK\x01\x02", PLAIN_VERSION, *fields, 0, 0, 0, 0, offset) + called


def _find_directory(data: bytes) -> tuple[int, int, int, int]:
    """Where the end records begin, how many members there are, where the directory is and its size."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + END.size:
        raise NotAPackage("it is cut off" if data.startswith(b"PK\x03\x04") else "it is not a zip file")
    _, disk, start_disk, _, count, size, offset, _ = END.unpack_from(data, at)
    if disk or start_disk:
        raise NotAPackage("it is one part of a split zip")
    end = at
    locator = at - LOCATOR.size
    if locator >= 0 and data[locator : locator + 4] == b"PK\x06\x07":
        _, _, end, _ = LOCATOR.unpack_from(data, locator)
        if data[end : end + 4] != b"PK\x06\x06" or len(data) < end + END64.size:
            raise NotAPackage("its zip64 directory is not where it says")
        *_, count, size, offset = END64.unpack_from(data, end)
    if not count:
        raise NotAPackage("it is empty")
    return end, count, offset, size


def _members(data: bytes, count: int, at: int, end: int) -> list[Member]:
    if count > MOST_MEMBERS:
        raise NotAPackage(f"it has {count} members; at most {MOST_MEMBERS} are read")
    found = []
    for _ in range(count):
        if at + ENTRY.size > end or data[at : at + 4] != b"PK\x01\x02":
            raise NotAPackage("its directory is damaged")
        fields = ENTRY.unpack_from(data, at)
        name_end = at + ENTRY.size + fields[10]
        record_end = name_end + fields[11] + fields[12]
        size, packed, offset = _large(
            data[name_end : name_end + fields[11]], fields[9], fields[8], fields[16]
        )
        if fields[3] & ENCRYPTED:
            raise NotAPackage("it is encrypted")
        if fields[4] not in (STORED, DEFLATED):
            raise NotAPackage(f"it is packed by a method ({fields[4]}) that workbooks do not use")
        name = data[at + ENTRY.size : name_end].decode("utf-8" if fields[3] & UTF8 else "cp437")
        found.append(Member(name, at, record_end, fields[3], fields[4], fields[7], packed, size, offset))
        at = record_end
    return found


def _with_ends(members: list[Member], directory: int) -> list[Member]:
    """Each member with the offset where the next begins."""
    ordered = sorted(members, key=lambda member: member.offset)
    ends = [member.offset for member in ordered[1:]] + [directory]
    if any(member.offset + LOCAL.size > end for member, end in zip(ordered, ends, strict=True)):
        raise NotAPackage("its members overlap")
    return [
        Member(m.name, m.record, m.record_end, m.flags, m.method, m.crc, m.packed, m.size, m.offset, end)
        for m, end in zip(ordered, ends, strict=True)
    ]


def _check_sizes(members: list[Member]) -> None:
    size = sum(member.size for member in members)
    packed = sum(member.packed for member in members)
    if size > MOST_UNPACKED or (size > RATIO_MATTERS_FROM and size > packed * MOST_RATIO):
        raise NotAPackage(
            f"it would grow from {packed:,} to {size:,} bytes when unpacked; that is not a plan"
        )


def _unpacked(member: Member, packed: bytes) -> bytes:
    if member.method == STORED:
        return packed
    inflate = zlib.decompressobj(-15)
    try:
        content = inflate.decompress(packed, member.size + 1)
    except zlib.error:
        raise NotAPackage(f"{member.name} is damaged") from None
    return content


def _extras(extra: bytes) -> list[tuple[int, bytes]]:
    """The extra fields as (id, whole field)."""
    found = []
    at = 0
    while at + 4 <= len(extra):
        number, size = struct.unpack_from("<2H", extra, at)
        found.append((number, extra[at : at + 4 + size]))
        at += 4 + size
    return found


def _without_zip64(extra: bytes) -> bytes:
    return b"".join(whole for number, whole in _extras(extra) if number != ZIP64)


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Size, packed size and offset, taken from the zip64 extra where the record has no room."""
    wide = next((whole[4:] for number, whole in _extras(extra) if number == ZIP64), b"")
    values = [size, packed, offset]
    at = 0
    for index, value in enumerate(values):
        if value == NOT_HERE:
            if at + 8 > len(wide):
                raise NotAPackage("its zip64 directory is damaged")
            values[index] = struct.unpack_from("<Q", wide, at)[0]
            at += 8
    return values[0], values[1], values[2]


def _moved(record: bytes, offset: int) -> bytes:
    """A directory record with another offset."""
    fields = list(ENTRY.unpack_from(record))
    if fields[16] != NOT_HERE:
        return record[:42] + struct.pack("<L", offset) + record[46:]
    extra_at = ENTRY.size + fields[10]
    before = 8 * sum(value == NOT_HERE for value in (fields[9], fields[8]))
    for number, whole in _extras(record[extra_at : extra_at + fields[11]]):
        if number == ZIP64:
            place = extra_at + 4 + before
            return record[:place] + struct.pack("<Q", offset) + record[place + 8 :]
        extra_at += len(whole)
    raise NotAPackage("its zip64 directory is damaged")


def _moved_end(data: bytes, end: int, directory: int, size: int, old_directory: int, more: int = 0) -> bytes:
    """The end records, comment included, with the directory's new offset; of `more` members than before."""
    tail = bytearray(data[end:])
    if tail[:4] == b"PK\x06\x06":
        counts = struct.unpack_from("<2Q", tail, 24)
        struct.pack_into("<2Q", tail, 24, *(count + more for count in counts))
        struct.pack_into("<2Q", tail, 40, size, directory)
        at = tail.find(b"PK\x06\x07", END64.size)
        struct.pack_into("<Q", tail, at + 8, directory + size)
        at = tail.find(b"PK\x05\x06", at)
    else:
        at = 0
    numbers = struct.unpack_from("<2H", tail, at + 8)
    struct.pack_into("<2H", tail, at + 8, *(n if n == NOT_COUNTED else n + more for n in numbers))
    old_size, old_offset = struct.unpack_from("<2L", tail, at + 12)
    struct.pack_into(
        "<2L",
        tail,
        at + 12,
        NOT_HERE if old_size == NOT_HERE else size,
        NOT_HERE if old_offset == NOT_HERE and old_directory != NOT_HERE else directory,
    )
    return bytes(tail)
