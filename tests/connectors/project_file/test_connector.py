"""Project files: what is read of them, and what of ours is put into Microsoft Project's XML; with the real mpxj."""

import random
from contextlib import contextmanager
from datetime import date

import pytest
from lxml import etree

from connectors.errors import Refused, Skip, TryLater
from connectors.project_file import connector as project_file
from connectors.project_file import mspdi
from connectors.project_file.rows import TYPES
from connectors.project_file.writing import ordered
from connectors.protocol import Done, Keeping
from domain.delivery.wanted import Wanted, WantedKind
from domain.organization.office import Access
from domain.plans.predecessor import text_of
from domain.plans.project import ItemKind, Stage
from tests.connectors.deciding import decided, linked
from tests.connectors.workbook import books
from tests.contract import project_files
from tests.contract.project_files import SPACE, edited, said, tasks_of, value

pytestmark = pytest.mark.servers
LAYOUTS = {"one line": str, "spread": project_files.spread}


@pytest.fixture(autouse=True)
def _java():
    project_files.need_java()


@pytest.fixture(params=sorted(LAYOUTS))
def path(request, tmp_path):
    return project_files.plain(tmp_path / "plan.xml", change=LAYOUTS[request.param])


@pytest.fixture
def tool(path):
    return project_files.connector(path)


def put(tool, *wanted, **more):
    return tool.put(decided(*wanted), tool.read().digest, **more)


def dones(written):
    return [each.done for each in written.results]


def task(path, key):
    return next(node for node in tasks_of(path) if value(node, 30) == key)


def outline(path):
    """Each task's depth and name, and every number of its place."""
    return [
        (int(said(n, "OutlineLevel")), said(n, "OutlineNumber"), said(n, "ID"), said(n, "Name"))
        for n in tasks_of(path)
    ]


def test_the_project_is_told_from_the_file_and_its_custom_fields(tool):
    project = tool.read().plans[0].project
    assert (project.key, project.title, project.lead, project.currency) == (
        "porto/P-1",
        "Lagerhalle 1 Ö",
        "A. Braun",
        "EUR",
    )
    assert (project.stage, project.program, dict(project.fields)) == (
        Stage.EXECUTION,
        "hafen",
        {"risk_register": "ja"},
    )
    assert (project.start, project.finish, project.baseline_finish) == (
        date(2026, 3, 2),
        date(2027, 5, 31),
        date(2027, 4, 30),
    )
    assert (project.percent_complete, project.last_report) == (94, date(2026, 12, 31))
    assert (project.budget, project.actual_cost, project.forecast_cost) == (1_250_000, 1_100_000, 1_300_000)
    assert project.sponsor is None
    assert tool.read().unreadable == ()


def test_tasks_are_items_and_summaries_are_not(path, tool):
    edited(
        path, lambda root: setattr(root.findall(f".//{SPACE}Task")[3].find(f"{SPACE}Milestone"), "text", "1")
    )
    edited(path, lambda root: setattr(root.findall(f".//{SPACE}Task")[4].find(f"{SPACE}Active"), "text", "0"))
    items = tool.read().plans[0].items
    assert [item.title for item in items] == ["Schritt 1", "Schritt 2", "Schritt 4", "Schritt 5", "Schritt 6"]
    assert [item.kind for item in items][:2] == [ItemKind.TASK, ItemKind.MILESTONE]
    first = items[0]
    assert (first.owner, first.start, first.due) == ("J. Kim", date(2026, 11, 2), date(2027, 1, 29))
    assert (first.work, first.percent, first.ours, first.key) == (20, 50, "", "porto/P-1/2")


def test_what_a_file_lacks_is_not_guessed(tmp_path):
    bare = f'<Project xmlns="{SPACE[1:-1]}"><Tasks>{project_files.tag("Task", "<UID>1</UID><ID>1</ID><Name>a</Name><OutlineLevel>1</OutlineLevel><OutlineNumber>1</OutlineNumber>")}</Tasks></Project>'
    (tmp_path / "bare.xml").write_text(bare)
    project = project_files.connector(tmp_path / "bare.xml").read().plans[0].project
    for name in (
        "stage",
        "lead",
        "finish",
        "baseline_finish",
        "percent_complete",
        "budget",
        "actual_cost",
        "last_report",
    ):
        assert getattr(project, name) is None, name


