"""Broken, huge, locked and hostile files: each refused with what to do, in memory that is measured."""

import json
import re
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from connectors.errors import Refused
from connectors.plan_files import plan_json, writing
from connectors.plan_files.found import MOST_TASKS
from connectors.plan_files.reading import read_plan
from connectors.project_file.schedule import OLE
from tests.connectors.plan_files.plans import plan
from tests.connectors.plan_files.test_mspdi import HEAD, file, task

GOOD = plan(1)
XML, JSON, XLSX = (writing.written(GOOD, form, "p", None) for form in ("xml", "json", "xlsx"))
MEMORY = 700
"""Megabytes that a process may take, with Python and all that it imports."""


def with_doctype(inner: str) -> bytes:
    return XML.replace(b"?>", b"?><!DOCTYPE Project [" + inner.encode() + b"]>", 1)


def changed(**keys) -> bytes:
    return json.dumps({**json.loads(JSON), **keys}).encode()


def with_task(**keys) -> bytes:
    found = json.loads(JSON)
    found["tasks"][2] |= keys
    return json.dumps(found).encode()


def repacked(change) -> bytes:
    """The workbook with each member's text changed."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(XLSX)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def in_cell(ref: str, text: str) -> bytes:
    """The workbook with another text in a cell of the tasks."""
    cell = f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        if re.search(rb'<c r="%b"[^>]*>.*?</c>' % ref.encode(), data):
            return re.sub(rb'<c r="%b"[^>]*>.*?</c>' % ref.encode(), cell, data, count=1)
        row = re.search(r"\d+", ref)
        return (
            re.sub(rb'(<row r="%b"[^>]*>)' % row[0].encode(), rb"\1" + cell, data, count=1) if row else data
        )

    return repacked(change)


def bomb(size: int) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"\0" * size)
    return target.getvalue()


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(at)} "{f"&{chr(at - 1)};" * 10}">' for at in range(98, 107)
)
BAD = {
    "an empty file": ("p.xml", b" \n", r"it is empty; restore it from a copy"),
    "zeros": ("p.xml", b"\0" * 4096, r"it is none of|not written in"),
    "a picture": ("p.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, r"p\.png: "),
    "a page": ("p.xml", b"<!DOCTYPE html><html>Sign in</html>", r"DOCTYPE"),
    "an entity bomb": ("p.xml", with_doctype(LAUGHS), r"it has a DOCTYPE, which no project file needs; save it anew"),
    "an external entity": ("p.xml", with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'), r"it has a DOCTYPE"),
    "an external parameter entity": ("p.xml", with_doctype('<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;'), r"it has a DOCTYPE"),
    "a file cut off": ("p.xml", XML[: len(XML) // 2], r"it is damaged XML \(.*line \d+.*\); save it anew"),
    "another encoding than declared": ("p.xml", XML.replace(b"\xc3\x9c", b"\xdc"), r"not written in UTF-8.*byte"),
    "a control sign": ("p.xml", XML.replace(b"<Title>", b"<Title>\x01"), r"it is damaged XML"),
    "elements nested 100,000 deep": ("p.xml", XML.replace(b"<Tasks>", b"<a>" * 100_000), r"nested deeper than 40"),
    "more tasks than are read": ("p.xml", f"{HEAD}<Tasks>".encode() + b"<Task><UID>1</UID></Task>" * 20_001 + b"</Tasks></Project>", r"line \d+: it has more than 20,000 tasks; split"),
    "more tasks than are read in JSON": ("p.json", JSON[:-2].replace(b'"tasks":[', b'"tasks":[' + b"{}," * 20_001) + b"}", r"it has more than 20,000 tasks; split the plan"),
    "JSON cut off": ("p.json", JSON[:-40], r"p\.json, line 1, column \d+: it is no JSON .*; correct that"),
    "JSON nested 100,000 deep": ("p.json", b"[" * 100_000, r"it is nested too deep"),
    "NaN": ("p.json", JSON.replace(b'"percent":25', b'"percent":NaN'), r"it holds NaN, which is no number"),
    "a key twice": ("p.json", JSON.replace(b'"title":', b'"title":"a","title":'), r"the key 'title' stands twice in one object; keep one"),
    "a key that nobody knows": ("p.json", with_task(durration=1), r"tasks\[2\]\.durration: .*; remove it or correct its name"),
    "a duration below 0": ("p.json", with_task(duration={"minutes": -5}), r"tasks\[2\]\.duration\.minutes: .*greater than or equal to 0"),
    "a date of the year 0": ("p.json", with_task(deadline="0000-01-01T08:00"), r"tasks\[2\]\.deadline: "),
    "a number for a date": ("p.json", with_task(deadline=1_800_000_000), r"tasks\[2\]\.deadline: give a time of the local clock, such as"),
    "a time with a zone": ("p.json", with_task(deadline="2027-03-01T08:00+03:00"), r"tasks\[2\]\.deadline: give a time of the local clock"),
    "an amount that is no number": ("p.json", with_task(cost={"amount": "1e999999999", "currency": "EUR"}), r"tasks\[2\]\.cost\.amount|currency|amount"),
    "a task in itself": ("p.json", with_task(parent=json.loads(JSON)["tasks"][2]["uid"], summary=True), r"lies in itself; move it"),
    "JSON of another kind": ("p.json", b'{"plan": 1}', r'it is no plan of ours; its first key is "format": "interoffice-plan/1"'),
    "JSON in another encoding": ("p.json", JSON.decode().encode("utf-16"), r"p\.json"),
    "a calendar of nobody": ("p.json", changed(calendars=[{"name": "Standard", "week": [[]] * 7}]), r"nobody works on any weekday"),
    "a workbook with a password": ("p.xlsx", OLE + b"\0" * 4096, r"it has a password, or is an old \.xls; save it as \.xlsx without a password"),
    "a workbook cut off": ("p.xlsx", XLSX[:-300], r"it is not a whole \.xlsx workbook"),
    "a zip bomb": ("p.xlsx", bomb(200 * 2**20), r"it is not a whole \.xlsx workbook: .*; restore it"),
    "a workbook without tasks": ("p.xlsx", repacked(lambda _, data: data.replace(b'name="Tasks"', b'name="Other"')), r"it has no sheet 'Tasks'; name the sheet of the tasks so"),
    "an entity in a workbook": ("p.xlsx", repacked(lambda _, data: data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)), r"declares a document type, which no workbook has"),
    "a workbook of 1,000,000 rows": ("p.xlsx", repacked(lambda name, data: data.replace(b"</sheetData>", b"<row />" * 1_000_000 + b"</sheetData>") if name.endswith("sheet1.xml") else data), r"more than 40,000 rows|not a whole"),
    "a predecessor that is not there": ("p.xlsx", in_cell("H3", "999FS+2d"), r"sheet 'Tasks', cell H3: there is no task with the ID 999; correct or remove it"),
    "a predecessor that is none": ("p.xlsx", in_cell("H3", "after lunch"), r"cell H3: 'after lunch' is no predecessor; write 12, 12FS\+2d"),
    "a duration in a cell that is none": ("p.xlsx", in_cell("G3", "-5d"), r"cell G3: '-5d' is no duration; write 5d, 4h"),
    "a date in a cell that is none": ("p.xlsx", in_cell("S3", "soon"), r"cell S3: 'soon' is no time; write one such as"),
    "an iCalendar file": ("p.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", r"holds milestones alone, and is only written; give the plan itself"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_no_plan_can_be_read_from_is_refused_with_what_to_do(case) -> None:
    name, data, said = BAD[case]
    with pytest.raises(Refused, match=said) as refused:
        read_plan(data, name)
    assert refused.value.text.startswith(name)
    assert len(refused.value.text) < 700


def test_what_is_refused_when_broken_is_read_when_whole() -> None:
    for name, data in (
        ("p.xml", XML),
        ("p.json", JSON),
        ("p.xlsx", XLSX),
        ("p.xlsx", in_cell("H3", "1SS+1d")),
    ):
        assert len(read_plan(data, name).plan.tasks) == len(GOOD.tasks)


MEASURE = f"""
import resource, sys
from connectors.errors import Refused
from connectors.plan_files.reading import read_plan
resource.setrlimit(resource.RLIMIT_DATA, ({4 * MEMORY * 2**20}, resource.RLIM_INFINITY))
data = sys.stdin.buffer.read()
try:
    read_plan(data, sys.argv[1])
    print("read")
