"""Project files as programs other than Microsoft Project write them: read right, or said, with the real mpxj."""

import re
from dataclasses import replace
from datetime import date

import pytest

from connectors.errors import Refused
from connectors.project_file import reading as project_reading
from connectors.project_file import schedule
from connectors.project_file.connector import ProjectFile
from connectors.protocol import Done
from domain.organization.office import Access
from domain.plans.left_out import LeftOutKind
from tests.connectors.deciding import decided
from tests.connectors.project_file.ole import locked_mpp
from tests.connectors.workbook import books
from tests.contract import project_files
from tests.contract.project_files import SPACE, said, tag, task

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def _java():
    project_files.need_java()


def plan(*tasks, head="", definitions=""):
    """A file with nothing but these tasks, as small programs write it."""
    inside = (
        tag("Title", "Celek")
        + head
        + tag("MinutesPerDay", 480)
        + (definitions and f"<ExtendedAttributes>{definitions}</ExtendedAttributes>")
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Project xmlns="{SPACE[1:-1]}">{inside}<Tasks>{"".join(tasks)}</Tasks></Project>'


def step(uid, name="Krok", start="2027-03-01T08:00:00", finish="2027-03-05T17:00:00", **more):
    values = {"UID": uid, "ID": uid, "Name": name, "Start": start, "Finish": finish, **more}
    return tag("Task", "".join(tag(key, text) for key, text in values.items() if text is not None))


def tool(path, data, **more):
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    use = project_files.ProjectFileSettings.model_validate({"project": {"id": "P-1"}})
    return ProjectFile(path, books.OFFICE, use, more.pop("access", Access.WRITE), **more)


def items(reading):
    return {item.title: item for plan in reading.plans for item in plan.items}


def put(connected):
    return connected.put(decided(books.item("k/1"), books.question("q/1")), connected.read().digest)


LEVELS = {
    "all on level 0": (0, 0, 0),
    "all on level 1": (1, 1, 1),
    "no levels at all": (None, None, None),
    "parts of level 1 below level 0": (0, 1, 0),
}


@pytest.mark.parametrize("name", LEVELS)
def test_only_the_task_with_the_number_0_is_the_project_whatever_the_levels(tmp_path, name):
    names = ("Přípravy", "Výkop", "Stavba")
    tasks = [
        step(
            uid,
            names[at],
            OutlineLevel=level,
            PercentComplete=100 - 50 * at,
            finish=f"2027-0{4 + at}-30T17:00:00",
        )
        for at, (uid, level) in enumerate(zip((71, 72, 73), LEVELS[name], strict=True))
    ]
    connected = tool(tmp_path / "a.xml", plan(*tasks))
    reading = connected.read()
    nested = name == "parts of level 1 below level 0"
    assert list(items(reading)) == list(names[1:] if nested else names)
    project = reading.plans[0].project
    assert (project.finish, project.percent_complete) == (date(2027, 6, 30), None)
    assert [each.kind for each in reading.left_out] == ([LeftOutKind.SUMMARY_TASK] if nested else [])
    assert [each.done for each in put(connected).results] == [Done.CREATED] * 2
    after = connected.read()
    assert (after.plans[0].project, after.unreadable) == (project, ())
    assert len(items(after)) == len(items(reading)) + 1
    assert [each.done for each in put(connected).results] == [Done.SAME] * 2


def test_the_projects_own_task_is_the_project_on_any_level(tmp_path):
    top = step(0, "Celek", OutlineLevel=1, PercentComplete=40, Summary=1)
    reading = tool(tmp_path / "a.xml", plan(top, step(1, OutlineLevel=1))).read()
    assert (list(items(reading)), reading.plans[0].project.percent_complete) == (["Krok"], 40)


TEXT = "Übergabe é"
XML = [
    ("utf-8", "UTF-8", "as it declares"), ("utf-8-sig", "UTF-8", "as its first bytes say"), ("utf-16", "UTF-16", "as its first bytes say"),
    ("utf-16-le", "UTF-16", "as its first bytes say"), ("utf-16-be", "UTF-16", "as its first bytes say"), ("utf-32", "UTF-32", "as its first bytes say"),
    ("iso-8859-1", "ISO-8859-1", "as it declares"), ("iso-8859-15", "ISO-8859-15", "as it declares"), ("windows-1252", "windows-1252", "as it declares"),
    ("cp850", "IBM850", "as it declares"), ("gb18030", "GB18030", "as it declares"),
]  # fmt: skip


@pytest.mark.parametrize(("codec", "declared", "known"), XML)
def test_every_declared_encoding_is_read_and_told(tmp_path, codec, declared, known):
    xml = plan(step(1, TEXT), head=f"<!-- {'x' * 700} -->").replace("UTF-8", declared, 1)
    connected = tool(tmp_path / "a.xml", xml.encode(codec))
    assert list(items(connected.read())) == [TEXT]
    assert f"its letters are written in {declared}, {known}" in connected.check().notes


@pytest.mark.parametrize(
    ("codec", "declared", "name"),
    [
        ("cp1251", "windows-1251", "Фундамент"),
        ("gbk", "GBK", "基础施工"),
        ("shift_jis", "Shift_JIS", "基礎工事"),
        ("koi8-r", "KOI8-R", "Котлован"),
        ("big5", "Big5", "基礎"),
        ("euc-kr", "EUC-KR", "기초"),
        ("cp1255", "windows-1255", "יסודות"),
        ("cp1256", "windows-1256", "أساس"),
        ("iso-8859-9", "ISO-8859-9", "Köprü Şantiyesi"),
    ],
)
def test_letters_of_other_languages_are_read_as_declared_or_as_set(tmp_path, codec, declared, name):
    xml = plan(step(1, name))
    assert list(items(tool(tmp_path / "a.xml", xml.replace("UTF-8", declared).encode(codec)).read())) == [
        name
    ]
    mute = xml.replace(' encoding="UTF-8"', "").encode(codec)
    assert list(items(tool(tmp_path / "b.xml", mute, encoding=declared).read())) == [name]
    with pytest.raises(Refused, match="it is not written in UTF-8, as XML is that declares nothing else"):
        tool(tmp_path / "b.xml", mute).read()


REFUSED = {
    "not known": (plan(step(1)).replace("UTF-8", "EBCDIC-XX").encode(), "", "declares the encoding EBCDIC-XX, which is not known"),
    "not what it says": (plan(step(1, "é")).encode("cp1252"), "", "it is not written in UTF-8, as it declares"),
    "not what is set": (plan(step(1, "é")).encode("cp1252"), "utf-8", "it is not written in utf-8, as the settings say"),
    "a mark and another setting": (plan(step(1)).encode("utf-16"), "cp1251", "begins with the mark of UTF-16, and the settings say cp1251"),
    "cut in a letter": (plan(step(1)).encode("utf-16")[:-1], "", "it is not written in UTF-16"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_encoding_that_cannot_be_read_is_refused_by_its_name(tmp_path, name):
    data, encoding, fragment = REFUSED[name]
    with pytest.raises(Refused) as caught:
        tool(tmp_path / "a.xml", data, encoding=encoding).read()
    assert fragment in caught.value.text
    assert "`encoding`" in caught.value.text


def test_a_file_that_says_utf_16_and_is_not_is_read_as_the_utf_8_that_it_is(tmp_path):
    connected = tool(tmp_path / "a.xml", plan(step(1, TEXT)).replace("UTF-8", "utf-16").encode())
    assert list(items(connected.read())) == [TEXT]
    assert "its letters are written in UTF-8, though it declares utf-16" in connected.check().notes


def test_a_file_with_a_mark_is_written_and_keeps_it(tmp_path):
    connected = tool(tmp_path / "a.xml", plan(step(1, TEXT)).encode("utf-8-sig"))
    assert [each.done for each in put(connected).results] == [Done.CREATED] * 2
    assert connected.path.read_bytes().startswith(b"\xef\xbb\xbf<?xml")
    assert [each.done for each in put(connected).results] == [Done.SAME] * 2


def test_a_file_that_is_not_in_utf_8_is_said_beforehand_not_to_be_written(tmp_path):
    health = tool(tmp_path / "a.xml", plan(step(1, TEXT)).encode("utf-16")).check()
    assert (health.readable, health.writable) == (True, False)
    assert "it is not in UTF-8" in health.remarks[0]


def xer(**changes):
    """A file of Primavera, with letters put in place of one of ours and columns of its activities set."""
    whole = project_files.converted(project_files.plan().encode(), "xer").decode("cp1252")
    lines = whole.split("\r\n") if "\r\n" in whole else whole.split("\n")
    at = lines.index("%T\tTASK") + 1
    names = lines[at].split("\t")
    for number in range(at + 1, len(lines)):
        if not lines[number].startswith("%R"):
            break
        cells = lines[number].split("\t")
        for name, text in changes.items():
            cells[names.index(name)] = text
        lines[number] = "\t".join(cells)
    return "\r\n".join(lines)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_primavera_file_is_read_by_its_mark_or_as_utf_8(tmp_path, codec):
    connected = tool(tmp_path / "a.xer", xer(task_name="Фундамент").encode(codec), access=Access.OBSERVE)
    assert "Фундамент" in items(connected.read())
    assert any("its letters are written in UTF-" in note for note in connected.check().notes)


@pytest.mark.parametrize(
    ("codec", "name"), [("cp1251", "Фундамент"), ("gbk", "基础施工"), ("cp1252", "Fußgängerbrücke")]
)
def test_a_primavera_file_of_a_code_page_is_read_as_set_and_else_asked_for(tmp_path, codec, name):
    data = xer(task_name=name).replace("Lagerhalle 1 Ö", "Halle").encode(codec)
    assert name in items(tool(tmp_path / "a.xer", data, encoding=codec).read())
    with pytest.raises(Refused, match="does not say how its letters are written"):
        tool(tmp_path / "a.xer", data).read()


PERCENTS = {
    "physical": ({"complete_pct_type": "CP_Phys", "phys_complete_pct": "35"}, 35),
    "units": ({"complete_pct_type": "CP_Units", "act_work_qty": "5", "remain_work_qty": "15", "target_work_qty": "20"}, 25),
    "duration": ({"complete_pct_type": "CP_Drtn", "target_drtn_hr_cnt": "40", "remain_drtn_hr_cnt": "10"}, 75),
}  # fmt: skip


@pytest.mark.parametrize("name", PERCENTS)
def test_an_activity_is_as_complete_as_its_own_kind_of_percentage_says(tmp_path, name):
    changes, percent = PERCENTS[name]
    begun = {"status_code": "TK_Active", "act_start_date": "2026-11-02 08:00"}
    data = xer(**begun, **changes).encode("utf-8")
    assert {item.percent for item in items(tool(tmp_path / "a.xer", data).read()).values()} == {percent}


SPACES = [
    "http://xmlns.oracle.com/Primavera/P6Professional/V21.12/API/BusinessObjects",
    "http://xmlns.oracle.com/Primavera/P6Professional/V8.4.3/API/BusinessObjects",
    "http://xmlns.oracle.com/Primavera/P6/V8.3/API/BusinessObjects",
    "",
]


@pytest.mark.parametrize("space", SPACES)
def test_primavera_xml_is_known_by_every_version_of_both_programs_and_by_its_root(tmp_path, space):
    data = project_files.converted(project_files.plan().encode(), "pmxml")
    declared = re.search(rb' xmlns="[^"]*"', data)[0]
    data = data.replace(declared, f' xmlns="{space}"'.encode() if space else b"", 1)
    connected = tool(tmp_path / "a.xml", data)
    assert "Schritt 1" in items(connected.read())
    assert "Primavera P6 XML, which is only read" in " ".join(connected.check().remarks)
    assert "Schritt 1" in items(
        tool(tmp_path / "b.xml", data.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")).read()
    )


@pytest.mark.parametrize(
    "head", ["", tag("StartDate", "2027-01-04T08:00:00"), tag("FinishDate", "2027-12-31T17:00:00")]
)
def test_a_file_without_its_own_start_or_finish_is_written_and_ours_move_neither(tmp_path, head):
    connected = tool(tmp_path / "a.xml", plan(step(1), head=head))
    before = connected.read().plans[0].project
    assert before.start == date(2027, 1, 4) if "StartDate" in head else date(2027, 3, 1)
    assert connected.check().writable
    late = books.item("k/1", due=date(2028, 5, 1), start=date(2020, 1, 6))
    written = connected.put(decided(late), connected.read().digest)
    assert written.results[0].done is Done.CREATED
    assert connected.read().plans[0].project == before


FINISHES = [
    ("2027-03-01T00:00:00", "2027-03-06T00:00:00", date(2027, 3, 5)), ("2027-03-01T08:00:00", "2027-03-05T17:00:00", date(2027, 3, 5)),
    ("2027-03-05T00:00:00", "2027-03-05T00:00:00", date(2027, 3, 5)), ("2027-03-01T08:00:00", "2027-03-06T00:00:01", date(2027, 3, 6)),
]  # fmt: skip


@pytest.mark.parametrize(("start", "finish", "due"), FINISHES)
def test_a_finish_at_midnight_is_the_end_of_the_day_before(tmp_path, start, finish, due):
    baseline = tag("Baseline", tag("Number", 0), tag("Finish", finish))
    lasting = step(1, start=start, finish=finish, OutlineLevel=1).replace("</Task>", baseline + "</Task>")
    milestone = step(0, start=start, finish=finish, OutlineLevel=0).replace("</Task>", baseline + "</Task>")
    read = tool(tmp_path / "a.xml", plan(milestone, lasting)).read().plans[0]
    assert read.items[0].due == due
    assert read.project.finish == due


def test_a_task_without_its_number_is_refused_by_name_and_the_process_lives_on(tmp_path):
    for _ in range(2):
        with pytest.raises(Refused, match=r"the task Krok B \(line 7\) has no unique id \(UID\)"):
            tool(tmp_path / "a.xml", plan(step(1), step(None, "Krok B", ID=7))).read()
    assert items(tool(tmp_path / "a.xml", plan(step(1))).read())


def test_an_empty_line_needs_no_number(tmp_path):
    reading = tool(tmp_path / "a.xml", plan(step(1), tag("Task", tag("ID", 2), tag("IsNull", 1)))).read()
    assert [(each.kind, each.count) for each in reading.left_out] == [(LeftOutKind.BLANK_ROW, 1)]


def test_what_is_no_item_is_counted_by_kind_and_named(tmp_path):
    tasks = (
        task(30, 1, "3", "Cizí", ExternalTask=1), task(31, 1, "4", "Odložený", Active=0), task(32, 1, "5", "Etapa", Summary=1), task(33, 2, "5.1", "Část"),
        "<Task><UID>34</UID><ID>34</ID><IsNull>1</IsNull></Task>",
    )  # fmt: skip
    connected = tool(
        tmp_path / "a.xml", project_files.plan().replace("</Tasks>", "".join(tasks) + "</Tasks>")
    )
    found = {str(each.kind): (each.count, each.refs) for each in connected.read().left_out}
    assert found == {
        "summary task": (2, ("UID 1", "UID 32")),
        "inactive task": (1, ("UID 31",)),
        "external task": (1, ("UID 30",)),
        "blank row": (1, ()),
    }
    assert "2 summary tasks: UID 1, UID 32" in connected.check().notes
    put(connected)
    assert {str(each.kind): (each.count, each.refs) for each in connected.read().left_out} == found


def test_a_project_that_is_inserted_is_named_and_told(tmp_path):
    inserted = task(30, 1, "3", "Sever", IsSubproject=1, SubprojectName="C:\\plany\\sever.mpp", Summary=1)
    reading = tool(tmp_path / "a.xml", project_files.plan().replace("</Tasks>", inserted + "</Tasks>")).read()
    (problem,) = reading.unreadable
    assert (problem.ref, problem.text) == ("UID 30", "Sever")
    assert (
        problem.problem
        == "the inserted project sever.mpp is not read with this file; give it a tool of its own"
    )
    assert LeftOutKind.INSERTED_PROJECT in {each.kind for each in reading.left_out}


def test_a_file_with_a_password_says_so(tmp_path):
    with pytest.raises(Refused, match="it is password-protected; save it without a password"):
        tool(tmp_path / "a.mpp", locked_mpp()).read()


def defined(number, *more):
    field = (
        188743731 + 3 * (number - 1)
        if number < 7
        else 188743740 + number
        if number < 11
        else 188743986 + number
    )
    return tag("ExtendedAttribute", tag("FieldID", field), tag("FieldName", f"Text{number}"), *more)


def test_of_custom_fields_that_are_all_defined_the_highest_without_a_name_and_a_value_are_taken(tmp_path):
    kept = {
        30: tag("Alias", "Rizika"),
        29: tag("CalculationType", 2) + tag("Formula", "[Cost]*2"),
        27: tag("ValueList", tag("Value", tag("ID", 1))),
    }
    idle = {26: tag("Alias", ""), 25: tag("Guid", "0") + tag("CalculationType", 0)}
    definitions = "".join(defined(n, *filter(None, [kept.get(n) or idle.get(n)])) for n in range(1, 31))
    used = step(1).replace(
        "</Task>", tag("ExtendedAttribute", tag("FieldID", 188743986 + 28), tag("Value", "ano")) + "</Task>"
    )
    connected = tool(tmp_path / "a.xml", plan(used, definitions=definitions))
    notes = connected.check().notes
    assert "Text26 is taken for 'interoffice key', as it has no name and no value" in notes
    assert [note for note in notes if re.match(r"Text(30|29|28|27) ", note)] == []
    assert [each.done for each in put(connected).results] == [Done.CREATED] * 2
    root = project_files.tree(connected.path)
    names = {
        said(each, "FieldName"): said(each, "Alias") for each in root.findall(f"{SPACE}ExtendedAttributes/*")
    }
    assert (names["Text26"], names["Text25"], names["Text30"], names["Text29"]) == (
        "interoffice key",
        "interoffice role",
        "Rizika",
        None,
    )
    assert len(names) == 30
    order = [each.tag.removeprefix(SPACE) for each in root.findall(f"{SPACE}ExtendedAttributes/*")[24]]
    assert (
        order.index("FieldName") < order.index("Guid") < order.index("Alias") < order.index("CalculationType")
    )
    assert [each.done for each in put(connected).results] == [Done.SAME] * 2
    assert connected.find(["k/1"])["k/1"]


def test_where_every_custom_field_is_used_the_writing_is_refused_beforehand(tmp_path):
    definitions = "".join(defined(n, tag("Alias", f"Pole {n}")) for n in range(1, 31))
    health = tool(tmp_path / "a.xml", plan(step(1), definitions=definitions)).check()
    assert not health.writable
    assert "no custom text field is free" in health.remarks[0]


def test_a_part_that_mpxj_passes_over_is_told(tmp_path):
    connected = tool(tmp_path / "a.xml", plan(step(1)))
    found = schedule.read(connected.path.read_bytes(), "a.xml", connected.settings.custom)
    gap = replace(found, passed_over=("no calendar 7",))
    (problem,) = project_reading.read(gap, connected.settings, books.OFFICE, "").unreadable
    assert (problem.text, "save it anew" in problem.problem) == ("no calendar 7", True)