def test_a_project_at_nothing_whose_tasks_have_begun_has_not_said_how_far_it_is(path, tool):
    def change(percent, of):
        def act(root):
            for node in root.findall(f".//{SPACE}Task")[of]:
                node.find(f"{SPACE}PercentComplete").text = percent

        edited(path, act)

    change("0", slice(0, 1))
    assert tool.read().plans[0].project.percent_complete is None
    change("0", slice(1, None))
    assert tool.read().plans[0].project.percent_complete == 0


def test_a_project_without_any_cost_has_no_costs(path, tool):
    def free(root):
        top = root.find(f".//{SPACE}Task")
        for name in ("Cost", "ActualCost"):
            top.find(SPACE + name).text = "0"
        top.remove(top.find(f"{SPACE}Baseline"))

    edited(path, free)
    project = tool.read().plans[0].project
    assert (project.budget, project.actual_cost, project.forecast_cost) == (None, None, None)


@pytest.mark.parametrize("to", ["xer", "pmxml"])
def test_files_of_primavera_are_read_and_never_written(tmp_path, to):
    plan = project_files.plain(tmp_path / "plan.xml")
    theirs = tmp_path / f"plan.{to}"
    theirs.write_bytes(project_files.converted(plan.read_bytes(), to))
    before = theirs.read_bytes()
    tool = project_files.connector(theirs)
    reading = tool.read()
    project = reading.plans[0].project
    assert {item.title for item in reading.plans[0].items} >= {f"Schritt {n}" for n in range(1, 7)}
    assert {item.due for item in reading.plans[0].items} <= {date(2027, 1, 29), date(2027, 5, 31)}
    assert project.finish == date(2027, 5, 31)
    assert (project.title, project.baseline_finish, project.budget) != ("", None, None) or to == "xer"
    health = tool.check()
    assert (health.readable, health.writable) == (True, False)
    assert any("only read" in remark for remark in health.remarks)
    with pytest.raises(Refused, match="save its plan as Microsoft Project XML"):
        put(tool, books.item("k/1"))
    assert theirs.read_bytes() == before
    assert project_files.connector(theirs, Access.OBSERVE).check().remarks == ()


def test_a_file_of_primavera_without_a_baseline_has_none(tmp_path):
    """One would be filled in from the planned dates, which would make every project of Primavera on time."""
    theirs = tmp_path / "plan.xer"
    theirs.write_bytes(project_files.converted(project_files.plan().encode(), "xer"))
    assert project_files.connector(theirs).read().plans[0].project.baseline_finish is None


def test_several_projects_in_one_file_are_told_apart_by_their_id(tmp_path):
    xer = (
        project_files.converted(project_files.plan().encode(), "xer")
        .decode("cp1252")
        .replace("\r\n", "\n")
        .split("\n")
    )
    at = next(n for n, line in enumerate(xer) if line == "%T\tPROJECT") + 2
    second = xer[at].split("\t")
    assert second[0] == "%R"
    second[1] = "77"
    fields = xer[at - 1].split("\t")
    second[fields.index("proj_short_name")] = "OTHER"
    for line in (xer[at].split("\t"), second):
        line[fields.index("export_flag")] = "Y"
    xer[at] = "\t".join(
        [
            *xer[at].split("\t")[: fields.index("export_flag")],
            "Y",
            *xer[at].split("\t")[fields.index("export_flag") + 1 :],
        ]
    )
    second[fields.index("export_flag")] = "Y"
    theirs = tmp_path / "two.xer"
    theirs.write_bytes("\r\n".join([*xer[: at + 1], "\t".join(second), *xer[at + 1 :]]).encode("cp1252"))
    name = xer[at].split("\t")[fields.index("proj_short_name")]
    with pytest.raises(Refused, match=r"name one as `project\.code`"):
        project_files.connector(theirs).read()
    one = project_files.settings(project={"id": "P-1", "code": name})
    assert len(project_files.connector(theirs, use=one).read().plans[0].items) == 6
    other = project_files.settings(project={"id": "P-1", "code": "OTHER"})
    assert project_files.connector(theirs, use=other).read().plans[0].items == ()
    missing = project_files.settings(project={"id": "P-1", "code": "NONE"})
    with pytest.raises(Refused, match="no project 'NONE' in it"):
        project_files.connector(theirs, use=missing).read()


