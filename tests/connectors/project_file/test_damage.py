"""Damaged and hostile project files: each is refused with a reason or read, and none harms what reads it."""

import random

import pytest

from connectors.errors import Refused, ToolError
from connectors.project_file import mspdi, schedule
from connectors.project_file.process import KEEPER
from connectors.protocol import Done
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.contract import project_files

PLAN = project_files.plan().encode()
HEAD, _, REST = PLAN.partition(b"?>")
LAUGHS = b"".join(b'<!ENTITY %c "%b">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k")))


def with_doctype(inner: bytes, title: bytes) -> bytes:
    return (
        HEAD
        + b"?><!DOCTYPE Project ["
        + inner
        + b"]>"
        + REST.replace(b"<Title>Lagerhalle 1 \xc3\x96", b"<Title>" + title)
    )


def flipped(seed: int) -> bytes:
    chance = random.Random(seed)
    data = bytearray(PLAN)
    for _ in range(20):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def nested(levels: int) -> bytes:
    return PLAN.replace(b"</Tasks>", b"</Tasks>" + b"<a>" * levels + b"</a>" * levels)


def swapped(old: bytes, new: bytes, times: int = -1) -> bytes:
    assert old in PLAN
    return PLAN.replace(old, new, times)


NEVER_FOR_JAVA = {
    "empty": b"",
    "white space": b" \n ",
    "text": b"Project plan of 2027",
    "zeros": b"\0" * 4096,
    "a zip": b"PK\x03\x04" + b"\0" * 400,
    "a page": b"<!doctype html><html><body>Sign in</body></html>",
    "a page without a doctype": b"<html><body>Sign in</body></html>",
    "other XML": b"<a/>",
    "another space": swapped(b"schemas.microsoft.com/project", b"schemas.example.com/project"),
    "no space": PLAN.replace(b' xmlns="http://schemas.microsoft.com/project"', b""),
    "outside entity": with_doctype(b'<!ENTITY x SYSTEM "file:///etc/hostname">', b"&x;"),
    "outside DTD": HEAD + b'?><!DOCTYPE Project SYSTEM "http://127.0.0.1:9/x.dtd">' + REST,
    "parameter entity": with_doctype(b'<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;', b"t"),
    "a billion laughs": with_doctype(b'<!ENTITY a "ha">' + LAUGHS, b"&j;"),
    "quadratic entity": with_doctype(b'<!ENTITY a "' + b"a" * 50_000 + b'">', b"&a;" * 1_000),
    "an entity unknown": swapped(b"<Title>", b"<Title>&nope;"),
    "cut in the head": PLAN[:200],
    "cut in a tag": PLAN[: PLAN.index(b"<Tasks>") + 3],
    "cut in a task": PLAN[: PLAN.index(b"<Tasks>") + 900],
    "cut before the end": PLAN[:-3],
    "two roots": PLAN + b"<Project/>",
    "a control character": swapped(b"Schritt 2", b"Schritt \x01"),
    "bytes that are no UTF-8": swapped(b"Schritt 2", b"Schritt \xff\xfe"),
    "another encoding than told": PLAN.decode()
    .replace('encoding="UTF-8"', 'encoding="UTF-16"')
    .encode("latin-1"),
    "an encoding that is none": swapped(b'encoding="UTF-8"', b'encoding="x-nope"'),
    "nested too deep": nested(100_000),
    "an attribute twice": swapped(b"<Tasks>", b'<Tasks a="1" a="1">'),
}
FOR_JAVA = {
    "no tasks": b'<Project xmlns="http://schemas.microsoft.com/project"/>',
    "an empty list of tasks": PLAN[: PLAN.index(b"<Tasks>")] + b"<Tasks/>" + PLAN[PLAN.index(b"<Resources>") :],
    "an mpp that is none": schedule.OLE + b"\0" * 4096,
    "an mpp of chance": schedule.OLE + random.Random(1).randbytes(20_000),
    "only the mark of an mpp": schedule.OLE,
    "a head of an xer": b"ERMHDR\t20.12\t2026-11-23\tProject\tadmin\tadmin\tdb\tProject Management\tUSD\r\n%E\r\n",
    "an xer of chance": b"ERMHDR\t20.12\r\n%T\tPROJECT\r\n" + random.Random(2).randbytes(5_000),
    "an xer without fields": b"ERMHDR\t20.12\r\n%T\tTASK\r\n%R\t1\t2\r\n%E\r\n",
    "an empty pmxml": b'<APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V25.12/API/BusinessObjects"/>',
    "a unique id of letters": swapped(b"<UID>3</UID>", b"<UID>drei</UID>", 1),
    "a unique id twice": swapped(b"<UID>3</UID>", b"<UID>2</UID>", 1),
    "a unique id too large": swapped(b"<UID>3</UID>", b"<UID>99999999999999999999</UID>", 1),
    "a date that is none": swapped(b"2026-11-02T08:00:00", b"gestern"),
    "a year of six digits": swapped(b"2026-11-02T08:00:00", b"999999-11-02T08:00:00"),
    "a duration that is none": swapped(b"PT520H0M0S", b"lang"),
    "work without end": swapped(b"PT20H0M0S", b"PT99999999999999999999H0M0S"),
    "a depth of letters": swapped(b"<OutlineLevel>2<", b"<OutlineLevel>x<", 1),
    "a depth below nothing": swapped(b"<OutlineLevel>2<", b"<OutlineLevel>-3<"),
    "a depth without parents": swapped(b"<OutlineLevel>2<", b"<OutlineLevel>30000<", 1),
    "a link to itself": swapped(b"<PredecessorUID>3<", b"<PredecessorUID>4<"),
    "links in a circle": swapped(b"<PredecessorUID>2<", b"<PredecessorUID>7<"),
    "a link to nobody": swapped(b"<PredecessorUID>2<", b"<PredecessorUID>4711<"),
    "a task without a name": swapped(b"<Name>Schritt 1</Name>", b""),
    "a name without end": swapped(b"Schritt 2", b"S" * 1_000_000),
    "a percentage of a thousand": swapped(b"<PercentComplete>50<", b"<PercentComplete>1000<"),
    "a calendar that is its own base": swapped(b"<BaseCalendarUID>-1<", b"<BaseCalendarUID>1<"),
    "a calendar without days": swapped(b"<DayWorking>1<", b"<DayWorking>0<"),
    "an assignment of nobody to nothing": swapped(b"<TaskUID>2</TaskUID><ResourceUID>1<", b"<TaskUID>99</TaskUID><ResourceUID>98<"),
    "a custom field of no number": swapped(b"<FieldID>188743731</FieldID><Value>", b"<FieldID>x</FieldID><Value>"),
    "its tasks twice": swapped(b"</Tasks>", b"</Tasks><Tasks></Tasks>"),
    "UTF-16": PLAN.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    "with a byte order mark": b"\xef\xbb\xbf" + PLAN,
    "a prefix everywhere": PLAN.replace(b"</", b"</p:").replace(b"<", b"<p:").replace(b"<p:/p:", b"</p:").replace(b"<p:?", b"<?").replace(b"xmlns=", b"xmlns:p="),
    **{f"flipped bytes {seed}": flipped(seed) for seed in range(6)},
}  # fmt: skip


def attempted(tool):
    """Why it could not be read or written, or what was written."""
    try:
        return "", tool.put(decided(books.item("k/1"), books.question("q/1")), tool.read().digest)
    except ToolError as error:
        return error.text, None


@pytest.mark.parametrize("name", sorted(NEVER_FOR_JAVA))
def test_what_is_no_project_file_is_refused_before_java_sees_it(name):
    with pytest.raises(Refused, match=r"plan\.xml: it") as refused:
        schedule.kind_of(NEVER_FOR_JAVA[name], "plan.xml")
    assert len(refused.value.text) < 400


def test_a_file_that_is_too_large_is_refused_before_java_sees_it(monkeypatch):
    monkeypatch.setattr(schedule, "MOST_PACKED", len(PLAN) - 1)
    with pytest.raises(Refused, match="at most"):
        schedule.kind_of(PLAN, "plan.xml")
    monkeypatch.setattr(schedule, "MOST_PACKED", len(PLAN))
    assert schedule.kind_of(PLAN, "plan.xml") == schedule.MSPDI


@pytest.mark.servers
@pytest.mark.parametrize("name", sorted(FOR_JAVA))
def test_a_damaged_file_is_refused_or_read_and_only_written_when_all_of_it_stays(tmp_path, name):
    project_files.need_java()
    path = tmp_path / "plan.xml"
    path.write_bytes(FOR_JAVA[name])
    tool = project_files.connector(path)
    assert isinstance(tool.check().remarks, tuple)
    refused, written = attempted(tool)
    if written is None:
        assert refused.startswith("plan.xml: ")
        assert path.read_bytes() == FOR_JAVA[name]
    else:
        assert [each.done for each in written.results] == [Done.CREATED] * 2
        assert len(tool.find(["k/1"])["k/1"]) == 1
        assert mspdi.lost(FOR_JAVA[name], path.read_bytes(), range(-1, 100)) == []


@pytest.mark.servers
@pytest.mark.parametrize(
    "name", ["outside entity", "outside DTD", "parameter entity", "a billion laughs", "quadratic entity"]
)
def test_even_when_given_to_java_no_entity_is_resolved(name):
    """The second wall: what the first one keeps out does no harm behind it either."""
    project_files.need_java()
    with pytest.raises(Refused, match="mpxj cannot read it"):
        KEEPER.ask({"do": "read", "kind": "mspdi", "fields": []}, NEVER_FOR_JAVA[name], "plan.xml")
    again = KEEPER.ask({"do": "read", "kind": "mspdi", "fields": []}, PLAN, "plan.xml")
    assert len(again["projects"][0]["tasks"]) == 8


@pytest.mark.servers
def test_a_file_is_known_by_its_content_whatever_its_name(tmp_path):
    project_files.need_java()
    path = tmp_path / "plan.mpp"
    path.write_bytes(PLAN)
    assert len(project_files.connector(path).read().plans[0].items) == 6


def test_one_of_the_hostile_files_would_be_read_without_the_wall():
    """The wall is what refuses it: without the DOCTYPE the same file is a plan."""
    assert schedule.kind_of(PLAN, "plan.xml") == schedule.MSPDI
    assert schedule.kind_of(project_files.spread(PLAN.decode()).encode(), "plan.xml") == schedule.MSPDI
