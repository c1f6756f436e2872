"""The XML of Microsoft Project by bytes, and the numbers of its tasks; no Java is needed for it."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from connectors.errors import Refused
from connectors.project_file import mspdi
from connectors.project_file.outline import Outline, numbered
from connectors.project_file.rows import new_row, put_custom, working_days
from tests.contract import project_files

PLAN = project_files.plan().encode()
ODD = (
    PLAN.replace(b"<HideBar>0</HideBar>", b"<HideBar>0</HideBar><Notes/><Vendor a='/>' b=\"x\"/>")
    .replace(b"</Tasks>", b"<!-- the <Task> is over --></Tasks>")
    .replace(b"<Task>", b"<Task >")
    .replace(b"</Task>", b"</Task\n>")
)  # fmt: skip
LAYOUTS = {"one line": PLAN, "spread": project_files.spread(PLAN.decode()).encode(), "odd": ODD}


@pytest.fixture(params=sorted(LAYOUTS))
def data(request) -> bytes:
    return LAYOUTS[request.param]


def names(data: bytes, uid: int) -> list[str]:
    root = etree.fromstring(data)
    node = next(
        n for n in root.iter(f"{project_files.SPACE}Task") if project_files.said(n, "UID") == str(uid)
    )
    return [etree.QName(kid).localname for kid in node]


def test_a_file_taken_apart_and_put_together_is_the_same(data):
    document = mspdi.document(data, "plan.xml")
    assert len(document.rows) == 8
    assert document.together() == data
    assert [row.uid for row in document.rows] == list(range(8))
    for row in document.rows:
        assert row.raw.startswith(b"<Task")
        assert row.raw.endswith(b">")


def test_a_bare_element_ends_where_it_ends():
    data = b"<a><b/><c><c/></c><d x='/>'/><e>/></e><f></f></a>"
    found = mspdi.scanned(data)
    assert [data[kid.start : kid.end] for kid in found.kids] == [
        b"<b/>",
        b"<c><c/></c>",
        b"<d x='/>'/>",
        b"<e>/></e>",
        b"<f></f>",
    ]
    assert (found.kids[1].kids[0].end, found.end) == (len(b"<a><b/><c><c/>"), len(data))


OF_TEXT = [
    name
    for name in mspdi.ORDER
    if name not in {"PredecessorLink", "ExtendedAttribute", "Baseline", "OutlineCode", "TimephasedData"}
]
"""The elements that hold text and stand once; the others hold elements, and are added whole."""


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(OF_TEXT),
            st.none() | st.text(st.characters(exclude_categories=["C"]), max_size=8),
        ),
        max_size=6,
    )
)
def test_elements_stand_in_the_order_of_the_schema_whatever_is_set(changes):
    document = mspdi.document(LAYOUTS["spread"], "plan.xml")
    row = document.rows[3]
    before = {kid.name: kid.text for kid in row.node.kids if not kid.kids}
    expected = dict(before)
    for name, text in changes:
        row.put({name: text})
        expected[name] = text
    root = etree.fromstring(row.raw)
    there = [kid.tag for kid in root]
    assert there == sorted(there, key=mspdi.PLACE.__getitem__)
    found = {kid.tag: kid.text or "" for kid in root if not len(kid)}
    assert found == {name: text for name, text in expected.items() if text is not None}
    assert etree.fromstring(document.together()) is not None


def test_what_is_set_and_taken_away_again_leaves_no_trace(data):
    document = mspdi.document(data, "plan.xml")
    row = document.rows[4]
    row.put({"Deadline": "2027-01-01T17:00:00"})
    put_custom(row, "188744016", "k/1")
    assert document.together() != data
    put_custom(row, "188744016", "")
    row.put({"Deadline": None})
    assert document.together() == data


def test_definitions_and_assignments_come_behind_the_last_or_into_a_section_of_their_own(data):
    piece = mspdi.element("Assignment", mspdi.element("UID", "99"))
    kept = mspdi.document(data, "plan.xml")
    kept.assign([piece])
    kept.define([mspdi.element("ExtendedAttribute", mspdi.element("FieldID", "1"))])
    root = etree.fromstring(kept.together())
    assert (
        root.findtext(
            f"{project_files.SPACE}Assignments/{project_files.SPACE}Assignment[last()]/{project_files.SPACE}UID"
        )
        == "99"
    )
    for cut, instead in (
        ("Assignments", b""),
        ("Assignments", b"<Assignments/>"),
        ("ExtendedAttributes", b""),
    ):
        node = mspdi.scanned(data, mspdi.SECTIONS).kid(cut)
        bare = mspdi.document(data[: node.start] + instead + data[node.end :], "plan.xml")
        bare.assign([piece])
        bare.define([mspdi.element("ExtendedAttribute", mspdi.element("FieldID", "1"))])
        sections = [
            etree.QName(kid).localname
            for kid in etree.fromstring(bare.together())
            if isinstance(kid.tag, str)
        ]
        order = [
            name
            for name in sections
            if name in ("ExtendedAttributes", "Calendars", "Tasks", "Resources", "Assignments")
        ]
        assert order == ["ExtendedAttributes", "Calendars", "Tasks", "Resources", "Assignments"]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(0, 3))
def test_every_line_has_one_number_and_its_place_in_the_outline(parents, moves):
    """Rows put below any others and moved: no number stands twice, and the office's rows keep their order."""
    document = mspdi.document(PLAN, "plan.xml")
    outline = Outline(document)
    theirs = [row.uid for row in outline.rows]
    ours = []
    for pick in parents:
        row = new_row(outline.next_uid, f"k/{pick}", outline.rows[-1])
        outline.put_below([row], ours[pick % len(ours)] if ours and pick % 3 else None)
        ours.append(row)
    for n in range(moves):
        row, parent = ours[n % len(ours)], ours[-1 - n % len(ours)]
        if parent not in outline.parts(row):
            outline.move(row, parent)
    outline.settle([row.uid for row in ours])
    rows = mspdi.document(document.together(), "plan.xml").rows
    assert [row.id for row in rows] == list(range(len(rows)))
    assert [row.node.said("OutlineNumber") for row in rows] == [number for _, number in numbered(rows)]
    assert len({row.uid for row in rows}) == len(rows)
    assert [row.uid for row in rows if row.uid in theirs] == theirs
    before = {row.uid: row for row in mspdi.document(PLAN, "").rows}
    assert all(row.raw == before[row.uid].raw for row in rows if row.uid in theirs)
    assert mspdi.lost(PLAN, document.together(), theirs) == []
    for row, follower in pairwise(rows):
        if row.uid not in theirs:
            assert row.node.said("Summary") == ("1" if follower.level > row.level else "0")


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ((b"<Name>Schritt 2</Name>", b"<Name>Schritt 3</Name>"), ["UID 3"]),
        ((b"<DaysPerMonth>20</DaysPerMonth>", b""), ["DaysPerMonth"]),
        ((b"<Alias>Phase</Alias>", b"<Alias>Stage</Alias>"), ["ExtendedAttribute"]),
        ((b"<Units>1</Units>", b"<Units>2</Units>"), ["Assignment"] * 6),
        ((b"<Name>J. Kim</Name>", b""), ["Resources"]),
    ],
)
def test_what_is_lost_is_named(planted, named):
    assert mspdi.lost(PLAN, PLAN.replace(*planted), range(8)) == named
    assert mspdi.lost(PLAN, PLAN, range(8)) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"<UID>3</UID>", b"<UID>2</UID>", "stands twice"),
        (b"<UID>3</UID>", b"<UID>x</UID>", "is no number"),
        (b"<OutlineLevel>2<", b"<OutlineLevel>-1<", "deep in the outline"),
        (b'encoding="UTF-8"', b'encoding="ISO-8859-1"', "not in UTF-8"),
        (b"<Task>", b"<Tusk>", "not where Microsoft Project writes them"),
    ],
)
def test_what_is_not_as_microsoft_project_writes_it_is_not_changed(old, new, why):
    data = (
        PLAN.replace(old, new)
        if b"Task" not in old
        else PLAN.replace(old, new).replace(b"</Task>", b"</Tusk>")
    )
    with pytest.raises(Refused, match=rf"plan\.xml: .*{why}"):
        mspdi.document(data, "plan.xml")


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [("2027-02-26", "2027-02-26", 1), ("2027-02-22", "2027-02-26", 5), ("2027-02-27", "2027-02-28", 1), ("2027-02-26", "2027-03-01", 2), ("2027-01-01", "2027-12-31", 261)],
)  # fmt: skip
def test_working_days_are_counted_from_monday_to_friday(first, last, days):
    assert working_days(date.fromisoformat(first), date.fromisoformat(last)) == days