def test_ours_stand_below_one_summary_and_every_other_byte_stays(path, tool):
    before = path.read_bytes()
    written = put(tool, books.item("k/1"), books.question("q/1"))
    assert dones(written) == [Done.CREATED] * 2
    assert written.calls == ("save plan.xml with 2 of our tasks new or changed",)
    after = path.read_bytes()
    rows = mspdi.document(after, "").rows
    new = b"".join(row.lead + row.raw for row in rows[-3:])
    assert after.count(new) == 1
    stripped = after.replace(new, b"")
    for node in reversed(mspdi.scanned(stripped, mspdi.SECTIONS).kid("ExtendedAttributes").kids):
        if node.said("Alias").startswith("interoffice"):
            begin = stripped.rindex(b">", 0, node.start) + 1
            stripped = stripped[:begin] + stripped[node.end :]
    assert stripped == before
    assert [row[:2] for row in outline(path)[-3:]] == [(1, "2"), (2, "2.1"), (2, "2.2")]


def test_another_reader_sees_the_task_that_was_agreed(path, tool):
    put(tool, books.item("k/1", start=date(2027, 2, 22), work=12.5))
    node = task(path, "k/1")
    assert (said(node, "Name"), said(node, "Manual")) == ("Gate-Prüfung nachholen", "1")
    assert (said(node, "Start"), said(node, "Finish")) == ("2027-02-22T08:00:00", "2027-02-26T17:00:00")
    assert (said(node, "Duration"), said(node, "Work")) == ("PT40H0M0S", "PT12H30M0S")
    work = [
        n
        for n in project_files.tree(path).iter(f"{SPACE}Assignment")
        if said(n, "TaskUID") == said(node, "UID")
    ]
    assert [(said(n, "ResourceUID"), said(n, "Work")) for n in work] == [("-65535", "PT12H30M0S")]
    names = [etree.QName(kid).localname for kid in node]
    assert names == sorted(names, key=mspdi.PLACE.__getitem__)


def test_a_plan_with_parents_and_links_stands_there_as_wanted_whatever_the_order(path, tool):
    wanted = [
        books.item(f"p/{n}", title=f"Step {n}", parent=f"p/{n - n % 10}" if n % 10 else "", after=f"p/{n - 1} +2d" if n % 10 > 1 else "", work=float(n or 1))
        for n in range(40)
    ]  # fmt: skip
    random.Random(7).shuffle(wanted)
    written = put(tool, *wanted)
    assert dones(written) == [Done.CREATED] * 40
    there = tool.find([each.key for each in wanted])
    for each in wanted:
        expected = dict(tool.fit(each).values)
        if not each.values["parent"]:
            expected.pop("work")
        assert {name: there[each.key][0].values.get(name, "") for name in expected} == expected
    assert dones(put(tool, *wanted)) == [Done.SAME] * 40
    assert [said(task(path, f"p/{n}"), "Summary") for n in (0, 1)] == ["1", "0"]
    assert tool.read().unreadable == ()


def test_numbers_stay_in_their_order_wherever_ours_are_put(path, tool):
    put(tool, books.item("k/1"), books.item("k/2", parent="k/1"))

    def append(root):
        holder = root.find(f"{SPACE}Tasks")
        holder.append(
            etree.fromstring(
                project_files.task(90, 1, "3", "Phase 3", ID=10).replace(
                    "<Task>", f'<Task xmlns="{SPACE[1:-1]}">'
                )
            )
        )

    edited(path, append)
    assert dones(put(tool, books.item("k/3", parent="k/1"))) == [Done.CREATED]
    rows = outline(path)
    assert [row[2] for row in rows] == [str(n) for n in range(len(rows))]
    assert [row[:2] for row in rows[-5:]] == [(1, "2"), (2, "2.1"), (3, "2.1.1"), (3, "2.1.2"), (1, "3")]
    assert rows[-1][3] == "Phase 3"