except Refused:
    print("refused")
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def hungry() -> dict[str, tuple[str, bytes]]:
    tasks = "".join(task(at) for at in range(1, MOST_TASKS + 1))
    million = b"<Task><UID>1</UID></Task>" * 1_000_000
    return {
        "1,000,000 tasks": ("p.xml", f"{HEAD}<Tasks>".encode() + million + b"</Tasks></Project>"),
        "1,000,000 tasks in JSON": ("p.json", JSON.replace(b'"tasks":[', b'"tasks":[' + b"{}," * 1_000_000)),
        "a workbook of 1,000,000 rows": BAD["a workbook of 1,000,000 rows"][:2],
        "a zip bomb": BAD["a zip bomb"][:2],
        "as many tasks as are read": ("p.xml", file(tasks)),
        "a name of 50 megabytes": ("p.xml", file(task(1).replace("task 1", "x" * 50 * 2**20))),
    }


@pytest.mark.servers
@pytest.mark.parametrize("case", ["1,000,000 tasks", "1,000,000 tasks in JSON", "a workbook of 1,000,000 rows", "a zip bomb", "as many tasks as are read", "a name of 50 megabytes"])  # fmt: skip
def test_a_huge_file_is_read_or_refused_in_bounded_memory(case, record_property) -> None:
    name, data = hungry()[case]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, name], input=data, capture_output=True, timeout=120, check=True
    )
    outcome, megabytes = done.stdout.split()
    record_property("outcome", f"{outcome.decode()} in {int(megabytes)} MB of memory, {len(data):,} bytes")
    assert int(megabytes) < MEMORY


def test_a_plan_of_every_size_that_is_read_is_written_and_larger_ones_are_refused(monkeypatch) -> None:
    monkeypatch.setattr("connectors.plan_files.found.MOST_TASKS", len(GOOD.tasks) - 1)
    with pytest.raises(Refused, match="more than 39 tasks; split the plan into several files"):
        writing.written(GOOD, "json", "p.json", None)
    assert plan_json.written(GOOD)