def test_a_parent_waits_below_its_part_until_that_has_moved(tool):
    put(tool, books.item("a"), books.item("b", parent="a"))
    written = put(tool, books.item("a", parent="b"), books.item("b", parent="", due="next week"))
    assert dones(written) == [Done.LATER, Done.REFUSED]
    assert "b still stands below it" in written.results[0].why


def test_a_part_moves_with_its_parts_when_it_gets_another_parent(path, tool):
    put(tool, books.item("a"), books.item("b", parent="a"), books.item("c", parent="b"), books.item("d"))
    written = put(tool, books.item("b", parent="d"))
    assert (dones(written), written.results[0].fields) == ([Done.UPDATED], ("parent",))
    assert [(value(n, 30), said(n, "OutlineNumber"), said(n, "Summary")) for n in tasks_of(path)[-4:]] == [
        ("a", "2.1", "0"), ("d", "2.2", "1"), ("b", "2.2.1", "1"), ("c", "2.2.1.1", "0"),
    ]  # fmt: skip
    assert "its own ancestor" in put(tool, books.item("d", parent="c")).results[0].why


def test_what_the_office_moved_into_its_own_phase_stays_there_and_is_the_same(path, tool):
    put(tool, books.item("k/1"), books.question("q/1"))

    def move(root):
        holder = root.find(f"{SPACE}Tasks")
        node = next(each for each in holder if value(each, 30) == "k/1")
        holder.remove(node)
        holder.insert(2, node)
        node.find(f"{SPACE}OutlineNumber").text = "1.1"

    edited(path, move)
    before = path.read_bytes()
    assert dones(put(tool, books.item("k/1"))) == [Done.SAME]
    assert path.read_bytes() == before


def test_what_it_hangs_on_is_waited_for_and_circles_are_told(tool):
    written = put(
        tool,
        books.item("a", parent="x"),
        books.item("b", after="y"),
        books.item("c"),
        books.item("d", after="a"),
    )
    assert dones(written) == [Done.LATER, Done.LATER, Done.CREATED, Done.LATER]
    assert "its parent x is not there yet" in written.results[0].why
    circle = put(tool, books.item("e", after="f"), books.item("f", after="e"))
    assert dones(circle) == [Done.LATER] * 2
    assert "follow itself" in put(tool, books.item("g", after="g")).results[0].why


def test_the_same_key_with_other_content_is_refused_and_the_first_is_put(tool):
    written = put(tool, books.item("k/1"), books.item("k/1", title="another"), books.item("k/1"))
    assert dones(written) == [Done.CREATED, Done.REFUSED, Done.SAME]
    assert tool.find(["k/1"])["k/1"][0].values["title"] == "Gate-Prüfung nachholen"


def test_only_links_between_ours_are_ours(path, tool):
    put(tool, books.item("a"), books.item("b", after="a"), books.item("c"))

    def links(root):
        node = next(each for each in root.find(f"{SPACE}Tasks") if value(each, 30) == "b")
        theirs = etree.fromstring(
            f'<PredecessorLink xmlns="{SPACE[1:-1]}"><PredecessorUID>2</PredecessorUID><Type>3</Type><CrossProject>0</CrossProject><LinkLag>0</LinkLag><LagFormat>7</LagFormat></PredecessorLink>'
        )
        node.find(f"{SPACE}PredecessorLink").addnext(theirs)

    edited(path, links)
    assert text_of(tool.find(["b"])["b"][0].values["after"]) == "a"
    assert dones(put(tool, books.item("b", after="c +3d"))) == [Done.UPDATED]
    there = [
        (said(n, "PredecessorUID"), said(n, "Type"), said(n, "LinkLag"))
        for n in task(path, "b").findall(f"{SPACE}PredecessorLink")
    ]
    assert there == [("2", "3", "0"), (said(task(path, "c"), "UID"), "1", "14400")]


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"Type": "3"}, "a (SS +2d)"),
        ({"LinkLag": "-4800"}, "a (-1d)"),
        ({"LinkLag": "2400"}, "a (+0.5d)"),
        ({"LinkLag": "50", "LagFormat": "19"}, "a (+50%)"),
        ({"LinkLag": "14400", "LagFormat": "8"}, "a (+1ed)"),
        ({"Type": "0", "LinkLag": "0"}, "a (FF)"),
    ],
)
def test_a_link_that_the_office_changed_is_seen(path, tool, change, seen):
    put(tool, books.item("a"), books.item("b", after="a +2d"))

    def act(root):
        for name, text in change.items():
            root.findall(f".//{SPACE}PredecessorLink/{SPACE}{name}")[-1].text = text

    edited(path, act)
    assert text_of(tool.find(["b"])["b"][0].values["after"]) == seen
    assert dones(put(tool, books.item("b", after="a +2d"))) == [Done.UPDATED]
    assert text_of(tool.find(["b"])["b"][0].values["after"]) == "a +2d"


@pytest.mark.parametrize("minutes", ["450", "480", "600"])
def test_a_working_day_is_as_long_as_the_file_says(tmp_path, minutes):
    path = tmp_path / "plan.xml"
    path.write_text(project_files.plan(MinutesPerDay=minutes), "utf-8")
    tool = project_files.connector(path)
    assert dones(put(tool, books.item("a"), books.item("b", after="a +2d", work=7.5))) == [Done.CREATED] * 2
    assert said(task(path, "a"), "Duration") == f"PT{int(minutes) // 60}H{int(minutes) % 60}M0S"
    assert text_of(tool.find(["b"])["b"][0].values["after"]) == "a +2d"


def test_a_question_is_a_milestone_that_the_office_answers_in_a_field(path, tool):
    put(tool, books.question("q/1"))
    node = task(path, "q/1")
    assert (said(node, "Name"), said(node, "Milestone"), said(node, "Duration")) == (
        "question: fact: Wer ist Auftraggeber?",
        "1",
        "PT0H0M0S",
    )
    assert said(node, "Notes").startswith(
        "Wer ist Auftraggeber?\n\n[Answer in the custom field “interoffice answer”"
    )
    assert tool.read().answers == ()

    def answer(root):
        fields = {
            said(n, "Alias"): said(n, "FieldID")
            for n in root.iter(f"{SPACE}ExtendedAttribute")
            if said(n, "Alias")
        }
        there = next(each for each in root.find(f"{SPACE}Tasks") if value(each, 30) == "q/1")
        for name, text in (("interoffice answer", "Dr. Ç. Şahin"), ("interoffice answered by", "A. Braun")):
            piece = f'<ExtendedAttribute xmlns="{SPACE[1:-1]}"><FieldID>{fields[name]}</FieldID><Value>{text}</Value></ExtendedAttribute>'
            there.append(etree.fromstring(piece))

    edited(path, answer)
    answers = tool.read().answers
    assert [(each.question, each.text, each.by) for each in answers] == [("q/1", "Dr. Ç. Şahin", "A. Braun")]
    assert dones(put(tool, books.question("q/1", standing="answered"))) == [Done.UPDATED]
    assert [each.text for each in tool.read().answers] == ["Dr. Ç. Şahin"]


def test_what_we_put_there_changes_no_fact_of_the_project(tool):
    before = tool.read().plans[0]
    late = date(2029, 1, 1)
    put(tool, books.item("k/1", due=late, work=900), books.question("q/1", answer_by=late))
    after = tool.read().plans[0]
    assert after.project == before.project
    assert [item for item in after.items if not item.ours] == list(before.items)


def test_what_microsoft_project_writes_beside_work_and_dates_follows_them(path, tool):
    """As after the office opened the file and saved it: every task has work, maybe none, and what remains."""
    put(tool, books.item("k/1"))

    def save(root):
        node = next(each for each in root.find(f"{SPACE}Tasks") if value(each, 30) == "k/1")
        at = node.find(f"{SPACE}Summary")
        for name, text in (
            ("RemainingWork", "PT0H0M0S"),
            ("RemainingDuration", "PT8H0M0S"),
            ("RegularWork", "PT0H0M0S"),
            ("PercentComplete", "0"),
        ):
            at.addnext(etree.fromstring(f'<{name} xmlns="{SPACE[1:-1]}">{text}</{name}>'))
        node.find(f"{SPACE}ManualDuration").getparent().find(f"{SPACE}DurationFormat").addnext(
            etree.fromstring(f'<Work xmlns="{SPACE[1:-1]}">PT0H0M0S</Work>')
        )
        work = f'<Assignment xmlns="{SPACE[1:-1]}"><UID>77</UID><TaskUID>{said(node, "UID")}</TaskUID><ResourceUID>-65535</ResourceUID><RegularWork>PT0H0M0S</RegularWork><RemainingWork>PT0H0M0S</RemainingWork><Units>1</Units><Work>PT0H0M0S</Work></Assignment>'
        root.find(f"{SPACE}Assignments").append(etree.fromstring(work))

    edited(path, save)
    assert dones(put(tool, books.item("k/1"))) == [Done.SAME]
    assert dones(put(tool, books.item("k/1", work=16.0, start=date(2027, 2, 22)))) == [Done.UPDATED]
    node = task(path, "k/1")
    assert {said(node, name) for name in ("Work", "RegularWork", "RemainingWork")} == {"PT16H0M0S"}
    assert {said(node, name) for name in ("Duration", "ManualDuration", "RemainingDuration")} == {"PT40H0M0S"}
    carried = [
        n for n in project_files.tree(path).iter(f"{SPACE}Assignment") if said(n, "ResourceUID") == "-65535"
    ]
    assert [{said(n, name) for name in ("Work", "RegularWork", "RemainingWork")} for n in carried] == [
        {"PT16H0M0S"}
    ]
    assert dones(put(tool, books.item("k/1", work=16.0, start=date(2027, 2, 22)))) == [Done.SAME]


def test_progress_and_people_of_the_office_are_never_touched(path, tool):
    put(tool, books.item("k/1", work=16.0))

    def begin(root):
        node = next(each for each in root.find(f"{SPACE}Tasks") if value(each, 30) == "k/1")
        node.find(f"{SPACE}Summary").addnext(
            etree.fromstring(f'<PercentComplete xmlns="{SPACE[1:-1]}">30</PercentComplete>')
        )
        for each in root.iter(f"{SPACE}Assignment"):
            if said(each, "TaskUID") == said(node, "UID"):
                each.find(f"{SPACE}ResourceUID").text = "1"

    edited(path, begin)
    written = put(tool, books.item("k/1", title="new", work=16.0))
    assert (dones(written), written.results[0].fields) == ([Done.UPDATED], ("title",))
    assert said(task(path, "k/1"), "PercentComplete") == "30"
    refused = put(tool, books.item("k/1", title="newer", work=24.0)).results[0]
    assert (refused.done, "people are assigned" in refused.why) == (Done.REFUSED, True)
    assert said(task(path, "k/1"), "Name") == "new"


def test_a_custom_field_of_the_office_is_left_to_it(path, tool):
    def use(root):
        holder = root.find(f"{SPACE}ExtendedAttributes")
        holder.append(
            etree.fromstring(
                f'<ExtendedAttribute xmlns="{SPACE[1:-1]}"><FieldID>188744016</FieldID><FieldName>Text30</FieldName><Alias>Kostenstelle</Alias></ExtendedAttribute>'
            )
        )
        node = root.findall(f".//{SPACE}Task")[4]
        node.append(
            etree.fromstring(
                f'<ExtendedAttribute xmlns="{SPACE[1:-1]}"><FieldID>188744015</FieldID><Value>4711</Value></ExtendedAttribute>'
            )
        )

    edited(path, use)
    assert dones(put(tool, books.item("k/1"))) == [Done.CREATED]
    names = {
        said(n, "Alias"): said(n, "FieldName")
        for n in project_files.tree(path).iter(f"{SPACE}ExtendedAttribute")
        if said(n, "Alias")
    }
    assert (names["Kostenstelle"], names["interoffice key"]) == ("Text30", "Text28")
    assert len(tool.find(["k/1"])["k/1"]) == 1


def test_a_name_of_ours_on_a_field_of_another_kind_is_told(path, tool):
    edited(path, lambda root: setattr(root.findall(f".//{SPACE}Alias")[0], "text", "interoffice key"))
    edited(
        path,
        lambda root: setattr(
            root.findall(f".//{SPACE}ExtendedAttribute/{SPACE}FieldID")[0], "text", "188743767"
        ),
    )
    assert any("is not a text field" in remark for remark in tool.check().remarks)


def test_what_would_not_read_back_is_not_saved(path, tool, monkeypatch):
    """A planted fault: links that are written as start to start."""
    before = path.read_bytes()
    monkeypatch.setitem(TYPES, "FS", "3")
    with pytest.raises(Refused, match="k/2 would not read back"):
        put(tool, books.item("k/1"), books.item("k/2", after="k/1"))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        (lambda new: new.replace(b"<Name>Schritt 3</Name>", b"<Name>Schritt X</Name>"), "UID 4"),
        (lambda new: new.replace(b"<HideBar>0</HideBar>", b"", 1), "UID 0"),
        (lambda new: new.replace(b"<Name>J. Kim</Name>", b"<Name>K. Jim</Name>"), "UID 2"),
        (lambda new: new.replace(b"<DaysPerMonth>20</DaysPerMonth>", b""), "DaysPerMonth"),
        (lambda new: new.replace(b"<Alias>Programm</Alias>", b"<Alias>Program</Alias>"), "UID 0"),
    ],
)
def test_a_loss_of_what_is_the_offices_is_found_and_named(path, tool, monkeypatch, planted, named):
    real = mspdi.PlanXml.together
    monkeypatch.setattr(mspdi.PlanXml, "together", lambda self: planted(real(self)))
    before = path.read_bytes()
    with pytest.raises(Refused, match=f"what is not ours.*{named}"):
        put(tool, books.item("k/1"))
    assert path.read_bytes() == before


def test_unknown_elements_comments_and_instructions_survive(path, tool):
    def add(root):
        root.find(f"{SPACE}Tasks").insert(3, etree.Comment(" ours? no "))
        node = root.findall(f".//{SPACE}Task")[2]
        node.append(etree.fromstring(f'<Vendor xmlns="{SPACE[1:-1]}" a="1"><Deep>x</Deep></Vendor>'))
        node.append(
            etree.fromstring(
                f'<TimephasedData xmlns="{SPACE[1:-1]}"><Type>1</Type><UID>2</UID><Value>PT8H0M0S</Value></TimephasedData>'
            )
        )
        root.append(etree.ProcessingInstruction("keep", "me"))

    edited(path, add)
    before = project_files.foreign(path)
    assert dones(put(tool, books.item("k/1"), books.question("q/1"))) == [Done.CREATED] * 2
    assert project_files.foreign(path) == before
    assert all(
        piece in path.read_bytes() for piece in (b"<!-- ours? no -->", b"<Deep>x</Deep>", b"<?keep me?>")
    )


def test_only_what_differs_is_written_and_dates_stay_agreed(path, tool):
    put(tool, books.item("k/1", start=date(2027, 2, 1)), books.item("k/2"))
    written = put(tool, books.item("k/1", due=date(2027, 3, 31)), books.item("k/2"))
    assert [(each.done, each.fields) for each in written.results] == [
        (Done.UPDATED, ("due",)),
        (Done.SAME, ()),
    ]
    assert said(task(path, "k/1"), "Start") == "2027-02-01T08:00:00"
    refused = put(tool, books.item("k/1", due=date(2027, 1, 1))).results[0]
    assert (refused.done, "after it is due" in refused.why) == (Done.REFUSED, True)
    moved = put(tool, books.item("k/2", due=date(2027, 1, 1)))
    assert dones(moved) == [Done.UPDATED]
    assert said(task(path, "k/2"), "Start") == "2027-01-01T08:00:00"


def test_what_we_want_without_a_start_claims_none(tool):
    put(tool, books.item("k/1"))
    assert "start" not in tool.find(["k/1"])["k/1"][0].values


def test_a_dry_run_says_the_same_and_writes_nothing(path, tool):
    before = path.read_bytes()
    dry = put(tool, books.item("k/1"), books.question("q/1"), dry_run=True)
    assert path.read_bytes() == before
    real = put(tool, books.item("k/1"), books.question("q/1"))
    assert (dry.results, dry.calls, dry.dry_run) == (real.results, real.calls, True)


def test_what_changed_meanwhile_is_left_and_the_guard_is_given_the_keys(path, tool):
    digest = tool.read().digest
    edited(path, lambda root: setattr(root.find(f"{SPACE}Title"), "text", "anders"))
    assert tool.changed(digest)
    with pytest.raises(TryLater, match="changed since it was read"):
        tool.put(decided(books.item("k/1")), digest)
    seen = []

    @contextmanager
    def watching(keys):
        seen.append(sorted(keys))
        yield

    put(tool, books.item("k/1"), books.item("k/2", parent="nowhere"), guard=watching)
    assert seen == [["k/1"]]


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (Access.OBSERVE, [Done.REFUSED] * 2),
        (Access.ASK, [Done.REFUSED, Done.CREATED]),
        (Access.WRITE, [Done.CREATED] * 2),
    ],
)
def test_access_is_kept(path, access, expected):
    tool = project_files.connector(path, access)
    assert dones(put(tool, books.item("k/1"), books.question("q/1"))) == expected


def test_what_cannot_stand_in_the_file_is_refused_with_its_reason(tool):
    elsewhere = Wanted("k/1", "elsewhere", books.item().fields)
    cases = [
        (elsewhere, "belongs to elsewhere"),
        (books.item("k;1"), "key cannot stand"),
        (books.item("k +2d"), "key cannot stand"),
        (books.item("k/2", project="P-2"), "this file is P-1"),
        (books.item("k/3", role="x" * 300), "300 characters"),
        (books.item("k/4", work=-1), "no number of hours"),
        (books.item("k/5", after="a (FF -1d)"), "finish to start"),
        (books.item("k/6", start=date(2028, 1, 1)), "after it is due"),
    ]
    for wanted, why in cases:
        result = put(tool, wanted).results[0]
        assert (result.done, why in result.why) == (Done.REFUSED, True), result
    with pytest.raises(Skip):
        tool.fit(books.item("k/6", start=date(2028, 1, 1)))


def test_what_is_held_is_declared_and_so_it_is(tool):
    held = {each.field: each.keeping for each in tool.holds(WantedKind.ITEM)}
    full = {"title": "Ö <&> “x”", "project": "P-1", "due": date(2027, 2, 26), "role": "lead", "standing": "open", "start": date(2027, 2, 1), "work": 12.25, "parent": "k/0", "after": "k/0 +2d"}  # fmt: skip
    assert set(held) == set(full)
    put(tool, books.item("k/0"), books.item("k/1", **full))
    there = tool.find(["k/1"])["k/1"][0].values
    assert {name for name, keeping in held.items() if keeping is Keeping.KEPT} <= {
        n for n in full if there[n] == linked(full)[n]
    }
    assert {each.keeping for each in tool.holds(WantedKind.QUESTION)} == {Keeping.KEPT}
    asked = dict(books.question("q/1").values)
    put(tool, books.question("q/1"))
    assert dict(tool.find(["q/1"])["q/1"][0].values) == asked


def test_a_title_that_is_too_long_is_cut_as_declared(tool):
    put(tool, books.item("k/1", title="ä" * 400))
    title = tool.find(["k/1"])["k/1"][0].values["title"]
    assert (len(title), title[-1]) == (255, "…")
    assert dones(put(tool, books.item("k/1", title="ä" * 400))) == [Done.SAME]


def test_two_thousand_tasks_are_read_whole_and_asked_of_java_once(tmp_path, monkeypatch):
    path = project_files.plain(tmp_path / "big.xml", tasks=2_000)
    asked = []
    real = project_file.schedule.read
    monkeypatch.setattr(project_file.schedule, "read", lambda *given: asked.append(1) or real(*given))
    tool = project_files.connector(path)
    assert len(tool.read().plans[0].items) == 2_000
    tool.read()
    tool.find(["k/1"])
    assert len(asked) == 1
    assert dones(put(tool, books.item("k/1"))) == [Done.CREATED]
    tool.read()
    assert len(asked) == 2
    assert len(tasks_of(path)) == 2_004


def test_the_order_of_putting_ends_for_circles_and_keeps_each_thing_once():
    wanted = [
        books.item("a", after="b"),
        books.item("b", parent="c"),
        books.item("c", after="a"),
        books.item("d"),
    ]
    assert sorted(ordered(wanted)) == [0, 1, 2, 3]
    wanted = [books.item("c", after="b"), books.item("b", parent="a"), books.item("a")]
    assert list(ordered(wanted)) == [2, 1, 0]
